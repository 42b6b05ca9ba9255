# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that share a budget while the service's limit changes, in simulated time."""

from __future__ import annotations

import heapq
import math
from pathlib import Path

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.machine import MachineBudget
from ansible_collections.cloudwait.jobs.tests.simulator.ratelimit import RateLimit

TASKS, RATE = 10, 20
# Seconds between a turn and its answer.
ROUND_TRIP = 0.1
# Before `LOWERED` the service allows RATE, until `LIFTED` half of it.
LOWERED, LIFTED, END = 60.0, 180.0, 360.0


class Requests:
    """Of each request, when the service saw it, and whether it was refused."""

    def __init__(self, folder: Path) -> None:
        self.seen: list[tuple[float, bool]] = []
        self._now = 0.0
        self._folder = folder
        self._run()

    def refused(self, start: float, end: float) -> int:
        return sum(refused for at, refused in self.seen if start <= at < end)

    def passed_per_second(self, start: float, end: float) -> float:
        return sum(not refused for at, refused in self.seen if start <= at < end) / (end - start)

    def _run(self) -> None:
        """Let every task ask for a turn as soon as it has an answer."""
        budgets = [
            MachineBudget(str(self._folder), "account", lambda: self._now, self._sleep) for _each in range(TASKS)
        ]
        service = RateLimit(RATE)
        moments = [(0.0, task, False) for task in range(TASKS)]
        while moments:
            self._now, task, is_sent = heapq.heappop(moments)
            if self._now > END:
                continue
            service.limit = RATE // 2 if LOWERED <= self._now < LIFTED else RATE
            if not is_sent:
                wait = budgets[task].reserve(RATE, math.inf)
                assert wait is not None
                heapq.heappush(moments, (self._now + wait, task, True))
                continue
            refused = not service.passes(self._now)
            self.seen.append((self._now, refused))
            if refused:
                budgets[task].throttled()
            heapq.heappush(moments, (self._now + ROUND_TRIP, task, False))

    def _sleep(self, seconds: float) -> None:
        raise AssertionError("Nobody holds the lock, so nobody waits for it.")


@pytest.fixture(scope="module")
def requests(tmp_path_factory: pytest.TempPathFactory) -> Requests:
    return Requests(tmp_path_factory.mktemp("budget") / "budgets")


def test_nothing_is_refused_while_the_limit_is_max_rate(requests: Requests) -> None:
    assert requests.refused(0, LOWERED) == 0
    assert requests.passed_per_second(0, LOWERED) >= 0.85 * RATE


def test_refused_requests_stop_within_ten_seconds_of_a_lower_limit(requests: Requests) -> None:
    assert requests.refused(LOWERED, LOWERED + 10) > 0
    # What is refused later only finds out whether the limit still holds: one burst in half a minute.
    later = [at for at, refused in requests.seen if refused and LOWERED + 10 <= at < LIFTED]
    assert len(later) <= 12
    assert requests.refused(LOWERED + 10, LIFTED) / (RATE / 2 * (LIFTED - LOWERED - 10)) < 0.015


def test_use_rises_again_within_two_minutes_of_the_end_of_the_limit(requests: Requests) -> None:
    assert requests.passed_per_second(LIFTED + 100, LIFTED + 120) >= 0.9 * RATE
    assert requests.refused(LIFTED, END) == 0
