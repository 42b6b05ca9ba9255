# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the direct path makes of a task's arguments and environment."""

from __future__ import annotations

import datetime as dt
import os
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.plugin_utils import in_process
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.task_arguments import plain_arguments


class Text(str):
    """A string of a kind of its own, as Ansible's are."""

    __slots__ = ()


class Number(int):
    """An integer of somebody's own."""


class Lazy(dict[str, t.Any]):
    """A mapping of somebody's own."""


# what a task has, and what a module gets
ARGUMENTS: list[tuple[t.Any, t.Any]] = [
    ("a", "a"),
    (Text("a"), "a"),
    (Number(1), 1),
    (1.5, 1.5),
    (True, True),
    (None, None),
    ((1, Text("b")), [1, "b"]),
    (Lazy({Text("k"): [Text("v")]}), {"k": ["v"]}),
    ({1: {"x"}}, {"1": ["x"]}),
    (dt.date(2026, 1, 2), "2026-01-02"),
]


@pytest.mark.parametrize(("value", "expected"), ARGUMENTS)
def test_arguments_are_what_a_module_gets(value: t.Any, expected: t.Any) -> None:
    plain = plain_arguments(value)
    assert plain == expected
    assert types_of(plain) == types_of(expected)


def types_of(value: t.Any) -> t.Any:
    """The very types of a value and of all it holds."""
    if isinstance(value, dict):
        return dict, [(type(key), types_of(item)) for key, item in value.items()]
    return (list, [types_of(item) for item in value]) if isinstance(value, list) else type(value)


def test_the_environment_is_the_tasks_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDWAIT_BOTH", "before")
    monkeypatch.delenv("CLOUDWAIT_ONE", raising=False)
    before = dict(os.environ)

    def fail() -> None:
        with in_process._environment({"CLOUDWAIT_BOTH": 1, "CLOUDWAIT_ONE": Text("x")}):
            assert (os.environ["CLOUDWAIT_BOTH"], os.environ["CLOUDWAIT_ONE"]) == ("1", "x")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert dict(os.environ) == before
