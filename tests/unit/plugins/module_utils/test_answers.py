# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP bodies: strict JSON, the services' error bodies, paths into answers, and quotes."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.errors import error_detail
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.json_body import MAX_DEPTH, decode
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.json_path import values
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.text import MAX_TEXT, scalar_text, single_line
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import short


def nested(depth: int) -> bytes:
    """Objects within objects, `depth` of them, with a number in the innermost."""
    return b'{"a":' * depth + b"1" + b"}" * depth


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (
            b'{"status": 2, "progress": 0.5, "error": null, "ok": true}',
            {"status": 2, "progress": 0.5, "error": None, "ok": True},
        ),
        # any JSON value is one, not only objects
        *((b"[]", []), (b'"text"', "text"), (b"null", None), (b"-1", -1), (b" \r\n\t2 ", 2)),
        # UTF-8, escapes, and a pair of surrogates, which is one character
        ('{"name": "Zürich 手机"}'.encode(), {"name": "Zürich 手机"}),
        (b'"\\u00fc\\n\\ud83d\\ude00"', "ü\n😀"),
        # a byte order mark at the beginning is no part of the text
        (b'\xef\xbb\xbf{"status": 2}', {"status": 2}),
        # numbers that a float cannot hold stay text, however they are written
        *((b"1e400", "1e400"), (b"[-1e400]", ["-1e400"]), (b"1e-400", 0.0)),
        (b"9" * 400, "9" * 400),
        (b'{"status": 2, "size": ' + b"9" * 5000 + b"}", {"status": 2, "size": "9" * 5000}),
        # integers that a float can hold stay integers, to the last digit
        *((b"9007199254740993", 9007199254740993), (b"-100000000000000000000001", -100000000000000000000001)),
        # half a pair of surrogates is no text and could not be printed; the rest of the answer still counts
        (b'{"status": 2, "text": "\\ud83d!"}', {"status": 2, "text": "?!"}),
        (b'{"status": 2, "text": "\\ude00\\ud83d"}', {"status": 2, "text": "??"}),
        # an escaped backslash before the letter u is no surrogate
        (b'"\\\\ud83d"', "\\ud83d"),
        # a number kept as text is still there after the repair of a surrogate
        (b'["\\ud83d", 1e400, 0.1]', ["?", "1e400", 0.1]),
        # the same key at different depths is not the same key
        (b'{"a": {"a": 1}, "b": [{"a": 2}, {"a": 3}]}', {"a": {"a": 1}, "b": [{"a": 2}, {"a": 3}]}),
    ],
)
def test_json(body: bytes, value: t.Any) -> None:
    decoded = decode(body)
    assert decoded == value
    assert type(decoded) is type(value)


@pytest.mark.parametrize(
    "body",
    [
        # nothing, and what gateways send in place of JSON
        *(b"", b"   ", b"\xef\xbb\xbf", b"<html><body>502 Bad Gateway</body></html>", b"OK"),
        # cut off
        *(b'{"status": 2', b'{"status": "SUCC', b'{"status"', b"[1, 2", b"tru"),
        # more than one value
        *(b"{}{}", b'{"status": 1}\n{"status": 2}', b"{} trailing"),
        # a key that is named twice means two things
        *(b'{"status": 1, "status": 2}', b'{"a": [{"status": 2, "status": 2}]}', b'{"status": 1, "\\u0073tatus": 2}'),
        # Python's own additions to JSON
        *(b"NaN", b'{"progress": NaN}', b"[Infinity]", b"-Infinity"),
        # not quite JSON
        *(
            b"{'status': 2}",
            b'{"status": 2,}',
            b"[1,]",
            b"{status: 2}",
            b"01",
            b"+1",
            b".5",
            b"1.",
            b"0x10",
            b'"\\x41"',
            b"// 2\n2",
        ),
        # control characters and spaces that JSON does not know
        *(b'"a\x00b"', b'"a\nb"', b"{}\x0c", "{}\u00a0".encode(), b"\x00{}"),
        # not UTF-8: a broken byte, half a character, an encoded surrogate, overlong, Latin-1, UTF-16
        *(b'"\xff"', b'"\xc3"', b'"\xed\xa0\x80"', b'"\xc0\xaf"', '"ü"'.encode("latin-1"), '{"a": 1}'.encode("utf-16")),
        # two byte order marks
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
        # deeper than any answer, and deep enough to break a parser
        *(nested(MAX_DEPTH + 1), nested(5000), b"[" * 100000, b"[" * 100000 + b"]" * 100000),
    ],
    ids=short,
)
def test_no_json(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        # the reason is part of a sentence
        (b'{"status": 1, "status": 2}', "it names a key twice"),
        (b'{"a": "\xff"}', "it is not UTF-8 text from byte 8 on"),
        (b"\xef\xbb\xbf[\xc3]", "it is not UTF-8 text from byte 5 on"),
        ('{"a": 1}'.encode("utf-16"), "it is not UTF-8 text from byte 1 on"),
        (b"[NaN]", "it holds NaN, which is not JSON"),
        (b"[-Infinity]", "it holds -Infinity, which is not JSON"),
        (nested(MAX_DEPTH + 1), "it nests too deep"),
        (b"[" * 100000, "it nests too deep"),
    ],
    ids=short,
)
def test_why_it_is_no_json(body: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(reason) + "$"):
        decode(body)


