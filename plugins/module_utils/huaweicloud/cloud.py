# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud as a whole: its options, and the way from options to a source of jobs."""

from __future__ import annotations

import re
import time
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.addresses import check_url
from ansible_collections.cloudwait.jobs.plugins.module_utils.argspec import CONNECTION, WAIT, Spec, check_texts
from ansible_collections.cloudwait.jobs.plugins.module_utils.connect import Tools
from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import RestService
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.client import HuaweiCloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.credentials import Settings, find_settings
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.endpoints import DEFAULT_CLOUD, service_url
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.login import (
    AgencyKeys,
    Environment,
    GivenToken,
    Keys,
    Login,
    Password,
    ServiceClock,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.sources import (
    JobSource,
    JobSourceByRequest,
    RequestSource,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.sources import Source

OPTIONS: Spec = {
    **CONNECTION,
    "region": {"type": "str"},
    "project_id": {"type": "str"},
    "project_name": {"type": "str"},
    "access_key": {"type": "str", "no_log": True},
    "secret_key": {"type": "str", "no_log": True},
    "security_token": {"type": "str", "no_log": True},
    "token": {"type": "str", "no_log": True},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "user_domain_name": {"type": "str"},
    "auth_url": {"type": "str"},
    "cloud": {"type": "str", "default": DEFAULT_CLOUD},
    "use_agency": {"type": "bool", "default": False},
}


SECRETS = ("access_key", "secret_key", "security_token", "token", "password")
# What goes into a header of a request.
IN_HEADERS = ("access_key", "security_token", "token", "project_id")
HEADER = re.compile(r"[\x21-\x7e]*", re.ASCII)


def argument_spec(service: RestService) -> dict[str, t.Any]:
    """The keyword arguments that describe a service's module to AnsibleModule."""
    spec = {**WAIT, **OPTIONS}
    if service.request_list is None:
        spec["job_ids"] = {**spec["job_ids"], "required": True}
        return {"argument_spec": spec}
    spec["request_ids"] = {"type": "list", "elements": "str"}
    ids = [("job_ids", "request_ids")]
    return {"argument_spec": spec, "mutually_exclusive": ids, "required_one_of": ids}


def connect(service: RestService, options: t.Mapping[str, t.Any], environ: t.Mapping[str, str], tools: Tools) -> Source:
    """The source of a service's jobs; nothing is sent yet.

    Raises InvalidError where options, environment or files do not say who signs in, or where to.
    """
    settings = find_settings(options, environ)
    check_texts(vars(settings))
    tools.secrets.update(filter(None, (getattr(settings, name) for name in SECRETS)))
    for name in IN_HEADERS:
        if not HEADER.fullmatch(getattr(settings, name) or ""):
            raise InvalidError(
                f"The {name} holds a space, a control character or a letter beyond ASCII, which can be in none; check "
                f"the option {name}, or the environment variable or file that it comes from."
            )
    base_url, auth_url = _addresses(service, options["endpoint"], settings)
    client = HuaweiCloud(
        tools.http,
        _login(settings, auth_url, tools, use_agency=options["use_agency"]),
        title=service.title,
        base_url=base_url,
        auth_url=auth_url,
        project_id=settings.project_id,
        project_name=settings.project_name or settings.region,
        now=time.time,
        slow_down=tools.pace.slow_down,
    )
    if service.request_list is None:
        return JobSource(service, client)
    requests = RequestSource(service, service.request_list, client)
    return requests if options["request_ids"] else JobSourceByRequest(JobSource(service, client), requests)


def _addresses(service: RestService, endpoint: str | None, settings: Settings) -> tuple[str, str]:
    """The base URLs of the service and of the identity service; the latter may be unknown, and so empty."""
    cloud = settings.cloud or DEFAULT_CLOUD
    if endpoint:
        base_url = check_url(endpoint, "endpoint")
    elif settings.region:
        base_url = service_url(service.host, settings.region, cloud)
    else:
        raise InvalidError(
            f"The address of {service.title} is not known: give the option region (or HW_REGION_NAME in the "
            "environment) or endpoint."
        )
    auth_url = settings.auth_url or (service_url("iam", settings.region, cloud) if settings.region else "")
    if auth_url:
        auth_url = check_url(auth_url, "auth_url")
    return base_url, auth_url[: -len("/v3")] if auth_url.endswith("/v3") else auth_url


def _login(settings: Settings, auth_url: str, tools: Tools, use_agency: bool) -> Login:
    environment = Environment(tools.http, time.monotonic, time.time, tools.secrets.add, tools.warnings.append)
    if use_agency:
        return AgencyKeys(environment)
    if settings.token:
        return GivenToken(settings.token)
    if settings.access_key:
        return Keys(settings, ServiceClock(environment))
    if not auth_url:
        raise InvalidError(
            "The address to log in at is not known: give the option auth_url (or HW_AUTH_URL or OS_AUTH_URL in the "
            "environment) or region."
        )
    if not (settings.project_id or settings.project_name or settings.region):
        raise InvalidError(
            "The project to log in to is not known: give one of the options project_id, project_name and region (or "
            "HW_PROJECT_ID or HW_REGION_NAME in the environment)."
        )
    return Password(settings, auth_url, environment)
