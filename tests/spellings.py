# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways in which a secret may be written, for tests that search for it wherever it must not be."""

from __future__ import annotations

import base64
import functools
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus


@functools.lru_cache(maxsize=256)
def spellings(secret: str) -> frozenset[str]:
    """A secret in plain, within JSON, percent-encoded in either case, and in base64 at any place of a longer text."""
    percent = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    lower = {re.sub("%..", lambda match: match[0].lower(), text) for text in percent}
    coded = {in_base64(secret, before) for before in range(3)}
    url_safe = {text.translate(str.maketrans("+/", "-_")) for text in coded}
    return frozenset(
        {secret, json.dumps(secret)[1:-1], secret.replace("/", "\\/"), *percent, *lower, *coded, *url_safe}
    )


def in_base64(secret: str, before: int) -> str:
    """What base64 (RFC 4648) makes of a secret behind so many other bytes: the digits that depend on it alone."""
    text = base64.b64encode(bytes(before) + secret.encode()).decode()
    bits = 8 * (before + len(secret.encode()))
    return text[-(-8 * before // 6) : bits // 6]


def found(text: str, secrets: Iterable[str]) -> list[str]:
    """The secrets that a text holds in any spelling."""
    return [secret for secret in secrets if any(spelt in text for spelt in spellings(secret))]
