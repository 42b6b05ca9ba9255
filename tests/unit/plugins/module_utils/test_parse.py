# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for the jobs of every service, whatever it sends; each service's own cases are in services/."""

from __future__ import annotations

import copy
import json
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.json_body import decode
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import FINAL, Job, State, SubJob
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import JobMapping, Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.reader import JobReader, read_state
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import WRONG, places, put, short

# An answer with something in every place that is read.
FULL: dict[str, dict[str, t.Any]] = {
    "cph": {
        "request_id": "request-1",
        "job_id": "job-1",
        "begin_time": "2019-04-26T07:00:00Z",
        "end_time": "2019-04-26T07:00:06Z",
        "status": 2,
        "phone_id": "phone-1",
        "server_id": "server-1",
        "error_code": "CPS.0005",
        "error_msg": "It failed.",
        "execute_msg": "done",
    },
    "ims": {
        "status": "SUCCESS",
        "job_id": "job-1",
        "job_type": "imsImportOvaImageJob",
        "begin_time": "04-Jun-2015 18:11:06:586",
        "end_time": "2015-06-04T18:11:16.586Z",
        "error_code": "IMG.0029",
        "fail_reason": "It failed.",
        "entities": {
            "image_id": "image-0",
            "process_percent": 0.5,
            "error_code": "IMG.0030",
            "error": "It failed.",
            "addition_error_code": "IMG.0031",
            "addition_error_msg": "It failed.",
            "alarm_code": "IMG.0032",
            "results": [{"image_id": "image-1", "status": "SUCCESS"}],
            "sub_jobs_result": [
                {
                    "status": "SUCCESS",
                    "job_id": "sub-1",
                    "error_code": "IMG.0033",
                    "fail_reason": "It failed.",
                    "entities": {"image_id": "image-2"},
                }
            ],
        },
    },
    "dws": {
        "status": "SUCCESS",
        "progress": "100%",
        "job_id": "job-1",
        "job_name": "ecfClusterElbCreateJob",
        "begin_time": "2022-11-09T20:25:00",
        "end_time": "2022-11-09T20:30:00",
        "failed_code": "DWS.0114",
        "failed_detail": "It failed.",
    },
    "uphone": {
        "JobId": "job-1",
        "JobType": "INSTALL_APP",
        "State": "SUCCESS",
        "BeginTime": 1667996700,
        "EndTime": "1667997000",
        "AppVersionId": "appv-1",
        "UPhoneIds": ["uphone-1"],
        "Tasks": [
            {
                "TaskId": "task-1",
                "State": "SUCCESS",
                "ErrorMsg": "It failed.",
                "UPhoneId": "uphone-1",
                "ServerId": "server-1",
                "AppVersionId": "appv-1",
            }
        ],
    },
}
SERVICES: list[Service] = [CPH, IMS, DWS, UPHONE]
BY_NAME = [pytest.param(service, id=service.provider) for service in SERVICES]
STATUS = {"cph": ("status",), "ims": ("status",), "dws": ("status",), "uphone": ("State",)}


def whole(value: object) -> bool:
    """Whether this is an int, and not a bool, which Python takes for one."""
    return isinstance(value, int) and not isinstance(value, bool)


def optional_text(value: object) -> bool:
    return value is None or (isinstance(value, str) and value != "")


def check_types(job: Job) -> None:
    """Everything in a result has the documented type, whatever the service sent."""
    result = job.as_dict()
    for name in ("job_id", "type", "begin_time", "end_time"):
        assert optional_text(result[name]), name
    assert result["progress"] is None or (whole(result["progress"]) and 0 <= result["progress"] <= 100)
    assert result["duration"] is None or (isinstance(result["duration"], float) and result["duration"] >= 0)
    assert result["state"] in {state.value for state in State}
    assert result["finished"] is (job.state in FINAL)
    assert result["resources"].keys() <= {name for service in SERVICES for name in service.mapping.resources}
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
        ids = value if name.endswith("_ids") else [value]
        assert ids
        assert all(isinstance(item, str) and item for item in ids)


@pytest.mark.parametrize("service", BY_NAME)
def test_everything_in_place(service: Service) -> None:
    job = JobReader(service.mapping, service.provider).read(FULL[service.provider])
    assert (job.job_id, job.state) == ("job-1", State.SUCCEEDED)
    check_types(job)


@pytest.mark.parametrize("wrong", WRONG, ids=short)
@pytest.mark.parametrize("service", BY_NAME)
def test_something_wrong_in_every_place(service: Service, wrong: t.Any) -> None:
    # nothing raises, nothing but the status decides about success, and the answer stays as it was
    status = STATUS[service.provider]
    for way in places(FULL[service.provider]):
        raw = put(FULL[service.provider], way, wrong)
        before = copy.deepcopy(raw)
        job = JobReader(service.mapping, service.provider).read(raw, asked_id="asked")
        check_types(job)
        assert (job.raw is raw, raw) == (True, before)
        if status[: len(way)] == way:
            assert job.state not in (State.SUCCEEDED, State.PARTIALLY_SUCCEEDED), way
        else:
            assert job.state is State.SUCCEEDED, way


