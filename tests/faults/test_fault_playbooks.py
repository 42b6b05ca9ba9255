# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A selection of the matrix in playbooks, in the worker process and as a module elsewhere, in real time."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from ansible_collections.cloudwait.jobs.tests.faults.checks import SPELLINGS, check_result
from ansible_collections.cloudwait.jobs.tests.faults.faults import ROWS, Row
from ansible_collections.cloudwait.jobs.tests.faults.moments import FIRST, SINGLE, SINGLE_ONCE, Moment
from ansible_collections.cloudwait.jobs.tests.faults.rules import expected
from ansible_collections.cloudwait.jobs.tests.faults.scene import Elsewhere, Seen
from ansible_collections.cloudwait.jobs.tests.faults.targets import TARGETS, Target
from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played, Player, connections
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, running

# In the worker process, and as a module.
PATHS = ("local", "elsewhere")
SELECTED: list[tuple[str, str, Moment]] = [
    ("cph", "reset", SINGLE),
    ("cph", "302 to another host", SINGLE),
    ("cph", "401 that quotes keys", SINGLE),
    ("cph-request", "429 with Retry-After 86400", SINGLE),
    ("cph-request", "404 without a body", FIRST),
    ("ims", "502 in HTML", SINGLE_ONCE),
    ("ims", "hang", SINGLE_ONCE),
    ("ims", "cut in mid-body", FIRST),
    ("cph", "403 without a body", FIRST),
    ("dws", "404 without a body", SINGLE),
    ("dws", "500 without a body", SINGLE),
    ("uphone", "endless body", SINGLE),
    ("uphone", "RetCode 171 that quotes the keys", FIRST),
    ("uphone", "200 2001", SINGLE),
]
NAMES = [f"{target} | {row} | {moment.name}" for target, row, moment in SELECTED]


def find(target: str, name: str) -> tuple[Target, Row]:
    """A target and a row by their names."""
    return next(item for item in TARGETS if item.name == target), next(
        row for row in ROWS if row.name == name and target in row.targets
    )


def task_for(cloud: Cloud, name: str, target: Target, row: Row, moment: Moment, elsewhere: str) -> dict[str, t.Any]:
    """A task for two jobs of its own, with the fault already ordered."""
    job_ids = target.submit(cloud)
    asked = target.asked(cloud, job_ids)
    options = {"location": elsewhere, **row.options} if row.kind == "redirect" else row.options
    hit = (asked.get("request_ids") or job_ids[1:])[0]
    cloud.fault(row.kind, service=target.provider, job_id=hit, times=moment.times, **options)
    quick = {"interval": 0.1, "max_interval": 0.2, "error_grace": 1, "not_found_grace": 1, "request_timeout": 1}
    return {
        "name": name,
        f"cloudwait.jobs.{target.provider}_job_info": {**asked, **moment.options(), **quick},
        "ignore_errors": True,
    }


def play(path: str, folder: t.Any, elsewhere: str) -> tuple[Played, Cloud]:
    """All tasks on one path, in a cloud where the jobs that run never end."""
    with running(Cloud(speed=1e-6)) as cloud:
        player = Player(folder, cloud, {"cloud_url": cloud.url, **connections(cloud)})
        tasks = [
            task_for(cloud, name, *find(target, row), moment, elsewhere)
            for name, (target, row, moment) in zip(NAMES, SELECTED, strict=True)
        ]
        return player(tasks, connection=path), cloud


@pytest.fixture(scope="module")
def plays(
    tmp_path_factory: pytest.TempPathFactory, elsewhere: Elsewhere
) -> Iterator[dict[str, Future[tuple[Played, Cloud]]]]:
    """Both paths at once."""
    with ThreadPoolExecutor(len(PATHS)) as pool:
        yield {path: pool.submit(play, path, tmp_path_factory.mktemp(path), elsewhere.url) for path in PATHS}


@pytest.mark.cell("tasks in playbooks")
@pytest.mark.parametrize("number", range(len(SELECTED)), ids=NAMES)
@pytest.mark.parametrize("path", PATHS)
def test_task(plays: dict[str, Future[tuple[Played, Cloud]]], elsewhere: Elsewhere, path: str, number: int) -> None:
    played, _cloud = plays[path].result()
    name, moment = SELECTED[number][1:]
    target, row = find(SELECTED[number][0], name)
    status = played.status(NAMES[number])
    result = {**played[NAMES[number]], "failed": status != "ok"}
    seen = Seen(result, result.get("warnings", []), [])
    check_result(seen)
    assert (seen.states, seen.kind, result["timed_out"]) == expected(target, row, moment, 0.0), result["msg"]
    assert status == ("ignored" if seen.kind else "ok")
    assert not elsewhere.was_called()


@pytest.mark.parametrize("path", PATHS)
def test_what_is_on_the_screen(plays: dict[str, Future[tuple[Played, Cloud]]], path: str) -> None:
    played, _cloud = plays[path].result()
    assert played.code == 0, played.output
    assert not [secret for secret in SPELLINGS if secret in played.output]
    assert "Traceback" not in played.output
