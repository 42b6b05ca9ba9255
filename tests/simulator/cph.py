# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special to CPH: jobs work on a phone or a server, and are listed by their request (api-cph, cph_api_0522)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .exchange import Answer, Call
from .services import HuaweiCloudService
from .store import Job, make_id

if TYPE_CHECKING:
    from .cloud import Cloud
    from .routes import Operation

REQUEST_IDS_AT_MOST = 20
JOBS_AT_MOST = 100


class Cph(HuaweiCloudService):
    def error(self, cloud: Cloud, code: Any, message: str, status: int = 400) -> Answer:
        answer = super().error(cloud, code, message, status)
        answer.body["request_id"] = cloud.new_request_id()
        return answer

    def forbidden(self, cloud: Cloud) -> Answer:
        return self.error(cloud, "CPS.0001", "No permission to request resources.")

    def new_request_id(self, number: int) -> str:
        return make_id("request", number)

    def job_object(self, job: Job, now: float) -> dict[str, Any]:
        more = {"request_id": job.request_id, "execute_msg": None}
        return more | self.resource(job) | super().job_object(job, now)

    def resource(self, job: Job) -> dict[str, Any]:
        """Return the phone of a job that names neither phone nor server."""
        if {"phone_id", "server_id"} & {*job.script.fields, *job.fields}:
            return {}
        return {"phone_id": make_id("phone", job.job_id)}

    def answer(self, cloud: Cloud, call: Call, operation: Operation) -> Answer:
        if operation.name == "list_jobs":
            return self.list_jobs(cloud, call, operation)
        return super().answer(cloud, call, operation)

    def list_jobs(self, cloud: Cloud, call: Call, operation: Operation) -> Answer:
        """Answer ListJobs: ``request_ids`` wins over ``request_id``, at most 20 of them, 100 jobs a page."""
        request_ids = operation.job_ids
        if not 1 <= len(request_ids) <= REQUEST_IDS_AT_MOST:
            return self.error(cloud, "CPS.0049", "Parameter: request_id or request_ids is invalid.")
        try:
            limit, offset = (int(call.parameters.get(*pair)) for pair in (("limit", "100"), ("offset", "0")))
        except ValueError:
            limit = 0
        if not 1 <= limit <= JOBS_AT_MOST or offset < 0:
            return self.error(cloud, "CPS.0002", "Parameter: offset or limit is invalid.")
        now = cloud.clock.now()
        jobs = [
            job
            for job in cloud.store.of_requests(request_ids)
            if job.visible(now) and (job.script.project or operation.project) == operation.project
        ]
        if not jobs:
            return self.error(cloud, "CPS.0050", "No jobs found by the request id.")
        page = [self._listed(self.show(job, now)) for job in jobs[offset : offset + limit]]
        return Answer(200, {"request_id": cloud.new_request_id(), "jobs": page})

    def _listed(self, shown: Any) -> Any:
        """Return a job as the list shows it: of ShowJob's fields, ListJobs lacks the request id."""
        return {key: value for key, value in shown.items() if key != "request_id"} if isinstance(shown, dict) else shown

    def submit_answer(self, jobs: Sequence[Job], rejected: Sequence[Mapping[str, Any]]) -> Any:
        items = [self._submitted(job) for job in jobs] + [dict(item) for item in rejected]
        return {"request_id": jobs[0].request_id if jobs else make_id("request", repr(rejected)), "jobs": items}

    def _submitted(self, job: Job) -> dict[str, Any]:
        shown = self.resource(job) | dict(job.script.fields) | dict(job.fields)
        name = "phone_id" if "phone_id" in shown else "server_id"
        return {name: shown[name], "job_id": job.job_id, "error_code": None, "error_msg": None}
