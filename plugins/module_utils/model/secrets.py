# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets in a request's own content, told by the names of what holds them."""

from __future__ import annotations

import json
import re
import typing as t
from urllib.parse import parse_qsl, urlencode

MASK = "********"
# In lower case, without anything but letters.
SECRET_NAMES = ("password", "passwd", "adminpass", "secret", "token", "privatekey")
# Shorter values occur by chance: they are masked where they stand, and not searched for elsewhere.
SHORTEST = 6
FORM = re.compile(r"[^\s=&]+=[^\s=&]*(?:&[^\s=&]+=[^\s=&]*)*")
# Deeper than any request of these services.
MAX_DEPTH = 32


def is_secret_name(name: object) -> bool:
    """Return whether the name of a value says that nobody may see it, in any spelling."""
    letters = re.sub("[^a-z]", "", str(name).lower())
    return any(word in letters for word in SECRET_NAMES)


def secret_values(content: t.Any) -> set[str]:
    """Return the values in a request's content whose names say that they are secret; a text may be JSON or a form."""
    return {text for text in _secrets(_parsed(content)[0], False, MAX_DEPTH) if text}


def searchable(secrets: t.Iterable[str]) -> set[str]:
    """Return the secrets that are long enough to be searched for in other texts."""
    return {text for text in secrets if len(text) >= SHORTEST}


def masked(content: t.Any, only: t.Container[str] | None = None) -> t.Any:
    """Return a request's content with its secret values masked where they stand; `only` these, where they are named."""
    value, write = _parsed(content)
    return write(_masked(value, False, only, MAX_DEPTH))


def _secrets(value: t.Any, is_secret: bool, depth: int) -> t.Iterator[str]:
    if depth == 0:
        return
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _secrets(item, is_secret or is_secret_name(name), depth - 1)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _secrets(item, is_secret, depth - 1)
    elif is_secret and value is not None and not isinstance(value, bool):
        yield str(value)


def _masked(value: t.Any, is_secret: bool, only: t.Container[str] | None, depth: int) -> t.Any:
    if depth == 0:
        return value
    if isinstance(value, dict):
        return {name: _masked(item, is_secret or is_secret_name(name), only, depth - 1) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(item, is_secret, only, depth - 1) for item in value]
    if not is_secret or value is None or isinstance(value, bool) or value == "":
        return value
    return MASK if only is None or str(value) in only else value


def _parsed(content: t.Any) -> tuple[t.Any, t.Callable[[t.Any], t.Any]]:
    """Return the value that a text holds as JSON or as a form, and what writes such a value as a text again."""
    if isinstance(content, str):
        try:
            value = json.loads(content)
        except (ValueError, RecursionError):
            if FORM.fullmatch(content.strip()):
                return dict(parse_qsl(content, keep_blank_values=True)), urlencode
        else:
            if isinstance(value, (dict, list)):
                return value, json.dumps
    return content, lambda value: value
