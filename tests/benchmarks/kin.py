# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the ends of other jobs are worth: a hundred jobs of one kind, started together."""

from __future__ import annotations

import contextlib
import math
import random
import typing as t
from dataclasses import dataclass

from ansible_collections.cloudwait.jobs.plugins.module_utils.engine import schedule
from ansible_collections.cloudwait.jobs.tests.benchmarks import simulated
from ansible_collections.cloudwait.jobs.tests.benchmarks.draws import COLUMNS, SIGMA, bimodal, lognormal
from ansible_collections.cloudwait.jobs.tests.benchmarks.figures import Watched
from ansible_collections.cloudwait.jobs.tests.benchmarks.rows import SEED

JOBS = 100
# Such lists to a case: a list of a hundred is a single draw.
LISTS = 3
# The spread of jobs of one kind: two thirds end within 15 % of the median. Wider ones are shown too: the less the jobs
# have in common, the less the end of one tells about the others.
KIND_SIGMA = 0.15
WIDER = (0.3, SIGMA)
# Pace that is out of the way, in requests per second: what is compared here is the plan.
FAST = 1000.0
# The cases in which the delay is to be halved.
ONE_KIND = tuple(
    f"{column}, {ids}" for column in ("20 s", "5 min", "1 h") for ids in ("1 id a request", "100 ids a request")
)
# Evaluations that bring the plan of single jobs within a percent or two of the same number of requests.
STEPS = 5


@dataclass(frozen=True)
class Comparison:
    """One case: our plan, that of single jobs as it is by default, and with the growth that costs as much as ours."""

    ours: Watched
    default: Watched
    equal: Watched
    growth: float

    @property
    def ratio(self) -> float:
        """Our mean delay over that of the plan of single jobs, for the same number of requests."""
        return self.ours.mean / self.equal.mean


@contextlib.contextmanager
def without_other_jobs(growth: float) -> t.Iterator[None]:
    """The engine without knowledge of other jobs, and with this growth of its intervals."""
    before = schedule.GROWTH, schedule.INTERVAL_FACTOR
    schedule.GROWTH, schedule.INTERVAL_FACTOR = growth, math.inf
    try:
        yield
    finally:
        schedule.GROWTH, schedule.INTERVAL_FACTOR = before


def compare(lists: t.Sequence[t.Sequence[float]], service: simulated.Service, max_rate: float) -> Comparison:
    """Watch the same lists of jobs by our plan, and by that of single jobs at the same cost."""

    def watch() -> Watched:
        waits = [simulated.watch(durations, service, random.Random(SEED), max_rate=max_rate) for durations in lists]
        return Watched(
            [duration for wait in waits for duration in wait.durations],
            [delay for wait in waits for delay in wait.delays],
            sum(wait.requests for wait in waits),
            sum(wait.refused for wait in waits),
            max(wait.lag for wait in waits),
        )

    def watch_single(growth: float) -> Watched:
        with without_other_jobs(growth):
            return watch()

    ours, default = watch(), watch_single(schedule.GROWTH)
    low, high = schedule.GROWTH / 20, schedule.GROWTH
    growth, equal = schedule.GROWTH, default
    for _step in range(STEPS if ours.requests > default.requests else 0):
        growth = math.sqrt(low * high)
        equal = watch_single(growth)
        low, high = (growth, high) if equal.requests > ours.requests else (low, growth)
    return Comparison(ours, default, equal, growth)


def lists(column: str, sigma: float) -> list[list[float]]:
    """Lists of jobs of one kind."""
    return [lognormal(JOBS, COLUMNS[column], sigma, SEED + number) for number in range(LISTS)]


def cases() -> dict[str, Comparison]:
    """The cases by name."""
    single, batch = simulated.Service(), simulated.Service(100, 1)
    found = {}
    for name in ONE_KIND:
        column, _comma, ids = name.partition(", ")
        found[name] = compare(lists(column, KIND_SIGMA), batch if ids.startswith("100") else single, FAST)
    for column in ("5 min", "1 h"):
        found[f"{column}, 1 id a request, default max_rate"] = compare(lists(column, KIND_SIGMA)[:1], single, 10.0)
        for sigma in WIDER:
            found[f"{column}, 1 id a request, spread {sigma}"] = compare(lists(column, sigma)[:1], single, FAST)
    mixed = bimodal(JOBS, (60.0, 600.0), KIND_SIGMA, SEED)
    found["half 1 min, half 10 min, 1 id a request"] = compare([mixed], single, FAST)
    few = lognormal(5, COLUMNS["5 min"], KIND_SIGMA, SEED)
    found["5 min, five jobs, 1 id a request"] = compare([few], single, FAST)
    return found
