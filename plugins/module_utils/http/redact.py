# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps what we sent in secret out of what we tell."""

from __future__ import annotations

import base64
import functools
import re
import typing as t

from .client import Response

MASK = "********"
# Shorter texts occur by chance.
SHORTEST = 6
# A digit of base64 that may be there.
DIGIT = b"[A-Za-z0-9+/_-]?"
# What every way of encoding leaves as it is.
PLAIN = re.compile(r"[A-Za-z0-9]+", re.ASCII)


def redact(response: Response, secrets: t.Iterable[str]) -> Response:
    """Return the answer without the secrets of its own request, in whichever spelling they are echoed.

    An `Authorization` header counts by its signature, the part behind `Signature=`.
    """
    body = response.body
    for secret in secrets:
        core = secret.rpartition("Signature=")[2]
        if len(core) >= SHORTEST:
            for coded, pattern in _in_base64(core):
                if coded in body:
                    body = pattern.sub(MASK.encode(), body)
            # Matching every spelling takes its time, and is only for bodies that hold the plainest part.
            if max(PLAIN.findall(core), key=len, default="").encode() in body:
                body = _every_spelling(core).sub(MASK.encode(), body)
    return response if body is response.body else response._replace(body=body)


def redact_text(text: str, secrets: t.Iterable[str]) -> str:
    """Return a text without the secrets in it."""
    for secret in secrets:
        if len(secret) >= SHORTEST:
            text = text.replace(secret, MASK)
    return text


@functools.lru_cache(maxsize=16)
def _in_base64(secret: str) -> t.Sequence[tuple[bytes, t.Pattern[bytes]]]:
    """Return the digits of base64 (RFC 4648) that depend on a secret alone, at each place in a longer text.

    In both alphabets, each with a pattern that matches them, the digits beside them that depend on it in part, and the
    padding.
    """
    found: dict[bytes, t.Pattern[bytes]] = {}
    for before in range(3):
        text = bytes(before) + secret.encode()
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            coded = encode(text)[-(-8 * before // 6) : 8 * len(text) // 6]
            head = DIGIT if before else b""
            tail = DIGIT if len(text) % 3 else b""
            found[coded] = re.compile(head + re.escape(coded) + tail + b"=*")
    return list(found.items())


@functools.lru_cache(maxsize=16)
def _every_spelling(secret: str) -> t.Pattern[bytes]:
    """Return a pattern of a secret whose characters are plain, percent-encoded (URLs, forms) or escaped (JSON)."""
    return re.compile(b"".join(_spellings(char) for char in secret))


def _spellings(char: str) -> bytes:
    if PLAIN.fullmatch(char):
        return char.encode()
    units = char.encode("utf-16-be")
    escaped = "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))
    percent = "".join(f"%{byte:02x}" for byte in char.encode())
    texts = [re.escape(char), "\\\\" + re.escape(char), f"(?i:{re.escape(escaped)})", f"(?i:{percent})"]
    if char == " ":
        texts.append("\\+")
    # A backslash that escapes goes before a backslash that stands for itself.
    return b"(?:" + "|".join(sorted(texts, key=len, reverse=True)).encode() + b")"
