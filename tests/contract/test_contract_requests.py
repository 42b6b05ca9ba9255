# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that users write, signed as the vendors' own signers sign them: any method, body, content type and query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl, urlsplit

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import SENDERS
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.client import HttpClient, Response
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.request import request_module
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext
from ansible_collections.cloudwait.jobs.tests.contract import vendors
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import example, given, settings
from hypothesis import strategies as st

seeded = settings(max_examples=400, derandomize=True, database=None, deadline=None)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
secrets = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40)
ascii_texts = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)
scalars = texts | st.booleans() | st.integers() | st.none()
contents = st.recursive(scalars, lambda each: st.lists(each, max_size=3) | st.dictionaries(texts, each, max_size=3))
no_placeholder = texts.filter(lambda text: "{" not in text)
queries = st.dictionaries(texts.filter(bool), no_placeholder | st.integers() | st.lists(no_placeholder, max_size=3))
segments = st.lists(texts.filter(lambda text: text.strip(".") and not set(text) & set("?#{}/%")), max_size=4)


def sent(cloud: str, answer: bytes, **options: Any) -> tuple[str, str, dict[str, str], bytes | None]:
    """The one request that a task sends: method, URL, headers and body. Nothing goes over the network."""
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
        return Response(200, {}, answer)

    module = request_module(cloud, SENDERS[cloud])
    validated = ArgumentSpecValidator(**module.spec).validate(options)
    assert not validated.error_messages, validated.error_messages
    with mock.patch.object(HttpClient, "send", send):
        result = module.run(validated.validated_parameters, TaskContext(False, {}, set())).result
    assert "failed" not in result, result["msg"]
    [request] = requests
    return request


@seeded
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "post"]),
    path=segments,
    query=queries,
    headers=st.dictionaries(st.sampled_from(["X-Language", "x-a", "X-B", "Accept", "If-Match"]), ascii_texts),
    body=contents | st.just("") | texts,
    content_type=st.sampled_from([None, "application/json", "application/octet-stream", "text/xml; charset=utf-8"]),
    secret_key=secrets,
)
@example("POST", ["v1", "servers"], {"b": [2, 1], "a": "x y"}, {}, {"server": {"adminPass": "x"}}, None, "SK")
@example("PUT", ["a b", "\u00fc"], {}, {"X-B": "  two  blanks ", "x-a": "1"}, "\u0000\u00ff binary", "a/b", "SK")
@example("DELETE", [], {}, {}, None, None, "SK")
@example("POST", ["v1"], {}, {}, "", "application/json", "SK")
def test_a_request_is_signed_as_the_vendor_signs_it(
    method: str,
    path: list[str],
    query: dict[str, Any],
    headers: dict[str, str],
    body: Any,
    content_type: str | None,
    secret_key: str,
) -> None:
    own = {**headers, **({"Content-Type": content_type} if content_type else {})}
    options = {"method": method, "path": "/" + "/".join(path), "query": query, "headers": own, "body": body}
    sent_method, url, sent_headers, content = sent(
        "huaweicloud",
        b"{}",
        **options,
        endpoint="https://ecs.example.com:8443/base",
        project_id="p",
        access_key="AK",
        secret_key=secret_key,
    )
    authorization = sent_headers.pop("Authorization")
    parts = urlsplit(url)
    request = SdkRequest(
        method=sent_method,
        schema=parts.scheme,
        host=parts.netloc,
        resource_path=parts.path,
        query_params=parse_qsl(parts.query, keep_blank_values=True),
        # In lower case the vendor's signer takes no notice of a content type, and signs the body in full.
        header_params={name.lower(): value for name, value in sent_headers.items()},
        body=content,
    )
    theirs = Signer(vendors.key_pair(ak="AK", sk=secret_key)).sign(request).header_params["Authorization"]
    assert authorization == theirs


plain = texts | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
# Of a list in a list, and of what is empty, the vendor's own encoder makes a text such as `[]`.
things = st.dictionaries(st.sampled_from(["A", "Key", "b2"]), plain, min_size=1, max_size=3)
values = plain | things | st.lists(plain | things, min_size=1, max_size=3)
names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", min_size=2, max_size=12)
RESERVED = {"publickey", "signature", "securitytoken", "action", "region", "projectid"}


@seeded
@given(params=st.dictionaries(names.filter(lambda name: name.lower() not in RESERVED), values, max_size=6), key=secrets)
@example({"UPhoneIds": ["a", "b"], "Disks": [{"Type": "x", "Size": 1.0, "Boot": True}]}, "key")
def test_an_action_is_sent_as_the_vendor_sends_it(params: dict[str, Any], key: str) -> None:
    keys = {"public_key": "public", "private_key": key, "region": "cn-bj2", "project_id": "org-x"}
    _method, url, _headers, body = sent("ucloud", b'{"RetCode": 0}', action="CreateThing", params=params, **keys)
    theirs = vendors.ucloud(url, **keys)._build_http_request({"Action": "CreateThing", **params})
    assert body is not None
    assert dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True)) == theirs.data
