# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service as the embedded cloud plays it: what follows from its facts, for every service alike.

Subclasses have what is special to a cloud, or to a service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from .exchange import Answer, Call
from .facts import ABSENT as LEFT_OUT
from .facts import Code, Facts
from .script import ABSENT, FINAL, STRANGE, WORDS
from .store import Job, make_id

if TYPE_CHECKING:
    from .cloud import Cloud
    from .routes import Operation

# The word that is shown where a service has none for a state.
NEAREST = {"pending": "running", "running": "pending"}
# What stands for a status that no reference has, by the type of those that it has.
STRANGERS: dict[type, Any] = {str: "PONDERING", int: 99}


class Service:
    """A job API."""

    # Whether its jobs have parts that follow scripts of their own.
    has_tasks: ClassVar[bool] = False
    # What stands in the place of a time that has not come.
    no_time: ClassVar[Any] = None

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.name = facts.provider
        self.words = facts.words

    def answer(self, cloud: Cloud, call: Call, operation: Operation) -> Answer:
        """Answer a query that has passed the gateway."""
        raise NotImplementedError

    def submit_answer(self, jobs: Sequence[Job], rejected: Sequence[Mapping[str, Any]]) -> Any:
        """Return what the service answers to the request that submitted the jobs."""
        raise NotImplementedError

    def error(self, cloud: Cloud, code: Any, message: str, status: int) -> Answer:
        """Return an error in the service's own shape."""
        return Answer(status, self.facts.error_body(code, message))

    def new_job_id(self, number: int) -> str:
        """Return the id of a new job."""
        made = make_id("job", self.name, number)
        return str(int(made[:12], 16)) if self.facts.has_numbers_as_ids else made

    def new_request_id(self, number: int) -> str:
        """Return the id of the request that starts jobs, empty where the service tells none."""
        return ""

    def unknown_job(self) -> Code:
        """Return the error for a job that the service does not know."""
        return self.facts.unknown_job

    def not_found(self, cloud: Cloud) -> Answer:
        """Return the answer for a job that the service does not know."""
        code = self.unknown_job()
        return self.error(cloud, code.code, "The job does not exist.", code.http)

    def word(self, job: Job, now: float) -> str:
        """Return the job's state in a script's words."""
        return job.script.word(job.second(now), self.words)

    def times(self, job: Job, now: float) -> tuple[Any, Any]:
        """Return begin and end as the service writes them."""
        second = job.second(now)
        begin = job.script.first(WORDS[1:], self.words)
        end = job.script.first(FINAL, self.words)
        return self._time(job, begin, second), self._time(job, end, second)

    def _time(self, job: Job, at: float | None, second: float) -> Any:
        if at is None or at > second:
            return self.no_time
        return self.format_time(job.unix(at), job.script.time_style)

    def format_time(self, unix: float, style: str | None) -> Any:
        """Return a Unix time as the service writes it."""
        return self.facts.write_time(unix)

    def status(self, job: Job, now: float) -> Any:
        """Return the status that the service shows, LEFT_OUT where the script wants none."""
        state = job.script.states.at(job.second(now), "pending")
        if not isinstance(state, str) or state not in (ABSENT, STRANGE, *WORDS):
            return state
        if state == ABSENT:
            return LEFT_OUT
        if state == STRANGE:
            return STRANGERS[type(next(iter(self.words)))]
        return self.facts.status_for(state, self.facts.status_for(NEAREST.get(state, ""), state))

    def told(self, job: Job, now: float) -> dict[str, Any]:
        """Return what the fields of a job's object say at the job time ``now``."""
        script = job.script
        begin, end = self.times(job, now)
        error = script.error if self.word(job, now) == "failed" else {}
        percent = script.progress.between(job.second(now)) if script.progress else None
        return self.facts.job_object(
            id=job.job_id,
            status=self.status(job, now),
            type=script.type or self.facts.type,
            begin=begin,
            end=end,
            code=error.get("code"),
            message=error.get("message"),
            progress=self.facts.write_progress(percent),
        )

    def job_object(self, job: Job, now: float) -> dict[str, Any]:
        """Return the job as the service shows it at the job time ``now``."""
        result = (job.script.result or {}) if self.word(job, now) == "succeeded" else {}
        return self.told(job, now) | dict(result) | dict(job.script.fields) | dict(job.fields)

    def show(self, job: Job, now: float) -> Any:
        """Return the job's object, or what the script wants shown in its place."""
        raw = job.script.raw.at(job.second(now)) if job.script.raw else None
        return self.job_object(job, now) if raw is None else raw

    def whole_answer(self, job: Job, now: float) -> Answer | None:
        """Return the whole answer that the script wants given at this time, None when it wants none."""
        spec = job.script.answers.at(job.second(now)) if job.script.answers else None
        return None if spec is None else answer_from(spec)


class HuaweiCloudService(Service):
    """A service of Huawei Cloud, whose query names one job."""

    def error(self, cloud: Cloud, code: Any, message: str, status: int = 400) -> Answer:
        return super().error(cloud, code, message, status)

    def not_found(self, cloud: Cloud) -> Answer:
        return Answer(200, self.facts.answer()) if self.facts.absent else super().not_found(cloud)

    def forbidden(self, cloud: Cloud) -> Answer:
        """Return the answer to a caller without rights in the project."""
        return cloud.gateway.error(cloud, 403, "0302", "The IAM user is not authorized to access the API")

    def find(self, cloud: Cloud, job_id: str, project: str | None) -> Job | Answer:
        """Return the job, or the answer for one that is not there (yet, or any more, or in this project)."""
        job = cloud.store.get(self.name, job_id)
        if job is None or (job.script.project or project) != project:
            return self.not_found(cloud)
        if not job.visible(cloud.clock.now()):
            return answer_from(job.script.not_found) if job.script.not_found else self.not_found(cloud)
        return job

    def answer(self, cloud: Cloud, call: Call, operation: Operation) -> Answer:
        found = self.find(cloud, operation.job_ids[0], operation.project)
        if isinstance(found, Answer):
            return found
        now = cloud.clock.now()
        return self.whole_answer(found, now) or Answer(200, self.facts.answer(self.show(found, now)))

    def submit_answer(self, jobs: Sequence[Job], rejected: Sequence[Mapping[str, Any]]) -> Any:
        answers = [{"job_id": job.job_id} for job in jobs]
        return answers[0] if len(answers) == 1 else answers


def answer_from(spec: Mapping[str, Any]) -> Answer:
    """Return the answer that a script or a fault spells out: status, headers, and body (JSON) or text."""
    body = spec["text"].encode() if "text" in spec else spec.get("body")
    headers = {str(name): str(value) for name, value in (spec.get("headers") or {}).items()}
    return Answer(int(spec.get("status", 200)), body, headers)


def utc(unix: float) -> datetime:
    """Return a Unix time as a datetime in UTC."""
    return datetime.fromtimestamp(unix, UTC)
