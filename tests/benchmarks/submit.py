# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One task that submits a job of two seconds and waits for it: how late it notices the end, and for how many polls.

`python tests/benchmarks/submit.py [ROUNDS]` prints the medians with `interval` as it is, and with one that suits such a
job. Exits with 1 where a goal is missed.
"""

from __future__ import annotations

import json
import runpy
import statistics
import sys
import tempfile
import typing as t
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("checkout.py")))["use"]()

import yaml
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import SENDERS
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.request import request_module
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext
from ansible_collections.cloudwait.jobs.tests.benchmarks.tasks import ACCESS_KEY, PROJECT, SECRET_KEY
from ansible_collections.cloudwait.jobs.tests.load.embedded import Embedded

SECONDS = 2.0
SCRIPTS = {"scripts": {"cluster-start": {"provider": "dws", "states": {0: "running", SECONDS: "succeeded"}}}}
# Seconds after the end of the job, and polls.
LATE, POLLS = 0.3, 4


def submit(url: str, **wait: t.Any) -> tuple[float, int]:
    """Submit and wait; return the seconds from the end of the job to that of the task, and the polls."""
    module = request_module("huaweicloud", SENDERS["huaweicloud"])
    options = {name: option.get("default") for name, option in module.spec["argument_spec"].items()}
    options |= {"endpoint": url, "project_id": PROJECT, "access_key": ACCESS_KEY, "secret_key": SECRET_KEY}
    options |= {"service": "dws", "method": "POST", "path": "/v1/{project_id}/clusters/c1/start"}
    result = module.run({**options, "until": ["succeeded"], **wait}, TaskContext(False, {}, set())).result
    if result.get("failed"):
        sys.exit(f"The task failed: {result['msg']}")
    return result["elapsed"] - SECONDS, result["requests"] - 1


def main() -> int:
    """Measure, print, and tell by the exit code whether the goals were reached."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as scripts:
        yaml.safe_dump(SCRIPTS, scripts)
        scripts.flush()
        missed = measure(scripts.name, rounds)
    return int(missed)


def measure(scripts: str, rounds: int) -> bool:
    """Print the figures; return whether a goal was missed."""
    missed = False
    with Embedded("--jobs", scripts) as cloud:
        for wait in ({}, {"interval": 0.7, "max_interval": 0.7}):
            measured = [submit(cloud.url, **wait) for _round in range(rounds)]
            late, polls = statistics.median(late for late, _polls in measured), max(polls for _late, polls in measured)
            print(f"{json.dumps(wait):40} {late:6.2f} s after the end, {polls} polls at most")
            missed = missed or late > LATE or polls > POLLS
    return missed


if __name__ == "__main__":
    sys.exit(main())
