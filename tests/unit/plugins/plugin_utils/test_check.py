# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is checked before any module gets it: connection options by action group, and the environment."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.check import check_environment, connections_of
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.groups import GroupError
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence

KNOWN = ("all", "huaweicloud", "ucloud")

# what is given for a group, and what its modules get
GOOD: list[tuple[t.Any, dict[str, t.Any]]] = [
    ({"region": "r", "validate_certs": False}, {"region": "r", "validate_certs": False}),
    ({}, {}),
    (None, {}),
    # as -e name=value gives it
    ('{"region": "r", "request_timeout": 5}', {"region": "r", "request_timeout": 5}),
    ("region=r cloud=c", {"region": "r", "cloud": "c"}),
]


@pytest.mark.parametrize(("given", "expected"), GOOD)
@pytest.mark.parametrize("name", KNOWN)
def test_options_of_a_group_are_a_dictionary_or_its_text(name: str, given: t.Any, expected: dict[str, t.Any]) -> None:
    assert connections_of({name: given}, KNOWN) == {name: expected}


# what is given, and what is said
BAD: list[tuple[dict[str, t.Any], str]] = [
    ({"huawei": {"region": "r"}}, "has huawei, which is no action group; use all, huaweicloud, ucloud."),
    ({"ucloud": "the-secret"}, "has something for ucloud that is no dictionary of options"),
    ({"ucloud": ["the-secret"]}, "has something for ucloud that is no dictionary of options"),
    ({"ucloud": 7}, "has something for ucloud that is no dictionary of options"),
]


@pytest.mark.parametrize(("given", "told"), BAD)
def test_anything_else_is_refused_by_its_name(given: dict[str, t.Any], told: str) -> None:
    with pytest.raises(GroupError) as caught:
        connections_of(given, KNOWN)
    assert told in str(caught.value)
    assert is_sentence(str(caught.value))
    assert "the-secret" not in str(caught.value)


def test_an_environment_that_can_be_set() -> None:
    check_environment({"A": "b=c", "日": "本", "B": None, "C": 3, "D": ""})


# a variable that cannot be set, and what is said of its name
VARIABLES: list[tuple[str, str, str]] = [
    ("", "the-secret", "the variable '', which"),
    ("A=B", "the-secret", "the variable 'A=B', which"),
    ("A\0", "the-secret", "the variable 'A\\x00', which"),
    ("A", "the-secret\0", "the variable 'A', which"),
]


@pytest.mark.parametrize(("name", "value", "told"), VARIABLES)
def test_a_variable_that_no_process_can_have(name: str, value: str, told: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_environment({"FINE": "1", name: value})
    assert told in str(caught.value)
    assert is_sentence(str(caught.value))
    assert "the-secret" not in str(caught.value)
