# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DWS jobs: one line per answer."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import Job
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.reader import JobReader
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import NO_STATUS, short

# The sample of the API reference.
SAMPLE: dict[str, t.Any] = {
    "status": "FAIL",
    "progress": "9%",
    "job_id": "2c9080e88459fa44018459fbeb600001",
    "job_name": "ecfClusterElbCreateJob",
    "begin_time": "2022-11-09T20:25:00",
    "end_time": "2022-11-09T20:30:00",
    "failed_code": "CreateELBTask-fail:DWS.0114",
    "failed_detail": "DWS.0114:ELB private IP is not configured.",
}


def read(**changes: t.Any) -> Job:
    """The sample with some fields changed."""
    return JobReader(DWS.mapping, DWS.provider).read({**SAMPLE, **changes})


def test_sample() -> None:
    raw = copy.deepcopy(SAMPLE)
    job = JobReader(DWS.mapping, DWS.provider).read(raw)
    assert job.as_dict() == {
        "job_id": "2c9080e88459fa44018459fbeb600001",
        "provider": "dws",
        "state": "failed",
        "status": "FAIL",
        "finished": True,
        "type": "ecfClusterElbCreateJob",
        "progress": 9,
        # in which zone is not documented, so none is claimed
        "begin_time": "2022-11-09T20:25:00",
        "end_time": "2022-11-09T20:30:00",
        "duration": 300.0,
        "error": {
            "code": "CreateELBTask-fail:DWS.0114",
            "message": "DWS.0114:ELB private IP is not configured.",
        },
        "resources": {},
        "tasks": [],
        "raw": SAMPLE,
    }
    assert job.raw is raw


@pytest.mark.parametrize(
    ("status", "state", "finished"),
    [
        ("INIT", "pending", False),
        ("WAITING", "pending", False),
        ("DELAY_SCHEDULED", "pending", False),
        ("RUNNING", "running", False),
        ("SUCCESS", "succeeded", True),
        ("FAIL", "failed", True),
        # somebody stopped it
        ("STOP", "failed", True),
        # other cases, other spellings, and the words and numbers of other services
        *((status, "unknown", False) for status in ("success", "Success", "SUCCESS ", "SUCCEEDED", "SUCCES", "ok")),
        *((status, "unknown", False) for status in ("fail", "FAILED", "STOPPED", "PENDING", "PARTIAL_SUCCESS")),
        *((status, "unknown", False) for status in (1, 2, -1, "1", "2", "-1")),
        *((status, "unknown", False) for status in NO_STATUS),
    ],
    ids=short,
)
def test_status(status: t.Any, state: str, finished: bool) -> None:
    job = read(status=status)
    assert (job.state.value, job.finished) == (state, finished)
    assert job.status is status


def test_no_status() -> None:
    raw = {name: value for name, value in SAMPLE.items() if name != "status"}
    job = JobReader(DWS.mapping, DWS.provider).read(raw)
    assert (job.state.value, job.status) == ("unknown", None)


@pytest.mark.parametrize(
    ("progress", "percent"),
    [
        *(("9%", 9), ("0%", 0), ("100%", 100), ("42 %", 42), (" 42% ", 42)),
        # without the sign, and as a number
        *(("42", 42), (42, 42), (0, 0), (100, 100)),
        # a part of a percent is cut off, never rounded up to the end
        *(("99.9%", 99), ("0.5", 0), (12.7, 12), (99.99, 99), ("33.333333333333333%", 33)),
        # none
        *((None, None), ("", None), ("%", None), ("n/a", None), ("9%%", None), ("nine", None), ("9 of 10", None)),
        # not between nothing and everything
        *(("101%", None), ("1000%", None), (101, None), ("-1%", None), (-1, None), (100.5, None), (10**400, None)),
        # other types, and other ways to write a number
        *((True, None), (False, None), ([9], None), ({}, None), ("0x9", None), ("9e0", None)),
        *(("٩%", None), ("1e400", None)),
    ],
    ids=short,
)  # fmt: skip
def test_progress(progress: t.Any, percent: int | None) -> None:
    found = read(status="RUNNING", progress=progress).progress
    assert found == percent
    assert type(found) is type(percent)


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"failed_code": "DWS.0114", "failed_detail": None}, "DWS.0114", None),
        ({"failed_code": None, "failed_detail": "It failed."}, None, "It failed."),
        ({"status": "STOP", "failed_code": "", "failed_detail": "Stopped by user."}, None, "Stopped by user."),
        ({"failed_code": True, "failed_detail": "It failed."}, None, "It failed."),
        # the success code beside a failure is no reason for it
        ({"failed_code": "DWS.0000", "failed_detail": "It failed."}, None, "It failed."),
    ],
)
def test_error(changes: dict[str, t.Any], code: str | None, message: str | None) -> None:
    error = read(**changes).error
    assert error is not None
    assert (error.code, error.message) == (code, message)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "FAIL", "failed_code": None, "failed_detail": None},
        {"status": "FAIL", "failed_code": "", "failed_detail": ""},
        {"status": "FAIL", "failed_code": [], "failed_detail": {}},
        # DWS.0000 is documented as success
        {"status": "RUNNING", "failed_code": "DWS.0000", "failed_detail": None},
        {"status": "SUCCESS", "failed_code": "DWS.0000", "failed_detail": "success"},
    ],
)
def test_no_error(changes: dict[str, t.Any]) -> None:
    assert read(**changes).error is None


@pytest.mark.parametrize(
    ("changes", "begin", "end", "duration"),
    [
        ({"end_time": None}, "2022-11-09T20:25:00", None, None),
        ({"end_time": ""}, "2022-11-09T20:25:00", None, None),
        # where the text does name a zone, it is kept
        ({"begin_time": "2022-11-09T20:25:00Z"}, "2022-11-09T20:25:00Z", "2022-11-09T20:30:00", 300.0),
        ({"begin_time": "2022-11-09T20:25:00+08:00", "end_time": ""}, "2022-11-09T20:25:00+08:00", None, None),
        ({"begin_time": 1667996700}, None, "2022-11-09T20:30:00", None),
    ],
)
def test_times(changes: dict[str, t.Any], begin: str | None, end: str | None, duration: float | None) -> None:
    job = read(**changes)
    assert (job.begin_time, job.end_time, job.duration) == (begin, end, duration)


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        # what an unknown job's error can be
        *(("DWS.0015", "not_found"), ("DWS.0047", "not_found"), ("DWS.3027", "not_found"), ("DWS.10101", "not_found")),
        ("DWS.0001", "invalid"),
    ],
)
def test_error_code(code: str, meaning: str) -> None:
    assert DWS.codes[code].value == meaning
