# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that a service echoes: one line per spelling."""

from __future__ import annotations

import base64
import html
import json
import random
import typing as t
from urllib.parse import quote, quote_plus

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import redact as redact_module
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import spellings
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.redact import MASK, lettered, redact
from ansible_collections.cloudwait.jobs.tests.spellings import found

TOKEN = "MIIfake+token/with=signs=="
# What a user may choose: quotes, a backslash, letters beyond ASCII.
ODD = 'pä"ss\\wörd'
WEB = "a<b>&c'd\"e"
SIGNATURE = "5f3c1a2b" * 8


def quoted(text: str) -> str:
    """A text as it stands in JSON."""
    return json.dumps(text)[1:-1]


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("secret", "spelt"),
    [
        (TOKEN, TOKEN),
        (SIGNATURE, SIGNATURE),
        # as it stands in a URL, in either case, and in a form
        (TOKEN, "MIIfake%2Btoken%2Fwith%3Dsigns%3D%3D"),
        (TOKEN, "MIIfake%2btoken%2fwith%3dsigns%3d%3d"),
        (ODD, quote(ODD)),
        ("two words secret", "two+words+secret"),
        ("two words secret", "two%20words%20secret"),
        # as it stands in JSON: slashes, quotes, backslashes, letters beyond ASCII
        (TOKEN, "MIIfake+token\\/with=signs=="),
        (ODD, ODD),
        (ODD, quoted(ODD)),
        (ODD, json.dumps(ODD, ensure_ascii=False)[1:-1]),
        # as JSON libraries for web pages write it
        (TOKEN, "MIIfake+token/with\\u003dsigns\\u003d\\u003d"),
        (TOKEN, "MIIfake\\u002Btoken/with\\u003Dsigns\\u003D\\u003D"),
        (WEB, quoted(WEB).replace("<", "\\u003c").replace("&", "\\u0026")),
        # within a text that is within a text, and so on
        (ODD, quoted(quoted(ODD))),
        (ODD, quoted(quoted(quoted(quoted(ODD))))),
        (ODD, quote(quote(ODD))),
        (ODD, quoted(quote_plus(ODD))),
        # as Python and HTML write it
        (ODD, repr(ODD)[1:-1]),
        (ODD, ascii(ODD)[1:-1]),
        (ODD, repr(ODD.encode())[2:-1]),
        (ODD, quoted(repr(ODD)[1:-1])),
        (WEB, html.escape(WEB)),
        (WEB, html.escape(quoted(html.escape(WEB)))),
        (WEB, "".join(f"&#{ord(char)};" for char in WEB)),
        (WEB, "".join(f"&#x{ord(char):X};" for char in WEB)),
        # in base64, with and without its padding, of what is written in one of these ways, and of base64
        (TOKEN, in_base64(TOKEN)),
        (TOKEN, in_base64(TOKEN).rstrip("=")),
        (ODD, in_base64(quoted(ODD))),
        (ODD, in_base64(in_base64(in_base64(ODD)))),
        # as hexadecimal numbers
        (ODD, ODD.encode().hex()),
        # a secret that looks like an escape itself
        ("100%41&amp;\\u0041", "100%41&amp;\\u0041"),
        ("100%41&amp;\\u0041", quoted("100%41&amp;\\u0041")),
        ("100%41&amp;\\u0041", quote("100%41&amp;\\u0041")),
        # one whose end is cut off
        (TOKEN * 3, TOKEN * 2),
        # a short one, where it stands alone
        ("abc", "abc"),
        ("äb+", "%C3%A4b%2B"),
        ("know", in_base64("know")),
        ("know", in_base64("user:know")),
    ],
)
def test_spelling(secret: str, spelt: str) -> None:
    text = redact(f'"The value {spelt} is wrong, {spelt}."', [secret])
    # what is around it stays
    assert text == f'"The value {MASK} is wrong, {MASK}."'


