# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the requests of a task kept to its rate, by the times at which they came in."""

from __future__ import annotations

import typing as t

# Seconds by which requests may come in closer together than they were sent: on the way, and in a busy machine.
JITTER = 0.5


def closest(times: t.Sequence[float], count: int) -> float:
    """The seconds between a request and the `count`-th after it, where that is shortest; infinite for too few."""
    ordered = sorted(times)
    return min((late - early for early, late in zip(ordered, ordered[count:], strict=False)), default=float("inf"))


def too_fast(times: t.Sequence[float], max_rate: float) -> bool:
    """Whether more than `max_rate` requests came within a second, beyond what the way may have done."""
    return closest(times, int(max_rate)) < 1 - JITTER
