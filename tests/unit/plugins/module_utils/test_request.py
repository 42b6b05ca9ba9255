# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that users write, without a network and on simulated time: what is sent, what comes of it, and the wait."""

from __future__ import annotations

import json
import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import SENDERS
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.provider import shown_options
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.request import request_module
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Exchange, Reply, offline
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence

TOKEN = {"token": "token-of-the-user", "project_id": "p", "region": "cn-north-4"}
KEYS = {"public_key": "public-key-of-the-user", "private_key": "private-key-of-the-user", "region": "r"}
CPH = {**TOKEN, "service": "cph", "method": "POST", "path": "/v1/{project_id}/reset", "body": {"a": 1}}
INSTALL = {**KEYS, "action": "InstallUPhoneAppVersion", "params": {"UPhoneIds": ["u1", "u2"]}}
WAIT_KEYS = {"jobs", "summary", "unfinished", "failed_ids", "timed_out", "elapsed", "polls", "requests"}
Server = t.Callable[[requests.PreparedRequest], Reply]


def reply(value: t.Any, status: int = 200, **headers: str) -> Reply:
    return Reply(json.dumps(value).encode(), status, {name.replace("_", "-"): text for name, text in headers.items()})


def send(
    cloud: str, given: t.Mapping[str, t.Any], server: Server, check_mode: bool = False
) -> tuple[dict[str, t.Any], t.Sequence[Exchange]]:
    """The result of a task, and what was sent."""
    module = request_module(cloud, SENDERS[cloud])
    validated = ArgumentSpecValidator(**module.spec).validate(dict(given))
    assert not validated.error_messages, validated.error_messages
    with offline(server) as outside:
        task = module.run(validated.validated_parameters, TaskContext(check_mode, {}, set(), **outside.context()))
    assert is_sentence(task.result["msg"]), task.result["msg"]
    json.dumps(task.result)
    return task.result, outside.connection.exchanges


def always(answer: Reply) -> Server:
    return lambda _request: answer


def refuse(_request: requests.PreparedRequest) -> t.NoReturn:
    raise AssertionError("a request was sent")


# What is sent


@pytest.mark.parametrize(
    ("given", "method", "url", "headers", "body"),
    [
        ({"method": "get", "body": None}, "GET", "https://cph.cn-north-4.myhuaweicloud.com/v1/p/reset", {}, None),
        ({}, "POST", "/v1/p/reset", {"Content-Type": "application/json"}, b'{"a": 1}'),
        ({"body": ["\u00fc"]}, "POST", "/v1/p/reset", {"Content-Type": "application/json"}, '["\u00fc"]'.encode()),
        ({"body": "a=b"}, "POST", "/v1/p/reset", {"Content-Type": "text/plain; charset=utf-8"}, b"a=b"),
        ({"body": "<a/>", "headers": {"content-type": "text/xml"}}, "POST", "/reset", {"content-type": "text/xml"},
         b"<a/>"),
        ({"body": {}}, "POST", "/v1/p/reset", {}, b"{}"),
        ({"body": None, "method": "DELETE"}, "DELETE", "/v1/p/reset", {}, None),
        ({"query": {"a": [1, "b c"], "n": None, "f": False}}, "POST", "/v1/p/reset?a=1&a=b%20c&f=false", {}, None),
        ({"path": "/v1/a%2Fb/{domain_id}", "domain_id": "d"}, "POST", "/v1/a%2Fb/d", {}, None),
        ({"headers": {"X-Language": "en-us", "X-Scope": "{project_id}"}}, "POST", "", {"X-Scope": "p"}, None),
        # a brace that belongs to no placeholder stands for itself
        ({"query": {"filter": '{"a": 1}'}, "path": "/v1/{a"}, "POST", "/v1/%7Ba?filter=%7B%22a%22%3A%201%7D", {}, None),
        # what a body holds is never filled in
        ({"body": {"a": "{project_id}"}}, "POST", "/v1/p/reset", {}, b'{"a": "{project_id}"}'),
    ],
)  # fmt: skip
def test_what_is_sent(
    given: dict[str, t.Any], method: str, url: str, headers: dict[str, str], body: bytes | None
) -> None:
    _result, [exchange] = send("huaweicloud", {**CPH, **given}, always(reply({})))
    sent = exchange.request
    assert (sent.method, str(sent.url).endswith(url)) == (method, True), sent.url
    assert headers.items() <= dict(sent.headers).items()
    assert sent.headers["X-Auth-Token"] == "token-of-the-user"
    if body is not None:
        assert sent.body == body


