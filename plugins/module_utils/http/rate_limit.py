# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client-side rate limiter: how soon the next request may go out. Knows neither HTTP nor Ansible."""

from __future__ import annotations

import collections
import math
import threading
import typing as t

# Turns that are remembered, and so the highest rate that is kept to.
MEMORY = 1000


class RateLimiter:
    """Lets at most `rate` requests start in any one second, and at most a third of them at once.

    Safe for use by several threads: each reserves its turn, then sleeps until it comes. `throttled` counts the requests
    that the service refused for coming too soon.
    """

    def __init__(self, rate: float, clock: t.Callable[[], float], sleep: t.Callable[[float], None]) -> None:
        self.rate = rate
        self.throttled = 0
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        # Those of the last second decide; a higher rate needs no longer memory than this.
        self._turns: collections.deque[float] = collections.deque(maxlen=MEMORY)

    def limit_to(self, rate: float) -> None:
        """Keep to a lower rate from now on."""
        with self._lock:
            self.rate = min(self.rate, rate)

    def throttle(self) -> None:
        """Take note of a request that the service refused for coming too soon."""
        with self._lock:
            self.throttled += 1

    def acquire(self, deadline: float = math.inf) -> bool:
        """Return True when the next request may start; False, at once, where that is only after `deadline`."""
        with self._lock:
            turn = self._clock()
            burst = min(MEMORY, max(1, int(self.rate / 3)))
            per_second = min(MEMORY, max(1, int(self.rate)))
            # How many turns, and the seconds that must lie between the first of them and the next one.
            windows = ((burst, burst / self.rate), (per_second, max(1.0, per_second / self.rate)))
            for count, seconds in windows:
                if len(self._turns) >= count:
                    turn = max(turn, self._turns[-count] + seconds)
            if turn > deadline:
                return False
            self._turns.append(turn)
        pause = turn - self._clock()
        if pause > 0:
            self._sleep(pause)
        return True
