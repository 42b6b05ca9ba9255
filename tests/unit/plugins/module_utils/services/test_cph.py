# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CPH jobs: one line per answer."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import Job
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.reader import JobReader
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import NO_STATUS, short

# The sample of the API reference.
SAMPLE: dict[str, t.Any] = {
    "error_msg": None,
    "execute_msg": None,
    "job_id": "6837531fd3f54550927b930180a706bf",
    "phone_id": "9b28fbe50ded4060b8149a47e55dba82",
    "end_time": "2019-04-26T07:00:06Z",
    "begin_time": "2019-04-26T07:00:00Z",
    "error_code": None,
    "request_id": "2676a3b4f7df49c297c6775989806d32",
    "status": 2,
}


def read(**changes: t.Any) -> Job:
    """The sample with some fields changed."""
    return JobReader(CPH.mapping, CPH.provider).read({**SAMPLE, **changes})


def test_sample() -> None:
    raw = copy.deepcopy(SAMPLE)
    job = JobReader(CPH.mapping, CPH.provider).read(raw)
    assert job.as_dict() == {
        "job_id": "6837531fd3f54550927b930180a706bf",
        "provider": "cph",
        "state": "succeeded",
        "status": 2,
        "finished": True,
        "type": None,
        "progress": None,
        "begin_time": "2019-04-26T07:00:00Z",
        "end_time": "2019-04-26T07:00:06Z",
        "duration": 6.0,
        "error": None,
        "resources": {
            "phone_id": "9b28fbe50ded4060b8149a47e55dba82",
            "request_id": "2676a3b4f7df49c297c6775989806d32",
        },
        "tasks": [],
        "raw": SAMPLE,
    }
    assert job.raw is raw


def test_sample_of_older_references() -> None:
    # without phone_id, and nothing else is different
    raw = {name: value for name, value in SAMPLE.items() if name != "phone_id"}
    job = JobReader(CPH.mapping, CPH.provider).read(raw).as_dict()
    assert job == {**read().as_dict(), "resources": {"request_id": SAMPLE["request_id"]}, "raw": raw}


@pytest.mark.parametrize(
    ("status", "state", "finished"),
    [
        (1, "running", False),
        (2, "succeeded", True),
        (-1, "failed", True),
        # an integer in a string is that integer
        ("1", "running", False),
        ("2", "succeeded", True),
        ("-1", "failed", True),
        # integers that the reference does not name
        (0, "unknown", False),
        (3, "unknown", False),
        ("0", "unknown", False),
        ("-0", "unknown", False),
        # the words of other services
        ("SUCCESS", "unknown", False),
        ("FAIL", "unknown", False),
        *((status, "unknown", False) for status in NO_STATUS),
    ],
    ids=short,
)
def test_status(status: t.Any, state: str, finished: bool) -> None:
    job = read(status=status)
    assert (job.state.value, job.finished) == (state, finished)
    # the service's own value, as it came
    assert job.status is status


def test_no_status() -> None:
    raw = {name: value for name, value in SAMPLE.items() if name != "status"}
    job = JobReader(CPH.mapping, CPH.provider).read(raw)
    assert (job.state.value, job.status) == ("unknown", None)


@pytest.mark.parametrize("name", ["Status", "STATUS", "state", "job_status", "status "])
def test_a_status_under_another_name_is_none(name: str) -> None:
    raw = {key: value for key, value in SAMPLE.items() if key != "status"}
    assert JobReader(CPH.mapping, CPH.provider).read({**raw, name: 2}).state.value == "unknown"


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"status": -1, "error_code": "CPS.0005", "error_msg": "Operation failed."}, "CPS.0005", "Operation failed."),
        # a code without the dot is what the service said
        ({"status": -1, "error_code": "CPS0005", "error_msg": ""}, "CPS0005", None),
        ({"status": -1, "error_code": "", "error_msg": "Operation failed."}, None, "Operation failed."),
        # a code as a number
        ({"status": -1, "error_code": 5, "error_msg": None}, "5", None),
        # a job that runs, or whose status is not known, can already tell of an error
        ({"status": 1, "error_code": "CPS.0005", "error_msg": "Try 2."}, "CPS.0005", "Try 2."),
        ({"status": 7, "error_code": "CPS.0005", "error_msg": "Operation failed."}, "CPS.0005", "Operation failed."),
        # wrong types are no texts
        ({"status": -1, "error_code": ["CPS.0005"], "error_msg": "Operation failed."}, None, "Operation failed."),
        ({"status": -1, "error_code": "CPS.0005", "error_msg": {"text": "Operation failed."}}, "CPS.0005", None),
        # one line of bounded length
        ({"status": -1, "error_code": "CPS.0005", "error_msg": "a\nb\x1b[0m"}, "CPS.0005", "a b [0m"),
        ({"status": -1, "error_code": "CPS.0005", "error_msg": "x" * 9999}, "CPS.0005", "x" * 499 + "…"),
        ({"status": -1, "error_code": "CPS\n.0005", "error_msg": "a"}, "CPS .0005", "a"),
        ({"status": -1, "error_code": "x" * 9999, "error_msg": "a"}, "x" * 499 + "…", "a"),
    ],
)
def test_error(changes: dict[str, t.Any], code: str | None, message: str | None) -> None:
    error = read(**changes).error
    assert error is not None
    assert (error.code, error.message) == (code, message)


