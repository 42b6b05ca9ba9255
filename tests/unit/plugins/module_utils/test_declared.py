# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs that a user declares in a task, without a network and on simulated time."""

from __future__ import annotations

import json
import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import module_of
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.providers import provider_of
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Exchange, Reply, offline
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence

HUAWEICLOUD = """
    service: vpc
    region: cn-north-4
    token: token-of-the-user
    path: /v2.0/vpc/peerings/{job_id}
    job_ids: [p1]
    shape: {job: peering, status: status, states: {pending: [WAITING], succeeded: [ACTIVE], failed: [REJECTED]}}
"""
UCLOUD = """
    public_key: public-key-of-the-user
    private_key: private-key-of-the-user
    action: DescribeThing
    ids: ThingId
    jobs: Thing
    job_ids: [t1]
    shape: {status: State, states: {running: [1], succeeded: [2], failed: ["3"]}}
"""
CLOUDS = {"huaweicloud": HUAWEICLOUD, "ucloud": UCLOUD}


def given(cloud: str, changes: str = "") -> dict[str, t.Any]:
    """Options in YAML, as a user writes them, with changes; those of `shape` one by one."""
    options, changed = yaml.safe_load(CLOUDS[cloud]), yaml.safe_load(changes) or {}
    shape = {**options["shape"], **changed.pop("shape", {})}
    return {**options, **changed, "shape": {name: value for name, value in shape.items() if value is not None}}


def run(
    cloud: str, options: t.Mapping[str, t.Any], server: t.Callable[[requests.PreparedRequest], Reply]
) -> tuple[dict[str, t.Any], t.Sequence[Exchange]]:
    """The result of a task, or what Ansible's validation says; and what was sent."""
    module = module_of(provider_of(cloud))
    validated = ArgumentSpecValidator(**module.spec).validate(dict(options))
    if validated.error_messages:
        return {"failed": True, "msg": validated.error_messages[0]}, ()
    with offline(server) as outside:
        task = module.run(validated.validated_parameters, TaskContext(False, {}, set(), **outside.context()))
    return task.result, outside.connection.exchanges


def refuse(_request: requests.PreparedRequest) -> t.NoReturn:
    raise AssertionError("a request was sent")


