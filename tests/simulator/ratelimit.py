# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A limit of requests per second, as a gateway holds it."""

from __future__ import annotations

from collections import deque


class RateLimit:
    """At most ``limit`` requests within any second; None means no limit. Refused requests do not count."""

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self.refused = 0
        self._passed: deque[float] = deque()

    def passes(self, real: float) -> bool:
        """Say whether a request at that moment may pass, and count it when it may."""
        if self.limit is None:
            return True
        while self._passed and self._passed[0] <= real - 1.0:
            self._passed.popleft()
        if len(self._passed) >= self.limit:
            self.refused += 1
            return False
        self._passed.append(real)
        return True
