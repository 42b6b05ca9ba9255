# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the playbooks gave, on both paths."""

from __future__ import annotations

import pytest
from ansible_collections.cloudwait.jobs.tests.faults.checks import CREDENTIALS, check_result
from ansible_collections.cloudwait.jobs.tests.faults.playbooks import CELLS, PATHS, PLAYBOOKS, Cell, Plays
from ansible_collections.cloudwait.jobs.tests.faults.rules import expected
from ansible_collections.cloudwait.jobs.tests.faults.scene import Seen
from ansible_collections.cloudwait.jobs.tests.spellings import found


@pytest.mark.cell("tasks in playbooks")
@pytest.mark.parametrize(
    ("number", "cell"), [pytest.param(place % PLAYBOOKS, cell, id=cell.name) for place, cell in enumerate(CELLS)]
)
@pytest.mark.parametrize("path", PATHS)
def test_task(plays: Plays, path: str, number: int, cell: Cell) -> None:
    played = plays[path, number].result().played
    status = played.status(cell.name)
    result = {**played[cell.name], "failed": status != "ok"}
    seen = Seen(result, result.get("warnings", []), [])
    check_result(seen)
    wanted = expected(cell.target, cell.row, cell.moment, 0.0)
    assert (seen.states, seen.kind, result["timed_out"]) == wanted, result["msg"]
    assert status == ("ignored" if seen.kind else "ok")


@pytest.mark.parametrize("number", range(PLAYBOOKS))
@pytest.mark.parametrize("path", PATHS)
def test_what_else_is_seen(plays: Plays, path: str, number: int) -> None:
    played, went_elsewhere = plays[path, number].result()
    assert played.code == 0, played.output
    assert not found(played.output, CREDENTIALS)
    assert "Traceback" not in played.output
    assert not went_elsewhere
