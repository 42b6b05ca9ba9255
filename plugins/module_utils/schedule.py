# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to look next: pure functions, all times in seconds. Knows neither HTTP nor Ansible.

The interval grows in proportion to the time already waited, which bounds the detection delay to a share of the job's
duration with the fewest looks that can promise it (optimum checking: Barlow, Hunter and Proschan 1963; Keller 1974).
"""

from __future__ import annotations

# Share of the elapsed time between two looks: the delay stays near a tenth of the job's duration.
GROWTH = 0.1
# Looks of many tasks that started together drift apart by up to this share.
JITTER = 0.1
# A progress below this percentage says too little about the remaining time.
PROGRESS_FLOOR = 2
# Share of the estimated remaining time to let pass: an estimate can be too long by a factor of three.
REMAINING_SHARE = 0.3
# However long the estimate, never let more than this share of the elapsed time pass.
ELAPSED_SHARE = 0.5
# First pause after a failed request, doubled after each further one.
BACK_OFF = 1.0


def clamp(value: float, low: float, high: float) -> float:
    """`value`, but not below `low`, and never above `high`."""
    return min(max(value, low), high)


def look_interval(elapsed: float, progress: int | None, shortest: float, longest: float, chance: float) -> float:
    """Seconds until the next look at a job that has been waited for since `elapsed` seconds.

    `progress` is the service's own (0..100) or None, `chance` a random number in 0..1 for the jitter.
    """
    pause = GROWTH * elapsed
    if progress is not None and PROGRESS_FLOOR < progress <= 100:
        remaining = elapsed * (100 - progress) / progress
        pause = clamp(REMAINING_SHARE * remaining, shortest, ELAPSED_SHARE * elapsed)
    return clamp(pause * (1 - JITTER + 2 * JITTER * chance), shortest, longest)


def longest_interval(max_interval: float, targets: int, batch_size: int, max_rate: float) -> float:
    """`max_interval`, or the time that one round over all `targets` takes at `max_rate` requests per second."""
    return max(max_interval, targets / (max_rate * batch_size))


def back_off(tries: int, longest: float, chance: float) -> float:
    """Seconds to leave a service alone after `tries` failed requests in a row (1 or more), jittered down to a half."""
    pause: float = min(BACK_OFF * 2.0 ** min(tries - 1, 16), longest)
    return pause * (0.5 + 0.5 * chance)
