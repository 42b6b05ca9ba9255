# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTP session per task: TLS verified, no redirects, every answer bounded in time and size, typed errors."""

from __future__ import annotations

import datetime as dt
import email.utils
import http.client
import ipaddress
import os
import re
import socket
import ssl
import threading
import traceback
import typing as t
from urllib.parse import urlsplit

from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import InvalidError, TransportError
from ansible_collections.cloudwait.jobs.plugins.module_utils.pace import Pace

try:
    import requests
    import requests.adapters
    import requests.exceptions
    import urllib3
    import urllib3.exceptions
except ImportError:
    HAS_REQUESTS = False
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    HAS_REQUESTS = True
    REQUESTS_IMPORT_ERROR = None
    TIMEOUTS = (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError, socket.timeout)

# A hundred UPhone jobs with their tasks take about 100 KiB.
MAX_BODY = 8 * 1024 * 1024
CHUNK = 64 * 1024
USER_AGENT = "cloudwait.jobs"
# The longest silence a service may ask for that is taken at its word, in seconds.
MAX_RETRY_AFTER = 24 * 3600.0
TRANSIENT_STATUS = frozenset({408, 429, 500, 502, 503, 504})
REDIRECTS = range(300, 400)


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
        if re.fullmatch(r"\d{1,9}", text, re.ASCII):
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

    Raises InvalidError where it is no http(s) URL with a host, carries more than scheme, host, port and path, or would
    send credentials in the clear to another machine.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as exc:
        raise InvalidError(f"The option {option} is not a URL: {exc}.") from exc
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidError(f"The option {option} must be a URL such as https://host or https://host:port/path.")
    if parts.query or parts.fragment or parts.username is not None or port == 0 or re.search(r"[\s\\]", url.strip()):
        raise InvalidError(
            f"The option {option} must hold only scheme, host, port and path, such as https://host:port/path."
        )
    if parts.scheme == "http" and not allow_http and not is_loopback(parts.hostname):
        raise InvalidError(
            f"The option {option} names {parts.hostname} over plain http, where everybody on the way could read the "
            "credentials; use https."
        )
    return url.strip().rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def no_login(request: t.Any) -> t.Any:
    """Keep `requests` from adding credentials of its own, out of a .netrc file."""
    return request


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
        if validate_certs and ca_path is not None and not os.path.exists(ca_path):
            raise InvalidError(f"The option ca_path names {ca_path}, which does not exist or cannot be read.")
        if not validate_certs:
            # The user said so; a warning with every request would say nothing new.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        self._verify: t.Any = (ca_path or True) if validate_certs else False
        self._session = requests.Session()
        self._session.auth = no_login
        self._session.headers.clear()
        self._settings: dict[str, dict[str, t.Any]] = {}
        self._lock = threading.Lock()
        self._answered: set[str] = set()
        self.requests = 0

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def send(self, method: str, url: str, headers: t.Mapping[str, str], body: bytes | None, until: float) -> Response:
        """One request and its complete answer, by `until` on the clock.

        `url` is sent to the letter. Raises TransportError where no complete answer arrived; redirects are refused.
        """
        self._pace.wait_turn()
        start = self._clock()
        end = min(until, start + self._timeout)
        if end <= start:
            raise TransportError("There was no time left for the request.", transient=True)
        with self._lock:
            self.requests += 1
        host = urlsplit(url).netloc
        try:
            response = self._answer(method, url, headers, body, end)
        except (OSError, ValueError, http.client.HTTPException, urllib3.exceptions.HTTPError) as exc:
            # RequestException is an OSError; what happens in the body is not all wrapped in one.
            raise self._error(exc, host, end - start) from None
        self._answered.add(host)
        if response.status in REDIRECTS:
            target = urlsplit(response.headers.get("location", "")).netloc or "another address"
            raise TransportError(
                f"{host} redirects to {target:.200}, where credentials are not sent; name the right address with the "
                "option endpoint or auth_url."
            )
        return response

    def _answer(self, method: str, url: str, headers: t.Mapping[str, str], body: bytes | None, end: float) -> Response:
        prepared = requests.Request(method, url, headers=dict(headers), data=body, auth=no_login).prepare()
        # Preparing would quote the path anew, and what is sent must be what was signed.
        prepared.url = url
        prepared.headers.setdefault("User-Agent", USER_AGENT)
        # Unpacking is one more thing to bound, for answers of a few KiB.
        prepared.headers["Accept-Encoding"] = "identity"
        raw = None
        timeout = max(0.001, end - self._clock())
        try:
            answer = self._session.send(
                prepared, stream=True, timeout=timeout, allow_redirects=False, **self._connection(url)
            )
            raw = answer.raw
            return Response(
                answer.status_code,
                {name.lower(): value for name, value in answer.headers.items()},
                self._body(answer, end),
            )
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
                self._settings[origin] = {name: settings[name] for name in ("proxies", "verify", "cert")}
        return self._settings[origin]

    def _body(self, answer: t.Any, end: float) -> bytes:
        """Read the whole body, in pieces as they arrive, so that neither a drip nor a flood gets past the bounds."""
        if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise ValueError("the body is compressed, which was not asked for")
        raw = answer.raw
        # urllib3 before 2 has no read1, but the response of http.client beneath it has.
        read1 = raw.read1 if hasattr(raw, "read1") else raw._fp.read1  # noqa: SLF001
        pieces: list[bytes] = []
        size = 0
        while True:
            piece = read1(CHUNK)
            if not piece:
                break
            size += len(piece)
            if size > MAX_BODY:
                raise ValueError(f"the body is larger than {MAX_BODY // (1024 * 1024)} MiB")
            if self._clock() >= end:
                raise requests.exceptions.ReadTimeout("the body came too slowly")
            pieces.append(piece)
        length = answer.headers.get("Content-Length", "")
        if length.isdigit() and int(length) != size:
            raise ValueError(f"the body was cut off after {size} of {int(length)} bytes")
        raw.release_conn()
        return b"".join(pieces)

    def _error(self, exc: BaseException, host: str, seconds: float) -> TransportError:
        chain = list(causes(exc))
        certificate = next((item for item in chain if isinstance(item, ssl.SSLCertVerificationError)), None)
        if certificate is not None:
            return TransportError(
                f"The certificate of {host} does not verify ({certificate.verify_message}); if it is signed by an "
                "authority of your own, name that authority's file with ca_path."
            )
        if any(isinstance(item, socket.gaierror) for item in chain):
            # Before the first answer a name that does not resolve is most likely misspelt.
            return TransportError(
                f"The host name {host} does not resolve; check the options region, cloud and endpoint.",
                transient=host in self._answered,
            )
        if any(isinstance(item, TIMEOUTS) for item in chain):
            return TransportError(f"{host} did not answer completely within {seconds:.0f} seconds.", transient=True)
        said = chain[-1]
        return TransportError(
            f"The connection to {host} failed ({type(said).__name__}: {said!s:.200}).", transient=True
        )


def causes(exc: BaseException) -> t.Iterator[BaseException]:
    """An exception and everything that it wraps."""
    seen: list[BaseException] = []
    queue: list[t.Any] = [exc]
    while queue and len(seen) < 20:
        item = queue.pop(0)
        if isinstance(item, BaseException) and item not in seen:
            seen.append(item)
            yield item
            queue += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]
