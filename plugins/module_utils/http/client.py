# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP client: TLS verified, no redirects, every answer bounded in time and size, typed errors."""

from __future__ import annotations

import datetime as dt
import email.utils
import http.client
import mmap
import os
import re
import threading
import traceback
import typing as t
from urllib.parse import urlsplit

from ..model.errors import CloudwaitError, TransportError
from .failures import CUT_OFF, ProxyLoginError, failure_of
from .rate_limit import RateLimiter
from .tls_and_proxy import authorities_of_openssl, check_authorities, check_proxy
from .total_timeout import SENDING, open_session
from .unpack import Unpacker, UnpackError
from .urls import host_of

try:
    import requests
    import requests.adapters
    import requests.exceptions
    import requests.utils
    import urllib3
    import urllib3.exceptions
except ImportError:
    HAS_REQUESTS = False
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    HAS_REQUESTS = True
    REQUESTS_IMPORT_ERROR = None

# A hundred UPhone jobs with their tasks take about 100 KiB.
MAX_BODY = 8 * 1024 * 1024
CHUNK = 64 * 1024
USER_AGENT = "cloudwait.jobs"
# The longest silence a service may ask for that is taken at its word, in seconds.
MAX_RETRY_AFTER = 24 * 3600.0
# The beginning of the year 3000 in Unix seconds. What is later overflows sooner or later.
LATEST_DATE = 32_503_680_000.0
TRANSIENT_STATUS = frozenset({408, 429, 500, 502, 503, 504})
REDIRECTS = range(300, 400)
# Its length is the one that the body would have (RFC 9110, section 8.6).
NOT_MODIFIED = 304
# What is so long in a request is not told of its answer.
LONG = re.compile(r"[A-Za-z0-9]{16,}", re.ASCII)
PROXY_WANTS_LOGIN = 407


class Response(t.NamedTuple):
    """A complete answer. `headers` have lower-case names."""

    status: int
    headers: t.Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """True for every 2xx."""
        return 200 <= self.status < 300

    def retry_after(self, now: float) -> float | None:
        """Return the seconds that `Retry-After` asks for (RFC 9110, section 10.2.3: seconds or a date), or None.

        `now` is in Unix seconds, for a date where the answer has no `Date` of its own.
        """
        text = self.headers.get("retry-after", "").strip()
        if re.fullmatch(r"\d{1,18}", text, re.ASCII):
            return min(float(text), MAX_RETRY_AFTER)
        moment = http_date(text)
        if moment is None:
            return None
        return min(max(0.0, moment - (http_date(self.headers.get("date", "")) or now)), MAX_RETRY_AFTER)


def http_date(text: str) -> float | None:
    """Return an HTTP date (RFC 9110, section 5.6.7) in Unix seconds, or None."""
    try:
        moment = email.utils.parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.timezone.utc)
        seconds = moment.timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return min(seconds, LATEST_DATE)


def _secrets_in(headers: t.Mapping[str, str], body: bytes | None) -> list[str]:
    """Return what may be a secret of a request, such as a key or a signature."""
    return LONG.findall(" ".join([*headers.values(), (body or b"").decode("utf-8", "replace")]))


class UnusableResponseError(Exception):
    """An answer that is not taken in; the message says what is wrong with it."""


