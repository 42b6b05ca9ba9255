# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server or a proxy that chooses its bytes with care: what of them is told, read and tried again."""

from __future__ import annotations

import base64
import gzip
import socket
import time
import typing as t
import zlib

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import client as http_module
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import total_timeout
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.client import HttpClient, Response
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.rate_limit import RateLimiter
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.unpack import Unpacker
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import TransportError
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.raw_server import (
    Reply,
    answer,
    for_ever,
    raw_server,
)

TIMEOUT = 30.0
SIGNATURE = "5f3c1a2b" * 8
ACCESS_KEY = "AKIDOFTHISVERYTEST01"
TOKEN = "MIIa+token/of-this==very.test-and-no-other"
HEADERS = {
    "Authorization": f"SDK-HMAC-SHA256 Access={ACCESS_KEY}, SignedHeaders=host;x-sdk-date, Signature={SIGNATURE}",
    "X-Auth-Token": TOKEN,
}


def new_http() -> HttpClient:
    return HttpClient(time.monotonic, TIMEOUT, secrets={"password-of-the-task"})


def get(http: HttpClient, url: str) -> Response:
    rate_limiter = RateLimiter(1000, time.monotonic, time.sleep)
    return http.send(rate_limiter, "GET", url, HEADERS, None, time.monotonic() + TIMEOUT)


def refusal(http: HttpClient, url: str) -> TransportError:
    with pytest.raises(TransportError) as caught:
        get(http, url)
    assert is_sentence(str(caught.value)), str(caught.value)
    return caught.value


def reply_to(reply: Reply) -> Response | TransportError:
    """What comes of a reply: the answer, or the error."""
    with raw_server(reply) as server:
        try:
            return get(new_http(), server.url)
        except TransportError as exc:
            error = exc
    assert is_sentence(str(error)), str(error)
    return error


class TestRedirect:
    @pytest.mark.parametrize(
        "host",
        [
            pytest.param(SIGNATURE, id="the signature"),
            pytest.param(f"{SIGNATURE[:32]}.{SIGNATURE[32:]}.example.com", id="the signature as two labels"),
            pytest.param(f"x-{SIGNATURE[:40]}.example.com", id="most of the signature"),
            pytest.param(f"{ACCESS_KEY}.example.com", id="the access key, which a host has in lower case"),
            pytest.param("password-of-the-task.example.com", id="a secret of the task that was not sent"),
            pytest.param("password.of.the.task.example.com", id="a secret with dots for its dashes"),
            pytest.param(base64.b32encode(b"x").decode() + "." * 3 + "com", id="no name"),
            pytest.param("a" * 64 + ".example.com", id="a label that no name has"),
        ],
    )
    def test_a_host_that_spells_a_secret_is_not_told(self, host: str) -> None:
        error = reply_to(answer(b"", "302 Found", f"Location: https://{host}/\r\n"))
        assert "redirects to another address, where" in str(error)

    @pytest.mark.parametrize(
        "host", ["iam.cn-north-4.myhuaweicloud.com", "example.com", "127.0.0.1", "login_page.corp"]
    )
    def test_another_host_is(self, host: str) -> None:
        assert f"redirects to {host}, where" in str(
            reply_to(answer(b"", "302 Found", f"Location: https://{host}/\r\n"))
        )


