# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendors' own clients as judges.

`cloud` is an embedded cloud of the test's own; its clock stands still until the test moves it (`clock.advance`).
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

from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, running  # noqa: E402


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
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
