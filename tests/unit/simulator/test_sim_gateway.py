# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may pass: tokens, keys, signatures, projects, rates, and the refusals for all others."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, credentials
from ansible_collections.cloudwait.jobs.tests.simulator.exchange import Call
from ansible_collections.cloudwait.jobs.tests.simulator.signing import ucloud_signature
from ansible_collections.cloudwait.jobs.tests.unit.simulator.asking import HOST, Caller, job_target, sign_ucloud
from multidict import CIMultiDict

SAMPLE = job_target("ims", "ff8080814dbd65d7014dbe0d84db0013")
TEMPORARY: dict[str, Any] = {
    "access_key": credentials.TEMPORARY_ACCESS_KEY,
    "secret_key": credentials.TEMPORARY_SECRET_KEY,
}


def refusal(caller: Caller, call: Call) -> str:
    """Return what the gateway says after its usual beginning, "" when it lets the call pass."""
    answer = caller.send(call)
    if answer.status == 200:
        return ""
    assert (answer.status, answer.body["error_code"]) == (401, "APIGW.0301")
    assert set(answer.body) == {"error_code", "error_msg", "request_id"}
    begin = "Incorrect IAM authentication information: "
    assert answer.body["error_msg"].startswith(begin)
    return str(answer.body["error_msg"][len(begin) :])


WRONG = "verify aksk signature fail"
SIGNED: list[tuple[str, dict[str, Any], str]] = [
    ("a good pair", {}, ""),
    ("with its project", {"X_Project_Id": credentials.PROJECT_ID}, ""),
    ("a temporary pair", {**TEMPORARY, "X_Security_Token": credentials.SECURITY_TOKEN}, ""),
    ("a temporary pair without its token", TEMPORARY, f"{WRONG},security token is wrong"),
    ("a temporary pair with another token", {**TEMPORARY, "X_Security_Token": "x"}, f"{WRONG},security token is wrong"),
    ("a permanent pair with a token", {"X_Security_Token": "x"}, f"{WRONG},security token is wrong"),
    ("a wrong secret", {"secret_key": "wrong"}, WRONG),
    ("an unknown key", {"access_key": "NOBODY"}, "Get secretKey failed,ak:NOBODY,err:ak not exist"),
    ("a clock just in time", {"off": -900.0}, ""),
    ("a clock behind", {"off": -901.0}, "signature expired,signature time:20260102T024904Z,server time:1767323045"),
    ("a clock ahead", {"off": 901.0}, "signature expired,signature time:20260102T031906Z,server time:1767323045"),
    ("the host unsigned", {"signed_names": ["x-sdk-date"]}, f"{WRONG},unsigned headers: host"),
    ("the date unsigned", {"signed_names": ["host"]}, f"{WRONG},unsigned headers: x-sdk-date"),
    (
        "the project unsigned",
        {"signed_names": ["host", "x-sdk-date"], "X_Project_Id": credentials.PROJECT_ID},
        f"{WRONG},unsigned headers: x-project-id",
    ),
    (
        "the security token unsigned",
        {**TEMPORARY, "signed_names": ["host", "x-sdk-date"], "X_Security_Token": credentials.SECURITY_TOKEN},
        f"{WRONG},unsigned headers: x-security-token",
    ),
    (
        "names out of order",
        {"signed_names": ["x-sdk-date", "host"]},
        f"{WRONG},SignedHeaders must be sorted and in lower case",
    ),
    (
        "a header that was not sent",
        {"signed_names": ["accept", "host", "x-sdk-date"]},
        f"{WRONG},headers not found: accept",
    ),
]


@pytest.mark.parametrize(("options", "problem"), [row[1:] for row in SIGNED], ids=[row[0] for row in SIGNED])
def test_signatures(caller: Caller, options: dict[str, Any], problem: str) -> None:
    assert refusal(caller, caller.signed(SAMPLE, **options)) == problem


def test_a_changed_request_is_noticed(caller: Caller) -> None:
    good = caller.signed(SAMPLE)
    headers = dict(good.headers)
    for changed in (
        Call("GET", SAMPLE + "?x=1", good.headers),
        Call("GET", job_target("ims", "another"), good.headers),
        Call("GET", SAMPLE, CIMultiDict({**headers, "Host": HOST + "1"})),
        Call("GET", SAMPLE, good.headers, b"x"),
    ):
        assert refusal(caller, changed) == WRONG
    assert refusal(caller, good) == ""


