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

`play(tasks, variables, …)` plays the tasks on localhost with the ansible-playbook under test (see under_test.py), in an
environment without any credentials. Every module already has an endpoint and credentials of the cloud, by
module_defaults. The variables `cloud_url`, `huaweicloud` and `ucloud` (connection options) can be used, too, as can the
fixtures `huaweicloud` and `ucloud`. `play.command(arguments)` runs any other command of ansible-core that way, and
`play.start(arguments)` starts one that a test wants to watch, or to interrupt.

On localhost the modules run in the worker process. `connection="elsewhere"` makes Ansible believe in another machine,
where they run as modules; `hosts=["a", "b"]` plays on several hosts.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.cloudwait.jobs.tests.integration.under_test import CONTROLLER, MODULE_PYTHON

COLLECTION = Path(__file__).resolve().parents[2]
# The embedded cloud is the package `simulator`.
sys.path.insert(0, str(COLLECTION / "tests"))

from simulator import credentials  # noqa: E402
from simulator.cloud import Cloud  # noqa: E402
from simulator.server import running  # noqa: E402

# Far above what any test takes; it ends what hangs.
SECONDS = 900


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
        **more: Any,
    ) -> Played:
        """Play the tasks with these variables; `environment` is that of Ansible's own process, `more` as for write."""
        playbook = self.write(tasks, variables, **more)
        arguments = [playbook, *(["--check"] if check else []), *arguments]
        return self.command(["ansible-playbook", *arguments], environment)

    def write(
        self,
        tasks: Sequence[Mapping[str, Any]],
        variables: Mapping[str, Any] | None = None,
        *,
        connection: str = "local",
        hosts: Sequence[str] = (),
        play_environment: Mapping[str, str] | None = None,
        **keywords: Any,
    ) -> str:
        """Write the playbook and return its path; `keywords` are further keywords of the play."""
        play = {
            "name": "Test",
            "hosts": list(hosts) or "localhost",
            "gather_facts": False,
            "vars": {
                "ansible_connection": connection,
                "ansible_python_interpreter": MODULE_PYTHON,
                **self.variables,
                **(variables or {}),
            },
            "module_defaults": {
                "group/cloudwait.jobs.huaweicloud": self.variables["huaweicloud"],
                "group/cloudwait.jobs.ucloud": self.variables["ucloud"],
            },
            "environment": dict(play_environment or {}),
            "tasks": list(tasks),
            **keywords,
        }
        playbook = self.folder / "playbook.yml"
        playbook.write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
        self.folder.joinpath("hosts").write_text("\n".join(hosts), encoding="utf-8")
        return str(playbook)

    def command(self, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Played:
        """Run a command of the ansible-core under test and collect what the tasks gave."""
        self.forget()
        process = self.start(arguments, environment)
        try:
            stdout, stderr = process.communicate(timeout=SECONDS)
        finally:
            process.kill()
        return self.played(process.returncode, stdout, stderr)

    def start(
        self, arguments: Sequence[str], environment: Mapping[str, str] | None = None, **options: Any
    ) -> subprocess.Popen[str]:
        """Start a command of the ansible-core under test; `options` are those of Popen."""
        self.folder.joinpath("ansible.cfg").touch()
        # ansible-runner and its like are the checks' own, and play with the ansible-playbook that they find on PATH.
        places = [Path(python).with_name(arguments[0]) for python in (CONTROLLER, sys.executable)]
        program = next(place for place in places if place.exists())
        return subprocess.Popen(
            [str(program), *arguments[1:]],
            cwd=self.folder,
            env={**self.environment(), **(environment or {})},
            stdin=subprocess.DEVNULL,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", **options},
        )

    def played(self, code: int, stdout: str, stderr: str) -> Played:
        """Collect what the tasks of a command gave."""
        record = self._record
        lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
        return Played(code, stdout, stderr, [json.loads(line) for line in lines])

    def forget(self) -> None:
        """Drop what the tasks of the last command gave."""
        self._record.unlink(missing_ok=True)

    @property
    def _record(self) -> Path:
        return self.folder / "results.jsonl"

    def environment(self) -> dict[str, str]:
        """The environment of commands."""
        # Nothing of the user's takes part: no settings, no credentials, no proxies.
        kept = {
            name: os.environ[name] for name in ("LANG", "LC_ALL", "PYTHONPYCACHEPREFIX", "TMPDIR") if name in os.environ
        }
        collections = os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(COLLECTION.parents[2]))
        return {
            "LC_ALL": "C.UTF-8",
            **kept,
            "PATH": f"{Path(CONTROLLER).parent}:{os.environ.get('PATH', os.defpath)}",
            "HOME": str(self.folder),
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": collections,
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).with_name("callback_plugins")),
            "ANSIBLE_CALLBACKS_ENABLED": "record_results",
            "ANSIBLE_CONNECTION_PLUGINS": str(Path(__file__).with_name("connection_plugins")),
            "ANSIBLE_BECOME_PLUGINS": str(Path(__file__).with_name("become_plugins")),
            "ANSIBLE_INVENTORY": str(self.folder / "hosts"),
            "ANSIBLE_INJECT_INVOCATION": "true",
            "ANSIBLE_PIPELINING": "true",
            # Ansible takes ~ for the user's own home, whatever HOME says.
            "ANSIBLE_REMOTE_TEMP": str(self.folder / ".ansible/tmp"),
            "ANSIBLE_ASYNC_DIR": str(self.folder / ".ansible_async"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "RECORD_RESULTS": str(self._record),
        }


