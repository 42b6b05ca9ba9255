# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fifty waits in fifty processes that share one budget, against the embedded cloud with its limit switched on.

`python tests/benchmarks/budget.py` measures the file, and a Redis or Valkey of its own where one is installed. Exits
with 1 where a goal is missed.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import random
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
import typing as t
import urllib.request
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("checkout.py")))["use"]()

from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.machine import MachineBudget
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.opening import budgets
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.server import ServerBudget
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import CLOUDS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import run_job_info
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.provider import of_service
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext, machine_clock
from ansible_collections.cloudwait.jobs.tests.benchmarks.tasks import PROJECT, TOKEN, cloud

PROCESSES, JOBS = 50, 20
# Requests per second that the service allows, and that every task asks for.
RATE = 60
# Seconds that jobs take, and the seconds at the beginning that do not count.
SHORTEST, LONGEST = 45.0, 75.0
WARM_UP = 10.0
SEED = 30
TURNS = 2000
# Shares, ratios and seconds of processor time.
USE, SPREAD, CPU_FILE, CPU_SERVER = 0.85, 2.0, 0.0002, 0.002


def control(url: str, path: str, body: t.Any = None) -> t.Any:
    """Call the control interface of the embedded cloud."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/_control/{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def wait(url: str, budget: str, ends: dict[str, float]) -> list[float]:
    """Wait for jobs that end at these moments of the machine's clock; return the seconds until each end was noticed."""
    spec = of_service(DWS, CLOUDS["huaweicloud"]).spec["argument_spec"]
    options = {name: option.get("default") for name, option in spec.items()}
    options |= {"endpoint": url, "token": TOKEN, "project_id": PROJECT, "job_ids": list(ends), "until": ["finished"]}
    options |= {"max_rate": RATE, "budget": budget, "timeout": 600}
    noticed: dict[str, float] = {}

    def observe(_names: t.Sequence[str]) -> t.Any:
        def note(updates: t.Any) -> float:
            for job in updates[0].changed:
                if job.finished:
                    noticed.setdefault(job.job_id, machine_clock())
            return math.inf

        return note

    context = TaskContext(False, {}, set(), observe, open_budget=budgets(machine_clock, os.environ), verbosity=1)
    task = run_job_info(of_service(DWS, CLOUDS["huaweicloud"]), options, context)
    if task.result.get("failed") or task.warnings:
        sys.exit(f"A wait went wrong: {task.result['msg']} {task.warnings}")
    return [noticed[job_id] - end for job_id, end in ends.items()]


def measure(budget: str, environ: dict[str, str]) -> dict[str, float]:
    """Return the figures of one budget."""
    chance = random.Random(SEED)
    with cloud() as url, contextlib.ExitStack() as stack:
        processes = []
        for _number in range(PROCESSES):
            ends = {}
            for _each in range(JOBS):
                duration = round(chance.uniform(SHORTEST, LONGEST), 2)
                order = {"script": {"provider": "dws", "states": {"0": "running", str(duration): "succeeded"}}}
                ends[str(control(url, "jobs", order)["job_id"])] = machine_clock() + duration
            command = [sys.executable, __file__, "--wait", url, budget, json.dumps(ends)]
            processes.append((command, ends))
        control(url, "settings", {"rate": RATE})
        began = time.time()
        started = [
            stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **environ}))
            for command, _ends in processes
        ]
        delays = [json.loads(process.communicate()[0]) for process in started]
        asked = control(url, "requests?service=dws")["requests"]
    moments = [each["time"] - began for each in asked]
    refused = [
        moment for moment, each in zip(moments, asked, strict=True) if each["status"] == 429 and moment > WARM_UP
    ]
    busy = [moment for moment in moments if WARM_UP < moment < SHORTEST]
    means = [sum(each) / len(each) for each in delays]
    return {
        "refused": float(len(refused)),
        "use": len(busy) / (SHORTEST - WARM_UP) / RATE,
        "spread": max(means) / min(means),
        "slowest": max(means),
    }


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
    with tempfile.TemporaryDirectory() as path, server(Path(path)) as url:
        environ = {"XDG_RUNTIME_DIR": path}
        for budget, name, goal in (("machine", "the file", CPU_FILE), (url, "Redis or Valkey", CPU_SERVER)):
            if budget is None:
                print(f"{name}: not measured, as neither redis-server nor valkey-server is installed")
                continue
            one = MachineBudget(f"{path}/cpu", "cpu", machine_clock, time.sleep) if name == "the file" else None
            seconds = cpu_of(one.reserve if one else ServerBudget(budget, "cpu").reserve)
            found = measure(budget, environ)
            rows = [
                ("requests refused after the first ten seconds", found["refused"], 0.0, found["refused"] <= 0),
                ("share of the limit that is used", found["use"], USE, found["use"] >= USE),
                ("delay of the slowest process / of the fastest", found["spread"], SPREAD, found["spread"] <= SPREAD),
                ("milliseconds of processor time for a turn", 1000 * seconds, 1000 * goal, seconds <= goal),
            ]
            print(f"{name}: {PROCESSES} processes, {PROCESSES * JOBS} jobs, {RATE} requests a second")
            for text, value, wanted, reached in rows:
                print(f"  {text:50}{value:8.3f}   goal {wanted:g}   {'yes' if reached else 'NO'}")
                missed += not reached
            print(f"  {'seconds of delay of the slowest process':50}{found['slowest']:8.3f}")
    return 1 if missed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--wait"]:
        print(json.dumps(wait(sys.argv[2], sys.argv[3], json.loads(sys.argv[4]))))
    else:
        sys.exit(main())
