# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendors' clients and ours read the same answers, and must agree, field by field.

What a job of ours should look like is worked out here from the vendor's own response object, by the API references and
without any of our tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.cloudwait.jobs.tests.contract import ours, vendors
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock
from ansible_collections.cloudwait.jobs.tests.simulator.script import library
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from ucloud.core.exc import ValidationException

HUAWEICLOUD = ("cph", "ims", "dws")
REST_STATES = {
    "INIT": "pending",
    "WAITING": "pending",
    "DELAY_SCHEDULED": "pending",
    "RUNNING": "running",
    "SUCCESS": "succeeded",
    "FAIL": "failed",
    "STOP": "failed",
}
STATES: dict[str, dict[Any, str]] = {
    "cph": {1: "running", 2: "succeeded", -1: "failed"},
    "ims": REST_STATES,
    "dws": REST_STATES,
    "uphone": {
        "PENDING": "pending",
        "RUNNING": "running",
        "SUCCESS": "succeeded",
        "PARTIAL_SUCCESS": "partially_succeeded",
        "FAILED": "failed",
    },
}


def error(state: str, code: str | None, message: str | None) -> dict[str, str | None] | None:
    """An error as ours tells it: none after a success, none without a word."""
    if state == "succeeded" or not (code or message):
        return None
    return {"code": code or None, "message": message or None}


def seconds_between(begin: dt.datetime | None, end: dt.datetime | None) -> float | None:
    return round((end - begin).total_seconds(), 3) if begin and end else None


def iso(moment: dt.datetime | None, zone: str = "Z") -> str | None:
    if moment is None:
        return None
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds") + zone


def moment(text: str | None) -> dt.datetime | None:
    """A time in the spellings of the references; the SDK leaves an empty one empty."""
    formats = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ", "%d-%b-%Y %H:%M:%S:%f", "%Y-%m-%dT%H:%M:%S")
    for pattern in formats if text else ():
        try:
            return dt.datetime.strptime(str(text), pattern)  # noqa: DTZ007 - DWS documents no zone
        except ValueError:
            continue
    assert not text, text
    return None


# Jobs in these states have an end, whatever an answer says of others.
ENDED = ("succeeded", "partially_succeeded", "failed")


def cph(answer: Any) -> dict[str, Any]:
    state = STATES["cph"].get(answer.status, "unknown")
    begin, end = moment(answer.begin_time), moment(answer.end_time)
    # The SDK's job in a list has no request id.
    ids = ("phone_id", "server_id", "request_id")
    resources = {name: getattr(answer, name, None) for name in ids}
    return {
        "job_id": answer.job_id,
        "status": answer.status,
        "state": state,
        "type": None,
        "progress": None,
        "begin_time": iso(begin),
        "end_time": iso(end) if state in ENDED else None,
        "duration": seconds_between(begin, end) if state in ENDED else None,
        "error": error(state, answer.error_code, answer.error_msg),
        "resources": {name: value for name, value in resources.items() if value},
        "tasks": [],
    }


def ims(answer: Any) -> dict[str, Any]:
    state = STATES["ims"].get(answer.status, "unknown")
    begin, end = moment(answer.begin_time), moment(answer.end_time)
    entities = answer.entities
    parts = (entities.sub_jobs_result if entities else None) or []
    failed = [part for part in parts if part.error_code]
    codes: list[Any] = [answer.error_code]
    reasons: list[Any] = [answer.fail_reason]
    images: list[Any] = []
    if entities:
        codes += [entities.error_code, entities.addition_error_code, entities.alarm_code]
        reasons += [entities.error, entities.addition_error_msg]
        images += [entities.image_id, *(item.image_id for item in entities.results or [])]
    codes += [part.error_code for part in failed]
    reasons += [part.fail_reason for part in failed]
    images += [part.entities.image_id for part in parts if part.entities]
    found = list(dict.fromkeys(image for image in images if image))
    percent = entities.process_percent if entities else None
    return {
        "job_id": answer.job_id,
        "status": answer.status,
        "state": state,
        "type": answer.job_type,
        "progress": None if percent is None else int(round(float(percent) * 100, 6)),
        "begin_time": iso(begin),
        "end_time": iso(end) if state in ENDED else None,
        "duration": seconds_between(begin, end) if state in ENDED else None,
        "error": error(state, next(filter(None, codes), None), next(filter(None, reasons), None)),
        "resources": ({"image_ids": found} if found else {}) | ({"image_id": found[0]} if len(found) == 1 else {}),
        "tasks": [ims_part(part) for part in parts],
    }


