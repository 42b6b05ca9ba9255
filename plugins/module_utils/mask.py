# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps what we sent in secret out of what we tell."""

from __future__ import annotations

import base64
import typing as t
from urllib.parse import quote, quote_plus

from ansible_collections.cloudwait.jobs.plugins.module_utils.http import Response

MASK = "********"
# Shorter texts occur by chance.
SHORTEST = 6


def spellings(secret: str) -> list[str]:
    """A secret as it may be echoed: plain, percent-encoded, in base64, and escaped for JSON."""
    coded = base64.b64encode(secret.encode()).decode()
    texts = [secret, quote(secret, safe=""), quote_plus(secret), coded, coded.rstrip("="), secret.replace("/", "\\/")]
    return list(dict.fromkeys(texts))


def mask_body(response: Response, secrets: t.Iterable[str]) -> Response:
    """The answer without the secrets of its own request.

    An `Authorization` header counts by its signature, the part behind `Signature=`.
    """
    body = response.body
    for secret in secrets:
        core = secret.rpartition("Signature=")[2]
        if len(core) >= SHORTEST:
            for text in spellings(core):
                if text.encode() in body:
                    body = body.replace(text.encode(), MASK.encode())
    return response if body is response.body else response._replace(body=body)
