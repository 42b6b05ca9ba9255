# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that change at given seconds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any


class Timeline:
    """Values by the second from which they hold.

    ``points`` maps seconds (numbers, or strings that spell them, as JSON has no other keys) to values. Raises
    ValueError for a key that is no number of seconds.
    """

    def __init__(self, points: Mapping[Any, Any]) -> None:
        pairs = sorted(((float(second), value) for second, value in points.items()), key=lambda pair: pair[0])
        if any(not second >= 0 for second, _value in pairs):
            raise ValueError("seconds are counted from the submit and cannot be negative")
        self.seconds = [second for second, _value in pairs]
        self.values = [value for _second, value in pairs]

    def at(self, second: float, before: Any = None) -> Any:
        """Return the value that holds at that second, ``before`` when none does yet."""
        index = bisect_right(self.seconds, second)
        return self.values[index - 1] if index else before

    def between(self, second: float) -> float | None:
        """Return the number at that second on straight lines between the points; None before the first."""
        index = bisect_right(self.seconds, second)
        if not index:
            return None
        start, value = self.seconds[index - 1], float(self.values[index - 1])
        if index == len(self.seconds):
            return value
        share = (second - start) / (self.seconds[index] - start)
        return value + share * (float(self.values[index]) - value)
