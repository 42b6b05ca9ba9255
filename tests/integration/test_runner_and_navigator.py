# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-runner, on which AWX is built, and ansible-navigator play the demo, and tell how a playbook ended."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.cloudwait.jobs.tests.integration.conftest import COLLECTION

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played, Player
    from simulator.cloud import Cloud

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("ansible_navigator") is None, reason="There is no ansible-navigator here."
    ),
    pytest.mark.parametrize("cloud", [{"speed": 10}], indirect=True),
]
# The demo's fourth play lets a job fail, and rescues it.
FAILURE = re.compile(r"^\d+:\d\d  dws: job \w+ failed \(.*DWS\.0114.*\)$", re.MULTILINE)
LAST = "10 of 10 jobs arrived before one deadline"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the demo; the inventory beside it is empty."""
    tmp_path.joinpath("hosts").touch()
    return shutil.copytree(COLLECTION / "demo", tmp_path / "project")


def run(play: Player, project: Path, *arguments: str) -> Played:
    """Run a program beside ansible-playbook, with the demo's settings."""
    callbacks = play.environment()["ANSIBLE_CALLBACK_PLUGINS"]
    environment = {
        "ANSIBLE_CONFIG": str(project / "ansible.cfg"),
        "ANSIBLE_CALLBACK_PLUGINS": f"{callbacks}:{project / 'callback_plugins'}",
        "ANSIBLE_NAVIGATOR_LOG_FILE": str(play.folder / "navigator.log"),
        "ANSIBLE_NAVIGATOR_PLAYBOOK_ARTIFACT_SAVE_AS": str(play.folder / "artifact.json"),
    }
    return play.command(arguments, environment)


def navigate(play: Player, project: Path, playbook: str, *arguments: str) -> Played:
    options = ["--execution-environment", "false", "--mode", "stdout"]
    return run(play, project, "ansible-navigator", "run", playbook, *options, *arguments)


def check_tasks(results: dict[str, Any]) -> None:
    """What the programs keep of the tasks' results."""
    assert results["Reset the phones and wait until every one is reset"]["summary"]["succeeded"] == 12
    on_purpose = "Bind a load balancer and wait until it is bound; this job fails on purpose"
    assert results[on_purpose]["failure"]["kind"] == "job_failed"
    assert results["Wait for the jobs"]["summary"]["succeeded"] == 10
    assert LAST in results["Sum it up"]["msg"][-1]
    named = re.findall(r"[a-z]+/[\w./]+\w", " ".join(results["Say what to do next"]["msg"]))
    assert len(named) == 3
    assert [path for path in named if not (COLLECTION / path).exists()] == []


def test_runner_plays_the_demo(cloud: Cloud, play: Player, project: Path) -> None:
    options = ["-p", "demo.yml", "--ident", "it", "--cmdline", f"-e cloud_url={cloud.url}"]
    played = run(play, project, "ansible-runner", "run", str(project.parent), "--project-dir", str(project), *options)
    assert played.code == 0, played.output
    artifacts = project.parent / "artifacts" / "it"
    assert (artifacts.joinpath("rc").read_text(), artifacts.joinpath("status").read_text()) == ("0", "successful")
    events = [json.loads(path.read_text()) for path in artifacts.glob("job_events/*.json")]
    events.sort(key=lambda event: event["counter"])
    # None is lost, and none has what was meant for another.
    assert [event["counter"] for event in events] == list(range(1, len(events) + 1))
    kinds = Counter(event["event"] for event in events)
    assert kinds["runner_on_start"] == kinds["runner_on_ok"] + kinds["runner_on_failed"]
    assert (kinds["runner_on_failed"], kinds["playbook_on_stats"], kinds["error"]) == (1, 1, 0)
    ended = [event["event_data"] for event in events if event["event"] in ("runner_on_ok", "runner_on_failed")]
    check_tasks({data["task"]: data["res"] for data in ended})
    # Each line about the progress is an event of its own, and stands in the output as it is.
    # ansible-core 2.16 has blank lines of its own between them.
    lines = [event["stdout"] for event in events if event["event"] == "verbose" and event["stdout"]]
    assert any(map(FAILURE.fullmatch, lines)), lines
    assert not [line for line in lines if not re.fullmatch(r"\d+:\d\d  [^:]+: .+", line)]
    assert set(lines) <= set(artifacts.joinpath("stdout").read_text().splitlines())


def test_navigator_plays_the_demo(cloud: Cloud, play: Player, project: Path) -> None:
    played = navigate(play, project, str(project / "demo.yml"), "-e", f"cloud_url={cloud.url}")
    assert played.code == 0, played.output
    assert FAILURE.search(played.stdout)
    assert LAST in played.stdout
    artifact = json.loads(play.folder.joinpath("artifact.json").read_text())
    assert artifact["status"] == "successful"
    tasks = [task for each in artifact["plays"] for task in each["tasks"]]
    check_tasks({task["task"]: task["res"] for task in tasks if "res" in task})
    assert any(map(FAILURE.fullmatch, artifact["stdout"]))


def test_navigator_tells_a_failure(cloud: Cloud, play: Player, project: Path) -> None:
    played = navigate(play, project, "cloudwait.jobs.wait")
    assert played.code == 2, played.output
    assert "Nothing says what to wait for; name a provider and jobs" in played.stdout
    assert json.loads(play.folder.joinpath("artifact.json").read_text())["status"] == "failed"
