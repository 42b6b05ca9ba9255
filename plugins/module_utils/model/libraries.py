# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Libraries that the host of a task may lack. Knows neither HTTP nor Ansible."""

from __future__ import annotations

import sys

from .host import HOST

# The oldest version that is tested, for what pip is asked for.
REQUIREMENTS = {"requests": '"requests>=2.25.1"'}


def install_command(library: str) -> str:
    """Return the command that installs a library for the interpreter that runs this task."""
    return f"{sys.executable or 'python3'} -m pip install {REQUIREMENTS.get(library, library)}"


def missing(library: str, use: str) -> str:
    """Return the sentence for a library that this host lacks; `use` says what needs it."""
    return (
        f"Failed to import the required Python library ({library}) on {HOST}, and {use}; install it "
        f"there with `{install_command(library)}`, or with the packages of the system."
    )
