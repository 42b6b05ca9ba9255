# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server on loopback that says exactly the bytes it is told to, for what no honest server would say."""

from __future__ import annotations

import contextlib
import itertools
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

# What to answer a request with: bytes, or somebody who writes to the connection.
Reply: TypeAlias = "bytes | Callable[[socket.socket], None]"


def answer(body: bytes = b"{}", status: str = "200 OK", headers: str = "") -> bytes:
    """An honest answer."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def for_ever(*pieces: bytes) -> Callable[[socket.socket], None]:
    """The first pieces once, the last one until the client has had enough."""

    def write(connection: socket.socket) -> None:
        for piece in itertools.chain(pieces, itertools.repeat(pieces[-1])):
            connection.sendall(piece)

    return write


def slowly(*pieces: bytes) -> Callable[[socket.socket], None]:
    """The first pieces once, then the last one now and then until the client has had enough."""

    def write(connection: socket.socket) -> None:
        for piece in pieces[:-1]:
            connection.sendall(piece)
        # A test that waits for an end of this fails by its own bound, which lies far below.
        for _again in range(1000):
            connection.sendall(pieces[-1])
            # Sleeps, or ends at once when the client has gone.
            connection.settimeout(0.02)
            with contextlib.suppress(TimeoutError):
                if not connection.recv(1):
                    return

    return write


@dataclass
class RawServer:
    """`requests` holds each request's bytes, `connections` how many connections there were."""

    url: str
    replies: list[Reply]
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0

    def talk(self, connection: socket.socket) -> None:
        """Answer the requests of one connection; the last reply is for all further requests."""
        self.connections += 1
        with connection, contextlib.suppress(OSError):
            while True:
                request = b""
                while b"\r\n\r\n" not in request:
                    piece = connection.recv(65536)
                    if not piece:
                        return
                    request += piece
                length = re.search(rb"(?i)content-length: *(\d+)", request)
                whole = request.index(b"\r\n\r\n") + 4 + int(length.group(1) if length else 0)
                while len(request) < whole:
                    piece = connection.recv(65536)
                    if not piece:
                        return
                    request += piece
                self.requests.append(request)
                reply = self.replies[min(len(self.requests), len(self.replies)) - 1]
                if callable(reply):
                    reply(connection)
                    return
                connection.sendall(reply)


@contextlib.contextmanager
def raw_server(*replies: Reply) -> Iterator[RawServer]:
    """A server that answers the first request with the first reply, and so on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = RawServer(f"http://127.0.0.1:{listener.getsockname()[1]}", list(replies) or [answer()])

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _address = listener.accept()
                    threading.Thread(target=server.talk, args=(connection,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield server
        finally:
            # Closing alone would leave accept() waiting.
            listener.shutdown(socket.SHUT_RDWR)
