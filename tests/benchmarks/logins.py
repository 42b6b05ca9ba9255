# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests and logins per task, with every login: `python tests/benchmarks/logins.py`.

The clients and the wait engine are the collection's own; they talk to the embedded cloud over HTTP, in simulated time
and without any chance, so every run prints the same table. No project id is given, so that a look-up is counted where
one is needed.
"""

from __future__ import annotations

import runpy
import typing as t
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("checkout.py")))["use"]()

from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import Source
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import State
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, running
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.clients import Client, operations

# What is measured: image jobs, asked for one by one; UPhone jobs, asked for together.
WAYS = ("token", "password", "keys", "temporary_keys", "agency", "ucloud_keys")
JOBS = (1, 100)
# Seconds that every job takes, and that a token or a temporary key lives: such that it is renewed once.
DURATION = 1000.0
LIFETIME = 1200.0
LOOK_UPS = "iam.list_projects"
LOGINS = ("iam.create_token", "metadata.securitykey")


class Row(t.NamedTuple):
    """One task. `logins` counts tokens and temporary keys that were obtained, `looks` the looks at single jobs."""

    way: str
    task: str
    jobs: int
    logins: int
    look_ups: int
    looks: int
    requests: int


def measure(way: str, task: str, jobs: int) -> Row:
    """Run one task against a cloud of its own: `look` once, or `wait` until every job has succeeded."""
    clock = ManualClock(start=1_800_000_000.5)
    provider = "uphone" if way == "ucloud_keys" else "ims"
    with running(Cloud(clock=clock, token_lifetime=LIFETIME)) as cloud:
        script = {"provider": provider, "states": {0: "running", DURATION: "succeeded"}}
        submitted = [cloud.submit(script) for _job in range(jobs)]
        ids = [str(each.get("job_id") or each.get("JobId")) for each in submitted]
        client = Client(cloud.url, clock)
        source: Source = (
            client.uphone() if provider == "uphone" else client.jobs(IMS, getattr(client, way)(), project_id=None)
        )
        outcome = client.poll(source, ids) if task == "look" else client.wait(source, ids, "succeeded")
        expected = State.RUNNING if task == "look" else State.SUCCEEDED
        assert {job.state for job in outcome.jobs} == {expected}, outcome
        counts = operations(cloud)
        assert client.http.requests == sum(counts.values())
    logins = sum(counts.get(name, 0) for name in LOGINS)
    return Row(way, task, jobs, logins, counts.get(LOOK_UPS, 0), outcome.polls, client.http.requests)


def rows() -> list[Row]:
    """The whole table."""
    return [measure(way, task, jobs) for task in ("look", "wait") for way in WAYS for jobs in JOBS]


def main() -> None:
    """Print the table."""
    print(f"Jobs of {DURATION:g} s; tokens and temporary keys that are obtained live for {LIFETIME:g} s.\n")
    print(
        f"{'login':16}{'task':6}{'jobs':>6}{'logins':>8}{'project look-ups':>18}{'looks at jobs':>15}{'requests':>10}"
    )
    for row in rows():
        print(
            f"{row.way.replace('_', ' '):16}{row.task:6}{row.jobs:6}{row.logins:8}{row.look_ups:18}{row.looks:15}"
            f"{row.requests:10}"
        )


if __name__ == "__main__":
    main()
