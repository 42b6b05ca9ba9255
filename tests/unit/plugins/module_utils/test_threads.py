# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls on threads: every one comes back, whatever becomes of it."""

from __future__ import annotations

import threading
import time
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import Call, FetchResult, Jobs
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.threads import ThreadExecutor
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import CloudwaitError, NotFoundError
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.place import Place
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.simulated import FixedRate

# Far more than any of these calls takes.
SOON = 30.0


class Source:
    """Answers, or raises, as it is told; `gate` holds up every call until it is opened."""

    provider = "sim"
    place = Place(None, (), "")
    rate_limiter = FixedRate(10)
    batch_size = window = max_in_flight = 2

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


def fetched(outcome: Jobs | BaseException) -> FetchResult:
    """What one call brings."""
    executor = ThreadExecutor(time.monotonic)
    executor.submit(Call(7, Source(outcome), ["a"], SOON))
    (found,) = executor.collect(time.monotonic() + SOON)
    return found


def test_jobs_come_back_with_their_call() -> None:
    jobs: Jobs = {"a": [Job("a", "sim", State.RUNNING)]}
    found = fetched(jobs)
    assert (found.call.number, found.jobs, found.error) == (7, jobs, None)


def test_an_error_comes_back_as_it_is() -> None:
    error = NotFoundError("The service knows no such job.")
    found = fetched(error)
    assert (found.call.number, found.jobs, found.error) == (7, {}, error)


@pytest.mark.parametrize("defect", [ZeroDivisionError("1/0"), KeyError("x" * 1000), UnicodeError(), RecursionError()])
def test_a_defect_comes_back_as_an_error_that_says_so(defect: Exception) -> None:
    found = fetched(defect)
    assert isinstance(found.error, CloudwaitError)
    assert (found.call.number, found.jobs, found.error.transient) == (7, {}, False)
    assert "please report it" in str(found.error)
    assert type(defect).__name__ in str(found.error)
    assert len(str(found.error)) < 400


def test_nothing_comes_before_its_time() -> None:
    source = Source({})
    source.gate.clear()
    executor = ThreadExecutor(time.monotonic)
    call = Call(1, source, ["a"], SOON)
    executor.submit(call)
    assert executor.collect(time.monotonic()) == []
    source.gate.set()
    assert executor.collect(time.monotonic() + SOON) == [FetchResult(call, {})]


def test_a_call_that_hangs_holds_up_no_other() -> None:
    hanging, executor = Source({}), ThreadExecutor(time.monotonic)
    hanging.gate.clear()
    other = Call(2, Source({"b": []}), ["b"], SOON)
    executor.submit(Call(1, hanging, ["a"], SOON))
    executor.submit(other)
    assert executor.collect(time.monotonic() + SOON) == [FetchResult(other, {"b": []})]
    hanging.gate.set()
