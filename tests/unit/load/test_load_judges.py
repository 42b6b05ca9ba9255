# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judges of `make load` and `make soak`: they notice what they are there for."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.tests.load import weather
from ansible_collections.cloudwait.jobs.tests.load.courses import COURSES, PROVIDERS, Promised
from ansible_collections.cloudwait.jobs.tests.load.pace import too_fast
from ansible_collections.cloudwait.jobs.tests.load.usage import has_grown
from ansible_collections.cloudwait.jobs.tests.load.verdicts import disagreements, unexplained
from ansible_collections.cloudwait.jobs.tests.simulator import credentials
from ansible_collections.cloudwait.jobs.tests.simulator.faults import KINDS, parse

GOOD, BAD = COURSES["ims"]
PROMISED = {"a": Promised(GOOD, 10.0), "b": Promised(BAD, 10.0)}
Result = dict[str, t.Any]


def job(job_id: str, state: str, duration: float | None = 10.0, error: t.Any = None) -> Result:
    finished = state in ("succeeded", "failed")
    return {"job_id": job_id, "state": state, "finished": finished, "duration": duration, "error": error, "tasks": []}


def true_result() -> Result:
    """What a wait for the end of both jobs is to tell."""
    return {
        "jobs": [job("a", "succeeded", 7.0), job("b", "failed", error={"code": BAD.code, "message": BAD.message})],
        "summary": {"total": 2, "succeeded": 1, "failed": 1, "running": 0},
        "unfinished": [],
        "timed_out": False,
        "msg": "",
    }


def test_the_truth_is_accepted() -> None:
    assert disagreements(true_result(), PROMISED, "finished") == []
    failed = {"failed": True, "failure": {"kind": "job_failed"}}
    assert disagreements({**true_result(), **failed}, PROMISED, "succeeded") == []


# A change to the result, and what is said of it.
LIES: list[tuple[t.Callable[[Result], t.Any], str]] = [
    (lambda result: result["jobs"].pop(), "1 jobs"),
    (lambda result: result["jobs"].reverse(), "in another order"),
    (lambda result: result["jobs"][0].update(job_id="c"), "or others"),
    (lambda result: result["jobs"][1].update(state="succeeded"), "succeeded in place of failed"),
    (lambda result: result["jobs"][0].update(state="unknown"), "unknown in place of succeeded"),
    (lambda result: result["jobs"][1].update(error=None), "the error"),
    (lambda result: result["jobs"][0].update(error={"code": "x", "message": "y"}), "the error"),
    (lambda result: result["jobs"][0].update(duration=None), "it took None s"),
    (lambda result: result["jobs"][0].update(duration=9.0), "it took 9.0 s"),
    (lambda result: result["summary"].update(succeeded=2), "a summary of"),
    (lambda result: result["unfinished"].append("a"), "1 jobs unfinished"),
    (lambda result: result.update(timed_out=True), "jobs unfinished"),
    (lambda result: result.update(failed=True, failure={"kind": "timeout"}), "the failure 'timeout'"),
    (lambda result: result.update(msg=f"Use {credentials.SECRET_KEY}."), "holds the secret"),
]


@pytest.mark.parametrize(("change", "says"), LIES)
def test_a_lie_is_noticed(change: t.Callable[[Result], t.Any], says: str) -> None:
    result = copy.deepcopy(true_result())
    change(result)
    found = disagreements(result, PROMISED, "finished")
    assert [trouble for trouble in found if says in trouble], found


def test_a_failure_that_nothing_explains_is_noticed() -> None:
    failure = {"failed": True, "failure": {"kind": "permission"}, "unfinished": ["a"]}
    result = {**true_result(), **failure}
    result["jobs"][0] = job("a", "running", None)
    assert unexplained(result, PROMISED, {"permission"}) == []
    assert unexplained(result, PROMISED, {"service"}) != []
    # what goes on must be there to be taken up again, and what has ended must be told as it is
    assert unexplained({**result, "unfinished": []}, PROMISED, {"permission"}) != []
    assert unexplained({**result, "jobs": result["jobs"][:1]}, PROMISED, {"permission"}) != []
    result["jobs"][1]["state"] = "succeeded"
    assert unexplained(result, PROMISED, {"permission"}) != []


@pytest.mark.parametrize(
    ("values", "grown"),
    [
        ([5] * 30, False),
        # a few odd values are no growth
        ([5, 9, 5, 5, 8, 5, 5, 5, 5, 5, 9, 5], False),
        ([5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6], False),
        ([*range(12)], True),
        ([5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7], True),
        # what warmed up early stays
        ([1, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5], False),
    ],
)
def test_growth(values: list[float], grown: bool) -> None:
    assert has_grown(values, 1.5) is grown


@pytest.mark.parametrize(
    ("times", "fast"),
    [
        ([], False),
        ([0.1 * number for number in range(100)], False),
        # a burst of a third, then the pace
        ([0.0, 0.0, 0.0, *(0.1 * number for number in range(3, 50))], False),
        ([0.05 * number for number in range(5)], False),
        ([0.04 * number for number in range(100)], True),
        ([*(0.1 * number for number in range(50)), *[6.0] * 11], True),
    ],
)
def test_pace(times: list[float], fast: bool) -> None:
    assert too_fast(times, 10.0) is fast


def test_the_weather_knows_every_fault() -> None:
    assert {strike.kind for strike in (*weather.GENTLE, *weather.ROUGH)} == set(KINDS)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_one_answer_in_five_goes_wrong(provider: str) -> None:
    for rough, share in ((False, 0.2), (True, 0.21)):
        strikes, made = weather.orders(provider, rough)
        orders = [parse(order) for order in made]
        assert [order.kind for order in orders] == [strike.kind for strike in strikes]
        left = 1.0
        for order in orders:
            left *= 1 - order.chance
        assert 1 - left == pytest.approx(share)
        # whatever may end a wait says so
        assert all(strike.kinds for strike in strikes if strike in weather.ROUGH) is True
        assert any(strike.kinds for strike in strikes) is rough
