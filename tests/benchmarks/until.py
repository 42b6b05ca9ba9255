# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `until` and `retries` over `ansible.builtin.uri` do beside one task that waits, against the embedded cloud.

ansible-playbook must be that of the running interpreter: python tests/benchmarks/until.py. Exits with 1 where what
README.md says of them does not hold.
"""

from __future__ import annotations

import runpy
import sys
import tempfile
import time
import typing as t
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("checkout.py")))["use"]()

from ansible_collections.cloudwait.jobs.tests.benchmarks import revision
from ansible_collections.cloudwait.jobs.tests.benchmarks.playing import play
from ansible_collections.cloudwait.jobs.tests.benchmarks.tasks import PROJECT, TOKEN
from ansible_collections.cloudwait.jobs.tests.load.embedded import Embedded
from ansible_collections.cloudwait.jobs.tests.simulator import credentials

JOBS = 3
# Seconds between two polls, and polls after the first one, so that a loop gives each job as long as the one task has.
DELAY, RETRIES = 1, 4
# Seconds that one task may take beyond its deadline, besides the start of Ansible, which is taken off.
BEYOND = 2.0
# Seconds that a token lives, and that a job takes which outlives it.
LIFETIME, OUTLIVES = 3, 6


class Played(t.NamedTuple):
    """A playbook that has ended: its seconds, its exit code, and the requests that the cloud saw by its answer."""

    seconds: float
    code: int
    polls: int
    refused: int
    logins: int


def submit(cloud: Embedded, states: dict[str, str]) -> str:
    """Start a job; return its id."""
    return str(cloud.submit({"provider": "ims", "states": states}, [1.0])["job_id"])


def measured(folder: Path, collections: Path, cloud: Embedded, tasks: list[dict[str, t.Any]]) -> Played:
    """Play tasks, and count what the cloud was asked meanwhile."""
    before = len(cloud.requests())
    begin = time.monotonic()
    done = play(folder, collections, tasks)
    seconds = time.monotonic() - begin
    asked = cloud.requests()[before:]
    polls = [each for each in asked if each["operation"] == "show_job"]
    return Played(
        seconds,
        done.returncode,
        len(polls),
        sum(each["status"] == 401 for each in polls),
        sum(each["operation"] == "create_token" for each in asked),
    )


def log_in(url: str) -> list[dict[str, t.Any]]:
    """The tasks that a playbook needs to get a token by itself."""
    user = {"name": credentials.USER, "password": credentials.PASSWORD, "domain": {"name": credentials.DOMAIN}}
    identity = {"methods": ["password"], "password": {"user": user}}
    auth = {"identity": identity, "scope": {"project": {"id": PROJECT}}}
    options = {"method": "POST", "body_format": "json", "body": {"auth": auth}, "status_code": 201}
    return [{"ansible.builtin.uri": {"url": f"{url}/v3/auth/tokens", **options}, "register": "login"}]


def with_until(url: str, ids: list[str], token: str, retries: int = RETRIES) -> dict[str, t.Any]:
    """The task of a loop over the jobs, each polled until it has succeeded."""
    address = f"{url}/v1/{PROJECT}/jobs/{{{{ item }}}}"
    return {
        "ansible.builtin.uri": {"url": address, "headers": {"X-Auth-Token": token}},
        "loop": ids,
        "register": "job",
        "until": "job.json.status | default('') == 'SUCCESS'",
        "retries": retries,
        "delay": DELAY,
    }


def with_one_task(url: str, ids: list[str], login: dict[str, t.Any], timeout: int) -> dict[str, t.Any]:
    """The task that waits for all of them."""
    options = {"endpoint": url, "auth_url": url, "project_id": PROJECT, **login}
    options |= {"job_ids": ids, "until": "succeeded", "timeout": timeout, "interval": DELAY}
    return {"cloudwait.jobs.ims_job_info": options}


def measure(folder: Path, collections: Path) -> t.Iterator[tuple[str, Played, Played, bool]]:
    """Yield what happens with the loop and with one task, and whether that is what README.md says."""
    by_token = {"token": TOKEN}
    seconds = DELAY * RETRIES
    with Embedded() as cloud:
        started = with_one_task(cloud.url, [submit(cloud, {"0": "succeeded"})], by_token, 60)
        start = measured(folder, collections, cloud, [started]).seconds
        endless = [submit(cloud, {"0": "running"}) for _job in range(JOBS)]
        loop = measured(folder, collections, cloud, [with_until(cloud.url, endless, TOKEN)])
        ours = measured(folder, collections, cloud, [with_one_task(cloud.url, endless, by_token, seconds)])
        holds = loop.code == ours.code == 2 and loop.seconds >= JOBS * seconds
        yield "jobs that never end", loop, ours, holds and ours.seconds - start <= seconds + BEYOND
        failed = [submit(cloud, {"0": "failed"})]
        loop = measured(folder, collections, cloud, [with_until(cloud.url, failed, TOKEN)])
        ours = measured(folder, collections, cloud, [with_one_task(cloud.url, failed, by_token, 60)])
        holds = loop.code == ours.code == 2 and loop.polls == RETRIES + 1 and ours.polls == 1
        yield "a job that has failed", loop, ours, holds
    with Embedded("--token-lifetime", str(LIFETIME)) as cloud:
        states = {"0": "running", str(OUTLIVES): "succeeded"}
        polling = with_until(cloud.url, [submit(cloud, states)], "{{ login.x_subject_token }}", 3 * OUTLIVES)
        loop = measured(folder, collections, cloud, [*log_in(cloud.url), polling])
        login = {"username": credentials.USER, "password": credentials.PASSWORD, "user_domain_name": credentials.DOMAIN}
        waiting = with_one_task(cloud.url, [submit(cloud, states)], login, 60)
        ours = measured(folder, collections, cloud, [waiting])
        holds = loop.code == 2 and loop.refused > 0 and ours.code == 0 and ours.logins > 1
        yield "a job that outlives the token", loop, ours, holds


def main() -> int:
    """Measure, print, and tell by the exit code whether everything holds."""
    missed = False
    print(f"{'':34}{'exit code':>10}{'seconds':>9}{'polls':>7}{'of them 401':>13}{'logins':>8}")
    with tempfile.TemporaryDirectory() as path, revision.tree(None) as collections:
        for what, loop, ours, holds in measure(Path(path), collections):
            print(f"{what}: {'as README.md says' if holds else 'NOT AS README.md SAYS'}")
            missed = missed or not holds
            for name, each in (("until and retries", loop), ("one task", ours)):
                print(
                    f"  {name:32}{each.code:>10}{each.seconds:>9.1f}{each.polls:>7}{each.refused:>13}{each.logins:>8}"
                )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
