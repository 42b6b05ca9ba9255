# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented types of what a result says of a job, whatever the service sent."""

from __future__ import annotations

import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import FINAL, Job, State, SubJob

# Resources that hold all values, though their names do not end in _ids.
LISTS = ("urls",)


def whole(value: object) -> bool:
    """Whether this is an int, and not a bool, which Python takes for one."""
    return isinstance(value, int) and not isinstance(value, bool)


def optional_text(value: object) -> bool:
    return value is None or (isinstance(value, str) and value != "")


def check_types(job: Job, resources: t.Collection[str]) -> None:
    """Everything has its type; `resources` are the names that resources may have."""
    result = job.as_dict()
    for name in ("job_id", "type", "begin_time", "end_time"):
        assert optional_text(result[name]), name
    assert result["progress"] is None or (whole(result["progress"]) and 0 <= result["progress"] <= 100)
    assert result["duration"] is None or (isinstance(result["duration"], float) and result["duration"] >= 0)
    assert result["state"] in {state.value for state in State}
    assert result["finished"] is (job.state in FINAL)
    assert set(result["resources"]) <= set(resources)
    check_parts(job)
    for task in job.sub_jobs:
        assert optional_text(task.id)
        check_parts(task)


def check_parts(owner: Job | SubJob) -> None:
    """What jobs and tasks have in common."""
    error = owner.error
    assert error is None or error.code or error.message
    assert error is None or (optional_text(error.code) and optional_text(error.message))
    assert error is None or owner.state is not State.SUCCEEDED
    for name, value in owner.resources.items():
        ids = value if name.endswith("_ids") or name in LISTS else [value]
        assert ids
        assert all(isinstance(item, str) and item for item in ids)
