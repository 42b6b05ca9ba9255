# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which addresses credentials may be sent to, and what is told of others."""

from __future__ import annotations

import ipaddress
import re
import typing as t
from urllib.parse import quote, unquote, urlsplit

from ..model.errors import InvalidError

# RFC 3986, section 3, with nothing but what an address of a service is made of.
URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?)(?::(?P<port>\d{0,5}))?"
    r"(?P<path>/(?:[\w.~!$&'()*+,;=:@/-]|%[0-9a-f]{2})*)?",
    re.ASCII | re.IGNORECASE,
)
PORTS = range(1, 65536)
DEFAULT_PORTS = {"http": 80, "https": 443}


def percent_encode(text: str) -> str:
    """Return everything but the unreserved characters of RFC 3986 as %XX."""
    return quote(text, safe="~")


def fill_path(path: str, values: t.Mapping[str, str]) -> str:
    """Return a path with its placeholders filled, each value as one percent-encoded segment."""
    return path.format_map({name: quote(value, safe="~") for name, value in values.items()})


def check_url(url: str, option: str, allow_http: bool = False) -> str:
    """Return `url` in its normal spelling, without a slash at its end, if credentials may be sent there.

    Raises InvalidError where it is no http(s) URL of scheme, host, port and path alone, or would send credentials in
    the clear to another machine.
    """
    match = URL.fullmatch(url.strip())
    if not match or int(match.group("port") or 1) not in PORTS:
        raise InvalidError(
            f"The option {option} must be a URL of scheme, host, port and path, such as https://host or "
            "https://host:port/path; leave out anything else."
        )
    host = match.group("host").strip("[]")
    if match.group("scheme").lower() == "http" and not allow_http and not is_loopback(host):
        raise InvalidError(
            f"The option {option} names {host} over plain http, where everybody on the way could read the credentials; "
            "use https."
        )
    # In the spelling that goes over the wire as the Host header, which is signed.
    scheme, port = (
        match.group("scheme").lower(),
        int(match.group("port") or DEFAULT_PORTS[match.group("scheme").lower()]),
    )
    authority = match.group("host").lower() + (f":{port}" if port != DEFAULT_PORTS[scheme] else "")
    path = "/".join(percent_encode(unquote(segment)) for segment in (match.group("path") or "").split("/"))
    return f"{scheme}://{authority}{path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Return whether `host` is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def host_of(location: str) -> str:
    """Return the host that a redirect leads to, if it is one that can be told."""
    try:
        host = urlsplit(location).hostname or ""
    except ValueError:
        host = ""
    return host if re.fullmatch(r"[\w.:-]{1,200}", host, re.ASCII) else "another address"
