# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait engine: polls the jobs of several sources until each has arrived, ended, or run out of time.

It knows neither HTTP nor Ansible. Clock and randomness are handed in; the executor carries calls to the sources and
back, and is also what the engine sleeps in, so that its tests run in simulated time.
"""

from __future__ import annotations

import itertools
import math
import typing as t

from .group import Group, JobQuery, Outcome, PollUpdate
from .source import Executor

# Is told what each round of polls brought to each group; returns after how many seconds it wants to be told again at
# the latest.
Observer = t.Callable[[t.Sequence[PollUpdate]], float]


class Wait:
    """One wait for the jobs of several sources, with one deadline for all that are waited for.

    `run()` waits; `outcomes()` tells what is known, at any time. `fail_fast` ends the wait for all groups as soon as a
    job of any can no longer arrive. Times are in seconds.
    """

    def __init__(
        self,
        queries: t.Sequence[JobQuery],
        timeout: float,
        executor: Executor,
        clock: t.Callable[[], float],
        random: t.Callable[[], float],
        observer: Observer | None = None,
        fail_fast: bool = False,
    ) -> None:
        self._executor = executor
        self._clock = clock
        self._observer = observer
        self._fail_fast = fail_fast
        started = clock()
        self._observe_at = math.inf if observer is None else started
        self._groups = [Group(query, started, started + timeout, clock, random) for query in queries]
        for group in self._groups:
            limiter = group.source.rate_limiter
            group.peers = [other for other in self._groups if other.source.rate_limiter is limiter]

    def run(self) -> list[Outcome]:
        """Wait until every group is done, the deadline has passed, or nothing more can be learnt."""
        numbers = itertools.count()
        groups_of_calls: dict[int, Group] = {}
        while any(group.is_open for group in self._groups):
            now = self._clock()
            for group in self._groups:
                if now >= group.deadline:
                    group.begin_last_polls(now)
                for call in group.due_calls(numbers):
                    groups_of_calls[call.number] = group
                    self._executor.submit(call)
            events = [group.next_event() for group in self._groups if group.is_open]
            results = self._executor.collect(min([self._observe_at, *events]))
            for result in results:
                groups_of_calls.pop(result.call.number).take(result)
            now = self._clock()
            for group in self._groups:
                group.end_in_time(now)
            if self._fail_fast and any(group.failed for group in self._groups):
                for group in self._groups:
                    group.stop()
            if self._observer is not None and (results or now >= self._observe_at):
                self._observe_at = self._clock() + self._observer([group.update() for group in self._groups])
        return self.outcomes()

    def outcomes(self) -> list[Outcome]:
        """Return what is known now of each group."""
        return [group.outcome() for group in self._groups]
