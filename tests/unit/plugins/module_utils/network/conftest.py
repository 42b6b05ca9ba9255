# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests over real HTTP on loopback, most of them against the embedded cloud."""

from __future__ import annotations

import importlib.util
import sys
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import client as http
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.total_timeout import open_session

# ansible-test runs unit tests in environments of its own, which do not hold what the embedded cloud needs.
if sys.version_info < (3, 11) or not all(map(importlib.util.find_spec, ("aiohttp", "yaml", "requests"))):
    collect_ignore_glob = ["test_*.py"]
else:
    from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, running
    from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.clients import Client

    @pytest.fixture
    def cloud() -> Iterator[Cloud]:
        """An embedded cloud of this test's own, on real time."""
        with running(Cloud()) as started:
            yield started

    @pytest.fixture
    def clock() -> ManualClock:
        """The time of `still_cloud`, which passes only when somebody sleeps or a test moves it."""
        # Half a second off what a Date header can tell, in every run.
        return ManualClock(start=1_800_000_000.5)

    @pytest.fixture
    def still_cloud(clock: ManualClock) -> Iterator[Cloud]:
        """An embedded cloud on that time."""
        with running(Cloud(clock=clock)) as started:
            yield started

    @pytest.fixture
    def client(still_cloud: Cloud, clock: ManualClock) -> Client:
        """A client of that cloud."""
        return Client(still_cloud.url, clock)


@pytest.fixture(autouse=True)
def _nothing_left_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close every session of a test, as a task does; urllib3 before 2 leaves that to nobody else."""
    opened = []

    def opening() -> t.Any:
        opened.append(open_session())
        return opened[-1]

    monkeypatch.setattr(http, "open_session", opening)
    yield
    for session in opened:
        session.close()


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home without anything in it."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, empty_home: Path) -> None:
    """Take away the user's home."""
    monkeypatch.setenv("HOME", str(empty_home))
