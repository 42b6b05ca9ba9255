# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns over the syntax tree: pieces of Python that match code of the same structure, however it is written.

`_` matches any one expression or statement. A single capital letter does so too; wherever the letter stands again,
also in new code, it stands for the same thing. `...` matches any number of arguments, items or statements; as an
argument it also covers the keyword arguments that the pattern does not name. `name = value` matches an assignment,
with or without a type, or a keyword argument; `key: value` matches an item of a dictionary.
"""

from __future__ import annotations

import ast
import contextlib
import string
import typing as t

# What the letters of a pattern stand for.
Bound = dict[str, ast.AST]

# Types, and what only the parser needs, are no behaviour.
NOT_COMPARED = frozenset({"annotation", "ctx", "kind", "returns", "simple", "type_comment", "type_params"})


class Item(ast.AST):
    """An item of a dictionary."""

    _fields = ("key", "value")
    key: ast.expr | None
    value: ast.expr


class Items(ast.expr):
    """A dictionary as a list of items; Python's own trees keep keys and values apart."""

    _fields = ("items",)
    items: list[Item]


class _Folded(ast.NodeTransformer):
    def visit_Dict(self, node: ast.Dict) -> Items:
        self.generic_visit(node)
        pairs = zip(node.keys, node.values, strict=True)
        return Items(items=[Item(key=key, value=value) for key, value in pairs])  # type: ignore[call-arg] # its own


class _Unfolded(ast.NodeTransformer):
    def visit_Items(self, node: Items) -> ast.Dict:
        self.generic_visit(node)
        return ast.Dict([item.key for item in node.items], [item.value for item in node.items])


class _Filled(ast.NodeTransformer):
    def __init__(self, bound: Bound) -> None:
        self._bound = bound

    def visit_Name(self, node: ast.Name) -> ast.AST:
        name = _wildcard(node)
        if name and name not in self._bound:
            raise ValueError(f"{name} stands for nothing in the new code")
        return self._bound[name] if name else node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        self.generic_visit(node)
        # A letter that stands for a statement has become one.
        return node.value if isinstance(node.value, ast.stmt) else node


def parse(code: str) -> ast.AST:
    """Return the tree of a piece of Python, its dictionaries as Items."""
    tree: ast.AST = _Folded().visit(ast.parse(code))
    return tree


def unparse(tree: ast.AST) -> str:
    """Return the code of a tree that `parse` has made."""
    return ast.unparse(ast.fix_missing_locations(_Unfolded().visit(tree)))


def readings(text: str) -> list[list[ast.AST]]:
    """Return what a piece of Python may be: statements or an expression, a keyword argument, items of a dictionary."""
    found: list[list[ast.AST]] = []
    with contextlib.suppress(SyntaxError):
        body = list(ast.iter_child_nodes(parse(text)))
        found.append(body)
        if len(body) == 1 and isinstance(body[0], ast.Assign) and isinstance(body[0].targets[0], ast.Name):
            found.append([ast.keyword(body[0].targets[0].id, body[0].value)])
    with contextlib.suppress(SyntaxError):
        (only,) = ast.iter_child_nodes(parse(f"{{{text}}}"))
        if isinstance(only, ast.Expr) and isinstance(only.value, Items):
            found.append(list(only.value.items))
    if not found:
        raise ValueError(f"{text!r} is no Python")
    return found


def fill(nodes: t.Sequence[ast.AST], bound: Bound) -> list[ast.AST]:
    """Return new code with what its letters stand for. Raises ValueError where a letter stands for nothing."""
    return [_Filled(bound).visit(node) for node in nodes]


def match(pattern: t.Any, code: t.Any, bound: Bound) -> Bound | None:
    """Return what the letters of a pattern stand for where it matches, else None. Both are nodes, lists, or parts."""
    pattern, code = _bare(pattern), _bare(code)
    name = _wildcard(pattern)
    if name and isinstance(code, (ast.expr, ast.stmt)):
        if name == "_":
            return bound
        return match(bound[name], code, bound) if name in bound else {**bound, name: code}
    if isinstance(pattern, list):
        return _match_lists(pattern, code, bound)
    if isinstance(pattern, ast.Assign) and isinstance(code, ast.AnnAssign):
        return match([*pattern.targets, pattern.value], [code.target, code.value], bound)
    if type(pattern) is not type(code):
        return None
    if not isinstance(pattern, ast.AST):
        return bound if pattern == code else None
    if isinstance(pattern, ast.Call) and any(map(_is_ellipsis, pattern.args)):
        named = {keyword.arg for keyword in pattern.keywords}
        keywords = [keyword for keyword in code.keywords if keyword.arg in named]
        parts = [(pattern.func, code.func), (pattern.args, code.args), (pattern.keywords, keywords)]
    else:
        compared = [field for field in pattern._fields if field not in NOT_COMPARED]
        parts = [(getattr(pattern, field), getattr(code, field)) for field in compared]
    for part, other in parts:
        found = match(part, other, bound)
        if found is None:
            return None
        bound = found
    return bound


def _match_lists(patterns: list[t.Any], codes: list[t.Any], bound: Bound) -> Bound | None:
    if not patterns:
        return None if codes else bound
    if _is_ellipsis(patterns[0]):
        rests = (_match_lists(patterns[1:], codes[skipped:], bound) for skipped in range(len(codes) + 1))
        return next((rest for rest in rests if rest is not None), None)
    first = match(patterns[0], codes[0], bound) if codes else None
    return None if first is None else _match_lists(patterns[1:], codes[1:], first)


def _bare(node: t.Any) -> t.Any:
    """Return the expression that a statement consists of."""
    return node.value if isinstance(node, ast.Expr) else node


def _wildcard(node: t.Any) -> str:
    """Return the letter, or the underscore, that a node is, else an empty text."""
    is_one = isinstance(node, ast.Name) and len(node.id) == 1 and node.id in f"_{string.ascii_uppercase}"
    return node.id if is_one else ""


def _is_ellipsis(node: t.Any) -> bool:
    node = _bare(node)
    return isinstance(node, ast.Constant) and node.value is ...
