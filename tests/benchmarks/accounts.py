# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One account on one machine, on ten and on fifty: what its budget costs and gains, in simulated time.

`python tests/benchmarks/accounts.py` prints a table, draws it for the guide, and exits with 1 where a goal is missed or
the documents have other figures. The turns and the plan of polls are the collection's own; the service lets so many
requests of an account pass in any one second, and refuses the rest.
"""

from __future__ import annotations

import collections
import heapq
import math
import random
import runpy
import statistics
import sys
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("checkout.py")))["use"]()

from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.limiter import expected_wait
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.turns import Turns, reserve, throttled
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine import schedule
from ansible_collections.cloudwait.jobs.tests.benchmarks.draws import lognormal
from ansible_collections.cloudwait.jobs.tests.benchmarks.plots import Point, draw
from ansible_collections.cloudwait.jobs.tests.benchmarks.simulation import tell

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "docsite" / "rst" / "images"
SEED = 40
# What the service allows the account, and what every machine asks for, in requests per second.
LIMIT = 20
MEDIAN, SIGMA = 300.0, 0.6
INTERVAL, MAX_INTERVAL = 2.0, 30.0
# Calls of one machine under way at once, and the seconds that one takes.
IN_FLIGHT, ROUND_TRIP = 4, 0.1
# A task with many jobs beside others with one each, and how much later these may detect an end for that.
MANY, FEW, AT_MOST = 1_000, 49, 3
# The longest pause after refused requests.
MAX_PAUSE = 30.0


class Service:
    """Lets LIMIT requests pass in any one second."""

    def __init__(self) -> None:
        self.asked = self.refused = 0
        self._passed: collections.deque[float] = collections.deque()

    def passes(self, now: float) -> bool:
        self.asked += 1
        while self._passed and self._passed[0] <= now - 1.0:
            self._passed.popleft()
        if len(self._passed) >= LIMIT:
            self.refused += 1
            return False
        self._passed.append(now)
        return True


class Kept:
    """The turns of a budget: of one machine, or of all."""

    def __init__(self) -> None:
        self.turns = Turns()


@dataclass
class Machine:
    """A machine with its jobs, which waits for one turn at a time; `wait` is how long, as far as it can expect."""

    kept: Kept
    open: int = 0
    wait: float = 1 / LIMIT
    is_waiting: bool = False
    under_way: int = 0
    due: collections.deque[int] = field(default_factory=collections.deque)
    tries: int = 0

    def take_turn(self, now: float) -> float:
        """Return the seconds until the next turn, and learn from them, as the rate limiter of a task does."""
        self.kept.turns, wait = reserve(self.kept.turns, now, LIMIT, math.inf)
        assert wait is not None
        self.wait = expected_wait(self.wait, wait, LIMIT)
        return wait


class Figures(t.NamedTuple):
    """Shares of requests and of the limit (until nine of ten jobs have ended), requests per job, seconds of delay."""

    refused: float
    use: float
    per_job: float
    mean: float
    late: float

    def as_dict(self) -> dict[str, float]:
        """The figures, by the names and rounded as those of the other benchmark are."""
        return {
            "requests_per_job": round(self.per_job, 2),
            "mean_delay": round(self.mean, 2),
            "p95_delay": round(self.late, 2),
            "share_of_429": round(self.refused, 4),
        }


def simulate(counts: t.Sequence[int], is_shared: bool, timed: t.Sequence[int] | None = None) -> Figures:
    """Let machines wait for so many jobs each of one account, with a budget of each, or with one of all.

    `timed`: the machines whose delays count; all of them when it is None.
    """
    chance = random.Random(SEED)
    jobs, machines = sum(counts), len(counts)
    ends = lognormal(jobs, MEDIAN, SIGMA, SEED)
    shared, service = Kept(), Service()
    fleet = [Machine(shared if is_shared else Kept()) for _each in range(machines)]
    numbers = [number for number, count in enumerate(counts) for _each in range(count)]
    owners = [fleet[number] for number in numbers]
    for owner in owners:
        owner.open += 1
    counted = set(range(machines) if timed is None else timed)
    events: list[tuple[float, int, str, int]] = [(chance.random(), number, "due", number) for number in range(jobs)]
    heapq.heapify(events)
    delays: list[float] = []
    most, passed_by = sorted(ends)[jobs * 9 // 10], 0
    sequence = jobs

    def plan(at: float, kind: str, job: int) -> None:
        nonlocal sequence
        sequence += 1
        heapq.heappush(events, (at, sequence, kind, job))

    def begin(machine: Machine, now: float) -> None:
        """Take a turn for what is due longest, where the machine waits for none, and has a thread left."""
        if machine.due and machine.under_way < IN_FLIGHT and not machine.is_waiting:
            machine.under_way += 1
            machine.is_waiting = True
            plan(now + machine.take_turn(now), "send", machine.due.popleft())

    now = 0.0
    while events:
        now, _sequence, kind, job = heapq.heappop(events)
        machine = owners[job]
        if kind == "due":
            machine.due.append(job)
        elif kind == "send":
            machine.is_waiting = False
            passes = service.passes(now)
            passed_by += passes and now <= most
            plan(now + ROUND_TRIP, "passed" if passes else "refused", job)
        else:
            machine.under_way -= 1
            asked = now - ROUND_TRIP
            if kind == "refused":
                machine.kept.turns = throttled(machine.kept.turns, now)
                machine.tries += 1
                plan(now + schedule.back_off(machine.tries, MAX_PAUSE, chance.random()), "due", job)
            elif ends[job] <= asked:
                machine.tries = 0
                machine.open -= 1
                if numbers[job] in counted:
                    delays.append(now - ends[job])
            else:
                machine.tries = 0
                shortest = max(INTERVAL, (machine.open - 1) * machine.wait)
                longest = max(MAX_INTERVAL, machine.open * machine.wait)
                plan(now + schedule.poll_interval(now, None, 1.0, shortest, longest, chance.random()), "due", job)
        begin(machine, now)
    late = statistics.quantiles(delays, n=20)[-1]
    refused = service.refused / service.asked
    return Figures(refused, passed_by / most / LIMIT, service.asked / jobs, statistics.fmean(delays), late)


def main() -> int:
    """Print the table; return 1 where a goal is missed or the documents have other figures."""
    print(f"An account that may send {LIMIT} requests a second; jobs of {MEDIAN:g} s in the median.")
    print(f"{'jobs':>7}{'machines':>10}  {'budget':10}{'refused':>9}{'use':>7}{'mean delay':>12}{'95 % within':>13}")
    panels: dict[str, list[Point]] = {}
    told: dict[str, dict[str, dict[str, float]]] = {}
    for jobs in (1_000, 10_000):
        for machines in (1, 10, 50):
            for is_shared in (False, True):
                found = simulate([jobs // machines] * machines, is_shared)
                name = "Redis" if is_shared else "machine"
                where = f"{machines} machine{'s' if machines > 1 else ''}, budget of {'all' if is_shared else 'each'}"
                panels.setdefault(f"{jobs:,} jobs", []).append(Point(where, found.per_job, found.mean, is_shared))
                told.setdefault(where, {})[f"{jobs:,} jobs"] = found.as_dict()
                print(
                    f"{jobs:>7}{machines:>10}  {name:10}{found.refused:>8.1%}{found.use:>7.0%}{found.mean:>10.1f} s"
                    f"{found.late:>11.1f} s"
                )
    (IMAGES / "waiting_one_account.svg").write_text(draw(panels), encoding="utf-8")
    is_told = tell(IMAGES / "accounts.json", told)
    print("The documents have these figures." if is_told else "The documents had other figures: run `make generate`.")
    return show_fairness() or int(not is_told)


def show_fairness() -> int:
    """Print what a task with one job notices of one with a thousand; return 1 where that is too much."""
    counts = [MANY, *[1] * FEW]
    singles = range(1, FEW + 1)
    beside, alone = simulate(counts, True, singles), simulate([1] * FEW, True)
    ratio = beside.mean / alone.mean
    print(
        f"{FEW} tasks with one job each: {alone.mean:.1f} s mean delay alone, {beside.mean:.1f} s beside a task with "
        f"{MANY:,} jobs, {ratio:.1f} times (goal: at most {AT_MOST})."
    )
    return int(ratio > AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
