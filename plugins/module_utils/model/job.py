# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job model: a job of any service in one form. Plain data; knows neither HTTP nor Ansible."""

from __future__ import annotations

import enum
import typing as t
from dataclasses import dataclass, field

from .text import coded


class State(str, enum.Enum):
    """A job's state, in words that are the same for every service."""

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
class ErrorDetail:
    """Why a job, or a part of it, failed, in the service's own words."""

    code: str | None
    message: str | None

    def as_dict(self) -> dict[str, t.Any]:
        """Return a result's `error`."""
        return dict(vars(self))

    def __str__(self) -> str:
        return coded(self.code, self.message)


@dataclass(frozen=True)
class SubJob:
    """A part of a job, one of a result's `tasks`."""

    id: str | None
    state: State
    error: ErrorDetail | None = None
    resources: t.Mapping[str, t.Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, t.Any]:
        """Return one of a result's `tasks`."""
        return {**vars(self), "state": self.state.value, "error": self.error.as_dict() if self.error else None}


@dataclass(frozen=True)
class Job:
    """A job as the service last described it.

    `progress` is 0..100 or None, `duration` is in seconds, times are ISO 8601 (with `Z` only where the service
    documents UTC), `raw` is the service's own object, untouched. `step` is what the job is doing right now, for people
    who watch; it is no part of the result.
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
    error: ErrorDetail | None = None
    resources: t.Mapping[str, t.Any] = field(default_factory=dict)
    sub_jobs: t.Sequence[SubJob] = ()
    raw: t.Any = None
    step: str | None = None

    @property
    def finished(self) -> bool:
        """True in every final state; unknown and not found are not final."""
        return self.state in FINAL

    def as_dict(self, include_raw: bool = True) -> dict[str, t.Any]:
        """Return one of a result's `jobs`."""
        shown = {**vars(self), "state": self.state.value, "finished": self.finished}
        shown["error"] = self.error.as_dict() if self.error else None
        shown["tasks"] = [sub_job.as_dict() for sub_job in self.sub_jobs]
        left_out = ("sub_jobs", "step") if include_raw else ("sub_jobs", "step", "raw")
        return {name: value for name, value in shown.items() if name not in left_out}


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
        """Return a result's `failure`."""
        return dict(vars(self))


def once(jobs: t.Iterable[Job]) -> list[Job]:
    """Return the jobs without repetitions. The last word about a job is the latest."""
    found: dict[t.Any, Job] = {}
    for number, job in enumerate(jobs):
        # A request without any job stands in the list as a job without an id.
        found[(job.provider, job.job_id) if job.job_id is not None else number] = job
    return list(found.values())


def summarise(jobs: t.Iterable[Job]) -> dict[str, int]:
    """Return `total` and a count per state; a job that is listed several times counts once."""
    counts = dict.fromkeys(["total", *(state.value for state in State)], 0)
    for job in once(jobs):
        counts["total"] += 1
        counts[job.state.value] += 1
    return counts
