# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UCloud UPhone: DescribeUPhoneJob (docs.ucloud.cn, uphone-api)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from .exchange import Answer, Call
from .script import Script
from .services import Service
from .store import Job, make_id

if TYPE_CHECKING:
    from .cloud import Cloud
    from .routes import Operation

ACTION = "DescribeUPhoneJob"
DEFAULT_LIMIT, LIMIT_AT_MOST = 20, 100
DEFAULT_PRODUCT = "uphone-server"


def refuse(code: int, message: str, action: str = ACTION) -> Answer:
    """Return an error as UCloud words it: HTTP 200 and a RetCode."""
    return Answer(200, {"RetCode": code, "Action": f"{action}Response", "Message": message})


def array(parameters: Mapping[str, str], *names: str) -> list[str]:
    """Return the values of an array parameter (``JobIds.0``, ``JobIds.1`` …) under any of its names."""
    pattern = re.compile(rf"(?:{'|'.join(names)})\.(\d+)")
    found = [(int(match[1]), value) for name, value in parameters.items() if (match := pattern.fullmatch(name))]
    return [value for _number, value in sorted(found)]


class UPhone(Service):
    name = "uphone"
    status_field = "State"
    values: ClassVar[Mapping[str, Any]] = {
        "pending": "PENDING",
        "running": "RUNNING",
        "succeeded": "SUCCESS",
        "partially_succeeded": "PARTIAL_SUCCESS",
        "failed": "FAILED",
    }

    def error(self, cloud: Cloud, code: str, message: str, status: int = 200) -> Answer:
        answer = refuse(int(code), message)
        answer.status = status
        return answer

    def format_time(self, unix: float, style: str | None) -> int:
        return int(unix)

    def job_object(self, job: Job, now: float) -> dict[str, Any]:
        script = job.script
        begin, end = self.times(job, now)
        waits = self.word(job, now) == "pending"
        tasks = [] if waits else [self._task(job, task, number, now) for number, task in enumerate(script.tasks)]
        shown: dict[str, Any] = {
            "JobId": job.job_id,
            "JobType": script.type or "RUN_ASYNC_COMMAND",
            "State": None,
            "CreateTime": int(job.epoch),
            "BeginTime": begin or 0,
            "EndTime": end or 0,
            "AppVersionId": "",
            "UPhoneIds": [self._phone(job, task, number) for number, task in enumerate(script.tasks)],
            "Tasks": tasks,
        }
        self.set_status(shown, job, now)
        return shown | dict(script.fields) | dict(job.fields)

    def _phone(self, job: Job, task: Script, number: int) -> Any:
        return task.fields.get("UPhoneId", f"uphone-{make_id(job.job_id, number)[:10]}")

    def _task(self, job: Job, task: Script, number: int, now: float) -> dict[str, Any]:
        part = Job(
            f"task-{make_id('task', job.job_id, number)[:12]}", task, job.number, job.submitted, job.epoch, job.scale
        )
        begin, end = self.times(part, now)
        word = self.word(part, now)
        shown: dict[str, Any] = {
            "TaskId": part.job_id,
            "BeginTime": begin or 0,
            "EndTime": end or 0,
            "State": None,
            "ErrorMsg": task.error.get("message", "") if word == "failed" else "",
            "ExecuteMsg": "",
            "UPhoneId": self._phone(job, task, number),
        }
        if word in ("succeeded", "failed"):
            shown |= task.result or {}
        self.set_status(shown, part, now)
        return shown | dict(task.fields)

    def answer(self, cloud: Cloud, call: Call, operation: Operation) -> Answer:
        parameters = operation.parameters
        job_ids = operation.job_ids
        now = cloud.clock.now()
        try:
            limit = int(parameters.get("Limit", DEFAULT_LIMIT))
            offset = int(parameters.get("Offset", 0))
        except ValueError:
            limit = offset = -1
        if not 0 < limit <= LIMIT_AT_MOST or offset < 0:
            return refuse(230, "Params [Limit] or [Offset] is not available")
        if job_ids:
            known = (cloud.store.get(self.name, job_id) for job_id in job_ids)
            jobs = sorted({job.number: job for job in known if job}.values(), key=lambda job: job.number)
        else:
            jobs = [job for job in cloud.store.of_provider(self.name) if job.script.listed]
        jobs = [job for job in jobs if job.visible(now)]
        for job in jobs:
            override = self.whole_answer(job, now)
            if override:
                return override
        types = array(parameters, "Types", "JobTypes")
        jobs = [job for job in jobs if self._matches(job, parameters, types, now)]
        page = [self.show(job, now) for job in jobs[offset : offset + limit]]
        shown = {"RetCode": 0, "Action": f"{ACTION}Response", "Message": "", "TotalCount": len(jobs), "Jobs": page}
        return Answer(200, shown)

    def _matches(self, job: Job, parameters: Mapping[str, str], types: Sequence[str], now: float) -> bool:
        script = job.script
        state = parameters.get("State")
        wanted = (
            (script.region, parameters.get("Region")),
            (script.city, parameters.get("CityId")),
            (script.project, parameters.get("ProjectId")),
            (script.product, parameters.get("ProductType", DEFAULT_PRODUCT)),
        )
        if any(own and asked and own != asked for own, asked in wanted):
            return False
        if not types and not state:
            return True
        shown = self.show(job, now)
        return (not types or shown.get("JobType") in types) and (not state or shown.get("State") == state)

    def submit_answer(self, jobs: Sequence[Job], rejected: Sequence[Mapping[str, Any]]) -> Any:
        shown: dict[str, Any] = {"RetCode": 0, "Action": f"{self._action(jobs)}Response", "Message": ""}
        if len(jobs) == 1:
            return shown | {"JobId": jobs[0].job_id}
        return shown | {"JobIds": [job.job_id for job in jobs]}

    def _action(self, jobs: Sequence[Job]) -> str:
        actions = {
            "INSTALL_APP": "InstallUPhoneAppVersion",
            "UNINSTALL_APP": "UnInstallUPhoneAppVersion",
            "CREATE_SERVER_AND_UPHONE": "CreateUPhone",
            "SET_UPHONE_GPS": "SetUPhoneGPS",
            "SET_UPHONE_CONFIG": "SetUPhoneConfig",
            "UPLOAD_FILE": "ImportFile",
            "DELETE_UPHONE": "DeleteUPhone",
        }
        return actions.get(jobs[0].script.type or "", "RunAsyncCommand") if jobs else "RunAsyncCommand"
