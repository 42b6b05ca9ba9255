# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests of the user's in playbooks whose jobs go on meanwhile: the services' own submits, progress, and the role."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.declared import IMS, PEERING, PEERINGS
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.plays import PATHS
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.requests import SUBMITS
from ansible_collections.cloudwait.jobs.tests.integration.test_paths import ran_as_module
from ansible_collections.cloudwait.jobs.tests.integration.test_role import ALREADY, kept, role, submit

if TYPE_CHECKING:
    from ansible_collections.cloudwait.jobs.tests.integration.conftest import Player
    from simulator.cloud import Cloud

QUICKLY = {"interval": 0.05, "max_interval": 0.1, "timeout": 60, "until": "succeeded"}
OF_ANSIBLE = {"changed", "exception", "failed", "invocation", "msg"}
# Jobs that take eight seconds have ended after half a second.
FAST = pytest.mark.parametrize("cloud", [{"speed": 20}], indirect=True)


def task(provider: str, **keywords: Any) -> dict[str, Any]:
    """A task that submits and waits."""
    module = "ucloud_request" if provider == "uphone" else "huaweicloud_request"
    return {"name": provider, f"cloudwait.jobs.{module}": {**SUBMITS[provider], **QUICKLY}, **keywords}


@FAST
@pytest.mark.parametrize("path", PATHS)
def test_one_task_from_submit_to_result(path: str, cloud: Cloud, play: Player) -> None:
    tasks = [task(provider) for provider in SUBMITS]
    played = play(tasks, connection=path, arguments=["-vvv"])
    assert played.code == 0, played.output
    assert [ran_as_module(played, name) for name in SUBMITS] == [path != "local"] * len(SUBMITS)
    for provider in SUBMITS:
        result = played[provider]
        assert (result["changed"], result["status"], result["refused"]) == (True, 200, [])
        assert [job["state"] for job in result["jobs"]] == ["succeeded"]
        assert result["job_ids"] == [job["job_id"] for job in result["jobs"]]
        # UCloud's comes with a header that the embedded cloud does not send.
        assert (result["request_id"] is None) == (provider == "uphone")
    submits = [request for request in cloud.requests if request.operation == "submit"]
    assert [request.service for request in submits] == list(SUBMITS)


@FAST
@pytest.mark.parametrize("path", PATHS)
def test_with_become_and_with_async(path: str, cloud: Cloud, play: Player) -> None:
    tasks = [
        task("ims", become=True, become_method="elevate"),
        task("dws", **{"async": 60, "poll": 1}),
    ]
    played = play(tasks, connection=path)
    assert played.code == 0, played.output
    assert [played[name]["jobs"][0]["state"] for name in ("ims", "dws")] == ["succeeded"] * 2


@FAST
def test_the_progress_is_shown(cloud: Cloud, play: Player) -> None:
    quiet = task("dws")
    quiet["cloudwait.jobs.huaweicloud_request"]["show_progress"] = False
    played = play([task("ims"), quiet], arguments=["-v"])
    lines = re.findall(r"^\d:\d\d  (\w+): job \w+ (.*)$", played.stderr, flags=re.MULTILINE)
    assert {service for service, _text in lines} == {"ims"}
    assert lines[-1] == ("ims", "succeeded")
    assert any(text.startswith("is running, ") for _service, text in lines)


@FAST
@pytest.mark.parametrize("path", PATHS)
def test_declared_groups_in_the_role(path: str, cloud: Cloud, play: Player) -> None:
    groups: list[dict[str, Any]] = [
        {"provider": "huaweicloud", "job_id": PEERING, "options": PEERINGS},
        {"provider": "huaweicloud", "job_ids": submit(cloud, "ims", ALREADY), "options": IMS},
        {"provider": "dws", "job_ids": submit(cloud, "dws", ALREADY)},
    ]
    played = play([role(groups)], connection=path)
    assert played.code == 0, played.output
    result = kept(played)
    assert [(job["provider"], job["state"]) for job in result["jobs"]] == [
        ("vpc", "succeeded"),
        ("ims", "succeeded"),
        ("dws", "succeeded"),
    ]


@FAST
@pytest.mark.parametrize("path", PATHS)
def test_options_and_keys_are_the_documented_ones(path: str, cloud: Cloud, play: Player) -> None:
    """With `until`; without it the keys of the wait are absent."""
    names = ("huaweicloud_request", "ucloud_request")
    done = play.command(["ansible-doc", "--json", "--type", "module", *(f"cloudwait.jobs.{name}" for name in names)])
    documented = json.loads(done.stdout)
    played = play([task("ims"), task("uphone")], connection=path)
    for name, provider in zip(names, ("ims", "uphone"), strict=True):
        documentation, result = documented[f"cloudwait.jobs.{name}"], played[provider]
        keys = {key for key in result.keys() - OF_ANSIBLE if not key.startswith("_ansible")}
        assert keys == documentation["return"].keys() - OF_ANSIBLE - {"failure"}
        assert result["invocation"]["module_args"].keys() == documentation["doc"]["options"].keys()