@pytest.mark.parametrize("digits", [1, 100, 101, 5000])
def test_long_integers(digits: int) -> None:
    # up to a hundred characters an integer is one; beyond that it is text, and says the same
    number = decode(b"9" * digits)
    assert str(number) == "9" * digits
    assert isinstance(number, int) is (digits <= 100)


def test_the_deepest_answer() -> None:
    assert values(decode(nested(MAX_DEPTH)), ".".join("a" * MAX_DEPTH)) == [1]


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        # 1: CPH, DWS, the gateway
        ({"error_code": "CPS.0011", "error_msg": "Not there.", "request_id": "r"}, "CPS.0011", "Not there."),
        # 2: IMS, and IAM, whose code is a number
        ({"error": {"code": "IMG.0024", "message": "Bad."}}, "IMG.0024", "Bad."),
        ({"error": {"code": 401, "message": "The token is bad.", "title": "Unauthorized"}}, "401", "The token is bad."),
        ({"error": {"code": 401, "title": "Unauthorized"}}, "401", "Unauthorized"),
        ({"error": {"code": 401, "message": "", "title": "Unauthorized"}}, "401", "Unauthorized"),
        ({"error": {"code": 401, "message": {}, "title": "Unauthorized"}}, "401", "Unauthorized"),
        # 3: DWS
        ({"errCode": "DWS.0047", "externalMessage": "Not there."}, "DWS.0047", "Not there."),
        # 4 and 5
        ({"code": "X.1", "message": "Bad."}, "X.1", "Bad."),
        ({"errorCode": "X.2", "errorMsg": "Bad."}, "X.2", "Bad."),
        # two spellings in one body, as DWS sends them: each half is found, the first spelling goes first
        ({"error_code": "D.1", "error_msg": "One.", "errCode": "D.2", "externalMessage": "Two."}, "D.1", "One."),
        ({"error_code": "DWS.0001", "error_msg": None, "errCode": None, "externalMessage": "Two."}, "DWS.0001", "Two."),
        ({"errCode": "DWS.0001", "error_msg": "One."}, "DWS.0001", "One."),
        ({"error": "Unauthorized", "message": "Log in first.", "code": 401}, "401", "Log in first."),
        ({"error": {"code": "IMG.0024"}, "message": "Bad."}, "IMG.0024", "Bad."),
        # half an error
        ({"error_code": "CPS.0011"}, "CPS.0011", None),
        ({"error_msg": "Bad."}, None, "Bad."),
        ({"message": "Bad."}, None, "Bad."),
        # a code that is an object is none; spaces around are no part of it
        ({"error_code": {"a": 1}, "error_msg": "Bad."}, None, "Bad."),
        ({"error_code": " CPS.0011 ", "error_msg": "  Bad.\n"}, "CPS.0011", "Bad."),
    ],
)  # fmt: skip
def test_error_body(body: t.Any, code: str | None, message: str | None) -> None:
    error = error_detail(body)
    assert error is not None
    assert (error.code, error.message) == (code, message)


