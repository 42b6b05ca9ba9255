# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts, timelines and clocks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, RealClock, ScriptError
from ansible_collections.cloudwait.jobs.tests.simulator.checks import ANYTHING, NUMBER
from ansible_collections.cloudwait.jobs.tests.simulator.facts import FACTS
from ansible_collections.cloudwait.jobs.tests.simulator.script import FINAL, library, load
from ansible_collections.cloudwait.jobs.tests.simulator.timeline import Timeline


@pytest.mark.parametrize(
    ("second", "value"), [(0, "before"), (0.9, "before"), (1, "a"), (4.9, "a"), (5, "b"), (99, "b")]
)
def test_timeline(second: float, value: str) -> None:
    assert Timeline("x", {"5": "b", 1: "a"}, ANYTHING).at(second, "before") == value


@pytest.mark.parametrize(("second", "value"), [(0, None), (1, 10), (3, 20), (5, 30), (7.5, 55), (10, 80), (99, 80)])
def test_timeline_between(second: float, value: float | None) -> None:
    assert Timeline("x", {1: 10, 5: 30, 10: 80}, NUMBER).between(second) == value


@pytest.mark.parametrize("name", sorted(library()))
def test_library_plays_to_its_end(name: str) -> None:
    clock = ManualClock()
    cloud = Cloud(clock=clock)
    script = cloud.scripts[name]
    service = cloud.services[script.provider]
    cloud.submit(name)
    job = cloud.store.of_provider(script.provider)[-1]
    for second in range(15):
        shown = service.show(job, clock.now())
        assert json.loads(json.dumps(shown)) == shown, f"second {second}"
        clock.advance(1)
    endless = name.endswith(("-runs", "-vanishes"))
    assert script.preset or (service.word(job, clock.now()) in FINAL) is not endless


def test_library_covers_every_service_and_state() -> None:
    scripts = [script for script in library().values() if not script.preset]
    assert {script.provider for script in scripts} == set(FACTS)
    assert {state for script in scripts for state in script.states.values} >= {*FINAL, "pending", "running"}


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("nobody", "There is no script 'nobody'"),
        ({"states": {0: "running"}}, "needs a provider"),
        ({"provider": "lake"}, "needs a provider"),
        ({"provider": "cph", "stats": {}}, "keys that mean nothing: stats"),
        ({"provider": "cph", "states": ["running"]}, "states must be a mapping"),
        ({"provider": "cph", "states": {}}, "at least one second"),
        ({"provider": "cph", "states": {"soon": "running"}}, "'soon' is no such second"),
        ({"provider": "cph", "states": {-1: "running"}}, "-1 is no such second"),
        ({"provider": "cph", "states": {float("nan"): "running"}}, "nan is no such second"),
        ({"provider": "cph", "appears_after": "late"}, "appears_after must be a number of seconds"),
        ({"provider": "ims", "progress": {0: "half"}}, "must be a number"),
        ({"provider": "ims", "progress": "fast"}, "must be a number"),
        ({"provider": "ims", "answers": {0: 503}}, "must be a mapping or null"),
        ({"provider": "cph", "tasks": [{}]}, "tasks, which jobs of cph do not have"),
        ({"provider": "uphone", "tasks": [{"state": {}}]}, "task 1"),
        ({"provider": "uphone", "tasks": {}}, "tasks must be a list"),
    ],
)
def test_scripts_that_cannot_be_played(script: Any, says: str) -> None:
    with pytest.raises(ScriptError, match=re.escape(says)):
        Cloud().submit(script)


@pytest.mark.parametrize(
    "options",
    [
        {"count": 0},
        {"count": "2"},
        {"count": 100_001},
        {"scale": 0},
        {"scale": float("inf")},
        {"scale": [1, 2, 3], "count": 2},
        {"each": {}},
        {"each": [1]},
        {"each": []},
        {"rejected": [1]},
        {"answer": 1},
        {"provider": "ims"},
    ],
)
def test_submits_that_cannot_be_made(options: dict[str, Any]) -> None:
    cloud = Cloud()
    before = len(list(cloud.store))
    with pytest.raises(ValueError, match=r"must|is one of"):
        cloud.submit("phone-reset", **options)
    assert len(list(cloud.store)) == before


def test_changes_count_for_one_submit_only() -> None:
    cloud = Cloud()
    cloud.submit("image-from-server", type="changed", states={0: "pending", 4: "running", 8: "succeeded"})
    changed, script = cloud.store.of_provider("ims")[-1].script, cloud.scripts["image-from-server"]
    assert (changed.type, script.type) == ("changed", "imsCreateImageByInstance")
    # What is derived from what was changed follows it.
    assert changed.progress is not None
    assert changed.progress.between(6) == 50


@pytest.mark.parametrize("text", ["- a", "a: [", "a: 5", "a: {provider: cph, states: 5}"])
def test_files_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "scripts.yml"
    path.write_text(text)
    with pytest.raises(ScriptError):
        list(load(path))


def test_manual_clock() -> None:
    clock = ManualClock(start=1000)
    clock.advance(2.5)
    assert (clock.now(), clock.real(), clock.wall()) == (2.5, 2.5, 1002.5)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.advance(-1)


def test_real_clock_runs_by_its_speed() -> None:
    clock = RealClock(speed=1000)
    before, middle, after = clock.real(), clock.now(), clock.real()
    assert before * 1000 <= middle <= after * 1000
    for speed in (0, -1, float("nan")):
        with pytest.raises(ValueError, match="speed"):
            RealClock(speed)
