# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits in processes of their own, which share one budget and begin together, against the embedded cloud."""

from __future__ import annotations

import contextlib
import json
import math
import os
import random
import runpy
import subprocess
import sys
import typing as t
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("checkout.py")))["use"]()

from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.opening import budgets
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import CLOUDS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import run_job_info
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.provider import of_service
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext, machine_clock
from ansible_collections.cloudwait.jobs.tests.benchmarks.tasks import PROJECT, TOKEN
from ansible_collections.cloudwait.jobs.tests.load.embedded import Embedded

SERVICES = {"dws": DWS, "ims": IMS}
SEED = 30


class Waiting(t.NamedTuple):
    """One process: the service, how many of its jobs the process waits for, and the budget that it keeps to."""

    service: str
    jobs: int
    budget: str
    max_rate: float


class Waited(t.NamedTuple):
    """What became of all: the requests as the cloud saw them, from `began` to `ended` (the first end of a job).

    `delays`: of each process, the mean seconds between the end of a job and its notice. Moments are the cloud's.
    """

    requests: t.Sequence[t.Mapping[str, t.Any]]
    began: float
    ended: float
    delays: t.Sequence[float]


def wait_together(
    crowd: t.Sequence[Waiting], shortest: float, longest: float, rate: int, environ: t.Mapping[str, str]
) -> Waited:
    """Let a crowd wait for jobs of `shortest` to `longest` seconds; the cloud allows `rate` requests a second."""
    chance = random.Random(SEED)
    with Embedded() as cloud, contextlib.ExitStack() as stack:
        command = [sys.executable, __file__, cloud.url]
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [*command, json.dumps(waiting)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    env={**os.environ, **environ},
                    text=True,
                )
            )
            for waiting in crowd
        ]
        for process in processes:
            _stream(process.stdout).readline()
        orders = [
            [
                {"provider": waiting.service, "states": {"0": "running", str(duration): "succeeded"}}
                for duration in (round(chance.uniform(shortest, longest), 2) for _job in range(waiting.jobs))
            ]
            for waiting in crowd
        ]
        cloud.limit(rate)
        for process, jobs in zip(processes, orders, strict=True):
            ends = {}
            for job in jobs:
                job_id = str(cloud.submit(job, [1.0])["job_id"])
                ends[job_id] = machine_clock() + max(float(moment) for moment in job["states"])
            print(json.dumps(ends), file=_stream(process.stdin), flush=True)
        delays = [json.loads(process.communicate()[0]) for process in processes]
        asked = [each for each in cloud.requests() if each["service"] in SERVICES]
    began = min(each["real"] for each in asked)
    return Waited(asked, began, began + shortest, delays)


def _stream(stream: t.IO[str] | None) -> t.IO[str]:
    assert stream is not None
    return stream


def wait(url: str, waiting: Waiting) -> float:
    """Wait for jobs whose ends the first line of standard input tells; return the mean seconds until they were seen."""
    provider = of_service(SERVICES[waiting.service], CLOUDS["huaweicloud"])
    options = {name: option.get("default") for name, option in provider.spec["argument_spec"].items()}
    options |= {"endpoint": url, "token": TOKEN, "project_id": PROJECT, "until": ["finished"], "timeout": 600}
    options |= {"max_rate": waiting.max_rate, "budget": waiting.budget}
    noticed: dict[str, float] = {}

    def observe(_names: t.Sequence[str]) -> t.Any:
        def note(updates: t.Any) -> float:
            for job in updates[0].changed:
                if job.finished:
                    noticed.setdefault(job.job_id, machine_clock())
            return math.inf

        return note

    print("ready", flush=True)
    ends = json.loads(sys.stdin.readline())
    context = TaskContext(False, {}, set(), observe, open_budget=budgets(machine_clock, os.environ), verbosity=1)
    task = run_job_info(provider, {**options, "job_ids": list(ends)}, context)
    if task.result.get("failed") or task.warnings:
        sys.exit(f"A wait went wrong: {task.result['msg']} {task.warnings}")
    delays: list[float] = [noticed[job_id] - end for job_id, end in ends.items()]
    return sum(delays) / len(delays)


if __name__ == "__main__":
    print(json.dumps(wait(sys.argv[1], Waiting(*json.loads(sys.argv[2])))))
