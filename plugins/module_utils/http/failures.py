# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an exception on the way to a service to an error that says what to do."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import typing as t

from ..model.errors import CloudwaitError, InvalidError, TransportError
from ..model.text import single_line

try:
    import requests.exceptions
    import urllib3.exceptions
except ImportError:
    # Whoever sends a request has asked http.py for HAS_REQUESTS.
    pass
else:
    TIMEOUTS = (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError, socket.timeout)
    NOT_A_TIMEOUT = urllib3.exceptions.NewConnectionError
    # Whose words are their own. Others quote what they cannot read.
    OWN_WORDS = (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError)

# OpenSSL's codes (x509_vfy.h) for what no trust mends: expired; too weak; not of the form of RFC 5280, which Python
# asks for since 3.13.
MUST_BE_RENEWED = frozenset({10, *range(66, 69), *range(76, 95)})
# What http.client says of a proxy's answer to CONNECT; total_timeout.py has the proxy's own words taken out.
TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})\b.*")
PROXY_WANTS_LOGIN = "407"
# Characters of a reason.
MAX_REASON = 200
CUT_OFF = "its body is cut off or malformed"


class ProxyLoginError(TransportError):
    """A proxy wants a login, or another one. The same password is not sent to it again."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"The proxy on the way to {host} refuses the login (HTTP 407), which is not tried again; correct user name "
            "and password in HTTPS_PROXY, or name the host in NO_PROXY."
        )


def failure_of(exc: BaseException, host: str, seconds: float, answered: bool) -> CloudwaitError:
    """Return what an exception of requests, or of something beneath it, means for the wait.

    `seconds` is the time that the request had; `answered`: whether the host has given an answer before.
    """
    chain = list(causes(exc))
    if isinstance(exc, (requests.exceptions.InvalidHeader, UnicodeError)):
        # Its text quotes the header.
        return InvalidError(
            f"The request to {host} cannot be sent, because a header of it would hold a line break or another "
            "character that no header can carry; check the credentials and the project."
        )
    certificate = next((item for item in chain if is_about_certificate(item)), None)
    if certificate is not None:
        # The attribute is OpenSSL's; urllib3 before 2 compares names itself.
        reason = getattr(certificate, "verify_message", None) or " ".join(map(str, certificate.args))
        text = f"The certificate of {host} does not verify ({reason})"
        if getattr(certificate, "verify_code", None) in MUST_BE_RENEWED:
            text += (
                ", whichever authority is trusted; the certificate itself, or that of its authority, must be renewed"
            )
        else:
            text += "; if it is signed by an authority of your own, name that authority's file with ca_path"
        return TransportError(f"{text}.")
    tunnel = next((match for match in map(TUNNEL.fullmatch, map(str, chain)) if match), None)
    if tunnel is not None and tunnel.group(1) == PROXY_WANTS_LOGIN:
        return ProxyLoginError(host)
    if any(isinstance(item, requests.exceptions.ProxyError) for item in chain):
        return TransportError(
            f"The proxy on the way to {host} does not let the request through ({reason_of(chain[-1])}); check "
            "HTTPS_PROXY and NO_PROXY in the environment.",
            transient=True,
        )
    # A label of a name is neither empty nor long, or urllib3 does not even ask.
    if any(isinstance(item, (socket.gaierror, urllib3.exceptions.LocationParseError)) for item in chain):
        # Before its first answer a name that does not resolve is most likely misspelt.
        return TransportError(
            f"The host name {host} does not resolve; check the options region, cloud, endpoint and auth_url.",
            transient=answered,
        )
    if any(isinstance(item, http.client.IncompleteRead) for item in chain):
        return TransportError(f"The server {host} gave an answer that cannot be used: {CUT_OFF}.", transient=True)
    # A connection that was refused also counts as a timeout to urllib3.
    if any(isinstance(item, TIMEOUTS) and not isinstance(item, NOT_A_TIMEOUT) for item in chain):
        return TransportError(
            f"The server {host} did not answer completely within {seconds:.3g} seconds.", transient=True
        )
    return TransportError(
        f"The connection to {host} failed ({reason_of(chain[-1])}); check the address and the network.",
        transient=True,
    )


def reason_of(exc: BaseException) -> str:
    """Return what an exception says, in a few words."""
    if isinstance(exc, OSError) and exc.strerror:
        # OpenSSL's and the system's own words.
        return single_line(exc.strerror, MAX_REASON).rstrip(".")
    return single_line(str(exc), MAX_REASON).rstrip(".") if isinstance(exc, OWN_WORDS) else type(exc).__name__


def is_about_certificate(exc: BaseException) -> bool:
    """Return whether an exception says that a certificate is not to be trusted, or not for this host."""
    # urllib3 before 2 has an exception of its own for names, here and there from one version to the next.
    return isinstance(exc, ssl.SSLCertVerificationError) or type(exc).__name__ == "CertificateError"


def causes(exc: BaseException) -> t.Iterator[BaseException]:
    """Yield an exception and everything that it wraps."""
    seen: list[BaseException] = []
    queue: list[t.Any] = [exc]
    while queue and len(seen) < 20:
        item = queue.pop(0)
        if isinstance(item, BaseException) and item not in seen:
            seen.append(item)
            yield item
            # What somebody tried in vain before, and says is no cause, is none.
            context = None if item.__suppress_context__ else item.__context__
            queue += [item.__cause__, context, getattr(item, "reason", None), *item.args]