@pytest.mark.parametrize(
    ("cloud", "given", "words"),
    [
        ("huaweicloud", {"method": "TRACE"}, "'TRACE'; it must be one of GET, HEAD"),
        ("huaweicloud", {"path": "/v1?a=b"}, "holds a ?, and so a query"),
        ("huaweicloud", {"path": "/v1/{job_id}"}, "the placeholder {job_id}, which is not known"),
        ("huaweicloud", {"headers": {"Authorization": "x"}}, "Authorization, which the task sets itself"),
        ("huaweicloud", {"service": None}, "give the option service"),
        ("huaweicloud", {"service": "nova", "until": ["succeeded"]}, "there is no provider nova"),
        ("huaweicloud", {"provider": "nova", "until": ["succeeded"]}, "there is no provider nova"),
        ("huaweicloud", {"endpoint": "https://h", "service": None, "until": ["failed"]}, "there is no provider given"),
        ("huaweicloud", {"until": ["succeeded"], "wait_options": {"city_id": "x"}}, "wait_options holds what"),
        ("huaweicloud", {"until": ["succeeded"], "interval": 60}, "interval"),
        ("huaweicloud", {"token": "a\nb"}, "token"),
        ("huaweicloud", {"body": "x" * (8 * 1024 * 1024 + 1)}, "more than 8 MiB"),
        ("ucloud", {"action": "a b"}, "no name of an action"),
        ("ucloud", {"params": {"Signature": "x"}}, "Signature, which the task sets itself"),
        ("ucloud", {"until": ["succeeded"], "wait_options": {"product_type": "x"}}, "must be one of"),
        ("ucloud", {"until": ["succeeded"], "provider": "other"}, "there is no provider other"),
    ],
)
def test_what_makes_no_sense_is_refused_before_any_request(cloud: str, given: dict[str, t.Any], words: str) -> None:
    result, _exchanges = send(cloud, {**(CPH if cloud == "huaweicloud" else INSTALL), **given}, refuse)
    assert (result["failed"], result["failure"]["kind"], result["changed"]) == (True, "invalid", False)
    assert words in result["msg"]


# What comes of it


@pytest.mark.parametrize(
    ("given", "answer", "expected"),
    [
        ({}, reply({"job_id": "j"}), {"status": 200, "json": {"job_id": "j"}, "job_ids": ["j"], "changed": True}),
        ({}, reply({}, 202), {"status": 202, "json": {}, "content": None, "job_ids": [], "changed": True}),
        ({}, Reply(b"", 204), {"status": 204, "json": None, "content": "", "changed": True}),
        ({}, Reply(b"<ok/>", 200), {"json": None, "content": "<ok/>"}),
        ({"method": "GET"}, reply({"message": "hello"}), {"changed": False, "refused": []}),
        ({"method": "PUT"}, reply({"message": "success"}), {"changed": True, "refused": []}),
        ({"method": "HEAD"}, Reply(b"", 200, {"Content-Length": "5"}), {"status": 200, "changed": False}),
        # HTTP codes that are named
        ({"status_code": [404]}, reply({}, 404), {"status": 404, "changed": True}),
        ({"status_code": [302]}, Reply(b"", 302, {"Location": "https://elsewhere"}), {"status": 302}),
        ({"status_code": [401]}, reply({}, 401), {"status": 401}),
        ({"status_code": [304], "method": "GET"}, Reply(b"", 304, {"Content-Length": "7"}), {"status": 304}),
        # headers and ids
        ({}, reply({"request_id": "of-body"}), {"request_id": "of-body"}),
        ({}, reply({"request_id": "of-body"}, X_Request_Id="of-gateway"), {"request_id": "of-gateway"}),
        ({}, reply({}, Set_Cookie="x", X_Subject_Token="y", ETag="z"), {"headers": {"etag": "z"}}),
    ],
)
def test_a_success(given: dict[str, t.Any], answer: Reply, expected: dict[str, t.Any]) -> None:
    result, [_exchange] = send("huaweicloud", {**CPH, **given}, always(answer))
    assert "failed" not in result, result["msg"]
    assert {name: result[name] for name in expected} == expected
    # the keys of a wait are there with `until` only
    assert not WAIT_KEYS & set(result)


