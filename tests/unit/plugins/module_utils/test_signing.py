# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both request signatures, against vectors that the vendors' own signers made.

The contract tests hold them against those signers themselves, on many more requests.
"""

from __future__ import annotations

import json
import typing as t
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud import signing as huaweicloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.ucloud import signing as ucloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.urls import percent_encode

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
DATE = "20260102T030405Z"


def vectors(name: str) -> list[t.Any]:
    """A file's vectors as pytest parameters."""
    data = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return [pytest.param(vector, id=vector["name"]) for vector in data["vectors"]]


HUAWEICLOUD = vectors("huawei_signing.json")
UCLOUD = vectors("ucloud_signing.json")


def test_there_are_vectors() -> None:
    assert (len(HUAWEICLOUD), len(UCLOUD)) == (8, 5)


def pairs_of(given: dict[str, t.Any]) -> list[tuple[str, str]]:
    """The names and values of a query, as text, in the vendor's spelling of booleans."""
    return [(name, str(value).lower() if isinstance(value, bool) else str(value)) for name, value in given["query"]]


@pytest.mark.parametrize("vector", HUAWEICLOUD)
def test_huaweicloud_signs_as_the_vendor(vector: dict[str, t.Any]) -> None:
    given, expected = vector["input"], vector["expected"]
    headers = dict(given["headers"])
    if given["project_id"]:
        headers["X-Project-Id"] = given["project_id"]
    if given["security_token"]:
        headers["X-Security-Token"] = given["security_token"]
    base_url = f"{given['scheme']}://{given['host']}"
    path = "/".join(percent_encode(unquote(segment)) for segment in given["resource_path"].split("/"))
    body = (given["body"] or "").encode()
    request = huaweicloud.Request(given["method"], base_url, path, pairs_of(given), {}, body)
    assert huaweicloud.sign(request, headers, given["ak"], given["sk"]) == expected["authorization"]


def sign(
    path: str = "/path",
    base_url: str = "https://host",
    query: t.Sequence[tuple[str, str]] = (),
    method: str = "GET",
    body: bytes = b"",
    date: str = DATE,
    project: str = "p",
    secret_key: str = "SK",
) -> str:
    """The bare signature of a request."""
    headers = {"X-Sdk-Date": date, "X-Project-Id": project}
    request = huaweicloud.Request(method, base_url, path, query, {}, body)
    return huaweicloud.sign(request, headers, "AK", secret_key).rpartition("Signature=")[2]


@pytest.mark.parametrize(
    "other",
    [
        # everything that makes up the request is signed
        sign(method="POST"),
        sign(body=b"{}"),
        sign("/other"),
        sign(base_url="https://host:8443"),
        sign(base_url="https://other"),
        sign(base_url="https://host/base"),
        sign(query=[("limit", "1")]),
        sign(date="20260102T030406Z"),
        sign(project="q"),
        sign(secret_key="SK2"),
    ],
)
def test_huaweicloud_signs_the_whole_request(other: str) -> None:
    assert other != sign()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # the scheme belongs to the way, not to the request
        ({"base_url": "https://host"}, {"base_url": "http://host"}),
        # an id with a slash is signed as the vendor's gateway reads it: decoded
        ({"path": "/jobs/a%2Fb"}, {"path": "/jobs/a/b"}),
        # one final slash at most
        ({"path": "/path"}, {"path": "/path/"}),
        # a base path is a part of the path
        ({"base_url": "https://host/base", "path": "/path"}, {"base_url": "https://host", "path": "/base/path"}),
        # the order of the query does not count
        ({"query": [("b", "2"), ("a", "1")]}, {"query": [("a", "1"), ("b", "2")]}),
    ],
)
def test_huaweicloud_signs_alike(one: dict[str, t.Any], other: dict[str, t.Any]) -> None:
    assert sign(**one) == sign(**other)


@pytest.mark.parametrize("vector", HUAWEICLOUD)
def test_what_is_signed_is_what_is_sent(vector: dict[str, t.Any]) -> None:
    given, expected = vector["input"], vector["expected"]
    path = "/".join(percent_encode(unquote(segment)) for segment in given["resource_path"].split("/"))
    query = pairs_of(given)
    request = huaweicloud.Request(given["method"], f"{given['scheme']}://{given['host']}", path, query)
    assert parse_qsl(urlsplit(request.url).query, keep_blank_values=True) == query
    assert unquote(urlsplit(request.url).path) == unquote(urlsplit(expected["url"]).path)


@pytest.mark.parametrize("vector", UCLOUD)
def test_ucloud_signs_as_the_vendor(vector: dict[str, t.Any]) -> None:
    given, expected = vector["input"], vector["expected"]
    form = ucloud.flatten({**given["args"], "PublicKey": given["public_key"]})
    assert form == vector["flat_params_signed"]
    assert ucloud.sign(form, given["private_key"]) == expected["signature"]
    # The signature itself is not signed, and what is signed is what the vendor's client sends.
    sent = dict(parse_qsl(expected["form_body"], keep_blank_values=True))
    assert sent.pop("Signature") == ucloud.sign({**form, "Signature": "x"}, given["private_key"])
    assert sent == form


@pytest.mark.parametrize(
    ("value", "flat"),
    [
        (None, {}),
        ("", {"Name": ""}),
        (0, {"Name": "0"}),
        (-0.0, {"Name": "0"}),
        (True, {"Name": "true"}),
        (False, {"Name": "false"}),
        (2.0, {"Name": "2"}),
        (2.5, {"Name": "2.5"}),
        ([], {}),
        (["b", "a"], {"Name.0": "b", "Name.1": "a"}),
        (("b", 1, False), {"Name.0": "b", "Name.1": "1", "Name.2": "false"}),
        ("日本", {"Name": "日本"}),
    ],
)
def test_ucloud_flattens(value: object, flat: dict[str, str]) -> None:
    assert ucloud.flatten({"Name": value}) == flat
