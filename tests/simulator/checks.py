# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what a script, a fault or a submit says is of the right kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

Kind = tuple[str, Callable[[Any], bool]]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and not math.isnan(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


TEXT: Kind = ("a text", lambda value: isinstance(value, str))
FLAG: Kind = ("true or false", lambda value: isinstance(value, bool))
NUMBER: Kind = ("a number", _is_number)
SECONDS: Kind = ("a number of seconds, 0 or more", lambda value: _is_number(value) and value >= 0)
COUNT: Kind = ("a whole number, 0 or more", _is_count)
FROM_ONE: Kind = ("a whole number, 1 or more", lambda value: _is_count(value) and value > 0)
SHARE: Kind = ("a share, above 0 and up to 1", lambda value: _is_number(value) and 0 < value <= 1)
STATUS: Kind = ("an HTTP status from 200 to 999", lambda value: _is_count(value) and 200 <= value <= 999)
MAPPING: Kind = ("a mapping", lambda value: isinstance(value, Mapping))
MAPPINGS: Kind = ("a list of mappings", lambda value: isinstance(value, (list, tuple)) and all(map(MAPPING[1], value)))
TEXTS: Kind = ("a list of texts", lambda value: isinstance(value, (list, tuple)) and all(map(TEXT[1], value)))
NOTHING: Kind = ("null", lambda value: value is None)
ANYTHING: Kind = ("anything", lambda value: True)


def either(first: Kind, second: Kind) -> Kind:
    """Return the kind of what is of one kind or of the other."""
    return f"{first[0]} or {second[0]}", lambda value: first[1](value) or second[1](value)


def check(where: str, values: Mapping[Any, Any], kinds: Mapping[str, Kind]) -> None:
    """Raise ValueError with a sentence unless every value has a known key and is of that key's kind."""
    unknown = [str(key) for key in values if key not in kinds]
    if unknown:
        raise ValueError(
            f"{where} has keys that mean nothing: {', '.join(sorted(unknown))}; it takes {', '.join(kinds)}."
        )
    for key, value in values.items():
        name, fits = kinds[key]
        if not fits(value):
            raise ValueError(f"{key} must be {name}, but in {where} it is {value!r}.")
