# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation says of options: those of every module that waits, of wait_for_jobs, and of the role."""

from __future__ import annotations

import functools
import re
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import (
    HuaweiCloudService,
    UCloudService,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.options import JOB_IDS, WAIT_OPTIONS

from .sources import TASK, Described, load, sentences

LEARNT = (
    "This is the cheapest way to follow hundreds of jobs. With O(job_ids) the module does the same as soon as it has "
    "learnt which requests the jobs belong to."
)
LISTED = (
    "With O(until), the task then waits for the jobs that its first poll finds. When it finds none, the result is "
    "empty and the task does not wait."
)


@functools.cache
def option_texts() -> dict[str, dict[str, t.Any]]:
    """Return what is written of the options of waiting."""
    return load(TASK / "options.yml")


def described_option(description: t.Sequence[str], spec: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return an option as DOCUMENTATION has it."""
    return {
        "description": list(description),
        **{key: value for key, value in spec.items() if key not in ("no_log", "options")},
    }


def wait_options() -> dict[str, dict[str, t.Any]]:
    """Return the options that every module that waits for one service takes."""
    specs = {**JOB_IDS, **WAIT_OPTIONS}
    return {name: described_option(option_texts()[name]["modules"], spec) for name, spec in specs.items()}


def short_text(name: str) -> str:
    """Return one sentence or two that hold for several groups, too."""
    said = option_texts()[name]
    return str(said.get("groups") or said["modules"][0])


def described_options(described: Described) -> dict[str, dict[str, t.Any]]:
    """Return the options that a service's module has beyond the fragments', and where it differs from them."""
    service, own, spec = described.service, described.text.get("options", {}), described.spec
    options: dict[str, dict[str, t.Any]] = {}
    if isinstance(service, HuaweiCloudService):
        if service.batch_query is None:
            options["job_ids"] = {"required": True}
        else:
            together = f"Up to {service.batch_query.per_call} requests are asked for at a time."
            said = [*option_texts()["request_ids"]["modules"], together, LEARNT]
            options["request_ids"] = described_option(said, spec["request_ids"])
        named = ["domain_id"] if "domain_id" in spec else []
    else:
        named = []
        if not service.lists_jobs:
            options["job_ids"] = {"required": True}
    filters = [] if isinstance(service, HuaweiCloudService) or not service.lists_jobs else _listing(service, options)
    for name in [*named, *(option.name for option in service.options)]:
        options[name] = described_option(sentences(own[name]), spec[name])
    if filters:
        options["states"] = described_option(option_texts()["states"]["modules"], spec["states"])
    for name in filters[1:]:
        options[name] = described_option(sentences(own[name]), spec[name])
    if spec["max_rate"]["default"] != WAIT_OPTIONS["max_rate"]["default"]:
        said = [*option_texts()["max_rate"]["modules"], *sentences(own["max_rate"])]
        options["max_rate"] = {"description": said, "default": spec["max_rate"]["default"]}
    grace = WAIT_OPTIONS["not_found_grace"]["default"]
    if service.not_found_grace != grace or "not_found_grace" in own:
        said = [*option_texts()["not_found_grace"]["modules"], *sentences(own.get("not_found_grace", []))]
        options["not_found_grace"] = {"description": said, "default": service.not_found_grace}
    return options


def _listing(service: UCloudService, options: dict[str, dict[str, t.Any]]) -> list[str]:
    """Describe the ids of a service that lists jobs, too, and return the options that belong to the list alone."""
    filters = ["states", *(option.name for option in service.filters)]
    listed = [*(option.name for option in service.options), *filters]
    options["job_ids"] = {
        "description": [
            *option_texts()["job_ids"]["modules"],
            f"Cannot be used together with {_and(filters)}.",
            f"Without ids, all jobs are looked up that match {_and(listed)}.",
            LISTED,
        ]
    }
    return filters


def _and(names: t.Sequence[str]) -> str:
    listed = [f"O({name})" for name in names]
    return " and ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)


def for_role(text: str) -> str:
    """Return a sentence about an option as the role says it of its variable."""
    return re.sub(r"O\((\w+)(=[^)]*)?\)", lambda match: f"O(wait_{match.group(1)}{match.group(2) or ''})", text)
