# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processor time of one request beside that of another revision: python tests/benchmarks/cpu.py REVISION

Both revisions take turns against the same embedded cloud, in processes of their own. A request's time is the difference
between a long and a short wait, divided by the difference in requests; the figure is the median over the rounds. Exits
with 1 where this checkout takes more.
"""

from __future__ import annotations

import json
import os
import resource
import runpy
import statistics
import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("checkout.py")))["use"]()

from ansible_collections.cloudwait.jobs.tests.benchmarks import revision
from ansible_collections.cloudwait.jobs.tests.benchmarks.tasks import JOB, PROJECT, TOKEN
from ansible_collections.cloudwait.jobs.tests.load.embedded import Embedded

ROUNDS = 7
SHORT, LONG = 50, 450
# What two runs of the same code differ by.
NOISE = 1.03
RUN = """
import json, runpy, sys
from ansible.module_utils import basic
basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": json.load(sys.stdin)}).encode()
basic._ANSIBLE_PROFILE = "legacy"
runpy.run_module("ansible_collections.cloudwait.jobs.plugins.modules.ims_job_info", run_name="__main__")
"""


def seconds(folder: Path, url: str, polls: int) -> float:
    """Return the processor seconds of a wait with so many polls, by the collection below a folder."""
    signed_in = {"endpoint": url, "project_id": PROJECT, "token": TOKEN}
    pace = {"confirmations": polls, "interval": 0.001, "max_interval": 0.001, "max_rate": 1000}
    options = {"job_ids": [JOB], "until": ["succeeded"], **signed_in, **pace}
    environ = {**os.environ, "PYTHONPATH": str(folder)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", RUN]
    done = subprocess.run(command, input=json.dumps(options), env=environ, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"The module failed: {done.stdout}{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Measure and print; 1 where this checkout takes more."""
    if len(sys.argv) != 2:
        sys.exit("Name the revision to measure beside: python tests/benchmarks/cpu.py REVISION")
    with revision.tree(None) as ours, revision.tree(sys.argv[1]) as theirs, Embedded() as cloud:
        measured: dict[str, list[float]] = {"this checkout": [], sys.argv[1]: []}
        for _round in range(ROUNDS):
            for name, folder in zip(measured, (ours, theirs), strict=True):
                spent = seconds(folder, cloud.url, LONG) - seconds(folder, cloud.url, SHORT)
                measured[name].append(1000 * spent / (LONG - SHORT))
    medians = {name: statistics.median(each) for name, each in measured.items()}
    for name, value in medians.items():
        print(f"{name:20}{value:8.3f} ms of the processor for each request")
    ratio = medians["this checkout"] / medians[sys.argv[1]]
    print(f"ratio {ratio:.3f}, at most 1: {'yes' if ratio <= NOISE else 'NO'}")
    return 0 if ratio <= NOISE else 1


if __name__ == "__main__":
    sys.exit(main())
