# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both signature schemes, written from the vendors' descriptions for the side that verifies.

SDK-HMAC-SHA256: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
UCloud: https://docs.ucloud.cn/api/summary/signature
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from .exchange import Call

ALGORITHM = "SDK-HMAC-SHA256"
DATE_FORMAT = "%Y%m%dT%H%M%SZ"
AUTHORIZATION = re.compile(
    re.escape(ALGORITHM)
    + r" Access=(?P<key>[^,\s]+), ?SignedHeaders=(?P<names>[^,\s]+), ?Signature=(?P<mark>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class Authorization:
    """What an ``Authorization`` header of SDK-HMAC-SHA256 says."""

    access_key: str
    signed_headers: tuple[str, ...]
    signature: str


def parse_authorization(value: str) -> Authorization | None:
    """Return the header's parts, None when it is malformed."""
    match = AUTHORIZATION.fullmatch(value.strip())
    if match is None:
        return None
    return Authorization(match["key"], tuple(match["names"].split(";")), match["mark"])


def parse_date(value: str) -> float | None:
    """Return the Unix time of an ``X-Sdk-Date``, None when it is malformed."""
    try:
        return datetime.strptime(value, DATE_FORMAT).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def canonical_path(path: str) -> str:
    """Return the path as it is signed: decoded as a whole, each segment quoted again, closed by a slash."""
    quoted = "/".join(quote(segment, safe="~") for segment in unquote(path).split("/"))
    return quoted if quoted.endswith("/") else quoted + "/"


def canonical_query(pairs: Iterable[tuple[str, str]]) -> str:
    """Return the query as it is signed: sorted by raw name, then value; then quoted."""
    return "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(pairs))


def canonical_request(call: Call, signed_headers: Iterable[str]) -> str:
    """Return the canonical request of a call.

    Raises KeyError when a signed header was not sent.
    """
    names = list(signed_headers)
    headers = "".join(f"{name}:{call.headers[name].strip()}\n" for name in names)
    return "\n".join(
        (
            call.method,
            canonical_path(call.path),
            canonical_query(call.query),
            headers,
            ";".join(names),
            payload_hash(call),
        )
    )


def payload_hash(call: Call) -> str:
    """Return the hash of the body, or the caller's word that the body is not signed."""
    if call.body and call.headers.get("X-Sdk-Content-Sha256") == "UNSIGNED-PAYLOAD":
        return "UNSIGNED-PAYLOAD"
    return hashlib.sha256(call.body).hexdigest()


def huawei_signature(secret_key: str, date: str, request: str) -> str:
    """Return the hex HMAC-SHA256 over algorithm, date and the hashed canonical request."""
    to_sign = f"{ALGORITHM}\n{date}\n{hashlib.sha256(request.encode('utf-8', 'surrogateescape')).hexdigest()}"
    return hmac.new(secret_key.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


def ucloud_signature(private_key: str, parameters: Mapping[str, str]) -> str:
    """Return the hex SHA-1 over all parameters but ``Signature``, sorted by name, and the private key."""
    text = "".join(name + value for name, value in sorted(parameters.items()) if name != "Signature")
    return hashlib.sha1((text + private_key).encode("utf-8", "surrogateescape")).hexdigest()
