# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences that the collection can say, as its code spells them, and as the guide to troubleshooting quotes them.

What differs from case to case is … in both.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

GAP = "…"
# What is said by these is a message, or the cause in one; a ValueError is caught on the way, and quoted in parentheses.
SPEAKERS = re.compile(r"(?!Value)\w+Error|explained|_warn|warn")
RUBRIC = re.compile(r"^\.\. rubric:: (.+(?:\n {12}\S.*)*)", re.MULTILINE)
# Shorter pieces stand in many sentences.
SHORTEST = 12
SHORTEST_PART = 8


def spellings(node: ast.expr) -> list[str]:
    """Return every text that an expression can be, … for what is not known; none for what is no text."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.IfExp):
        return [*spellings(node.body), *spellings(node.orelse)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return joined([node.left, node.right])
    if isinstance(node, ast.JoinedStr):
        return joined([part.value if isinstance(part, ast.FormattedValue) else part for part in node.values])
    return []


def joined(parts: list[ast.expr]) -> list[str]:
    """Return every text that parts in a row can be."""
    choices = [spellings(part) or [GAP] for part in parts]
    return [normal("".join(chosen)) for chosen in itertools.product(*choices)]


def normal(text: str) -> str:
    """Return a text with single blanks, without backticks, and with one … where several follow each other."""
    return re.sub(f"{GAP}+", GAP, re.sub(r"\s+", " ", text.replace("`", "")))


def texts(folder: Path) -> set[str]:
    """Return every text in the code below a folder."""
    return {
        text for _path, node in nodes(folder) if isinstance(node, ast.expr) for text in map(normal, spellings(node))
    }


def playbook_texts(path: Path) -> set[str]:
    """Return what the assertions of a playbook can say."""
    return set(_messages(yaml.safe_load(path.read_text(encoding="utf-8"))))


def _messages(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if "message" in value:
            yield normal(re.sub(r"\{\{.*?\}\}", GAP, value["message"]))
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _messages(each)


def said(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield where something is said to a user, and every way in which it can be said."""
    for path, node in nodes(folder):
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            # What to do, at the end of a sentence that is put together.
            ways = [normal(text) for text in spellings(node.value) if text.startswith("; ") or is_advice(node)]
            if ways:
                yield f"{path.name}:{node.lineno}", ways
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if SPEAKERS.fullmatch(name):
            ways = [normal(text) for argument in node.args[:2] for text in spellings(argument)]
            if ways:
                yield f"{path.name}:{node.lineno}", ways


def is_advice(node: ast.Assign | ast.AugAssign) -> bool:
    """Whether a variable, or an attribute of a class, holds advice."""
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "advice"


def nodes(folder: Path) -> Iterator[tuple[Path, ast.AST]]:
    """Yield everything in the code below a folder."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield path, node


def quoted(guide: str) -> list[str]:
    """Return the messages that the guide has."""
    return [normal(match) for match in RUBRIC.findall(guide)]


def exists(piece: str, known: Iterable[str]) -> bool:
    """Whether the code has a piece as it stands, or puts it together from pieces that are long enough."""
    if any(piece in text for text in known):
        return True
    for end in range(len(piece) - 1, 0, -1):
        begin, rest = piece[:end], piece[end:]
        if (
            is_told_apart(begin)
            and is_told_apart(rest)
            and any(begin in text for text in known)
            and (not any(map(str.isalpha, rest)) or exists(rest, known))
        ):
            return True
    return False


def is_told_apart(piece: str) -> bool:
    """Whether a piece is long enough, or no more than punctuation."""
    return len(piece) >= SHORTEST_PART or not any(map(str.isalpha, piece))


def pieces(text: str) -> list[str]:
    """Return what stands between the gaps of a text, as far as it is long enough to be told apart."""
    return [piece for piece in (piece.strip(" .:()") for piece in text.split(GAP)) if len(piece) >= SHORTEST]
