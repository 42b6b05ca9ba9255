# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that change at given seconds."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from .checks import Kind, check


def _second(key: str, value: Any) -> float:
    try:
        second = float(value)
    except (TypeError, ValueError):
        second = math.nan
    if not 0 <= second < math.inf:
        raise ValueError(f"{key} must map seconds since the submit, 0 or more, to values; {value!r} is no such second.")
    return second


class Timeline:
    """Values by the second from which they hold.

    ``points`` maps seconds since the submit (numbers, or strings that spell them, as JSON has no other keys) to values.
    Raises ValueError, with a sentence that names ``key``, for a key that is no number of seconds or a value of another
    kind, and for no points at all.
    """

    def __init__(self, key: str, points: Mapping[Any, Any], kind: Kind) -> None:
        pairs = sorted(((_second(key, second), value) for second, value in points.items()), key=lambda pair: pair[0])
        if not pairs:
            raise ValueError(f"{key} must have an entry for at least one second.")
        for _at, value in pairs:
            check(key, {"value": value}, {"value": kind})
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
