# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A selection of the matrix as playbooks, in real time: in the worker process, and as a module elsewhere."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from ansible_collections.cloudwait.jobs.tests.faults.faults import ROWS, Row
from ansible_collections.cloudwait.jobs.tests.faults.moments import FIRST, SINGLE, SINGLE_ONCE, Moment
from ansible_collections.cloudwait.jobs.tests.faults.scene import Elsewhere
from ansible_collections.cloudwait.jobs.tests.faults.targets import TARGETS, Target
from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played, Player, connections
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, running

PATHS = ("local", "elsewhere")
SELECTED: list[tuple[str, str, Moment]] = [
    ("cph", "reset", SINGLE),
    ("cph", "302 to another host", SINGLE),
    ("cph", "401 that quotes keys", SINGLE),
    ("cph", "403 without a body", FIRST),
    ("cph-request", "429 with Retry-After 86400", SINGLE),
    ("cph-request", "404 without a body", FIRST),
    ("ims", "502 in HTML", SINGLE_ONCE),
    ("ims", "hang", SINGLE_ONCE),
    ("ims", "cut in mid-body", FIRST),
    ("dws", "404 without a body", SINGLE),
    ("dws", "500 without a body", SINGLE),
    ("uphone", "endless body", SINGLE),
    ("uphone", "RetCode 171 that quotes the keys", FIRST),
    ("uphone", "200 2001", SINGLE),
]


class Cell(t.NamedTuple):
    """A task of the playbook."""

    target: Target
    row: Row
    moment: Moment

    @property
    def name(self) -> str:
        """The task's name."""
        return f"{self.target.name} | {self.row.name} | {self.moment.name}"


def find(target: str, row: str, moment: Moment) -> Cell:
    """The cell of that name."""
    found = next(item for item in ROWS if item.name == row and target in item.targets)
    return Cell(next(item for item in TARGETS if item.name == target), found, moment)


CELLS = [find(*names) for names in SELECTED]


class Play(t.NamedTuple):
    """What a playbook did, and whether somebody called where nobody has any business."""

    played: Played
    went_elsewhere: bool


def task_for(cloud: Cloud, cell: Cell, elsewhere: str) -> dict[str, t.Any]:
    """A task for two jobs of its own, with the fault already ordered."""
    target, row, moment = cell
    job_ids = target.submit(cloud)
    asked = target.asked(cloud, job_ids)
    options = {"location": elsewhere, **row.options} if row.kind == "redirect" else row.options
    hit = (asked.get("request_ids") or job_ids[1:])[0]
    cloud.fault(row.kind, service=target.provider, job_id=hit, times=moment.times, **options)
    quick = {"interval": 0.1, "max_interval": 0.2, "error_grace": 1, "not_found_grace": 1, "request_timeout": 2}
    return {
        "name": cell.name,
        f"cloudwait.jobs.{target.provider}_job_info": {**asked, **moment.options(), **quick},
        "ignore_errors": True,
    }


def play(path: str, folder: Path) -> Play:
    """All tasks on one path, in a cloud where the jobs that run never end."""
    with Elsewhere() as elsewhere, running(Cloud(speed=1e-6)) as cloud:
        player = Player(folder, cloud, {"cloud_url": cloud.url, **connections(cloud)})
        played = player([task_for(cloud, cell, elsewhere.url) for cell in CELLS], connection=path)
        return Play(played, elsewhere.was_called())


@pytest.fixture(scope="session")
def plays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Play]]]:
    """One play on each path."""
    with ThreadPoolExecutor(len(PATHS)) as pool:
        yield {path: pool.submit(play, path, tmp_path_factory.mktemp(path)) for path in PATHS}


@pytest.fixture(scope="session", autouse=True)
def _begin_to_play(request: pytest.FixtureRequest) -> None:
    """The playbooks run beside the other tests, from the beginning."""
    if any("plays" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("plays")
