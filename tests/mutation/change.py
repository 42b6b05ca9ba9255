# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes that break code: the pattern of the one place that they are about, and what becomes of it."""

from __future__ import annotations

import ast
import typing as t

from ansible_collections.cloudwait.jobs.tests.mutation.pattern import (
    NOT_COMPARED,
    Item,
    fill,
    match,
    readings,
)

Kind = t.Literal["replace", "before", "after", "without", "value"]
# What is left is still Python where one is taken out of these lists, or added.
LISTS = frozenset({"args", "body", "elts", "finalbody", "ifs", "items", "keywords", "orelse", "values"})


class Change(t.NamedTuple):
    """What becomes of the place that matches the pattern `old`."""

    kind: Kind
    old: str
    new: str

    def apply(self, tree: ast.AST, name: str) -> None:
        """Change what has this qualified name in a tree: a function, a class or a variable.

        Raises ValueError where there is none, or not exactly one place in it that matches.
        """
        named = [node for qualified, node in _definitions(tree, "") if qualified == name]
        if len(named) != 1:
            raise ValueError(f"{name} is defined {len(named)} times")
        if self.kind == "value":
            (expression,) = readings(self.new)[0]
            named[0].value = expression.value  # type: ignore[attr-defined] # so has every variable
        else:
            self._change(named[0], name)

    def _change(self, scope: ast.AST, name: str) -> None:
        found = [
            (place, bound)
            for pattern in readings(self.old)
            for place in _places(scope, len(pattern))
            if (bound := match(pattern, place.nodes, {})) is not None
        ]
        if len(found) != 1:
            raise ValueError(f"{self.old!r} matches {len(found)} places in {name}")
        place, bound = found[0]
        for new in readings(self.new):
            if place.takes(new, self.kind):
                place.put(fill(new, bound), self.kind)
                return
        raise ValueError(f"{self.kind} cannot be done to {self.old!r} in {name}")


def replace(old: str, new: str) -> Change:
    """Put new code in the place of old."""
    return Change("replace", old, new)


def never(condition: str) -> Change:
    """Let a condition be false."""
    return replace(condition, "False")


def always(condition: str) -> Change:
    """Let a condition be true."""
    return replace(condition, "True")


def without(old: str) -> Change:
    """Take out a statement, an argument, an item, or one of the conditions that `and` or `or` joins."""
    return Change("without", old, "")


def before(old: str, new: str) -> Change:
    """Put new code before a statement, an argument or an item."""
    return Change("before", old, new)


def after(old: str, new: str) -> Change:
    """Put new code after a statement, an argument or an item."""
    return Change("after", old, new)


def value(new: str) -> Change:
    """Give a variable another value."""
    return Change("value", "", new)


class _Place(t.NamedTuple):
    """Nodes in a field of another: all of it where `start` is None, else a part of a list."""

    parent: ast.AST
    field: str
    start: int | None
    nodes: list[ast.AST]

    def takes(self, new: t.Sequence[ast.AST], kind: Kind) -> bool:
        if self.start is None or self.field not in LISTS:
            return kind == "replace" and len(new) == 1 and isinstance(new[0], (ast.expr, ast.Expr))
        for group in (ast.keyword, Item):
            if isinstance(self.nodes[0], group):
                return all(isinstance(node, group) for node in new)
        is_expression = isinstance(self.nodes[0], ast.expr)
        return all(isinstance(node, ast.Expr if is_expression else ast.stmt) for node in new)

    def put(self, new: list[t.Any], kind: Kind) -> None:
        if not isinstance(self.nodes[0], ast.stmt):
            new = [node.value if isinstance(node, ast.Expr) else node for node in new]
        if self.start is None:
            setattr(self.parent, self.field, new[0])
            return
        if kind == "before":
            new = [*new, *self.nodes]
        elif kind == "after":
            new = [*self.nodes, *new]
        whole = getattr(self.parent, self.field)
        whole[self.start : self.start + len(self.nodes)] = new
        if not whole and self.field in ("body", "finalbody"):
            whole.append(ast.Pass())


def _definitions(node: ast.AST, prefix: str) -> t.Iterator[tuple[str, ast.AST]]:
    """Yield what is defined in a node, and its qualified name."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
            yield prefix + child.name, child
            yield from _definitions(child, f"{prefix}{child.name}.")
        elif isinstance(child, (ast.Assign, ast.AnnAssign)):
            targets = child.targets if isinstance(child, ast.Assign) else [child.target]
            yield from ((prefix + target.id, child) for target in targets if isinstance(target, ast.Name))
        elif not isinstance(child, ast.expr):
            yield from _definitions(child, prefix)


def _places(parent: ast.AST, length: int) -> t.Iterator[_Place]:
    """Yield every place with so many nodes in a tree. A statement is one place with the expression it consists of."""
    for field, content in ast.iter_fields(parent):
        if field in NOT_COMPARED:
            continue
        nodes = content if isinstance(content, list) else [content]
        if not isinstance(parent, ast.Expr):
            for start in range(len(nodes) - length + 1):
                yield _Place(parent, field, start if nodes is content else None, nodes[start : start + length])
        for node in nodes:
            if isinstance(node, ast.AST):
                yield from _places(node, length)
