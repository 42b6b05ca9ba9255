# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of each job and each key of a wait, and its next poll. Knows neither HTTP nor Ansible."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from ..engine import schedule
from ..model.errors import CloudwaitError
from ..model.job import Job, State
from ..model.text import scalar_text

SUCCESSES = frozenset({State.SUCCEEDED, State.PARTIALLY_SUCCEEDED})
# Warnings beyond this number say nothing new.
MAX_WARNINGS = 20


@dataclass(frozen=True)
class WaitOptions:
    """The options of a wait; times in seconds. `until` None: one poll and no waiting.

    `until_status`: the service's own values of a status with which a job has arrived, too.
    `call_timeout`: how long one call may take, with all its requests, beyond the wait for its turn. `max_warnings`: how
    many statuses that the service does not document are warned of.
    """

    until: frozenset[State] | None = None
    until_status: frozenset[str] = frozenset()
    delay: float = 0
    interval: float = 2
    max_interval: float = 30
    fail_fast: bool = False
    confirmations: int = 1
    not_found_grace: float = 60
    error_grace: float = 300
    call_timeout: float = 120
    max_warnings: int = MAX_WARNINGS


class PollPlan(t.NamedTuple):
    """The part of the next poll's time that all jobs of a group share, with so many keys `open`; times in seconds.

    `others`: how long a poll of all the others takes; `longest`: the longest interval; `factor`: the part of it to
    take, because other jobs of the group have ended.
    """

    now: float
    open: int
    elapsed: float
    others: float
    longest: float
    factor: float


@dataclass
class TrackedJob:
    """One job as it is known. `settled`: the engine is done with it; `arrived`: it is where it was waited for."""

    job: Job
    agreeing: int = 0
    missing_since: float | None = None
    ever_seen: bool = False
    settled: bool = False
    arrived: bool = False
    trend: schedule.ProgressTrend | None = None

    def see(self, job: Job, options: WaitOptions) -> bool:
        """Take in a poll that found the job; return whether it changed for somebody who watches."""
        before, known = self.job, self.ever_seen
        arrived = job.state in (options.until or ()) or scalar_text(job.status) in options.until_status
        agrees = known and job.state is before.state and (arrived is self.arrived or options.until is None)
        self.agreeing = self.agreeing + 1 if agrees else 1
        self.arrived = arrived
        self.job = job
        self.ever_seen = True
        self.missing_since = None
        is_success = job.state in SUCCESSES or (arrived and not job.finished and bool(options.until_status))
        is_doubtful = is_success and self.agreeing < options.confirmations
        self.settled = options.until is None or ((arrived or job.finished) and not is_doubtful)
        return not known or (job.state, job.progress, job.step) != (before.state, before.progress, before.step)

    def miss(self, said: Job | None, now: float, options: WaitOptions, is_complete: bool) -> bool:
        """Take in a poll that did not find the job; return whether that is the verdict, as the grace has passed.

        `is_complete`: the poll listed all jobs that there are.
        """
        if self.missing_since is None:
            self.missing_since = now
        if said is not None and not self.ever_seen:
            self.job = replace(said, job_id=self.job.job_id, resources=self.job.resources)
        self.agreeing = 0
        if options.until is None:
            self.settled = True
        elif is_complete and now >= self.missing_since + options.not_found_grace:
            self.job = replace(self.job, state=State.NOT_FOUND, error=said.error if said else self.job.error)
            self.arrived = False
            self.settled = True
            return True
        return False

    def next_poll(self, plan: PollPlan, options: WaitOptions, chance: float) -> float:
        """Return when to poll the job again."""
        if self.job.state in SUCCESSES:
            # Another poll is to confirm it.
            pause = options.interval
        else:
            self.trend = schedule.follow(self.trend, self.job.progress, plan.elapsed)
            remains = schedule.remaining(self.trend, plan.elapsed)
            # Where the rate leaves no room for more, polls would only queue up.
            shortest = options.interval if remains is not None else max(options.interval, plan.others)
            stalled = plan.elapsed - self.trend.moved if self.trend else 0.0
            pause = schedule.poll_interval(plan.elapsed, remains, plan.factor, shortest, plan.longest, chance, stalled)
        if self.missing_since is not None:
            grace_ends = self.missing_since + options.not_found_grace
            pause = min(pause, max(grace_ends - plan.now, options.interval))
        return plan.now + pause


@dataclass
class Target:
    """One key as it is known. `due`: when its next poll is planned; `ready`: from when on it may travel along.

    `listed`: the ids that the last poll found.
    """

    key: str
    due: float = 0.0
    ready: float = 0.0
    tracked: dict[str, TrackedJob] = field(default_factory=dict)
    listed: set[str] | None = None
    tries: int = 0
    done: bool = False
    error: CloudwaitError | None = None


def distinct(jobs: t.Sequence[Job]) -> dict[str, Job]:
    """Return the jobs that one poll found, by their ids; an answer that contradicts itself has ended nothing."""
    found: dict[str, Job] = {}
    for job in jobs:
        if job.state is not State.NOT_FOUND:
            before = found.setdefault(str(job.job_id), job)
            if before is not job and before.finished:
                found[str(job.job_id)] = job
    return found