@pytest.mark.parametrize("body", [b'{"phones": []}', b"", b'{"phones": [{"phone_id": "p1"}] }'])
def test_a_changed_body_is_noticed(caller: Caller, body: bytes) -> None:
    signed = b'{"phones": [{"phone_id": "p1"}]}'
    target = f"/v1/{credentials.PROJECT_ID}/cloud-phone/phones/batch-reset"
    good = caller.signed(target, method="POST", body=signed)
    assert refusal(caller, good) == ""
    assert refusal(caller, Call("POST", target, good.headers, body)) == WRONG


def test_five_failures_in_a_row_lock_the_key(caller: Caller, clock: ManualClock) -> None:
    wrong: dict[str, Any] = {"secret_key": "wrong"}
    for _attempt in range(4):
        assert refusal(caller, caller.signed(SAMPLE, **wrong)) == WRONG
    # A success in between starts the count anew.
    assert refusal(caller, caller.signed(SAMPLE)) == ""
    for _attempt in range(5):
        assert refusal(caller, caller.signed(SAMPLE, **wrong)) == WRONG
    locked = "AK access failed to reach the limit,forbidden"
    assert refusal(caller, caller.signed(SAMPLE)) == locked
    # The other pair is not locked with it.
    assert refusal(caller, caller.signed(SAMPLE, **TEMPORARY, X_Security_Token=credentials.SECURITY_TOKEN)) == ""
    clock.advance(299)
    assert refusal(caller, caller.signed(SAMPLE)) == locked
    clock.advance(1)
    assert refusal(caller, caller.signed(SAMPLE)) == ""


def test_a_skewed_server_refuses_good_clocks(caller: Caller, cloud: Cloud) -> None:
    cloud.skew = 3600
    assert refusal(caller, caller.signed(SAMPLE)).startswith("signature expired")
    assert refusal(caller, caller.signed(SAMPLE, off=3600.0)) == ""


def test_base_path_is_signed(clock: ManualClock) -> None:
    caller = Caller(Cloud(clock=clock, base_path="/gate/way/"), clock)
    assert refusal(caller, caller.signed("/gate/way" + SAMPLE)) == ""
    signed_without = caller.signed(SAMPLE)
    assert refusal(caller, Call("GET", "/gate/way" + SAMPLE, signed_without.headers)) == WRONG


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({}, "x-auth-token not found"),
        ({"Authorization": "Bearer x"}, "authorization header is malformed"),
        ({"X-Auth-Token": ""}, "decrypt token fail"),
        ({"X-Auth-Token": "nonsense"}, "decrypt token fail"),
        ({"X-Auth-Token": credentials.TOKEN}, ""),
    ],
)
def test_tokens(caller: Caller, headers: dict[str, str], problem: str) -> None:
    assert refusal(caller, Call("GET", SAMPLE, headers)) == problem


def test_tokens_expire_and_are_revoked(caller: Caller, cloud: Cloud, clock: ManualClock) -> None:
    token = cloud.tokens.issue(credentials.PROJECT_ID, clock.wall() + 60)
    call = Call("GET", SAMPLE, {"X-Auth-Token": token.value})
    clock.advance(59.9)
    assert refusal(caller, call) == ""
    clock.advance(0.1)
    assert refusal(caller, call) == "decrypt token fail"
    cloud.revoke_tokens()
    assert refusal(caller, Call("GET", SAMPLE, {"X-Auth-Token": credentials.TOKEN})) == "decrypt token fail"