class TestStatusLine:
    @pytest.mark.parametrize(
        ("line", "told"),
        [
            (TOKEN, "the answer does not begin as one of HTTP/1.1 does"),
            (f"HTTP/{TOKEN} 200 OK", "does not begin as one of HTTP/1.1 does"),
            (f"HTTP/1.1 {TOKEN}", "does not begin as one of HTTP/1.1 does"),
            ("HTTP/1.1 99 Too Low", "does not begin as one of HTTP/1.1 does"),
            ("HTTP/2 200 OK", "does not begin as one of HTTP/1.1 does"),
            ("\x1b[31mSSH-2.0-x", "does not begin as one of HTTP/1.1 does"),
        ],
    )
    def test_what_is_none_is_not_quoted(self, line: str, told: str) -> None:
        error = reply_to(f"{line}\r\nContent-Length: 0\r\n\r\n".encode())
        assert isinstance(error, TransportError)
        assert told in str(error)
        assert error.transient
        assert not any(part in str(error) for part in (TOKEN, "SSH", "Too Low", "\x1b"))

    @pytest.mark.parametrize("interim", [1, 3, total_timeout.MAX_INTERIM])
    @pytest.mark.parametrize("status", ["100 Continue", "102 Processing", "103 Early Hints", "199 Whatever"])
    def test_interim_answers_are_skipped(self, status: str, interim: int) -> None:
        early = f"HTTP/1.1 {status}\r\nLink: </style.css>\r\n\r\n".encode()
        with raw_server(early * interim + answer(b"[1]"), answer(b"[2]")) as server:
            http = new_http()
            # and the connection is at the right place afterwards
            assert [get(http, server.url).body for _request in range(2)] == [b"[1]", b"[2]"]
            assert server.connections == 1

    def test_not_without_end(self) -> None:
        error = reply_to(for_ever(b"HTTP/1.1 103 Early Hints\r\n\r\n"))
        assert f"more than {total_timeout.MAX_INTERIM} interim answers came" in str(error)

    def test_a_switch_of_protocols_is_no_interim_answer(self) -> None:
        taken = reply_to(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        assert isinstance(taken, Response)
        assert taken.status == 101


def deflated(body: bytes, bits: int) -> bytes:
    packer = zlib.compressobj(9, wbits=bits)
    return packer.compress(body) + packer.flush()


BODY = b'{"job_id": "a", "status": "SUCCESS"}' * 5000


class TestCompression:
    @pytest.mark.parametrize(
        ("encoding", "packed"),
        [
            ("gzip", gzip.compress(BODY)),
            (" GZip ", gzip.compress(BODY)),
            ("x-gzip", gzip.compress(BODY)),
            ("identity, gzip", gzip.compress(BODY)),
            ("deflate", deflated(BODY, zlib.MAX_WBITS)),
            pytest.param("deflate", deflated(BODY, -zlib.MAX_WBITS), id="deflate without zlib's format"),
            pytest.param("gzip", gzip.compress(BODY[:99]) + gzip.compress(BODY[99:]), id="gzip in two parts"),
            ("", BODY),
            ("identity", BODY),
        ],
    )
    def test_what_can_be_unpacked_is_read(self, encoding: str, packed: bytes) -> None:
        taken = reply_to(answer(packed, headers=f"Content-Encoding: {encoding}\r\n"))
        assert isinstance(taken, Response), taken
        assert taken.body == BODY

    @pytest.mark.parametrize("most", [1, 7, 100, 65_536])
    @pytest.mark.parametrize("bits", [31, zlib.MAX_WBITS, -zlib.MAX_WBITS])
    def test_pieces_of_any_size_make_the_whole(self, bits: int, most: int) -> None:
        body = b"x" * 1000 + BODY[:500] + b"y" * 300
        packed = deflated(body, bits)
        for size in (1, 3, len(packed)):
            unpacker = Unpacker("gzip" if bits == 31 else "deflate")
            pieces = [packed[start : start + size] for start in range(0, len(packed), size)]
            unpacked = [piece for packed_piece in pieces for piece in unpacker.unpack(packed_piece, most)]
            unpacker.finish()
            assert b"".join(unpacked) == body
            assert max(map(len, unpacked)) <= most

    def test_an_answer_without_a_body_is_packed_as_nothing(self) -> None:
        taken = reply_to(answer(b"", "204 No Content", "Content-Encoding: gzip\r\n"))
        assert isinstance(taken, Response), taken
        assert taken.body == b""

    @pytest.mark.parametrize(
        ("encoding", "told"),
        [
            ("br", "its body is compressed as br, which was not asked for"),
            ("ZSTD", "compressed as zstd"),
            ("gzip, br", "compressed as br"),
            ("gzip, gzip", "compressed in an unknown way"),
            (SIGNATURE, "compressed in an unknown way"),
            ("\x1b[31m", "compressed in an unknown way"),
        ],
    )
    def test_anything_else_may_be_tried_again(self, encoding: str, told: str) -> None:
        error = reply_to(answer(b"{}", headers=f"Content-Encoding: {encoding}\r\n"))
        assert isinstance(error, TransportError)
        assert told in str(error)
        assert error.transient
        assert SIGNATURE not in str(error)

    @pytest.mark.parametrize(
        "packed",
        [
            pytest.param(gzip.compress(BODY)[:-4], id="cut off"),
            pytest.param(b"{}", id="not packed"),
            pytest.param(gzip.compress(BODY) + b"more", id="with something behind it"),
            pytest.param(gzip.compress(BODY)[:20] + b"xxxxxxx" + gzip.compress(BODY)[27:], id="damaged"),
        ],
    )
    def test_what_cannot_be_unpacked_is_told(self, packed: bytes) -> None:
        error = reply_to(answer(packed, headers="Content-Encoding: gzip\r\n"))
        assert "its body is cut off or malformed" in str(error)

    @pytest.mark.parametrize(
        "bomb",
        [
            pytest.param(deflated(bytes(64 * 2**20), 31), id="that unpacks to much"),
            # stored blocks of no bytes at all
            pytest.param(b"\x1f\x8b\x08" + bytes(7) + b"\x00\x00\x00\xff\xff" * 30_000, id="that unpacks to nothing"),
        ],
    )
    def test_a_bomb_is_defused(self, bomb: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(http_module, "MAX_BODY", 100_000)
        pieces: list[int] = []
        unpack = Unpacker.unpack

        def counted(unpacker: t.Any, packed: bytes, most: int) -> t.Iterator[bytes]:
            for piece in unpack(unpacker, packed, most):
                pieces.append(len(piece))
                yield piece

        monkeypatch.setattr(Unpacker, "unpack", counted)
        error = reply_to(answer(bomb, headers="Content-Encoding: gzip\r\n"))
        assert "larger than" in str(error)
        assert max(pieces) <= http_module.CHUNK
        assert sum(pieces) <= 100_000 + http_module.CHUNK


class TestProxy:
    @pytest.fixture
    def password(self) -> str:
        return base64.b64encode(b"user:pass-of-the-proxy").decode()

    def by(self, proxy: str, monkeypatch: pytest.MonkeyPatch) -> HttpClient:
        monkeypatch.setenv("https_proxy", proxy.replace("//", "//user:pass-of-the-proxy@"))
        return new_http()

    def test_its_own_words_are_not_told(self, password: str, monkeypatch: pytest.MonkeyPatch) -> None:
        with raw_server(answer(b"", f"403 no {password}")) as proxy:
            error = refusal(self.by(proxy.url, monkeypatch), "https://service.example.com/")
        assert "403 Forbidden" in str(error)
        assert password not in str(error)
        assert error.transient

    def test_a_refused_password_is_not_sent_again(self, password: str, monkeypatch: pytest.MonkeyPatch) -> None:
        with raw_server(answer(b"", f"407 {password}")) as proxy:
            http = self.by(proxy.url, monkeypatch)
            errors = [refusal(http, f"https://{host}.example.com/") for host in ("one", "two", "one")]
            assert proxy.connections == 1
        assert http.requests == 1
        assert not any(error.transient for error in errors)
        assert "refuses the login (HTTP 407), which is not tried again; correct user name and" in str(errors[0])
        assert password not in "".join(map(str, errors))

    def test_hosts_that_go_by_no_proxy_are_still_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with raw_server(answer(b"", "407 No")) as proxy, raw_server(answer(b"[]")) as server:
            http = self.by(proxy.url, monkeypatch)
            refusal(http, "https://service.example.com/")
            assert get(http, server.url).body == b"[]"

    def test_407_as_the_answer_itself_is_final_too(self) -> None:
        with raw_server(answer(b"", "407 No")) as server:
            http = new_http()
            errors = [refusal(http, server.url) for _request in range(2)]
            assert len(server.requests) == 1
        assert [error.transient for error in errors] == [False, False]
        assert "HTTP 407" in str(errors[1])


class TestAddresses:
    """A name with several addresses, in a time that passes only where nobody answers."""

    @pytest.fixture
    def tried(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
        """The addresses that are tried, and the seconds for each."""
        tried: list[tuple[str, float]] = []
        now = [0.0]

        class Socket(socket.socket):
            def connect(self, address: t.Any) -> None:
                seconds = float(self.gettimeout() or 0.0)
                tried.append((address[0], round(seconds, 3)))
                if address[0] == "127.0.0.1":
                    super().connect(address)
                elif address[0] == "127.0.0.9":
                    raise ConnectionRefusedError(111, "Connection refused")
                else:
                    now[0] += seconds
                    raise TimeoutError("timed out")

        monkeypatch.setattr(socket, "socket", Socket)
        monkeypatch.setattr(total_timeout, "time", type("Time", (), {"monotonic": staticmethod(lambda: now[0])}))
        return tried

    def named(self, addresses: t.Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
        found = socket.getaddrinfo

        def resolve(host: t.Any, port: t.Any, *rest: t.Any, **options: t.Any) -> t.Any:
            names = addresses if host == "localhost" else [host]
            return [entry for name in names for entry in found(name, port, *rest, **options)]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)

    @pytest.mark.parametrize(
        ("addresses", "shares"),
        [
            pytest.param(["127.0.0.2", "127.0.0.3", "127.0.0.4"], [10.0, 10.0, 10.0], id="all dead"),
            pytest.param(["127.0.0.9", "127.0.0.3", "127.0.0.4"], [10.0, 15.0, 15.0], id="one refuses at once"),
        ],
    )
    def test_share_the_time(
        self,
        addresses: list[str],
        shares: list[float],
        tried: list[tuple[str, float]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self.named(addresses, monkeypatch)
        error = refusal(new_http(), "http://localhost:1/")
        assert [address for address, _seconds in tried] == addresses
        assert [seconds for _address, seconds in tried] == pytest.approx(shares, abs=0.5)
        assert error.transient

    def test_the_last_one_that_answers_is_taken(
        self, tried: list[tuple[str, float]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with raw_server(answer(b"[]")) as server:
            self.named(["127.0.0.2", "127.0.0.9", "127.0.0.1"], monkeypatch)
            assert get(new_http(), server.url.replace("127.0.0.1", "localhost")).body == b"[]"
            assert f"Host: localhost:{server.url.rpartition(':')[2]}".encode() in server.requests[0]
        assert [address for address, _seconds in tried] == ["127.0.0.2", "127.0.0.9", "127.0.0.1"]