@pytest.mark.parametrize("after", ["", "; and", " so", " on"])
@pytest.mark.parametrize("before", ["", "x", "xy", "user:"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("secret", [TOKEN, ODD, "abc?>~secret"])
def test_within_a_longer_text_in_base64(
    secret: str, encode: t.Callable[[bytes], bytes], before: str, after: str
) -> None:
    """As the header of HTTP Basic holds a name and a password."""
    text = redact(f"Basic {encode(f'{before}{secret}{after}'.encode()).decode()} is wrong.", [secret])
    assert text == f"Basic {MASK} is wrong."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": ODD, "b": [TOKEN, "x" + TOKEN]}, {"a": MASK, "b": [MASK, "x" + MASK]}),
        pytest.param({TOKEN: 1, "b": {"x" + ODD: 2}}, {MASK: 1, "b": {"x" + MASK: 2}}, id="keys"),
        pytest.param({TOKEN: 1, ODD: 2, MASK: 3}, {f"{MASK} 1": 1, f"{MASK} 2": 2, MASK: 3}, id="keys that look alike"),
        pytest.param([123456789, 12345678.9, 5, True, None], [MASK, 12345678.9, 5, True, None], id="numbers"),
        pytest.param(
            {"auth": json.dumps({"password": ODD, "a": "b"})},
            {"auth": f'{{"password": "{MASK}", "a": "b"}}'},
            id="JSON in JSON",
        ),
    ],
)
def test_value(value: t.Any, expected: t.Any) -> None:
    assert redact(value, [ODD, TOKEN, "123456789", "5"]) == expected


@pytest.mark.parametrize(
    "text",
    [
        quoted(base64.encodebytes(json.dumps({"password": ODD, "more": "x" * 50}).encode()).decode()),
        base64.encodebytes(json.dumps({"more": "x" * 45, "password": ODD}).encode()).decode(),
        base64.encodebytes(f"{'x' * 50}{TOKEN}".encode()).decode(),
    ],
)
def test_in_base64_of_several_lines(text: str) -> None:
    told = redact(text, [ODD, TOKEN])
    assert MASK in told
    assert not any(found(told.replace(line, ""), [ODD, TOKEN]) for line in ["\n", "\\n"])


def test_a_backslash_at_the_end_may_be_taken_for_an_escape() -> None:
    secret = "ends with one\\"
    for text in (f'"{secret}"', f'"{quoted(secret)}"', html.escape(f'"{secret}'), f'{html.escape(secret)}"'):
        assert "ends with" not in redact(text, [secret])


@pytest.mark.parametrize("before", ["a", "ab", "abc", "v1/", "token_of-"])
def test_in_base64_behind_other_digits(before: str) -> None:
    assert redact(f"x {before}{in_base64(quoted(ODD))}", [ODD]) == f"x {MASK}"


def test_base64_without_end_is_not_told() -> None:
    text = "no secret"
    for _level in range(redact_module.MAX_CODED):
        text = in_base64(text)
    assert redact(text, [ODD]) == text
    assert redact(in_base64(text), [ODD]) == MASK


def test_what_is_left_is_text() -> None:
    """Where the levels above a secret are undone, halves of surrogate pairs stand for nothing."""
    told = redact(f"\\ud800 \\U0000dfff &#xD800; %ED%A0%80 {quoted(ODD)}", [ODD])
    assert MASK in told
    assert told.encode("utf-8")


def test_several_secrets() -> None:
    longer = TOKEN + "and-more"
    assert redact(f"{TOKEN} {SIGNATURE} AKIDAKID {longer}", [TOKEN, SIGNATURE, "AKIDAKID", longer]) == " ".join(
        [MASK] * 4
    )


def test_letters_of_a_host_or_a_number() -> None:
    text = f"{SIGNATURE.upper()} akidofthis.example.com"
    assert redact(text, lettered([SIGNATURE, "AKIDOFTHIS"])) == f"{MASK} {MASK}.example.com"


