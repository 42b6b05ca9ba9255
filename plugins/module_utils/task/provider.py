# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider of jobs: a service with a declaration of its own, or a cloud whose services a user declares."""

from __future__ import annotations

import typing as t

from ..clouds.connection import Cloud, Declarations
from ..clouds.connection_options import CONNECTION_OPTIONS
from ..clouds.options import Spec
from ..http.secret_names import masked, searchable, secret_values
from ..services.declaration import HuaweiCloudService, Option, Service
from .options import JOB_IDS, LISTED_STATES, WAIT_OPTIONS

MAX_RATE: float = WAIT_OPTIONS["max_rate"]["default"]


class Provider(t.NamedTuple):
    """A provider by its `name`, with the keyword arguments that describe its module to AnsibleModule.

    `declare` returns the declaration for validated options, or raises InvalidError; `numeric_ids`: its ids are numbers;
    `has_content`: some options hold parts of a request, in which secrets are told by their names.
    """

    name: str
    cloud_name: str
    cloud: Cloud
    spec: dict[str, t.Any]
    declare: t.Callable[[t.Mapping[str, t.Any]], Service]
    numeric_ids: bool = False
    has_content: bool = False

    def secrets(self, options: t.Mapping[str, t.Any]) -> set[str]:
        """Return the values of its options that nobody may see."""
        return option_secrets(self.spec["argument_spec"], options)


def of_service(service: Service, cloud: Cloud) -> Provider:
    """Return the provider of a declared service."""
    spec = argument_spec(service)
    return Provider(service.provider, service.cloud, cloud, spec, lambda _options: service, service.numeric_ids)


def of_cloud(name: str, cloud: Cloud, declarations: Declarations) -> Provider:
    """Return the provider of the jobs that a user declares in a task."""
    spec: Spec = {
        "job_ids": {**JOB_IDS["job_ids"], "required": True},
        **WAIT_OPTIONS,
        **CONNECTION_OPTIONS[name],
        **declarations.OPTIONS,
    }
    return Provider(name, name, cloud, {"argument_spec": spec}, declarations.declare, has_content=True)


def option_secrets(spec: Spec, options: t.Mapping[str, t.Any]) -> set[str]:
    """Return the values of options that nobody may see: whole texts, and in other values what is named as a secret."""
    found: set[str] = set()
    for name, option in spec.items():
        value = options.get(name)
        if option.get("no_log") and value:
            if option["type"] == "str":
                found.add(str(value))
            else:
                found |= searchable(secret_values(value))
    return found


def shown_options(spec: Spec, options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return options as they may be shown, but for the texts that `option_secrets` tells: secrets masked by name."""
    return {
        name: masked(value) if spec.get(name, {}).get("no_log") and spec[name]["type"] != "str" else value
        for name, value in options.items()
    }


def argument_spec(service: Service) -> dict[str, t.Any]:
    """Return the keyword arguments that describe a service's module to AnsibleModule."""
    spec: Spec = {
        **JOB_IDS,
        **WAIT_OPTIONS,
        "not_found_grace": {"type": "int", "default": service.not_found_grace},
        "max_rate": {"type": "float", "default": min(service.max_rate or MAX_RATE, MAX_RATE)},
        **CONNECTION_OPTIONS[service.cloud],
        **{option.name: _spec_of(option) for option in service.options},
    }
    if isinstance(service, HuaweiCloudService):
        if "{domain_id}" in service.path:
            spec["domain_id"] = {"type": "str"}
        if service.batch_query is None:
            spec["job_ids"] = {**spec["job_ids"], "required": True}
            return {"argument_spec": spec}
        spec["request_ids"] = {"type": "list", "elements": "str"}
        ids = [("job_ids", "request_ids")]
        return {"argument_spec": spec, "mutually_exclusive": ids, "required_one_of": ids}
    if not service.lists_jobs:
        spec["job_ids"] = {**spec["job_ids"], "required": True}
        return {"argument_spec": spec}
    spec.update((option.name, _spec_of(option)) for option in service.filters)
    spec["states"] = {"type": "list", "elements": "str", "choices": [state.value for state in LISTED_STATES]}
    filters = ["states", *(option.name for option in service.filters)]
    return {"argument_spec": spec, "mutually_exclusive": [("job_ids", name) for name in filters]}


def _spec_of(option: Option) -> dict[str, t.Any]:
    spec: dict[str, t.Any] = {"type": "list", "elements": "str"} if option.many else {"type": option.kind}
    if option.choices:
        spec["choices"] = list(option.choices)
    if option.required:
        spec["required"] = True
    return spec
