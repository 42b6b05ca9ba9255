# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time in which nobody sleeps: it jumps to wherever somebody would wait for it."""

from __future__ import annotations

import math
import select
import time
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.http.total_timeout import TimedReader


class JumpingClock:
    """Clock of the embedded cloud and of the code under test alike, so that both live in the same time.

    It stands still until somebody jumps, so how fast the machine is makes no difference. `silent`: the cloud has sent
    all that it will ever send, and keeps the connection open. `hungry`: the client has read all that has come so far.
    `patience`: when it will have waited long enough.
    """

    def __init__(self) -> None:
        self.silent = False
        self.hungry = False
        self.patience = math.inf
        self._start = self._now = 1000.0
        self._wall = time.time()

    def monotonic(self) -> float:
        """Seconds that begin anywhere, in place of time.monotonic()."""
        return self._now

    def jump(self, seconds: float) -> None:
        """Let time pass, in place of time.sleep()."""
        self.jump_to(self._now + seconds)

    def jump_to(self, moment: float) -> None:
        """Let time pass until then."""
        self._now = max(self._now, moment)

    def now(self) -> float:
        """Seconds since the start: the cloud's job time."""
        return self._now - self._start

    def real(self) -> float:
        """The same: rates and the record of requests."""
        return self.now()

    def wall(self) -> float:
        """Unix time, in place of time.time()."""
        return self._wall + self.now()


class JumpingReader(TimedReader):
    """Runs into the timeout at once where nothing more will come."""

    clock: t.ClassVar[JumpingClock]

    def readinto(self, buffer: t.Any) -> int | None:
        """Wait for bytes, or for word that there will be none."""
        while not self._is_readable(0.005 if self.clock.hungry else 0):
            if self.clock.silent and not self._is_readable(0):
                self.clock.silent = False
                self.clock.jump_to(self._end)
                raise TimeoutError
            self.clock.patience, self.clock.hungry = self._end, True
        return super().readinto(buffer)

    def _is_readable(self, seconds: float) -> bool:
        return bool(select.select([self._sock], [], [], seconds)[0])
