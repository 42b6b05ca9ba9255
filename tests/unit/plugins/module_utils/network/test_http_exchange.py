# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The session on real sockets: what is sent, what is taken in, and what every way of misbehaving ends as."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
import time
import tracemalloc
import types
import typing as t
from pathlib import Path
from urllib.parse import urlsplit

import certifi
import pytest
import requests
import requests.adapters
import urllib3
import urllib3.connection
import urllib3.connectionpool
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import client as http_module
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import total_timeout as session
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.client import MAX_BODY, HttpClient, Response
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.rate_limit import RateLimiter
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import InvalidError, TransportError
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, running
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.certificates import (
    HASHED_NAME,
    self_signed,
    without_its_authority,
)
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.raw_server import (
    Reply,
    answer,
    for_ever,
    raw_server,
    slowly,
)

# Seconds: short where something hangs on purpose, long where nothing may.
SHORT = 0.2
LONG = 30.0


def new_http(request_timeout: float = LONG, **options: t.Any) -> HttpClient:
    return HttpClient(time.monotonic, request_timeout=request_timeout, **options)


def get(
    http: HttpClient, url: str, headers: t.Mapping[str, str] | None = None, deadline: float | None = None
) -> Response:
    rate_limiter = RateLimiter(1000, time.monotonic, time.sleep)
    deadline = time.monotonic() + LONG if deadline is None else deadline
    return http.send(rate_limiter, "GET", url, headers or {}, None, deadline)


def refusal(http: HttpClient, url: str) -> TransportError:
    with pytest.raises(TransportError) as caught:
        get(http, url)
    assert is_sentence(str(caught.value)), str(caught.value)
    return caught.value


def reply_to(reply: Reply, request_timeout: float = LONG) -> Response | TransportError:
    """What comes of a reply: the answer, or the error."""
    with raw_server(reply) as server:
        try:
            return get(new_http(request_timeout), server.url)
        except TransportError as exc:
            error = exc
    assert is_sentence(str(error)), str(error)
    return error


