# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every type of JSON in every place of every service's answers, and what it means for a wait."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterator, Mapping, Sequence

from ansible_collections.cloudwait.jobs.tests.faults.changes import Change, objects
from ansible_collections.cloudwait.jobs.tests.faults.faults import (
    ABSENT,
    INVALID,
    NONE,
    NOT_FOUND,
    ONE_JOB,
    PERMISSION,
    TRY_AGAIN,
    UCLOUD,
    UNREADABLE,
    Meaning,
    Row,
)
from ansible_collections.cloudwait.jobs.tests.faults.moments import DEADLINE, FIRST_ONCE, LATER_ONCE, SINGLE
from ansible_collections.cloudwait.jobs.tests.simulator.script import library
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import places, put

Way = tuple[t.Any, ...]

# One value of each type of JSON, none of which any service has a meaning for.
VALUES: Mapping[str, t.Any] = {"null": None, "boolean": True, "number": 7, "string": "x", "list": [], "object": {}}
# Where the job that is hit stands in a list of jobs, wherever that is.
HIT = "the job"


def type_of(value: t.Any) -> str:
    """The type of a JSON value."""
    kinds: dict[type, str] = {type(None): "null", bool: "boolean", int: "number", float: "number"}
    return {**kinds, str: "string", list: "list", dict: "object"}[type(value)]


def sample(name: str) -> dict[str, t.Any]:
    """A job out of an API reference."""
    raw = library()[name].raw
    assert raw is not None
    return dict(raw.values[0])


SUB_JOB = {
    "status": "SUCCESS",
    "job_id": "ff8080814dbd65d7014dbe0d84db0099",
    "job_type": "createImageByInstance",
    "begin_time": "04-Jun-2015 18:11:06:586",
    "end_time": "",
    "error_code": None,
    "fail_reason": None,
    "entities": {"image_id": "e9e91bff-14b6-4a0b-8377-4ed0813e3360", "image_name": "x"},
}
IMS_ENTITIES = {
    "image_id": "e9e91bff-14b6-4a0b-8377-4ed0813e3360",
    "current_task": "copying",
    "process_percent": 0.5,
    "error_code": "",
    "addition_error_msg": "",
    "results": [{"image_id": "e9e91bff-14b6-4a0b-8377-4ed0813e3361", "project_id": "x", "status": "accepted"}],
    "sub_jobs_result": [SUB_JOB],
    "sub_jobs_list": ["ff8080814dbd65d7014dbe0d84db0099"],
}
JOBS: Mapping[str, dict[str, t.Any]] = {
    "cph": sample("sample-cph"),
    "ims": {**sample("sample-ims"), "entities": IMS_ENTITIES},
    "dws": sample("sample-dws"),
    "uphone": sample("sample-uphone"),
}
UPHONE_ANSWER = {"RetCode": 0, "Action": "", "Message": "", "TotalCount": 2, "Jobs": [JOBS["uphone"]]}
ANSWERS: Mapping[str, t.Any] = {
    "cph": JOBS["cph"],
    "cph-request": {"request_id": "x", "jobs": [JOBS["cph"]]},
    "ims": JOBS["ims"],
    "dws": JOBS["dws"],
    "uphone": UPHONE_ANSWER,
    "uphone-listing": UPHONE_ANSWER,
}


def meaning_of(target: str, way: Way, kind: str, *, at_first: bool) -> Meaning | None:
    """What a value of the wrong type in that place of an answer means; None where it names another job."""
    inner = way[2:] if way[1:2] == (HIT,) else None
    if target in ONE_JOB:
        if way in ((), ("status",)):
            return UNREADABLE
        # What has no id at all is the job that was asked for.
        return TRY_AGAIN if (way, kind) == (("job_id",), "number") else NONE
    nothing = ABSENT if target in UCLOUD else NOT_FOUND
    # What cannot be told from others is missing where it was asked for by its id, and else nothing is complete.
    nameless = ABSENT if target == "uphone" or (target in UCLOUD and not at_first) else TRY_AGAIN
    if way in ((), ("RetCode",)):
        return TRY_AGAIN
    if way in (("jobs",), ("Jobs",)):
        return nothing if kind == "null" else TRY_AGAIN
    if inner in ((), ("job_id",), ("JobId",)):
        return None if kind == "number" and inner and nameless is TRY_AGAIN else nameless
    if inner in (("status",), ("State",)):
        return UNREADABLE
    return NONE