def ims_part(part: Any) -> dict[str, Any]:
    state = STATES["ims"].get(part.status, "unknown")
    image = part.entities.image_id if part.entities else None
    return {
        "id": part.job_id,
        "state": state,
        "error": error(state, part.error_code, part.fail_reason),
        "resources": {"image_id": image} if image else {},
    }


def dws(answer: Any) -> dict[str, Any]:
    state = STATES["dws"].get(answer.status, "unknown")
    begin, end = moment(answer.begin_time), moment(answer.end_time)
    return {
        "job_id": answer.job_id,
        "status": answer.status,
        "state": state,
        "type": answer.job_name,
        "progress": int(answer.progress.rstrip("%")) if answer.progress else None,
        "begin_time": iso(begin, zone=""),
        "end_time": iso(end, zone="") if state in ENDED else None,
        "duration": seconds_between(begin, end) if state in ENDED else None,
        "error": error(state, answer.failed_code, answer.failed_detail),
        "resources": {},
        "tasks": [],
    }


def uphone(answer: dict[str, Any]) -> dict[str, Any]:
    state = STATES["uphone"].get(answer.get("State"), "unknown")
    begin, end = (
        dt.datetime.fromtimestamp(answer[name], dt.UTC).replace(tzinfo=None) if answer.get(name) else None
        for name in ("BeginTime", "EndTime")
    )
    tasks = [uphone_task(task) for task in answer["Tasks"]]
    ended = sum(task["state"] in ("succeeded", "failed") for task in tasks)
    said = "; ".join(f"{task['id']}: {task['error']['message']}" for task in tasks if task["state"] == "failed")
    phones = dict.fromkeys([*answer["UPhoneIds"], *(task.get("UPhoneId") for task in answer["Tasks"])])
    resources = {"uphone_ids": list(filter(None, phones)), "app_version_id": answer.get("AppVersionId")}
    return {
        "job_id": answer["JobId"],
        "status": answer.get("State"),
        "state": state,
        "type": answer["JobType"],
        "progress": 100 * ended // len(tasks) if tasks else None,
        "begin_time": iso(begin),
        "end_time": iso(end) if state in ENDED else None,
        "duration": seconds_between(begin, end) if state in ENDED else None,
        "error": error(state, None, said),
        "resources": {name: value for name, value in resources.items() if value},
        "tasks": tasks,
    }


def uphone_task(task: dict[str, Any]) -> dict[str, Any]:
    state = STATES["uphone"].get(task["State"], "unknown")
    resources = {"uphone_id": task.get("UPhoneId"), "app_version_id": task.get("AppVersionId")}
    return {
        "id": task["TaskId"],
        "state": state,
        "error": error(state, None, task["ErrorMsg"]),
        "resources": {name: value for name, value in resources.items() if value},
    }


READ: dict[str, Callable[[Any], dict[str, Any]]] = {"cph": cph, "ims": ims, "dws": dws, "uphone": uphone}


def theirs(cloud: Cloud, provider: str, job_id: str) -> dict[str, Any] | str:
    """A job as the vendor's client reads it, in our words; where it reads an error instead, the error's code."""
    if provider == "uphone":
        jobs = vendors.describe(cloud, job_id)["Jobs"]
        return uphone(jobs[0]) if jobs else "absent"
    try:
        return READ[provider](vendors.show(cloud, provider, job_id))
    except ClientRequestException as refusal:
        return str(refusal.error_code)


