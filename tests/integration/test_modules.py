# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules in playbooks: every scenario in the worker process and as a module elsewhere, with the same outcome."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.cloudwait.jobs.tests.integration.scenarios import (
    PROVIDERS,
    Group,
    Scenario,
    Seen,
    comparable,
    differences,
)
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.bad_input import BAD_INPUT
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.keywords import ENVIRONMENT, KEYWORDS, SHORT
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.looks import LOOKS
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.waits import CHECK_MODE, WAITS
from simulator import ManualClock
from simulator.cloud import Cloud
from simulator.server import running

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played, Player

GROUPS: dict[str, Group] = {
    "looks": LOOKS,
    "waits": WAITS,
    "check_mode": CHECK_MODE,
    "bad_input": BAD_INPUT,
    "keywords": KEYWORDS,
    "environment": ENVIRONMENT,
    "short": SHORT,
}
# In the worker process, and as a module.
PATHS = ("local", "elsewhere")


@dataclass(frozen=True)
class Run:
    """A group that was played on one path: what it gave, where its cloud was, and what that was asked."""

    played: Played
    url: str
    targets: list[str]


MakePlayer = Callable[["Path", Cloud], "Player"]


class StandingClock(ManualClock):
    """Jobs began at the start, and stand still; but clients see what time it is, or they would doubt their clocks."""

    moving = False

    def wall(self) -> float:
        """Unix time."""
        return time.time() if self.moving else super().wall()


def run(group: Group, path: str, folder: Path, make_player: MakePlayer, now: float) -> Run:
    """Play a group in a cloud of its own."""
    clock = StandingClock(now)
    with running(Cloud(clock=clock)) as cloud:
        tasks: list[dict[str, Any]] = []
        for scenario in group.scenarios:
            scenario.prepare(cloud)
            tasks += [dict(task) for task in scenario.to_play()]
        clock.moving = True
        for name, text in group.files.items():
            folder.joinpath(name).write_text(text, encoding="utf-8")
        # What is registered must be what was shown.
        single = [task for task in tasks if "block" not in task]
        for number, task in enumerate(single):
            task.setdefault("register", f"result_{number}")
        registered = {task["register"]: f"{{{{ {task['register']} | default('not played') }}}}" for task in single}
        tasks.append({"name": "Everything registered", "ansible.builtin.debug": {"msg": registered}, "tags": "always"})
        played = make_player(folder, cloud)(tasks, connection=path, **group.keywords)
        return Run(played, cloud.url, [request.target for request in cloud.requests])


@pytest.fixture(scope="module")
def runs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, player: MakePlayer
) -> Iterator[dict[tuple[str, str], Future[Run]]]:
    """The groups that the selected tests ask for, on both paths, two at a time."""
    now = time.time()
    items: list[Any] = [item for item in request.session.items if "runs" in getattr(item, "fixturenames", ())]
    wanted = [item.callspec.params["group"] if hasattr(item, "callspec") else "waits" for item in items]
    with ThreadPoolExecutor(2) as pool:
        yield {
            (name, path): pool.submit(run, GROUPS[name], path, tmp_path_factory.mktemp(f"{name}-{path}"), player, now)
            for name in dict.fromkeys(wanted)
            for path in reversed(PATHS)
        }


@pytest.mark.parametrize(
    ("group", "scenario"),
    [
        pytest.param(name, scenario, id=f"{name}-{scenario.name}")
        for name, group in GROUPS.items()
        for scenario in group.scenarios
    ],
)
def test_scenario(group: str, scenario: Scenario, runs: dict[tuple[str, str], Future[Run]]) -> None:
    done = runs[group, "local"].result()
    seen = Seen(scenario.name, done.played, done.targets)
    assert scenario.deviations(seen) == [], seen.result


@pytest.mark.parametrize("group", GROUPS)
def test_both_paths_agree(group: str, runs: dict[tuple[str, str], Future[Run]]) -> None:
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
def test_nothing_was_asked(group: str, path: str, runs: dict[tuple[str, str], Future[Run]]) -> None:
    assert runs[group, path].result().targets == []


# Keys that Ansible adds to any result.
OF_ANSIBLE = {"changed", "exception", "failed", "invocation", "msg"}


def test_options_and_keys_are_the_documented_ones(play: Player, runs: dict[tuple[str, str], Future[Run]]) -> None:
    """On both paths, in results that are good and bad; a key of one path alone is caught here, too."""
    names = [f"cloudwait.jobs.{provider}_job_info" for provider in PROVIDERS]
    done = play.command(["ansible-doc", "--json", "--type", "module", *names])
    for name, documentation in json.loads(done.stdout).items():
        provider = name.rpartition(".")[2].partition("_")[0]
        scenarios = [scenario.name for scenario in WAITS.scenarios if scenario.provider == provider]
        for path in PATHS:
            tasks = [task for task in runs["waits", path].result().played.tasks if task["task"] in scenarios]
            for status in ("ok", "ignored"):
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