@pytest.mark.parametrize(
    ("cloud", "changes", "words"),
    [
        # states
        ("huaweicloud", "shape: {states: {}}", "shape.states is empty"),
        ("huaweicloud", "shape: {states: {done: [ACTIVE]}}", "'done', which is no state; the states are pending"),
        ("huaweicloud", "shape: {states: {not_found: [GONE]}}", "'not_found', which is no state"),
        ("huaweicloud", "shape: {states: {succeeded: [A], failed: [A]}}", "'A' under succeeded and under failed"),
        ("huaweicloud", "shape: {states: {succeeded: [2], failed: ['2']}}", "'2' under succeeded and under failed"),
        ("huaweicloud", "shape: {states: {failed: [NO]}}", "False under failed, which YAML makes of words such as NO"),
        ("huaweicloud", "shape: {states: {failed: ON}}", 'put the value in quotes, as in "NO"'),
        ("huaweicloud", "shape: {states: {failed: [null]}}", "None under failed; a value must be a text"),
        ("huaweicloud", "shape: {states: {failed: [1.5]}}", "1.5 under failed"),
        ("huaweicloud", "shape: {states: {failed: [{a: 1}]}}", "a value must be a text or a whole number"),
        ("huaweicloud", "shape: {status: null}", "missing required arguments: status"),
        ("huaweicloud", "shape: {status: []}", "shape.status is an empty list"),
        ("huaweicloud", "shape: {absent: running}", "must be one of: succeeded, partially_succeeded, failed"),
        ("huaweicloud", "shape: {stats: a}", "shape.stats"),
        # paths in the answer
        ("huaweicloud", "shape: {status: 'a..b'}", "'a..b', which is no path; write it as a.b"),
        ("huaweicloud", "shape: {id: 'a[0]'}", "shape.id holds 'a[0]', which is no path"),
        ("huaweicloud", "shape: {job: 'a b'}", "shape.job holds 'a b', which is no path"),
        ("huaweicloud", "shape: {resources: {disk: [a]}}", "shape.resources.disk holds ['a'], which is no path"),
        ("huaweicloud", "shape: {job: 'peerings[]'}", "name its place with shape.id"),
        # the request
        ("huaweicloud", "path: /v2.0/vpc/peerings", "does not say which job is meant; put {job_id}"),
        ("huaweicloud", "path: 'v2.0/{job_id}'", "must begin with a slash"),
        ("huaweicloud", "path: '/v2.0/{job_id}?limit=1'", "holds a ?, and so a query; give it with the option query"),
        ("huaweicloud", "path: '/v2.0/{job_id}#a'", "holds a #, and so a fragment"),
        ("huaweicloud", "path: '/v2.0/../{job_id}'", "a segment of dots"),
        ("huaweicloud", "path: '/v2.0/%2e%2E/{job_id}'", "a segment of dots"),
        ("huaweicloud", "path: '/v2.0/{server_id}/{job_id}'", "the placeholder {server_id}, which is not known"),
        ("huaweicloud", "path: '/v2.0/{job_id'", "does not say which job is meant; put {job_id}"),
        ("huaweicloud", "path: '/v2.0/{job_id!r}'", "does not say which job is meant; put {job_id}"),
        ("huaweicloud", "query: {a: {b: c}}", "query.a must be a text or a number, not of type dict"),
        ("huaweicloud", "headers: {Authorization: x}", "Authorization, which the task sets itself"),
        ("huaweicloud", "headers: {x-auth-TOKEN: x}", "x-auth-TOKEN, which the task sets itself"),
        ("huaweicloud", "headers: {X_Auth_Token: x}", "X_Auth_Token, which the task sets itself"),
        ("huaweicloud", "headers: {X-Sdk-Date: x}", "X-Sdk-Date, which the task sets itself"),
        ("huaweicloud", "headers: {Proxy-Connection: x}", "Proxy-Connection, which the task sets itself"),
        ("huaweicloud", "headers: {Host: x}", "Host, which the task sets itself"),
        ("huaweicloud", "headers: {a b: x}", "'a b', which is no name of a header"),
        ("huaweicloud", "headers: {a: x, A: y}", "A twice"),
        ("huaweicloud", 'headers: {a: "x\\r\\nb: y"}', "headers.a holds a line break"),
        ("huaweicloud", "headers: {a: ü}", "headers.a holds a line break or another character"),
        ("huaweicloud", "service: vpc/x", "'vpc/x', which is no part of a host name"),
        ("huaweicloud", "service: null", "give the option service, such as ecs, or the option endpoint"),
        ("huaweicloud", "{not_found_codes: [A.1], retry_codes: [A.1]}", "A.1 stands in not_found_codes and in retry"),
        ("huaweicloud", "job_ids: []", "is an empty list"),
        # UCloud
        ("ucloud", "action: 'a b'", "'a b', which is no name of an action"),
        ("ucloud", "ids: null", "is no name of a parameter for ids"),
        ("ucloud", "ids: Signature", "which is no name of a parameter for ids"),
        ("ucloud", "params: {publickey: x}", "publickey, which the task sets itself"),
        ("ucloud", "params: {ThingId: x}", "takes the ids and stands in params, too"),
        ("ucloud", "params: {'a&b': x}", "'a&b', which is no name of a parameter"),
        ("ucloud", "per_call: 2", "name their place with shape.id"),
        ("ucloud", "per_call: 0", "must be 1 to 1000 ids"),
        ("ucloud", "jobs: 'Things[]'", "name their place with shape.id"),
    ],
)
def test_what_makes_no_sense_is_refused_before_any_request(cloud: str, changes: str, words: str) -> None:
    result, _exchanges = run(cloud, given(cloud, changes), refuse)
    assert result["failed"] is True
    assert words in result["msg"]


PEERING = {"id": "p1", "status": "ACTIVE"}
OTHER = {"id": "p2", "status": "REJECTED"}
ABSENT = "shape: {absent: succeeded, id: id}"
LIST = "shape: {job: peerings, id: id}"
ABSENT_LIST = "shape: {job: peerings, id: id, absent: succeeded}"


