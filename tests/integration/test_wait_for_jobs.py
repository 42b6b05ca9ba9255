# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module `wait_for_jobs`: all groups at the same time, on every path, with one login and one display."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.cloudwait.jobs.tests.integration.test_paths import ran_as_module
from ansible_collections.cloudwait.jobs.tests.integration.test_role import ALREADY, BROKEN, NEVER, SOON, submit
from simulator import credentials

if TYPE_CHECKING:
    from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played, Player
    from simulator.cloud import Cloud

QUICKLY = {"interval": 0.05, "max_interval": 0.1, "timeout": 60}
PASSWORD = {
    "username": credentials.USER,
    "password": credentials.PASSWORD,
    "user_domain_name": credentials.DOMAIN,
    "project_id": None,
    "access_key": None,
    "secret_key": None,
}
# Keys of a result that differ from run to run.
CHANGING = {"elapsed", "polls", "requests", "msg", "table", "invocation"}


def wait(name: str, jobs: list[dict[str, Any]], **keywords: Any) -> dict[str, Any]:
    """A task that waits for groups."""
    options = {"jobs": jobs, **QUICKLY, **keywords.pop("options", {})}
    return {"name": name, "cloudwait.jobs.wait_for_jobs": options, **keywords}


def operations(cloud: Cloud) -> Counter[str]:
    """How often the cloud was asked for what."""
    return Counter(f"{request.service}.{request.operation}" for request in cloud.requests)


def test_every_path_gives_the_same(cloud: Cloud, play: Player) -> None:
    jobs = [{"provider": name, "job_ids": submit(cloud, name, ALREADY)} for name in ("cph", "ims", "uphone")]
    tasks = [
        wait("here", jobs),
        wait("become", jobs, become=True, become_method="elevate"),
        wait("async", jobs, **{"async": 60, "poll": 1}),
        wait("elsewhere", jobs, vars={"ansible_connection": "elsewhere"}),
    ]
    played = play(tasks, arguments=["-vvv"])
    assert played.code == 0, played.output
    assert [ran_as_module(played, task["name"]) for task in tasks] == [False, True, True, True]
    results = [
        {key: value for key, value in played[task["name"]].items() if key in played["here"] and key not in CHANGING}
        for task in tasks
    ]
    assert [job["provider"] for job in results[0]["jobs"]] == ["cph", "ims", "uphone"]
    assert results == [results[0]] * len(results)


def test_groups_are_polled_at_the_same_time(cloud: Cloud, play: Player) -> None:
    jobs = [{"provider": name, "job_ids": submit(cloud, name, SOON)} for name in ("ims", "dws", "uphone")]
    played = play([wait("wait", jobs)])
    assert played.code == 0, played.output
    # every service is asked before any is asked again
    assert {request.service for request in cloud.requests[:3]} == {"ims", "dws", "uphone"}


@pytest.mark.parametrize(
    ("changes", "logins", "look_ups"),
    [
        pytest.param(({}, {}), 1, 0, id="the login tells the project"),
        pytest.param(({"project_name": credentials.REGION}, {}), 1, 0, id="the same project by its name"),
        pytest.param(({}, {"project_id": credentials.PROJECT_ID}), 2, 0, id="another project is another token"),
    ],
)
def test_groups_share_a_login(
    cloud: Cloud, play: Player, changes: tuple[dict[str, Any], dict[str, Any]], logins: int, look_ups: int
) -> None:
    jobs = [
        {"provider": name, "job_ids": submit(cloud, name, ALREADY), "options": {**PASSWORD, **change}}
        for name, change in zip(("ims", "dws"), changes, strict=True)
    ]
    played = play([wait("wait", jobs)])
    assert played.code == 0, played.output
    found = operations(cloud)
    assert (found["iam.create_token"], found["iam.list_projects"]) == (logins, look_ups)


def test_groups_share_a_look_up_of_the_project(cloud: Cloud, play: Player) -> None:
    jobs = [
        {"provider": name, "job_ids": submit(cloud, name, ALREADY), "options": {"project_id": None}}
        for name in ("cph", "ims", "dws")
    ]
    played = play([wait("wait", jobs)])
    assert played.code == 0, played.output
    assert operations(cloud)["iam.list_projects"] == 1


