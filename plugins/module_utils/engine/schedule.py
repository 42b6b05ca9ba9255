# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to poll next: pure functions, all times in seconds. Knows neither HTTP nor Ansible.

The interval grows with the root of the time already waited: where a poll and a second of not knowing have a price
each, and nothing is known of a job's duration, that costs the least (optimum checking: Barlow, Hunter and Proschan
1963; Keller 1974). Two kinds of knowledge change it: the progress that the service tells, and the jobs of the same kind
that have ended.
"""

from __future__ import annotations

import math
import typing as t
from bisect import bisect_left

# Seconds between two polls after one second, growing with the root of the time: a poll is worth an eighth of a second.
GROWTH = 0.5
# Polls of many tasks that started together drift apart by up to this share.
JITTER = 0.1
# Points of progress that must have been made: with fewer, whole percents say too little about the speed.
PROGRESS_FLOOR = 2
# Share of the estimated remaining time to let pass: an estimate can be too long by a factor of three.
REMAINING_SHARE = 0.3
# However long the estimate, never let more than this share of the elapsed time pass.
ELAPSED_SHARE = 0.5
# Jobs that ended up to this factor ago tell how likely one is to end now: narrow against the spread of jobs of one kind
# (some tens of percent), wide against the interval.
NEAR = 1.2
# Jobs that must have ended there: fewer may be chance.
ENOUGH = 3
# Share of the interval to take where jobs end at the rate that suits it, one per unit of log-time: half the delay for
# the requests that it costs, in the simulation.
INTERVAL_FACTOR = 0.5
# A request that tells of more jobs than this is worth sending more often.
CHEAP = 10
# First pause after a failed request, doubled after each further one.
BACK_OFF = 1.0
# The longest pause where nobody says otherwise.
MAX_BACK_OFF = 30.0


class ProgressTrend(t.NamedTuple):
    """The progress of a job so far: from `origin` percent, last seen after `since` seconds, to `latest` percent.

    `moved`: the seconds after which it had moved last.
    """

    origin: int
    since: float
    latest: int
    moved: float


def clamp(value: float, low: float, high: float) -> float:
    """Return `value`, but not below `low`, and never above `high`."""
    return min(max(value, low), high)


def follow(trend: ProgressTrend | None, progress: int | None, elapsed: float) -> ProgressTrend | None:
    """Return the trend after a poll that found `progress` (0..100, or None where the service tells none)."""
    if progress is None:
        return None
    if trend is None or progress < trend.latest or progress == trend.origin:
        moved = trend.moved if trend is not None and trend.latest == progress else elapsed
        return ProgressTrend(progress, elapsed, progress, moved)
    return trend if progress == trend.latest else trend._replace(latest=progress, moved=elapsed)


def remaining(trend: ProgressTrend | None, elapsed: float) -> float | None:
    """Return the seconds until 100 percent, at the speed since the progress was first seen to move, or None.

    Not at the speed since the wait began: the job may have begun long before the wait, or may have queued meanwhile.
    """
    if trend is None or trend.latest - trend.origin < PROGRESS_FLOOR:
        return None
    return (elapsed - trend.since) * (100 - trend.latest) / (trend.latest - trend.origin)


def interval_factor(elapsed: float, ended: t.Sequence[float], running: int, together: float, crowd: float) -> float:
    """Return the share of the interval to take, 1 or less, where other jobs of the same wait have ended.

    `ended`: the seconds after which they had, in order; `running`: jobs that go on; `together`: jobs that one request
    tells about; `crowd`: jobs from which on every second less costs more requests than it is worth.

    The rate of ends per unit of log-time is estimated as ends over exposure, which counts the jobs that go on as
    censored observations, and assumes no shape: jobs of two kinds in one list are two peaks. The best interval is
    inversely proportional to the square root of the rate, and of the jobs that a poll tells about (Keller 1974).
    """
    ends = len(ended) - bisect_left(ended, elapsed / NEAR)
    if ends < ENOUGH or len(ended) + running > crowd:
        return 1.0
    # One end and one unit of exposure that nobody saw: with few jobs the rate stays near the ordinary one.
    rate = (ends + 1) / ((running + ends / 2) * math.log(NEAR) + 1)
    return min(1.0, INTERVAL_FACTOR / math.sqrt(rate * max(1.0, together / CHEAP)))


def poll_interval(
    elapsed: float,
    remains: float | None,
    factor: float,
    shortest: float,
    longest: float,
    chance: float,
    stalled: float = 0.0,
) -> float:
    """Return the seconds until the next poll of a job that has been waited for since `elapsed` seconds.

    `remains`: the estimated remaining time, or None; `factor`: what `interval_factor` says; `chance`: a random number
    in 0..1 for the jitter; `stalled`: the seconds since the progress moved.
    """
    if remains is not None:
        # Progress that stands still says ever less: it is as if the wait began anew when it moved last.
        pause = max(min(REMAINING_SHARE * remains, ELAPSED_SHARE * elapsed), GROWTH * math.sqrt(stalled))
    else:
        pause, longest = GROWTH * math.sqrt(elapsed) * factor, max(longest * factor, shortest)
    return clamp(pause * (1 - JITTER + 2 * JITTER * chance), shortest, longest)


def back_off(tries: int, longest: float, chance: float) -> float:
    """Return the seconds to leave a service alone after `tries` failed requests in a row, jittered down to a half."""
    pause: float = min(BACK_OFF * 2.0 ** min(tries - 1, 16), longest)
    return pause * (0.5 + 0.5 * chance)