def agree(cloud: Cloud, provider: str, job_id: str) -> dict[str, Any] | str:
    """Ask both for a job, and fail unless they agree. Returns what they say."""
    read = theirs(cloud, provider, job_id)
    [job] = ours.poll(cloud, provider, job_id)["jobs"]
    if isinstance(read, dict):
        # Ours shows the status as it came, where the SDK may have made an int of a text.
        shown = {name: job[name] for name in read}
        assert {**shown, "status": str(job["status"])} == {**read, "status": str(read["status"])}
        assert (job["provider"], job["finished"]) == (
            provider,
            read["state"] in ENDED,
        )
    elif read == "absent":
        assert (job["state"], job["error"]) == ("unknown", None)
    else:
        assert (job["state"], job["error"]["code"]) == ("not_found", read)
    return read


def moments(script: Any) -> Iterator[float]:
    """The seconds at which something may change in a script."""
    seconds = {0.0, script.appears_after, *script.states.seconds}
    for line in (script.raw, script.answers, script.progress):
        seconds |= set(line.seconds) if line else set()
    for part in script.tasks:
        seconds |= set(part.states.seconds)
    if script.vanishes_after != float("inf"):
        seconds.add(script.vanishes_after)
    return iter(sorted(seconds))


# Of those services that are read field by field here, and but for an answer that no SDK accepts.
SCRIPTS = [script for script in library().values() if script.provider in READ and script.name != "sample-uphone-odd"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_every_script_is_read_alike(cloud: Cloud, clock: ManualClock, script: Any) -> None:
    answer = cloud.submit(script.name)
    job_id = answer["jobs"][0]["job_id"] if "jobs" in answer else answer.get("job_id") or answer["JobId"]
    second = 0.0
    read = None
    for at in moments(script):
        clock.advance(at - second)
        second = at
        read = agree(cloud, script.provider, job_id)
    # The end of the script was reached, and both saw it.
    last = script.states.values[-1]
    words = ("pending", "running", "succeeded", "partially_succeeded", "failed")
    if script.vanishes_after == float("inf") and last in words:
        assert isinstance(read, dict)
        assert read["state"] == last


CPH: dict[str, Any] = {
    "request_id": "r1",
    "job_id": "j1",
    "begin_time": "2026-01-02T03:04:05Z",
    "end_time": "2026-01-02T03:05:06Z",
    "status": 2,
    "phone_id": "p1",
    "error_code": None,
    "error_msg": None,
    "execute_msg": None,
}
IMS: dict[str, Any] = {
    "status": "RUNNING",
    "entities": {},
    "job_id": "j1",
    "job_type": "imsImportImageJob",
    "begin_time": "2022-05-17T14:42:20.859Z",
    "end_time": "",
    "error_code": None,
    "fail_reason": None,
}
SUB_JOB = {**IMS, "job_id": "s1", "status": "FAIL", "error_code": "IMG.0141", "fail_reason": "No image."}
DWS: dict[str, Any] = {
    "job_id": "j1",
    "job_name": "ecfClusterRestartJob",
    "begin_time": "2022-11-09T20:25:00",
    "end_time": None,
    "status": "RUNNING",
    "failed_code": None,
    "failed_detail": None,
    "progress": "",
}
TASK: dict[str, Any] = {
    "TaskId": "t1",
    "BeginTime": 1,
    "EndTime": 2,
    "State": "SUCCESS",
    "ErrorMsg": "",
    "UPhoneId": "u1",
}
UPHONE: dict[str, Any] = {
    "JobId": "j1",
    "CreateTime": 1667996690,
    "BeginTime": 1667996700,
    "EndTime": 0,
    "State": "RUNNING",
    "JobType": "INSTALL_APP",
    "UPhoneIds": ["u1"],
    "Tasks": [TASK],
}


@pytest.mark.parametrize(
    ("provider", "answer", "state"),
    [
        # an empty text is no error, and no error is told of a success
        ("cph", {**CPH, "error_code": "", "error_msg": ""}, "succeeded"),
        ("cph", {**CPH, "error_code": "CPS.0005", "error_msg": "Phone is not found."}, "succeeded"),
        ("cph", {**CPH, "status": -1, "error_code": "CPS.0005", "error_msg": "Phone is not found."}, "failed"),
        ("cph", {**CPH, "status": -1, "error_code": "CPS0005"}, "failed"),
        # a job of a server, with what its command said
        ("cph", {**CPH, "phone_id": None, "server_id": "s1", "execute_msg": "done\n"}, "succeeded"),
        # a status in quotes, one that no reference has, and none at all
        ("cph", {**CPH, "status": "2", "end_time": None}, "succeeded"),
        ("cph", {**CPH, "status": 0}, "unknown"),
        ("cph", {**CPH, "status": None}, "unknown"),
        # fields that are missing, and fields that nobody knows
        ("cph", {"job_id": "j1", "status": 1}, "running"),
        ("cph", {**CPH, "node_id": "n1", "priority": 7, "nested": {"status": -1}}, "succeeded"),
        ("ims", {**IMS, "status": "INIT", "begin_time": ""}, "pending"),
        ("ims", {**IMS, "entities": None}, "running"),
        ("ims", {**IMS, "entities": {"process_percent": 0.29, "current_task": "upload"}}, "running"),
        ("ims", {**IMS, "entities": {"process_percent": 0}}, "running"),
        ("ims", {**IMS, "entities": {"process_percent": 1}}, "running"),
        ("ims", {**IMS, "entities": {"process_percent": "0.5"}}, "running"),
        ("ims", {**IMS, "begin_time": "04-Jun-2015 18:11:06:586", "end_time": "04-Jun-2015 18:12:00:000"}, "running"),
        # every place in which IMS tells a reason
        ("ims", {**IMS, "status": "FAIL", "error_code": "IMG.0140", "fail_reason": "No."}, "failed"),
        ("ims", {**IMS, "status": "FAIL", "entities": {"error_code": "IMG.1", "error": "No."}}, "failed"),
        (
            "ims",
            {**IMS, "status": "FAIL", "entities": {"addition_error_code": "IMG.2", "addition_error_msg": "No."}},
            "failed",
        ),
        ("ims", {**IMS, "status": "FAIL", "entities": {"alarm_code": "IMG.3"}}, "failed"),
        ("ims", {**IMS, "status": "FAIL", "entities": {"sub_jobs_result": [SUB_JOB]}}, "failed"),
        # every place in which IMS tells an image
        ("ims", {**IMS, "status": "SUCCESS", "entities": {"image_id": "i1", "image_name": "n"}}, "succeeded"),
        (
            "ims",
            {**IMS, "status": "SUCCESS", "entities": {"results": [{"image_id": "i1", "status": "x"}]}},
            "succeeded",
        ),
        ("ims", {**IMS, "status": "SUCCESS", "entities": {"results": [], "sub_jobs_list": ["s1"]}}, "succeeded"),
        (
            "ims",
            {
                **IMS,
                "status": "SUCCESS",
                "entities": {
                    "sub_jobs_result": [
                        {**IMS, "job_id": "s1", "status": "SUCCESS", "entities": {"image_id": "i1"}},
                        {**IMS, "job_id": "s2", "status": "SUCCESS", "entities": {"image_id": "i2"}},
                    ]
                },
            },
            "succeeded",
        ),
        ("ims", {**IMS, "status": "ROLLBACK"}, "unknown"),
        ("dws", {**DWS, "progress": "9%"}, "running"),
        ("dws", {**DWS, "progress": "100%", "status": "SUCCESS", "end_time": "2022-11-09T20:30:00"}, "succeeded"),
        ("dws", {**DWS, "progress": "45"}, "running"),
        ("dws", {**DWS, "progress": None, "begin_time": ""}, "running"),
        ("dws", {**DWS, "status": "WAITING"}, "pending"),
        ("dws", {**DWS, "status": "DELAY_SCHEDULED"}, "pending"),
        ("dws", {**DWS, "status": "STOP"}, "failed"),
        (
            "dws",
            {**DWS, "status": "FAIL", "failed_code": "CreateELBTask-fail:DWS.0114", "failed_detail": "No ELB."},
            "failed",
        ),
        ("dws", {**DWS, "status": "Success"}, "unknown"),
        # times as numbers and in quotes
        ("uphone", {**UPHONE, "BeginTime": "1667996700", "EndTime": "1667996760", "State": "SUCCESS"}, "succeeded"),
        ("uphone", {**UPHONE, "State": "PENDING", "BeginTime": 0, "Tasks": [], "UPhoneIds": []}, "pending"),
        ("uphone", {**UPHONE, "State": "PENDING", "Tasks": None, "UPhoneIds": None}, "pending"),
        ("uphone", {**UPHONE, "AppVersionId": "a1", "Tasks": [{**TASK, "AppVersionId": "a1"}]}, "running"),
        (
            "uphone",
            {**UPHONE, "Tasks": [TASK, {**TASK, "TaskId": "t2", "State": "RUNNING", "UPhoneId": "u2"}]},
            "running",
        ),
        (
            "uphone",
            {
                **UPHONE,
                "State": "PARTIAL_SUCCESS",
                "Tasks": [TASK, {**TASK, "TaskId": "t2", "State": "FAILED", "ErrorMsg": "No space."}],
            },
            "partially_succeeded",
        ),
        (
            "uphone",
            {
                **UPHONE,
                "State": "FAILED",
                "Tasks": [{**TASK, "TaskId": name, "State": "FAILED", "ErrorMsg": f"No {name}."} for name in "abc"],
            },
            "failed",
        ),
        ("uphone", {**UPHONE, "State": "CANCELLED"}, "unknown"),
    ],
)
def test_an_answer_is_read_alike(cloud: Cloud, provider: str, answer: dict[str, Any], state: str) -> None:
    cloud.submit({"provider": provider, "job_id": "j1", "raw": {0: answer}})
    read = agree(cloud, provider, "j1")
    assert isinstance(read, dict)
    assert read["state"] == state


@pytest.mark.parametrize(
    ("provider", "answer", "theirs_state"),
    [
        # The SDK makes an int of whatever can be made one, and so a verdict that the service did not give.
        ("cph", {**CPH, "status": 2.5}, "succeeded"),
        ("cph", {**CPH, "status": True}, "running"),
        ("cph", {**CPH, "status": " 2 "}, "succeeded"),
        ("cph", {**CPH, "status": "٢"}, "succeeded"),
    ],
)
def test_ours_is_stricter_than_the_vendors(
    cloud: Cloud, provider: str, answer: dict[str, Any], theirs_state: str
) -> None:
    cloud.submit({"provider": provider, "job_id": "j1", "raw": {0: answer}})
    read = theirs(cloud, provider, "j1")
    assert isinstance(read, dict)
    assert read["state"] == theirs_state
    [job] = ours.poll(cloud, provider, "j1")["jobs"]
    assert (job["state"], job["status"]) == ("unknown", answer["status"])


def test_ours_reads_what_the_vendors_client_refuses(cloud: Cloud) -> None:
    """UCloud's own sample has letters where numbers belong."""
    with pytest.raises(ValidationException):
        vendors.describe(cloud, "zQKKGIvY")
    [job] = ours.poll(cloud, "uphone", "zQKKGIvY")["jobs"]
    assert (job["state"], job["status"], job["begin_time"]) == ("unknown", "GuswRaNJ", None)
