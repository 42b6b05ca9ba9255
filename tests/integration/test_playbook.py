# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook `cloudwait.jobs.wait` on the command line: exit codes, sentences, and where its variables come from."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import yaml
from simulator import credentials

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played, Player
    from simulator.cloud import Cloud

ENVIRONMENT = {
    "HUAWEICLOUD_SDK_AK": credentials.ACCESS_KEY,
    "HUAWEICLOUD_SDK_SK": credentials.SECRET_KEY,
    "HUAWEICLOUD_SDK_PROJECT_ID": credentials.PROJECT_ID,
    "HW_REGION_NAME": credentials.REGION,
}
SECRET = "a-password-of-somebody"
STATES = {"good": "succeeded", "better": "succeeded", "bad": "failed", "endless": "running"}


@dataclass(frozen=True)
class Case:
    """What is given with -e, in a file of variables and in the inventory; the exit code, and what becomes of it.

    `jobs` are the ids in the result, and `sentence` is a part of the message.
    """

    given: tuple[str, ...]
    code: int
    jobs: tuple[str, ...] = ()
    sentence: str = ""
    file: dict[str, Any] = field(default_factory=dict)
    inventory: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    playbook: str = "cloudwait.jobs.wait"


def group(*job_ids: str) -> list[dict[str, Any]]:
    return [{"provider": "ims", "job_ids": list(job_ids)}]


ALL_ARRIVED = {
    "jobs of one provider": Case(("provider=ims", "job_ids=good,better", "wait_timeout=600"), 0, ("good", "better")),
    "the inventory": Case((), 0, ("bad",), inventory={"wait_jobs": group("bad"), "wait_until": ["failed"]}),
    "a file before the inventory": Case(
        (),
        0,
        ("good", "bad"),
        file={"wait_jobs": group("good", "bad"), "wait_until": "finished"},
        inventory={"wait_jobs": group("endless"), "wait_until": "succeeded"},
    ),
    "short words before the inventory": Case(
        ("provider=ims", "job_id=bad", "until=failed", "timeout=60"),
        0,
        ("bad",),
        inventory={"wait_jobs": group("good"), "wait_until": "succeeded", "wait_timeout": 0},
    ),
    # short words of an inventory are about other things, until -e gives them
    "an inventory for network devices": Case(
        ("provider=ims", "job_id=good"),
        0,
        ("good",),
        inventory={
            # Ansible itself warns of the name `timeout`, and quotes the lines before it.
            "provider": {"password": SECRET, "user": "admin", "vrf": "management", "zone": "z"},
            "timeout": 5,
            "job_ids": [SECRET],
            "options": {"a": 1},
        },
    ),
    "a playbook of one's own": Case((), 0, ("good",), playbook="own.yml", inventory={"wait_jobs": group("endless")}),
}
NOT_ALL_ARRIVED = {
    # --tags leaves out nothing
    "a job failed": Case(
        ("provider=ims", "job_ids=good,bad"),
        2,
        ("good", "bad"),
        "1 of 2 jobs failed: bad",
        arguments=("--tags", "other"),
    ),
    "no time left": Case(
        (),
        2,
        ("endless",),
        "still running: endless",
        inventory={"wait_jobs": group("endless"), "wait_timeout": 0},
    ),
    "not found": Case(
        ("provider=ims", "job_ids=nobody", "wait_not_found_grace=0"),
        2,
        ("nobody",),
        "Job nobody was not found",
    ),
    "bad credentials": Case(
        ("provider=ims", "job_ids=good"),
        2,
        ("good",),
        "Image Management Service (IMS) refuses the credentials",
        environment={"HUAWEICLOUD_SDK_SK": "wrong"},
    ),
    # not even where every task's result is shown
    "options that nobody may see": Case(
        ("provider=ims", "job_ids=good", '{"options": {"token": "' + SECRET + '"}}'),
        2,
        ("good",),
        "Image Management Service (IMS) refuses the credentials",
        arguments=("-vvv",),
    ),
}
# Nothing is asked. That nothing is said at all is what test_runner_and_navigator.py plays.
REFUSED = {
    "no jobs": Case(
        ("provider=ims",),
        2,
        sentence="The provider ims is named without any jobs; add job_ids",
        file={"wait_timeout": 1},
    ),
    "no provider": Case(
        ("job_ids=good",), 2, sentence="There are job_ids without a provider", inventory={"wait_jobs": group("good")}
    ),
    "a provider in the inventory": Case(
        ("job_ids=good",),
        2,
        sentence="There are job_ids without a provider",
        inventory={"provider": "ims"},
    ),
    "a provider that is no name": Case(
        ('{"provider": {"user": "admin", "password": "' + SECRET + '"}, "job_ids": "good"}',),
        2,
        sentence="The provider is no text; name the service",
    ),
    "both": Case(
        ("provider=ims", "job_ids=good"),
        2,
        sentence="Both wait_jobs and provider say what to wait for",
        file={"wait_jobs": group("better")},
    ),
}
CASES = {**ALL_ARRIVED, **NOT_ALL_ARRIVED, **REFUSED}


# Tasks, at most, that come before the answer.
MAX_TASKS = 5


def wait(case: Case, play: Player, folder: Path) -> Played:
    """Call the playbook from a folder of its own."""
    folder.joinpath("group_vars").mkdir(parents=True)
    player = replace(play, folder=folder)
    connection = {"wait_huaweicloud": {"endpoint": play.cloud.url}, "wait_interval": 0.1, **case.inventory}
    files = {
        "group_vars/all.yml": connection,
        "more.yml": case.file,
        "own.yml": [{"name": "Own", "import_playbook": "cloudwait.jobs.wait", "vars": {"wait_jobs": group("good")}}],
    }
    for name, content in files.items():
        folder.joinpath(name).write_text(yaml.safe_dump(content), encoding="utf-8")
    folder.joinpath("hosts").touch()
    given = [*case.given, *(["@more.yml"] if case.file else [])]
    words = [word for variable in given for word in ("-e", variable)]
    return player.command(
        ["ansible-playbook", case.playbook, *words, *case.arguments], {**ENVIRONMENT, **case.environment}
    )


def kept(played: Played) -> list[str]:
    """The ids of the jobs in the role's result, if there is one."""
    found = [task["result"] for task in played.tasks if task["task"].endswith("Keep the result")]
    results = [result["ansible_facts"]["wait_result"] for result in found if "ansible_facts" in result]
    return [job["job_id"] for result in results for job in result["jobs"]]


def test_the_exit_code_is_0_only_when_all_arrived(cloud: Cloud, play: Player, tmp_path: Path) -> None:
    for job_id, state in STATES.items():
        cloud.submit({"provider": "ims", "states": {0: state}, "job_id": job_id})
    with ThreadPoolExecutor(2) as pool:
        played = pool.map(lambda name: wait(CASES[name], play, tmp_path / name), CASES)
        results = dict(zip(CASES, played, strict=True))
    for name, case in CASES.items():
        result = results[name]
        assert result.code == case.code, f"{name}: {result.output}"
        assert tuple(kept(result)) == case.jobs, f"{name}: {result.output}"
        assert "Traceback" not in result.output
        assert SECRET not in result.output
        tasks = [task["task"].rpartition(" : ")[2] for task in result.tasks]
        if case.jobs:
            assert tasks.index("Show how the jobs ended") <= MAX_TASKS, tasks
        if case.code:
            assert case.sentence in result.failed["msg"], f"{name}: {result.failed['msg']}"
    assert {job_id for request in cloud.requests for job_id in request.job_ids} == {*STATES, "nobody"}