@pytest.mark.parametrize(
    ("secret", "value"),
    [
        # nothing to mask
        *((TOKEN, ""), (TOKEN, {}), (TOKEN, TOKEN[:15]), ("", "text"), (" ", "a text"), ("Signature=", "Signature")),
        # a text that short is a part of others by chance
        *(
            ("abc", "abcdef"),
            ("12345", "123456789"),
            ("e", "succeeded"),
            ("know", "unknown"),
            ("5", 5),
            ("12", [1, 12]),
        ),
        pytest.param("e", "hello there", id="a letter is a byte of many words that look like base64"),
        # escapes and base64 of something else
        (
            TOKEN,
            {"a": quoted(ODD), "b": quote(ODD), "c": in_base64(ODD), "d": ODD.encode().hex(), "e": "50% & more \\o/"},
        ),
    ],
)
def test_untouched(secret: str, value: t.Any) -> None:
    assert redact(value, [secret]) == value


def test_words_that_everybody_knows_stay() -> None:
    value = {"status": "RUNNING", "message": "RUNNING on", "error_code": None}
    masked = redact(value, ["RUNNING", "status", "error_code"], {"RUNNING", "status", "error_code"})
    assert masked == {"status": "RUNNING", "message": f"{MASK} on", "error_code": None}


KINDS: list[t.Callable[[str], str]] = [quoted, lambda text: json.dumps(text, ensure_ascii=False)[1:-1], quote]
KINDS += [quote_plus, html.escape, lambda text: repr(text)[1:-1], lambda text: ascii(text)[1:-1], in_base64]
KINDS += [lambda text: json.dumps({"auth": text}), lambda text: "".join(f"&#{ord(char)};" for char in text)]
LETTERS = "abcXYZ019+/=\"'<>äß漢😀 ;#u"


@pytest.mark.parametrize("seed", range(40))
def test_any_spelling_of_any_secret(seed: int) -> None:
    """Up to four ways to write a text, one within the other."""
    chance = random.Random(seed)
    for _secret in range(20):
        secret = "x" + "".join(chance.choice(LETTERS) for _letter in range(chance.randint(6, 40))) + "y"
        spelt = secret
        for kind in chance.choices(KINDS, k=chance.randint(0, 4)):
            spelt = kind(spelt)
        told = json.dumps(redact({"message": f"The value {spelt} is wrong."}, [secret]))
        assert MASK in told, (secret, spelt)
        assert not found(told, [secret])
        assert redact(f"The value {spelt} is wrong.", ["another-secret"]) == f"The value {spelt} is wrong."


class Counted(str):
    """A text that counts the characters in which something was searched for in it."""

    __slots__ = ()
    read = 0

    def find(self, *args: t.Any) -> int:
        at = super().find(*args)
        start = args[1] if len(args) > 1 else 0
        Counted.read += (len(self) if at < 0 else at + 1) - start
        return at


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        pytest.param("a" * 16_000 + "b", "a" * 200_000, id="a token that the text nearly holds everywhere"),
        pytest.param(TOKEN * 600, TOKEN * 8_000, id="a token that begins again and again"),
    ],
)
def test_the_time_grows_with_the_text_alone(secret: str, text: str) -> None:
    Counted.read = 0
    search = redact_module._Search(redact_module._needles([secret]), len(text))
    assert MASK in search._without(Counted(text), secret[: redact_module.HEAD])
    assert Counted.read <= len(text) + redact_module.MAX_BEGINNINGS * redact_module.HEAD


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("%" + "25" * 500_000, id="levels without end"),
        pytest.param("\\u005c" + "u005c" * 200_000, id="escapes of escapes"),
    ],
)
def test_what_folds_without_end_is_not_told(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def counted(text: str) -> str:
        calls.append(len(text))
        return spellings.unescape(text)

    monkeypatch.setattr(redact_module, "unescape", counted)
    (told,) = redact([text], ["secret-of-the-test"])
    assert MASK in told
    assert len(told) < 20
    assert len(calls) <= 2 * redact_module.MAX_LEVELS + 1