@pytest.mark.parametrize(
    "body",
    [
        # no object
        *(None, True, 5, 2.5, "error", [], [{"error_code": "CPS.0011"}]),
        # an object without an error, or with an empty one
        *({}, {"status": 2}, {"error_code": None, "error_msg": None}, {"error_code": "", "error_msg": "  "}),
        *({"error": None}, {"error": {}}, {"error": []}, {"error": "?"}, {"error": {"code": None, "message": ""}}),
        # texts of which nothing can be printed
        {"error_code": "\x00", "error_msg": "\x1b\x07"},
        # wrong types
        *({"error_code": True, "error_msg": False}, {"code": [], "message": {}}),
        {"error": {"code": 2.5, "message": ["a"]}},
    ],
)  # fmt: skip
def test_no_error_body(body: t.Any) -> None:
    assert error_detail(body) is None


@pytest.mark.parametrize("long", ["x" * 100_000, "word " * 20_000, "line\n" * 20_000, "\u2028\x1b[31m\x00" * 20_000])
@pytest.mark.parametrize("where", ["code", "message"])
def test_an_error_is_short_and_one_line(long: str, where: str) -> None:
    # whatever a service sends, it is quoted in sentences and shown on terminals
    error = error_detail({"code": "X.1", "message": "Bad.", where: long})
    assert error is not None
    text = str(error)
    assert len(text) <= 2 * MAX_TEXT + 2
    assert text.isprintable()


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("as it is", "as it is"),
        # one line, whatever ends a line or moves the cursor
        ("a\nb\r\nc\td\x0be\x0cf\u2028g\u2029h\x85i", "a b c d e f g h i"),
        ("\x1b[31mred\x1b[0m\x07", "[31mred [0m"),
        ("\x00\x7f\x9b", ""),
        # or makes a text read as another one
        ("job \u202edeliaf\u202c \u2066x\u2069 \u200f", "job deliaf x"),
        ("  spaces   at  once  ", "spaces at once"),
        # letters of any script stay
        ("手机不存在 é", "手机不存在 é"),
        # the longest that is quoted whole, and one more
        ("x" * MAX_TEXT, "x" * MAX_TEXT),
        ("x" * (MAX_TEXT + 1), "x" * (MAX_TEXT - 1) + "…"),
        ("x" * 10_000_000, "x" * (MAX_TEXT - 1) + "…"),
    ],
    ids=short,
)
def test_quote(text: str, quoted: str) -> None:
    assert single_line(text, MAX_TEXT) == quoted


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *(("text", "text"), (" text ", " text "), (5, "5"), (0, "0"), (-1, "-1")),
        *(("", None), ("  ", None), (None, None), (True, None), (False, None), (2.5, None), ([], None), ({}, None)),
    ],
)
def test_plain(value: t.Any, text: str | None) -> None:
    assert scalar_text(value) == text


ANSWER = {
    "a": {"b": 1, "none": None},
    "list": [{"id": 1}, {"no": 0}, 5, None, {"id": [2]}],
    "deep": [{"in": [{"id": 1}, {"id": 2}]}, {"in": {"id": 3}}, {"in": [{"id": 4}]}],
    "strings": ["x", "y"],
    "empty": [],
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        # the empty path is the answer itself
        ("", [ANSWER]),
        # into objects; a null is something, a missing key is nothing
        *(("a.b", [1]), ("a.none", [None]), ("a.c", []), ("x", []), ("x.y.z", [])),
        # into every item of a list; items that are no objects, or lack the key, are passed over
        *(("list[].id", [1, [2]]), ("strings[]", ["x", "y"]), ("empty[]", []), ("empty[].id", [])),
        # lists in lists
        ("deep[].in[].id", [1, 2, 4]),
        # an object where the path says list, and a list where it says object
        *(("a[]", []), ("a[].b", []), ("list.id", []), ("list.0", []), ("strings.x", [])),
        # a scalar has no inside
        *(("a.b.c", []), ("a.b[]", []), ("a.none.c", [])),
    ],
)
def test_path(path: str, found: list[t.Any]) -> None:
    assert values(ANSWER, path) == found


@pytest.mark.parametrize("value", [None, True, 5, 2.5, "text", []])
@pytest.mark.parametrize("path", ["a", "a.b", "a[]", "a[].b"])
def test_path_into_nothing(value: t.Any, path: str) -> None:
    assert values(value, path) == []