@pytest.mark.parametrize("service", BY_NAME)
def test_something_missing_in_every_place(service: Service) -> None:
    status = STATUS[service.provider]
    whole = FULL[service.provider]
    for way in places(whole):
        if way and isinstance(way[-1], str):
            raw = copy.deepcopy(whole)
            holder: t.Any = raw
            for step in way[:-1]:
                holder = holder[step]
            del holder[way[-1]]
            job = JobReader(service.mapping, service.provider).read(raw)
            check_types(job)
            assert job.state is (State.UNKNOWN if way == status else State.SUCCEEDED), way


@pytest.mark.parametrize("service", BY_NAME)
@pytest.mark.parametrize(
    "raw", [None, True, False, 0, 2, 2.5, "", "SUCCESS", [], {}, [{"status": 2}], ["SUCCESS"]], ids=short
)
def test_no_object_at_all(service: Service, raw: t.Any) -> None:
    job = JobReader(service.mapping, service.provider).read(raw, asked_id="asked")
    assert job.as_dict() == Job("asked", service.provider, State.UNKNOWN, raw=raw).as_dict()


@pytest.mark.parametrize("service", BY_NAME)
def test_the_same_after_a_journey_as_json(service: Service) -> None:
    # a result is written to logs and registered variables as JSON
    job = JobReader(service.mapping, service.provider).read(FULL[service.provider])
    assert json.loads(json.dumps(job.as_dict(), allow_nan=False)) == job.as_dict()


STATES: dict[t.Any, State] = {
    1: State.RUNNING,
    -1: State.FAILED,
    0: State.PENDING,
    "OK": State.SUCCEEDED,
    "5": State.FAILED,
}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (1, "running"),
        (-1, "failed"),
        (0, "pending"),
        ("OK", "succeeded"),
        # text that is an integer as JSON writes it, and only that
        *(("1", "running"), ("-1", "failed"), ("0", "pending"), ("-0", "pending")),
        *(("01", "unknown"), ("+1", "unknown"), ("1.0", "unknown"), (" 1", "unknown"), ("1e0", "unknown")),
        ("1" * 999, "unknown"),
        # a table that has text with digits means the text
        *(("5", "failed"), (5, "unknown")),
        # Python takes true for 1, false for 0, and 1.0 for 1; these services do not
        *((True, "unknown"), (False, "unknown"), (1.0, "unknown"), (0.0, "unknown"), (-0.0, "unknown")),
        *(("ok", "unknown"), ("OK ", "unknown"), (None, "unknown"), ([], "unknown"), ([1], "unknown"), ({}, "unknown")),
    ],
    ids=short,
)  # fmt: skip
def test_state(status: t.Any, state: str) -> None:
    assert read_state(status, STATES).value == state


SHAPE = JobMapping(job_id="id", status=("status",), states=STATES)


@pytest.mark.parametrize(
    ("raw", "asked", "job_id"),
    [
        ({"id": "a"}, "a", "a"),
        # the service's id is reported, even where another was asked for
        ({"id": "b"}, "a", "b"),
        # a number is an id as well
        *(({"id": 5}, "5", "5"), ({"id": 0}, None, "0")),
        # the id that was asked for stands in where the object names none
        *(({}, "a", "a"), ({"id": None}, "a", "a"), ({"id": ""}, "a", "a"), ({"id": ["b"]}, "a", "a")),
        ({"id": True}, "a", "a"),
        ({}, None, None),
        # an id is not corrected: one with spaces around is another one
        *(({"id": " a "}, " a ", " a "), ({"id": "a\u00a0"}, "a\u00a0", "a\u00a0")),
    ],
)  # fmt: skip
def test_job_id(raw: t.Any, asked: str | None, job_id: str | None) -> None:
    assert JobReader(SHAPE, "any").read(raw, asked_id=asked).job_id == job_id


@pytest.mark.parametrize(
    "number",
    [
        # numbers in places that are read, as they come through the decoder
        *("1e400", "-1e400", "9" * 400, "-" + "9" * 400, "9" * 5000, "0." + "3" * 400, "1e-400", "-0", "-0.0", "1E2"),
    ],
    ids=short,
)
@pytest.mark.parametrize("service", BY_NAME)
def test_numbers_out_of_every_bound(service: Service, number: str) -> None:
    for way in places(FULL[service.provider]):
        text = json.dumps(put(FULL[service.provider], way, "HERE")).replace('"HERE"', number)
        job = JobReader(service.mapping, service.provider).read(decode(text.encode()), asked_id="asked")
        check_types(job)
        json.dumps(job.as_dict(), allow_nan=False)


def test_a_job_that_did_not_change_is_not_read_again() -> None:
    reader = JobReader(CPH.mapping, "cph")
    first = reader.read({"job_id": "a", "status": 1})
    assert reader.read({"job_id": "a", "status": 1}) is first
    # the same for Python, another status for us
    assert [reader.read({"job_id": "a", "status": status}).state.value for status in (True, 1, 2, 1.0)] == [
        "unknown",
        "running",
        "succeeded",
        "unknown",
    ]
    # nor is one job ever taken for another
    assert reader.read({"job_id": "b", "status": 1}).job_id == "b"
