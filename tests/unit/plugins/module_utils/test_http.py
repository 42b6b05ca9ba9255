# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the HTTP layer that need no network: addresses, times to wait, causes of errors."""

from __future__ import annotations

import socket
import ssl
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.client import (
    LATEST_DATE,
    MAX_RETRY_AFTER,
    Response,
    http_date,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.failures import causes, failure_of
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.urls import check_url, is_loopback
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import InvalidError
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import short


@pytest.mark.parametrize(
    ("url", "checked"),
    [
        ("https://cph.cn-north-4.myhuaweicloud.com", "https://cph.cn-north-4.myhuaweicloud.com"),
        ("https://host", "https://host"),
        ("https://203.0.113.5", "https://203.0.113.5"),
        ("https://[2001:db8::5]", "https://[2001:db8::5]"),
        # a port and a base path
        ("https://host:8443", "https://host:8443"),
        ("https://host:8443/base/v1", "https://host:8443/base/v1"),
        ("https://[2001:db8::5]:8443/base", "https://[2001:db8::5]:8443/base"),
        ("https://host/~me/a%2Fb/x-y_z.1", "https://host/~me/a%2Fb/x-y_z.1"),
        # slashes at the end, and spaces around
        ("https://host/", "https://host"),
        ("https://host//", "https://host"),
        ("https://host/base/", "https://host/base"),
        (" https://host \n", "https://host"),
        # plain http to this machine only
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.8.9.1/base/", "http://127.8.9.1/base"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_url(url: str, checked: str) -> None:
    assert check_url(url, "endpoint") == checked


@pytest.mark.parametrize("option", ["endpoint", "auth_url"])
@pytest.mark.parametrize(
    "url",
    [
        # no scheme
        *("host", "host:8443", "host/path", "//host", "cph.cn-north-4.myhuaweicloud.com", "/path", "", " "),
        # another scheme
        *("ftp://host", "file:///etc/passwd", "unix:///run/socket", "ws://host", "httpss://host", "javascript:x"),
        # no host
        *("https://", "https:///path", "https:/host", "https:host", "https://:8443", "http://"),
        # a name or a password in it
        *("https://user@host", "https://user:secret@host", "https://@host", "http://127.0.0.1@host", "https://:@host"),
        # a query or a fragment, even an empty one, would swallow the path that is added
        *(
            "https://host?",
            "https://host?a=b",
            "https://host/?",
            "https://host#",
            "https://host/#x",
            "https://host/a?b#c",
        ),
        # no port
        *("https://host:0", "https://host:65536", "https://host:-1", "https://host:port", "https://host:80:80"),
        # not a URL
        *("https://[::1", "https://::1]", "https://[host]", "https://[]"),
        # a host that would become another one, named together with a password
        "https://user:secret@h\u2100st",
        # spaces and control characters
        *("https://ho st", "https://host/a b", "https://ho\nst", "https://host\r\nX-Header: 1", "https://host/\ta"),
        *("https://ho\x00st", "https://host/\x00", "https://host/\x1b[31m", "https://host\x7f", "https://host/\x85a"),
        # backslashes, which some take for slashes
        *("https://host\\@elsewhere", "https:\\\\host", "https://host\\path"),
        # beyond ASCII: a host wants its IDNA name, a path its percent-encoding
        *("https://hö.example.com", "https://host/ü", "https://h\u2024example.com", "https://host\u3002com"),
    ],
    ids=short,
)
def test_url_refused(url: str, option: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_url(url, option)
    text = str(caught.value)
    assert f" {option} " in text
    assert is_sentence(text)
    # a password in a URL is still a password
    assert "secret" not in text


@pytest.mark.parametrize(
    "host",
    [
        *(
            "cph.cn-north-4.myhuaweicloud.com",
            "203.0.113.5",
            "10.0.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "[2001:db8::5]",
        ),
        # names that look like this machine
        *("localhost.example.com", "127.0.0.1.example.com", "localhost.localdomain", "notlocalhost", "0.0.0.0", "[::]"),
        *("2130706433", "0x7f000001", "127.1", "0177.0.0.1", "127.0.0.1.", "host.docker.internal"),
    ],
)
def test_plain_http_to_another_machine(host: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_url(f"http://{host}:8080", "endpoint")
    assert "plain http" in str(caught.value)
    assert is_sentence(str(caught.value))
    # who says so may
    assert check_url(f"http://{host}:8080/", "endpoint", allow_http=True) == f"http://{host}:8080"


@pytest.mark.parametrize("option", ["endpoint", "auth_url"])
@pytest.mark.parametrize(
    "path",
    [
        *("/..", "/a/../b", "/a/../..", "/.", "/./a", "/a/.", "/a/%2e%2e/b", "/a/.%2E", "/%2E"),
        # behind an encoded slash or backslash, encoded twice, and with what some servers cut off
        *("/a%2F..%2Fb", "/a%5c..", "/%252e%252e/a", "/..;x=1/a"),
    ],
)
def test_steps_in_a_path_are_refused(path: str, option: str) -> None:
    for start in ("https://host", "http://127.0.0.1:8080"):
        with pytest.raises(InvalidError, match=f"The option {option} has . or .. in the path of its address") as caught:
            check_url(start + path, option)
        assert is_sentence(str(caught.value))


@pytest.mark.parametrize("path", ["/...", "/a..b", "/.well-known/x", "/a./b"])
def test_other_dots_are_not(path: str) -> None:
    assert check_url(f"https://host{path}", "endpoint") == f"https://host{path}"


@pytest.mark.parametrize("url", ["host", "http://user@host", "http://host?a=b", "ftp://host"])
def test_allowing_plain_http_allows_nothing_else(url: str) -> None:
    with pytest.raises(InvalidError):
        check_url(url, "endpoint", allow_http=True)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *(("127.0.0.1", True), ("127.255.255.254", True), ("::1", True), ("localhost", True), ("LOCALHOST", True)),
        *(("0.0.0.0", False), ("128.0.0.1", False), ("::", False), ("::2", False), ("10.0.0.1", False)),
        *(("localhost.", False), ("local", False), ("127", False), ("127.0.0", False), ("127.0.0.1.2", False)),
        *(("", False), ("l\u043ecalhost", False)),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


# The moment of the examples in RFC 9110, in Unix seconds.
EXAMPLE = 784111777.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        # the three spellings that RFC 9110 asks recipients to read
        ("Sun, 06 Nov 1994 08:49:37 GMT", EXAMPLE),
        ("Sunday, 06-Nov-94 08:49:37 GMT", EXAMPLE),
        ("Sun Nov  6 08:49:37 1994", EXAMPLE),
        # another zone, although HTTP knows only GMT
        ("Sun, 06 Nov 1994 09:49:37 +0100", EXAMPLE),
        # no dates
        *(("", None), ("soon", None), ("0", None), ("120", None), ("1994-11-06T08:49:37Z", None)),
        *(("Sun, 32 Nov 1994 08:49:37 GMT", None), ("Sun, 06 Foo 1994 08:49:37 GMT", None), (",,,", None)),
        *(("Sun, 06 Nov 1994 25:49:37 GMT", None), ("Sun, 06 Nov 99999 08:49:37 GMT", None), ("06 Nov", None)),
        # the calendar's end, and what lies behind it
        *((f"Fri, 31 Dec 9999 23:59:59 {zone}", LATEST_DATE) for zone in ("GMT", "+1200", "-1200")),
        ("Fri, 31 Dec 9999 23:59:59 -9999", None),
        *((f"Sun, {'6' * 5000} Nov 1994 08:49:37 GMT", None), (f"Sun, 06 Nov {'1' * 5000} 08:49:37 GMT", None)),
    ],
)
def test_http_date(text: str, seconds: float | None) -> None:
    assert http_date(text) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        # seconds
        *(({"retry-after": "120"}, 120), ({"retry-after": "0"}, 0), ({"retry-after": " 5 "}, 5)),
        # a date, by the clock of whoever sent it: ours may be wrong
        (
            {"retry-after": "Sun, 06 Nov 1994 08:51:37 GMT", "date": "Sun, 06 Nov 1994 08:49:37 GMT"},
            120,
        ),
        ({"retry-after": "Sunday, 06-Nov-94 08:51:37 GMT", "date": "Sun Nov  6 08:49:37 1994"}, 120),
        # a date, by ours
        ({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}, 60),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", "date": "yesterday"}, 60),
        # it has passed
        ({"retry-after": "Sun, 06 Nov 1994 08:48:36 GMT"}, 0),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", "date": "Sun, 06 Nov 1994 08:49:38 GMT"}, 0),
        # longer than anybody should wait
        ({"retry-after": "86401"}, MAX_RETRY_AFTER),
        ({"retry-after": "999999999"}, MAX_RETRY_AFTER),
        ({"retry-after": "9999999999"}, MAX_RETRY_AFTER),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, MAX_RETRY_AFTER),
        # none
        *(({}, None), ({"retry-after": ""}, None), ({"retry-after": "soon"}, None), ({"retry-after": "-1"}, None)),
        *(({"retry-after": "1.5"}, None), ({"retry-after": "1e3"}, None), ({"retry-after": "0x10"}, None)),
        *(({"retry-after": "5, 10"}, None), ({"retry-after": "٥"}, None), ({"retry-after": "5 s"}, None)),
    ],
    ids=short,
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    now = EXAMPLE - 60
    assert Response(503, headers, b"").retry_after(now) == seconds


def chained(*errors: BaseException) -> BaseException:
    """The first error, raised while the second was handled, and so on."""
    for error, cause in zip(errors, errors[1:]):
        error.__context__ = cause
    return errors[0]


def reasoned(error: t.Any, reason: object) -> t.Any:
    """An error with a reason, as urllib3 keeps it."""
    error.reason = reason
    return error


A, B, C = OSError("a"), ValueError("b"), socket.gaierror(-2, "c")


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (A, [A]),
        # wrapped by context, as an argument, as a reason
        (chained(OSError(), A), [A]),
        (OSError(A), [A]),
        (OSError("text", A, 5, None), [A]),
        (reasoned(OSError(), A), [A]),
        (reasoned(OSError(), "text"), []),
        # all at once, and one in another
        (chained(OSError(reasoned(OSError(), B)), A), [A, B]),
        (OSError(OSError(OSError(C))), [C]),
        (OSError(ssl.SSLCertVerificationError(1, "x"), C), [C]),
    ],
)
def test_causes(error: BaseException, found: list[BaseException]) -> None:
    chain = list(causes(error))
    assert chain[0] is error
    assert [item for item in chain if item in (A, B, C)] == found


def test_what_is_said_to_be_no_cause_is_none() -> None:
    """As urllib3 before 2 says it of the argument that it first tries in vain."""
    error = chained(OSError(), TypeError())
    error.__suppress_context__ = True
    assert list(causes(error)) == [error]


class CertificateError(ValueError):
    """As some versions of urllib3 before 2 bring it."""


@pytest.mark.parametrize("kind", [CertificateError, ssl.CertificateError])
def test_a_name_that_python_itself_compares(kind: type[Exception]) -> None:
    """Without the attributes that OpenSSL's own errors have."""
    error = failure_of(OSError(kind("hostname 'a' doesn't match 'b'")), "a", 1, answered=False)
    assert str(error).startswith("The certificate of a does not verify (hostname 'a' doesn't match 'b'); ")
    assert not error.transient


def test_causes_end() -> None:
    # two errors that name each other, and a chain without an end in sight
    first, second = OSError(), OSError()
    first.__context__, second.__context__ = second, first
    assert list(causes(first)) == [first, second]
    assert len(list(causes(chained(*(OSError(number) for number in range(10_000)))))) <= 100
