# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all fuzz tests share."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloudwait.jobs.tests.fuzz.counting import ANSWERS, TASKS


@pytest.fixture(autouse=True, scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[None]:
    """A home directory without any credentials."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name in sorted(TASKS):
        terminalreporter.write_line(f"fuzz: {name}: {len(ANSWERS[name])} different answers, {TASKS[name]} tasks")
