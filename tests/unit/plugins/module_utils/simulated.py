# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world for the wait engine: jobs that follow a timetable, on a clock that moves only when the engine sleeps."""

from __future__ import annotations

import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import JobQuery, Outcome
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import Call, FetchResult, TargetKind
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.tracker import WaitOptions
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.wait import Wait
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import CloudwaitError, ServiceError
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import UNTIL, ErrorDetail, Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.place import Place

# What a look finds: a state, a whole job, an error of the call, or None where the answer leaves the key out.
Seen: t.TypeAlias = "str | Job | CloudwaitError | t.Sequence[Job] | None"
# (from when, what is seen), in order of time
Timetable = t.Sequence[t.Tuple[float, Seen]]


def job(job_id: str, state: str, progress: int | None = None, status: t.Any = "RAW") -> Job:
    """A job as a service would describe it."""
    error = ErrorDetail("E.1", "It broke.") if state == "failed" else None
    return Job(job_id, "sim", State(state), status=status, progress=progress, error=error)


def blip(wait: float | None = None) -> ServiceError:
    """An error that may be gone the next time."""
    return ServiceError("The service answers HTTP 502.", code="502", transient=True, wait=wait)


class FixedRate:
    """A rate limiter that only tells its rate."""

    def __init__(self, rate: float) -> None:
        self.rate = rate


class World:
    """A source and its executor, which answer from timetables. `polls` records when each call began, and its keys.

    As an executor it also carries the calls to other worlds.
    """

    provider = "sim"
    place = Place(None, (), "")

    def __init__(
        self,
        timetables: t.Mapping[str, Timetable],
        batch_size: int = 1,
        max_in_flight: int = 1,
        round_trip: float = 0.0,
        max_rate: float = 10.0,
    ) -> None:
        self.now = 1000.0
        self.start = self.now
        self.polls: list[tuple[float, tuple[str, ...]]] = []
        self.batch_size = self.window = batch_size
        self.max_in_flight = max_in_flight
        self.rate_limiter = FixedRate(max_rate)
        self.timetables = timetables
        self._round_trip = round_trip
        self._coming: list[tuple[float, FetchResult]] = []

    def clock(self) -> float:
        """Seconds; begins anywhere, as a monotonic clock does."""
        return self.now

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """As many as one call carries."""
        return keys[: self.batch_size]

    def fetch(self, keys: t.Sequence[str], deadline: float) -> t.NoReturn:
        """Be asked by nobody: the executor answers."""
        raise NotImplementedError

    def submit(self, call: Call) -> None:
        """Answer after the round trip, or be cut off at the call's deadline."""
        source = t.cast("World", call.source)
        began = self.now - self.start
        source.polls.append((round(began, 3), tuple(call.keys)))
        ends = min(self.now + source._round_trip, call.deadline)
        answer = source._answer(call, began)
        if self.now + source._round_trip > call.deadline:
            answer = FetchResult(call, {}, ServiceError("Cut off.", transient=True))
        self._coming.append((ends, answer))

    def _answer(self, call: Call, moment: float) -> FetchResult:
        jobs: dict[str, list[Job]] = {}
        for key in call.keys:
            seen = self._seen(key, moment)
            if isinstance(seen, CloudwaitError):
                return FetchResult(call, {}, seen)
            if seen is None:
                jobs[key] = []
            elif isinstance(seen, str):
                jobs[key] = [job(key, seen)]
            else:
                jobs[key] = [seen] if isinstance(seen, Job) else list(seen)
        return FetchResult(call, jobs)

    def _seen(self, key: str, moment: float) -> Seen:
        current: Seen = None
        for begins, seen in self.timetables[key]:
            if begins <= moment + 1e-9:
                current = seen
        return current

    def collect(self, deadline: float) -> t.Sequence[FetchResult]:
        """Let time pass until the next answer, at most to `deadline`."""
        self._coming.sort(key=lambda item: item[0])
        if self._coming and self._coming[0][0] <= deadline:
            self.now = max(self.now, self._coming[0][0])
            ready = [answer for ends, answer in self._coming if ends <= self.now]
            self._coming = [item for item in self._coming if item[0] > self.now]
            return ready
        self.now = max(self.now, deadline)
        return []

    def times(self, key: str) -> list[float]:
        """When `key` was looked at."""
        return [moment for moment, keys in self.polls if key in keys]


def wait_in(
    world: World,
    keys: t.Sequence[str],
    until: str | None = "succeeded",
    kind: TargetKind = TargetKind.JOBS,
    chance: float = 0.5,
    timeout: float = 1800,
    **options: t.Any,
) -> Outcome:
    """Wait in a world; `chance` 0.5 is no jitter."""
    query = JobQuery(world, kind, keys, wanted(until, **options))
    (outcome,) = Wait([query], timeout, world, world.clock, lambda: chance).run()
    return outcome


def wanted(until: str | None = "succeeded", **options: t.Any) -> WaitOptions:
    """What to wait for; `until` joins names of states by commas."""
    names = until.split(",") if until else []
    return WaitOptions(until=frozenset().union(*(UNTIL[name] for name in names)) if names else None, **options)


def states(outcome: Outcome) -> list[str]:
    """The states of the result, in order."""
    return [job.state.value for job in outcome.jobs]
