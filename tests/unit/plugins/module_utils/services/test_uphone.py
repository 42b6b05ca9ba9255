# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special to UPhone jobs: their tasks, the older shape of an answer, and jobs that it leaves out."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.ucloud.action_source import ActionSource
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.ucloud.exchange import Exchange
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import Job
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.reader import JobReader
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.tests.services import FACTS
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import short

# What the tables of the API reference describe.
(SAMPLE,) = (sample.raw for sample in FACTS["uphone"].samples)

# The reference's own sample: letters where numbers belong, and an older shape at the top.
ODD: dict[str, t.Any] = {
    "Action": "DescribeUPhoneJobResponse",
    "BeginTime": "qamMsYcQ",
    "EndTime": "YasvKGQq",
    "JobId": "GQNSsiqb",
    "Jobs": [
        {
            "BeginTime": "SLNnpmiZ",
            "EndTime": "ussLnLoG",
            "JobId": "zQKKGIvY",
            "JobType": "JKcxNKid",
            "State": "GuswRaNJ",
            "Tasks": [
                {
                    "BeginTime": 3,
                    "EndTime": 2,
                    "ErrorMsg": "rKNGnduI",
                    "ExecuteMsg": "NIcaoRJE",
                    "ServerId": "PkqDwKRf",
                    "State": "JtGjRuJr",
                    "TaskId": "wEuIbQqV",
                    "UPhoneId": "wTmZznUR",
                }
            ],
        }
    ],
    "Message": "SakOSUlA",
    "RetCode": 0,
    "Status": "eBnyYuFP",
    "Tasks": [
        {
            "BeginTime": "ZPLJGpHz",
            "EndTime": "yBZoJQlL",
            "Message": "iTPexVOX",
            "PhoneId": "jlVyhqMG",
            "ServerId": "MEIYlUch",
            "Status": "TGzuccHj",
            "TaskId": "TgUwlack",
        }
    ],
    "TotalCount": 7,
}


class Answering:
    """An exchange that has one answer to everything."""

    kept = None
    rate_limiter = None

    def __init__(self, answer: dict[str, t.Any]) -> None:
        self._answer = answer

    def call(self, action: str, params: t.Mapping[str, t.Any], deadline: float) -> dict[str, t.Any]:
        return self._answer


def poll(answer: dict[str, t.Any], *job_ids: str) -> list[Job]:
    """The jobs with these ids that a whole answer holds."""
    options = dict.fromkeys(("city_id", "product_type", "states", "job_types"))
    found = ActionSource(UPHONE, t.cast(Exchange, Answering(answer)), options).fetch(job_ids, 60.0)
    return [job for job_id in job_ids for job in found[job_id]]


def read(**changes: t.Any) -> Job:
    """The sample with some fields changed."""
    return JobReader(UPHONE.mapping, UPHONE.provider).read({**SAMPLE, **changes})


def tasks(*states: t.Any) -> list[dict[str, t.Any]]:
    """Tasks in these states."""
    return [{"TaskId": f"t{number}", "State": state} for number, state in enumerate(states)]


def test_a_whole_answer() -> None:
    answer = {"RetCode": 0, "Action": "DescribeUPhoneJobResponse", "TotalCount": 1, "Jobs": [SAMPLE]}
    (job,) = poll(answer, "uphonejob-sample", "uphonejob-2")
    assert job == read()
    # its own object, not the whole answer
    assert job.raw is SAMPLE


def test_odd_sample() -> None:
    # letters where numbers belong break nothing, and are no verdict
    (job,) = poll(ODD, "zQKKGIvY")
    assert job.as_dict() == {
        "job_id": "zQKKGIvY",
        "provider": "uphone",
        "state": "unknown",
        "status": "GuswRaNJ",
        "finished": False,
        "type": "JKcxNKid",
        "progress": 0,
        "begin_time": None,
        "end_time": None,
        "duration": None,
        "error": None,
        "resources": {"uphone_ids": ["wTmZznUR"]},
        "tasks": [
            {
                "id": "wEuIbQqV",
                "state": "unknown",
                "error": {"code": None, "message": "rKNGnduI"},
                "resources": {"uphone_id": "wTmZznUR", "server_id": "PkqDwKRf"},
            }
        ],
        "raw": ODD["Jobs"][0],
    }


def test_odd_sample_in_the_old_mapping() -> None:
    # the same sample, as older versions of the service would send it: without Jobs
    answer = {name: value for name, value in ODD.items() if name not in ("Jobs", "TotalCount")}
    (job,) = poll(answer, "GQNSsiqb")
    assert job.as_dict() == {
        "job_id": "GQNSsiqb",
        "provider": "uphone",
        "state": "unknown",
        "status": "eBnyYuFP",
        "finished": False,
        "type": None,
        "progress": 0,
        "begin_time": None,
        "end_time": None,
        "duration": None,
        "error": None,
        "resources": {"uphone_ids": ["jlVyhqMG"]},
        "tasks": [
            {
                "id": "TgUwlack",
                "state": "unknown",
                "error": {"code": None, "message": "iTPexVOX"},
                "resources": {"uphone_id": "jlVyhqMG", "server_id": "MEIYlUch"},
            }
        ],
        "raw": answer,
    }


