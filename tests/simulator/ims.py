# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special to IMS: what stands under ``entities``, sub jobs among it, and times as they were spelt at first."""

from __future__ import annotations

from typing import Any, ClassVar

from .facts import Code
from .script import Script
from .services import HuaweiCloudService, utc
from .store import Job, make_id


def image_id(*parts: object) -> str:
    """Return an image id in the spelling of a UUID."""
    digits = make_id("image", *parts)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


class Ims(HuaweiCloudService):
    has_tasks: ClassVar[bool] = True
    no_time: ClassVar[Any] = ""

    def unknown_job(self) -> Code:
        # The reference documents none; a plain 404 in IMS's own error shape is the mildest guess.
        return Code("IMG.0404", 404, "not_found")

    def format_time(self, unix: float, style: str | None) -> Any:
        """Return UTC with milliseconds; the style ``old`` is the first API versions' ``04-Jun-2015 18:11:06:586``."""
        if style != "old":
            return super().format_time(unix, style)
        time = utc(unix)
        return f"{time:%d-%b-%Y %H:%M:%S}:{time.microsecond // 1000:03}"

    def job_object(self, job: Job, now: float) -> dict[str, Any]:
        shown = self.told(job, now)
        shown["entities"] = shown.get("entities", {}) | self._entities(job, now)
        return shown | dict(job.script.fields) | dict(job.fields)

    def _entities(self, job: Job, now: float) -> dict[str, Any]:
        script, word = job.script, self.word(job, now)
        entities: dict[str, Any] = {}
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
        shown = self.told(part, now)
        made: dict[str, Any] = {}
        if self.word(part, now) == "succeeded":
            made = {"image_id": image_id(part.job_id)} if part.script.result is None else dict(part.script.result)
        return shown | {"entities": made} | dict(part.script.fields)