@pytest.mark.parametrize(
    ("changes", "status", "answer", "state", "kind"),
    [
        ("", 200, {"peering": PEERING}, "succeeded", ""),
        ("", 202, {"peering": PEERING}, "succeeded", ""),
        ("", 200, {"peering": {"status": "WAITING"}}, "pending", ""),
        ("", 200, {"peering": {"status": "REJECTED"}}, "failed", ""),
        # what is not declared is no verdict
        ("", 200, {"peering": {"status": "active"}}, "unknown", ""),
        ("", 200, {"peering": {"status": None}}, "unknown", ""),
        ("", 200, {"peering": {"status": True}}, "unknown", ""),
        ("", 200, {"peering": {"status": ["ACTIVE"]}}, "unknown", ""),
        ("", 200, {"peering": "ACTIVE"}, "unknown", ""),
        ("", 200, ["ACTIVE"], "unknown", ""),
        # a number and its text are the same value
        ("shape: {states: {succeeded: [2]}}", 200, {"peering": {"status": "2"}}, "succeeded", ""),
        ("shape: {states: {succeeded: ['2']}}", 200, {"peering": {"status": 2}}, "succeeded", ""),
        # several places: the first that holds something; several values that differ are none
        ("shape: {status: [state, status]}", 200, {"peering": PEERING}, "succeeded", ""),
        ("shape: {status: 'parts[].s'}", 200, {"peering": {"parts": [{"s": "ACTIVE"}] * 2}}, "succeeded", ""),
        (
            "shape: {status: 'parts[].s'}",
            200,
            {"peering": {"parts": [{"s": "ACTIVE"}, {"s": "REJECTED"}]}},
            "unknown",
            "",
        ),
        # the answer itself
        ("shape: {job: null}", 200, {"status": "ACTIVE"}, "succeeded", ""),
        # a list: the item with the asked id, and no other
        (LIST, 200, {"peerings": [OTHER, PEERING]}, "succeeded", ""),
        ("shape: {job: 'peerings[]', id: id}", 200, {"peerings": [OTHER, PEERING]}, "succeeded", ""),
        (LIST, 200, {"peerings": [OTHER]}, "not_found", ""),
        (LIST, 200, {"peerings": []}, "not_found", ""),
        ("shape: {job: peerings}", 200, {"peerings": [PEERING]}, "unknown", "invalid"),
        ("shape: {id: id}", 200, {"peering": OTHER}, "unknown", "service"),
        # nothing there
        ("", 200, {"peering": None}, "not_found", ""),
        ("", 200, {}, "not_found", ""),
        ("", 404, {"error_code": "VPC.0202", "error_msg": "no such peering"}, "not_found", ""),
        ("not_found_codes: [VPC.0001]", 400, {"code": "VPC.0001", "message": "gone"}, "not_found", ""),
        ("not_found_codes: [VPC.0001]", 400, {"code": "VPC0001", "message": "gone"}, "not_found", ""),
        # what absence stands for counts where the service itself tells of it
        (ABSENT, 404, {"error_code": "VPC.0202", "error_msg": "no such peering"}, "succeeded", ""),
        (ABSENT, 200, {}, "succeeded", ""),
        (ABSENT, 200, {"peering": None}, "succeeded", ""),
        (ABSENT_LIST, 200, {"peerings": []}, "succeeded", ""),
        (ABSENT_LIST, 200, {"peerings": [OTHER]}, "not_found", ""),
        (ABSENT + "\nnot_found_codes: [VPC.0001]", 400, {"code": "VPC.0001", "message": "gone"}, "succeeded", ""),
        (ABSENT, 404, {"error_code": "APIG.0101", "error_msg": "no such API"}, "unknown", "service"),
        (ABSENT, 404, "<html>", "not_found", ""),
        (ABSENT, 401, {"error_code": "X", "error_msg": "who?"}, "unknown", "authentication"),
        (ABSENT, 403, {"error_code": "X", "error_msg": "no"}, "unknown", "permission"),
        (ABSENT, 500, {"error_code": "X", "error_msg": "oh"}, "unknown", "service"),
        # codes
        ("retry_codes: [VPC.0002]", 400, {"code": "VPC.0002", "message": "later"}, "unknown", "service"),
        # an error in spite of HTTP 200
        ("", 200, {"error_code": "VPC.0009", "error_msg": "broken"}, "unknown", "service"),
    ],
)
def test_what_an_answer_says(changes: str, status: int, answer: t.Any, state: str, kind: str) -> None:
    body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
    result, exchanges = run("huaweicloud", given("huaweicloud", changes), lambda _request: Reply(body, status))
    assert (result["jobs"][0]["state"], result.get("failure", {}).get("kind", "")) == (state, kind)
    assert (result["jobs"][0]["provider"], result["jobs"][0]["job_id"]) == ("vpc", "p1")
    assert is_sentence(result["msg"])
    # what may succeed later is tried three times
    assert len(exchanges) == (3 if (kind == "service" and "error_code" not in answer) or status == 500 else 1)


