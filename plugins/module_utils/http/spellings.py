# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways in which a text can be written within another one, and the way back, one level at a time."""

from __future__ import annotations

import binascii
import functools
import html
import re
import typing as t

# JSON and Python (`\"`, `\u00e4`, `\xe4`), URLs and forms (`%C3%A4`), HTML and XML (`&quot;`, `&#228;`).
HEX = "[0-9a-fA-F]"
ESCAPED = re.compile(
    rf"(?P<units>(?:\\u{HEX}{{4}})+)"
    rf"|\\U(?P<point>00(?:0{HEX}|10){HEX}{{4}})"
    rf"|(?P<bytes>(?:\\x{HEX}{{2}})+|(?:%{HEX}{{2}})+)"
    r"|\\(?P<char>[\"'\\/bfnrt])"
    rf"|(?P<entity>&(?:\#\d{{1,7}}|\#[xX]{HEX}{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}});)",
    re.ASCII,
)
CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
# Digits of base64 in either alphabet (RFC 4648), also of several lines (MIME). Fewer need padding to be told apart.
DIGITS = "[A-Za-z0-9+/_-]"
CODED = re.compile(rf"{DIGITS}{{4,}}(?:\r?\n{DIGITS}+)*={{0,2}}|{DIGITS}{{2,3}}={{1,2}}", re.ASCII)
HEXADECIMAL = re.compile(rf"{HEX}{{8,}}")
URL_SAFE = str.maketrans("-_", "+/", "=\r\n")
# What looks like text among bytes that are none.
READABLE = re.compile("[^\x00-\x1f\x7f\ufffd]{6}")
# Longer ones are not remembered.
MAX_REMEMBERED = 200


def unescape(text: str) -> str:
    """Return a text with one level of escapes undone, of whichever kinds stand in it."""
    return ESCAPED.sub(_meaning, text) if "\\" in text or "%" in text or "&" in text else text


def _meaning(match: t.Match[str]) -> str:
    kind, found = str(match.lastgroup), match[str(match.lastgroup)]
    if kind == "units":
        return bytes.fromhex(found.replace("\\u", "")).decode("utf-16-be", "replace")
    if kind == "point":
        point = int(found, 16)
        # Half of a pair of surrogates is no text.
        return "\ufffd" if 0xD800 <= point < 0xE000 else chr(point)
    if kind == "char":
        return CONTROLS.get(found, found)
    if kind == "entity":
        return html.unescape(found)
    data = bytes.fromhex(found.replace("\\x", "").replace("%", ""))
    try:
        return data.decode()
    except UnicodeDecodeError:
        # Python writes characters up to U+00FF like bytes.
        return data.decode("latin-1")


def is_text(decoded_text: str) -> bool:
    """Return whether nothing but text was decoded."""
    return decoded_text.isprintable() and "\ufffd" not in decoded_text


def decoded(digits: str) -> t.Sequence[str]:
    """Return the texts that digits of base64, or of hexadecimal numbers, may stand for; most often none."""
    return _remembered(digits) if len(digits) <= MAX_REMEMBERED else _decoded(digits)


def _decoded(digits: str) -> t.Sequence[str]:
    digits = digits.translate(URL_SAFE)
    # Other digits may stand before the first one, such as those of a path.
    readings = [_from_base64(digits[start:]) for start in range(4)]
    readings += [_from_hex(run[start:]) for run in HEXADECIMAL.findall(digits) for start in range(2)]
    texts = [data.decode("utf-8", "replace") for data in readings]
    # A short one counts where it is nothing but text.
    return [text for text in texts if READABLE.search(text) or (text is texts[0] and is_text(text))]


_remembered = functools.lru_cache(maxsize=4096)(_decoded)


def _from_base64(digits: str) -> bytes:
    if len(digits) % 4 == 1:
        # A single digit is no byte.
        digits = digits[:-1]
    return binascii.a2b_base64(digits + "=" * (-len(digits) % 4))


def _from_hex(digits: str) -> bytes:
    return bytes.fromhex(digits[: len(digits) // 2 * 2])
