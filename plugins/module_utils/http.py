# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTP session per task: TLS verified, no redirects, every answer bounded in time and size, typed errors."""

from __future__ import annotations

import datetime as dt
import email.utils
import http.client
import ipaddress
import mmap
import os
import re
import socket
import ssl
import threading
import traceback
import typing as t
from urllib.parse import urlsplit

from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import InvalidError, JobsError, TransportError
from ansible_collections.cloudwait.jobs.plugins.module_utils.pace import Pace
from ansible_collections.cloudwait.jobs.plugins.module_utils.session import open_session

try:
    import requests
    import requests.adapters
    import requests.exceptions
    import requests.utils
    import urllib3
    import urllib3.exceptions
    import urllib3.util
except ImportError:
    HAS_REQUESTS = False
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    HAS_REQUESTS = True
    REQUESTS_IMPORT_ERROR = None
    TIMEOUTS = (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError, socket.timeout)
    NOT_A_TIMEOUT = urllib3.exceptions.NewConnectionError

# A hundred UPhone jobs with their tasks take about 100 KiB.
MAX_BODY = 8 * 1024 * 1024
CHUNK = 64 * 1024
USER_AGENT = "cloudwait.jobs"
# The longest silence a service may ask for that is taken at its word, in seconds.
MAX_RETRY_AFTER = 24 * 3600.0
TRANSIENT_STATUS = frozenset({408, 429, 500, 502, 503, 504})
REDIRECTS = range(300, 400)
# RFC 3986, section 3, with nothing but what an address of a service is made of.
URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?)(?::(?P<port>\d{0,5}))?"
    r"(?P<path>/(?:[\w.~!$&'()*+,;=:@/-]|%[0-9a-f]{2})*)?",
    re.ASCII | re.IGNORECASE,
)
PORTS = range(1, 65536)
DEFAULT_PORTS = {"http": 80, "https": 443}
CUT_OFF = "its body is cut off or malformed"


class Response(t.NamedTuple):
    """A complete answer. `headers` have lower-case names."""

    status: int
    headers: t.Mapping[str, str]
    body: bytes

    def retry_after(self, now: float) -> float | None:
        """Seconds that `Retry-After` asks for (RFC 9110, section 10.2.3: seconds or a date), or None.

        `now` is in Unix seconds, for a date where the answer has no `Date` of its own.
        """
        text = self.headers.get("retry-after", "").strip()
        if re.fullmatch(r"\d{1,18}", text, re.ASCII):
            return min(float(text), MAX_RETRY_AFTER)
        until = http_date(text)
        if until is None:
            return None
        return min(max(0.0, until - (http_date(self.headers.get("date", "")) or now)), MAX_RETRY_AFTER)


def http_date(text: str) -> float | None:
    """An HTTP date (RFC 9110, section 5.6.7) in Unix seconds, or None."""
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.timezone.utc)
    return moment.timestamp()


