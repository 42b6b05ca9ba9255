# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls on threads: every one comes back, whatever becomes of it."""

from __future__ import annotations

import threading
import time
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.calls import ThreadCalls
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import JobsError, NotFoundError
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.sources import Jobs
from ansible_collections.cloudwait.jobs.plugins.module_utils.wait import Answer

# Far more than any of these calls takes.
SOON = 30.0


class Source:
    """Answers, or raises, as it is told; `gate` holds up every call until it is opened."""

    provider = "sim"
    batch_size = 3
    window = 5
    workers = 2

    def __init__(self, outcome: Jobs | BaseException) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self._outcome = outcome

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        return keys[:2]

    def fetch(self, keys: t.Sequence[str], until: float) -> Jobs:
        self.gate.wait(SOON)
        if isinstance(self._outcome, BaseException):
            raise self._outcome
        return self._outcome


def answer(outcome: Jobs | BaseException) -> Answer:
    """What one call brings."""
    calls = ThreadCalls(Source(outcome), time.monotonic)
    calls.submit(7, ["a"], SOON)
    (found,) = calls.collect(time.monotonic() + SOON)
    return found


def test_jobs_come_back_under_the_number_of_their_call() -> None:
    jobs: Jobs = {"a": [Job("a", "sim", State.RUNNING)]}
    assert answer(jobs) == Answer(7, jobs)


def test_an_error_comes_back_as_it_is() -> None:
    error = NotFoundError("The service knows no such job.")
    assert answer(error) == Answer(7, {}, error)


@pytest.mark.parametrize("defect", [ZeroDivisionError("1/0"), KeyError("x" * 1000), UnicodeError(), RecursionError()])
def test_a_defect_comes_back_as_an_error_that_says_so(defect: Exception) -> None:
    found = answer(defect)
    assert isinstance(found.error, JobsError)
    assert (found.call, found.jobs, found.error.transient) == (7, {}, False)
    assert "please report it" in str(found.error)
    assert type(defect).__name__ in str(found.error)
    assert len(str(found.error)) < 400


def test_nothing_comes_before_its_time() -> None:
    source = Source({})
    source.gate.clear()
    calls = ThreadCalls(source, time.monotonic)
    calls.submit(1, ["a"], SOON)
    assert calls.collect(time.monotonic()) == []
    source.gate.set()
    assert calls.collect(time.monotonic() + SOON) == [Answer(1, {})]


def test_a_call_that_hangs_holds_up_no_other() -> None:
    hanging, calls = Source({}), ThreadCalls(Source({"b": []}), time.monotonic)
    hanging.gate.clear()
    calls._source = hanging
    calls.submit(1, ["a"], SOON)
    calls._source = Source({"b": []})
    calls.submit(2, ["b"], SOON)
    assert calls.collect(time.monotonic() + SOON) == [Answer(2, {"b": []})]
    hanging.gate.set()


def test_what_the_source_says_of_itself() -> None:
    calls = ThreadCalls(Source({}), time.monotonic)
    assert (calls.provider, calls.batch_size, calls.window, calls.workers) == ("sim", 3, 5, 2)
    assert calls.batch(["a", "b", "c"]) == ["a", "b"]