def test_old_mapping() -> None:
    answer = {
        "RetCode": 0,
        "JobId": "uphonejob-1",
        "Status": "PARTIAL_SUCCESS",
        "BeginTime": "1667996700",
        "EndTime": "1667997000",
        "Tasks": [
            {"TaskId": "task-1", "PhoneId": "phone-1", "Status": "FAILED", "Message": "No space."},
            {"TaskId": "task-2", "PhoneId": "phone-2", "Status": "RUNNING", "Message": ""},
        ],
    }
    (job,) = poll(answer, "uphonejob-1")
    assert (job.state.value, job.progress, job.duration) == ("partially_succeeded", 50, 300.0)
    assert (job.error and job.error.message, job.resources) == (
        "task-1: No space.",
        {"uphone_ids": ["phone-1", "phone-2"]},
    )


@pytest.mark.parametrize(
    "answer",
    [
        # the id is waiting or unknown: absent, and no verdict
        {"RetCode": 0, "TotalCount": 0, "Jobs": []},
        {"RetCode": 0, "TotalCount": 0, "Jobs": None},
        {"RetCode": 0, "TotalCount": 0},
        {"RetCode": 0},
        {"RetCode": 0, "TotalCount": 1, "Jobs": [{**SAMPLE, "JobId": "uphonejob-2"}]},
        {"RetCode": 0, "JobId": "uphonejob-2", "Status": "SUCCESS"},
        # Jobs is there, so what stands at the top is not the job
        {"RetCode": 0, "JobId": "uphonejob-1", "Status": "SUCCESS", "Jobs": []},
        {"RetCode": 0, "JobId": "uphonejob-1", "Status": "SUCCESS", "Jobs": None},
        # jobs that are no objects, or do not say which they are
        {"RetCode": 0, "Jobs": [None, "uphonejob-1", 5, [], {"State": "SUCCESS"}, {"JobId": ["uphonejob-1"]}]},
    ],
)
def test_absent(answer: dict[str, t.Any]) -> None:
    assert poll(answer, "uphonejob-1") == []


@pytest.mark.parametrize("status", ["PENDING", "RUNNING", "SUCCESS", "PARTIAL_SUCCESS", "FAILED", "success", 2, None])
def test_a_task_is_read_by_the_same_table(status: t.Any) -> None:
    job = read(State=status, Tasks=tasks(status))
    assert [task.state for task in job.sub_jobs] == [job.state]


def test_tasks_do_not_decide_about_the_job() -> None:
    raw = {name: value for name, value in SAMPLE.items() if name != "State"}
    job = JobReader(UPHONE.mapping, UPHONE.provider).read(raw)
    assert (job.state.value, job.status) == ("unknown", None)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        # the old name counts only where the new one is missing; a null is a status that is not known
        ({"State": "RUNNING", "Status": "SUCCESS"}, "running"),
        ({"State": None, "Status": "SUCCESS"}, "unknown"),
        ({"State": "", "Status": "SUCCESS"}, "unknown"),
    ],
)
def test_status_under_both_names(changes: dict[str, t.Any], state: str) -> None:
    assert read(**changes).state.value == state


@pytest.mark.parametrize(
    ("states", "progress"),
    [
        # no tasks, no progress: they come when the job begins
        ((), None),
        (("PENDING",), 0),
        (("PENDING", "RUNNING"), 0),
        # failed tasks are done as well
        (("FAILED", "RUNNING"), 50),
        (("SUCCESS", "FAILED", "RUNNING"), 66),
        (("SUCCESS", "PENDING", "PENDING"), 33),
        (("SUCCESS", "FAILED", "PARTIAL_SUCCESS"), 100),
        # what is not known is not done
        (("SUCCESS", "DONE"), 50),
        (("SUCCESS", None), 50),
        (("SUCCESS",) * 199 + ("RUNNING",), 99),
    ],
    ids=short,
)
def test_progress(states: tuple[t.Any, ...], progress: int | None) -> None:
    found = read(State="RUNNING", Tasks=tasks(*states)).progress
    assert found == progress
    assert type(found) is type(progress)


