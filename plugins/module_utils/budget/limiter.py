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

# The weight of the last turn in the rate that this task seems to get.
WEIGHT = 0.3


class SharedRateLimiter(RateLimiter):
    """Takes turns out of a budget; where it cannot be used any more, paces this task alone.

    `rate` is what this task can expect: less than its own where others wait for turns, too. `warn` is told once, and
    whether only who asks for details should hear of it.
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
        self._budget: Budget | None = budget
        self._warn = warn
        self._change = threading.Lock()
        self._waiting = 0

    def limit_to(self, rate: float) -> None:
        """Keep to a lower rate from now on."""
        super().limit_to(rate)
        self._own_rate = min(self._own_rate, rate)

    def acquire(self, deadline: float = math.inf) -> bool:
        """Return True when the next request may start; False, at once, where that is only after `deadline`."""
        budget = self._budget
        if budget is None:
            return super().acquire(deadline)
        with self._change:
            self._waiting += 1
        try:
            wait = budget.reserve(self._own_rate, deadline - self._clock())
            if wait is None:
                return False
            self._expect(wait)
            if wait > 0:
                self._sleep(wait)
            return True
        except BudgetError as exc:
            self._give_up(exc)
            return super().acquire(deadline)
        finally:
            with self._change:
                self._waiting -= 1

    def throttle(self) -> None:
        """Take note of a refused request, also for everybody else who shares the budget."""
        super().throttle()
        if self._budget is not None:
            try:
                self._budget.throttled()
            except BudgetError as exc:
                self._give_up(exc)

    def _expect(self, wait: float) -> None:
        """Learn from the wait for a turn how many this task gets: as many as are waited for in that time."""
        with self._change:
            got = self._waiting / wait if wait > 1 / self._own_rate else self._own_rate
            self.rate = min(self._own_rate, (1 - WEIGHT) * self.rate + WEIGHT * got)

    def _give_up(self, exc: BudgetError) -> None:
        with self._change:
            if self._budget is None:
                return
            self._budget = None
            self.rate = self._own_rate
        self._warn(f"The budget for requests is not shared, because {exc}; this task paces itself alone.", exc.is_quiet)
