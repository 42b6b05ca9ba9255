# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON bodies, read strictly."""

from __future__ import annotations

import json
import math
import re
import typing as t

# Deeper than any answer of these services; templating and printing the result recurse once per level.
MAX_DEPTH = 32
# More than a hundred UPhone jobs of two hundred phones each hold. Small values take fifty times the memory of their
# text, and the limit of the body's size would let millions of them pass.
MAX_VALUES = 300_000
# Longer integers stay text: no field of these services needs them, and converting them takes ever longer.
MAX_DIGITS = 100


def decode(body: bytes) -> t.Any:
    """Return the JSON value of a body.

    Raises ValueError where the body is not JSON (RFC 8259) in UTF-8, names a key twice, nests deeper than MAX_DEPTH or
    may hold more than MAX_VALUES. Numbers that JSON can write and a float cannot hold stay text.
    """
    # Every value but the first stands behind one of these.
    if sum(map(body.count, (b",", b"[", b"{"))) > MAX_VALUES:
        raise ValueError("it holds too many values")
    try:
        text = body.decode()
        # A byte order mark, which some put before it.
        text = text[1:] if text.startswith("\ufeff") else text
        value = json.loads(
            text, object_pairs_hook=_object, parse_float=_float, parse_int=_integer, parse_constant=_constant
        )
        if "\\u" in text and re.search(r"\\u[dD][89a-fA-F]", text):
            # Half of a surrogate pair is no text: nothing could print it.
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except UnicodeDecodeError as exc:
        raise ValueError(f"it is not UTF-8 text from byte {exc.start + 1} on") from None
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


def decode_or_none(body: bytes) -> t.Any:
    """Return the JSON value of a body, or None where it is none."""
    try:
        return decode(body)
    except ValueError:
        return None