@pytest.mark.parametrize(
    ("given", "answer", "kind", "changed", "tries", "words"),
    [
        ({}, reply({"error_code": "C.1", "error_msg": "no"}, 400), "invalid", False, 1, "HTTP 400, C.1: no"),
        ({}, reply({"error_code": "C.1", "error_msg": "no"}, 403), "permission", False, 1, "may not do this"),
        ({}, reply({}, 404), "not_found", False, 1, "the ids in it, in region cn-north-4, project p, at https://"),
        ({}, reply({}, 409), "invalid", False, 1, "HTTP 409"),
        ({}, reply({}, 401), "authentication", False, 1, "refuses the credentials"),
        ({}, reply({"error_code": "APIGW.0101", "error_msg": "no"}, 404), "service", False, 1, "check region"),
        # throttled: it was not carried out
        ({}, reply({}, 429), "service", False, 3, "HTTP 429"),
        ({}, reply({"error_code": "APIGW.0308", "error_msg": "slow"}, 429), "service", False, 3, "APIGW.0308"),
        # unclear
        ({}, reply({}, 500), "service", True, 1, "may have been carried out"),
        ({}, reply({}, 502), "service", True, 1, "may have been carried out"),
        ({}, reply({}, 503, Retry_After="1"), "service", True, 1, "may have been carried out"),
        ({}, reply({}, 408), "service", True, 1, "may have been carried out"),
        ({}, Reply(b"", 307, {"Location": "https://elsewhere/"}), "transport", True, 1, "may have been carried out"),
        # what changes nothing is tried again
        ({"method": "GET"}, reply({}, 503), "service", False, 3, "HTTP 503"),
        ({"method": "HEAD"}, reply({}, 500), "service", False, 3, "HTTP 500"),
        ({"method": "GET"}, reply({}, 404), "not_found", False, 1, "HTTP 404"),
        # a success that was not named
        ({"status_code": [202]}, reply({"job_id": "j"}), "invalid", True, 1, "which is not in status_code (202)"),
        # refused in spite of HTTP 200
        ({}, reply({"error_code": "C.1", "error_msg": "no"}), "service", False, 1, "C.1: no"),
        (
            {},
            reply({"jobs": [{"phone_id": "p1", "job_id": "j"}, {"phone_id": "p2", "error_code": "C.2"}]}),
            "service",
            True,
            1,
            "1 of 2 items at submit: phone_id p2 (C.2)",
        ),
    ],
)
def test_a_failure(given: dict[str, t.Any], answer: Reply, kind: str, changed: bool, tries: int, words: str) -> None:
    result, exchanges = send("huaweicloud", {**CPH, **given}, always(answer))
    assert (result["failed"], result["failure"]["kind"], result["changed"]) == (True, kind, changed), result["msg"]
    assert len(exchanges) == tries
    assert words in result["msg"]
    if answer.status not in range(300, 400):
        assert result["status"] == answer.status
        assert result["json"] == json.loads(answer.body)


