# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cloud's three times: what jobs follow, what rates count, what clients see."""

from __future__ import annotations

import math
import threading
import time
from typing import Protocol


class Clock(Protocol):
    """What the cloud asks of a clock."""

    def now(self) -> float:
        """Seconds of job time since the start: runs ``speed`` times as fast as a wall clock."""

    def real(self) -> float:
        """Seconds on a monotonic clock without speed: rate limits and request times."""

    def wall(self) -> float:
        """Unix time as clients see it: signatures, tokens, key locks, ``Date``."""


class RealClock:
    """Time that passes by itself; job time passes ``speed`` times as fast.

    Raises ValueError when speed is not above 0.
    """

    def __init__(self, speed: float = 1.0) -> None:
        if math.isnan(speed) or speed <= 0:
            raise ValueError(f"The speed must be above 0, it is {speed}.")
        self.speed = speed
        self._start = time.monotonic()

    def now(self) -> float:
        return self.real() * self.speed

    def real(self) -> float:
        return time.monotonic() - self._start

    def wall(self) -> float:
        return time.time()


class ManualClock:
    """Time that stands still until a test moves it; all three times move together.

    ``start`` is the Unix time at second 0 (default: the time of construction).
    """

    def __init__(self, start: float | None = None) -> None:
        self._start = time.time() if start is None else start
        self._elapsed = 0.0
        self._lock = threading.Lock()

    def advance(self, seconds: float) -> None:
        """Move on by that many seconds; raises ValueError when they are negative."""
        if math.isnan(seconds) or seconds < 0:
            raise ValueError(f"Time cannot go back, {seconds} seconds were asked for.")
        with self._lock:
            self._elapsed += seconds

    def now(self) -> float:
        return self._elapsed

    def real(self) -> float:
        return self._elapsed

    def wall(self) -> float:
        return self._start + self._elapsed
