# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`wait_for_jobs` as a whole, without a network and on simulated time: several groups, one wait, one result."""

from __future__ import annotations

import json
import typing as t

import pytest
import requests
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import PollUpdate
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.wait import Observer
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.wait_for_jobs import WAIT_FOR_JOBS, with_defaults
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Exchange, Reply, offline

TOKEN = {"token": "token-of-the-user", "project_id": "p", "region": "cn-north-4"}
PASSWORD = {
    "username": "user",
    "password": "password-of-the-user",
    "user_domain_name": "domain",
    "project_id": "p",
    "region": "cn-north-4",
}
# What CPH and DWS call the state that a job's name begins with.
STATUS = {"good": (2, "SUCCESS"), "bad": (-1, "FAIL"), "slow": (1, "RUNNING")}


def server(request: requests.PreparedRequest) -> Reply:
    """Huawei Cloud, where the name of a job says its state."""
    url = str(request.url)
    if url.endswith("/v3/auth/tokens"):
        return Reply(b"{}", 201, {"X-Subject-Token": "token-of-the-cloud"})
    job_id = url.rpartition("/")[2]
    cph, dws = STATUS[job_id.partition("-")[0]]
    return Reply(json.dumps({"job_id": job_id, "status": cph if "cloud-phone" in url else dws}).encode())


def options(groups: dict[str, t.Any], login: dict[str, str], **given: t.Any) -> dict[str, t.Any]:
    """The options for groups such as `{"cph": ["good"]}`, after Ansible's validation."""
    jobs = [{"provider": name.partition(" ")[0], **group} for name, group in groups.items()]
    given = {"jobs": jobs, "connections": {"huaweicloud": login}, "timeout": 60, **given}
    validated = ArgumentSpecValidator(**WAIT_FOR_JOBS.spec).validate(given)
    assert not validated.error_messages
    return t.cast("dict[str, t.Any]", validated.validated_parameters)


def run(given: dict[str, t.Any], check_mode: bool = False) -> tuple[dict[str, t.Any], t.Sequence[Exchange]]:
    """The result, and what was sent."""
    with offline(server) as outside:
        task = WAIT_FOR_JOBS.run(given, TaskContext(check_mode, {}, set(), **outside.context()))
    return task.result, outside.connection.exchanges


GOOD, BAD, SLOW = ({"job_ids": [name]} for name in ("good", "bad", "slow"))
# UPhone's keys are nowhere to be found.
NOWHERE = {"job_ids": ["u1"]}


@pytest.mark.parametrize(
    ("groups", "given", "states", "kinds", "elapsed"),
    [
        ({"cph": GOOD, "dws": GOOD}, {}, "succeeded succeeded", [], 0),
        ({"cph": GOOD, "dws": BAD}, {}, "succeeded failed", ["job_failed"], 0),
        # one deadline for all
        ({"cph": SLOW, "dws": SLOW}, {}, "running running", ["timeout", "timeout"], 60),
        # a failure ends the others with fail_fast only, whichever group it is in
        ({"cph": BAD, "dws": SLOW}, {}, "failed running", ["job_failed", "timeout"], 60),
        ({"cph": BAD, "dws": SLOW}, {"fail_fast": True}, "failed running", ["job_failed"], 0),
        ({"cph": SLOW, "dws": BAD}, {"fail_fast": True}, "running failed", ["job_failed"], 0),
        # a group that cannot be polled fails alone; with fail_fast it has failed for all before the first request
        ({"uphone": NOWHERE, "dws": GOOD}, {}, "succeeded", ["invalid"], 0),
        ({"uphone": NOWHERE, "dws": SLOW}, {}, "running", ["invalid", "timeout"], 60),
        ({"uphone": NOWHERE, "dws": SLOW}, {"fail_fast": True}, "unknown", ["invalid"], 0),
        # several groups of one provider
        ({"cph 1": GOOD, "cph 2": BAD}, {}, "succeeded failed", ["job_failed"], 0),
    ],
)
def test_several_groups(
    groups: dict[str, t.Any], given: dict[str, t.Any], states: str, kinds: list[str], elapsed: float
) -> None:
    result, exchanges = run(options(groups, TOKEN, **given))
    assert [job["state"] for job in result["jobs"]] == states.split()
    assert [failure["kind"] for failure in result["failures"]] == kinds
    assert (result["failed"], result["requests"]) == (bool(kinds), len(exchanges))
    assert elapsed <= result["elapsed"] < elapsed + 2


def test_a_null_of_a_group_undoes_what_all_share_after_the_plays_defaults_too() -> None:
    given = options({"dws": {**SLOW, "options": {"until": None}}, "cph": GOOD}, TOKEN)
    with_plays = with_defaults(given, lambda _group: {"max_rate": 5})
    result, _exchanges = run({**given, "jobs": with_plays["jobs"]})
    assert [job["state"] for job in result["jobs"]] == ["running", "succeeded"]
    assert (result["failed"], result["elapsed"] < 2) == (False, True)


