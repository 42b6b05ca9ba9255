# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a waiting task shows on a terminal, that nothing of it disturbs programs that read along, and interrupts."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible_collections.cloudwait.jobs.tests.integration.scenarios import still_running
from ansible_collections.cloudwait.jobs.tests.integration.under_test import CONTROLLER, core_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.cloudwait.jobs.tests.integration.conftest import Player
    from simulator.cloud import Cloud

IMS = "cloudwait.jobs.ims_job_info"
UPHONE = "cloudwait.jobs.uphone_job_info"
# Every line of progress, with the host that may stand before it.
LINE = re.compile(r"^(?:\[\w+\] )?\d+:\d\d  \w+: .*$", re.MULTILINE)
QUICKLY = {"interval": 0.05, "max_interval": 0.1, "timeout": 60}
# Since then a worker has a process group of its own, so that what runs on its behalf can be ended alone.
OWN_GROUP = core_version() >= (2, 19)
# A process has this many seconds to end; most need a tenth of one.
SECONDS = 30


def wait(name: str, job_ids: list[str], /, module: str = IMS, **keywords: Any) -> dict[str, Any]:
    """A task that waits for jobs."""
    options = {"job_ids": job_ids, "until": "succeeded", **QUICKLY, **keywords.pop("options", {})}
    return {"name": name, module: options, **keywords}


def submit(cloud: Cloud, job_id: str, state: str, provider: str = "ims", looks: int = 0, **more: Any) -> str:
    """A job that is in this state after some looks at which it is still running."""
    cloud.submit({"provider": provider, "states": {0: state}, "job_id": job_id, **more})
    if looks:
        cloud.fault("merge", service=provider, job_id=job_id, times=looks, body=still_running(provider))
    return job_id


def story(cloud: Cloud) -> list[dict[str, Any]]:
    """Waits that show something, and others that must not."""
    broken: dict[str, Any] = {"tasks": [{"states": {0: "failed"}, "error": {"message": "It broke."}}]}
    several = [submit(cloud, "good", "running", "uphone"), submit(cloud, "bad", "failed", "uphone", **broken)]
    return [
        wait("one", [submit(cloud, "alone", "succeeded", looks=2)]),
        wait("several", several, UPHONE, options={"timeout": 0}, ignore_errors=True),
        wait("quiet", [submit(cloud, "unseen-quiet", "succeeded", looks=2)], options={"show_progress": False}),
        wait("secret", [submit(cloud, "unseen-secret", "succeeded", looks=2)], no_log=True),
        {"name": "look", IMS: {"job_ids": [submit(cloud, "unseen-look", "running")]}},
    ]


def shown(stderr: str) -> list[str]:
    return LINE.findall(stderr)


def tasks_in(document: Any) -> list[Any]:
    """The tasks of what the callbacks of ansible.posix write: a playbook, or one event."""
    if "plays" in document:
        return [task for play in document["plays"] for task in play["tasks"]]
    return [document] if "task" in document and "hosts" in document else []


def check_story(lines: list[str]) -> None:
    assert re.fullmatch(r"\d:\d\d  ims: job alone is running", lines[0]), lines
    assert re.fullmatch(r"\d:\d\d  ims: job alone succeeded", lines[-2]), lines
    assert re.fullmatch(r"\d:\d\d  uphone: 2 jobs: 1 running, 1 failed.* - bad failed \(.*It broke\)", lines[-1]), lines
    assert not [line for line in lines if "unseen" in line]


def test_json_on_standard_output_stays_json(cloud: Cloud, play: Player) -> None:
    played = play(story(cloud), environment={"ANSIBLE_STDOUT_CALLBACK": "one_document"})
    document = json.loads(played.stdout)
    assert [job["state"] for job in document["several"]["jobs"]] == ["running", "failed"]
    check_story(shown(played.stderr))


