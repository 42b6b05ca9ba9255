# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of tasks: the same keys on success and on failure, for one group of jobs or for several."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..engine.group import Outcome
from ..model.errors import CloudwaitError
from ..model.job import Failure, Job, State, summarise
from .words import words_of

FAILURES = (State.FAILED, State.NOT_FOUND)


@dataclass(frozen=True)
class GroupResult:
    """The end of the wait for a group. `until`: the names waited for, empty for a single poll; `timeout` is in seconds.

    `outcome` is None where `refusal` says why nothing could be asked; `keys` are the ids that were asked for;
    `include_raw`: each job tells what its service said; `is_check`: check mode has turned a wait into a single poll.
    `name` tells the group apart from others, `place` says where its jobs are looked up.
    """

    provider: str
    keys: t.Sequence[str]
    until: t.Sequence[str]
    timeout: float
    outcome: Outcome | None = None
    refusal: CloudwaitError | None = None
    interrupted: bool = False
    include_raw: bool = True
    is_check: bool = False
    name: str = ""
    place: str = ""

    @property
    def title(self) -> str:
        """The name of the group in a sentence."""
        return self.name or self.provider

    @property
    def jobs(self) -> t.Sequence[Job]:
        """The jobs, in the order asked."""
        return self.outcome.jobs if self.outcome else ()

    @property
    def unfinished(self) -> list[str]:
        """The ids worth asking for again."""
        return list(self.outcome.unfinished if self.outcome else dict.fromkeys(self.keys))

    @property
    def failed_ids(self) -> list[str]:
        """The ids of the jobs that failed or were not found, or ended in another state than is waited for."""
        elsewhere = {job.job_id for job in self.outcome.ended_elsewhere} if self.outcome else set()
        failed = [job for job in self.jobs if job.state in FAILURES or job.job_id in elsewhere]
        return list(dict.fromkeys(job.job_id for job in failed if job.job_id is not None))

    @property
    def failure(self) -> Failure | None:
        """Why the task fails, or None."""
        outcome = self.outcome
        error = self.refusal or (outcome.error if outcome else None)
        if error is not None or outcome is None:
            return error.as_failure() if error else None
        if outcome.ended_elsewhere:
            return _failure("job_failed", outcome.ended_elsewhere[0], _ended(outcome.ended_elsewhere[0]))
        if outcome.missing and self.until:
            missing = next(job for job in outcome.jobs if job.state is State.NOT_FOUND)
            return _failure("not_found", missing, f"The job was not found{f' {self.place}' if self.place else ''}.")
        if outcome.refused:
            return next(iter(outcome.refused.values())).as_failure()
        if outcome.timed_out or self.interrupted:
            last = outcome.last_error
            message = f"The last request failed: {last}" if last else "The time was up before every job had arrived."
            return Failure("timeout", last.code if last else None, message)
        return None


def _ended(job: Job) -> str:
    return "The job failed." if job.state is State.FAILED else f"The job ended as {words_of(job.state.value)}."


def _failure(kind: str, job: Job, otherwise: str) -> Failure:
    error = job.error
    message = error.message if error and error.message else otherwise
    return Failure(kind, error.code if error else None, message)


def result_of(group: GroupResult, requests: int, throttled: int = 0) -> dict[str, t.Any]:
    """Return the result for one group, but for its `msg`; `requests` is the number of HTTP requests.

    `throttled` is the number of those that were refused for coming too soon.
    """
    outcome, failure = group.outcome, group.failure
    result: dict[str, t.Any] = {
        "changed": False,
        "jobs": [job.as_dict(group.include_raw) for job in group.jobs],
        "summary": summarise(group.jobs),
        "unfinished": group.unfinished,
        "failed_ids": group.failed_ids,
        "timed_out": outcome.timed_out if outcome else False,
        "elapsed": round(outcome.elapsed, 3) if outcome else 0.0,
        "polls": outcome.polls if outcome else 0,
        "requests": requests,
        "throttled": throttled,
    }
    if failure is not None:
        result.update(failed=True, failure=failure.as_dict())
    return result


def result_of_all(
    groups: t.Sequence[GroupResult],
    message: str,
    table: t.Sequence[str],
    elapsed: float,
    requests: int,
    throttled: int,
) -> dict[str, t.Any]:
    """Return the result of a module that waits for several groups; `elapsed` is in seconds."""
    jobs = [job for group in groups for job in group.jobs]
    failures = [(group.provider, group.failure) for group in groups]
    return {
        "changed": False,
        "failed": any(failure for _provider, failure in failures),
        "msg": message,
        "jobs": [job.as_dict(group.include_raw) for group in groups for job in group.jobs],
        "summary": summarise(jobs),
        "unfinished": [job_id for group in groups for job_id in group.unfinished],
        "failed_ids": [job_id for group in groups for job_id in group.failed_ids],
        "timed_out": any(group.outcome is not None and group.outcome.timed_out for group in groups),
        "elapsed": round(elapsed, 3),
        "polls": sum(group.outcome.polls for group in groups if group.outcome),
        "requests": requests,
        "throttled": throttled,
        "failures": [{"provider": provider or None, **failure.as_dict()} for provider, failure in failures if failure],
        "table": list(table),
    }
