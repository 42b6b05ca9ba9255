# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action groups of this collection, which say what connection options a module takes.

Private to this collection: it may change without notice.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from pathlib import Path

import yaml

RUNTIME = Path(__file__).resolve().parents[2] / "meta" / "runtime.yml"
SUFFIX = "_job_info"


def groups_of(module: str) -> list[str]:
    """Return the names of the groups that a module is in, outer groups first, as `module_defaults` applies them.

    `module` is the name without its collection.
    """
    groups = _action_groups()
    found = [name for name in groups if module in _members(name, groups)]
    return sorted(found, key=lambda name: -len(_members(name, groups)))


def action_groups() -> list[str]:
    """Return the names of all groups."""
    return sorted(_action_groups())


def providers() -> list[str]:
    """Return the providers whose modules are in the group of all."""
    return sorted(name[: -len(SUFFIX)] for name in _members("all", _action_groups()) if name.endswith(SUFFIX))


def _action_groups() -> t.Any:
    return yaml.safe_load(RUNTIME.read_text(encoding="utf-8"))["action_groups"]


def _members(name: str, groups: Mapping[str, t.Any]) -> set[str]:
    members: set[str] = set()
    for entry in groups[name]:
        if isinstance(entry, Mapping):
            for extended in entry["metadata"]["extend_group"]:
                members |= _members(extended, groups)
        else:
            members.add(entry)
    return members