def check_url(url: str, option: str, allow_http: bool = False) -> str:
    """`url` without a slash at its end, if credentials may be sent there.

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
    return f"{scheme}://{authority}{(match.group('path') or '').rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_authorities(path: str, named_by: str) -> None:
    """Raise InvalidError where `path` holds no certificates to trust; `named_by` begins the sentence."""
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(**{"capath" if os.path.isdir(path) else "cafile": path})
    except (OSError, ValueError) as exc:
        # A name with a NUL, or with half a character, is refused by ValueError.
        reason = exc.strerror if isinstance(exc, OSError) else "it is no name of a file"
        trouble = "holds no certificates" if isinstance(exc, ssl.SSLError) else f"cannot be read ({reason})"
        raise InvalidError(
            f"{named_by} names {path}, which {trouble}; name a file of certificates in PEM format, or leave it out."
        ) from None


def host_of(location: str) -> str:
    """The host that a redirect leads to, if it is one that can be told."""
    try:
        host = urlsplit(location).hostname or ""
    except ValueError:
        host = ""
    return host if re.fullmatch(r"[\w.:-]{1,200}", host, re.ASCII) else "another address"


class UselessAnswerError(Exception):
    """An answer that is not taken in; the message says what is wrong with it."""


class Http:
    """Sends requests at the agreed pace and reads whole answers; counts what it sends. Safe for several threads."""

    def __init__(
        self,
        pace: Pace,
        clock: t.Callable[[], float],
        request_timeout: float,
        validate_certs: bool = True,
        ca_path: str | None = None,
    ) -> None:
        self._pace = pace
        self._clock = clock
        self._timeout = request_timeout
        if validate_certs and ca_path is not None:
            check_authorities(ca_path, "The option ca_path")
        if not validate_certs:
            # The user said so; a warning with every request would say nothing new.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        self._verify: t.Any = (ca_path or True) if validate_certs else False
        self._session = open_session()
        self._settings: dict[str, dict[str, t.Any]] = {}
        self._lock = threading.Lock()
        self._answered: set[str] = set()
        self._closed = False
        self.requests = 0

    def close(self) -> None:
        """Close every connection, and send nothing more."""
        with self._lock:
            self._closed = True
        self._session.close()

    def send(self, method: str, url: str, headers: t.Mapping[str, str], body: bytes | None, until: float) -> Response:
        """One request and its complete answer, by `until` on the clock.

        `url` is sent to the letter. Raises TransportError where no complete answer arrived; redirects are refused.
        """
        in_time = self._pace.wait_turn(until)
        start = self._clock()
        end = min(until, start + self._timeout)
        with self._lock:
            # What gets its turn only when the task is over would be sent for nobody.
            is_sent = in_time and start < end and not self._closed
            self.requests += is_sent
        if not is_sent:
            raise TransportError(
                "No time was left for the request at the pace that max_rate, or the service itself, allows.",
                transient=True,
            )
        host = urlsplit(url).netloc
        try:
            response = self._answer(method, url, headers, body, end)
        except UselessAnswerError as exc:
            raise TransportError(
                f"The server {host} gave an answer that cannot be used: {exc}.", transient=True
            ) from None
        except (OSError, ValueError, http.client.HTTPException, urllib3.exceptions.HTTPError) as exc:
            # RequestException is an OSError; what happens in the body is not all wrapped in one.
            raise self._error(exc, host, end - start) from None
        self._answered.add(host)
        return response

    def _answer(self, method: str, url: str, headers: t.Mapping[str, str], body: bytes | None, end: float) -> Response:
        if any("\n" in value or "\r" in value for value in headers.values()):
            # Of one at the very end requests before 2.28 takes no notice, and what then does quotes the value.
            raise requests.exceptions.InvalidHeader("A header holds a line break.")
        prepared = requests.Request(method, url, headers=dict(headers), data=body).prepare()
        # Preparing would quote the path anew, and what is sent must be what was signed.
        prepared.url = url
        prepared.headers.setdefault("User-Agent", USER_AGENT)
        # Unpacking is one more thing to bound, for answers of a few KiB.
        prepared.headers["Accept-Encoding"] = "identity"
        raw = None
        timeout = max(0.001, end - self._clock())
        try:
            # Session.send would read the whole body of a redirect, however long it is.
            adapter = self._session.get_adapter(url)
            answer = adapter.send(prepared, stream=True, timeout=timeout, **self._connection(url))
            raw = answer.raw
            headers = {name.lower(): value for name, value in answer.headers.items()}
            if answer.status_code in REDIRECTS:
                target = host_of(headers.get("location", ""))
                raise TransportError(
                    f"The server {urlsplit(url).netloc} redirects to {target}, where credentials are not sent; name "
                    "the right address with the option endpoint or auth_url."
                )
            return Response(answer.status_code, headers, self._body(answer, end))
        except BaseException:
            if raw is not None:
                raw.close()
            raise

    def _connection(self, url: str) -> dict[str, t.Any]:
        """Proxies and trusted certificates for a URL; plain http goes only to this machine, and never by a proxy."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._settings:
            if parts.scheme == "http":
                self._settings[origin] = {"proxies": {}, "verify": True, "cert": None}
            else:
                settings = self._session.merge_environment_settings(origin, {}, None, self._verify, None)
                verify = settings["verify"]
                if isinstance(verify, str) and verify != self._verify:
                    check_authorities(verify, "The environment (REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE)")
                self._check_proxy(origin, settings["proxies"])
                self._settings[origin] = {name: settings[name] for name in ("proxies", "verify", "cert")}
        return self._settings[origin]

    def _check_proxy(self, origin: str, proxies: t.Any) -> None:
        """Raise InvalidError where the environment names a proxy that no request can go by.

        The sentence does not quote its address, which may hold a password.
        """
        proxy = requests.utils.select_proxy(origin, proxies)
        if not proxy:
            return
        adapter: t.Any = self._session.get_adapter(origin)
        with_scheme: t.Any = requests.utils.prepend_scheme_if_needed
        try:
            proxy = with_scheme(proxy, "http")
            host = urllib3.util.parse_url(proxy).host or ""
            # urllib3 looks at labels when it connects, and before 2 never at blanks.
            is_address = re.fullmatch(rb"\S+", host.encode("idna")) is not None
            adapter.proxy_manager_for(proxy)
        except requests.exceptions.InvalidSchema:
            raise InvalidError(
                f"The environment names a SOCKS proxy for {urlsplit(origin).netloc}, which takes the Python library "
                "PySocks to use; install that where the task runs, or name an HTTP proxy with HTTPS_PROXY."
            ) from None
        except (ValueError, urllib3.exceptions.HTTPError):
            is_address = False
        if not is_address:
            raise InvalidError(
                f"The environment names a proxy for {urlsplit(origin).netloc} by what is no address of one; correct "
                "HTTPS_PROXY or ALL_PROXY to be like http://proxy.example.com:3128, or name the host in NO_PROXY."
            )

    def _body(self, answer: t.Any, end: float) -> bytes:
        """Read the whole body, in pieces as they arrive, so that neither a drip nor a flood gets past the bounds."""
        if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise UselessAnswerError("its body is compressed, which was not asked for")
        raw = answer.raw
        # urllib3 before 2 has no read1, but the response of http.client beneath it has.
        read1 = raw.read1 if hasattr(raw, "read1") else raw._fp.read1  # noqa: SLF001
        # Memory of its own goes back to the system. What threads give back to the allocator stays with the process.
        with mmap.mmap(-1, MAX_BODY + CHUNK) as body:
            while True:
                piece = read1(CHUNK)
                if not piece:
                    break
                body.write(piece)
                if body.tell() > MAX_BODY:
                    raise UselessAnswerError(f"its body is larger than {MAX_BODY // (1024 * 1024)} MiB")
                if self._clock() >= end:
                    raise requests.exceptions.ReadTimeout("the body came too slowly")
            length = answer.headers.get("Content-Length", "")
            if length.isdigit() and int(length) != body.tell():
                raise UselessAnswerError(CUT_OFF)
            # A worker that takes the connection over before its last answer counts as read cannot get its own.
            raw._fp.close()  # noqa: SLF001
            raw.release_conn()
            return body[: body.tell()]

    def _error(self, exc: BaseException, host: str, seconds: float) -> JobsError:
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
            return TransportError(
                f"The certificate of {host} does not verify ({reason}); if it is signed by an authority of your own, "
                "name that authority's file with ca_path."
            )
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
                transient=host in self._answered,
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
    """What an exception says, in a few words."""
    text = (exc.strerror if isinstance(exc, OSError) else None) or str(exc) or type(exc).__name__
    return " ".join(text.split()).rstrip(".")[:200]


def is_about_certificate(exc: BaseException) -> bool:
    """Whether an exception says that a certificate is not to be trusted, or not for this host."""
    # urllib3 before 2 has an exception of its own for names, here and there from one version to the next.
    return isinstance(exc, ssl.SSLCertVerificationError) or type(exc).__name__ == "CertificateError"


def causes(exc: BaseException) -> t.Iterator[BaseException]:
    """An exception and everything that it wraps."""
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