@pytest.mark.skipif(
    importlib.util.find_spec("ansible_collections.ansible") is None
    or importlib.util.find_spec("ansible_collections.ansible.posix") is None,
    reason="The collection ansible.posix is not installed.",
)
@pytest.mark.parametrize("callback", ["json", "jsonl"])
def test_so_does_that_of_ansible_posix(cloud: Cloud, play: Player, callback: str) -> None:
    played = play(story(cloud), environment={"ANSIBLE_STDOUT_CALLBACK": f"ansible.posix.{callback}"})
    # One document, or one a line.
    documents = played.stdout.splitlines() if callback == "jsonl" else [played.stdout]
    tasks = [task for document in map(json.loads, documents) for task in tasks_in(document)]
    results = {task["task"]["name"]: task["hosts"]["localhost"] for task in tasks if task["hosts"]}
    assert results["one"]["jobs"][0]["state"] == "succeeded"
    check_story(shown(played.stderr))


def test_yaml_on_standard_output_stays_yaml(cloud: Cloud, play: Player) -> None:
    played = play(story(cloud), environment={"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}, arguments=["-v"])
    assert shown(played.stdout) == []
    text = re.search(r"^ok: \[localhost\] => *\n((?:    .*\n)+)", played.stdout, flags=re.MULTILINE)
    assert text is not None, played.stdout
    assert yaml.safe_load(text.group(1))["jobs"][0]["job_id"] == "alone"
    check_story(shown(played.stderr))


def test_a_line_for_every_look_with_v(cloud: Cloud, play: Player) -> None:
    submit(cloud, "a", "succeeded")
    for progress in (0.1, 0.5):
        body = {"status": "RUNNING", "entities": {"process_percent": progress, "current_task": "Copying"}}
        cloud.fault("merge", service="ims", job_id="a", times=2, body=body)
    played = play([wait("wait", ["a"])], arguments=["-v"])
    assert played["wait"]["polls"] == 5
    # Whether a second is left is up to the machine.
    lines = [re.sub(r", about \d:\d\d left$", "", line.partition("  ")[2]) for line in shown(played.stderr)]
    assert lines == [
        *["ims: job a is running, 10 %, Copying"] * 2,
        *["ims: job a is running, 50 %, Copying"] * 2,
        "ims: job a succeeded",
    ]


def test_the_host_where_several_wait(cloud: Cloud, play: Player) -> None:
    hosts = ["one", "two"]
    for host in hosts:
        submit(cloud, f"job-of-{host}", "succeeded", looks=2)
    played = play([wait("wait", ["job-of-{{ inventory_hostname }}"])], hosts=hosts)
    lines = shown(played.stderr)
    for host in hosts:
        of_host = [line for line in lines if line.startswith(f"[{host}] ")]
        assert [line.partition("  ")[2] for line in of_host] == [
            f"ims: job job-of-{host} is running",
            f"ims: job job-of-{host} succeeded",
        ]


@pytest.mark.skipif(shutil.which("script") is None or sys.platform != "linux", reason="There is no `script` here.")
def test_a_terminal(cloud: Cloud, play: Player) -> None:
    """Each line whole and at the beginning of one, in Ansible's own colours."""
    program = Path(CONTROLLER).with_name("ansible-playbook")
    command = shlex.join([str(program), play.write(story(cloud))])
    environment = {"ANSIBLE_NOCOLOR": "false", "TERM": "xterm"}
    process = subprocess.run(
        ["script", "--quiet", "--return", "--command", command, "/dev/null"],
        env={**play.environment(), **environment},
        cwd=play.folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert process.returncode == 0, process.stdout
    lines = process.stdout.replace("\r\n", "\n").split("\n")
    coloured = [line for line in lines if re.match(r"\x1b\[\d;\d\dm\d:\d\d  \w+: ", line)]
    assert all(line.endswith("\x1b[0m") for line in coloured)
    plain = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in coloured]
    check_story(plain)
    # what fails has the colour of failures
    failure = next(line for line in coloured if "bad failed" in line)
    assert failure.partition("m")[0] != coloured[0].partition("m")[0]


@pytest.mark.skipif(importlib.util.find_spec("ansible_runner") is None, reason="There is no ansible-runner here.")
def test_ansible_runner(cloud: Cloud, play: Player) -> None:
    """It reads its events from the same stream, between markers."""
    playbook = Path(play.write(story(cloud)))
    data = play.folder / "data"
    data.joinpath("project").mkdir(parents=True)
    playbook.rename(data / "project" / "playbook.yml")
    process = subprocess.run(
        [sys.executable, "-m", "ansible_runner", "run", str(data), "-p", "playbook.yml", "--ident", "it"],
        env=play.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    check_story(shown(process.stdout))
    events = [json.loads(path.read_text()) for path in data.glob("artifacts/it/job_events/*.json")]
    results = {
        event["event_data"]["task"]: event["event_data"]["res"]
        for event in events
        if event["event"] in ("runner_on_ok", "runner_on_failed")
    }
    assert results["one"]["jobs"][0]["state"] == "succeeded"
    assert results["several"]["failure"]["kind"] == "job_failed"
    assert [event for event in events if event["event"] == "error"] == []


# Interrupts


@pytest.fixture
def patient(play: Player, cloud: Cloud) -> Callable[[], bool]:
    """Says whether everything that a play began has ended, and left nothing behind."""

    def ended() -> bool:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            listed = subprocess.run(["ps", "-A", "-o", "args"], capture_output=True, encoding="utf-8", check=True)
            left = [line for line in listed.stdout.splitlines() if str(play.folder) in line]
            files = [*play.folder.glob(".ansible/tmp/ansible-tmp-*"), *play.folder.glob("tmp/*payload*")]
            if not left and not files:
                return True
            time.sleep(0.05)
        pytest.fail(f"Still there: {left} {files}")

    play.folder.joinpath("tmp").mkdir()
    return ended


def environment_of(play: Player) -> dict[str, str]:
    """Modules as files, where they can be found, and temporary files in the test's own folder."""
    return {"ANSIBLE_PIPELINING": "false", "TMPDIR": str(play.folder / "tmp")}


@pytest.mark.parametrize("connection", ["local", "elsewhere"])
@pytest.mark.parametrize("interrupt", ["Ctrl-C", "SIGTERM"])
def test_an_interrupt_shows_what_is_known_and_leaves_nothing(
    cloud: Cloud, play: Player, patient: Callable[[], bool], connection: str, interrupt: str
) -> None:
    """As a terminal sends it, to the whole process group, and as a pipeline does, to the main process alone."""
    submit(cloud, "endless", "running", progress={0: 40})
    submit(cloud, "ended", "succeeded")
    playbook = play.write([wait("wait", ["endless", "ended"])], connection=connection)
    process = play.start(["ansible-playbook", playbook], environment_of(play), start_new_session=True)
    end = time.monotonic() + SECONDS
    while len(cloud.requests) < 4 and time.monotonic() < end:
        time.sleep(0.02)
    if interrupt == "Ctrl-C":
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.terminate()
    stdout, stderr = process.communicate(timeout=SECONDS)
    assert process.returncode == (99 if interrupt == "Ctrl-C" else -signal.SIGTERM), stdout + stderr
    assert patient()
    asked = len(cloud.requests)
    last = "stopped, 2 jobs: 1 running, 1 succeeded, 70 %; not finished: endless"
    # A module is a process beside the one that is interrupted: on a busy machine its last word may come too late.
    if connection == "local":
        assert last in stderr
    assert "Traceback" not in stdout + stderr
    assert len(cloud.requests) == asked


@pytest.mark.parametrize("connection", ["local", "elsewhere"])
def test_the_timeout_of_the_task(cloud: Cloud, play: Player, patient: Callable[[], bool], connection: str) -> None:
    """Ansible's own message, and what is known; then the play goes on as if nothing had been."""
    submit(cloud, "endless", "running")
    submit(cloud, "next", "succeeded")
    tasks = [
        wait("endless", ["endless"], timeout=3, ignore_errors=True),
        wait("next", ["next"], timeout=60),
    ]
    played = play(tasks, connection=connection, environment=environment_of(play))
    assert played.code == 0, played.output
    assert re.search(r"imed out after 3 second|time frame \(3\)", played["endless"]["msg"])
    assert played["next"]["jobs"][0]["state"] == "succeeded"
    if connection == "local":
        assert "stopped, job endless is running" in played.stderr
    elif OWN_GROUP and cloud.log.select(job_id="endless"):
        # The module was there in time.
        assert re.search(r"Interrupted after [\d.]+ s; still running: endless", played.stderr)
    assert patient()
    asked = len(cloud.log.select(job_id="endless"))
    time.sleep(0.3)
    assert len(cloud.log.select(job_id="endless")) == asked
