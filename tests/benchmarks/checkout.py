# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets a script import the collection out of this checkout, wherever that is."""

from __future__ import annotations

import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def use() -> None:
    """Make `ansible_collections.cloudwait.jobs` this checkout, in this process."""
    folders = {
        "ansible_collections": [],
        "ansible_collections.cloudwait": [],
        "ansible_collections.cloudwait.jobs": [str(ROOT)],
    }
    for name, folder in folders.items():
        module = types.ModuleType(name)
        module.__path__ = folder
        sys.modules[name] = module
