# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which path a task takes, and that it makes no difference to plays with several hosts."""

from __future__ import annotations

import platform
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.cloudwait.jobs.tests.integration.scenarios import still_running
from ansible_collections.cloudwait.jobs.tests.integration.under_test import MODULE_PYTHON, core_version, interpreter

if TYPE_CHECKING:
    from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played, Player
    from simulator.cloud import Cloud

SOON = {"interval": 0.05, "max_interval": 0.1, "timeout": 60}
ARRIVES = {"provider": "ims", "states": {0: "running", 0.3: "succeeded"}}


def wait(name: str, *job_ids: str, **keywords: Any) -> dict[str, Any]:
    """A task that waits for IMS jobs."""
    options = {"job_ids": list(job_ids), "until": "succeeded", **SOON, **keywords.pop("options", {})}
    return {"name": name, "cloudwait.jobs.ims_job_info": options, **keywords}


def ran_as_module(played: Played, task: str) -> bool:
    """Whether a task ran a command on its host; needs -vvv."""
    heading = re.escape(f"TASK [{task}]")
    text = re.search(rf"{heading}(.*?)(?=\nTASK \[|\nPLAY RECAP)", played.stdout, flags=re.DOTALL)
    assert text is not None, played.output
    return " EXEC " in text.group(1)


def test_a_task_runs_in_the_worker_where_that_is_the_same(cloud: Cloud, play: Player) -> None:
    """And hands over to the module with `become`, with `async` and where the connection goes elsewhere."""
    for name in ("here", "become", "async", "elsewhere"):
        cloud.submit(ARRIVES, job_id=name)
    tasks = [
        wait("here", "here"),
        wait("become", "become", become=True, become_method="elevate"),
        wait("async", "async", **{"async": 60, "poll": 1}),
        wait("elsewhere", "elsewhere", vars={"ansible_connection": "elsewhere"}),
    ]
    played = play(tasks, arguments=["-vvv"])
    assert played.code == 0, played.output
    assert [ran_as_module(played, task["name"]) for task in tasks] == [False, True, True, True]
    for task in tasks:
        assert [job["state"] for job in played[task["name"]]["jobs"]] == ["succeeded"]
    assert played["async"].keys() - played["here"].keys() >= {"ansible_job_id", "finished", "started"}


@pytest.mark.skipif(shutil.which("sudo") is None, reason="There is no sudo here.")
def test_sudo_hands_over(cloud: Cloud, play: Player) -> None:
    cloud.submit(ARRIVES, job_id="sudo")
    played = play([wait("sudo", "sudo", become=True, become_flags="-n")], arguments=["-vvv"])
    assert ran_as_module(played, "sudo")


@pytest.mark.parametrize("connection", ["local", "elsewhere"])
def test_without_requests_the_module_says_so(cloud: Cloud, play: Player, connection: str) -> None:
    """With the keys that every result has, whichever path the task would have taken."""
    cloud.submit(ARRIVES, job_id="a")
    without = play.folder / "without"
    without.mkdir()
    without.joinpath("requests.py").write_text("raise ImportError('There is no requests.')\n", encoding="utf-8")
    environment = {"PYTHONPATH": str(without)}
    groups = [{"provider": "ims", "job_id": "a"}]
    tasks = [
        wait("wait", "a", ignore_errors=True),
        {
            "name": "request",
            "cloudwait.jobs.huaweicloud_request": {"service": "ims", "path": "/v1/cloudimages", "until": "succeeded"},
            "ignore_errors": True,
        },
        {"name": "all", "cloudwait.jobs.wait_for_jobs": {"jobs": groups}, "ignore_errors": True},
        {
            "name": "role",
            "ansible.builtin.include_role": {"name": "cloudwait.jobs.wait"},
            "vars": {"wait_jobs": groups},
        },
    ]
    played = play(tasks, connection=connection, arguments=["-vvv"], environment=environment)
    assert played.code == 2
    assert ran_as_module(played, "wait")
    command = f'`{MODULE_PYTHON} -m pip install "requests>=2.25.1"`'
    message = played["wait"]["msg"]
    assert message.startswith(f"Failed to import the required Python library (requests) on {platform.node()}, ")
    assert f"; install it there with {command}, or " in message
    kept = played["Keep the result"]["ansible_facts"]["wait_result"]
    assert [result["msg"] for result in (played["request"], played["all"], played.failed, kept)] == [message] * 4
    failures = [played["wait"]["failure"], played["request"]["failure"], *played["all"]["failures"], *kept["failures"]]
    assert [failure["kind"] for failure in failures] == ["invalid"] * 4
    assert (played["wait"]["unfinished"], played["all"]["jobs"], played["request"]["jobs"]) == (["a"], [], [])
    assert cloud.requests == []


