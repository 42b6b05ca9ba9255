# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mutants of `make mutation` fit the code and the tests as they are now."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest
from ansible_collections.cloudwait.jobs.tests.mutation.mutant import Mutant
from ansible_collections.cloudwait.jobs.tests.mutation.mutants import MUTANTS

ROOT = Path(__file__).parents[2]


@functools.cache
def names_in(path: Path) -> set[str]:
    """What -k looks at in a file of tests: its classes, functions and the file itself, in lower case."""
    kinds = (ast.ClassDef, ast.FunctionDef)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {path.name, *(node.name.lower() for node in ast.walk(tree) if isinstance(node, kinds))}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.behaviour)
def test_it_applies_and_somebody_would_notice(mutant: Mutant) -> None:
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    assert text.count(mutant.old) == 1
    assert mutant.new != mutant.old
    ast.parse(text.replace(mutant.old, mutant.new))
    places, _k, expression = mutant.tests.partition(" -k ")
    paths = [ROOT / place for place in places.split()]
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("test_*.py"))]
    assert files
    assert all(path.exists() for path in paths)
    names = set().union(*map(names_in, files))
    for word in re.findall(r"\w+", expression):
        assert word == "or" or any(word.lower() in name for name in names), word


def test_each_breaks_a_behaviour_of_its_own() -> None:
    assert len({mutant.behaviour for mutant in MUTANTS}) == len({mutant[1:4] for mutant in MUTANTS}) == len(MUTANTS)
