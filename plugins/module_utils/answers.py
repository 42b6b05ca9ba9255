# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an HTTP body says: JSON, read strictly, and the error bodies of the services."""

from __future__ import annotations

import functools
import json
import math
import re
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.job import JobError

# Deeper than any answer of these services; templating and printing the result recurse once per level.
MAX_DEPTH = 32
# More than a hundred UPhone jobs of two hundred phones each hold. Small values take fifty times the memory of their
# text, and the limit of the body's size would let millions of them pass.
MAX_VALUES = 300_000
# Longer integers stay text: no field of these services needs them, and converting them takes ever longer.
MAX_DIGITS = 100
# What is quoted of a service's own words.
MAX_TEXT = 500
# What moves the cursor, ends a line, or turns the direction of a text round; and blanks.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\s]+")


def decode(body: bytes) -> t.Any:
    """The JSON value of a body.

    Raises ValueError where the body is not JSON (RFC 8259) in UTF-8, names a key twice, nests deeper than MAX_DEPTH or
    may hold more than MAX_VALUES. Numbers that JSON can write and a float cannot hold stay text.
    """
    # Every value but the first stands behind one of these.
    if sum(map(body.count, (b",", b"[", b"{"))) > MAX_VALUES:
        raise ValueError("it holds too many values")
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(
            text, object_pairs_hook=_object, parse_float=_float, parse_int=_integer, parse_constant=_constant
        )
        if "\\u" in text and re.search(r"\\u[dD][89a-fA-F]", text):
            # Half of a surrogate pair is no text: nothing could print it.
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError as exc:
        raise ValueError("it nests too deep") from exc
    level = [value] if isinstance(value, (dict, list)) else []
    for _level in range(MAX_DEPTH + 1):
        if not level:
            return value
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, (dict, list))
        ]
    raise ValueError("it nests too deep")


def _object(pairs: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("it names a key twice")
    return value


def _integer(text: str) -> t.Any:
    return int(text) if len(text) <= MAX_DIGITS else text


def _float(text: str) -> t.Any:
    value = float(text)
    return value if math.isfinite(value) else text


def _constant(name: str) -> t.Any:
    raise ValueError(f"it holds {name}, which is not JSON")


def error_in(value: t.Any) -> JobError | None:
    """Code and message of an error body, in any of the five spellings that these services use, or None.

    `{error_code, error_msg}`, `{error: {code, message, title}}`, `{errCode, externalMessage}`, `{code, message}`,
    `{errorCode, errorMsg}`, and mixtures of them.
    """
    if not isinstance(value, dict):
        return None
    inner = value.get("error")
    spellings = [
        (value.get("error_code"), value.get("error_msg")),
        (inner.get("code"), inner.get("message") or inner.get("title")) if isinstance(inner, dict) else (None, None),
        (value.get("errCode"), value.get("externalMessage")),
        (value.get("errorCode"), value.get("errorMsg")),
        (value.get("code"), value.get("message")),
    ]
    codes = [code for code in (words(pair[0]) for pair in spellings) if code]
    messages = [message for message in (words(pair[1]) for pair in spellings) if message]
    if not codes and not messages:
        return None
    return JobError(codes[0] if codes else None, messages[0] if messages else None)


def values(value: t.Any, path: str) -> list[t.Any]:
    """Everything that `path` leads to in a JSON value."""
    steps = _steps(path)
    if len(steps) == 1 and not steps[0][1]:
        # Most paths are one key, and a hundred jobs of an answer are asked for a dozen of them.
        return [value[path]] if isinstance(value, dict) and path in value else []
    found = [value]
    for name, each in steps:
        found = [item[name] for item in found if isinstance(item, dict) and name in item]
        if each:
            found = [child for item in found if isinstance(item, list) for child in item]
    return found


@functools.lru_cache(maxsize=None)
def _steps(path: str) -> tuple[tuple[str, bool], ...]:
    """The keys of a path, each with whether it goes into every item of a list. Paths are declared, and so few."""
    steps = path.split(".") if path else []
    return tuple((step[:-2], True) if step.endswith("[]") else (step, False) for step in steps)


def plain(value: object) -> str | None:
    """A JSON string or integer as text, to the letter; None for anything else, and for a blank one."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    return str(value) if str(value).strip() else None


def words(value: object) -> str | None:
    """A JSON string or integer as a text to quote; None where there is nothing to read."""
    return quote(plain(value) or "") or None


def quote(text: str) -> str:
    """A service's words, fit for one line of a terminal: no control characters, at most MAX_TEXT characters."""
    text = CONTROL.sub(" ", text).strip()
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
