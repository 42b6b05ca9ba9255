# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A session of requests whose timeouts are for a connection as a whole, and for an answer as a whole.

What a server or a proxy says before the headers of its answer is not passed on, as it may be anything.
"""

from __future__ import annotations

import contextlib
import functools
import http
import http.client
import io
import re
import socket
import threading
import time
import typing as t

# Interim answers (RFC 9110, section 15.2) before the one that counts.
MAX_INTERIM = 20
VERSION = re.compile(r"HTTP/1\.\d", re.ASCII)


class TimedReader(io.RawIOBase):
    """The incoming side of a socket; the socket's timeout, from now on, is for everything together.

    By itself it is for every single read, and a byte now and then would keep an answer going for ever.
    """

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._sock = sock
        self._file = sock.makefile("rb", buffering=0)
        self._end = time.monotonic() + (sock.gettimeout() or 0.0)

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: t.Any) -> int | None:
        """Read, and raise socket.timeout where nothing comes in time."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise socket.timeout("the answer came too slowly")
        self._sock.settimeout(left)
        return self._file.readinto(buffer)

    def close(self) -> None:
        """Let go of the socket, which its connection may go on using."""
        self._file.close()
        super().close()


class Sending(threading.local):
    """How far the request of this thread has come. `has_begun`: something of it may have reached the other side."""

    has_begun = False


SENDING = Sending()


class LineReader(io.BufferedReader):
    """Reads lines, and remembers the last one."""

    last_line = b""

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return the next line, empty at the end."""
        self.last_line = super().readline(size)
        return self.last_line


class TimedResponse(http.client.HTTPResponse):
    """An answer that is read by a TimedReader: status line, headers, body and trailers."""

    def __init__(self, sock: socket.socket, *args: t.Any, **options: t.Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp.close()
        self.fp = LineReader(TimedReader(sock))

    def begin(self) -> None:
        """Read the head. By itself, http.client takes headers that are cut off for all there are."""
        reader = t.cast("LineReader", self.fp)
        super().begin()
        if not reader.last_line:
            raise http.client.IncompleteRead(b"")

    def _read_status(self) -> tuple[str, int, str]:
        """Return the status line of the answer itself, with the phrase that belongs to its code."""
        for _interim in range(MAX_INTERIM + 1):
            try:
                version, status, _phrase = super()._read_status()  # type: ignore[misc]
            except http.client.RemoteDisconnected:
                raise
            except http.client.BadStatusLine:
                version, status = "", 0
            if not VERSION.fullmatch(version):
                raise http.client.BadStatusLine("the answer does not begin as one of HTTP/1.1 does")
            if (
                not http.HTTPStatus.CONTINUE <= status < http.HTTPStatus.OK
                or status == http.HTTPStatus.SWITCHING_PROTOCOLS
            ):
                return version, status, http.client.responses.get(status, "")
            http.client.parse_headers(self.fp)
        raise http.client.BadStatusLine(f"more than {MAX_INTERIM} interim answers came before the answer")


class TimedConnection:
    """What goes before urllib3's own kinds of connections.

    The timeout is for all addresses of a name together; SENDING tells when a request begins to be sent.
    """

    response_class = TimedResponse
    timeout: t.Any
    port: t.Any
    _dns_host: t.Any
    _socks_options: t.Any
    sock: t.Any
    connect: t.Callable[[], None]

    def endheaders(self, *args: t.Any, **options: t.Any) -> None:
        """Open the connection where it is not open yet, and send the headers."""
        if self.sock is None:
            self.connect()
        SENDING.has_begun = True
        super().endheaders(*args, **options)  # type: ignore[misc] # the other base has it

    def _new_conn(self) -> t.Any:
        """Return a socket to the first address that answers; each is given its share of the time that is left."""
        whole, end = self.timeout, time.monotonic() + self.timeout
        addresses = self._addresses()
        try:
            for number, address in enumerate(addresses, 1):
                self.timeout = max(0.001, (end - time.monotonic()) / (len(addresses) - number + 1))
                try:
                    with self._aimed_at(address):
                        sock = super()._new_conn()  # type: ignore[misc]
                except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError):
                    if number == len(addresses):
                        raise
                else:
                    sock.settimeout(max(0.001, end - time.monotonic()))
                    return sock
        finally:
            self.timeout = whole

    def _addresses(self) -> list[str]:
        """Return the addresses of the host, or of its SOCKS proxy; its name where that does not resolve."""
        options = getattr(self, "_socks_options", None)
        name, port = (options["proxy_host"], options["proxy_port"]) if options else (self._dns_host, self.port)
        try:
            found = socket.getaddrinfo(name.strip("[]"), port, allowed_gai_family(), socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            # urllib3 says what is wrong with it.
            return [name]
        return list(dict.fromkeys(str(entry[4][0]) for entry in found)) or [name]

    @contextlib.contextmanager
    def _aimed_at(self, address: str) -> t.Iterator[None]:
        """Let a new connection lead to an address of the host; its certificate is for the name, as ever."""
        options = getattr(self, "_socks_options", None)
        name = self._dns_host
        try:
            if options:
                self._socks_options = {**options, "proxy_host": address}
            else:
                self._dns_host = address
            yield
        finally:
            self._dns_host = name
            if options:
                self._socks_options = options


try:
    import requests
    import requests.adapters
    import urllib3.exceptions
    from urllib3.util.connection import allowed_gai_family
except ImportError:
    # Whoever opens a session has asked http.py for HAS_REQUESTS.
    pass
else:

    class Adapter(requests.adapters.HTTPAdapter):
        """Makes every connection read its answers by TimedResponse.

        `ca_directory`: a directory of certificates, or several as OpenSSL takes them, that are trusted as well.
        """

        ca_directory: str | None = None

        def cert_verify(self, conn: t.Any, url: t.Any, verify: t.Any, cert: t.Any) -> None:
            """Tell a pool of connections what to trust."""
            base: t.Any = super()
            base.cert_verify(conn, url, verify, cert)
            if verify and self.ca_directory:
                conn.ca_cert_dir = self.ca_directory

        def init_poolmanager(self, *args: t.Any, **options: t.Any) -> None:
            """Prepare the connections to the services themselves."""
            super().init_poolmanager(*args, **options)
            _time_answers(self.poolmanager)

        def proxy_manager_for(self, proxy: t.Any, **options: t.Any) -> t.Any:
            """Prepare the connections by a proxy, each kind of which has connections of its own."""
            manager = super().proxy_manager_for(proxy, **options)
            _time_answers(manager)
            return manager


def _time_answers(manager: t.Any) -> None:
    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _timed(pool) for scheme, pool in pools.items()}


@functools.lru_cache(maxsize=8)
def _timed(pool: t.Any) -> t.Any:
    """Return a class of pools whose connections are as before, but for how they are opened, and an answer is read."""
    if issubclass(pool.ConnectionCls, TimedConnection):
        return pool
    connection = type("TimedConnection", (TimedConnection, pool.ConnectionCls), {})
    return type("TimedPool", (pool,), {"ConnectionCls": connection})


def open_session() -> requests.Session:
    """Return a session without any headers of its own."""
    session = requests.Session()
    session.headers.clear()
    session.mount("https://", Adapter())
    session.mount("http://", Adapter())
    return session