def test_a_refused_login_ends_the_groups_that_share_it(cloud: Cloud, play: Player) -> None:
    """After one attempt of each service at most; the other account's group goes on."""
    jobs: list[dict[str, Any]] = [
        {"provider": name, "job_ids": submit(cloud, name, SOON, count=5), "options": {"secret_key": "a-wrong-key"}}
        for name in ("ims", "dws")
    ]
    jobs.append({"provider": "uphone", "job_ids": submit(cloud, "uphone", SOON)})
    played = play([wait("wait", jobs, ignore_errors=True)])
    result = played["wait"]
    assert [failure["kind"] for failure in result["failures"]] == ["authentication", "authentication"]
    assert result["summary"]["succeeded"] == 1
    assert all(count <= 1 for name, count in operations(cloud).items() if name.startswith(("ims", "dws")))


def test_one_service_that_refuses_ends_alone(cloud: Cloud, play: Player) -> None:
    """A login that others have accepted."""
    jobs = [{"provider": name, "job_ids": submit(cloud, name, SOON)} for name in ("ims", "dws")]
    cloud.fault("status", service="dws", status=401, body={"error_code": "APIGW.0301", "error_msg": "Wrong."}, times=99)
    played = play([wait("wait", jobs, ignore_errors=True)])
    result = played["wait"]
    assert [(failure["provider"], failure["kind"]) for failure in result["failures"]] == [("dws", "authentication")]
    assert [job["state"] for job in result["jobs"]] == ["succeeded", "unknown"]
    assert operations(cloud)["dws.show_job"] == 1


@pytest.mark.parametrize(
    ("options", "group_options", "others_arrive"),
    [
        pytest.param({"fail_fast": True}, {}, False, id="of the task: all groups end"),
        pytest.param({}, {"fail_fast": True}, True, id="of a group: that group ends"),
        pytest.param({}, {}, True, id="not wanted"),
    ],
)
def test_fail_fast(
    cloud: Cloud, play: Player, options: dict[str, Any], group_options: dict[str, Any], others_arrive: bool
) -> None:
    jobs: list[dict[str, Any]] = [
        {"provider": "dws", "job_ids": submit(cloud, "dws", BROKEN), "options": group_options},
        {"provider": "ims", "job_ids": submit(cloud, "ims", SOON if others_arrive else NEVER)},
    ]
    played = play([wait("wait", jobs, options=options, ignore_errors=True)])
    result = played["wait"]
    assert [job["finished"] for job in result["jobs"]] == [True, others_arrive]
    # the other group's jobs are no failure of their own
    assert [failure["provider"] for failure in result["failures"]] == ["dws"]
    assert result["failed_ids"] == [result["jobs"][0]["job_id"]]
    assert result["unfinished"] == ([] if others_arrive else [result["jobs"][1]["job_id"]])


def lines(played: Played) -> list[str]:
    """The lines about the progress."""
    return [line for line in played.stderr.splitlines() if re.match(r"\d+:\d\d  ", line)]


def test_one_line_tells_of_all_groups(cloud: Cloud, play: Player) -> None:
    jobs = [{"provider": name, "job_ids": submit(cloud, name, NEVER, count=2)} for name in ("ims", "uphone")]
    played = play([wait("wait", jobs, options={"timeout": 1}, ignore_errors=True)], arguments=["-v"])
    assert any("ims: " in line and "uphone: " in line for line in lines(played)), played.stderr


@pytest.mark.parametrize(
    ("jobs", "told"),
    [
        ([], "There is nothing to wait for"),
        ([{"provider": "ims", "job_id": "a"}, {"provider": "zzz", "job_id": "a"}], "There is no provider zzz"),
        ([{"provider": "ims", "job_id": "a"}, {"provider": "dws"}], "Group 2 of the jobs (dws) needs exactly one of"),
        (
            [{"provider": "ims", "job_id": "a"}, {"provider": "dws", "job_id": "a", "options": {"colour": "red"}}],
            "Group 2 of the jobs (dws) has the option colour, which cloudwait.jobs.dws_job_info does not know",
        ),
        (
            [{"provider": "ims", "job_id": "a"}, {"provider": "dws", "job_id": "..", "options": {}}],
            "Group 2 of the jobs (dws) has options that cloudwait.jobs.dws_job_info refuses: The option job_ids holds",
        ),
    ],
)
@pytest.mark.parametrize("connection", ["local", "elsewhere"])
def test_mistakes_are_told_before_any_request(
    cloud: Cloud, play: Player, jobs: list[dict[str, Any]], told: str, connection: str
) -> None:
    played = play([wait("wait", jobs, ignore_errors=True)], connection=connection)
    assert told in played["wait"]["msg"]
    assert cloud.requests == []