@pytest.fixture(scope="session", autouse=True)
def _heed_interrupts() -> None:
    """Where the checks run in the background, a shell lets them, and so all playbooks, ignore what the tests send."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def cloud(request: pytest.FixtureRequest) -> Iterator[Cloud]:
    """An embedded cloud of this test's own."""
    with running(Cloud(**getattr(request, "param", {}))) as started:
        yield started


def connections(cloud: Cloud) -> dict[str, dict[str, Any]]:
    """Connection options for the modules of each action group."""
    return {
        "huaweicloud": {
            "endpoint": cloud.url,
            "auth_url": cloud.url,
            "region": credentials.REGION,
            "project_id": credentials.PROJECT_ID,
            "access_key": credentials.ACCESS_KEY,
            "secret_key": credentials.SECRET_KEY,
        },
        "ucloud": {
            "endpoint": cloud.url,
            "region": credentials.UCLOUD_REGION,
            "project_id": credentials.UCLOUD_PROJECT_ID,
            "public_key": credentials.UCLOUD_PUBLIC_KEY,
            "private_key": credentials.UCLOUD_PRIVATE_KEY,
        },
    }


@pytest.fixture
def huaweicloud(cloud: Cloud) -> dict[str, Any]:
    """Connection options for the Huawei Cloud modules."""
    return connections(cloud)["huaweicloud"]


@pytest.fixture
def ucloud(cloud: Cloud) -> dict[str, Any]:
    """Connection options for the UCloud modules."""
    return connections(cloud)["ucloud"]


@pytest.fixture
def play(tmp_path: Path, cloud: Cloud, huaweicloud: dict[str, Any], ucloud: dict[str, Any]) -> Player:
    """Plays tasks against the cloud."""
    return Player(tmp_path, cloud, {"cloud_url": cloud.url, "huaweicloud": huaweicloud, "ucloud": ucloud})


# Scenarios: what tests ask about takes long to play, so it begins at once, beside the other tests.


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of scenarios behind the others."""
    items.sort(key=groups_of)


def groups_of(item: pytest.Item) -> list[str]:
    """The groups of scenarios that a test is about."""
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    if "test_modules.py" not in item.nodeid and "group" not in parameters:
        return []
    return [str(parameters.get("group", "waits"))]


@pytest.fixture(scope="session", autouse=True)
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What the selected tests need: each group of scenarios, played on both paths. By group and path, as futures."""
    from ansible_collections.cloudwait.jobs.tests.integration.scenarios.plays import GROUPS, PATHS, run  # noqa: PLC0415

    def make(folder: Path, cloud: Cloud) -> Player:
        return Player(folder, cloud, {"cloud_url": cloud.url, **connections(cloud)})

    now = time.time()
    wanted = dict.fromkeys(group for item in request.session.items for group in groups_of(item))
    with ThreadPoolExecutor(2) as pool:
        futures = {
            (name, path): pool.submit(run, GROUPS[name], path, tmp_path_factory.mktemp(f"{name}-{path}"), make, now)
            for name in wanted
            for path in reversed(PATHS)
        }
        yield futures
        for future in futures.values():
            future.cancel()
