# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a mutant is, and where code and tests are."""

from __future__ import annotations

import ast
import typing as t

from ansible_collections.cloudwait.jobs.tests.mutation.change import Change
from ansible_collections.cloudwait.jobs.tests.mutation.pattern import parse, unparse


class Mutant(t.NamedTuple):
    """A broken behaviour: a change to what is called `name` in `file`, which the tests in `tests` must notice."""

    file: str
    tests: str
    behaviour: str
    name: str
    change: Change

    def apply(self, code: str) -> str:
        """Return the code of `file` with the change. Raises ValueError where it does not fit the code."""
        tree = parse(code)
        try:
            self.change.apply(tree, self.name)
        except ValueError as exc:
            raise ValueError(f"The mutant `{self.behaviour}` does not fit {self.file}: {exc}") from None
        return written(tree, code)


def written(tree: ast.AST, code: str) -> str:
    """Return the text of a file whose tree was made of `code`."""
    first, end, _rest = code.partition("\n")
    return (first + end if first.startswith("#!") else "") + unparse(tree)


def mutants(file: str, tests: str, *rows: tuple[str, str, Change]) -> list[Mutant]:
    """Return the mutants of a file of code that one file of tests notices."""
    return [Mutant(file, tests, *row) for row in rows]


MODULE_UTILS = "plugins/module_utils"
MODEL = f"{MODULE_UTILS}/model"
ENGINE = f"{MODULE_UTILS}/engine"
HTTP = f"{MODULE_UTILS}/http"
SERVICES = f"{MODULE_UTILS}/services"
CLOUDS = f"{MODULE_UTILS}/clouds"
HUAWEICLOUD = f"{CLOUDS}/huaweicloud"
UCLOUD = f"{CLOUDS}/ucloud"
TASK = f"{MODULE_UTILS}/task"
CONTROLLER = "plugins/plugin_utils"

TESTS = "tests/unit/plugins"
UNIT = f"{TESTS}/module_utils"
NETWORK = f"{UNIT}/network"
