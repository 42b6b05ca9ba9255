# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A session of requests whose read timeout is for an answer as a whole, from its first byte to its last."""

from __future__ import annotations

import functools
import http.client
import io
import socket
import threading
import time
import typing as t


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


class TellsBegin:
    """The part of a connection that tells when it begins to send a request."""

    sock: t.Any
    connect: t.Callable[[], None]

    def endheaders(self, *args: t.Any, **options: t.Any) -> None:
        """Open the connection where it is not open yet, and send the headers."""
        if self.sock is None:
            self.connect()
        SENDING.has_begun = True
        super().endheaders(*args, **options)  # type: ignore[misc] # the other base has it


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


try:
    import requests
    import requests.adapters
except ImportError:
    # Whoever opens a session has asked http.py for HAS_REQUESTS.
    pass
else:

    class Adapter(requests.adapters.HTTPAdapter):
        """Makes every connection read its answers by TimedResponse."""

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
    """Return a class of pools whose connections are as before, but for how an answer is read."""
    if pool.ConnectionCls.response_class is TimedResponse:
        return pool
    connection = type("TimedConnection", (TellsBegin, pool.ConnectionCls), {"response_class": TimedResponse})
    return type("TimedPool", (pool,), {"ConnectionCls": connection})


def open_session() -> requests.Session:
    """Return a session without any headers of its own."""
    session = requests.Session()
    session.headers.clear()
    session.mount("https://", Adapter())
    session.mount("http://", Adapter())
    return session
