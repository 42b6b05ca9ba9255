# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The signature schemes, against vectors that the vendors' own signers made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudwait.jobs.tests.simulator.exchange import Call
from ansible_collections.cloudwait.jobs.tests.simulator.signing import (
    canonical_query,
    canonical_request,
    huawei_signature,
    parse_authorization,
    parse_date,
    ucloud_signature,
)
from multidict import CIMultiDict

VECTORS = Path(__file__).resolve().parents[1] / "vectors"


def vectors(name: str) -> list[Any]:
    """Return a file's vectors as pytest parameters."""
    data = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return [pytest.param(vector, id=vector["name"]) for vector in data["vectors"]]


HUAWEI = vectors("huawei_signing.json")


def as_call(vector: dict[str, Any]) -> Call:
    """Return a vector's request as a server receives it."""
    sent = vector["expected"]["headers_sent_latin1_view"]
    headers = CIMultiDict({name: value.encode("latin-1").decode() for name, value in sent.items()})
    body = (vector["input"]["body"] or "").encode()
    return Call(vector["input"]["method"], vector["expected"]["request_uri"], headers, body)


def test_there_are_vectors() -> None:
    assert len(HUAWEI) >= 8


@pytest.mark.parametrize("vector", HUAWEI)
def test_huawei_signature(vector: dict[str, Any]) -> None:
    call = as_call(vector)
    authorization = parse_authorization(call.headers["Authorization"])
    assert authorization is not None
    request = canonical_request(call, authorization.signed_headers)
    assert request == vector["canonical_request"]
    signature = huawei_signature(vector["input"]["sk"], call.headers["X-Sdk-Date"], request)
    assert signature == authorization.signature == vector["expected"]["signature"]


@pytest.mark.parametrize("vector", vectors("ucloud_signing.json"))
def test_ucloud_signature(vector: dict[str, Any]) -> None:
    call = Call("POST", "/", {}, vector["expected"]["form_body"].encode())
    assert ucloud_signature(vector["input"]["private_key"], call.form) == vector["expected"]["signature"]
    assert call.form["Signature"] == vector["expected"]["signature"]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Basic abc",
        "SDK-HMAC-SHA256 Access=A, SignedHeaders=host, Signature=short",
        "SDK-HMAC-SHA256 SignedHeaders=host, Access=A, Signature=" + 64 * "0",
        "SDK-HMAC-SHA512 Access=A, SignedHeaders=host, Signature=" + 64 * "0",
    ],
)
def test_malformed_authorization(value: str) -> None:
    assert parse_authorization(value) is None


@pytest.mark.parametrize(
    ("value", "unix"), [("20260102T030405Z", 1767323045.0), ("2026-01-02T03:04:05Z", None), ("", None)]
)
def test_dates(value: str, unix: float | None) -> None:
    assert parse_date(value) == unix


def test_query_is_sorted_by_name_and_value_before_it_is_quoted() -> None:
    pairs = [("b", ""), ("a~", "2"), ("a/", "1"), ("a~", "10")]
    assert canonical_query(pairs) == "a%2F=1&a~=10&a~=2&b="


def test_unsigned_payload_is_taken_at_its_word() -> None:
    headers = CIMultiDict({"Host": "h", "X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"})
    assert canonical_request(Call("POST", "/", headers, b"x"), ["host"]).endswith("UNSIGNED-PAYLOAD")
    assert not canonical_request(Call("GET", "/", headers), ["host"]).endswith("UNSIGNED-PAYLOAD")
