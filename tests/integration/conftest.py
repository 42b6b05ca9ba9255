# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks against the embedded cloud.

A test asks for `cloud`, submits jobs to it, plays tasks, and looks at their results:

    def test_a_phone_is_reset(cloud, play):
        answer = cloud.submit({"provider": "cph", "states": {0: "running", 0.5: "succeeded"}})
        played = play(
            [
                {
                    "name": "Wait",
                    "cloudwait.jobs.cph_job_info": {
                        "job_ids": "{{ answer | cloudwait.jobs.job_ids }}",
                        "until": "succeeded",
                        "interval": 0.1,
                    },
                }
            ],
            {"answer": answer},
        )
        assert played.code == 0, played.output
        assert played["Wait"]["summary"]["succeeded"] == 1
        assert cloud.requests[-1].service == "cph"

`cloud` is a `simulator.cloud.Cloud` that runs in this process. Its options can be set:

    @pytest.mark.parametrize("cloud", [{"speed": 20}], indirect=True)

`play(tasks, variables, …)` plays the tasks on localhost with the ansible-playbook of the running interpreter, in an
environment without any credentials. Every module already has an endpoint and credentials of the cloud, by
module_defaults. The variables `cloud_url`, `huaweicloud` and `ucloud` (connection options) can be used, too, as can the
fixtures `huaweicloud` and `ucloud`. `play.command(arguments)` runs any other command of ansible-core that way.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

COLLECTION = Path(__file__).resolve().parents[2]
# The embedded cloud is the package `simulator`.
sys.path.insert(0, str(COLLECTION / "tests"))

from simulator import credentials  # noqa: E402
from simulator.cloud import Cloud  # noqa: E402
from simulator.server import running  # noqa: E402

# Far above what any test takes; it ends what hangs.
SECONDS = 180


@dataclass(frozen=True)
class Played:
    """What a playbook did: exit code, output, and each task's status (ok, failed, ignored, skipped) and result."""

    code: int
    stdout: str
    stderr: str
    tasks: list[dict[str, Any]] = field(default_factory=list)

    @property
    def output(self) -> str:
        """Both outputs, for an assertion's message."""
        return f"{self.stdout}\n{self.stderr}"

    def __getitem__(self, name: str) -> Any:
        """The result of the last task with this name; the role's name may be left out."""
        return self._last(name)["result"]

    def status(self, name: str) -> str:
        """The status of the last task with this name."""
        return str(self._last(name)["status"])

    def _last(self, name: str) -> Any:
        for task in reversed(self.tasks):
            if task["task"].split(" : ")[-1] == name:
                return task
        raise KeyError(f"No task {name!r} in {[task['task'] for task in self.tasks]}\n{self.output}")

    @property
    def failed(self) -> Any:
        """The result of the task that ended the play."""
        return next(task["result"] for task in reversed(self.tasks) if task["status"] == "failed")


@dataclass(frozen=True)
class Player:
    """Plays tasks, see the top of this file."""

    folder: Path
    cloud: Cloud
    variables: Mapping[str, Any]

    def __call__(
        self,
        tasks: Sequence[Mapping[str, Any]],
        variables: Mapping[str, Any] | None = None,
        *,
        check: bool = False,
        environment: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
        **keywords: Any,
    ) -> Played:
        """Play the tasks with these variables; `keywords` are further keywords of the play, such as environment."""
        play = {
            "name": "Test",
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {**self.variables, **(variables or {})},
            "module_defaults": {
                "group/cloudwait.jobs.huaweicloud": self.variables["huaweicloud"],
                "group/cloudwait.jobs.ucloud": self.variables["ucloud"],
            },
            "tasks": list(tasks),
            **keywords,
        }
        playbook = self.folder / "playbook.yml"
        playbook.write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
        return self.command(
            ["ansible-playbook", str(playbook), *(["--check"] if check else []), *arguments], environment
        )

    def command(self, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Played:
        """Run a command of the running interpreter's ansible-core and collect what the tasks gave."""
        record = self.folder / "results.jsonl"
        record.unlink(missing_ok=True)
        self.folder.joinpath("ansible.cfg").touch()
        program = Path(sys.executable).with_name(arguments[0])
        done = subprocess.run(
            [str(program), *arguments[1:]],
            cwd=self.folder,
            env={**self._environment(record), **(environment or {})},
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
        lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
        return Played(done.returncode, done.stdout, done.stderr, [json.loads(line) for line in lines])

    def _environment(self, record: Path) -> dict[str, str]:
        # Nothing of the user's takes part: no settings, no credentials, no proxies.
        kept = {
            name: os.environ[name] for name in ("LANG", "LC_ALL", "PYTHONPYCACHEPREFIX", "TMPDIR") if name in os.environ
        }
        collections = os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(COLLECTION.parents[2]))
        return {
            "LC_ALL": "C.UTF-8",
            **kept,
            "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}",
            "HOME": str(self.folder),
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": collections,
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).with_name("callback_plugins")),
            "ANSIBLE_CALLBACKS_ENABLED": "record_results",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "RECORD_RESULTS": str(record),
        }


@pytest.fixture
def cloud(request: pytest.FixtureRequest) -> Iterator[Cloud]:
    """An embedded cloud of this test's own."""
    with running(Cloud(**getattr(request, "param", {}))) as started:
        yield started


@pytest.fixture
def huaweicloud(cloud: Cloud) -> dict[str, Any]:
    """Connection options for the Huawei Cloud modules."""
    return {
        "endpoint": cloud.url,
        "auth_url": cloud.url,
        "region": credentials.REGION,
        "project_id": credentials.PROJECT_ID,
        "access_key": credentials.ACCESS_KEY,
        "secret_key": credentials.SECRET_KEY,
    }


@pytest.fixture
def ucloud(cloud: Cloud) -> dict[str, Any]:
    """Connection options for the UCloud modules."""
    return {
        "endpoint": cloud.url,
        "region": credentials.UCLOUD_REGION,
        "project_id": credentials.UCLOUD_PROJECT_ID,
        "public_key": credentials.UCLOUD_PUBLIC_KEY,
        "private_key": credentials.UCLOUD_PRIVATE_KEY,
    }


@pytest.fixture
def play(tmp_path: Path, cloud: Cloud, huaweicloud: dict[str, Any], ucloud: dict[str, Any]) -> Player:
    """Plays tasks against the cloud."""
    return Player(tmp_path, cloud, {"cloud_url": cloud.url, "huaweicloud": huaweicloud, "ucloud": ucloud})
