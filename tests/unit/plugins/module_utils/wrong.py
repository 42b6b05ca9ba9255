# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may stand where a service's answer should hold something else."""

from __future__ import annotations

import typing as t

# No service documents any of these as a status, in whatever type it writes its statuses.
NO_STATUS: list[t.Any] = [
    # null, and the other types of JSON; 2.0 and true are not the integers 2 and 1
    *(None, True, False, 2.0, 2.5, -1.0, 0.1, [], [2], ["SUCCESS"], {}, {"status": 2}, {"status": "SUCCESS"}),
    # nothing, and words for nothing
    *("", " ", "null", "None", "unknown"),
    # integers and words that no table has, among them what IEEE and Python would take for a number
    *(99, -2, 10**9, 10**400, "99", "2.0", "2.5", "1e0", "0x2", "true", "True", "NaN", "DONE", "OK", "9" * 400),
    # digits of other scripts, and numbers that are not written as JSON writes them
    *("٢", "\uff12", "²", "+2", "02", "-01", " 2", "2 ", "2\n", "2_0"),
]

# What may stand anywhere.
WRONG: list[t.Any] = [
    *(None, True, False, 0, -1, 7, 2.5, -0.0, 10**400, "", " ", "x", "\x00", "null"),
    *([], [None], ["x"], [[]], [{}], {}, {"x": {}}, {"job_id": [{}]}),
]


def short(value: object) -> str:
    """The name of a test case by its value; a service has a name of its own."""
    return str(getattr(value, "provider", repr(value)[:40]))


def places(value: t.Any) -> t.Iterator[tuple[t.Any, ...]]:
    """The way to every place within a JSON value, as keys and indexes; the empty way is the value itself."""
    yield ()
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in children:
        for way in places(child):
            yield (step, *way)


def put(value: t.Any, way: tuple[t.Any, ...], wrong: t.Any) -> t.Any:
    """`value`, with something else in one place."""
    if not way:
        return wrong
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[way[0]] = put(value[way[0]], way[1:], wrong)
    return copy


def dropped(value: t.Any, way: tuple[t.Any, ...]) -> t.Any:
    """`value`, without what is in one place."""
    if not way:
        return None
    parent = value
    for step in way[:-1]:
        parent = parent[step]
    rest = (
        {key: item for key, item in parent.items() if key != way[-1]}
        if isinstance(parent, dict)
        else [item for index, item in enumerate(parent) if index != way[-1]]
    )
    return put(value, way[:-1], rest)
