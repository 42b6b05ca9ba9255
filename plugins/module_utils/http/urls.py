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
from .redact import SHORTEST, holds_secret, lettered

# RFC 3986, section 3, with nothing but what an address of a service is made of.
URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?)(?::(?P<port>\d{0,5}))?"
    r"(?P<path>/(?:[\w.~!$&'()*+,;=:@/-]|%[0-9a-f]{2})*)?",
    re.ASCII | re.IGNORECASE,
)
# Labels as DNS has them (RFC 1035, section 2.3.4), or an IP address.
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?|[0-9a-f:.]{2,45}", re.ASCII)
NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9]", re.ASCII)
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
    if _has_dots(match.group("path") or ""):
        raise InvalidError(
            f"The option {option} has . or .. in the path of its address, which would lead to another one; write the "
            "address without them."
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


def _has_dots(path: str) -> bool:
    """Return whether a server may take a part of a path for a step upwards, however often it decodes it."""
    while unquote(path) != path:
        path = unquote(path)
    return any(part.partition(";")[0] in (".", "..") for part in re.split(r"[/\\]", path))


def is_loopback(host: str) -> bool:
    """Return whether `host` is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def host_of(location: str, secrets: t.Collection[str]) -> str:
    """Return the host that a redirect leads to, if it is one that can be told.

    Whoever redirects chooses the name, and may spell a secret in it, in several labels too.
    """
    try:
        host = urlsplit(location).hostname or ""
    except ValueError:
        host = ""
    # As far as a name can spell them.
    bare = {NOT_IN_A_NAME.sub("", secret) for secret in secrets}
    spelt = lettered({*secrets, *(text for text in bare if len(text) >= SHORTEST)})
    names = (host, NOT_IN_A_NAME.sub("", host))
    is_told = HOST.fullmatch(host) and not any(holds_secret(name, spelt) for name in names)
    return host if is_told else "another address"
