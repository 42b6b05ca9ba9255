# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fifty waits in fifty processes that share one budget, against the embedded cloud with its limit switched on.

`python tests/benchmarks/budget.py` measures the file, and a Redis or Valkey of its own where one is installed, in
about a quarter of an hour: one service, two services of one account, and one process with a thousand jobs beside 49
with one each. Exits with 1 where a goal is missed. A machine that is busy delays requests, and so has some refused.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
import typing as t
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("checkout.py")))["use"]()

from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.machine import MachineBudget
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.server import ServerBudget
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import machine_clock
from ansible_collections.cloudwait.jobs.tests.benchmarks.crowd import Waited, Waiting, wait_together
from ansible_collections.cloudwait.jobs.tests.simulator.ratelimit import RateLimit

PROCESSES, JOBS, MANY = 50, 40, 1000
# Requests per second that a service allows, and that every task asks for.
RATE = 60
# Seconds that jobs take, and the seconds at the beginning that do not count.
SHORTEST, LONGEST, WARM_UP = 60.0, 100.0, 10.0
TURNS = 2000
# Shares, ratios and seconds of processor time.
USE, SPREAD, BESIDE, CPU_FILE, CPU_SERVER = 0.85, 2.0, 3.0, 0.0002, 0.002


class Row(t.NamedTuple):
    """A figure and its goal."""

    name: str
    value: float
    goal: float
    reached: bool


def most(name: str, value: float, goal: float) -> Row:
    """Return a figure that may be as high as its goal."""
    return Row(name, value, goal, value <= goal)


def of_service(waited: Waited, service: str) -> list[Row]:
    """Return how the requests of one service kept to its limit."""
    moments = [each["real"] for each in waited.requests if each["service"] == service]
    limit, warm = RateLimit(RATE), waited.began + WARM_UP
    refused = sum(not limit.passes(moment) and moment > warm for moment in moments)
    use = sum(warm < moment < waited.ended for moment in moments) / (waited.ended - warm) / RATE
    return [
        most(f"{service}: requests beyond the limit after ten seconds", refused, 0.0),
        Row(f"{service}: share of the limit that is used", use, USE, use >= USE),
    ]


def measure(budget: str, environ: dict[str, str]) -> t.Iterator[Row]:
    """Yield the figures of one budget."""

    def run(*crowd: tuple[str, int], services: int = 1) -> Waited:
        waiting = [Waiting(service, jobs, budget, RATE) for service, jobs in crowd]
        return wait_together(waiting, SHORTEST, LONGEST, RATE * services, environ)

    one = run(*[("dws", JOBS)] * PROCESSES)
    yield from of_service(one, "dws")
    yield most("delay of the slowest process / of the fastest", max(one.delays) / min(one.delays), SPREAD)
    half = PROCESSES // 2
    two = run(*[("dws", JOBS), ("ims", JOBS)] * half, services=2)
    yield from (row for service in ("dws", "ims") for row in of_service(two, service))
    alone = run(*[("dws", 1)] * (PROCESSES - 1)).delays
    beside = run(("dws", MANY), *[("dws", 1)] * (PROCESSES - 1)).delays[1:]
    yield most("delay of one job beside a thousand / without them", sum(beside) / sum(alone), BESIDE)


def cpu_of(reserve: t.Callable[[float, float], t.Any]) -> float:
    """Return the processor time of one turn, in seconds."""
    reserve(1e6, math.inf)
    before = time.process_time()
    for _again in range(TURNS):
        reserve(1e6, math.inf)
    return (time.process_time() - before) / TURNS


@contextlib.contextmanager
def server(folder: Path) -> t.Iterator[str | None]:
    """Run a Redis or Valkey of our own; yields its URL, None where there is none."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        yield None
        return
    command = [program, "--port", "0", "--unixsocket", f"{folder}/socket", "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while not (folder / "socket").exists():
            time.sleep(0.01)
        try:
            yield f"unix://{folder}/socket"
        finally:
            process.kill()


def main() -> int:
    """Measure, print, and tell by the exit code whether all goals were reached."""
    missed = 0
    print(f"{PROCESSES} processes with {JOBS} jobs each; {RATE} requests a second are allowed at each service.")
    with tempfile.TemporaryDirectory() as path, server(Path(path)) as url:
        environ = {"XDG_RUNTIME_DIR": path}
        for budget, name, goal in (("machine", "the file", CPU_FILE), (url, "Redis or Valkey", CPU_SERVER)):
            if budget is None:
                print(f"{name}: not measured, as neither redis-server nor valkey-server is installed")
                continue
            one = MachineBudget(f"{path}/cpu", "cpu", machine_clock, time.sleep) if name == "the file" else None
            seconds = cpu_of(one.reserve if one else ServerBudget(budget, "cpu").reserve)
            print(f"{name}:")
            cpu = most("milliseconds of processor time for a turn", 1000 * seconds, 1000 * goal)
            for row in itertools.chain([cpu], measure(budget, environ)):
                print(
                    f"  {row.name:54}{row.value:8.3f}   goal {row.goal:g}   {'yes' if row.reached else 'NO'}",
                    flush=True,
                )
                missed += not row.reached
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