@pytest.mark.parametrize(
    ("changes", "url", "headers"),
    [
        ("", "https://vpc.cn-north-4.myhuaweicloud.com/v2.0/vpc/peerings/p1", {}),
        ("{endpoint: 'https://host/base'}", "https://host/base/v2.0/vpc/peerings/p1", {}),
        ("{path: '/v1/{project_id}/{job_id}', project_id: pr}", "/v1/pr/p1", {}),
        ("{path: '/v1/{domain_id}/{job_id}', domain_id: do}", "/v1/do/p1", {}),
        ("{path: '/v1/a%2fb c/{job_id}'}", "/v1/a%2Fb%20c/p1", {}),
        ("{path: /v1, query: {id: '{job_id}', limit: 1, all: true, none: null, tag: [a, b]}}",
         "/v1?id=p1&limit=1&all=true&tag=a&tag=b", {}),
        ("{path: /v1, query: {id: '{job_id}'}, job_ids: ['a&b/c']}", "/v1?id=a%26b%2Fc", {}),
        ("{path: '/v1/{job_id}', job_ids: ['a&b/c']}", "/v1/a%26b%2Fc", {}),
        ("{path: /v1, headers: {X-Job: '{job_id}', X-Number: 5}, job_ids: ['ü']}", "/v1",
         {"X-Job": "%C3%BC", "X-Number": "5"}),
    ],
)  # fmt: skip
def test_the_request(changes: str, url: str, headers: dict[str, str]) -> None:
    def answer(_request: requests.PreparedRequest) -> Reply:
        return Reply(b'{"peering": {"status": "ACTIVE"}}')

    _result, [exchange] = run("huaweicloud", given("huaweicloud", changes), answer)
    assert str(exchange.request.url).endswith(url)
    assert headers.items() <= dict(exchange.request.headers).items()
    assert exchange.request.headers["X-Auth-Token"] == "token-of-the-user"


@pytest.mark.parametrize(
    ("login", "asked"),
    [
        # what the login tells is not looked up
        ("{token: null, username: u, password: a-password, user_domain_name: d}", ["/v3/auth/tokens"]),
        ("{token: t}", ["/v3/auth/domains"]),
        ("{token: t, domain_id: told}", []),
    ],
)
def test_the_domain_is_given_told_or_looked_up(login: str, asked: list[str]) -> None:
    def answer(request: requests.PreparedRequest) -> Reply:
        path = urlsplit(str(request.url)).path
        if path == "/v3/auth/tokens":
            body = {"token": {"project": {"id": "p", "domain": {"id": "told"}}}}
            return Reply(json.dumps(body).encode(), 201, {"X-Subject-Token": "token-of-the-cloud"})
        if path == "/v3/auth/domains":
            return Reply(b'{"domains": [{"id": "told", "name": "d"}]}')
        return Reply(b'{"peering": {"status": "ACTIVE"}}')

    options = {**given("huaweicloud", "path: '/v1/{domain_id}/{job_id}'"), **yaml.safe_load(login)}
    result, exchanges = run("huaweicloud", options, answer)
    assert [urlsplit(str(each.request.url)).path for each in exchanges] == [*asked, "/v1/told/p1"], result["msg"]


