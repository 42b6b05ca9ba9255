# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault, for every way to ask, at every moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import LAST_POLL_SECONDS
from ansible_collections.cloudwait.jobs.tests.faults import wrong_types
from ansible_collections.cloudwait.jobs.tests.faults.checks import check_result
from ansible_collections.cloudwait.jobs.tests.faults.faults import EXEMPLARS, ROWS, Effect, Row
from ansible_collections.cloudwait.jobs.tests.faults.moments import GRACE, INTERVAL, MOMENTS, SINGLE, Moment
from ansible_collections.cloudwait.jobs.tests.faults.rules import expected, has_second_try
from ansible_collections.cloudwait.jobs.tests.faults.scene import MAX_RATE, Elsewhere, Scene, Seen
from ansible_collections.cloudwait.jobs.tests.faults.targets import (
    OTHERS,
    RUNS_FOR,
    SHAPES,
    TARGETS,
    Listing,
    Target,
    kin,
)

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

# What a request may take, in seconds.
REQUEST_TIMEOUT = 30


def cells(rows: Iterable[Row]) -> list[ParameterSet]:
    """A test case for each target and moment of each row.

    Jobs that a listing found are asked for by their ids from then on, as the other target asks for them.
    """
    return [
        pytest.param(target, row, moment, id=f"{target.name} | {row.name} | {moment.name}")
        for row in rows
        for target in (*TARGETS, *SHAPES)
        if target.name in row.targets
        for moment in row.moments
        if moment.at_first or not isinstance(target, Listing) or row.moments is MOMENTS
    ]


def cells_of_others() -> list[ParameterSet]:
    """One fault of each effect for each other service, as its kin has it, at one moment after the other."""
    exemplars = [row for row in ROWS if row.name in EXEMPLARS]
    return [
        pytest.param(target, row, MOMENTS[number % len(MOMENTS)], id=f"{target.name} | {row.name}")
        for target in OTHERS
        for number, row in enumerate(row for row in exemplars if kin(target).name in row.targets)
    ]


@pytest.mark.cell("faults")
@pytest.mark.parametrize(("target", "row", "moment"), cells(ROWS))
def test_fault(scene: Scene, elsewhere: Elsewhere, target: Target, row: Row, moment: Moment) -> None:
    check(scene, elsewhere, target, row, moment)


@pytest.mark.cell("faults of every other service")
@pytest.mark.parametrize(("target", "row", "moment"), cells_of_others())
def test_other(scene: Scene, elsewhere: Elsewhere, target: Target, row: Row, moment: Moment) -> None:
    check(scene, elsewhere, target, row, moment)


@pytest.mark.cell("wrong types in answers")
@pytest.mark.parametrize(("target", "row", "moment"), cells(wrong_types.rows()))
def test_type(scene: Scene, elsewhere: Elsewhere, target: Target, row: Row, moment: Moment) -> None:
    check(scene, elsewhere, target, row, moment)


@pytest.mark.cell("wrong types in errors")
@pytest.mark.parametrize(("target", "row", "moment"), cells(wrong_types.rows_of_errors()))
def test_type_in_error(scene: Scene, elsewhere: Elsewhere, target: Target, row: Row, moment: Moment) -> None:
    check(scene, elsewhere, target, row, moment)


def check(scene: Scene, elsewhere: Elsewhere, target: Target, row: Row, moment: Moment) -> None:
    """Play one cell and hold it against the rules."""
    seen = scene.play(target, row, moment, elsewhere.url)
    check_result(seen)
    elapsed = seen.result["elapsed"]
    wanted = expected(target, row, moment, elapsed)
    assert (seen.states, seen.kind, seen.result["timed_out"]) == wanted, seen.result["msg"]
    assert elapsed <= longest(seen, row, moment)
    check_tries(seen, target, row, moment)
    assert not elsewhere.was_called()


def check_tries(seen: Seen, target: Target, row: Row, moment: Moment) -> None:
    """Nothing is tried again where that cannot help, what was accepted once more, and a single look three times."""
    assert seen.result["requests"] == len(seen.requests)
    hits = sum(request.fault is not None for request in seen.requests)
    if row.meaning.effect is Effect.FATAL and not row.once:
        # At the deadline there is no time for a second try.
        assert hits == 1 + (moment.for_good and not moment.at_deadline and has_second_try(target, row, moment))
    if row.meaning.effect is Effect.TRANSIENT and moment is SINGLE:
        assert hits == 3


def longest(seen: Seen, row: Row, moment: Moment) -> float:
    """How many seconds a task may take."""
    if moment.timeout is None:
        # Three tries, with pauses of 1, 2 and 4 seconds at most, or those that the service asks for.
        return 3 * (REQUEST_TIMEOUT + 7)
    if seen.result["timed_out"]:
        return moment.timeout + LAST_POLL_SECONDS + len(seen.states) / MAX_RATE
    if row.meaning.effect is Effect.TOO_LONG:
        return moment.timeout
    if seen.kind:
        # The grace is over between one look and the next.
        return moment.since + INTERVAL + GRACE + INTERVAL + REQUEST_TIMEOUT
    return RUNS_FOR + REQUEST_TIMEOUT + INTERVAL
