# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloud Phone: ShowJob and ListJobs (api-cph, cph_api_0521 and cph_api_0522)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from .exchange import Answer, Call
from .services import PathService, utc
from .store import Job, make_id

if TYPE_CHECKING:
    from .cloud import Cloud
    from .routes import Operation

REQUEST_IDS_AT_MOST = 20
JOBS_AT_MOST = 100


class Cph(PathService):
    name = "cph"
    status_field = "status"
    # CPH knows no pending: a job that waits is already shown as running.
    values: ClassVar[Mapping[str, Any]] = {"pending": 1, "running": 1, "succeeded": 2, "failed": -1}
    more_values: ClassVar[Mapping[Any, str]] = {1: "running"}
    unknown_job = (400, "CPS.0011", "Job is not found.")

    def error(self, cloud: Cloud, code: str, message: str, status: int = 400) -> Answer:
        return Answer(status, {"request_id": cloud.new_request_id(), "error_code": code, "error_msg": message})

    def format_time(self, unix: float, style: str | None) -> str:
        return utc(unix).strftime("%Y-%m-%dT%H:%M:%SZ")

    def job_object(self, job: Job, now: float) -> dict[str, Any]:
        word = self.word(job, now)
        begin, end = self.times(job, now)
        shown: dict[str, Any] = {
            "request_id": job.request_id,
            "job_id": job.job_id,
            "begin_time": begin,
            "end_time": end,
            "status": None,
            "error_code": None,
            "error_msg": None,
            "execute_msg": None,
        }
        if word == "failed":
            shown |= {"error_code": job.script.error.get("code"), "error_msg": job.script.error.get("message")}
        if word == "succeeded":
            shown |= job.script.result or {}
        self.set_status(shown, job, now)
        return shown | self.resource(job) | dict(job.script.fields) | dict(job.fields)

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
