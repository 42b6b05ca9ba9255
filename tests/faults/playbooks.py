# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault in a playbook, in real time: in the worker process, and as a module elsewhere."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from ansible_collections.cloudwait.jobs.tests.faults.faults import ROWS, Effect, Row
from ansible_collections.cloudwait.jobs.tests.faults.moments import BRIEF, FIRST, SINGLE, SINGLE_ONCE, Moment
from ansible_collections.cloudwait.jobs.tests.faults.scene import Elsewhere
from ansible_collections.cloudwait.jobs.tests.faults.targets import LOGINS, PLAIN, TARGETS, Target
from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played, Player, connections
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, running
from ansible_collections.cloudwait.jobs.tests.simulator.faults import Fault

PATHS = ("local", "elsewhere")
SELECTED: list[tuple[str, str, Moment]] = [
    ("cph", "reset", SINGLE),
    ("cph", "302 to another host", SINGLE),
    ("cph", "401 that quotes keys", SINGLE),
    ("cph", "403 without a body", FIRST),
    ("cph-request", "429 with Retry-After 86400", SINGLE),
    ("cph-request", "404 without a body", FIRST),
    (PLAIN.name, "502 in HTML", SINGLE_ONCE),
    (PLAIN.name, "hang", SINGLE_ONCE),
    (PLAIN.name, "cut in mid-body", FIRST),
    (PLAIN.name, "404 without a body", SINGLE),
    (PLAIN.name, "500 without a body", SINGLE),
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


# Of these, one answer comes after the other, so what is known of the first job when the second is hit is certain.
ONE_BY_ONE = ("cph", "uphone", "cph-request")
# They change the cloud for all tasks that follow.
AT_LAST = ("revoke_tokens", "clock_skew")
# They take as long as a request may.
SLOW = ("hang", "stall", "stall_headers", "drip_headers", "drip_body", "endless_headers", "endless_continue")


def every_fault() -> Iterator[Cell]:
    """Each fault that is more than a variant of another, once."""
    for number, row in enumerate(row for row in ROWS if row.moments is not BRIEF):
        names = [name for name in ONE_BY_ONE if name in row.targets]
        ends = row.meaning.effect in (Effect.TRANSIENT, Effect.FATAL, Effect.NOT_FOUND, Effect.ABSENT)
        yield find(names[number % len(names)], row.name, FIRST if ends else SINGLE)


BY_NAME = {cell.name: cell for cell in [*(find(*names) for names in SELECTED), *every_fault()]}
CELLS = sorted(BY_NAME.values(), key=lambda cell: AT_LAST.index(cell.row.kind) if cell.row.kind in AT_LAST else -1)


# Playbooks for them all; each is short enough to be done in time on a busy machine.
PLAYBOOKS = 5
# Those that play side by side: most of their time is spent between tries.
AT_ONCE = 4


class Play(t.NamedTuple):
    """What a playbook did, and whether somebody called where nobody has any business."""

    played: Played
    went_elsewhere: bool


# By path and number.
Plays = Mapping[tuple[str, int], Future[Play]]


def task_for(cloud: Cloud, cell: Cell, elsewhere: str) -> dict[str, t.Any]:
    """A task for two jobs of its own, with the fault already ordered."""
    target, row, moment = cell
    job_ids = target.submit(cloud)
    asked = target.asked(cloud, job_ids)
    hit = (asked.get("request_ids") or job_ids[1:])[0]
    options = row.options_for(target.facts, job_ids[1], elsewhere)
    cloud.faults.add(Fault(row.kind, target.provider, job_id=hit, times=moment.times, options=options))
    # Where the answers for both jobs are under way at once, the first needs the time to arrive.
    grace = 1 if target.side_by_side else 0
    quick: dict[str, t.Any] = {"interval": 0.1, "max_interval": 0.2, "error_grace": grace, "not_found_grace": grace}
    if row.kind in SLOW:
        quick["request_timeout"] = 2
    if row.login != "keys":
        # By a variable, since Ansible shows the lines of a task that fails.
        login = {name: f"{{{{ {row.login}.{name} }}}}" for name in LOGINS[row.login]}
        quick.update({"access_key": None, "secret_key": None, **login})
    return {
        "name": cell.name,
        f"cloudwait.jobs.{target.provider}_job_info": {**target.facts.options, **asked, **moment.options(), **quick},
        "ignore_errors": True,
    }


def play(path: str, cells: t.Sequence[Cell], folder: Path) -> Play:
    """Tasks on one path, in a cloud of their own where the jobs that run never end."""
    with Elsewhere() as elsewhere, running(Cloud(speed=1e-6)) as cloud:
        player = Player(folder, cloud, {"cloud_url": cloud.url, **connections(cloud), **LOGINS})
        played = player([task_for(cloud, cell, elsewhere.url) for cell in cells], connection=path)
        return Play(played, elsewhere.was_called())


@pytest.fixture(scope="session")
def plays(tmp_path_factory: pytest.TempPathFactory, mischief: None) -> Iterator[Plays]:
    """Some playbooks on each path."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            (path, number): pool.submit(play, path, CELLS[number::PLAYBOOKS], tmp_path_factory.mktemp(path))
            for number in range(PLAYBOOKS)
            for path in PATHS
        }


@pytest.fixture(scope="session", autouse=True)
def _begin_to_play(request: pytest.FixtureRequest) -> None:
    """The playbooks run beside the other tests, from the beginning."""
    if any("plays" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("plays")
