# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that a service echoes: one line per spelling."""

from __future__ import annotations

import base64
import json
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.client import Response
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.redact import MASK, redact
from ansible_collections.cloudwait.jobs.tests.spellings import found

TOKEN = "MIIfake+token/with=signs=="
# What a user may choose: quotes, a backslash, letters beyond ASCII.
ODD = 'pä"ss\\wörd'
SIGNATURE = "5f3c1a2b" * 8
HEADER = f"SDK-HMAC-SHA256 Access=AKID, SignedHeaders=host;x-sdk-date, Signature={SIGNATURE}"


def masked(body: str, *secrets: str) -> str:
    return redact(Response(400, {}, body.encode()), secrets).body.decode()


@pytest.mark.parametrize(
    ("secret", "spelt"),
    [
        (TOKEN, TOKEN),
        # as it stands in a URL, in either case, and in a form
        (TOKEN, "MIIfake%2Btoken%2Fwith%3Dsigns%3D%3D"),
        (TOKEN, "MIIfake%2btoken%2fwith%3dsigns%3d%3d"),
        ("two words secret", "two+words+secret"),
        ("two words secret", "two%20words%20secret"),
        # as it stands in JSON: slashes, quotes, backslashes, letters beyond ASCII
        (TOKEN, "MIIfake+token\\/with=signs=="),
        (ODD, ODD),
        (ODD, json.dumps(ODD)[1:-1]),
        (ODD, json.dumps(ODD, ensure_ascii=False)[1:-1]),
        # as JSON libraries for web pages write it
        (TOKEN, "MIIfake+token/with\\u003dsigns\\u003d\\u003d"),
        (TOKEN, "MIIfake\\u002Btoken/with\\u003Dsigns\\u003D\\u003D"),
        # in base64, with and without its padding
        (TOKEN, base64.b64encode(TOKEN.encode()).decode()),
        (TOKEN, base64.b64encode(TOKEN.encode()).decode().rstrip("=")),
        # of a header of signed requests, the signature
        (HEADER, SIGNATURE),
        (HEADER, HEADER),
    ],
)
def test_spelling(secret: str, spelt: str) -> None:
    text = masked(f'{{"error_msg": "The value {spelt} is wrong, {spelt}."}}', secret)
    assert spelt not in text
    assert SIGNATURE not in text
    # what is around it stays
    assert text.startswith('{"error_msg": "The value ')
    assert text.endswith('."}')
    assert text.count(MASK) == 2


@pytest.mark.parametrize("after", ["", "; and", " so", " on"])
@pytest.mark.parametrize("before", ["", "x", "xy", "user:"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("secret", [TOKEN, ODD, "abc?>~secret"])
def test_within_a_longer_text_in_base64(
    secret: str, encode: t.Callable[[bytes], bytes], before: str, after: str
) -> None:
    """As the header of HTTP Basic holds a name and a password."""
    text = masked(f"Basic {encode(f'{before}{secret}{after}'.encode()).decode()} is wrong.", secret)
    assert text.startswith("Basic ")
    assert text.endswith(" is wrong.")
    assert text.count(MASK) == 1
    assert not found(text, [secret])


def test_the_answer_stays_json() -> None:
    text = masked(json.dumps({"a": ODD, "b": [TOKEN, "x" + TOKEN]}), ODD, TOKEN)
    assert json.loads(text) == {"a": MASK, "b": [MASK, "x" + MASK]}


def test_several_secrets() -> None:
    assert masked(f"{TOKEN} {SIGNATURE} AKIDAKID", TOKEN, HEADER, "AKIDAKID") == f"{MASK} {MASK} {MASK}"


@pytest.mark.parametrize(
    ("secret", "body"),
    [
        # nothing to mask
        *((TOKEN, ""), (TOKEN, "{}"), (TOKEN, TOKEN[:-3]), ("", "text"), ("Signature=", "Signature=")),
        # a text that short is a part of others by chance
        *(("abc", "abcdef"), ("12345", "123456789")),
    ],
)
def test_untouched(secret: str, body: str) -> None:
    answer = Response(200, {"date": "now"}, body.encode())
    assert redact(answer, [secret]) is answer


def test_status_and_headers_stay() -> None:
    answer = redact(Response(401, {"date": "now"}, TOKEN.encode()), [TOKEN])
    assert (answer.status, answer.headers, answer.body) == (401, {"date": "now"}, MASK.encode())


def test_bytes_that_are_no_text() -> None:
    body = b"\xff\xfe" + TOKEN.encode() + b"\x00"
    assert redact(Response(200, {}, body), [TOKEN]).body == b"\xff\xfe" + MASK.encode() + b"\x00"
