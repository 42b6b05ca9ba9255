# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data Warehouse: the query of a job's progress (api-dws, ListJobDetails)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from .exchange import Answer
from .services import PathService, utc
from .store import Job

if TYPE_CHECKING:
    from .cloud import Cloud


class Dws(PathService):
    name = "dws"
    status_field = "status"
    unknown_job = (404, "DWS.3027", "The job does not exist.")
    values: ClassVar[Mapping[str, Any]] = {
        "pending": "INIT",
        "running": "RUNNING",
        "succeeded": "SUCCESS",
        "failed": "FAIL",
    }
    more_values: ClassVar[Mapping[Any, str]] = {
        "WAITING": "pending",
        "DELAY_SCHEDULED": "pending",
        "STOP": "failed",
    }

    def error(self, cloud: Cloud, code: str, message: str, status: int = 400) -> Answer:
        return Answer(status, {"error_code": code, "error_msg": message})

    def format_time(self, unix: float, style: str | None) -> str:
        return utc(unix).strftime("%Y-%m-%dT%H:%M:%S")

    def job_object(self, job: Job, now: float) -> dict[str, Any]:
        script = job.script
        begin, end = self.times(job, now)
        failed = self.word(job, now) == "failed"
        percent = script.progress.between(job.second(now)) if script.progress else None
        shown: dict[str, Any] = {
            "job_id": job.job_id,
            "job_name": script.type or "ecfClusterRestartJob",
            "begin_time": begin,
            "end_time": end,
            "status": None,
            "failed_code": script.error.get("code") if failed else None,
            "failed_detail": script.error.get("message") if failed else None,
            "progress": "" if percent is None else f"{int(percent)}%",
        }
        self.set_status(shown, job, now)
        return shown | dict(script.fields) | dict(job.fields)
