# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text for people: one line, nothing in it that moves a cursor, a readable length. Knows neither HTTP nor Ansible."""

from __future__ import annotations

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


def scalar_text(value: object) -> str | None:
    """Return a JSON string or integer as text, to the letter; None for anything else and for a blank string."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    return str(value) if str(value).strip() else None


def display_text(value: object) -> str | None:
    """Return a JSON string or integer as a text to quote; None where there is nothing to read."""
    return single_line(scalar_text(value) or "", MAX_TEXT) or None
