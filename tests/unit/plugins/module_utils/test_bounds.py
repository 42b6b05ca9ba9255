# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounds as figures: what a constant says elsewhere is promised here, and a change of it is a change of the promise."""

from __future__ import annotations

import itertools
import json
import typing as t

import pytest
import requests
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import JobQuery
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import TargetKind
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.wait import Wait
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.client import MAX_BODY, MAX_RETRY_AFTER
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.json_body import decode
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.text import display_text
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Reply, run
from ansible_collections.cloudwait.jobs.tests.fuzz.samples import options_of
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.simulated import World, wait_in, wanted


@pytest.mark.parametrize(("levels", "is_read"), [(25, True), (60, False), (5000, False), (200_000, False)])
def test_an_answer_nests_a_few_dozen_levels(levels: int, is_read: bool) -> None:
    body = b"[" * levels + b"]" * levels
    if is_read:
        decode(body)
    else:
        with pytest.raises(ValueError, match="deep"):
            decode(body)


@pytest.mark.parametrize(("count", "is_read"), [(100_000, True), (400_000, False)])
def test_an_answer_holds_some_hundred_thousand_values(count: int, is_read: bool) -> None:
    body = b"[" + b"0," * count + b"0]"
    if is_read:
        decode(body)
    else:
        with pytest.raises(ValueError, match="too many values"):
            decode(body)


def test_a_quotation_has_a_few_hundred_characters() -> None:
    assert 200 < len(display_text("x" * 100_000) or "") < 1000


def test_a_body_has_a_few_megabytes_and_a_silence_a_day() -> None:
    assert 2**20 < MAX_BODY <= 10 * 2**20
    assert MAX_RETRY_AFTER == 24 * 3600


@pytest.mark.parametrize(("service", "ids"), [(UPHONE, {}), (CPH, {"request_ids": ["r"]})], ids=["uphone", "cph"])
def test_a_listing_has_ten_thousand_jobs(service: Service, ids: dict[str, t.Any]) -> None:
    """Of a service whose every page is full of new jobs."""
    numbers = itertools.count()

    def server(_request: requests.PreparedRequest) -> Reply:
        names = [f"job-{next(numbers)}" for _job in range(100)]
        jobs = [{"JobId": name, "State": "RUNNING", "job_id": name, "status": 1} for name in names]
        return Reply(json.dumps({"RetCode": 0, "TotalCount": 10**9, "Jobs": jobs, "jobs": jobs}).encode())

    finished = run(service, options_of(service, **ids), server, limit=200)
    assert (finished.result["requests"], finished.result["failure"]["kind"]) == (100, "invalid")


@pytest.mark.parametrize("batch_size", [1, 10])
def test_a_hang_at_the_deadline_ends_within_a_quarter_of_a_minute(batch_size: int) -> None:
    keys = [f"j{number}" for number in range(10)]
    world = World({key: [(0, "running")] for key in keys}, batch_size=batch_size, round_trip=1e9, max_rate=10)
    outcome = wait_in(world, keys, timeout=60)
    assert outcome.timed_out
    assert 60 <= outcome.elapsed <= 75


def test_duplicates_hold_up_nothing() -> None:
    world = World({"a": [(0, "running"), (10, "succeeded")], "b": [(0, "succeeded")]})
    outcome = wait_in(world, ["a", "b", "a", "a", "b"], timeout=1000)
    assert (outcome.timed_out, outcome.error) == (False, None)
    assert outcome.elapsed < 15
    times = world.times("a")
    assert all(later > earlier for earlier, later in zip(times, times[1:]))


def test_what_is_nearly_due_travels_along() -> None:
    """Jitter plans the looks at two jobs for different moments, and still one request tells of both."""
    world = World({"a": [(0, "running")], "b": [(0, "running")]}, batch_size=10)
    chances = itertools.cycle([0.0, 1.0, 0.3])
    query = JobQuery(world, TargetKind.JOBS, ["a", "b"], wanted())
    Wait([query], 600, world, world.clock, lambda: next(chances)).run()
    assert len(world.polls) > 20
    assert all(sorted(asked) == ["a", "b"] for _moment, asked in world.polls)
