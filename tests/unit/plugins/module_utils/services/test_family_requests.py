# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declarations of the family need of requests, errors and waits: made-up services, on simulated time."""

from __future__ import annotations

import dataclasses
import json
import typing as t

import pytest
import requests
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import State
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import (
    ErrorClass,
    HuaweiCloudService,
    JobMapping,
    Option,
    Service,
    UCloudService,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.names import PROVIDERS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.registry import service_of
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.provider import argument_spec
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Finished, Reply
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import run as run_offline

TOKEN = {"token": "token-of-the-user", "project_id": "p", "region": "cn-north-4", "job_ids": ["j"]}
MAPPING = JobMapping(job_id="id", status=("status",), states={"RUNNING": State.RUNNING, "SUCCESS": State.SUCCEEDED})
LAKE = HuaweiCloudService("lake", "Lake", "lake", "/v1/{project_id}/jobs/{job_id}", MAPPING, {})
KEYS = {"public_key": "public-key-of-the-user", "private_key": "private-key-of-the-user", "job_ids": ["j"]}
POND = UCloudService("pond", "UCloud Pond", "GetTask", "TaskId", "Data", 1, MAPPING)


def run(service: Service, answers: t.Sequence[tuple[t.Any, int]], **options: t.Any) -> Finished:
    """A task against a server with these answers; the last one is for all further requests."""
    verbosity = options.pop("verbosity", 0)
    spec = argument_spec(service)
    given = {**(TOKEN if service.cloud == "huaweicloud" else KEYS), **options}
    validated = ArgumentSpecValidator(**spec).validate(given)
    assert not validated.error_messages, validated.error_messages
    left = list(answers)

    def server(_request: requests.PreparedRequest) -> Reply:
        value, status = left.pop(0) if len(left) > 1 else left[0]
        return Reply(json.dumps(value).encode(), status)

    return run_offline(service, validated.validated_parameters, server, verbosity=verbosity)


GOOD = ({"id": "j", "status": "SUCCESS"}, 200)
OPTIONS = (Option("lake_id", required=True), Option("zone"), Option("kind", choices=("a", "b")))


@pytest.mark.parametrize(
    ("changes", "given", "url", "headers"),
    [
        # options of the service's own in the path, percent-encoded
        ({"path": "/v1/lakes/{lake_id}/jobs/{job_id}"}, {}, "/v1/lakes/l%2F1/jobs/j", {}),
        # what names an option that is not set is left out
        ({"query": {"zone": "{zone}", "k": "{kind}"}}, {}, "/v1/p/jobs/j", {}),
        ({"query": {"zone": "{zone}", "k": "{kind}"}}, {"kind": "a"}, "/v1/p/jobs/j?k=a", {}),
        ({"headers": {"X-Zone": "{zone}", "X-Lake": "{lake_id}"}}, {}, "/v1/p/jobs/j", {"X-Lake": "l%2F1"}),
        ({"headers": {"X-Zone": "{zone}"}}, {"zone": "z"}, "/v1/p/jobs/j", {"X-Zone": "z"}),
        # a day before the wait began
        ({"query": {"from": "{day_before}"}}, {}, "/v1/p/jobs/j?from=2022-11-08T12%3A25%3A00", {}),
        # hosts
        ({}, {}, "https://lake.cn-north-4.myhuaweicloud.com/v1/p/jobs/j", {}),
        ({"hosts": {"cn-north-4": "pool"}}, {}, "https://pool.cn-north-4.myhuaweicloud.com/v1/p/jobs/j", {}),
        ({"hosts": {"cn-south-1": "pool"}}, {}, "https://lake.cn-north-4.myhuaweicloud.com/v1/p/jobs/j", {}),
        ({"hosts": {"myhuaweicloud.com": "pool"}}, {}, "https://pool.cn-north-4.myhuaweicloud.com/v1/p/jobs/j", {}),
        ({"host": "lake.{cloud}"}, {}, "https://lake.myhuaweicloud.com/v1/p/jobs/j", {}),
        # the account in place of the project
        ({"path": "/v1/{domain_id}/jobs/{job_id}"}, {"domain_id": "d"}, "/v1/d/jobs/j", {}),
    ],
)
def test_the_request(changes: dict[str, t.Any], given: dict[str, t.Any], url: str, headers: dict[str, str]) -> None:
    service = dataclasses.replace(LAKE, options=OPTIONS, **changes)
    [exchange] = run(service, [GOOD], lake_id="l/1", **given).exchanges
    assert str(exchange.request.url).endswith(url)
    own = {name: value for name, value in exchange.request.headers.items() if name in ("X-Zone", "X-Lake")}
    assert own == headers


def test_a_key_signs_for_the_account_in_place_of_the_project() -> None:
    service = dataclasses.replace(LAKE, path="/v1/{domain_id}/jobs/{job_id}")
    keys = {"token": None, "access_key": "AK-of-the-user", "secret_key": "secret-of-the-user", "domain_id": "d"}
    [exchange] = run(service, [GOOD], **keys).exchanges
    assert exchange.request.headers["X-Domain-Id"] == "d"
    assert "X-Project-Id" not in exchange.request.headers


LOST = {"error_code": "L.1", "error_msg": "no such thing"}


@pytest.mark.parametrize(
    ("changes", "status", "state", "kind", "words"),
    [
        # a code that means different things with different HTTP codes
        ({"codes": {("L.1", 404): ErrorClass.NOT_FOUND}}, 404, "not_found", "", ""),
        ({"codes": {("L.1", 404): ErrorClass.NOT_FOUND}}, 400, "unknown", "invalid", "check the job's id"),
        ({"codes": {("L.1", 400): ErrorClass.TRANSIENT}}, 400, "unknown", "service", "HTTP 400"),
        # a login that is refused with another HTTP code than 401
        ({"codes": {"L.1": ErrorClass.AUTHENTICATION}}, 400, "unknown", "authentication", "refuses the credentials"),
        ({"codes": {"L.1": ErrorClass.NOT_FOUND}}, 401, "not_found", "", ""),
        # what is not there is what the option names
        ({"containers": {"L.1": "lake_id"}}, 404, "unknown", "invalid", "check the option lake_id"),
        ({"containers": {"L.1": "lake_id"}}, 500, "unknown", "invalid", "check the option lake_id"),
    ],
)
def test_errors(changes: dict[str, t.Any], status: int, state: str, kind: str, words: str) -> None:
    finished = run(dataclasses.replace(LAKE, options=OPTIONS, **changes), [(LOST, status)], lake_id="l")
    assert finished.result["jobs"][0]["state"] == state
    assert finished.result.get("failure", {}).get("kind", "") == kind
    assert words in finished.result["msg"]


def test_codes_of_a_service_that_look_like_the_gateways() -> None:
    """APIG.1000 is API Gateway's own refusal of a login: the gateway's codes begin with 0."""
    finished = run(LAKE, [({"error_code": "APIG.1000", "error_msg": "who?"}, 401)])
    assert finished.result["failure"]["kind"] == "authentication"
    assert "refuses the credentials" in finished.result["msg"]


def test_a_job_that_is_not_found_may_have_expired() -> None:
    service = dataclasses.replace(LAKE, missing_is_not_found=True, job="jobs[]", retention="a day")
    finished = run(service, [({"jobs": []}, 200)], until=["succeeded"])
    assert finished.result["failure"]["kind"] == "not_found"
    for text in (finished.result["msg"], finished.result["failure"]["message"]):
        assert "may have expired, as the service keeps jobs for a day only" in text


@pytest.mark.parametrize(("documented", "default"), [(None, 10), (1, 1), (50, 10)])
def test_the_documented_pace_is_the_default(documented: float | None, default: float) -> None:
    service = dataclasses.replace(LAKE, max_rate=documented)
    assert argument_spec(service)["argument_spec"]["max_rate"]["default"] == default


# The service's own status


@pytest.mark.parametrize(
    ("given", "statuses", "kind", "seen"),
    [
        # the job goes on by itself, and has arrived
        ({"until_status": ["SYNCED"]}, ["RUNNING", "SYNCED"], "", "SYNCED"),
        ({"until_status": ["SYNCED", "DONE"]}, ["RUNNING", "DONE"], "", "DONE"),
        # either, together with `until`
        ({"until_status": ["SYNCED"], "until": ["succeeded"]}, ["RUNNING", "SUCCESS"], "", "SUCCESS"),
        ({"until_status": ["SYNCED"], "until": ["succeeded"]}, ["RUNNING", "SYNCED"], "", "SYNCED"),
        # an end that was not waited for
        ({"until_status": ["SYNCED"]}, ["RUNNING", "SUCCESS"], "job_failed", "SUCCESS"),
        ({"until_status": ["SYNCED"], "timeout": 20}, ["RUNNING"], "timeout", "RUNNING"),
        # a value is compared to the letter
        ({"until_status": ["synced"], "timeout": 20}, ["SYNCED"], "timeout", "SYNCED"),
        # it has to be seen as often as a success
        ({"until_status": ["SYNCED"], "confirmations": 2}, ["SYNCED", "RUNNING", "SYNCED"], "", "SYNCED"),
        # a number is its text
        ({"until_status": ["7"]}, [2, 7], "", 7),
    ],
)
def test_until_status(given: dict[str, t.Any], statuses: list[t.Any], kind: str, seen: t.Any) -> None:
    finished = run(LAKE, [({"id": "j", "status": status}, 200) for status in statuses], **given)
    result = finished.result
    assert (result.get("failure", {}).get("kind", ""), result["jobs"][0]["status"]) == (kind, seen), result["msg"]
    assert result["unfinished"] == (["j"] if kind == "timeout" else [])
    if kind:
        assert " or ".join([*given.get("until", []), *given["until_status"]]) in result["msg"]


def test_a_confirmed_status_takes_as_many_polls() -> None:
    answers = [({"id": "j", "status": status}, 200) for status in ("SYNCED", "RUNNING", "SYNCED", "SYNCED")]
    assert run(LAKE, answers, until_status=["SYNCED"], confirmations=2).result["polls"] == 4


@pytest.mark.parametrize(
    ("more_statuses", "verbosity", "statuses", "warnings"),
    [
        # every value that the service does not document, each once
        (False, 0, ["ODD", "ODD", "STRANGE", "SUCCESS"], ["'ODD'", "'STRANGE'"]),
        (False, 1, ["ODD", "ODD", "STRANGE", "SUCCESS"], ["'ODD'", "'STRANGE'"]),
        # where more of them are to be expected, the first alone, and with -v
        (True, 0, ["ODD", "STRANGE", "SUCCESS"], []),
        (True, 1, ["ODD", "ODD", "STRANGE", "SUCCESS"], ["'ODD'"]),
        (True, 4, ["ODD", "STRANGE", "SUCCESS"], ["'ODD'"]),
        # what is listed is nothing to warn of
        (True, 1, ["RUNNING", "SUCCESS"], []),
    ],
)
def test_warnings_of_a_status(more_statuses: bool, verbosity: int, statuses: list[str], warnings: list[str]) -> None:
    mapping = dataclasses.replace(MAPPING, more_statuses=more_statuses)
    service = dataclasses.replace(LAKE, mapping=mapping)
    answers = [({"id": "j", "status": status}, 200) for status in statuses]
    finished = run(service, answers, verbosity=verbosity, until=["succeeded"])
    assert finished.result["jobs"][0]["state"] == "succeeded"
    assert [text.split(" the status ")[1].split(",")[0] for text in finished.warnings] == warnings


def test_services_with_more_statuses_than_are_documented() -> None:
    assert [name for name in PROVIDERS if service_of(name).mapping.more_statuses] == ["geip"]


# UCloud


def test_an_action_of_ucloud_has_parameters_of_its_own() -> None:
    service = dataclasses.replace(
        POND,
        params={"Type": "x"},
        options=(Option("zone", "Zone"), Option("is_deep", "IsDeep")),
        retention="a day",
    )
    finished = run(service, [({"RetCode": 0, "Data": {"status": "SUCCESS"}}, 200)], zone="z")
    body = t.cast("bytes", finished.exchanges[0].request.body).decode()
    assert "Type=x" in body
    assert "Zone=z" in body
    assert "IsDeep" not in body
    assert "Limit" not in body
    assert "TaskId=j" in body
    assert finished.result["jobs"][0]["state"] == "succeeded"