@pytest.mark.parametrize(
    ("action", "answer", "kind", "changed", "tries", "words"),
    [
        ("InstallX", {"RetCode": 0, "JobId": "j"}, "", True, 1, "HTTP 200"),
        ("DescribeX", {"RetCode": 0}, "", False, 1, "HTTP 200"),
        ("CheckX", {"RetCode": 150, "Message": "busy"}, "service", False, 3, "RetCode 150"),
        ("InstallX", {"RetCode": 153, "Message": "slow"}, "service", False, 3, "RetCode 153"),
        ("InstallX", {"RetCode": 150, "Message": "busy"}, "service", True, 1, "may have been carried out"),
        ("InstallX", {"RetCode": 110, "Message": "busy"}, "service", True, 1, "may have been carried out"),
        ("InstallX", {"RetCode": 130, "Message": "busy"}, "service", True, 1, "may have been carried out"),
        ("InstallX", {"RetCode": 171, "Message": "who"}, "authentication", False, 1, "check public_key"),
        ("InstallX", {"RetCode": 299, "Message": "no"}, "permission", False, 1, "may not do this"),
        ("InstallX", {"RetCode": 8039, "Message": "no"}, "service", False, 1, "RetCode 8039, no"),
        ("InstallX", {}, "service", True, 1, "without a RetCode"),
    ],
)
def test_an_action_of_ucloud(
    action: str, answer: dict[str, t.Any], kind: str, changed: bool, tries: int, words: str
) -> None:
    result, exchanges = send("ucloud", {**INSTALL, "action": action}, always(reply(answer)))
    assert (result.get("failure", {}).get("kind", ""), result["changed"]) == (kind, changed), result["msg"]
    assert len(exchanges) == tries
    assert words in result["msg"]
    form = parse_qs(t.cast("bytes", exchanges[0].request.body).decode())
    assert (form["Action"], form["UPhoneIds.1"]) == ([action], ["u2"])


# The wait


def cph(*states: int, submit: t.Any = None, status: int = 200) -> Server:
    """CPH, which accepts work as one job for each of these statuses."""
    jobs = [{"phone_id": f"p{number}", "job_id": f"j{number}"} for number in range(len(states))]
    accepted = {"request_id": "r", "jobs": jobs} if submit is None else submit

    def server(request: requests.PreparedRequest) -> Reply:
        if request.method == "POST":
            return reply(accepted, status, X_Request_Id="of-gateway")
        name = urlsplit(str(request.url)).path.rpartition("/")[2]
        return reply({"job_id": name, "status": states[int(name[1:])]})

    return server


@pytest.mark.parametrize(
    ("given", "server", "kind", "states", "words"),
    [
        ({}, cph(2), "", ["succeeded"], "1 succeeded"),
        ({}, cph(2, 2), "", ["succeeded", "succeeded"], "2 succeeded"),
        ({}, cph(2, -1), "job_failed", ["succeeded", "failed"], "1 of 2 jobs failed: j1;"),
        ({"timeout": 20}, cph(2, 1), "timeout", ["succeeded", "running"], "still running: j1;"),
        ({"until": ["finished"]}, cph(-1), "", ["failed"], "1 failed"),
        # parts that were refused fail the task, after the others have been waited for
        (
            {},
            cph(2, submit={"jobs": [{"phone_id": "a", "job_id": "j0"}, {"phone_id": "b", "error_code": "C.2"}]}),
            "service",
            ["succeeded"],
            "phone_id b (C.2)",
        ),
        (
            {},
            cph(-1, submit={"jobs": [{"phone_id": "a", "job_id": "j0"}, {"phone_id": "b", "error_code": "C.2"}]}),
            "job_failed",
            ["failed"],
            "phone_id b (C.2)",
        ),
        ({}, cph(submit={"jobs": [{"phone_id": "b", "error_code": "C.2"}]}), "service", [], "phone_id b (C.2)"),
        # no job
        ({}, cph(submit={"server_id": "s"}), "invalid", [], "the answer names none"),
        ({}, cph(submit=["nothing"]), "invalid", [], "the answer names none"),
        ({}, cph(submit={"job_id": "j0"}, status=500), "service", [], "may have been carried out"),
        ({"status_code": [202]}, cph(2), "invalid", [], "not in status_code"),
    ],
)
def test_a_wait(given: dict[str, t.Any], server: Server, kind: str, states: list[str], words: str) -> None:
    result, exchanges = send("huaweicloud", {**CPH, "until": ["succeeded"], **given}, server)
    assert result.get("failure", {}).get("kind", "") == kind, result["msg"]
    assert [job["state"] for job in result["jobs"]] == states
    assert words in result["msg"]
    assert set(result) >= WAIT_KEYS
    assert (result["changed"], result["requests"]) == (words != "phone_id b (C.2)" or states != [], len(exchanges))
    assert [exchange.request.method for exchange in exchanges].count("POST") == 1


