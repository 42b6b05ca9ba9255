# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durations to draw from. Seeded: the same call gives the same draws."""

from __future__ import annotations

import math
import random
import statistics

# The spread of durations where nothing is known of the jobs but their order of magnitude.
SIGMA = 0.6
# Medians of the columns, in seconds.
COLUMNS = {"20 s": 20.0, "1 min": 60.0, "5 min": 300.0, "20 min": 1200.0, "1 h": 3600.0}
NORMAL = statistics.NormalDist()


def lognormal(count: int, median: float, sigma: float, seed: int) -> list[float]:
    """`count` lognormal durations in seconds, in random order.

    Stratified: one draw from each of `count` equally likely slices, so that a thousand draws have the mean and the
    tails of the distribution, and a figure does not hang on the seed.
    """
    chance = random.Random(seed)
    durations = [
        median * math.exp(sigma * NORMAL.inv_cdf((number + 0.5 * (chance.random() + 0.5)) / count))
        for number in range(count)
    ]
    chance.shuffle(durations)
    return durations


def bimodal(count: int, medians: tuple[float, float], sigma: float, seed: int) -> list[float]:
    """Half of the jobs of one kind, half of another, in random order."""
    durations = lognormal(count // 2, medians[0], sigma, seed)
    durations += lognormal(count - count // 2, medians[1], sigma, seed + 1)
    random.Random(seed).shuffle(durations)
    return durations
