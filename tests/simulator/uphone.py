# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special to UPhone: the tasks of a job, and queries for all jobs that match (docs.ucloud.cn, uphone-api)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from .actions import UCloudService, array, refuse
from .exchange import Answer
from .script import Script
from .store import Job, make_id

if TYPE_CHECKING:
    from .cloud import Cloud
    from .routes import Operation

ACTION = "DescribeUPhoneJob"
DEFAULT_LIMIT, LIMIT_AT_MOST = 20, 100
DEFAULT_PRODUCT = "uphone-server"
SUBMIT_ACTIONS = {
    "INSTALL_APP": "InstallUPhoneAppVersion",
    "UNINSTALL_APP": "UnInstallUPhoneAppVersion",
    "CREATE_SERVER_AND_UPHONE": "CreateUPhone",
    "SET_UPHONE_GPS": "SetUPhoneGPS",
    "SET_UPHONE_CONFIG": "SetUPhoneConfig",
    "UPLOAD_FILE": "ImportFile",
    "DELETE_UPHONE": "DeleteUPhone",
}


class UPhone(UCloudService):
    has_tasks: ClassVar[bool] = True
    no_time: ClassVar[Any] = 0

    def new_job_id(self, number: int) -> str:
        return f"uphonejob-{super().new_job_id(number)[:12]}"

    def job_object(self, job: Job, now: float) -> dict[str, Any]:
        script = job.script
        waits = self.word(job, now) == "pending"
        tasks = [] if waits else [self._task(job, task, number, now) for number, task in enumerate(script.tasks)]
        shown = {
            "CreateTime": int(job.epoch),
            "AppVersionId": "",
            "UPhoneIds": [self._phone(job, task, number) for number, task in enumerate(script.tasks)],
            "Tasks": tasks,
        }
        return self.told(job, now) | shown | dict(script.fields) | dict(job.fields)

    def _phone(self, job: Job, task: Script, number: int) -> Any:
        return task.fields.get("UPhoneId", f"uphone-{make_id(job.job_id, number)[:10]}")

    def _task(self, job: Job, task: Script, number: int, now: float) -> dict[str, Any]:
        task_id = f"task-{make_id('task', job.job_id, number)[:12]}"
        part = Job(task_id, task, job.number, job.submitted, job.epoch, job.scale)
        word = self.word(part, now)
        told = self.told(part, now)
        # A task tells what a job does, but for its type, and its id under another name.
        shown = {name: value for name, value in told.items() if name not in ("JobId", "JobType")} | {
            "TaskId": part.job_id,
            "ErrorMsg": task.error.get("message", "") if word == "failed" else "",
            "ExecuteMsg": "",
            "UPhoneId": self._phone(job, task, number),
        }
        if word in ("succeeded", "failed"):
            shown |= task.result or {}
        return shown | dict(task.fields)

    def shown(self, cloud: Cloud, operation: Operation, jobs: Sequence[Job]) -> Answer:
        parameters, now = operation.parameters, cloud.clock.now()
        try:
            limit = int(parameters.get("Limit", DEFAULT_LIMIT))
            offset = int(parameters.get("Offset", 0))
        except ValueError:
            limit = offset = -1
        if not 0 < limit <= LIMIT_AT_MOST or offset < 0:
            return refuse(230, "Params [Limit] or [Offset] is not available", ACTION)
        types = array(parameters, "Types", "JobTypes")
        jobs = [job for job in jobs if self._matches(job, parameters, types, now)]
        answer = super().shown(cloud, operation, jobs[offset : offset + limit])
        answer.body |= {"Message": "", "TotalCount": len(jobs)}
        return answer

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

    def submit_action(self, jobs: Sequence[Job]) -> str:
        return SUBMIT_ACTIONS.get(jobs[0].script.type or "", "RunAsyncCommand") if jobs else "RunAsyncCommand"