@pytest.mark.parametrize(
    ("version", "newest_core"),
    [
        pytest.param("2.7", (2, 16), id="2.7"),
        pytest.param("3.6", (2, 16), id="3.6"),
        pytest.param("3.7", (2, 17), id="3.7"),
    ],
)
def test_a_python_that_is_too_old_is_named(
    cloud: Cloud, play: Player, version: str, newest_core: tuple[int, ...]
) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"There is no Python {version} here.")
    if core_version() > newest_core:
        pytest.skip("This ansible-core refuses such a Python by itself.")
    played = play(
        [
            wait("wait", "a", "b", ignore_errors=True),
            {
                "name": "all",
                "cloudwait.jobs.wait_for_jobs": {"jobs": [{"provider": "ims", "job_id": "a"}]},
                "ignore_errors": True,
            },
            {
                "name": "role",
                "ansible.builtin.include_role": {"name": "cloudwait.jobs.wait"},
                "vars": {"wait_jobs": [{"provider": "ims", "job_id": "a"}]},
            },
        ],
        {"ansible_python_interpreter": python},
        connection="elsewhere",
    )
    sentence = f"The Python interpreter {python} has version {version}."
    for result in (played["wait"], played["all"], played.failed):
        assert result["msg"].startswith(sentence), played.output
    assert (played["wait"]["failure"]["kind"], played["wait"]["unfinished"]) == ("invalid", ["a", "b"])
    assert cloud.requests == []


@pytest.mark.parametrize("connection", ["local", "elsewhere"])
@pytest.mark.parametrize("strategy", ["linear", "free"])
def test_several_hosts(cloud: Cloud, play: Player, connection: str, strategy: str) -> None:
    """Each host waits for its own job, one waits for all, another machine does it for them, and all see the results."""
    hosts = ["one", "two", "three"]
    for host in hosts:
        cloud.submit(ARRIVES, job_id=host)
    cloud.submit({"provider": "ims", "states": {0: "failed"}}, job_id="bad")
    tasks = [
        wait("own", "{{ inventory_hostname }}", register="own"),
        wait("once", *hosts, run_once=True, register="once"),
        wait("delegated", "{{ inventory_hostname }}", delegate_to="another", register="delegated"),
        wait("fails on one", "{{ 'bad' if inventory_hostname == 'two' else inventory_hostname }}", ignore_errors=True),
        {
            "name": "everything",
            "ansible.builtin.debug": {
                "msg": {
                    "own": "{{ own.jobs | map(attribute='job_id') }}",
                    "once": "{{ hostvars.one.once.jobs | default([]) | map(attribute='job_id') }}",
                    "delegated": "{{ delegated.jobs | map(attribute='job_id') }}",
                }
            },
        },
    ]
    if strategy == "free":
        # Free does not know run_once.
        del tasks[1]
    played = play(tasks, connection=connection, hosts=hosts, strategy=strategy)
    assert played.code == 0, played.output
    seen = {task["host"]: task["result"]["msg"] for task in played.tasks if task["task"] == "everything"}
    assert seen == {
        host: {"own": [host], "once": [] if strategy == "free" else hosts, "delegated": [host]} for host in hosts
    }
    statuses = {task["host"]: task["status"] for task in played.tasks if task["task"] == "fails on one"}
    assert statuses == {"one": "ok", "two": "ignored", "three": "ok"}


def test_async_warns_of_an_option_without_effect(cloud: Cloud, play: Player) -> None:
    """Its result is that of the module, which cannot tell what the task names from what it leaves out."""
    cloud.submit(ARRIVES, job_id="a")
    look = {"job_ids": ["a"], "timeout": 60}
    tasks = [{"name": "look", "cloudwait.jobs.ims_job_info": look, "async": 60, "poll": 1}]
    assert "The option timeout has no effect" in re.sub(r"\s+", " ", play(tasks).stderr)


@pytest.mark.parametrize("connection", ["local", "elsewhere"])
def test_a_deadline_in_real_time(cloud: Cloud, play: Player, connection: str) -> None:
    """The last look comes with it, and nothing after it; `delay` is part of the time."""
    cloud.submit({"provider": "ims", "states": {0: "running"}}, job_id="endless")
    cloud.submit({"provider": "ims", "states": {0: "succeeded"}}, job_id="ended")
    cloud.fault("merge", service="ims", job_id="ended", body=still_running("ims"))
    rarely = {"timeout": 1, "interval": 20, "max_interval": 20}
    tasks = [
        wait("endless", "endless", options={"timeout": 1}, ignore_errors=True),
        wait("ended", "ended", options=rarely),
        wait("delayed", "endless", options={**rarely, "delay": 20}, ignore_errors=True),
    ]
    played = play(tasks, connection=connection)
    assert played.code == 0, played.output
    endless, ended, delayed = (played[name] for name in ("endless", "ended", "delayed"))
    assert (endless["failure"]["kind"], endless["timed_out"], endless["unfinished"]) == ("timeout", True, ["endless"])
    assert endless["polls"] > 2
    # the second look was the one at the deadline
    assert (ended["polls"], ended["timed_out"], ended["jobs"][0]["state"]) == (2, False, "succeeded")
    assert (delayed["polls"], delayed["timed_out"], delayed["jobs"][0]["state"]) == (1, True, "running")
    for result in (endless, ended, delayed):
        # The last look may take ten seconds, and everything is bounded by that.
        assert 1 <= result["elapsed"] < 12
