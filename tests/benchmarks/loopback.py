# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a wait for many jobs costs, against the embedded cloud on loopback: `python tests/benchmarks/loopback.py`.

The cloud, the wait and a bare `requests` session that sends the same requests again are processes of their own. Exits
with 1 where a goal is missed. Seconds of the processor depend on the machine; only their differences within one run
mean anything.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
import typing as t
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

TESTS = Path(__file__).resolve().parents[1]
# Of the embedded cloud (tests/simulator/credentials.py).
HUAWEI_CLOUD = {
    "access_key": "SIMULATEDAK000000001",
    "secret_key": "SimulatedSecretKeyOfThePermanentPair0001",
    "project_id": "0123456789abcdef0123456789abcdef",
    "region": "cn-north-4",
}
UCLOUD = {
    "public_key": "simulated+public/key=with@signs0003",
    "private_key": "simulatedPrivateKeyOfTheUCloudPair0003",
    "project_id": "org-simulated",
    "region": "cn-bj2",
}
# Seconds that the jobs run, spread evenly by a tenth either way.
DURATION, SPREAD = 20.0, 0.1
# Goals: requests for one look at every job, milliseconds beyond the bare session per request, MiB.
PER_SWEEP, BEYOND_BARE, MEMORY = 12.0, 1.5, 100.0
# The plan's longest interval at the end of the last job, and what a slow exchange may add, in seconds.
LAST_INTERVAL, SLACK = 0.55 * math.sqrt(DURATION * (1 + SPREAD)), 0.5
# Headers that the session sets itself.
OWN_HEADERS = frozenset({"host", "connection", "content-length"})
# The rhythm of the wait is kept up to this pause, in seconds: beyond it a processor gets no colder.
LONGEST_PAUSE = 0.25


@dataclass(frozen=True)
class Scenario:
    """A list of jobs: so many of them in each submit, and how they are waited for."""

    name: str
    provider: str
    submits: int
    jobs_each: int
    options: t.Mapping[str, t.Any]
    max_rate: float = 10.0
    per_sweep: float | None = PER_SWEEP

    @property
    def jobs(self) -> int:
        """How many jobs there are."""
        return self.submits * self.jobs_each


SCENARIOS = (
    Scenario("1,000 UPhone jobs", "uphone", 1, 1000, UCLOUD),
    Scenario("1,000 CPH jobs of 10 requests", "cph", 10, 100, HUAWEI_CLOUD),
    # One id to a request: a round at the default rate would take half a minute, longer than the jobs.
    Scenario("300 IMS jobs", "ims", 1, 300, HUAWEI_CLOUD, max_rate=50.0, per_sweep=None),
)


@contextmanager
def cloud() -> t.Iterator[str]:
    """The embedded cloud in a process of its own; its URL."""
    process = subprocess.Popen([sys.executable, str(TESTS / "simulator")], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)


def work(task: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The report of a worker."""
    command = [sys.executable, str(Path(__file__).with_name("worker.py"))]
    done = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, check=True, timeout=300)
    report: dict[str, t.Any] = json.loads(done.stdout)
    return report


def ids_in(answer: t.Any) -> list[str]:
    """The ids in any submit answer."""
    if isinstance(answer, dict):
        found = [*answer.get("JobIds", []), *([answer["job_id"]] if "job_id" in answer else [])]
        return found + [each for value in answer.values() for each in ids_in(value)]
    return [each for value in answer for each in ids_in(value)] if isinstance(answer, list) else []


def submit(url: str, scenario: Scenario) -> list[str]:
    """Start the jobs; their ids."""
    script = {"provider": scenario.provider, "states": {"0": "running", str(DURATION): "succeeded"}}
    step = 2 * SPREAD / max(1, scenario.jobs_each - 1)
    scale = [1 - SPREAD + step * number for number in range(scenario.jobs_each)]
    found: list[str] = []
    for _submit in range(scenario.submits):
        order = {"script": script, "count": scenario.jobs_each, "scale": scale}
        answer = requests.post(f"{url}/_control/jobs", json=order, timeout=60)
        answer.raise_for_status()
        found += ids_in(answer.json())
    return list(dict.fromkeys(found))


def recorded(url: str) -> list[dict[str, t.Any]]:
    """The requests that the cloud was sent, with the pause before each, in seconds."""
    sent = []
    before: float | None = None
    for each in requests.get(f"{url}/_control/requests", timeout=60).json():
        headers = {name: value for name, value in each["headers"].items() if name.lower() not in OWN_HEADERS}
        pause = 0.0 if before is None else min(max(0.0, each["real"] - before), LONGEST_PAUSE)
        before = each["real"]
        sent.append(
            {
                "pause": pause,
                "method": each["method"],
                "url": url + each["target"],
                "headers": headers,
                "body": each["body"],
            }
        )
    return sent


def run(url: str, scenario: Scenario) -> list[tuple[str, float, float | None]]:
    """What was measured, by name, and the goals."""
    requests.post(f"{url}/_control/reset", timeout=60).raise_for_status()
    ids = submit(url, scenario)
    if len(ids) != scenario.jobs:
        raise RuntimeError(f"The embedded cloud started {len(ids)} instead of {scenario.jobs} jobs.")
    last_end = time.time() + DURATION * (1 + SPREAD)
    options = {
        **scenario.options,
        "job_ids": ids,
        "until": ["succeeded"],
        "max_rate": scenario.max_rate,
        "endpoint": url,
        "allow_http": True,
    }
    ours = work({"provider": scenario.provider, "options": options})
    result = ours["result"]
    if result["summary"]["succeeded"] != scenario.jobs:
        raise RuntimeError(result["msg"])
    bare = work({"requests": recorded(url)})
    count = result["requests"]
    rounds = result["polls"] / scenario.jobs
    return [
        ("requests", count, None),
        ("looks at each job", rounds, None),
        ("requests for one look at every job", count / rounds, scenario.per_sweep),
        ("processor seconds", ours["cpu"], None),
        ("processor seconds of a bare session", bare["cpu"], None),
        ("ms per request beyond the bare session", 1000 * (ours["cpu"] - bare["cpu"]) / count, BEYOND_BARE),
        ("peak memory, MiB", ours["memory"], MEMORY),
        ("peak memory of the bare session, MiB", bare["memory"], None),
        (
            "delay of the last detection, s",
            ours["ended"] - last_end,
            LAST_INTERVAL + count / rounds / scenario.max_rate + SLACK,
        ),
    ]


def main() -> int:
    """Measure and print; 1 where a goal is missed."""
    missed = 0
    with cloud() as url:
        for scenario in SCENARIOS:
            print(f"\n{scenario.name}", flush=True)
            for name, value, goal in run(url, scenario):
                verdict = "" if goal is None else f"  at most {goal:.3g}: {'yes' if value <= goal else 'NO'}"
                missed += goal is not None and value > goal
                print(f"  {name:40}{value:10.2f}{verdict}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
