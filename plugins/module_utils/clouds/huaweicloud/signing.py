# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud's request signature SDK-HMAC-SHA256 (API reference "AK/SK signing")."""

from __future__ import annotations

import hashlib
import hmac
import typing as t
from urllib.parse import urlsplit

from ...http.urls import percent_encode

ALGORITHM = "SDK-HMAC-SHA256"


class Request(t.NamedTuple):
    """A request: `base_url` and `path` are percent-encoded, the names and values of `query` are not.

    `secrets` are values in it that must not be told.
    """

    method: str
    base_url: str
    path: str
    query: t.Sequence[tuple[str, str]] = ()
    headers: t.Mapping[str, str] = {}
    body: bytes = b""
    secrets: t.Collection[str] = ()

    @property
    def url(self) -> str:
        """The URL that the request is sent to."""
        return self.base_url + self.path + (f"?{encode_query(self.query)}" if self.query else "")


def encode_query(query: t.Iterable[tuple[str, str]]) -> str:
    """Return the query part of a URL."""
    return "&".join(f"{percent_encode(name)}={percent_encode(value)}" for name, value in query)


def sign(request: Request, headers: t.Mapping[str, str], access_key: str, secret_key: str) -> str:
    """Return the `Authorization` header of a request with these headers, among them X-Sdk-Date.

    Host is taken from the URL, with its port where it has one.
    """
    parts = urlsplit(request.base_url)
    signed = {name.lower(): value.strip() for name, value in headers.items()}
    signed["host"] = parts.netloc
    names = ";".join(sorted(signed))
    # The gateway signs the decoded path, in which an encoded slash divides as any other.
    path = (parts.path + request.path).replace("%2F", "/")
    canonical = "\n".join(
        [
            request.method,
            path if path.endswith("/") else path + "/",
            encode_query(sorted(request.query)),
            "".join(f"{name}:{signed[name]}\n" for name in sorted(signed)),
            names,
            hashlib.sha256(request.body).hexdigest(),
        ]
    )
    text = "\n".join([ALGORITHM, signed["x-sdk-date"], hashlib.sha256(canonical.encode()).hexdigest()])
    signature = hmac.new(secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Access={access_key}, SignedHeaders={names}, Signature={signature}"
