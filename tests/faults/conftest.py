# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix: everything that can go wrong with an answer, for every service, at every moment of a wait.

What goes wrong stands in faults.py, when in moments.py, for whom in targets.py, and what a user may expect in rules.py.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from ansible_collections.cloudwait.jobs.tests.faults.mischief import mischief
from ansible_collections.cloudwait.jobs.tests.faults.playbooks import _begin_to_play, plays
from ansible_collections.cloudwait.jobs.tests.faults.scene import clock, elsewhere, scene

__all__ = ["_begin_to_play", "clock", "elsewhere", "mischief", "plays", "scene"]

PARTS = pytest.StashKey[Counter[str]]()


@pytest.fixture(autouse=True, scope="session")
def _nothing_of_the_users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Take away the user's proxies, certificates and home."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.lower().endswith("_proxy") or name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
                patch.delenv(name)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known by which cells are counted."""
    config.addinivalue_line("markers", "cell(part): one cell of the fault matrix, counted in that part of it")


def pytest_runtest_makereport(item: pytest.Item) -> None:
    """Count the cells that were played."""
    mark = item.get_closest_marker("cell")
    if mark:
        item.user_properties = [("cell", mark.args[0])]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Count the cells of each part."""
    played = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    config.stash[PARTS] = Counter(
        part for report in played if report.when == "call" for name, part in report.user_properties if name == "cell"
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Print the size of the matrix, as the last line of all."""
    parts = config.stash.get(PARTS, Counter())
    told = ", ".join(f"{count:,} {part}" for part, count in parts.items())
    config.get_terminal_writer().line(f"The fault matrix has {parts.total():,} cells: {told}.")