def rows() -> Iterator[Row]:
    """A row for each place and type."""
    for target, answer in ANSWERS.items():
        for way in places(answer):
            # The one job in a list of the sample is the one that is hit.
            marked = (way[0], HIT, *way[2:]) if way[:1] in (("jobs",), ("Jobs",)) and way[1:] else way
            there = value_at(answer, way)
            for kind, wrong in VALUES.items():
                if kind != type_of(there):
                    yield from _rows(target, marked, kind, wrong)


def _rows(target: str, way: Way, kind: str, wrong: t.Any) -> Iterator[Row]:
    name = f"{'.'.join(map(str, way)) or 'answer'}: {kind}"
    for moments, at_first in (((SINGLE, FIRST_ONCE), True), ((LATER_ONCE, DEADLINE), False)):
        meaning = meaning_of(target, way, kind, at_first=at_first)
        if meaning is None:
            continue
        # Where it changes nothing, one moment says all that there is to say.
        chosen = [moment for moment in moments if meaning is not NONE or moment is SINGLE]
        if target in ONE_JOB or HIT in way:
            yield Row(
                name, "changed", meaning, targets=(target,), moments=chosen, change_job=in_job(target, way, wrong)
            )
        else:
            change = in_answer(way, wrong)
            yield Row(name, "changed", meaning, {"change": change}, (target,), moments=chosen)


def value_at(value: t.Any, way: Sequence[t.Any]) -> t.Any:
    """What stands in a place of a JSON value."""
    for step in way:
        value = value[step]
    return value


def in_answer(way: Way, wrong: t.Any) -> Change:
    """Something else in one place of an answer."""
    return lambda value: put(value, way, wrong)


def in_job(target: str, way: Way, wrong: t.Any) -> Callable[[str], Change]:
    """Something else in one place of a job that has all the fields of its API reference."""
    full = JOBS[target.partition("-")[0]]
    inner = way[2:] if HIT in way else way

    def for_job(job_id: str) -> Change:
        def changed(value: t.Any) -> t.Any:
            jobs = list(objects(value))
            place = next((n for n, job in enumerate(jobs) if job_id in (job.get("job_id"), job.get("JobId"))), None)
            if place is None:
                return value
            told = {name: jobs[place][name] for name in ("job_id", "JobId", "status", "State") if name in jobs[place]}
            job = put({**full, **told}, inner, wrong)
            return put(value, (way[0], place), job) if HIT in way else job

        return changed

    return for_job


ERRORS: Sequence[tuple[Sequence[str], int, t.Any, Way, Meaning, Meaning]] = [
    # targets, HTTP status, body, where its code is, what the code means, what the error means without it
    (
        ("cph", "cph-request"),
        400,
        {"request_id": "x", "error_code": "CPS.0001", "error_msg": "x"},
        ("error_code",),
        PERMISSION,
        INVALID,
    ),
    (("ims",), 400, {"error": {"message": "x", "code": "IMG.0023"}}, ("error", "code"), TRY_AGAIN, INVALID),
    (("dws",), 400, {"error_code": "DWS.3027", "error_msg": "x"}, ("error_code",), NOT_FOUND, INVALID),
    (("dws",), 400, {"errCode": "DWS.3027", "externalMessage": "x"}, ("errCode",), NOT_FOUND, INVALID),
    (UCLOUD, 200, {"RetCode": 299, "Action": "x", "Message": "x"}, ("RetCode",), PERMISSION, TRY_AGAIN),
]


def rows_of_errors() -> Iterator[Row]:
    """A row for each place and type of an error."""
    for targets, status, body, code, told, untold in ERRORS:
        for way in places(body):
            for kind, wrong in VALUES.items():
                if kind != type_of(value_at(body, way)):
                    name = f"{status} {'.'.join(way) or 'error'}: {kind}"
                    # Whatever stands on the way to the code takes the code away.
                    meaning = untold if code[: len(way)] == way else told
                    answer = {"status": status, "body": put(body, way, wrong)}
                    yield Row(name, "status", meaning, answer, targets, moments=(SINGLE, LATER_ONCE, DEADLINE))
