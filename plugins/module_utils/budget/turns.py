# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns that several tasks share: the generic cell rate algorithm (ITU-T I.371, annex A), as pure functions.

Times are in seconds on one clock that all tasks read, rates in requests per second.
"""

from __future__ import annotations

import math
import typing as t

# The share of the rate that is used: turns that are one after the other here can arrive closer together.
USED = 0.9
# After a throttled request the rate is halved, not more often than this.
HALVED_EVERY = 1.0
# Each quiet stretch of so many seconds raises it by this share of the rate that was asked for.
QUIET = 10.0
RAISE = 0.1
# However often requests are throttled, this share of the rate is left.
LEAST = 0.01


class Turns(t.NamedTuple):
    """What tasks share: when the next turn is free, and at which moment throttling had left which share of the rate."""

    next_turn: float = 0.0
    share: float = 1.0
    throttled_at: float = -math.inf


def share_at(turns: Turns, now: float) -> float:
    """Return the share of the rate that may be used: what throttling left, raised by every quiet stretch since."""
    quiet = max(0.0, now - turns.throttled_at)
    return 1.0 if quiet == math.inf else min(1.0, turns.share + RAISE * (quiet // QUIET))


def reserve(turns: Turns, now: float, rate: float, longest: float) -> tuple[Turns, float | None]:
    """Return the turns with the next one taken, and how long to wait for it; None where it comes after `longest`."""
    turn = max(turns.next_turn, now)
    if turn - now > longest:
        return turns, None
    return turns._replace(next_turn=turn + 1 / (rate * USED * share_at(turns, now))), turn - now


def throttled(turns: Turns, now: float) -> Turns:
    """Return the turns after a throttled request: half the rate for everybody."""
    if now - turns.throttled_at < HALVED_EVERY:
        # Requests that were under way together are refused together.
        return turns
    return turns._replace(share=max(LEAST, share_at(turns, now) / 2), throttled_at=now)
