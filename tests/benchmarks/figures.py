# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a simulated wait is judged by."""

from __future__ import annotations

import math
import statistics
import typing as t
from dataclasses import dataclass


@dataclass(frozen=True)
class Watched:
    """One or many jobs, watched to their ends: durations and detection delays in seconds, in the same order.

    `refused`: requests that the service answered with 429. `lag`: from the end of the job that ended last until
    everything was known, in seconds.
    """

    durations: t.Sequence[float]
    delays: t.Sequence[float]
    requests: int
    refused: int = 0
    lag: float = 0.0

    @property
    def per_job(self) -> float:
        """Requests per job."""
        return self.requests / len(self.delays)

    @property
    def mean(self) -> float:
        """Mean detection delay, in seconds."""
        return statistics.fmean(self.delays)

    @property
    def p95(self) -> float:
        """95th percentile of the detection delay, in seconds."""
        return sorted(self.delays)[math.ceil(0.95 * len(self.delays)) - 1]

    @property
    def share_refused(self) -> float:
        """Share of requests that the service answered with 429."""
        return self.refused / self.requests

    def as_dict(self) -> dict[str, float]:
        """The figures, rounded to what they are good for."""
        return {
            "requests_per_job": round(self.per_job, 2),
            "mean_delay": round(self.mean, 2),
            "p95_delay": round(self.p95, 2),
            "max_delay": round(max(self.delays), 2),
            "share_of_429": round(self.share_refused, 4),
            "lag_of_the_last_job": round(self.lag, 2),
        }


def last_lag(durations: t.Sequence[float], delays: t.Sequence[float]) -> float:
    """Seconds from the last end to the last detection, of jobs that started together."""
    return max(map(sum, zip(durations, delays, strict=True))) - max(durations)