@pytest.mark.parametrize(
    ("changes", "answer", "states"),
    [
        ("", {"RetCode": 0, "Thing": {"State": 2}}, ["succeeded"]),
        ("", {"RetCode": 0, "Thing": {"State": "3"}}, ["failed"]),
        ("jobs: null", {"RetCode": 0, "State": 1}, ["running"]),
        ("{jobs: Things, shape: {id: Id}}", {"RetCode": 0, "Things": [{"Id": "t2", "State": 3}]}, ["not_found"]),
        (
            "{jobs: Things, shape: {id: Id}}",
            {"RetCode": 0, "Things": [{"Id": "t2", "State": 3}, {"Id": "t1", "State": 2}]},
            ["succeeded"],
        ),
        ("", {"RetCode": 0}, ["not_found"]),
        ("shape: {absent: succeeded}", {"RetCode": 0}, ["succeeded"]),
        ("{jobs: Things, shape: {absent: succeeded, id: Id}}", {"RetCode": 0, "Things": []}, ["succeeded"]),
        ("{shape: {absent: succeeded}, not_found_codes: [8039]}", {"RetCode": 8039, "Message": "gone"}, ["succeeded"]),
        ("{not_found_codes: [8039]}", {"RetCode": 8039, "Message": "gone"}, ["not_found"]),
        (
            "{ids: ThingIds, per_call: 2, jobs: Things, job_ids: [t1, t2], shape: {id: Id}}",
            {"RetCode": 0, "Things": [{"Id": "t2", "State": 3}, {"Id": "t1", "State": 2}]},
            ["succeeded", "failed"],
        ),
    ],
)
def test_what_an_answer_of_ucloud_says(changes: str, answer: t.Any, states: list[str]) -> None:
    body = json.dumps(answer).encode()
    result, [exchange] = run("ucloud", given("ucloud", changes), lambda _request: Reply(body))
    assert [job["state"] for job in result["jobs"]] == states, result["msg"]
    form = {name: value for name, [value] in parse_qs(str(t.cast("bytes", exchange.request.body).decode())).items()}
    many = "per_call" in changes
    assert form["Action"] == "DescribeThing"
    assert form.get("ThingIds.1" if many else "ThingId") == ("t2" if many else "t1")
    assert ("Limit" in form) == many


def test_parameters_are_sent_flat() -> None:
    options = given("ucloud", "params: {Zone: z, Tags: [a, {B: true}], Deep: {C: [1]}, None: null}")
    _result, [exchange] = run("ucloud", options, lambda _request: Reply(b'{"RetCode": 0, "Thing": {"State": 2}}'))
    form = parse_qs(t.cast("bytes", exchange.request.body).decode())
    sent = {name: value for name, [value] in form.items() if name.split(".")[0] in ("Zone", "Tags", "Deep", "None")}
    assert sent == {"Zone": "z", "Tags.0": "a", "Tags.1.B": "true", "Deep.C.0": "1"}


def test_a_code_for_several_ids_is_asked_about_one_by_one() -> None:
    def answer(request: requests.PreparedRequest) -> Reply:
        form = parse_qs(t.cast("bytes", request.body).decode())
        asked = [value for name, [value] in form.items() if name.startswith("ThingIds")]
        if "t1" in asked:
            return Reply(b'{"RetCode": 8039, "Message": "gone"}')
        return Reply(json.dumps({"RetCode": 0, "Things": [{"Id": asked[0], "State": 2}]}).encode())

    changes = "{ids: ThingIds, per_call: 2, jobs: Things, job_ids: [t1, t2], shape: {id: Id}, not_found_codes: [8039]}"
    result, exchanges = run("ucloud", given("ucloud", changes), answer)
    assert [job["state"] for job in result["jobs"]] == ["not_found", "succeeded"], result["msg"]
    assert len(exchanges) == 3


def test_a_deletion_is_waited_for() -> None:
    answers = [Reply(b'{"peering": {"status": "WAITING"}}')] * 3
    answers.append(Reply(b'{"error_code": "VPC.0202", "error_msg": "no such peering"}', 404))
    result, exchanges = run(
        "huaweicloud", given("huaweicloud", "{until: succeeded, shape: {absent: succeeded}}"),
        lambda _request: answers.pop(0),
    )  # fmt: skip
    assert (result["jobs"][0]["state"], len(exchanges)) == ("succeeded", 4)
    assert "failed" not in result


def test_secrets_in_query_and_headers_are_told_by_their_names() -> None:
    options = {
        **given("huaweicloud"),
        "headers": {"X-Api-Secret": "header-secret", "X-Other": "plain-header"},
        "query": {"accessToken": "query-secret", "limit": 5},
    }
    module = module_of(provider_of("huaweicloud"))
    assert module.secrets is not None
    assert module.secrets(options) == {"token-of-the-user", "header-secret", "query-secret"}
