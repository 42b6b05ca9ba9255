# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ansible-core plays the playbooks, and which Python runs what runs as a module.

Both are those of the running interpreter, unless the environment names others: CONTROLLER_PYTHON is the interpreter
that has ansible-core, MODULE_PYTHON any that has requests. So the tests and the embedded cloud stay what they are,
whatever versions are under test.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

CONTROLLER = os.environ.get("CONTROLLER_PYTHON", sys.executable)
MODULE_PYTHON = os.environ.get("MODULE_PYTHON", CONTROLLER)
# Versions other than the checks' own are under test. What differs between services is none of theirs.
IS_OF_OTHER_VERSIONS = sys.executable != CONTROLLER


@cache
def core_version() -> tuple[int, ...]:
    """The version of ansible-core, such as (2, 21)."""
    command = [CONTROLLER, "-c", "from ansible.release import __version__; print(__version__)"]
    version = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    return tuple(map(int, version.split(".")[:2]))


@cache
def interpreter(version: str) -> str | None:
    """The interpreter of a version that is too old for the matrix, such as 3.6; None where there is none."""
    command = [str(Path(__file__).parents[2] / "scripts" / "find-python"), version]
    found = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    return found.strip().partition(" ")[2] or None
