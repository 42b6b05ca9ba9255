# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task costs: the direct path and the module path beside `ansible.builtin.uri` and `ansible.builtin.debug`.

    ansible-playbook must be that of the running interpreter: python tests/benchmarks/tasks.py [--rounds 5]

Every round plays each kind of task once, one after the other, against the same embedded cloud in a process of its own.
A task's cost is the difference between a long and a short playbook, divided by the difference in tasks; figures are
medians over the rounds, and only their ratios within this run mean anything.
"""

from __future__ import annotations

import argparse
import resource
import runpy
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("checkout.py")))["use"]()

from ansible_collections.cloudwait.jobs.tests.benchmarks import revision
from ansible_collections.cloudwait.jobs.tests.benchmarks.playing import play_well
from ansible_collections.cloudwait.jobs.tests.load.embedded import Embedded

CONNECTIONS = Path(__file__).resolve().parents[1] / "integration" / "connection_plugins"
SHORT, LONG = 2, 22
JOB = "ff8080814dbd65d7014dbe0d84db0013"
PROJECT = "0123456789abcdef0123456789abcdef"
ACCESS_KEY, SECRET_KEY = "SIMULATEDAK000000001", "SimulatedSecretKeyOfThePermanentPair0001"
TOKEN = "MIIsimulatedTokenOfTheDefaultProject0001"


class Cost(NamedTuple):
    """Seconds of the clock, and of the processors, children included."""

    wall: float
    cpu: float


def main() -> int:
    """Measure, print, and tell by the exit code whether every goal was reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, revision.tree(None) as collections, Embedded() as cloud:
        bench = Bench(Path(folder), collections, cloud.url)
        kinds = ("debug", "direct", "signed", "uri", "module")
        costs: dict[str, list[Cost]] = {kind: [] for kind in (*kinds, "poll", "iteration")}
        for _round in range(rounds):
            for kind in kinds:
                costs[kind].append(bench.per_task(kind))
            costs["poll"].append(bench.per_poll())
            costs["iteration"].append(bench.per_iteration())
    wall = {kind: statistics.median(cost.wall for cost in measured) for kind, measured in costs.items()}
    cpu = {kind: statistics.median(cost.cpu for cost in measured) for kind, measured in costs.items()}
    print(f"{'':24}{'wall ms':>10}{'cpu ms':>10}")
    for kind, name in NAMES.items():
        print(f"{name:24}{wall[kind] * 1000:10.1f}{cpu[kind] * 1000:10.1f}")
    goals = [
        ("single look, direct / uri, wall", wall["direct"] / wall["uri"], 0.10),
        ("signed GET, direct / uri, wall", wall["signed"] / wall["uri"], 0.12),
        ("single look, direct / debug, wall", wall["direct"] / wall["debug"], 2.0),
        ("single look, module / uri, wall", wall["module"] / wall["uri"], 1.1),
        ("further poll, direct / until over uri, cpu", cpu["poll"] / cpu["iteration"], 0.02),
    ]
    for name, ratio, goal in goals:
        print(f"{name:44}{ratio:8.3f}   goal {goal:g}   {'yes' if ratio <= goal else 'NO'}")
    return 0 if all(ratio <= goal for _name, ratio, goal in goals) else 1


NAMES = {
    "debug": "debug",
    "direct": "look, direct path",
    "signed": "signed GET, direct path",
    "uri": "look with uri",
    "module": "look, module path",
    "poll": "poll, direct path",
    "iteration": "until over uri",
}


class Bench:
    """Plays playbooks in a folder of their own."""

    def __init__(self, folder: Path, collections: Path, url: str) -> None:
        self._folder = folder
        self._collections = collections
        # A pace that nobody has to wait for.
        look: dict[str, Any] = {
            "job_ids": [JOB],
            "endpoint": url,
            "project_id": PROJECT,
            "token": TOKEN,
            "max_rate": 1000,
        }
        address = f"{url}/v1/{PROJECT}/jobs/{JOB}"
        signed: dict[str, Any] = {
            "service": "ims",
            "path": "/v1/{project_id}/jobs/" + JOB,
            "endpoint": url,
            "project_id": PROJECT,
        }
        signed |= {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY, "max_rate": 1000}
        self._tasks: dict[str, dict[str, Any]] = {
            "debug": {"ansible.builtin.debug": {"msg": "nothing"}},
            "direct": {"cloudwait.jobs.ims_job_info": look},
            "signed": {"cloudwait.jobs.huaweicloud_request": signed},
            "module": {"cloudwait.jobs.ims_job_info": look, "vars": {"ansible_connection": "elsewhere"}},
            "uri": {"ansible.builtin.uri": {"url": address, "headers": {"X-Auth-Token": TOKEN}}},
        }

    def per_task(self, kind: str) -> Cost:
        """The cost of one more task of a kind."""
        return self._difference([self._tasks[kind]] * SHORT, [self._tasks[kind]] * LONG, LONG - SHORT)

    def per_poll(self) -> Cost:
        """The cost of one more look within a wait."""
        short, many = 20, 220
        return self._difference([self._wait(short)], [self._wait(many)], many - short)

    def per_iteration(self) -> Cost:
        """The cost of one more iteration of `until` over uri."""
        task = {**self._tasks["uri"], "until": False, "delay": 0, "ignore_errors": True}
        return self._difference([{**task, "retries": 2}], [{**task, "retries": 12}], 10)

    def _wait(self, polls: int) -> dict[str, Any]:
        # A job that succeeds at once, and a success that needs as many agreeing looks as there are to be polls.
        options = {**self._tasks["direct"]["cloudwait.jobs.ims_job_info"], "until": "succeeded"}
        options.update(confirmations=polls, interval=0.001, max_interval=0.001, max_rate=1000)
        return {"cloudwait.jobs.ims_job_info": options}

    def _difference(self, short: list[dict[str, Any]], long: list[dict[str, Any]], count: int) -> Cost:
        few, many = self._play(short), self._play(long)
        return Cost((many.wall - few.wall) / count, (many.cpu - few.cpu) / count)

    def _play(self, tasks: list[dict[str, Any]]) -> Cost:
        before, start = _children(), time.monotonic()
        play_well(self._folder, self._collections, tasks, ANSIBLE_CONNECTION_PLUGINS=str(CONNECTIONS))
        return Cost(time.monotonic() - start, _children() - before)


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    sys.exit(main())
