# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud's request signature SDK-HMAC-SHA256, for requests without a body (API reference "AK/SK signing")."""

from __future__ import annotations

import hashlib
import hmac
import typing as t
from urllib.parse import parse_qsl, quote, unquote, urlsplit

ALGORITHM = "SDK-HMAC-SHA256"
EMPTY_BODY = hashlib.sha256(b"").hexdigest()


def percent_encode(text: str) -> str:
    """Everything but the unreserved characters of RFC 3986 as %XX."""
    return quote(text, safe="~")


def sign(method: str, url: str, headers: t.Mapping[str, str], access_key: str, secret_key: str) -> str:
    """The `Authorization` header of a request without a body.

    `headers` are those to be signed, among them X-Sdk-Date; Host is taken from `url`, with its port where it has one.
    """
    parts = urlsplit(url)
    signed = {name.lower(): value.strip() for name, value in headers.items()}
    signed["host"] = parts.netloc
    names = ";".join(sorted(signed))
    path = "/".join(percent_encode(segment) for segment in unquote(parts.path).split("/"))
    query = sorted(parse_qsl(parts.query, keep_blank_values=True))
    request = "\n".join(
        [
            method,
            path if path.endswith("/") else path + "/",
            "&".join(f"{percent_encode(name)}={percent_encode(value)}" for name, value in query),
            "".join(f"{name}:{signed[name]}\n" for name in sorted(signed)),
            names,
            EMPTY_BODY,
        ]
    )
    text = "\n".join([ALGORITHM, signed["x-sdk-date"], hashlib.sha256(request.encode()).hexdigest()])
    signature = hmac.new(secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Access={access_key}, SignedHeaders={names}, Signature={signature}"
