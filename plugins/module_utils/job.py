# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job model: one shape for a job of any service. Plain data; knows neither HTTP nor Ansible."""

from __future__ import annotations

import enum
import typing as t
from dataclasses import dataclass, field


class State(str, enum.Enum):
    """What a job is doing, whichever service runs it."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIALLY_SUCCEEDED = "partially_succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_FOUND = "not_found"


FINAL = frozenset({State.SUCCEEDED, State.PARTIALLY_SUCCEEDED, State.FAILED})

# What a user names in `until`, and the states that count as having arrived there.
UNTIL: t.Mapping[str, frozenset[State]] = {
    "started": FINAL | {State.RUNNING},
    "finished": FINAL,
    "succeeded": frozenset({State.SUCCEEDED}),
    "partially_succeeded": frozenset({State.PARTIALLY_SUCCEEDED}),
    "failed": frozenset({State.FAILED}),
}


@dataclass(frozen=True)
class JobError:
    """Why a job, or a part of it, failed, in the service's own words."""

    code: str | None
    message: str | None

    def as_dict(self) -> dict[str, t.Any]:
        """The shape of a result's `error`."""
        return {"code": self.code, "message": self.message}

    def __str__(self) -> str:
        return ": ".join(part for part in (self.code, self.message) if part)


@dataclass(frozen=True)
class Task:
    """A part of a job."""

    id: str | None
    state: State
    error: JobError | None = None
    resources: t.Mapping[str, t.Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, t.Any]:
        """The shape of a result's `tasks[]`."""
        return {
            "id": self.id,
            "state": self.state.value,
            "error": self.error.as_dict() if self.error else None,
            "resources": dict(self.resources),
        }


@dataclass(frozen=True)
class Job:
    """A job as the service last described it.

    `progress` is 0..100 or None, `duration` is in seconds, times are ISO 8601 (with `Z` only where the service
    documents UTC), `raw` is the service's own object, untouched.
    """

    job_id: str | None
    provider: str
    state: State
    status: t.Any = None
    type: str | None = None
    progress: int | None = None
    begin_time: str | None = None
    end_time: str | None = None
    duration: float | None = None
    error: JobError | None = None
    resources: t.Mapping[str, t.Any] = field(default_factory=dict)
    tasks: t.Sequence[Task] = ()
    raw: t.Any = None
    step: str | None = None  # what the job is doing right now, for people who watch; not part of the result

    @property
    def finished(self) -> bool:
        """True in every final state; unknown and not found are not final."""
        return self.state in FINAL

    def as_dict(self) -> dict[str, t.Any]:
        """The shape of a result's `jobs[]`."""
        return {
            "job_id": self.job_id,
            "provider": self.provider,
            "state": self.state.value,
            "status": self.status,
            "finished": self.finished,
            "type": self.type,
            "progress": self.progress,
            "begin_time": self.begin_time,
            "end_time": self.end_time,
            "duration": self.duration,
            "error": self.error.as_dict() if self.error else None,
            "resources": dict(self.resources),
            "tasks": [task.as_dict() for task in self.tasks],
            "raw": self.raw,
        }


@dataclass(frozen=True)
class Failure:
    """Why a task failed.

    `kind` is one of job_failed, timeout, not_found, authentication, permission, service, transport, invalid; `code`
    is the service's own, if it gave one.
    """

    kind: str
    code: str | None
    message: str

    def as_dict(self) -> dict[str, t.Any]:
        """The shape of a result's `failure`."""
        return {"kind": self.kind, "code": self.code, "message": self.message}


def summarise(jobs: t.Iterable[Job]) -> dict[str, int]:
    """`total` and a count per state; a job that is listed several times counts once."""
    counts = dict.fromkeys(["total", *(state.value for state in State)], 0)
    seen: set[str] = set()
    for job in jobs:
        if job.job_id is not None:
            if job.job_id in seen:
                continue
            seen.add(job.job_id)
        counts["total"] += 1
        counts[job.state.value] += 1
    return counts
