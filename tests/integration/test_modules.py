# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules in playbooks: every scenario in the worker process and as a module elsewhere, with the same outcome."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.names import PROVIDERS
from ansible_collections.cloudwait.jobs.tests.integration.scenarios import (
    SELECTED,
    Scenario,
    Seen,
    comparable,
    differences,
)
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.plays import GROUPS, PATHS

if TYPE_CHECKING:
    from concurrent.futures import Future

    from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played, Player
    from ansible_collections.cloudwait.jobs.tests.integration.scenarios.plays import Run

    Runs = dict[tuple[str, str], Future[Run]]


@pytest.mark.parametrize(
    ("group", "scenario"),
    [
        pytest.param(name, scenario, id=f"{name}-{scenario.name}")
        for name, group in GROUPS.items()
        for scenario in group.scenarios
    ],
)
def test_scenario(group: str, scenario: Scenario, runs: Runs) -> None:
    done = runs[group, "local"].result()
    seen = Seen(scenario.name, done.played, done.targets)
    assert scenario.deviations(seen) == [], seen.result


@pytest.mark.parametrize("group", GROUPS)
def test_both_paths_agree(group: str, runs: Runs) -> None:
    """On every task's status and result, what is registered, the warnings on screen and the exit code."""
    direct, module = (runs[group, path].result() for path in PATHS)
    assert len(direct.played.tasks) == len(module.played.tasks), module.played.output
    found = []
    for ours, theirs in zip(direct.played.tasks, module.played.tasks, strict=True):
        found += differences(comparable(ours, direct.url), comparable(theirs, module.url), ours["task"])
    assert found == []
    assert warnings(direct.played) == warnings(module.played)
    assert direct.played.code == module.played.code


@pytest.mark.parametrize("group", [name for name, group in GROUPS.items() if group.silent])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_was_asked(group: str, path: str, runs: Runs) -> None:
    assert runs[group, path].result().targets == []


# Keys that Ansible adds to any result.
OF_ANSIBLE = {"changed", "exception", "failed", "invocation", "msg"}


def test_options_and_keys_are_the_documented_ones(play: Player, runs: Runs) -> None:
    """On both paths, in results that are good and bad; a key of one path alone is caught here, too."""
    of_services = {scenario.provider for scenario in GROUPS["waits"].scenarios}.intersection(PROVIDERS)
    names = [f"cloudwait.jobs.{provider}_job_info" for provider in sorted(of_services)]
    done = play.command(["ansible-doc", "--json", "--type", "module", *names])
    for name, documentation in json.loads(done.stdout).items():
        provider = name.rpartition(".")[2].removesuffix("_job_info")
        scenarios = [scenario.name for scenario in GROUPS["waits"].scenarios if scenario.provider == provider]
        for path in PATHS:
            played = [task for task in runs["waits", path].result().played.tasks if task["task"] in scenarios]
            tasks = [task for task in played if task["result"]["invocation"]["module_args"]["include_raw"]]
            # Failures are played with some of the services alone.
            for status in ("ok", "ignored") if provider in SELECTED else ("ok",):
                result = next(task["result"] for task in tasks if task["status"] == status)
                returned = set(documentation["return"]) - ({"failure"} if status == "ok" else set())
                keys = {key for key in result.keys() - OF_ANSIBLE if not key.startswith("_ansible")}
                assert keys == returned - OF_ANSIBLE
                assert result["jobs"][0].keys() == documentation["return"]["jobs"]["contains"].keys()
                assert result["invocation"]["module_args"].keys() == documentation["doc"]["options"].keys()


def warnings(played: Played) -> list[str]:
    """The warnings on screen, each on one line, without the lines of progress between them."""
    text = re.sub(r"\s+", " ", re.sub(r"^\d+:\d\d  .*$", "", played.stderr, flags=re.MULTILINE))
    return [warning.strip() for warning in re.split(r"(?=\[WARNING\]:)", text) if "[WARNING]:" in warning]
