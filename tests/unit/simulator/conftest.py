# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cloud on a manual clock, for the tests of the embedded cloud."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator

import pytest

# ansible-test runs unit tests in environments of its own, which do not hold what the embedded cloud needs.
if sys.version_info < (3, 11) or not all(map(importlib.util.find_spec, ("aiohttp", "yaml", "requests"))):
    collect_ignore_glob = ["test_*.py"]
else:
    from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, running
    from ansible_collections.cloudwait.jobs.tests.unit.simulator.asking import Caller


@pytest.fixture
def clock() -> ManualClock:
    # A whole second keeps the expected times free of rounding: 2026-01-02T03:04:05Z.
    return ManualClock(start=1767323045)


@pytest.fixture
def cloud(clock: ManualClock) -> Cloud:
    return Cloud(clock=clock)


@pytest.fixture
def caller(cloud: Cloud, clock: ManualClock) -> Caller:
    return Caller(cloud, clock)


@pytest.fixture
def served(cloud: Cloud) -> Iterator[Cloud]:
    """The same cloud on a port."""
    with running(cloud):
        yield cloud
