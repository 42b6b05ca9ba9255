# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How mutants are made: a pattern finds one place in a function, a class or a variable, and only that is changed."""

from __future__ import annotations

import ast
import re
import textwrap

import pytest
from ansible_collections.cloudwait.jobs.tests.mutation.change import (
    Change,
    after,
    always,
    before,
    never,
    replace,
    value,
    without,
)
from ansible_collections.cloudwait.jobs.tests.mutation.pattern import parse, unparse


def changed(body: str, change: Change) -> str:
    """The body of a function after a change to it."""
    tree = parse("def f(a, b):\n" + textwrap.indent(body, "    "))
    change.apply(tree, "f")
    return textwrap.dedent(unparse(tree).partition("\n")[2])


@pytest.mark.parametrize(
    ("body", "change", "result"),
    [
        # however it is written
        ("return (a  <=\n  b)  # or less", replace("a <= b", "a < b"), "return a < b"),
        ("'''Return a.'''\nreturn a", replace("return a", "return b"), "'''Return a.'''\nreturn b"),
        # conditions, and those that are joined
        ("if a or b > 1:\n    g()", never("a or _"), "if False:\n    g()"),
        ("if a or b > 1:\n    g()", always("_ > 1"), "if a or True:\n    g()"),
        ("return a and b and c", without("b"), "return a and c"),
        ("return [x for x in a if x.ok]", without("_.ok"), "return [x for x in a]"),
        # what a letter stands for is the same everywhere, and may stand in the new code
        ("return g(a.x > 1) if b else a.x", replace("g(A > 1) if _ else A", "A"), "return a.x"),
        ("return g(1, 2) + g(2, 2)", replace("g(A, A)", "g(A, 3)"), "return g(1, 2) + g(2, 3)"),
        ("a.go()\nreturn 1", replace("A\nreturn 1", "A\nA\nreturn 2"), "a.go()\na.go()\nreturn 2"),
        # statements
        ("a.n = 1\ng()", without("_.n = _"), "g()"),
        ("a.n += 1", without("_.n += _"), "pass"),
        ("try:\n    g()\nfinally:\n    h()", without("h()"), "try:\n    g()\nfinally:\n    pass"),
        ("g(a)\nh()", before("g(A)", "A.sort()\nb = A"), "a.sort()\nb = a\ng(a)\nh()"),
        ("g(a)\nh()", after("g(_)", "return"), "g(a)\nreturn\nh()"),
        ("if a:\n    g()\n    h()\nelse:\n    i()", replace("if _:\n    ...\nelse:\n    _", "g()"), "g()"),
        ("g()\nh()\ni()", replace("g()\nh()", "pass"), "pass\ni()"),
        ("x: int = a", replace("x = A", "x = A + 1"), "x = a + 1"),
        # arguments and items
        ("return g(a, b, key=1)", replace("g(...)", "1"), "return 1"),
        ("return g(a, b, key=1)", replace("g(A, ...)", "A"), "return a"),
        ("return g(a, b, key=1)", replace("g(_, ..., key=A)", "A"), "return 1"),
        ("return g(a, key=1)", replace("key=_", "key=2"), "return g(a, key=2)"),
        ("return g(a, key=1)", without("key=_"), "return g(a)"),
        ("return g(a, key=1)", after("a", "b"), "return g(a, b, key=1)"),
        ("return {1, 2}", without("1"), "return {2}"),
        ("return (1, 2)", after("1", "3"), "return (1, 3, 2)"),
        ("return {'a': 1, -1: 2}", replace("-1: _", "-1: 3"), "return {'a': 1, -1: 3}"),
        ("return {'a': 1, **b}", without("'a': _"), "return {**b}"),
        ("return {'a': a.x}", after("'a': A.x", "'b': A.y"), "return {'a': a.x, 'b': a.y}"),
    ],
)
def test_change(body: str, change: Change, result: str) -> None:
    assert changed(body, change).replace('"""', "'''") == result


@pytest.mark.parametrize(
    ("body", "change", "said"),
    [
        ("return a", never("a > _"), "'a > _' matches 0 places in f"),
        ("return a > 1, b > 1", never("_ > 1"), "'_ > 1' matches 2 places in f"),
        # true is not 1, and a letter is one thing
        ("return g(1)", never("g(True)"), "matches 0 places"),
        ("return a > b", never("A > A"), "matches 0 places"),
        # without `...` nothing may be left over
        ("return g(a, key=1)", never("g(a)"), "matches 0 places"),
        # types are no code
        ("x: int = 1", never("int"), "matches 0 places"),
        ("return a > 1", without("a"), "without cannot be done to 'a' in f"),
        ("return g(key=1)", replace("key=_", "key"), "replace cannot be done to 'key=_' in f"),
        ("return a", replace("a", "b\nc"), "replace cannot be done to 'a' in f"),
        ("return a", replace("a", "A"), "A stands for nothing in the new code"),
        ("return a", replace("a", "(b"), "'(b' is no Python"),
    ],
)
def test_a_change_that_does_not_fit(body: str, change: Change, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        changed(body, change)


CODE = """
LIMIT: int = 1
if LIMIT:
    CODES = [1]
TWICE = 1
TWICE = 2

class Queue:
    first = 1

    def take(self):
        return 1

def take():

    def inner():
        return 1
    return inner
"""


@pytest.mark.parametrize(
    ("name", "change", "line"),
    [
        ("LIMIT", value("2"), "LIMIT: int = 2"),
        ("CODES", replace("1", "2"), "    CODES = [2]"),
        ("Queue.first", value("2"), "    first = 2"),
        ("Queue.take", replace("1", "2"), "        return 2"),
        ("take.inner", replace("1", "2"), "        return 2"),
        ("take", replace("1", "2"), "        return 2"),
    ],
)
def test_only_what_is_named_is_changed(name: str, change: Change, line: str) -> None:
    tree = parse(CODE)
    change.apply(tree, name)
    before_it, after_it = unparse(parse(CODE)).splitlines(), unparse(tree).splitlines()
    assert [new for old, new in zip(before_it, after_it, strict=True) if new != old] == [line]


@pytest.mark.parametrize(("name", "times"), [("put", 0), ("Queue.inner", 0), ("int", 0), ("TWICE", 2)])
def test_a_name_that_is_not_there_once(name: str, times: int) -> None:
    with pytest.raises(ValueError, match=f"{name} is defined {times} times"):
        always("1").apply(parse(CODE), name)


def test_nothing_is_lost_on_the_way() -> None:
    code = "def f(a):\n    return {**a, 'b': {1: {}}, 'c': g(d={2: 3})}"
    assert ast.dump(ast.parse(unparse(parse(code)))) == ast.dump(ast.parse(code))
