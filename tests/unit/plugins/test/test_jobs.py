# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests `jobs_finished`, `jobs_succeeded`, `jobs_failed`: one line per combination of states."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import State
from ansible_collections.cloudwait.jobs.plugins.test.jobs import TestModule
from jinja2 import StrictUndefined, UndefinedError

TESTS = TestModule().tests()


def result(*states: str) -> dict[str, t.Any]:
    return {"changed": False, "jobs": [{"job_id": f"j{n}", "state": state} for n, state in enumerate(states)]}


# states of the jobs, then what jobs_finished, jobs_succeeded and jobs_failed say
STATES: list[tuple[list[str], bool, bool, bool]] = [
    # no job, no verdict
    ([], False, False, False),
    # every state alone; unknown and not found are no end, no success and no failure
    (["pending"], False, False, False),
    (["running"], False, False, False),
    (["succeeded"], True, True, False),
    (["partially_succeeded"], True, False, False),
    (["failed"], True, False, True),
    (["unknown"], False, False, False),
    (["not_found"], False, False, False),
    # all must have ended, all must have succeeded, one failure is enough
    (["succeeded", "succeeded"], True, True, False),
    (["succeeded", "partially_succeeded"], True, False, False),
    (["succeeded", "failed"], True, False, True),
    (["running", "failed"], False, False, True),
    (["succeeded", "running"], False, False, False),
    (["succeeded", "unknown"], False, False, False),
    (["succeeded", "not_found"], False, False, False),
]


@pytest.mark.parametrize(("states", "finished", "succeeded", "failed"), STATES)
def test_verdicts(states: list[str], finished: bool, succeeded: bool, failed: bool) -> None:
    of_result = result(*states)
    for value in (
        of_result,
        # its jobs alone
        of_result["jobs"],
        # a registered loop
        {"changed": False, "results": [result(state) for state in states]},
    ):
        assert TESTS["jobs_finished"](value) is finished
        assert TESTS["jobs_succeeded"](value) is succeeded
        assert TESTS["jobs_failed"](value) is failed


def test_every_state_is_in_the_table() -> None:
    assert {states[0] for states, *_verdicts in STATES if len(states) == 1} == {state.value for state in State}


def test_a_single_job_can_be_selected() -> None:
    assert [job["job_id"] for job in result("succeeded", "failed")["jobs"] if TESTS["jobs_failed"](job)] == ["j1"]


def test_a_result_that_failed_is_judged_by_its_jobs() -> None:
    timed_out = {"failed": True, "msg": "The time is over.", **result("succeeded", "running")}
    assert not TESTS["jobs_failed"](timed_out)
    assert not TESTS["jobs_finished"](timed_out)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        # no result at all
        (None, "or its jobs, but got nothing."),
        ("succeeded", "but got the text 'succeeded'."),
        (True, "but got a value of type bool."),
        ({"stdout": "", "rc": 0}, "but got a dictionary with the keys rc, stdout."),
        ({}, "but got a dictionary with the keys none."),
        ({"jobs": "j1"}, "but got a dictionary with the keys jobs."),
        # results without jobs, and why
        ({"skipped": True, "changed": False}, "because the task was skipped; test for that first"),
        ({"failed": True, "msg": "Unsupported parameters."}, "before it knew of any: Unsupported parameters."),
        ({"results": [result("succeeded"), {"skipped": True}]}, "because the task was skipped"),
        # jobs that are none
        (["j1"], "each with a `state` such as succeeded, but got the text 'j1'."),
        ([{"job_id": "j1"}], "but got a dictionary with the keys job_id."),
        # a service's own answer is not yet a result
        ({"jobs": [{"job_id": "j1", "status": 2}]}, "but got a dictionary with the keys job_id, status."),
        # a state that this collection does not have
        ({"job_id": "j1", "state": "SUCCESS"}, "but got a job with the state 'SUCCESS'."),
        ([{"state": None}], "but got a job with the state 'None'."),
        ([{"state": ["failed"]}], "but got a job with the state"),
        # long texts are cut
        ("x" * 1000, "xxx…'."),
    ],
)
@pytest.mark.parametrize("name", sorted(TESTS))
def test_anything_else_is_refused_in_one_sentence(name: str, value: t.Any, message: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        TESTS[name](value)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"The test {name} ")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("name", sorted(TESTS))
def test_an_undefined_variable_is_reported_as_such(name: str) -> None:
    with pytest.raises(UndefinedError, match="'reset' is undefined"):
        TESTS[name](StrictUndefined(name="reset"))