def test_the_ids_are_there_whatever_happens_in_the_wait() -> None:
    def server(request: requests.PreparedRequest) -> Reply:
        return reply({"job_id": "j0"}) if request.method == "POST" else reply({}, 403)

    result, _exchanges = send("huaweicloud", {**CPH, "until": ["succeeded"]}, server)
    assert (result["failure"]["kind"], result["job_ids"], result["unfinished"]) == ("permission", ["j0"], ["j0"])
    assert (result["changed"], result["status"]) == (True, 200)


def test_the_jobs_leave_out_what_the_service_said() -> None:
    for given in ({"include_raw": False}, {"wait_options": {"include_raw": False}}):
        result, _exchanges = send("huaweicloud", {**CPH, "until": ["succeeded"], **given}, cph(-1))
        assert ("raw" in result["jobs"][0], result["failed_ids"]) == (False, ["j0"])


def test_the_timeout_bounds_submit_and_wait_together() -> None:
    def server(request: requests.PreparedRequest) -> Reply:
        return reply({"job_id": "j0"}) if request.method == "POST" else reply({"job_id": "j0", "status": 1})

    answers = [reply({}, 429, Retry_After="6"), reply({}, 429, Retry_After="6")]
    result, exchanges = send(
        "huaweicloud",
        {**CPH, "until": ["succeeded"], "timeout": 30},
        lambda request: answers.pop(0) if answers else server(request),
    )
    assert (result["failure"]["kind"], result["timed_out"]) == ("timeout", True)
    assert 30 <= exchanges[-1].moment <= 32
    assert 30 <= result["elapsed"] <= 32


def test_a_pause_that_outlasts_the_timeout_is_not_waited_for() -> None:
    result, [_exchange] = send(
        "huaweicloud", {**CPH, "until": ["succeeded"], "timeout": 5}, always(reply({}, 429, Retry_After="60"))
    )
    assert (result["failure"]["kind"], result["changed"]) == ("service", False)


def test_one_login_serves_request_and_wait() -> None:
    def server(request: requests.PreparedRequest) -> Reply:
        path = urlsplit(str(request.url)).path
        if path == "/v3/auth/tokens":
            return Reply(b'{"token": {"project": {"id": "p"}}}', 201, {"X-Subject-Token": "token-of-the-cloud"})
        return cph(2)(request)

    login = {"token": None, "project_id": None, "username": "u", "password": "a-password", "user_domain_name": "d"}
    result, exchanges = send("huaweicloud", {**CPH, **login, "until": ["succeeded"]}, server)
    assert [exchange.request.method for exchange in exchanges] == ["POST", "POST", "GET"], result["msg"]


def test_the_jobs_of_ucloud_are_waited_for() -> None:
    def server(request: requests.PreparedRequest) -> Reply:
        form = parse_qs(t.cast("bytes", request.body).decode())
        if form["Action"] == ["InstallUPhoneAppVersion"]:
            return reply({"RetCode": 0, "JobId": "uj"}, X_UCLOUD_REQUEST_UUID="uuid")
        assert (form["Action"], form["JobIds.0"], form["CityId"]) == (["DescribeUPhoneJob"], ["uj"], ["c"])
        return reply({"RetCode": 0, "Jobs": [{"JobId": "uj", "State": "SUCCESS"}]})

    given = {**INSTALL, "until": ["succeeded"], "wait_options": {"city_id": "c"}}
    result, _exchanges = send("ucloud", given, server)
    assert (result["jobs"][0]["state"], result["request_id"], result["changed"]) == ("succeeded", "uuid", True)