class HttpClient:
    """Sends requests and reads whole answers; counts what it sends. Safe for several threads."""

    def __init__(
        self,
        clock: t.Callable[[], float],
        request_timeout: float,
        validate_certs: bool = True,
        ca_path: str | None = None,
        secrets: t.AbstractSet[str] = frozenset(),
    ) -> None:
        self._clock = clock
        self._timeout = request_timeout
        # Those of the task, whichever are known at a time.
        self._secrets = secrets
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
        # By proxy, or by origin where the proxy is none of ours.
        self._refused: dict[str, ProxyLoginError] = {}
        self._closed = False
        self.requests = 0

    def close(self) -> None:
        """Close every connection, and send nothing more."""
        with self._lock:
            self._closed = True
        self._session.close()

    def send(
        self,
        rate_limiter: RateLimiter,
        method: str,
        url: str,
        headers: t.Mapping[str, str],
        body: bytes | None,
        deadline: float,
        expected: t.Container[int] = (),
    ) -> Response:
        """Send a request when its turn has come, and return its complete answer, by `deadline` on the clock.

        `url` is sent to the letter. Raises TransportError where no complete answer arrived, and for a redirect, which
        is never followed, unless its code is `expected`. The error is `retry_safe` where nothing was sent.
        """
        host = urlsplit(url).netloc
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        settings = self._settings_for(origin)
        proxy = requests.utils.select_proxy(url, settings["proxies"]) or origin
        if proxy in self._refused:
            # A proxy may lock an account whose password is wrong too often.
            raise self._refused[proxy]
        start, end = self._begin(rate_limiter, deadline)
        answer = None
        SENDING.has_begun = False
        try:
            if any("\n" in value or "\r" in value for value in headers.values()):
                # Of one at the very end requests before 2.28 takes no notice, and what then does quotes the value.
                raise requests.exceptions.InvalidHeader("A header holds a line break.")
            prepared = requests.Request(method, url, headers=dict(headers), data=body).prepare()
            # Preparing would quote the path anew, and what is sent must be what was signed.
            prepared.url = url
            prepared.headers.setdefault("User-Agent", USER_AGENT)
            # Unpacking takes longer than an answer of a few KiB on its way.
            prepared.headers["Accept-Encoding"] = "identity"
            # Session.send would read the whole body of a redirect, however long it is.
            adapter = self._session.get_adapter(url)
            # For opening the connection and for the answer together.
            timeout: t.Any = urllib3.Timeout(total=max(0.001, end - self._clock()))
            answer = adapter.send(prepared, stream=True, timeout=timeout, **settings)
            response = self._read(answer, host, end, method, expected, _secrets_in(headers, body))
        except BaseException as exc:  # noqa: BLE001 - whatever it is, the connection is closed
            if answer is not None:
                answer.raw.close()
            error = self._failure_of(exc, host, end - start)
            if isinstance(error, CloudwaitError):
                error.retry_safe = not SENDING.has_begun
            if isinstance(error, ProxyLoginError):
                self._refused[proxy] = error
            raise error from None
        self._answered.add(host)
        return response

    def _begin(self, rate_limiter: RateLimiter, deadline: float) -> tuple[float, float]:
        """Wait for the request's turn; return when it begins, and when it must have ended."""
        in_time = rate_limiter.acquire(deadline)
        start = self._clock()
        end = min(deadline, start + self._timeout)
        with self._lock:
            # What gets its turn only when the task is over would be sent for nobody.
            is_sent = in_time and start < end and not self._closed
            self.requests += is_sent
        if not is_sent:
            raise TransportError(
                "No time was left for the request at the pace that max_rate, or the service itself, allows.",
                transient=True,
                retry_safe=True,
            )
        return start, end

    def _failure_of(self, exc: BaseException, host: str, timeout: float) -> BaseException:
        """Return the TransportError that stands for an error of a request; what is none of these stays itself."""
        if isinstance(exc, (UnusableResponseError, UnpackError)):
            return TransportError(f"The server {host} gave an answer that cannot be used: {exc}.", transient=True)
        # RequestException is an OSError; what happens in the body is not all wrapped in one.
        if isinstance(exc, (OSError, ValueError, http.client.HTTPException, urllib3.exceptions.HTTPError)):
            return failure_of(exc, host, timeout, host in self._answered)
        return exc

    def _settings_for(self, origin: str) -> dict[str, t.Any]:
        """Return proxies and trusted certificates; plain http goes only to this machine, and never by a proxy."""
        if origin not in self._settings:
            if origin.startswith("http://"):
                self._settings[origin] = {"proxies": {}, "verify": True, "cert": None}
            else:
                settings = self._session.merge_environment_settings(origin, {}, None, self._verify, None)
                verify = settings["verify"]
                if isinstance(verify, str) and verify != self._verify:
                    check_authorities(verify, "The environment (REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE)")
                adapter: t.Any = self._session.get_adapter(origin)
                if verify is True:
                    named = authorities_of_openssl(os.environ)
                    settings["verify"], adapter.ca_directory = named.file or True, named.directory
                check_proxy(adapter, origin, settings["proxies"])
                self._settings[origin] = {name: settings[name] for name in ("proxies", "verify", "cert")}
        return self._settings[origin]

    def _read(
        self, answer: t.Any, host: str, end: float, method: str, expected: t.Container[int], sent: t.Collection[str]
    ) -> Response:
        """Read an answer whose body ends before `end` on the clock; `sent` are possible secrets of its request."""
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if answer.status_code == PROXY_WANTS_LOGIN:
            raise ProxyLoginError(host)
        if answer.status_code in REDIRECTS and answer.status_code not in expected:
            target = host_of(headers.get("location", ""), {*self._secrets, *sent})
            raise TransportError(
                f"The server {host} redirects to {target}, where credentials are not sent; name the right address with"
                " the option endpoint or auth_url."
            )
        return Response(answer.status_code, headers, self._body(answer, end, has_body=method != "HEAD"))

    def _body(self, answer: t.Any, end: float, has_body: bool) -> bytes:
        """Read the whole body, in pieces as they arrive, so that neither a drip nor a flood gets past the bounds."""
        unpacker = Unpacker(answer.headers.get("Content-Encoding", ""))
        raw = answer.raw
        received = 0
        # urllib3 before 2 has no read1, but the response of http.client beneath it has.
        read1 = raw.read1 if hasattr(raw, "read1") else raw._fp.read1  # noqa: SLF001
        # Memory of its own goes back to the system. What threads give back to the allocator stays with the process.
        with mmap.mmap(-1, MAX_BODY + CHUNK) as body:
            while True:
                piece = read1(CHUNK)
                if not piece:
                    break
                received += len(piece)
                for unpacked in unpacker.unpack(piece, CHUNK):
                    body.write(unpacked)
                    # What is packed counts too: it may unpack to nothing at all.
                    if max(received, body.tell()) > MAX_BODY:
                        raise UnusableResponseError(f"its body is larger than {MAX_BODY // (1024 * 1024)} MiB")
                if self._clock() >= end:
                    raise requests.exceptions.ReadTimeout("the body came too slowly")
            length = answer.headers.get("Content-Length", "")
            is_told = has_body and answer.status_code != NOT_MODIFIED and re.fullmatch(r"\d+", length, re.ASCII)
            if is_told and (length.lstrip("0") or "0") != str(received):
                raise UnusableResponseError(CUT_OFF)
            unpacker.finish()
            # A worker that takes the connection over before its last answer counts as read cannot get its own.
            raw._fp.close()  # noqa: SLF001
            raw.release_conn()
            return body[: body.tell()]