def test_a_wait_with_a_group_that_is_refused_does_not_end_well() -> None:
    arrived: list[bool] = []

    def observe(updates: t.Sequence[PollUpdate]) -> float:
        arrived.extend(update.arrived for update in updates)
        return 60.0

    with offline(server) as outside:
        context = TaskContext(False, {}, set(), lambda _names: observe, **outside.context())
        WAIT_FOR_JOBS.run(options({"uphone": NOWHERE, "cph": GOOD}, TOKEN), context)
        assert arrived[-1] is False
        WAIT_FOR_JOBS.run(options({"cph": GOOD}, TOKEN), context)
        assert arrived[-1] is True


OF_THE_ENVIRONMENT = {"HW_TOKEN": "t", "HW_PROJECT_ID": "p", "HW_REGION_NAME": "cn-south-1"}
NORTH, EAST = ({**GOOD, "options": {"region": region}} for region in ("cn-north-4", "cn-east-3"))
HOST = {**GOOD, "options": {"endpoint": "https://cloud-phone.example.com", "region": None}}


@pytest.mark.parametrize(
    ("groups", "environ", "names"),
    [
        # a provider is name enough as long as there is one group of it
        ({"cph": NORTH, "dws": EAST}, {}, ["cph", "dws"]),
        # else the region, also where the environment names it
        ({"cph 1": NORTH, "cph 2": EAST, "dws": EAST}, {}, ["cph cn-north-4", "cph cn-east-3", "dws"]),
        ({"cph 1": NORTH, "cph 2": GOOD}, OF_THE_ENVIRONMENT, ["cph cn-north-4", "cph cn-south-1"]),
        # or the host, where no region is named
        ({"cph 1": NORTH, "cph 2": HOST}, {}, ["cph cn-north-4", "cph cloud-phone.example.com"]),
        # and a number where nothing else tells them apart
        ({"cph 1": NORTH, "cph 2": NORTH}, {}, ["cph cn-north-4 1", "cph cn-north-4 2"]),
    ],
)
def test_what_a_group_is_called_while_it_is_waited_for(
    groups: dict[str, t.Any], environ: dict[str, str], names: list[str]
) -> None:
    observed: list[str] = []

    def observe(given: t.Sequence[str]) -> Observer:
        observed.extend(given)
        return lambda _updates: 60.0

    given = options(groups, {"token": "t", "project_id": "p"})
    with offline(server) as outside:
        WAIT_FOR_JOBS.run(given, TaskContext(False, environ, set(), observe, **outside.context()))
    assert observed == names


def test_check_mode_polls_every_group_once() -> None:
    result, exchanges = run(options({"uphone": NOWHERE, "cph": BAD, "dws": SLOW}, TOKEN, fail_fast=True), True)
    assert [job["state"] for job in result["jobs"]] == ["failed", "running"]
    assert len(exchanges) == 2


def test_groups_that_sign_in_alike_share_a_login() -> None:
    _result, exchanges = run(options({"cph": GOOD, "dws": GOOD}, PASSWORD))
    assert [exchange.request.method for exchange in exchanges] == ["POST", "GET", "GET"]


@pytest.mark.parametrize(("rates", "seconds"), [((100, 100), 0), ((100, 1), 9), ((1, 100), 9)])
def test_groups_of_one_service_keep_to_the_lowest_rate_that_one_of_them_names(
    rates: tuple[int, int], seconds: float
) -> None:
    groups = {
        f"dws {rate} {place}": {
            "job_ids": [f"good-{place}-{number}" for number in range(5)],
            "options": {"max_rate": rate},
        }
        for place, rate in enumerate(rates)
    }
    _result, exchanges = run(options(groups, TOKEN))
    assert len(exchanges) == 10
    assert exchanges[-1].moment == pytest.approx(seconds, abs=1)


@pytest.mark.parametrize(
    ("groups", "secrets"),
    [
        ({"cph": GOOD}, {"token-of-the-user"}),
        # each group's own, beside those for all
        ({"cph": GOOD, "dws": {**GOOD, "options": {"token": "token-of-dws"}}}, {"token-of-the-user", "token-of-dws"}),
        (
            {"uphone": {**NOWHERE, "options": {"public_key": "a", "private_key": "b", "city_id": "c"}}},
            {"token-of-the-user", "a", "b"},
        ),
        # options that make no sense are refused, and what is secret among them is not told
        ({"ecs": GOOD}, {"token-of-the-user"}),
        (
            {"cph": {**GOOD, "options": {"token": ["a", {"b": 7}], "password": True}}},
            {"token-of-the-user", "a", "b", "7"},
        ),
        ({"cph": {**GOOD, "access_key": "beside-the-options"}}, {"token-of-the-user", "beside-the-options"}),
    ],
)
def test_secrets(groups: dict[str, t.Any], secrets: set[str]) -> None:
    assert WAIT_FOR_JOBS.secrets is not None
    assert WAIT_FOR_JOBS.secrets(options(groups, TOKEN)) == secrets
