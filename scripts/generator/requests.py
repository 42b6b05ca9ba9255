# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that send requests: DOCUMENTATION, EXAMPLES and RETURN."""

from __future__ import annotations

import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import SENDERS
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.options import WAIT_OPTIONS
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.request import OPTIONS

from .examples import with_common
from .module_files import LICENCE, MODULE, failure_values, returned_of
from .options import described_option, option_texts
from .sources import TASK, load, sentences
from .yaml_text import dump

CODE = """\
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.{cloud} import sender
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.module import main
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.request import request_module

if __name__ == "__main__":
    main(request_module("{cloud}", sender))
"""
OWN_DEFAULT = "The default is that of the provider's module."
WAITING = ("jobs", "summary", "unfinished", "failed_ids", "timed_out", "elapsed", "polls", "requests", "throttled")


def module_file(cloud: str) -> str:
    """Return the module that sends requests to a cloud."""
    said = load(TASK / "requests.yml")
    return MODULE.format(
        licence=LICENCE,
        sources="task/request.py, task/options.yml and task/requests.yml",
        documentation=dump(documentation(cloud, said)),
        examples=with_common(said[cloud]["examples"], cloud, "requested"),
        returned=dump(returned(said)),
        code=CODE.format(cloud=cloud),
    )


def documentation(cloud: str, said: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the DOCUMENTATION of a cloud's module."""
    text = said[cloud]
    options = {
        name: described_option(sentences(text["options"][name]), spec) for name, spec in SENDERS[cloud].OPTIONS.items()
    }
    for name, spec in OPTIONS.items():
        words = said["options"].get(name) or option_texts()[name]["modules"]
        own = text["options"].get(name, [])
        has_own_default = name in WAIT_OPTIONS and "default" in WAIT_OPTIONS[name] and "default" not in spec
        last = [OWN_DEFAULT] if has_own_default else []
        options[name] = described_option([*sentences(words), *sentences(own), *last], spec)
    return {
        "module": f"{cloud}_request",
        "short_description": text["short_description"],
        "version_added": "1.1.0",
        "description": [*sentences(text["first"]), *sentences(said["description"]), *sentences(text["reading"])],
        "options": options,
        "attributes": {
            "check_mode": {
                "description": "Can run in C(check_mode) without changing anything.",
                "support": "full",
                "details": sentences(said["attributes"]["check_mode"]),
            },
            "diff_mode": {
                "description": "Returns details on what has changed, or would change, in diff mode.",
                "support": "none",
            },
            "idempotent": {
                "description": "A second run with the same arguments makes no further change.",
                "support": "N/A",
                "details": sentences(said["attributes"]["idempotent"]),
            },
        },
        "extends_documentation_fragment": [
            f"cloudwait.jobs.{name}" for name in (cloud, "connection", f"attributes.actiongroup_{cloud}")
        ],
        "author": ["cloudwait.jobs contributors (!UNKNOWN)"],
    }


def returned(said: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the RETURN of a cloud's module."""
    told = {name: sentences(text) for name, text in said["returned"].items()}
    kinds: dict[str, dict[str, t.Any]] = {
        "status": {"type": "int", "sample": 200},
        "json": {"type": "raw"},
        "content": {"type": "str"},
        "headers": {"type": "dict"},
        "request_id": {"type": "str", "sample": "2676a3b4f7df49c297c6775989806d32"},
        "job_ids": {"type": "list", "elements": "str", "sample": ["6837531fd3f54550927b930180a706bf"]},
        "refused": {"type": "list", "elements": "dict", "sample": []},
    }
    values = {name: {"description": told[name], "returned": "always", **kind} for name, kind in kinds.items()}
    waiting = returned_of("The jobs that the answer names, in its order.", {}, "6837531fd3f54550927b930180a706bf")
    for name in WAITING:
        values[name] = {**waiting[name], "returned": "with O(until)"}
    values["jobs"].pop("contains")
    values["jobs"]["description"] = ["The jobs that the answer names, in its order.", *told["waiting"]]
    values["unfinished"]["description"] = "The ids of the jobs that have neither arrived nor ended."
    values["failure"] = {
        "description": "Why the task failed. RV(ignore:msg) says the same in one sentence.",
        "type": "dict",
        "returned": "on failure",
        "contains": failure_values(),
    }
    return values
