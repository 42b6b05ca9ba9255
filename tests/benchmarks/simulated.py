# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real engine and the real pace, watching simulated jobs on a simulated clock."""

from __future__ import annotations

import heapq
import random
import typing as t
from dataclasses import dataclass

from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import JobQuery
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import Call, FetchResult, TargetKind
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.tracker import WaitOptions
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.wait import Wait
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.rate_limit import RateLimiter
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import CloudwaitError, ServiceError
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import FINAL, Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.place import Place
from ansible_collections.cloudwait.jobs.tests.benchmarks.field import Limit
from ansible_collections.cloudwait.jobs.tests.benchmarks.figures import Watched, last_lag

# Longer than any draw: the simulation is about looks, not about deadlines.
TIMEOUT = 1e7

# What a job that has been running for some seconds, and will for some seconds in all, tells of its progress.
Progress = t.Callable[[float, float], "int | None"]


def silent(_elapsed: float, _duration: float) -> int | None:
    """No progress is told."""
    return None


def honest(elapsed: float, duration: float) -> int | None:
    """The share of the duration that has passed, in whole percent."""
    return int(100 * elapsed / duration)


@dataclass(frozen=True)
class Service:
    """What one simulated service allows: ids per request, requests under way at once, requests per second, progress."""

    per_call: int = 1
    max_in_flight: int = 4
    per_second: float | None = None
    progress: Progress = silent


class Clock:
    """Simulated time, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


class SimulatedSource:
    """A source, and its executor, that answers from the jobs' durations; keys are their numbers."""

    provider = "simulated"
    place = Place(None, (), "")

    def __init__(self, service: Service, durations: t.Sequence[float], clock: Clock, max_rate: float) -> None:
        self.batch_size = self.window = service.per_call
        self.max_in_flight = service.max_in_flight
        self.requests = self.refused = 0
        self.detected = [0.0] * len(durations)
        self._service = service
        self._durations = durations
        self._clock = clock
        self._limit = Limit(service.per_second)
        self._pause = 0.0
        self.rate_limiter = RateLimiter(max_rate, clock, self._sleep)
        self._answers: list[tuple[float, int, FetchResult]] = []

    def _sleep(self, pause: float) -> None:
        self._pause = pause

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """As many as one request takes."""
        return keys[: self.batch_size]

    def fetch(self, keys: t.Sequence[str], deadline: float) -> t.NoReturn:
        """Be asked by nobody: the executor answers."""
        raise NotImplementedError

    def submit(self, call: Call) -> None:
        """Answer at the time at which the rate lets the request go; the round trip takes no time."""
        self._pause = 0.0
        self.rate_limiter.acquire()
        turn = self._clock.now + self._pause
        self.requests += 1
        error: CloudwaitError | None = None
        jobs: dict[str, list[Job]] = {}
        if self._limit.allows(turn):
            jobs = {key: [self._job(key, turn)] for key in call.keys}
        else:
            self.refused += 1
            error = ServiceError("Too many requests.", code="429", transient=True)
        heapq.heappush(self._answers, (turn, call.number, FetchResult(call, jobs, error)))

    def collect(self, deadline: float) -> t.Sequence[FetchResult]:
        """Let the time pass to the next answer, or to `deadline`."""
        if not self._answers or self._answers[0][0] > deadline:
            self._clock.now = max(self._clock.now, deadline)
            return []
        self._clock.now, _call, answer = heapq.heappop(self._answers)
        for key, jobs in answer.jobs.items():
            if jobs[0].state in FINAL:
                self.detected[int(key)] = self._clock.now
        return [answer]

    def _job(self, key: str, now: float) -> Job:
        duration = self._durations[int(key)]
        if now >= duration:
            return Job(key, self.provider, State.SUCCEEDED, progress=100)
        return Job(key, self.provider, State.RUNNING, progress=self._service.progress(now, duration))


def watch(
    durations: t.Sequence[float], service: Service, chance: random.Random, max_rate: float = 10, **options: t.Any
) -> Watched:
    """All jobs in one wait, which starts when they do."""
    clock = Clock()
    source = SimulatedSource(service, durations, clock, max_rate)
    keys = [str(number) for number in range(len(durations))]
    query = JobQuery(source, TargetKind.JOBS, keys, WaitOptions(until=FINAL, **options))
    (outcome,) = Wait([query], TIMEOUT, source, clock, chance.random).run()
    if outcome.unfinished:
        raise RuntimeError(f"The wait ended before {len(outcome.unfinished)} jobs: {outcome.error}")
    delays = [detected - duration for detected, duration in zip(source.detected, durations, strict=True)]
    lag = last_lag(durations, delays)
    return Watched(durations, delays, source.requests, source.refused, lag)


def watch_one(durations: t.Sequence[float], service: Service, seed: int, **options: t.Any) -> Watched:
    """Each job in a wait of its own."""
    chance = random.Random(seed)
    waits = [watch([duration], service, chance, **options) for duration in durations]
    return Watched(durations, [wait.delays[0] for wait in waits], sum(wait.requests for wait in waits))
