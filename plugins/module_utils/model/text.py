# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text for people: one line, nothing in it that moves a cursor, a readable length. Knows neither HTTP nor Ansible."""

from __future__ import annotations

import re
import unicodedata

# Characters that a message quotes of a service's own words.
MAX_TEXT = 500


def single_line(text: str, longest: int | None = None) -> str:
    """Return a text from outside on one line of at most `longest` characters.

    Blanks stand for control characters, line breaks, invisible characters and those that turn the direction of a text.
    """
    if not text.isprintable():
        # A byte that is no text, as a file's name can hold it, stays readable.
        text = text.encode("utf-8", "backslashreplace").decode()
        text = "".join(char if char.isprintable() else " " for char in text)
    text = " ".join(text.split())
    return text if longest is None or len(text) <= longest else f"{text[: longest - 1]}…"


def coded(code: str | None, text: str | None) -> str:
    """Return a service's code and its text as `CODE: text`, with the code once where the text begins with it."""
    return ": ".join(filter(None, (code, uncoded(text or "", code or ""))))


def uncoded(text: str, code: str) -> str:
    """Return a service's text without the code, or the last part of the code, that it begins with."""
    for head in filter(None, (code, re.split(r"[:\s]", code)[-1])):
        # A number before a blank may be one of the text's own.
        end = r"[\])>:,;.]" if head.isdigit() else r"[\])>:,;.\s-]"
        found = re.match(rf"[\[(<]?{re.escape(head)}(?:{end}[\s:,;-]*|$)", text)
        if found:
            return text[found.end() :]
    return text


def trimmed(text: str) -> str:
    """Return a text without blanks, line breaks and format characters, such as U+200B, at its ends."""
    begin, end = 0, len(text)
    while begin < end and _is_blank(text[begin]):
        begin += 1
    while begin < end and _is_blank(text[end - 1]):
        end -= 1
    return text[begin:end]


def _is_blank(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) == "Cf"


def stray_character(text: str) -> str | None:
    """Return the code point of the first character that nobody sees and that is no plain blank, or None."""
    stray = (char for char in text if char != " " and (_is_blank(char) or unicodedata.category(char) in ("Cc", "Cs")))
    return next((f"U+{ord(char):04X}" for char in stray), None)


def scalar_text(value: object) -> str | None:
    """Return a JSON string or integer as text, to the letter; None for anything else and for a blank string."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    return str(value) if str(value).strip() else None


def display_text(value: object) -> str | None:
    """Return a JSON string or integer as a text to quote; None where there is nothing to read."""
    return single_line(scalar_text(value) or "", MAX_TEXT) or None
