# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task gives its module, and an environment that no process can have."""

from __future__ import annotations

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.task_arguments import check_environment
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence


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
