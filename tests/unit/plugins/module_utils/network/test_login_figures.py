# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The goals of the benchmark of logins."""

from __future__ import annotations

import pytest
from ansible_collections.cloudwait.jobs.tests.benchmarks.logins import JOBS, WAYS, measure


@pytest.mark.parametrize("jobs", JOBS)
@pytest.mark.parametrize("way", WAYS)
def test_a_look_at_a_hundred_jobs_costs_one_login(way: str, jobs: int) -> None:
    row = measure(way, "look", jobs)
    assert row.looks == jobs
    assert row.logins == (1 if way in ("password", "agency") else 0)
    # a login with a password tells the project, and keys of UCloud need none
    assert row.look_ups == (0 if way in ("password", "ucloud_keys") else 1)
    asked = 1 if way == "ucloud_keys" else jobs
    assert row.requests == row.logins + row.look_ups + asked


@pytest.mark.parametrize("way", ["password", "agency"])
def test_a_wait_longer_than_the_token_costs_one_more(way: str) -> None:
    one, several = measure(way, "wait", 1), measure(way, "wait", 5)
    assert (one.logins, several.logins) == (2, 2)
    assert one.look_ups == several.look_ups
    assert several.requests == several.looks + several.logins + several.look_ups
