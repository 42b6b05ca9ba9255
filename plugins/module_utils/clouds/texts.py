# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that a service would not take: refused by where they come from, before anything is sent."""

from __future__ import annotations

import re
import typing as t

from ..http.redact import MAX_SECRET
from ..model.errors import InvalidError
from ..model.text import trimmed

HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
NAMES = {"\r": "a carriage return (CR)", "\n": "a line feed (LF)", " ": "a blank", "\t": "a tab"}
HEADER = re.compile(r"[\x21-\x7e]*", re.ASCII)


def check_texts(values: t.Mapping[str, t.Any], origins: t.Mapping[str, str] | None = None) -> None:
    """Refuse, by name, what cannot be sent as text, or is far too long: half of a surrogate pair, a whole file.

    `origins` says in words where each value stands; without any they are options. Raises InvalidError.
    """
    for name, value in values.items():
        for text in value if isinstance(value, list) else [value]:
            if not isinstance(text, str):
                continue
            if HALF_A_CHARACTER.search(text):
                raise InvalidError(f"The {_origin(name, origins)} holds what is no text in UTF-8; correct it there.")
            if len(text) > MAX_SECRET:
                raise InvalidError(
                    f"The {_origin(name, origins)} is longer than {MAX_SECRET // 1024} KiB; correct it there."
                )


def check_ends(
    values: t.Mapping[str, t.Any], origins: t.Mapping[str, str], may_end_in_blanks: t.Container[str]
) -> None:
    """Refuse a line end, or a blank, at an end of what is sent or signs, as a file with other line ends leaves it.

    Raises InvalidError, which says what stands there.
    """
    for name, text in values.items():
        if not isinstance(text, str) or not text:
            continue
        rest = text.strip(LINE_ENDS) if name in may_end_in_blanks else trimmed(text)
        if text.startswith(rest) and text != rest:
            verb, end = "ends in", text[len(rest) :][-2:]
        elif text != rest:
            verb, end = "begins with", text[0]
        else:
            continue
        what = "a line break (CR LF)" if end == "\r\n" else NAMES.get(end[-1], f"the character U+{ord(end[-1]):04X}")
        raise InvalidError(
            f"The {_origin(name, origins)} {verb} {what}, with which the service would refuse it; remove that there, "
            "and mind files with Windows line ends."
        )


def check_headers(values: t.Mapping[str, t.Any], origins: t.Mapping[str, str]) -> None:
    """Refuse what cannot stand in a header. Raises InvalidError."""
    for name, text in values.items():
        if not HEADER.fullmatch(text or ""):
            raise InvalidError(
                f"The {_origin(name, origins)} holds a space, a control character or a letter beyond ASCII, which can "
                "be in none; correct it there."
            )


def _origin(name: str, origins: t.Mapping[str, str] | None) -> str:
    option = f"option {name}"
    origin = (origins or {}).get(name, option)
    return option if origin == option else f"{name} ({origin})"