def test_what_a_request_starts_can_be_waited_for_as_the_task_declares() -> None:
    def server(request: requests.PreparedRequest) -> Reply:
        if request.method == "POST":
            return reply({"job_id": "peering-1"})
        assert str(request.url).endswith("/v2.0/vpc/peerings/peering-1")
        assert "X-Own" not in request.headers
        return reply({"peering": {"status": "ACTIVE"}})

    shape = {"job": "peering", "status": "status", "states": {"succeeded": ["ACTIVE"]}}
    given = {**CPH, "service": "vpc", "provider": "huaweicloud", "headers": {"X-Own": "x"}, "until": ["succeeded"]}
    given["wait_options"] = {"path": "/v2.0/vpc/peerings/{job_id}", "shape": shape}
    result, _exchanges = send("huaweicloud", given, server)
    assert result["jobs"][0]["state"] == "succeeded", result["msg"]


# Check mode


@pytest.mark.parametrize(
    ("cloud", "given"),
    [
        ("huaweicloud", {}),
        ("huaweicloud", {"until": ["succeeded"]}),
        ("huaweicloud", {"method": "DELETE"}),
        ("ucloud", {}),
        ("ucloud", {"until": ["succeeded"]}),
    ],
)
def test_check_mode_sends_nothing_that_changes_something(cloud: str, given: dict[str, t.Any]) -> None:
    result, _exchanges = send(cloud, {**(CPH if cloud == "huaweicloud" else INSTALL), **given}, refuse, True)
    assert (result["changed"], result["job_ids"], result["jobs"]) == (True, [], [])
    assert "failed" not in result
    assert "was not sent" in result["msg"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_check_mode_sends_what_changes_nothing(method: str) -> None:
    result, [_exchange] = send("huaweicloud", {**CPH, "method": method}, always(Reply(b"")), True)
    assert (result["status"], result["changed"]) == (200, False)


# Secrets


def test_secrets_of_the_content_are_masked_by_their_names() -> None:
    body = {"server": {"adminPass": "Hunter2-Hunter2", "name": "plain-name", "pass_word": "abc", "token": True}}
    echo = reply({"server": body["server"], "note": "adminPass is Hunter2-Hunter2", "token": "the-answers-own"})
    result, _exchanges = send("huaweicloud", {**CPH, "body": body}, always(echo))
    told = json.dumps(result)
    assert "Hunter2" not in told
    assert result["json"]["server"]["pass_word"] == "********"
    assert result["json"]["server"]["name"] == "plain-name"
    assert result["json"]["token"] == "the-answers-own"


@pytest.mark.parametrize(
    ("given", "secrets", "shown"),
    [
        ({"body": {"user_password": "long-secret"}}, {"long-secret"}, {"user_password": "********"}),
        ({"body": {"passwd": ["long-1-secret", 1234567]}}, {"long-1-secret", "1234567"}, {"passwd": ["********"] * 2}),
        ({"body": {"Secret-Key": {"a": "long-secret"}}}, {"long-secret"}, {"Secret-Key": {"a": "********"}}),
        ({"body": {"private_key": "abc"}}, set(), {"private_key": "********"}),
        ({"body": '{"token": "long-secret", "a": 1}'}, {"long-secret"}, '{"token": "********", "a": 1}'),
        ({"body": "a=1&password=long-secret"}, {"long-secret"}, "a=1&password=%2A%2A%2A%2A%2A%2A%2A%2A"),
        ({"body": "long text, not a form"}, set(), "long text, not a form"),
        ({"body": {"name": "long-name"}}, set(), {"name": "long-name"}),
    ],
)
def test_what_is_shown_of_a_body(given: dict[str, t.Any], secrets: set[str], shown: t.Any) -> None:
    module = request_module("huaweicloud", SENDERS["huaweicloud"])
    assert module.secrets is not None
    assert module.secrets({**CPH, **given}) == {"token-of-the-user"} | secrets
    assert shown_options(module.spec["argument_spec"], {**CPH, **given})["body"] == shown
