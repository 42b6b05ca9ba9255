# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation says of options: those of every module that waits, of wait_for_jobs, and of the role."""

from __future__ import annotations

import functools
import re
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import HuaweiCloudService
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
    service, own = described.service, described.text.get("options", {})
    options: dict[str, dict[str, t.Any]] = {}
    if isinstance(service, HuaweiCloudService):
        if service.batch_query is None:
            options["job_ids"] = {"required": True}
        else:
            together = f"Up to {service.batch_query.per_call} requests are asked for at a time."
            said = [*option_texts()["request_ids"]["modules"], together, LEARNT]
            options["request_ids"] = described_option(said, described.spec["request_ids"])
        for name in ["domain_id", *(option.name for option in service.options)]:
            if name in described.spec:
                options[name] = described_option(sentences(own[name]), described.spec[name])
    else:
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
        for option in service.options:
            options[option.name] = described_option(sentences(own[option.name]), described.spec[option.name])
        options["states"] = described_option(option_texts()["states"]["modules"], described.spec["states"])
        for option in service.filters:
            options[option.name] = described_option(sentences(own[option.name]), described.spec[option.name])
    grace = WAIT_OPTIONS["not_found_grace"]["default"]
    if service.not_found_grace != grace or "not_found_grace" in own:
        said = [*option_texts()["not_found_grace"]["modules"], *sentences(own.get("not_found_grace", []))]
        options["not_found_grace"] = {"description": said, "default": service.not_found_grace}
    return options


def _and(names: t.Sequence[str]) -> str:
    listed = [f"O({name})" for name in names]
    return " and ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)


def for_role(text: str) -> str:
    """Return a sentence about an option as the role says it of its variable."""
    return re.sub(r"O\((\w+)(=[^)]*)?\)", lambda match: f"O(wait_{match.group(1)}{match.group(2) or ''})", text)
