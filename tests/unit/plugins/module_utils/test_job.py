# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job model: what a result shows, and how jobs are counted."""

from __future__ import annotations

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import (
    FINAL,
    UNTIL,
    ErrorDetail,
    Failure,
    Job,
    State,
    SubJob,
    summarise,
)


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("started", "running succeeded partially_succeeded failed"),
        ("finished", "succeeded partially_succeeded failed"),
        ("succeeded", "succeeded"),
        ("partially_succeeded", "partially_succeeded"),
        ("failed", "failed"),
    ],
)
def test_until(name: str, states: str) -> None:
    assert {state.value for state in UNTIL[name]} == set(states.split())


def test_nothing_else_can_be_waited_for() -> None:
    assert len(UNTIL) == 5


@pytest.mark.parametrize("state", State)
def test_finished(state: State) -> None:
    # neither unknown nor not found is an end
    assert Job("a", "cph", state).finished is (state in FINAL)
    assert (state in FINAL) is (state.value in ("succeeded", "partially_succeeded", "failed"))


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ErrorDetail("CPS.1", "It failed."), "CPS.1: It failed."),
        (ErrorDetail(None, "It failed."), "It failed."),
        (ErrorDetail("CPS.1", None), "CPS.1"),
        # a text that begins with its own code, or with the last part of it, in the spellings of the services
        (ErrorDetail("DWS.0114", "DWS.0114:ELB is not configured."), "DWS.0114: ELB is not configured."),
        (ErrorDetail("CreateELB-fail:DWS.0114", "DWS.0114:ELB."), "CreateELB-fail:DWS.0114: ELB."),
        (ErrorDetail("IMG.0027", "[IMG.0027] - No disk."), "IMG.0027: No disk."),
        (ErrorDetail("IMG.0027", "IMG.0027 No disk."), "IMG.0027: No disk."),
        (ErrorDetail("171", "171: No disk."), "171: No disk."),
        (ErrorDetail("CPS.1", "CPS.1"), "CPS.1"),
        # one that only looks as if it did
        (ErrorDetail("CPS.1", "CPS.12 disks are too many."), "CPS.1: CPS.12 disks are too many."),
        (ErrorDetail("3", "3 disks are too many."), "3: 3 disks are too many."),
        (ErrorDetail("CPS.1", "The code is CPS.1."), "CPS.1: The code is CPS.1."),
    ],
)
def test_error_as_text(error: ErrorDetail, text: str) -> None:
    assert str(error) == text


def test_a_job_as_a_result() -> None:
    job = Job(
        job_id="a",
        provider="ims",
        state=State.FAILED,
        status="FAIL",
        error=ErrorDetail("IMG.1", "It failed."),
        resources={"image_ids": ["i"]},
        sub_jobs=[
            SubJob("t", State.FAILED, ErrorDetail(None, "No space."), {"image_id": "i"}),
            SubJob(None, State.UNKNOWN),
        ],
        raw={"status": "FAIL"},
        step="copying",
    )
    assert job.as_dict() == {
        "job_id": "a",
        "provider": "ims",
        "state": "failed",
        "status": "FAIL",
        "finished": True,
        "type": None,
        "progress": None,
        "begin_time": None,
        "end_time": None,
        "duration": None,
        "error": {"code": "IMG.1", "message": "It failed."},
        "resources": {"image_ids": ["i"]},
        "tasks": [
            {
                "id": "t",
                "state": "failed",
                "error": {"code": None, "message": "No space."},
                "resources": {"image_id": "i"},
            },
            {"id": None, "state": "unknown", "error": None, "resources": {}},
        ],
        "raw": {"status": "FAIL"},
    }


def test_a_failure_as_a_result() -> None:
    assert Failure("timeout", None, "The time was up.").as_dict() == {
        "kind": "timeout",
        "code": None,
        "message": "The time was up.",
    }


@pytest.mark.parametrize(
    ("jobs", "counts"),
    [
        # every state is there, also those without a job
        ("", {"total": 0}),
        ("a:running b:succeeded c:succeeded", {"total": 3, "running": 1, "succeeded": 2}),
        # a job that was asked for several times counts once
        ("a:running b:failed a:running a:running", {"total": 2, "running": 1, "failed": 1}),
        # requests without a job count each
        (":not_found :not_found a:failed", {"total": 3, "not_found": 2, "failed": 1}),
        (
            "a:unknown b:unknown c:pending d:partially_succeeded",
            {"total": 4, "unknown": 2, "pending": 1, "partially_succeeded": 1},
        ),
    ],
)
def test_summary(jobs: str, counts: dict[str, int]) -> None:
    pairs = [job.split(":") for job in jobs.split()]
    summary = summarise(Job(job_id or None, "cph", State(state)) for job_id, state in pairs)
    assert summary == {**dict.fromkeys(["total", *(state.value for state in State)], 0), **counts}
