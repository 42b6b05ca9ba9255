# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the four services share: the shape of a service, its words for states, its times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from .exchange import Answer, Call
from .script import ABSENT, FINAL, WORDS
from .store import Job

if TYPE_CHECKING:
    from .cloud import Cloud
    from .routes import Operation


class Service:
    """A job API. Subclasses are declared in cph.py, ims.py, dws.py and uphone.py."""

    name: ClassVar[str]
    status_field: ClassVar[str]
    # A script's word for a state, and the value that the service has for it.
    values: ClassVar[Mapping[str, Any]]
    # Further values of the service, with the word that they amount to.
    more_values: ClassVar[Mapping[Any, str]] = {}

    def __init__(self) -> None:
        self.words: dict[Any, str] = {value: word for word, value in self.values.items()} | dict(self.more_values)

    def answer(self, cloud: Cloud, call: Call, operation: Operation) -> Answer:
        """Answer a query that has passed the gateway."""
        raise NotImplementedError

    def job_object(self, job: Job, now: float) -> dict[str, Any]:
        """Return the job as the service shows it at the job time ``now``."""
        raise NotImplementedError

    def submit_answer(self, jobs: Sequence[Job], rejected: Sequence[Mapping[str, Any]]) -> Any:
        """Return what the service answers to the request that submitted the jobs."""
        raise NotImplementedError

    def error(self, cloud: Cloud, code: str, message: str, status: int = 400) -> Answer:
        """Return an error in the service's own shape."""
        raise NotImplementedError

    def format_time(self, unix: float, style: str | None) -> Any:
        """Return a Unix time as the service writes it."""
        raise NotImplementedError

    def word(self, job: Job, now: float) -> str:
        """Return the job's state in a script's words."""
        return job.script.word(job.second(now), self.words)

    def times(self, job: Job, now: float) -> tuple[Any, Any]:
        """Return begin and end as the service writes them, each None as long as it has not come."""
        second = job.second(now)
        begin = job.script.first(WORDS[1:], self.words)
        end = job.script.first(FINAL, self.words)
        return self._time(job, begin, second), self._time(job, end, second)

    def _time(self, job: Job, at: float | None, second: float) -> Any:
        if at is None or at > second:
            return None
        return self.format_time(job.unix(at), job.script.time_style)

    def set_status(self, shown: dict[str, Any], job: Job, now: float) -> None:
        """Write the status into what is shown, or leave it out where the script says so."""
        state = job.script.states.at(job.second(now), "pending")
        if isinstance(state, str) and state == ABSENT:
            shown.pop(self.status_field, None)
        elif isinstance(state, str) and state in WORDS:
            shown[self.status_field] = self.values.get(state, state)
        else:
            shown[self.status_field] = state

    def show(self, job: Job, now: float) -> Any:
        """Return the job's object, or what the script wants shown in its place."""
        raw = job.script.raw.at(job.second(now)) if job.script.raw else None
        return self.job_object(job, now) if raw is None else raw

    def whole_answer(self, job: Job, now: float) -> Answer | None:
        """Return the whole answer that the script wants given at this time, None when it wants none."""
        spec = job.script.answers.at(job.second(now)) if job.script.answers else None
        return None if spec is None else answer_from(spec)


class PathService(Service):
    """A service whose query names one job in the path."""

    # How the service refuses a job that it does not know: HTTP status, code, message.
    unknown_job: ClassVar[tuple[int, str, str]]

    def not_found(self, cloud: Cloud) -> Answer:
        """Return the answer for a job that the service does not know."""
        status, code, message = self.unknown_job
        return self.error(cloud, code, message, status)

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
        return self.whole_answer(found, now) or Answer(200, self.show(found, now))

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
