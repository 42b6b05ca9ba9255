# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world for the wait engine: jobs that follow a timetable, on a clock that moves only when the engine sleeps."""

from __future__ import annotations

import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import JobsError, ServiceError
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import UNTIL, Job, JobError, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.wait import Answer, Keys, Options, Outcome, Wait

# What a look finds: a state, a whole job, an error of the call, or None where the answer leaves the key out.
Seen: t.TypeAlias = "str | Job | JobsError | t.Sequence[Job] | None"
# (from when, what is seen), in order of time
Timetable = t.Sequence[t.Tuple[float, Seen]]


def job(job_id: str, state: str, progress: int | None = None, status: t.Any = "RAW") -> Job:
    """A job as a service would describe it."""
    error = JobError("E.1", "It broke.") if state == "failed" else None
    return Job(job_id, "sim", State(state), status=status, progress=progress, error=error)


def blip(wait: float | None = None) -> ServiceError:
    """An error that may be gone the next time."""
    return ServiceError("The service answers HTTP 502.", code="502", transient=True, wait=wait)


class World:
    """Calls that answer from timetables. `looks` records when each call began and what it asked for."""

    provider = "sim"

    def __init__(
        self,
        timetables: t.Mapping[str, Timetable],
        batch_size: int = 1,
        workers: int = 1,
        round_trip: float = 0.0,
    ) -> None:
        self.now = 1000.0
        self.start = self.now
        self.looks: list[tuple[float, tuple[str, ...]]] = []
        self.batch_size = self.window = batch_size
        self.workers = workers
        self._timetables = timetables
        self._round_trip = round_trip
        self._coming: list[tuple[float, Answer]] = []

    def clock(self) -> float:
        """Seconds; begins anywhere, as a monotonic clock does."""
        return self.now

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """As many as one call carries."""
        return keys[: self.batch_size]

    def submit(self, call: int, keys: t.Sequence[str], until: float) -> None:
        """Answer after the round trip, or be cut off at `until`."""
        began = self.now - self.start
        self.looks.append((round(began, 3), tuple(keys)))
        ends = min(self.now + self._round_trip, until)
        answer = self._answer(call, keys, began)
        if self.now + self._round_trip > until:
            answer = Answer(call, {}, ServiceError("Cut off.", transient=True))
        self._coming.append((ends, answer))

    def _answer(self, call: int, keys: t.Sequence[str], moment: float) -> Answer:
        jobs: dict[str, list[Job]] = {}
        for key in keys:
            seen = self._seen(key, moment)
            if isinstance(seen, JobsError):
                return Answer(call, {}, seen)
            if seen is None:
                jobs[key] = []
            elif isinstance(seen, str):
                jobs[key] = [job(key, seen)]
            else:
                jobs[key] = [seen] if isinstance(seen, Job) else list(seen)
        return Answer(call, jobs)

    def _seen(self, key: str, moment: float) -> Seen:
        current: Seen = None
        for begins, seen in self._timetables[key]:
            if begins <= moment + 1e-9:
                current = seen
        return current

    def collect(self, until: float) -> t.Sequence[Answer]:
        """Let time pass until the next answer, at most to `until`."""
        self._coming.sort(key=lambda item: item[0])
        if self._coming and self._coming[0][0] <= until:
            self.now = max(self.now, self._coming[0][0])
            ready = [answer for ends, answer in self._coming if ends <= self.now]
            self._coming = [item for item in self._coming if item[0] > self.now]
            return ready
        self.now = max(self.now, until)
        return []

    def times(self, key: str) -> list[float]:
        """When `key` was looked at."""
        return [moment for moment, keys in self.looks if key in keys]


def wait_in(
    world: World,
    keys: t.Sequence[str],
    until: str | None = "succeeded",
    kind: Keys = Keys.JOBS,
    chance: float = 0.5,
    **options: t.Any,
) -> Outcome:
    """Wait in a world; `chance` 0.5 is no jitter."""
    names = until.split(",") if until else []
    states = frozenset().union(*(UNTIL[name] for name in names)) if names else None
    return Wait(keys, kind, Options(until=states, **options), world, world.clock, lambda: chance).run()


def states(outcome: Outcome) -> list[str]:
    """The states of the result, in order."""
    return [job.state.value for job in outcome.jobs]
