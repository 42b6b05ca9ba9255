# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our signatures and the vendors' own, on random requests.

The vendors' signers are given what goes over the wire: what our code makes of a request must be what they would have
signed. The examples are drawn anew from a fixed seed, so that a run can be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud import signing
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.ucloud import signing as ucloud_signing
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.client import HttpClient, Response
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.urls import percent_encode
from ansible_collections.cloudwait.jobs.tests.contract import ours, vendors
from ansible_collections.cloudwait.jobs.tests.services import FACTS
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ucloud.core.auth import Credential
from ucloud.core.typesystem import encoder

DATE = "20260102T030405Z"

seeded = settings(max_examples=400, derandomize=True, database=None, deadline=None)

# Texts as they come: any letter of Unicode, but halves of letters and what no option lets through.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
# Ids besides: nothing that cannot be seen, but a plain blank inside.
letters = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp"])
ids = st.text(letters | st.just(" "), max_size=20).map(str.strip).filter(lambda text: text.strip("."))
secrets = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40)
hosts = st.sampled_from(
    ["cph.cn-north-4.myhuaweicloud.com", "127.0.0.1:8080", "[::1]:41234", "host:1", "gateway.example.com:65535"]
)


def sent(body: bytes, provider: str, **options: Any) -> tuple[str, str, dict[str, str], bytes | None]:
    """The first request that a task sends: method, URL, headers and body. Nothing goes over the network."""
    requests = []

    def send(
        _http: HttpClient,
        _rate_limiter: Any,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        _deadline: float,
        *_expected: Any,
    ) -> Response:
        requests.append((method, url, dict(headers), content))
        return Response(200, {}, body)

    with mock.patch.object(HttpClient, "send", send):
        ours.task(provider, **options)
    return requests[0]


# Huawei Cloud


def vendors_authorization(method: str, url: str, headers: Mapping[str, str], access_key: str, secret_key: str) -> str:
    """The Authorization header that the vendor's signer makes for a request without a body."""
    parts = urlsplit(url)
    request = SdkRequest(
        method=method,
        schema=parts.scheme,
        host=parts.netloc,
        resource_path=parts.path,
        query_params=parse_qsl(parts.query, keep_blank_values=True),
        header_params=dict(headers),
    )
    pair = vendors.key_pair(ak=access_key, sk=secret_key)
    return str(Signer(pair).sign(request).header_params["Authorization"])


@st.composite
def paths(draw: st.DrawFn) -> str:
    """A path as it may stand on the wire: more or less encoded, in capitals or not, broken sequences included."""
    encoders: list[Callable[[str], str]] = [
        lambda text: quote(text, safe=""),
        lambda text: quote(text, safe="~!$&'()*,;=:@+"),
        lambda text: quote(text, safe="%~"),
        lambda text: quote(text, safe="").lower(),
    ]
    segments = draw(st.lists(st.tuples(texts, st.sampled_from(encoders)), min_size=1, max_size=6))
    path = "/" + "/".join(encode(text) for text, encode in segments)
    return path + draw(st.sampled_from(["", "/", "//", "/%", "/%zz", "/%2F", "/%ff"]))


@st.composite
def queries(draw: st.DrawFn) -> str:
    """A query as it may stand on the wire: repeated keys, empty values, spaces in either spelling."""
    pairs = draw(st.lists(st.tuples(texts, texts), max_size=6))
    repeated = draw(st.lists(st.sampled_from(pairs), max_size=3)) if pairs else []
    encoders: list[Callable[[str], str]] = [lambda text: quote(text, safe="~"), quote_plus]
    encode = draw(st.sampled_from(encoders))
    return "&".join(f"{encode(key)}={encode(value)}" for key, value in pairs + repeated)


def request_of(method: str, url: str) -> signing.Request:
    """The request for a URL in any spelling."""
    parts = urlsplit(url)
    path = "/".join(percent_encode(unquote(segment)) for segment in parts.path.split("/"))
    query = parse_qsl(parts.query, keep_blank_values=True)
    return signing.Request(method, f"{parts.scheme}://{parts.netloc}", path, query)


@seeded
@given(
    method=st.sampled_from(["GET", "POST", "DELETE", "PUT"]),
    host=hosts,
    path=paths(),
    query=queries(),
    headers=st.dictionaries(st.sampled_from(["X-Project-Id", "X-Security-Token", "X-Language"]), texts),
    access_key=secrets,
    secret_key=secrets,
)
@example("GET", "host", "/", "", {}, "AK", "SK")
@example("GET", "host", "/a%2Fb/c", "b=2&a=1&b=1&a=&=x", {"X-Project-Id": " p  q "}, "AK", "SK")
@example("GET", "host", "/~-._!*'()", "a+b=c+d&A=1&a=1", {}, "AK", "SK")
def test_a_request_is_signed_as_the_vendor_signs_it(
    method: str, host: str, path: str, query: str, headers: dict[str, str], access_key: str, secret_key: str
) -> None:
    url = f"https://{host}{path}" + (f"?{query}" if query else "")
    signed = {"X-Sdk-Date": DATE, **headers}
    assert signing.sign(request_of(method, url), signed, access_key, secret_key) == vendors_authorization(
        method, url, signed, access_key, secret_key
    )


