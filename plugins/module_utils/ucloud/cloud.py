# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UCloud as a whole: its options, and the way from options to a source of jobs."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.addresses import check_url
from ansible_collections.cloudwait.jobs.plugins.module_utils.argspec import CONNECTION, WAIT, Spec, check_texts
from ansible_collections.cloudwait.jobs.plugins.module_utils.connect import Tools
from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import ActionService
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import State
from ansible_collections.cloudwait.jobs.plugins.module_utils.sources import Source
from ansible_collections.cloudwait.jobs.plugins.module_utils.ucloud.client import DEFAULT_ENDPOINT, UCloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.ucloud.credentials import find_settings
from ansible_collections.cloudwait.jobs.plugins.module_utils.ucloud.sources import ActionSource

OPTIONS: Spec = {
    **CONNECTION,
    "public_key": {"type": "str", "no_log": True},
    "private_key": {"type": "str", "no_log": True},
    "security_token": {"type": "str", "no_log": True},
    "region": {"type": "str"},
    "project_id": {"type": "str"},
    "profile": {"type": "str"},
    "allow_http": {"type": "bool", "default": False},
}
LISTED_STATES = (State.PENDING, State.RUNNING, State.SUCCEEDED, State.PARTIALLY_SUCCEEDED, State.FAILED)
PRODUCT_TYPES = ("uphone", "uphone-server")


def argument_spec(service: ActionService) -> dict[str, t.Any]:
    """The keyword arguments that describe a service's module to AnsibleModule."""
    spec: Spec = {
        **WAIT,
        **OPTIONS,
        "not_found_grace": {"type": "int", "default": service.not_found_grace},
        "city_id": {"type": "str"},
        "states": {"type": "list", "elements": "str", "choices": [state.value for state in LISTED_STATES]},
        "job_types": {"type": "list", "elements": "str"},
        "product_type": {"type": "str", "choices": list(PRODUCT_TYPES)},
    }
    return {"argument_spec": spec, "mutually_exclusive": [("job_ids", "states"), ("job_ids", "job_types")]}


def connect(
    service: ActionService, options: t.Mapping[str, t.Any], environ: t.Mapping[str, str], tools: Tools
) -> Source:
    """The source of a service's jobs; nothing is sent yet.

    Raises InvalidError where options, environment or files do not say who signs in, or where to.
    """
    settings = find_settings(options, environ)
    check_texts(vars(settings))
    tools.secrets.update(filter(None, (settings.public_key, settings.private_key, settings.security_token)))
    # Plain http is for those who named the address themselves, and said so.
    allow_http = bool(options["allow_http"] and options["endpoint"])
    url = check_url(settings.endpoint or DEFAULT_ENDPOINT, "endpoint", allow_http)
    client = UCloud(tools.http, settings, title=service.title, url=url, now=time.time)
    params = {"CityId": options["city_id"], "ProductType": options["product_type"]}
    return ActionSource(service, client, params, options["states"] or (), options["job_types"] or ())
