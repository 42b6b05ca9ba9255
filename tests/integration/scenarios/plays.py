# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All scenarios, and how a group of them is played on one path."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.cloudwait.jobs.tests.integration.scenarios import Group
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.bad_input import BAD_INPUT
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.declared import DECLARED, DECLARED_NONSENSE
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.keywords import ENVIRONMENT, KEYWORDS, SHORT
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.looks import LOOKS
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.requests import REQUESTS, REQUESTS_IN_CHECK_MODE
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.waits import CHECK_MODE, WAITS
from ansible_collections.cloudwait.jobs.tests.integration.told import ARGUMENTS, in_full, obtained, texts
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
    "requests": REQUESTS,
    "requests_in_check_mode": REQUESTS_IN_CHECK_MODE,
    "declared": DECLARED,
    "declared_nonsense": DECLARED_NONSENSE,
}
# In the worker process, and as a module.
PATHS = ("local", "elsewhere")


@dataclass(frozen=True)
class Run:
    """A group that was played on one path: what it gave, where its cloud was, and what that was asked.

    `told` is every text that came out, by its place, and `obtained` what of that is secret beside the credentials.
    """

    played: Played
    url: str
    targets: list[str]
    told: dict[str, str]
    obtained: list[str]


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
        keywords = dict(group.keywords)
        environment = {**in_full(folder), **keywords.pop("environment", {})}
        arguments = [*ARGUMENTS, *keywords.pop("arguments", [])]
        play = make_player(folder, cloud)
        played = play(tasks, connection=path, environment=environment, arguments=arguments, **keywords)
        targets = [request.target for request in cloud.requests]
        return Run(played, cloud.url, targets, texts(folder, played), obtained(cloud))
