# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of CPH's list while jobs are asked for by their ids: the list only saves requests, and does no harm."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.cloudwait.jobs.tests.faults.checks import check_result
from ansible_collections.cloudwait.jobs.tests.faults.faults import AUTHENTICATION, ROWS, Effect, Row
from ansible_collections.cloudwait.jobs.tests.faults.moments import BRIEF, FIRST, LATER_ONCE, Moment
from ansible_collections.cloudwait.jobs.tests.faults.scene import Elsewhere, Scene
from ansible_collections.cloudwait.jobs.tests.faults.targets import CPH_BY_ID, CPH_REQUEST, RUNNING

# One of them ends at once, so that the others are asked for together.
SCALES = (1e-9, 1.0, 1.0, 1.0)
# Every fault for good, and the variants of one once.
CELLS = [
    pytest.param(row, moment, id=f"{row.name} | {moment.name}")
    for row in ROWS
    if CPH_REQUEST.name in row.targets
    for moment in [LATER_ONCE if row.moments is BRIEF else FIRST]
]


@pytest.mark.cell("faults of the list")
@pytest.mark.parametrize(("row", "moment"), CELLS)
def test_list(scene: Scene, elsewhere: Elsewhere, row: Row, moment: Moment) -> None:
    scene.begin(CPH_BY_ID)
    answer = scene.cloud.submit({"provider": "cph", **RUNNING}, scale=SCALES)
    scene.clock.jump(0.001)
    job_ids = [job["job_id"] for job in answer["jobs"]]
    scene.order(CPH_BY_ID, row, moment, job_ids[1], elsewhere.url, service="cph", operation="list_jobs")
    seen = scene.look(CPH_BY_ID, moment, job_ids, row.login)
    check_result(seen)
    asked = sum(request.operation == "list_jobs" for request in seen.requests)
    assert asked
    assert (seen.kind, seen.states) in outcomes(row, moment), seen.result["msg"]
    assert not elsewhere.was_called()


def outcomes(row: Row, moment: Moment) -> list[tuple[str, tuple[str, ...]]]:
    """What may come of it: whatever is wrong with the list, a job's own query is right."""
    arrived = ("", ("succeeded",) * len(SCALES))
    is_believed = moment.for_good or row.is_lasting or row.options.get("status") == 500
    if row.meaning == AUTHENTICATION and is_believed:
        # What was accepted is tried once more. Some jobs may have been asked for by themselves before.
        states = itertools.product(("running", "unknown"), repeat=3)
        refused = [("authentication", ("succeeded", *known)) for known in states]
        return [*refused, arrived] if row.options.get("status") == 500 else refused
    if row.meaning.effect is Effect.TOO_LONG and moment.for_good:
        # That long a silence is kept to, for all requests alike.
        return [("timeout", ("succeeded", *["running"] * 3)), arrived]
    return [arrived]
