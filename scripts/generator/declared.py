# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules for the jobs that a user declares in a task: DOCUMENTATION, EXAMPLES and RETURN."""

from __future__ import annotations

import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import DECLARATIONS
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import Job, State

from .examples import with_common
from .module_files import LICENCE, MODULE, THREE_OPTIONS, attributes_of, job_values_of, returned_of
from .options import described_option
from .sources import TASK, load, sentences
from .yaml_text import dump

CODE = """\
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.{cloud} import cloud, declared
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import declared_job_info
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.module import main

if __name__ == "__main__":
    main(declared_job_info("{cloud}", cloud, declared))
"""
SOURCES = "services/shape.py and task/declared.yml"


def module_file(cloud: str) -> str:
    """Return the module of a cloud's jobs that a user declares."""
    said = load(TASK / "declared.yml")
    return MODULE.format(
        licence=LICENCE,
        sources=SOURCES.format(cloud=cloud),
        documentation=dump(documentation(cloud, said)),
        examples=with_common(said[cloud]["examples"], cloud, "waited"),
        returned=dump(returned(said, said[cloud])),
        code=CODE.format(cloud=cloud),
    )


def documentation(cloud: str, said: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the DOCUMENTATION of a cloud's module."""
    text = said[cloud]
    options: dict[str, t.Any] = {"job_ids": {"required": True}}
    for name, spec in DECLARATIONS[cloud].OPTIONS.items():
        options[name] = described_option(sentences({**said["codes"], **text["options"]}[name]), spec)
    options["shape"]["description"].append(" ".join(said["shape"]["places"].split()))
    options["shape"]["suboptions"] = {
        name: described_option(sentences(said["shape"]["options"][name]), spec)
        for name, spec in DECLARATIONS[cloud].OPTIONS["shape"]["options"].items()
    }
    return {
        "module": f"{cloud}_job_info",
        "short_description": text["short_description"],
        "version_added": "1.1.0",
        "description": [
            *sentences(text["first"]),
            THREE_OPTIONS,
            *sentences(said["description"]),
            *sentences(text.get("request", [])),
        ],
        "options": options,
        "seealso": [
            {
                "name": text["reference_name"],
                "description": "How a service answers questions about what it works on.",
                "link": text["reference"],
            }
        ],
        "extends_documentation_fragment": attributes_of(cloud),
        "author": ["cloudwait.jobs contributors (!UNKNOWN)"],
    }


def returned(said: t.Mapping[str, t.Any], text: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the RETURN of a cloud's module."""
    told = {name: " ".join(value.split()).format(**text) for name, value in said["returned"].items()}
    sample = Job(text["sample"]["job_id"], text["sample"]["provider"], State.SUCCEEDED, text["sample"]["status"])
    values = job_values_of(sample.as_dict(), told, parts=None)
    return returned_of("The jobs, in the order of O(job_ids).", values, text["sample"]["job_id"])
