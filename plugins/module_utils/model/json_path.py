# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Places in a JSON value: `a.b` is the value of a key in a key's value, `a[].b` is it for every item of a list."""

from __future__ import annotations

import functools
import typing as t


def first(value: t.Any, paths: t.Iterable[str]) -> t.Any:
    """Return the first thing that one of the paths leads to in a JSON value, or None; an empty path leads nowhere."""
    for path in paths:
        found = values(value, path) if path else []
        if found:
            return found[0]
    return None


def only(value: t.Any, paths: t.Iterable[str]) -> t.Any:
    """Return the first thing that one of the paths leads to, or None where it leads to several that differ."""
    for path in paths:
        found = values(value, path) if path else []
        if found:
            return found[0] if all(each == found[0] for each in found[1:]) else None
    return None


def values(value: t.Any, path: str) -> list[t.Any]:
    """Return everything that `path` leads to in a JSON value; an empty path leads to the value itself."""
    steps = _steps(path)
    if len(steps) == 1 and not steps[0][1]:
        # Most paths are one key, and a hundred jobs of an answer are asked for a dozen of them.
        return [value[path]] if isinstance(value, dict) and path in value else []
    found = [value]
    for name, each in steps:
        found = [item[name] for item in found if isinstance(item, dict) and name in item]
        if each:
            found = [child for item in found if isinstance(item, list) for child in item]
    return found


@functools.lru_cache(maxsize=None)
def _steps(path: str) -> tuple[tuple[str, bool], ...]:
    """Return the keys of a path, each with whether it goes into every item. Paths are declared, and so few."""
    steps = path.split(".") if path else []
    return tuple((step[:-2], True) if step.endswith("[]") else (step, False) for step in steps)