@pytest.mark.parametrize(
    ("provider", "status", "code"), [("cph", 400, "CPS.0001"), ("ims", 403, "APIGW.0302"), ("dws", 403, "APIGW.0302")]
)
def test_callers_keep_to_their_projects(
    caller: Caller, cloud: Cloud, clock: ManualClock, provider: str, status: int, code: str
) -> None:
    other = job_target(provider, "x", credentials.OTHER_PROJECT_ID)
    unscoped = cloud.tokens.issue(None, clock.wall() + 60).value
    for call in (
        Call("GET", other, {"X-Auth-Token": credentials.TOKEN}),
        Call("GET", job_target(provider, "x"), {"X-Auth-Token": unscoped}),
        caller.signed(other, X_Project_Id=credentials.PROJECT_ID),
        caller.signed(job_target(provider, "x", "nobody's")),
    ):
        answer = caller.send(call)
        assert (answer.status, answer.body["error_code"]) == (status, code)
    # Keys without X-Project-Id may ask in every project of the account: there the job is merely unknown.
    assert caller.send(caller.signed(other)).body != answer.body


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/v1/p/cloud-phone/jobs/"),
        ("GET", "/v9/p/jobs/x"),
        ("PUT", SAMPLE),
        ("GET", "/nowhere"),
        ("GET", "/x/y"),
    ],
)
def test_what_no_service_has(caller: Caller, method: str, target: str) -> None:
    answer = caller.send(Call(method, target, {"X-Auth-Token": credentials.TOKEN}))
    assert (answer.status, answer.body["error_code"]) == (404, "APIGW.0101")


def test_every_answer_of_huawei_has_a_request_id(caller: Caller) -> None:
    one, two = caller.get(SAMPLE), caller.get("/nowhere")
    assert len({one.headers["X-Request-Id"], two.headers["X-Request-Id"]}) == 2


def test_rate_limit(clock: ManualClock) -> None:
    cloud = Cloud(clock=clock, rate=2)
    caller = Caller(cloud, clock)
    assert [caller.get(SAMPLE).status for _request in range(4)] == [200, 200, 429, 429]
    refused = caller.get(SAMPLE).body
    assert refused["error_code"] == "APIGW.0308"
    assert "policy user over ratelimit,limit:2,time:1 second" in refused["error_msg"]
    assert caller.uphone()["RetCode"] == 153
    clock.advance(1)
    assert caller.get(SAMPLE).status == 200
    assert cloud.limit.refused == 4


GOOD = {"Action": "DescribeUPhoneJob"}
TEMPORARY_UCLOUD = {"PublicKey": credentials.UCLOUD_TEMPORARY_PUBLIC_KEY}
UCLOUD: list[tuple[str, dict[str, str], int]] = [
    ("signed", sign_ucloud(GOOD), 0),
    ("signed in capitals", {**sign_ucloud(GOOD), "Signature": sign_ucloud(GOOD)["Signature"].upper()}, 0),
    ("the project", sign_ucloud({**GOOD, "ProjectId": credentials.UCLOUD_PROJECT_ID}), 0),
    ("no action", sign_ucloud({}), 160),
    ("another action", sign_ucloud({"Action": "CreateUPhone"}), 161),
    ("no signature", {**GOOD, "PublicKey": credentials.UCLOUD_PUBLIC_KEY}, 170),
    ("a wrong signature", {**sign_ucloud(GOOD), "Signature": "0" * 40}, 171),
    ("a parameter added later", {**sign_ucloud(GOOD), "Limit": "5"}, 171),
    ("an unknown user", sign_ucloud({**GOOD, "PublicKey": "nobody"}), 172),
    ("a token that does not belong", sign_ucloud({**GOOD, "SecurityToken": "x"}), 174),
    ("an unknown project", sign_ucloud({**GOOD, "ProjectId": "org-nobody"}), 292),
]


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(("parameters", "code"), [row[1:] for row in UCLOUD], ids=[row[0] for row in UCLOUD])
def test_ucloud(caller: Caller, method: str, parameters: dict[str, str], code: int) -> None:
    text = urlencode(parameters)
    answer = caller.send(Call("POST", "/", {}, text.encode()) if method == "POST" else Call("GET", f"/?{text}", {}))
    assert (answer.status, answer.body["RetCode"]) == (200, code)
    assert {"Action", "Message"} <= set(answer.body)


def test_ucloud_temporary_pair(caller: Caller) -> None:
    parameters = {**GOOD, **TEMPORARY_UCLOUD, "SecurityToken": credentials.UCLOUD_SECURITY_TOKEN}
    signature = ucloud_signature(credentials.UCLOUD_TEMPORARY_PRIVATE_KEY, parameters)
    answer = caller.send(Call("GET", "/?" + urlencode({**parameters, "Signature": signature}), {}))
    assert answer.body["RetCode"] == 0
