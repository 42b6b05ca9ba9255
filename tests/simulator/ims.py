# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Image Management: the query of an asynchronous job (api-ims, ims_03_0804)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from .exchange import Answer
from .script import Script
from .services import PathService, utc
from .store import Job, make_id

if TYPE_CHECKING:
    from .cloud import Cloud


def image_id(*parts: object) -> str:
    """Return an image id in the spelling of a UUID."""
    digits = make_id("image", *parts)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


class Ims(PathService):
    name = "ims"
    status_field = "status"
    # The reference documents no code for an unknown job; a plain 404 in IMS's own error shape is the mildest guess.
    unknown_job = (404, "IMG.0404", "The job does not exist.")
    values: ClassVar[Mapping[str, Any]] = {
        "pending": "INIT",
        "running": "RUNNING",
        "succeeded": "SUCCESS",
        "failed": "FAIL",
    }

    def error(self, cloud: Cloud, code: str, message: str, status: int = 400) -> Answer:
        return Answer(status, {"error": {"message": message, "code": code}})

    def format_time(self, unix: float, style: str | None) -> str:
        """Return UTC with milliseconds; the style ``old`` is the first API versions' ``04-Jun-2015 18:11:06:586``."""
        time = utc(unix)
        if style == "old":
            return f"{time:%d-%b-%Y %H:%M:%S}:{time.microsecond // 1000:03}"
        return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}Z"

    def job_object(self, job: Job, now: float) -> dict[str, Any]:
        shown = self._part(job, job.script, now)
        shown["entities"] = self._entities(job, now)
        return shown | dict(job.script.fields) | dict(job.fields)

    def _part(self, job: Job, script: Script, now: float) -> dict[str, Any]:
        begin, end = self.times(job, now)
        failed = self.word(job, now) == "failed"
        shown: dict[str, Any] = {
            "status": None,
            "job_id": job.job_id,
            "job_type": script.type or "imsCreateImageByInstance",
            "begin_time": begin or "",
            "end_time": end or "",
            "error_code": script.error.get("code") if failed else None,
            "fail_reason": script.error.get("message") if failed else None,
        }
        self.set_status(shown, job, now)
        return shown

    def _entities(self, job: Job, now: float) -> dict[str, Any]:
        script, second, word = job.script, job.second(now), self.word(job, now)
        entities: dict[str, Any] = {}
        percent = script.progress.between(second) if script.progress else None
        if percent is not None:
            entities["process_percent"] = round(percent / 100, 4)
        if script.tasks:
            parts = [self._sub_job(job, task, number) for number, task in enumerate(script.tasks)]
            entities["sub_jobs_result"] = [self._sub_result(part, now) for part in parts]
            entities["sub_jobs_list"] = [part.job_id for part in parts]
        if word == "succeeded":
            made = {} if script.tasks else {"image_id": image_id(job.job_id)}
            entities |= made if script.result is None else script.result
        if word == "failed":
            entities |= script.error.get("entities", {})
        return entities

    def _sub_job(self, job: Job, task: Script, number: int) -> Job:
        job_id = task.job_id or make_id("sub job", job.job_id, number)
        return Job(job_id, task, job.number, job.submitted, job.epoch, job.scale)

    def _sub_result(self, part: Job, now: float) -> dict[str, Any]:
        shown = self._part(part, part.script, now)
        made: dict[str, Any] = {}
        if self.word(part, now) == "succeeded":
            made = {"image_id": image_id(part.job_id)} if part.script.result is None else dict(part.script.result)
        return shown | {"entities": made} | dict(part.script.fields)
