# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One wait for six groups beside six single tasks, of which each waits for one of them, against the embedded cloud.

ansible-playbook must be that of the running interpreter: python tests/benchmarks/groups.py. Exits with 1 where a goal
is missed.
"""

from __future__ import annotations

import json
import runpy
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("checkout.py")))["use"]()

from ansible_collections.cloudwait.jobs.tests.benchmarks import revision
from ansible_collections.cloudwait.jobs.tests.benchmarks.playing import play_well
from ansible_collections.cloudwait.jobs.tests.benchmarks.tasks import PROJECT, TOKEN
from ansible_collections.cloudwait.jobs.tests.load.embedded import Embedded

# Providers, and the seconds that their jobs take.
GROUPS = (("ims", 3.0), ("cph", 4.0), ("dws", 5.0), ("ims", 6.0), ("dws", 8.0), ("cph", 10.0))
# Seconds that the one wait may take beyond the slowest group.
BEYOND = 2.0


def submit(cloud: Embedded, provider: str, duration: float) -> str:
    """Start a job; return its id."""
    body = cloud.submit({"provider": provider, "states": {"0": "running", str(duration): "succeeded"}}, [1.0])
    found = body["jobs"][0] if "jobs" in body else body
    return str(found["job_id"])


def results_of(folder: Path, collections: Path, tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Play tasks; return their results."""
    for number, task in enumerate(tasks):
        task["register"] = f"result_{number}"
    results = f"{{{{ [{', '.join(str(task['register']) for task in tasks)}] | to_json }}}}"
    keep = {"ansible.builtin.copy": {"content": results, "dest": str(folder / "results.json"), "mode": "0600"}}
    play_well(folder, collections, [*tasks, keep])
    found: list[dict[str, Any]] = json.loads((folder / "results.json").read_text())
    return found


def main() -> int:
    """Measure, print, and tell by the exit code whether both goals were reached."""
    with tempfile.TemporaryDirectory() as path, revision.tree(None) as collections, Embedded() as cloud:
        folder = Path(path)
        signed_in = {"endpoint": cloud.url, "project_id": PROJECT, "token": TOKEN}
        single = 0
        for provider, duration in GROUPS:
            wait = {"job_ids": [submit(cloud, provider, duration)], "until": "succeeded", **signed_in}
            single += results_of(folder, collections, [{f"cloudwait.jobs.{provider}_job_info": wait}])[0]["requests"]
        jobs = [{"provider": name, "job_id": submit(cloud, name, duration)} for name, duration in GROUPS]
        begin = time.monotonic()
        (result,) = results_of(
            folder,
            collections,
            [{"cloudwait.jobs.wait_for_jobs": {"jobs": jobs, "connections": {"huaweicloud": signed_in}}}],
        )
        spent = time.monotonic() - begin
    slowest = max(duration for _provider, duration in GROUPS)
    goals = [
        (f"seconds of the wait for six groups, the slowest {slowest:g}", result["elapsed"], slowest + BEYOND),
        ("requests of the wait for six groups", result["requests"], float(single)),
    ]
    for name, value, goal in goals:
        print(f"{name:56}{value:8.2f}   at most {goal:g}   {'yes' if value <= goal else 'NO'}")
    print(f"{'seconds of the whole playbook':56}{spent:8.2f}")
    return 0 if all(value <= goal for _name, value, goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
