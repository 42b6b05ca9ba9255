# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rate limiter of a task whose turns come out of a budget that it shares with others."""

from __future__ import annotations

import math
import threading
import typing as t

from ..http.rate_limit import RateLimiter
from .budget import Budget, BudgetError

# The weight of the last wait for a turn in the one that is expected.
WEIGHT = 0.3


def expected_wait(before: float, wait: float, rate: float) -> float:
    """Return how many seconds a task can expect to wait for its next turn.

    `before` is what it expected so far, `wait` how long the last turn took, `rate` how many turns a second it may have
    when nobody else wants one. Every task waits for one turn at a time, so the queue holds as many turns as there are
    tasks, and no plan that is made by this wait leaves turns unused.
    """
    return (1 - WEIGHT) * before + WEIGHT * max(wait, 1 / rate)


class SharedRateLimiter(RateLimiter):
    """Takes turns out of a budget; where it cannot be used any more, paces this task alone.

    However many calls want a turn, the task waits for one at a time: a task with many jobs leaves room for one with
    few. `rate` is what this task can expect: less than its own where others wait for turns, too. `warn` is told once,
    and whether only who asks for details should hear of it.
    """

    def __init__(
        self,
        rate: float,
        clock: t.Callable[[], float],
        sleep: t.Callable[[float], None],
        budget: Budget,
        warn: t.Callable[[str, bool], None],
    ) -> None:
        super().__init__(rate, clock, sleep)
        self._own_rate = rate
        self._wait = 1 / rate
        self._budget: Budget | None = budget
        self._warn = warn
        self._queue = threading.Lock()

    def limit_to(self, rate: float) -> None:
        """Keep to a lower rate from now on."""
        super().limit_to(rate)
        self._own_rate = min(self._own_rate, rate)

    def acquire(self, deadline: float = math.inf) -> bool:
        """Return True when the next request may start; False where that is only after `deadline`."""
        seconds = min(max(0.0, deadline - self._clock()), threading.TIMEOUT_MAX)
        if not self._queue.acquire(timeout=seconds):
            return False
        try:
            # Another thread may give it up meanwhile.
            budget = self._budget
            if budget is None:
                return super().acquire(deadline)
            wait = budget.reserve(self._own_rate, deadline - self._clock())
            if wait is None:
                return False
            self._wait = expected_wait(self._wait, wait, self._own_rate)
            self.rate = min(self._own_rate, 1 / self._wait)
            if wait > 0:
                self._sleep(wait)
            return True
        except BudgetError as exc:
            self._give_up(exc)
            return super().acquire(deadline)
        finally:
            self._queue.release()

    def throttle(self) -> None:
        """Take note of a refused request, also for everybody else who shares the budget."""
        super().throttle()
        budget = self._budget
        if budget is not None:
            try:
                budget.throttled()
            except BudgetError as exc:
                self._give_up(exc)

    def _give_up(self, exc: BudgetError) -> None:
        with self._lock:
            if self._budget is None:
                return
            self._budget = None
            self.rate = self._own_rate
        self._warn(f"The budget for requests is not shared, because {exc}; this task paces itself alone.", exc.is_quiet)
