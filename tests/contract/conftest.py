# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendors' own clients, and a real Keystone, as judges.

`cloud` is an embedded cloud of the test's own; its clock stands still until the test moves it (`clock.advance`).
`keystone` is one Keystone for all tests; it starts in the background where some test is going to ask for it.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator

import pytest

# The vendor's package writes below the home directory as soon as it is imported, and every client looks for credentials
# and proxies: nothing of the user's takes part.
HOME = tempfile.mkdtemp(prefix="contract-home-")
for name in list(os.environ):
    if re.fullmatch(r"(HW|HUAWEICLOUD|OS|UCLOUD)_.*|.*_proxy", name, re.IGNORECASE):
        del os.environ[name]
os.environ["HOME"] = HOME

from ansible_collections.cloudwait.jobs.tests.contract.identity import Keystone  # noqa: E402
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, running  # noqa: E402


def asks_for_keystone(item: pytest.Item) -> bool:
    return "keystone" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # While the others run, Keystone starts.
    items.sort(key=asks_for_keystone)
    for item in items:
        # What the vendors' code does with time is theirs to renew.
        item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning:huaweicloudsdk"))


def pytest_sessionfinish() -> None:
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def cloud(clock: ManualClock) -> Iterator[Cloud]:
    with running(Cloud(clock=clock)) as started:
        yield started


@pytest.fixture(scope="session", autouse=True)
def keystone_in_background(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Keystone | None]:
    """A Keystone that may still be starting; None where no test asks for one."""
    if not any(map(asks_for_keystone, request.session.items)):
        yield None
        return
    with Keystone(tmp_path_factory.mktemp("keystone")) as server:
        yield server


@pytest.fixture
def keystone(keystone_in_background: Keystone) -> Keystone:
    keystone_in_background.wait_until_up()
    keystone_in_background.forget()
    return keystone_in_background