@pytest.mark.parametrize(
    "changes",
    [
        # null and "" are no error, and neither is the number nought
        {"status": -1},
        {"status": -1, "error_code": "", "error_msg": ""},
        {"status": -1, "error_code": "0", "error_msg": "null"},
        {"status": -1, "error_code": "null", "error_msg": "None"},
        {"status": 1, "error_code": None, "error_msg": "  "},
        # and neither are texts of which nothing can be printed
        {"status": -1, "error_code": "\x00", "error_msg": "\x1b\x07"},
        # a success has no error, whatever stands beside it
        {"status": 2, "error_code": "", "error_msg": ""},
        {"status": 2, "error_code": "CPS.0000", "error_msg": "success"},
    ],
)
def test_no_error(changes: dict[str, t.Any]) -> None:
    assert read(**changes).error is None


@pytest.mark.parametrize(
    ("changes", "begin", "end", "duration"),
    [
        ({}, "2019-04-26T07:00:00Z", "2019-04-26T07:00:06Z", 6.0),
        # it has not ended
        ({"end_time": None}, "2019-04-26T07:00:00Z", None, None),
        ({"end_time": ""}, "2019-04-26T07:00:00Z", None, None),
        # it ended in the second in which it began
        ({"end_time": "2019-04-26T07:00:00Z"}, "2019-04-26T07:00:00Z", "2019-04-26T07:00:00Z", 0.0),
        # it ended before it began: the times are the service's, a duration there is none
        ({"end_time": "2019-04-26T06:59:59Z"}, "2019-04-26T07:00:00Z", "2019-04-26T06:59:59Z", None),
        ({"begin_time": "soon"}, None, "2019-04-26T07:00:06Z", None),
        ({"begin_time": 1556262000}, None, "2019-04-26T07:00:06Z", None),
    ],
)
def test_times(changes: dict[str, t.Any], begin: str | None, end: str | None, duration: float | None) -> None:
    job = read(**changes)
    assert (job.begin_time, job.end_time, job.duration) == (begin, end, duration)


@pytest.mark.parametrize(
    ("changes", "resources"),
    [
        # a job works on a phone or on a server
        ({"phone_id": "p", "request_id": "r"}, {"phone_id": "p", "request_id": "r"}),
        ({"phone_id": None, "server_id": "s", "request_id": "r"}, {"server_id": "s", "request_id": "r"}),
        # nothing, and wrong types, are left out
        ({"phone_id": "", "request_id": None}, {}),
        ({"phone_id": ["p"], "request_id": {"id": "r"}}, {}),
        # an id as a number
        ({"phone_id": 5, "request_id": "r"}, {"phone_id": "5", "request_id": "r"}),
    ],
)
def test_resources(changes: dict[str, t.Any], resources: dict[str, str]) -> None:
    assert read(**changes).resources == resources


@pytest.mark.parametrize("progress", [50, "50%", 0.5])
def test_cph_tells_no_progress(progress: t.Any) -> None:
    assert read(status=1, progress=progress, process_percent=progress).progress is None


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        *(("CPS.0011", "not_found"), ("CPS.0050", "not_found")),
        # "try again later", in spite of HTTP 400
        *(("CPS.0003", "transient"), ("CPS.0042", "transient"), ("CPS.0054", "transient")),
        # not allowed, or an account that is restricted
        *(("CPS.0001", "permission"), ("CPS.0006", "permission"), ("CPS.0007", "permission")),
        *(("CPS.0008", "permission"), ("CPS.0053", "permission"), ("CPS.0195", "permission")),
        ("CPS.1028", "permission"),
        # the caller's mistake
        *(("CPS.0002", "invalid"), ("CPS.0046", "invalid"), ("CPS.0048", "invalid"), ("CPS.0049", "invalid")),
        ("CPS.0161", "invalid"),
    ],
)
def test_error_code(code: str, meaning: str) -> None:
    assert CPH.codes[code].value == meaning