@seeded
@given(
    provider=st.sampled_from([name for name, facts in FACTS.items() if not facts.is_ucloud]),
    host=hosts,
    base_path=st.sampled_from(["", "/gateway", "/gate%20way/b~c", "/a//b", "/%C3%BC%2f"]),
    job_id=ids,
    project_id=st.text("0123456789abcdef", min_size=32, max_size=32) | secrets,
    access_key=secrets,
    secret_key=secrets,
    security_token=st.none() | secrets,
)
@example("cph", "host", "", "a/b", "p", "AK", "SK", None)
@example("cph", "host:8443", "/base", "../..", "p", "AK", "SK", "token/with+signs==")
@example("ims", "host", "", "a b?c#d%2Fe&f=g", "p", "AK", "SK", None)
@example("dws", "host", "", "日本/☃", "p", "AK", "SK", None)
def test_a_look_is_signed_as_the_vendor_signs_it(
    provider: str,
    host: str,
    base_path: str,
    job_id: str,
    project_id: str,
    access_key: str,
    secret_key: str,
    security_token: str | None,
) -> None:
    facts = FACTS[provider]
    method, url, headers, body = sent(
        b"{}",
        provider,
        job_ids=[job_id],
        endpoint=f"https://{host}{base_path}",
        project_id=project_id,
        access_key=access_key,
        secret_key=secret_key,
        security_token=security_token,
        **facts.options,
    )
    assert (method, body) == ("GET", None)
    # Project and id are one segment each, whatever they hold.
    line = facts.request.filled(region="", project_id=project_id, job_id=job_id, day_before="", **facts.options)
    address, _mark, query = url.partition("?")
    assert address == f"https://{host}{base_path.replace('%2f', '%2F')}{line.path}"
    told = dict(parse_qsl(query, keep_blank_values=True))
    day_before = {name for name, value in facts.request.query.items() if value == "{day_before}"}
    assert {name: "" if name in day_before else value for name, value in told.items()} == line.query
    authorization = headers.pop("Authorization")
    own = {"X-Security-Token", *line.headers} if security_token else set(line.headers)
    scope = "X-Domain-Id" if "domain_id" in facts.options else "X-Project-Id"
    assert set(headers) == {"X-Sdk-Date", scope, *own}
    assert authorization == vendors_authorization(method, url, headers, access_key, secret_key)


@seeded
@given(request_ids=st.lists(ids.filter(lambda text: "," not in text), min_size=1, max_size=20), secret_key=secrets)
@example(["a b", "ä&limit=1", "c+d"], "SK")
def test_a_list_is_signed_as_the_vendor_signs_it(request_ids: list[str], secret_key: str) -> None:
    method, url, headers, _body = sent(
        b'{"jobs": []}',
        "cph",
        request_ids=request_ids,
        endpoint="https://host",
        project_id="p",
        access_key="AK",
        secret_key=secret_key,
    )
    query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    # Requests are asked for together only after an answer has named one.
    assert query.pop("request_ids") in request_ids
    assert query == {"limit": "100", "offset": "0"}
    assert headers.pop("Authorization") == vendors_authorization(method, url, headers, "AK", secret_key)


# UCloud

values = texts | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.lists(texts, max_size=13)
names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)


@seeded
@given(params=st.dictionaries(names.filter(lambda name: name not in ("PublicKey", "Signature")), values), key=secrets)
@example({"JobIds": [f"job-{number}" for number in range(12)]}, "key")
@example({"B": True, "F": -0.0, "G": 1e300, "I": float("inf"), "L": ["", "0"], "E": ""}, "key")
def test_parameters_are_signed_as_the_vendor_signs_them(params: dict[str, Any], key: str) -> None:
    theirs = encoder.encode(params)
    signature = Credential("public+key", key).verify_ac(theirs)
    ours = ucloud_signing.flatten({**params, "PublicKey": "public+key"})
    assert ours == theirs
    assert ucloud_signing.sign(ours, key) == signature


@seeded
@given(
    job_ids=st.lists(ids, min_size=1, max_size=30, unique=True),
    query=st.fixed_dictionaries(
        {}, optional={"city_id": texts, "product_type": st.sampled_from(["uphone", "uphone-server"])}
    ),
    public_key=secrets,
    private_key=secrets,
    security_token=st.none() | secrets,
)
@example([f"job-{number}" for number in range(11)], {}, "public", "private", None)
def test_an_action_is_sent_as_the_vendor_sends_it(
    job_ids: list[str], query: dict[str, Any], public_key: str, private_key: str, security_token: str | None
) -> None:
    keys = {"public_key": public_key, "private_key": private_key, "region": "cn-bj2", "project_id": "org-x"}
    method, url, headers, body = sent(
        b'{"RetCode": 0, "Jobs": []}', "uphone", job_ids=job_ids, security_token=security_token, **keys, **query
    )
    assert (method, url) == ("POST", "https://api.ucloud.cn/")
    asked = {
        "Action": "DescribeUPhoneJob",
        "JobIds": job_ids,
        "CityId": query.get("city_id"),
        "ProductType": query.get("product_type"),
        "SecurityToken": security_token,
        "Limit": 100,
        "Offset": 0,
    }
    theirs = vendors.ucloud(url, **keys)._build_http_request(asked)
    assert headers["Content-Type"] == theirs.headers["Content-Type"]
    assert body is not None
    assert dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True)) == theirs.data


def test_the_judge_tells_signatures_apart() -> None:
    headers = {"X-Sdk-Date": DATE}
    signature = vendors_authorization("GET", "https://host/path", headers, "AK", "SK")
    assert signature == signing.sign(request_of("GET", "https://host/path"), headers, "AK", "SK")
    assert signature != vendors_authorization("GET", "https://host/paths", headers, "AK", "SK")
    assert signature != vendors_authorization("GET", "https://host/path", headers, "AK", "sk")
