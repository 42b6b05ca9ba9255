# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mutants of `make mutation` fit the code and the tests as they are now."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from ansible_collections.cloudwait.jobs.tests.mutation.mutant import Mutant, written
from ansible_collections.cloudwait.jobs.tests.mutation.mutants import MUTANTS
from ansible_collections.cloudwait.jobs.tests.mutation.pattern import parse

ROOT = Path(__file__).parents[2]


@functools.cache
def code_of(file: str) -> tuple[str, str]:
    """The code of a file, and the same in the form of a mutant."""
    code = (ROOT / file).read_text(encoding="utf-8")
    return code, written(parse(code), code)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.behaviour)
def test_it_fits(mutant: Mutant) -> None:
    code, unchanged = code_of(mutant.file)
    changed = mutant.apply(code)
    assert changed != unchanged
    compile(changed, mutant.file, "exec")
    assert (ROOT / mutant.tests).exists()


def test_each_breaks_a_behaviour_of_its_own() -> None:
    assert len({mutant.behaviour for mutant in MUTANTS}) == len(MUTANTS)
    assert len({(mutant.file, mutant.name, mutant.change) for mutant in MUTANTS}) == len(MUTANTS)