@pytest.mark.parametrize(
    ("changes", "begin", "end", "duration"),
    [
        # Unix seconds as text
        ({"BeginTime": "1667996700", "EndTime": "1667997000"}, "2022-11-09T12:25:00Z", "2022-11-09T12:30:00Z", 300.0),
        # not yet: 0, null, or absent
        ({"EndTime": 0}, "2022-11-09T12:25:00Z", None, None),
        ({"BeginTime": 0, "EndTime": 0}, None, None, None),
        ({"BeginTime": None, "EndTime": None}, None, None, None),
        # letters, milliseconds, other types
        ({"BeginTime": "SLNnpmiZ", "EndTime": "ussLnLoG"}, None, None, None),
        ({"BeginTime": 1667996700000}, None, "2022-11-09T12:30:00Z", None),
        ({"BeginTime": True, "EndTime": [1667997000]}, None, None, None),
        # the other way round, as in the reference's own sample
        ({"BeginTime": 3, "EndTime": 2}, "1970-01-01T00:00:03Z", "1970-01-01T00:00:02Z", None),
    ],
)
def test_times(changes: dict[str, t.Any], begin: str | None, end: str | None, duration: float | None) -> None:
    job = read(**changes)
    assert (job.begin_time, job.end_time, job.duration) == (begin, end, duration)


FAILED = [{"TaskId": f"t{number}", "State": "FAILED", "ErrorMsg": f"Reason {number}."} for number in range(1, 6)]


@pytest.mark.parametrize(
    ("state", "parts", "message"),
    [
        ("FAILED", FAILED[:1], "t1: Reason 1."),
        ("PARTIAL_SUCCESS", FAILED[:3], "t1: Reason 1.; t2: Reason 2.; t3: Reason 3."),
        # more than three are counted
        ("FAILED", FAILED, "t1: Reason 1.; t2: Reason 2.; t3: Reason 3.; and 2 more"),
        # a task without an id, and one with an older name for its text
        ("FAILED", [{"State": "FAILED", "ErrorMsg": "No space."}], "No space."),
        ("FAILED", [{"TaskId": "t", "Status": "FAILED", "Message": "No space."}], "t: No space."),
        ("FAILED", [{"TaskId": "t", "State": "FAILED", "ErrorMsg": "", "Message": "No space."}], "t: No space."),
        # tasks that did not fail, or do not say why, are not the reason
        ("RUNNING", [{"TaskId": "t", "State": "RUNNING", "ErrorMsg": "Retrying."}, *FAILED[:1]], "t1: Reason 1."),
        ("FAILED", [{"TaskId": "t", "State": "FAILED", "ErrorMsg": None}, *FAILED[:1]], "t1: Reason 1."),
        # however long they are
        ("FAILED", [{"TaskId": "t", "State": "FAILED", "ErrorMsg": "x" * 9999}], "t: " + "x" * 496 + "…"),
        ("FAILED", [{"TaskId": "t" * 9999, "State": "FAILED", "ErrorMsg": "x"}], "t" * 499 + "…"),
        ("FAILED", [{"TaskId": "t\n1", "State": "FAILED", "ErrorMsg": "a\nb"}], "t 1: a b"),
    ],
)
def test_error(state: str, parts: list[t.Any], message: str) -> None:
    error = read(State=state, Tasks=parts).error
    assert error is not None
    # UPhone has no codes for jobs
    assert (error.code, error.message) == (None, message)


@pytest.mark.parametrize(
    ("state", "parts"),
    [
        ("SUCCESS", FAILED),
        ("FAILED", []),
        ("FAILED", None),
        ("FAILED", [{"TaskId": "t", "State": "FAILED"}]),
        ("FAILED", [{"TaskId": "t", "State": "FAILED", "ErrorMsg": ["x"]}]),
        ("FAILED", ["x", None, 5]),
        ("RUNNING", [{"TaskId": "t", "State": "RUNNING", "ErrorMsg": "Retrying."}]),
    ],
)
def test_no_error(state: str, parts: t.Any) -> None:
    assert read(State=state, Tasks=parts).error is None


@pytest.mark.parametrize(
    ("changes", "resources"),
    [
        # phones from the job and from its tasks, each once
        (
            {"UPhoneIds": ["u1", "u2"], "Tasks": [{"UPhoneId": "u2"}, {"UPhoneId": "u3"}]},
            {"uphone_ids": ["u1", "u2", "u3"]},
        ),
        ({"UPhoneIds": None, "Tasks": [{"UPhoneId": "u1"}, {"PhoneId": "p1"}]}, {"uphone_ids": ["u1", "p1"]}),
        ({"UPhoneIds": [], "Tasks": []}, {}),
        ({"UPhoneIds": "u1", "Tasks": {}}, {}),
        ({"UPhoneIds": ["u1", None, "", 5, ["u2"]], "Tasks": None}, {"uphone_ids": ["u1", "5"]}),
    ],
)
def test_resources(changes: dict[str, t.Any], resources: dict[str, t.Any]) -> None:
    assert read(AppVersionId=None, **changes).resources == resources


@pytest.mark.parametrize(
    ("parts", "count"),
    [(None, 0), ([], 0), ({}, 0), ("task", 0), (5, 0), ([None, "task", 5, [], {}], 5)],
    ids=short,
)
def test_odd_tasks(parts: t.Any, count: int) -> None:
    found = read(Tasks=parts).sub_jobs
    assert [(task.id, task.state.value, task.error, task.resources) for task in found] == [
        (None, "unknown", None, {})
    ] * count