class TestConnection:
    def test_many_requests_go_over_one_connection(self) -> None:
        with raw_server(answer(b'{"a": 1}')) as server:
            http = new_http()
            bodies = [get(http, f"{server.url}/{number}").body for number in range(20)]
        assert bodies == [b'{"a": 1}'] * 20
        assert (server.connections, len(server.requests), http.requests) == (1, 20, 20)

    def test_chunked_answers_keep_the_connection_too(self) -> None:
        chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n2\r\n  \r\n0\r\n\r\n"
        with raw_server(chunked) as server:
            http = new_http()
            bodies = [get(http, server.url).body for _number in range(3)]
        assert bodies == [b"{}\n  "] * 3
        assert server.connections == 1

    def test_an_empty_answer_keeps_it_too(self) -> None:
        with raw_server(answer(b"", "204 No Content"), answer(b"", "503 Service Unavailable"), answer()) as server:
            http = new_http()
            statuses = [get(http, server.url).status for _number in range(3)]
        assert (statuses, server.connections) == ([204, 503, 200], 1)

    def test_workers_share_the_session(self) -> None:
        with raw_server(answer()) as server:
            http = new_http()
            threads = [
                threading.Thread(target=lambda: [get(http, server.url) for _number in range(10)]) for _each in range(4)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert (http.requests, len(server.requests)) == (40, 40)
        assert server.connections <= 4

    def test_a_connection_that_the_server_closed_in_between_is_opened_anew(self) -> None:
        with raw_server(answer(headers="Connection: close\r\n")) as server:
            http = new_http()
            assert [get(http, server.url).status for _number in range(3)] == [200] * 3

    def test_the_url_is_sent_to_the_letter(self) -> None:
        path = "/v1/a%2Fb/%E4%BD%A0/~x%20y%25?ids=a%2Cb&empty=&q=%7E"
        with raw_server() as server:
            get(new_http(), server.url + path)
        assert server.requests[0].split(b"\r\n")[0] == f"GET {path} HTTP/1.1".encode()

    def test_only_our_own_headers_are_sent(self) -> None:
        with raw_server() as server:
            get(new_http(), server.url, {"X-Auth-Token": "abc"})
        names = sorted(line.split(b":")[0].lower() for line in server.requests[0].split(b"\r\n")[1:] if line)
        assert names == [b"accept-encoding", b"host", b"user-agent", b"x-auth-token"]

    def test_cookies_are_not_kept(self) -> None:
        with raw_server(answer(headers="Set-Cookie: session=abc; Path=/\r\n")) as server:
            http = new_http()
            get(http, server.url)
            get(http, server.url)
        assert b"cookie" not in server.requests[1].lower()

    def test_netrc_is_not_used(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        netrc = tmp_path / ".netrc"
        netrc.write_text("machine 127.0.0.1 login somebody password abcdef\ndefault login other password abcdef\n")
        netrc.chmod(0o600)
        monkeypatch.setenv("NETRC", str(netrc))
        with raw_server() as server:
            get(new_http(), server.url)
        assert b"authorization" not in server.requests[0].lower()


class TestRedirect:
    @pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
    def test_it_is_refused_and_its_target_hears_nothing(self, status: str) -> None:
        with raw_server() as target, raw_server(answer(b"", status, f"Location: {target.url}/x\r\n")) as server:
            error = refusal(new_http(), server.url)
            assert target.requests == []
        assert "redirects to 127.0.0.1" in str(error)
        assert "endpoint or auth_url" in str(error)
        assert not error.transient

    @pytest.mark.parametrize(
        ("location", "told"),
        [
            # a path on the same host is refused as well
            ("/elsewhere", "another address"),
            ("", "another address"),
            ("https://[bad", "another address"),
            ("https://user:secret@example.com/?token=secret", "example.com"),
            ("https://" + "x" * 5000, "another address"),
            ("https://\x1b[31m.example.com/", "another address"),
        ],
    )
    def test_its_target_is_told_in_few_words(self, location: str, told: str) -> None:
        error = reply_to(answer(b"", "302 Found", f"Location: {location}\r\n"))
        assert f"redirects to {told}" in str(error)
        assert "secret" not in str(error)

    def test_an_endless_body_of_a_redirect_is_not_read(self) -> None:
        flood = for_ever(b"HTTP/1.1 302 Found\r\nLocation: http://example.com/\r\n\r\n", b"x" * 65536)
        assert "redirects to example.com" in str(reply_to(flood))


class TestBounds:
    @pytest.mark.parametrize(
        "flood",
        [
            # a body without a length
            for_ever(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536),
            # endless chunks
            for_ever(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"8000\r\n" + b"x" * 0x8000 + b"\r\n"),
            # a length that says how much it is
            for_ever(f"HTTP/1.1 200 OK\r\nContent-Length: {MAX_BODY + 1}\r\n\r\n".encode(), b"x" * 65536),
        ],
    )
    def test_a_body_has_a_largest_size(self, flood: Reply) -> None:
        error = reply_to(flood)
        assert isinstance(error, TransportError)
        assert "larger than 8 MiB" in str(error)
        assert error.transient

    def test_a_body_of_just_that_size_is_taken(self) -> None:
        taken = reply_to(answer(b"x" * MAX_BODY))
        assert isinstance(taken, Response)
        assert len(taken.body) == MAX_BODY

    def test_memory_stays_near_the_size_of_the_body(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Chunks of two bytes: kept one by one, each would take the memory of fifty.
        monkeypatch.setattr(http_module, "MAX_BODY", 64 * 1024)
        tiny = for_ever(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"2\r\nxx\r\n" * 1000)
        with raw_server(answer(), tiny) as server:
            http = new_http()
            get(http, server.url)
            tracemalloc.start()
            try:
                refusal(http, server.url)
                _now, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
        assert peak < 16 * 64 * 1024

    @pytest.mark.parametrize(
        "drip",
        [
            # nothing at all
            slowly(b""),
            # the status line, the headers, a body with and without a length, chunks, each without an end
            slowly(b"HTTP/1.1 ", b"2"),
            slowly(b"HTTP/1.1 200 OK\r\n", b"X"),
            slowly(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
            slowly(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
            slowly(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
            slowly(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
            # trailers behind the last chunk, and interim answers, come before there is anything to count
            slowly(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", b"X: y\r\n"),
            slowly(b"HTTP/1.1 100 Continue\r\n\r\n"),
        ],
    )
    def test_an_answer_that_trickles_in_ends_with_the_request_timeout(self, drip: Reply) -> None:
        error = reply_to(drip, SHORT)
        assert isinstance(error, TransportError)
        assert "did not answer completely within 0.2 seconds" in str(error)
        assert error.transient

    def test_every_read_gets_the_time_that_is_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = 1000.0
        monkeypatch.setattr(session, "time", types.SimpleNamespace(monotonic=lambda: now))
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.settimeout(10.0)
            reader = session.TimedReader(ours)
            for passed, left in ((0.0, 10.0), (3.0, 7.0), (6.5, 0.5)):
                theirs.send(b"x")
                now += passed
                assert reader.read(1) == b"x"
                assert ours.gettimeout() == pytest.approx(left)
            now += 0.5
            theirs.send(b"x")
            with pytest.raises(TimeoutError):
                reader.read(1)
            reader.close()

    def test_the_deadline_counts_where_it_is_nearer_than_the_timeout(self) -> None:
        with raw_server(slowly(b"HTTP/1.1 200 OK\r\n", b"X")) as server:
            http = new_http(LONG)
            with pytest.raises(TransportError, match="did not answer completely"):
                get(http, server.url, deadline=time.monotonic() + SHORT)

    def test_nothing_is_sent_after_the_deadline(self) -> None:
        with raw_server() as server:
            http = new_http()
            with pytest.raises(TransportError, match="No time was left") as caught:
                get(http, server.url, deadline=time.monotonic() - 1)
            assert (server.connections, http.requests) == (0, 0)
        assert caught.value.transient

    def test_nothing_is_sent_where_the_pace_allows_it_only_after_the_deadline(self) -> None:
        with raw_server() as server:
            limiter = RateLimiter(0.001, lambda: 0.0, lambda _seconds: None)
            http = HttpClient(lambda: 0.0, request_timeout=LONG)
            http.send(limiter, "GET", server.url, {}, None, 100.0)
            with pytest.raises(TransportError, match="at the pace that max_rate") as caught:
                http.send(limiter, "GET", server.url, {}, None, 100.0)
            assert (len(server.requests), http.requests) == (1, 1)
        assert caught.value.transient

    def test_nothing_is_sent_once_the_task_is_over(self) -> None:
        """A worker may still be waiting for its turn then."""
        with raw_server() as server:
            http = new_http()
            http.close()
            refusal(http, server.url)
            assert (server.connections, http.requests) == (0, 0)

    def test_a_connection_is_good_again_after_a_slow_answer(self) -> None:
        with raw_server(slowly(b"HTTP/1.1 200 OK\r\n", b"X"), answer(b"[]")) as server:
            http = new_http(SHORT)
            refusal(http, server.url)
            assert get(new_http(), server.url).body == b"[]"


def then_close(data: bytes) -> t.Callable[[socket.socket], None]:
    """Bytes, and the end of the connection."""
    return lambda connection: connection.sendall(data)


class TestUselessAnswers:
    @pytest.mark.parametrize(
        ("data", "told"),
        [
            # cut off: by its length, within a chunk, between two chunks
            (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}", "cannot be used: its body is cut off"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "its body is cut off"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}", "its body is cut off"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", "its body is cut off or malformed"),
            # chunks without a length
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n", "its body is cut off or malformed"),
            # compressed, as it says, or in a way that cannot be undone
            (
                b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
                "its body is cut off or malformed",
            ),
            (b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\n{}", "its body is compressed as br"),
            # not HTTP at all, or ended before it began
            (b"SSH-2.0-OpenSSH_9.2\r\n", "does not begin as one of HTTP/1.1 does"),
            (b"", "Remote end closed connection without response"),
            (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "more than 100 headers"),
            (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70000 + b"\r\n\r\n", "header line"),
        ],
    )
    def test_it_is_told_what_is_wrong_and_may_be_tried_again(self, data: bytes, told: str) -> None:
        error = reply_to(then_close(data))
        assert isinstance(error, TransportError)
        assert told in str(error)
        assert error.transient

    def test_an_answer_without_a_length_ends_with_its_connection(self) -> None:
        taken = reply_to(then_close(b"HTTP/1.0 200 OK\r\n\r\n{}"))
        assert isinstance(taken, Response)
        assert taken.body == b"{}"

    @pytest.mark.parametrize(
        ("fault", "told"),
        [
            ({"kind": "cut"}, "its body is cut off"),
            ({"kind": "cut", "reset": True}, "Connection reset by peer"),
            ({"kind": "wrong_length", "by": 10}, "its body is cut off"),
            ({"kind": "bad_chunks"}, "its body is cut off or malformed"),
            ({"kind": "bad_gzip"}, "its body is cut off or malformed"),
            ({"kind": "gzip_bomb"}, "larger than 8 MiB"),
            ({"kind": "endless"}, "larger than 8 MiB"),
            ({"kind": "endless", "json": True}, "larger than 8 MiB"),
            ({"kind": "drip", "seconds": 0.05}, "did not answer completely"),
            ({"kind": "slow_headers", "seconds": 10}, "did not answer completely"),
            ({"kind": "hang", "seconds": 10}, "did not answer completely"),
            ({"kind": "reset"}, "Connection reset by peer"),
            ({"kind": "close"}, "Remote end closed connection without response"),
        ],
    )
    def test_so_do_the_faults_of_the_embedded_cloud(self, cloud: Cloud, fault: dict[str, t.Any], told: str) -> None:
        cloud.fault(**fault, service="iam")
        hangs = fault["kind"] in ("drip", "slow_headers", "hang")
        error = refusal(new_http(SHORT if hangs else LONG), f"{cloud.url}/v3/projects")
        assert told in str(error)
        assert error.transient
        # and the next request is answered
        assert get(new_http(), f"{cloud.url}/v3/projects").status == 401


class TestNoConnection:
    def test_refused(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        error = refusal(new_http(), url)
        assert "Connection refused" in str(error)
        assert error.transient

    def test_an_unknown_host_before_its_first_answer_is_final(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(socket, "getaddrinfo", no_such_host)
        error = refusal(new_http(), "http://localhost:1")
        assert "localhost:1 does not resolve; check the options region, cloud, endpoint" in str(error)
        assert not error.transient

    @pytest.mark.parametrize("host", ["a..b", "a" * 70 + ".example"])
    def test_so_is_a_name_that_no_host_can_have(self, host: str) -> None:
        error = refusal(new_http(), f"https://{host}/")
        assert f"{host} does not resolve; check the options region, cloud, endpoint" in str(error)
        assert not error.transient

    def test_an_unknown_host_after_it_may_be_known_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with raw_server(answer(headers="Connection: close\r\n")) as server:
            url = server.url.replace("127.0.0.1", "localhost")
            http = new_http()
            get(http, url)
            monkeypatch.setattr(socket, "getaddrinfo", no_such_host)
            assert refusal(http, url).transient

    def test_the_answer_of_one_host_says_nothing_of_another(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with raw_server() as server:
            http = new_http()
            get(http, server.url)
            monkeypatch.setattr(socket, "getaddrinfo", no_such_host)
            assert not refusal(http, "http://localhost:1").transient


def no_such_host(*_arguments: t.Any, **_options: t.Any) -> t.NoReturn:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


class TestTLS:
    @pytest.fixture
    def certificate(self, tmp_path: Path) -> tuple[Path, Path]:
        return self_signed(tmp_path)

    @pytest.fixture
    def tls_cloud(self, certificate: tuple[Path, Path]) -> t.Iterator[Cloud]:
        with running(Cloud(), tls=certificate) as started:
            yield started

    def test_a_certificate_that_does_not_verify_is_refused(self, tls_cloud: Cloud) -> None:
        error = refusal(new_http(), f"{tls_cloud.url}/v3/projects")
        assert "does not verify (self-signed certificate)" in str(error)
        assert "ca_path" in str(error)
        assert not error.transient
        assert tls_cloud.requests == []

    def test_with_its_authority_it_is_accepted(self, tls_cloud: Cloud, certificate: tuple[Path, Path]) -> None:
        http = new_http(ca_path=str(certificate[0]))
        assert [get(http, f"{tls_cloud.url}/v3/projects").status for _each in range(2)] == [401, 401]

    def test_an_authority_of_the_environment_counts(
        self, tls_cloud: Cloud, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
        assert get(new_http(), f"{tls_cloud.url}/v3/projects").status == 401

    @pytest.mark.parametrize(
        "variables",
        [
            pytest.param({"SSL_CERT_FILE": "certificate.pem"}, id="a file"),
            pytest.param({"SSL_CERT_DIR": "hashed"}, id="a directory"),
            pytest.param({"SSL_CERT_DIR": "nowhere:hashed"}, id="several directories"),
            pytest.param({"SSL_CERT_FILE": "other.pem", "SSL_CERT_DIR": "hashed"}, id="both, the directory has it"),
            pytest.param({"SSL_CERT_FILE": "certificate.pem", "SSL_CERT_DIR": "."}, id="both, the file has it"),
        ],
    )
    def test_what_openssl_trusts_counts(
        self,
        tls_cloud: Cloud,
        certificate: tuple[Path, Path],
        variables: dict[str, str],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        (tmp_path / "hashed").mkdir()
        shutil.copy(certificate[0], tmp_path / "hashed" / HASHED_NAME)
        shutil.copy(certifi.where(), tmp_path / "other.pem")
        for name, value in variables.items():
            monkeypatch.setenv(name, ":".join(str(tmp_path / part) for part in value.split(":")))
        assert get(new_http(), f"{tls_cloud.url}/v3/projects").status == 401

    @pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
    def test_the_variables_of_requests_go_before_those_of_openssl(
        self, tls_cloud: Cloud, certificate: tuple[Path, Path], variable: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(variable, str(certificate[0]))
        monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
        assert get(new_http(), f"{tls_cloud.url}/v3/projects").status == 401

    @pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
    def test_what_openssl_is_told_and_is_not_there_is_named(
        self, variable: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(variable, "/nowhere/ca")
        with pytest.raises(
            InvalidError, match=rf"The environment \({variable}\) names /nowhere/ca, which cannot be read"
        ):
            get(new_http(), "https://127.0.0.1:1/")

    @pytest.mark.skipif(sys.version_info < (3, 13), reason="older versions of Python accept it")
    def test_a_certificate_of_the_wrong_form_must_be_renewed(self, tmp_path: Path) -> None:
        authority, certificate = without_its_authority(tmp_path)
        with running(Cloud(), tls=certificate) as cloud:
            error = refusal(new_http(ca_path=str(authority)), f"{cloud.url}/v3/projects")
        assert "does not verify (Missing Authority Key Identifier)" in str(error)
        assert "must be renewed" in str(error)
        assert "ca_path" not in str(error)

    @pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
    def test_the_option_goes_before_the_environment(
        self, tls_cloud: Cloud, certificate: tuple[Path, Path], variable: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(variable, "/nowhere")
        assert get(new_http(ca_path=str(certificate[0])), f"{tls_cloud.url}/v3/projects").status == 401

    @pytest.mark.parametrize("variable", ["", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
    def test_verification_can_be_switched_off(
        self, tls_cloud: Cloud, variable: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if variable:
            monkeypatch.setenv(variable, "/nowhere")
        assert get(new_http(validate_certs=False), f"{tls_cloud.url}/v3/projects").status == 401

    def test_a_certificate_for_another_address_is_refused(self, tmp_path: Path) -> None:
        certificate = self_signed(tmp_path, "127.0.0.2")
        with running(Cloud(), tls=certificate) as cloud:
            error = refusal(new_http(ca_path=str(certificate[0])), f"{cloud.url}/v3/projects")
        # in the words of OpenSSL, or of urllib3 before 2
        reasons = ("IP address mismatch", "'127.0.0.1' doesn't match '127.0.0.2'")
        assert " does not verify (" in str(error)
        assert any(reason in str(error) for reason in reasons)
        assert not error.transient

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (None, "cannot be read (No such file or directory)"),
            ("", "holds no certificates"),
            ("not PEM", "holds no certificates"),
        ],
    )
    def test_a_ca_path_without_certificates_is_refused_beforehand(
        self, tmp_path: Path, content: str | None, told: str
    ) -> None:
        path = tmp_path / "ca.pem"
        if content is not None:
            path.write_text(content)
        with pytest.raises(InvalidError) as caught:
            new_http(ca_path=str(path))
        assert is_sentence(str(caught.value))
        assert f"The option ca_path names {path}" in str(caught.value)
        assert told in str(caught.value)

    def test_a_pipe_is_no_ca_path(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "ca.pem")
        with pytest.raises(InvalidError, match=r"cannot be read \(it is no regular file\)"):
            new_http(ca_path=str(tmp_path / "ca.pem"))
        with pytest.raises(InvalidError, match=r"cannot be read \(it is no regular file\)"):
            new_http(ca_path="/dev/zero")

    def test_so_is_one_that_the_environment_names(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CURL_CA_BUNDLE", "/nowhere/ca.pem")
        with pytest.raises(InvalidError, match=r"REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE\) names /nowhere/ca.pem"):
            get(new_http(), "https://127.0.0.1:1/")

    def test_https_to_a_server_without_tls_is_told(self, cloud: Cloud) -> None:
        error = refusal(new_http(), cloud.url.replace("http:", "https:"))
        assert "The connection to 127.0.0.1" in str(error)

    def test_a_drip_over_tls_ends_too(self, tls_cloud: Cloud) -> None:
        tls_cloud.fault("drip", seconds=0.05)
        error = refusal(new_http(SHORT, validate_certs=False), f"{tls_cloud.url}/v3/projects")
        assert "did not answer completely" in str(error)

    def test_connections_by_a_socks_proxy_stay_of_its_kind_and_are_timed(
        self, monkeypatch: pytest.MonkeyPatch, tls_cloud: Cloud
    ) -> None:
        port = urlsplit(tls_cloud.url).port

        class ByProxy(urllib3.connection.HTTPSConnection):
            """Like those of urllib3.contrib.socks, which needs a library of its own."""

            def __init__(self, *args: t.Any, _socks_options: t.Any, **options: t.Any) -> None:
                super().__init__(*args, **options)

            def _new_conn(self) -> socket.socket:
                return socket.create_connection(("127.0.0.1", port or 0), 5)

        class Pool(urllib3.connectionpool.HTTPSConnectionPool):
            ConnectionCls = ByProxy

        manager = urllib3.PoolManager(_socks_options={})
        manager.pool_classes_by_scheme = {"https": Pool}
        monkeypatch.setattr(requests.adapters, "SOCKSProxyManager", lambda *_args, **_options: manager)
        monkeypatch.setenv("all_proxy", "socks5h://127.0.0.1:1")
        http = new_http(validate_certs=False)
        assert [get(http, "https://service.example.com/v3/projects").status for _request in range(3)] == [401] * 3
        assert manager.pool_classes_by_scheme["https"].__bases__ == (Pool,)
        tls_cloud.fault("drip", seconds=0.05)
        error = refusal(new_http(SHORT, validate_certs=False), "https://service.example.com/v3/projects")
        assert "did not answer completely" in str(error)


class TestProxy:
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_plain_http_never_goes_by_a_proxy(self, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
        with raw_server(answer(b"from the proxy")) as proxy, raw_server(answer(b"from the server")) as server:
            for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, proxy.url)
            taken = get(new_http(), server.url.replace("127.0.0.1", host), {"X-Auth-Token": "secret"})
            assert (taken.body, proxy.connections) == (b"from the server", 0)

    def test_https_goes_by_the_proxy_which_sees_no_credentials(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with raw_server(answer(b"", "403 Forbidden")) as proxy:
            monkeypatch.setenv("https_proxy", proxy.url.replace("//", "//user:pass-of-the-proxy@"))
            http = new_http()
            with pytest.raises(TransportError) as caught:
                get(http, "https://service.example.com/v1/secret", {"X-Auth-Token": "secret"})
        assert is_sentence(str(caught.value))
        assert "The proxy on the way to service.example.com" in str(caught.value)
        assert "403" in str(caught.value)
        assert "HTTPS_PROXY" in str(caught.value)
        assert "pass-of-the-proxy" not in str(caught.value)
        assert caught.value.transient
        assert proxy.requests[0].startswith(b"CONNECT service.example.com:443")
        assert b"secret" not in proxy.requests[0]

    def test_a_proxy_that_does_not_resolve_is_named_as_the_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("https_proxy", "http://proxy.example.com:3128")
        monkeypatch.setattr(socket, "getaddrinfo", no_such_host)
        assert "The proxy on the way to service.example.com" in str(refusal(new_http(), "https://service.example.com/"))

    def test_a_proxy_that_trickles_ends_with_the_request_timeout(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with raw_server(slowly(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n")) as proxy:
            monkeypatch.setenv("https_proxy", proxy.url)
            refusal(new_http(SHORT), "https://service.example.com/")

    @pytest.mark.parametrize("variable", ["https_proxy", "all_proxy"])
    @pytest.mark.parametrize(
        "address",
        [
            "http://",
            "garbage garbage",
            "ftp://proxy.example.com",
            "http://proxy.example.com:80x",
            "http://of-the-proxy..example.com:3128",
            "http://user:pass#of-the-proxy@proxy.example.com",
            "http://user:pass@[of-the-proxy",
        ],
    )
    def test_what_is_no_address_of_a_proxy_ends_the_wait(
        self, address: str, variable: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(variable, address)
        with pytest.raises(
            InvalidError, match=r"a proxy for service\.example\.com .* HTTPS_PROXY or ALL_PROXY"
        ) as caught:
            get(new_http(), "https://service.example.com/")
        assert is_sentence(str(caught.value))
        assert not any(part in str(caught.value) for part in ("pass", "of-the-proxy", "garbage"))

    def test_a_socks_proxy_without_its_library_ends_the_wait(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def no_library(*_args: t.Any, **_options: t.Any) -> t.NoReturn:
            raise requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support.")

        monkeypatch.setattr(requests.adapters, "SOCKSProxyManager", no_library)
        monkeypatch.setenv("all_proxy", "socks5h://user:pass-of-the-proxy@127.0.0.1:1")
        with pytest.raises(InvalidError, match=r"a SOCKS proxy for service\.example\.com, .* PySocks") as caught:
            get(new_http(), "https://service.example.com/")
        assert is_sentence(str(caught.value))
        assert "pass-of-the-proxy" not in str(caught.value)

    def test_no_proxy_is_honoured(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        with raw_server() as proxy, running(Cloud(), tls=self_signed(tmp_path)) as cloud:
            monkeypatch.setenv("https_proxy", proxy.url)
            monkeypatch.setenv("no_proxy", "127.0.0.1")
            assert get(new_http(validate_certs=False), f"{cloud.url}/v3/projects").status == 401
            assert proxy.connections == 0


class TestHeaders:
    @pytest.mark.parametrize("value", ["abc-secret\n", "abc\r\nX-Other: secret", " abc-secret", "abc-secret-你好"])
    def test_a_header_that_cannot_be_sent_is_refused_without_quoting_it(self, value: str) -> None:
        with raw_server() as server:
            with pytest.raises(InvalidError) as caught:
                get(new_http(), server.url, {"X-Auth-Token": value})
            assert server.requests == []
        assert is_sentence(str(caught.value))
        assert "secret" not in str(caught.value)

    def test_names_of_the_answers_headers_are_in_lower_case(self) -> None:
        taken = reply_to(answer(headers="X-Subject-Token: abc\r\nDATE: x\r\n"))
        assert isinstance(taken, Response)
        assert (taken.headers["x-subject-token"], taken.headers["date"]) == ("abc", "x")
