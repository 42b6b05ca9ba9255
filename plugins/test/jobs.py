# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests `jobs_finished`, `jobs_succeeded` and `jobs_failed` for results of this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible.errors import AnsibleFilterError

from ..module_utils.model.job import FINAL, State
from ..module_utils.model.text import single_line

MAX_QUOTE = 200


def jobs_finished(result: t.Any) -> bool:
    """Tell whether there are jobs and all of them have ended, well or badly."""
    states = _states(result, "jobs_finished")
    return bool(states) and all(state in FINAL for state in states)


def jobs_succeeded(result: t.Any) -> bool:
    """Tell whether there are jobs and all of them have succeeded, in all their parts."""
    states = _states(result, "jobs_succeeded")
    return bool(states) and all(state is State.SUCCEEDED for state in states)


def jobs_failed(result: t.Any) -> bool:
    """Tell whether any job has failed."""
    return State.FAILED in _states(result, "jobs_failed")


def _states(result: t.Any, test: str) -> list[State]:
    """Return the states of all jobs in a result, a registered loop, a list of jobs, or a single job.

    Raises AnsibleFilterError for anything else, as a guess would be a verdict that no service has given.
    """
    if isinstance(result, Mapping):
        if isinstance(result.get("jobs"), (list, tuple)):
            return [_state(job, test) for job in result["jobs"]]
        if isinstance(result.get("results"), (list, tuple)):
            return [state for each in result["results"] for state in _states(each, test)]
        if "state" in result:
            return [_state(result, test)]
        if result.get("skipped") is True:
            raise AnsibleFilterError(
                f"The test {test} has no jobs to look at, because the task was skipped; test for that first, "
                "with `is not skipped`."
            )
        if result.get("failed") is True:
            raise AnsibleFilterError(
                f"The test {test} has no jobs to look at, because the task failed before it knew of any: "
                f"{single_line(str(result.get('msg')), MAX_QUOTE)}"
            )
    if isinstance(result, (list, tuple)):
        return [_state(job, test) for job in result]
    raise AnsibleFilterError(
        f"The test {test} takes the result of a module or of the role of cloudwait.jobs, or its jobs, but got "
        f"{_describe(result)}."
    )


def _state(job: t.Any, test: str) -> State:
    """Return the state of one job."""
    try:
        return State(job["state"])
    except (TypeError, KeyError, ValueError):
        raise AnsibleFilterError(
            f"The test {test} takes jobs as the modules of cloudwait.jobs return them, each with a `state` such as "
            f"succeeded, but got {_describe(job)}."
        ) from None


def _describe(value: t.Any) -> str:
    # An undefined variable raises Jinja's own error, which names it, as soon as its text is asked for.
    text = str(value)
    if isinstance(value, Mapping):
        if "state" in value:
            return f"a job with the state {single_line(str(value['state']), MAX_QUOTE)!r}"
        return "a dictionary with the keys " + (single_line(", ".join(sorted(map(str, value))), MAX_QUOTE) or "none")
    if value is None:
        return "nothing"
    return (
        f"the text {single_line(text, MAX_QUOTE)!r}"
        if isinstance(value, str)
        else f"a value of type {type(value).__name__}"
    )


class TestModule:
    """Registers the tests with Ansible."""

    # Pytest takes classes of this name for its own.
    __test__ = False

    def tests(self) -> dict[str, t.Callable[[t.Any], bool]]:
        """Return the tests by their names."""
        return {"jobs_finished": jobs_finished, "jobs_succeeded": jobs_succeeded, "jobs_failed": jobs_failed}
