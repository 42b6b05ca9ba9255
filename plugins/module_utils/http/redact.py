# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps what is secret out of what others say.

A text is searched as it stands, then with one level of escapes undone, and so on; what looks like base64 is decoded and
searched the same way. Everything takes time in proportion to the text, whoever wrote it.
"""

from __future__ import annotations

import typing as t

from .spellings import CODED, decoded, is_text, unescape

MASK = "********"
# Characters of a secret. Tokens with a catalogue in them, the longest that the vendors issue, take less than 12 KiB.
MAX_SECRET = 16 * 1024
# Shorter secrets occur in other words by chance, and are masked only where they stand alone.
SHORTEST = 6
# So many characters of a longer secret are enough, as the rest may have been cut off.
HEAD = 16
# Comparing a long secret again and again takes long; so many times are enough to find a whole one.
MAX_BEGINNINGS = 100
# Levels of escapes, and of base64, that are undone. What goes on beyond was made to hide something.
MAX_LEVELS = 16
MAX_CODED = 8
# Characters that are read for each character of a value, and for each value. What takes more is not told.
WORK = 6
LEAST_WORK = 2_000_000
# Decoding takes so many times longer than reading.
WORK_OF_DECODING = 4

Value = t.TypeVar("Value")


def redact(value: Value, secrets: t.Iterable[str], words: t.Container[str] = ()) -> Value:
    """Return a JSON value without these secrets in its texts, its keys and its numbers, however they are spelt there.

    A text in which one was found on a deeper level is returned with the levels above undone. A text that is one of
    `words`, which everybody knows, stays as it is.
    """
    needles = _needles(secrets)
    # Most values hold nothing to mask, and one search for all their texts is much faster than many.
    whole = "\0".join(_texts(value))
    if not needles or _Search(needles, len(whole)).redacted(whole) == whole:
        return value
    return t.cast("Value", _redacted(value, _Search(needles, len(whole)), words))


def holds_secret(text: str, secrets: t.Iterable[str]) -> bool:
    """Return whether a text holds a secret in any spelling."""
    return redact(text, secrets) != text


def lettered(secrets: t.Iterable[str]) -> set[str]:
    """Return secrets as they are, and in lower and upper case, as which hosts and hexadecimal numbers are told."""
    return {form for secret in secrets for form in (secret, secret.lower(), secret.upper())}


def _texts(value: t.Any) -> t.Iterator[str]:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending += item.keys()
            pending += item.values()
        elif isinstance(item, (list, tuple)):
            pending += item
        elif _is_number(item):
            yield str(item)
        elif isinstance(item, str):
            yield item


def _is_number(value: t.Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _redacted(value: t.Any, search: _Search, words: t.Container[str]) -> t.Any:
    if isinstance(value, dict):
        pairs: dict[t.Any, t.Any] = {}
        for key, item in value.items():
            name = _redacted(key, search, words)
            # Two keys may look the same when they are masked.
            name = f"{name} {len(pairs) + 1}" if name != key and (name in pairs or name in value) else name
            pairs[name] = _redacted(item, search, words)
        return pairs
    if isinstance(value, (list, tuple)):
        return [_redacted(item, search, words) for item in value]
    if _is_number(value):
        # A short secret says nothing about a number, and numbers are what counts and states are made of.
        text = str(value)
        return MASK if len(text) >= SHORTEST and search.redacted(text) != text else value
    return search.redacted(value) if isinstance(value, str) and value not in words else value


class _Search:
    """A search for secrets in texts of so many characters in all; `needles` are in groups that begin alike."""

    def __init__(self, needles: t.Mapping[str, t.Sequence[str]], size: int) -> None:
        self._needles = needles
        # A longer secret may begin with a shorter one.
        self._heads = sorted(needles, key=len, reverse=True)
        self._work = LEAST_WORK + WORK * size
        # Whether the beginnings of secrets count, and whether there was one that is not followed by its rest.
        self._takes_beginnings = False
        self._saw_beginning = False

    def redacted(self, text: str) -> str:
        """Return a text without secrets, and then without those whose end was cut off."""
        self._takes_beginnings = self._saw_beginning = False
        text = self._masked(text)
        self._takes_beginnings = self._saw_beginning
        return self._masked(text) if self._saw_beginning else text

    def _masked(self, text: str, coded: int = 0) -> str:
        """Return a text without secrets; `coded` is the number of levels of base64 around it."""
        shown = text
        for _level in range(MAX_LEVELS):
            self._work -= len(text)
            if self._work < 0 or coded > MAX_CODED:
                return MASK
            found = text
            for head in self._heads:
                # Bytes hold any letter by chance.
                if head in found and (len(head) >= SHORTEST or not coded or (len(head) > 2 and is_text(text))):
                    found = self._without(found, head)
            found = CODED.sub(lambda match: MASK if self._is_found_in(match[0], coded) else match[0], found)
            if found != text:
                shown = text = found
            deeper = unescape(text)
            if deeper == text:
                return shown
            text = deeper
        return MASK

    def _is_found_in(self, digits: str, coded: int) -> bool:
        self._work -= WORK_OF_DECODING * len(digits)
        return self._work < 0 or any(self._masked(text, coded + 1) != text for text in decoded(digits))

    def _without(self, text: str, head: str) -> str:
        """Return a text without the secrets that begin with `head`."""
        needles = self._needles[head]
        longest = max(map(len, needles))
        pieces: list[str] = []
        begin, at, beginnings = 0, text.find(head), 0
        while at >= 0:
            there = text[at : at + longest] if longest > len(head) else head
            length = max((len(needle) for needle in needles if there.startswith(needle)), default=0)
            if not length:
                beginnings += 1
                self._saw_beginning = True
                if self._takes_beginnings or beginnings > MAX_BEGINNINGS:
                    length = max(_common(needle, there) for needle in needles)
            if length and (len(head) >= SHORTEST or _stands_alone(text, at, at + length)):
                pieces += [text[begin:at], MASK]
                begin = at + length
            at = text.find(head, at + (length or 1))
        return "".join([*pieces, text[begin:]])


def _needles(secrets: t.Iterable[str]) -> dict[str, list[str]]:
    """Return what to search for by what it begins with."""
    needles: dict[str, set[str]] = {}
    for secret in filter(str.strip, secrets):
        for level in (secret, *_levels(secret)):
            # In a form, `+` is a blank. What begins an escape may be lost together with what stands behind it.
            for needle in (level, level.replace(" ", "+"), level.rstrip("\\%&")):
                if needle == level or len(needle) >= SHORTEST:
                    needles.setdefault(needle[:HEAD], set()).add(needle)
    return {head: sorted(group) for head, group in needles.items()}


def _levels(secret: str) -> t.Iterator[str]:
    """Yield what is left of a secret that looks like an escape when a text around it is unescaped."""
    for _level in range(MAX_LEVELS):
        deeper = unescape(secret)
        if deeper == secret or not deeper.strip():
            return
        secret = deeper
        yield secret


def _common(one: str, other: str) -> int:
    """Return the number of characters that two texts begin with alike."""
    pairs = enumerate(zip(one, other))
    return next((place for place, (here, there) in pairs if here != there), min(len(one), len(other)))


def _stands_alone(text: str, begin: int, end: int) -> bool:
    return not (begin > 0 and _is_of_a_word(text[begin - 1])) and not (end < len(text) and _is_of_a_word(text[end]))


def _is_of_a_word(char: str) -> bool:
    return char.isalnum() or char == "_"
