# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example in the documentation runs, against the embedded cloud.

All examples of a document are one playbook, in their order. What the text takes from elsewhere is in `given`.
Credentials and addresses come from the environment and from module_defaults.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.cloudwait.jobs.tests.docs.examples import (
    COLLECTION,
    documents,
    examples,
    plays,
    task_names,
)
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, credentials, running

# Far above what any document takes; it ends what hangs.
SECONDS = 120
# Jobs of the embedded cloud run this many times as fast.
SPEED = 50
ALL = {path: examples(path) for path in documents()}
ANSIBLE = {path: [example for example in found if example.is_ansible] for path, found in ALL.items()}
RUN = {path: found for path, found in ANSIBLE.items() if found}


def name_of(path: Path) -> str:
    return str(path.relative_to(COLLECTION))


def given(cloud: Cloud) -> dict[str, dict[str, Any]]:
    """What the text of a document takes from elsewhere, by document."""
    reset = {"reset": {"json": cloud.submit("phone-reset", count=2)}}
    images = ["d164b5df-1bc3-4c3f-893e-3e471fd16e64", "e9e91bff-14b6-4a0b-8377-4ed0813e3360"]
    failing = [{"provider": "ims", "job_id": cloud.submit("image-import-fails")["job_id"]}]
    return {
        "docs/docsite/rst/guide_recipes.rst": {
            "image_ids": images,
            "cluster_id": "7d85f602-a948-4a30-afd4-e84f47471c15",
            "elb_id": "1d6b6a3c-4a2e-4a40-8f6b-6a8e8e0c5a11",
            "wait_jobs": [{"provider": "ims", "job_id": "ff8080814dbd65d7014dbe0d84db0013"}],
        },
        "plugins/filter/job_ids.yml": {
            "cph_endpoint": cloud.url,
            "ims_endpoint": cloud.url,
            "project_id": credentials.PROJECT_ID,
            "token": credentials.TOKEN,
            "image_ids": images,
        },
        "roles/wait/README.md": {
            **reset,
            "export": {"json": cloud.submit("image-export")},
            "install": {"json": cloud.submit("uphone-install")},
            "night_work": failing,
            "vault_access_key": credentials.ACCESS_KEY,
            "vault_secret_key": credentials.SECRET_KEY,
        },
    }


@dataclass(frozen=True)
class Played:
    """What became of a document's playbook; `tasks` has each task's name and status in the order of their end."""

    folder: Path
    code: int
    output: str
    tasks: list[tuple[str, str]]


def environment(cloud: Cloud, folder: Path) -> dict[str, str]:
    """Return what users have in their environment, and nothing else of this machine's."""
    kept = {name: os.environ[name] for name in ("PYTHONPYCACHEPREFIX", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "LC_ALL": "C.UTF-8",
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}",
        "HOME": str(folder),
        "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
        "ANSIBLE_COLLECTIONS_PATH": os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(COLLECTION.parents[2])),
        "ANSIBLE_CALLBACK_PLUGINS": str(COLLECTION / "tests" / "integration" / "callback_plugins"),
        "ANSIBLE_CALLBACKS_ENABLED": "record_results",
        "ANSIBLE_NOCOLOR": "true",
        # By itself it is below the home of the passwd file, which is not ours.
        "ANSIBLE_ASYNC_DIR": str(folder / "async"),
        "RECORD_RESULTS": str(folder / "results.jsonl"),
        "HW_ACCESS_KEY": credentials.ACCESS_KEY,
        "HW_SECRET_KEY": credentials.SECRET_KEY,
        "HW_USER_NAME": credentials.USER,
        "HW_USER_PASSWORD": credentials.PASSWORD,
        "HW_DOMAIN_NAME": credentials.DOMAIN,
        "HW_PROJECT_ID": credentials.PROJECT_ID,
        "HW_REGION_NAME": credentials.REGION,
        "HW_AUTH_URL": cloud.url,
        "CLOUD_URL": cloud.url,
        "CPH_URL": cloud.url,
        "IMS_URL": cloud.url,
        "DWS_URL": cloud.url,
        "UCLOUD_API_BASE_URL": cloud.url,
        "UCLOUD_PUBLIC_KEY": credentials.UCLOUD_PUBLIC_KEY,
        "UCLOUD_PRIVATE_KEY": credentials.UCLOUD_PRIVATE_KEY,
        "UCLOUD_PROJECT_ID": credentials.UCLOUD_PROJECT_ID,
        "UCLOUD_REGION": credentials.UCLOUD_REGION,
    }


def with_defaults(play: dict[str, Any], cloud: Cloud) -> dict[str, Any]:
    """Return the play with the address of the embedded cloud, and short intervals, where it does not say otherwise."""
    defaults: dict[str, dict[str, Any]] = {
        "group/cloudwait.jobs.huaweicloud": {"endpoint": cloud.url},
        "group/cloudwait.jobs.all": {"interval": 0.05},
    }
    own = play.get("module_defaults", {})
    merged = {name: {**defaults.get(name, {}), **own.get(name, {})} for name in {**defaults, **own}}
    return {**play, "module_defaults": merged}


def run(arguments: list[str], cloud: Cloud, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of this interpreter's ansible-core in a folder."""
    folder.joinpath("ansible.cfg").touch()
    return subprocess.run(
        [str(Path(sys.executable).with_name(arguments[0])), *arguments[1:]],
        cwd=folder,
        env=environment(cloud, folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


def play_document(path: Path, cloud: Cloud, variables: dict[str, Any], folder: Path, *arguments: str) -> Played:
    """Play all examples of a document, with these arguments for ansible-playbook."""
    here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    hosts = {"localhost": {**here, **variables}, "bastion": here}
    playbook = [with_defaults(play, cloud) for play in plays(RUN[path])]
    folder.joinpath("hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
    folder.joinpath("playbook.yml").write_text(yaml.safe_dump(playbook, sort_keys=False), encoding="utf-8")
    done = run(["ansible-playbook", "-i", "hosts.yml", "playbook.yml", *arguments], cloud, folder)
    record = folder / "results.jsonl"
    lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()] if record.exists() else []
    tasks = [(line["task"].rpartition(" : ")[2], line["status"]) for line in lines]
    return Played(folder, done.returncode, done.stdout, tasks)


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with running(Cloud(speed=SPEED)) as started:
        yield started


@pytest.fixture(scope="module")
def played(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Played]:
    """Every document's playbook, two at a time."""
    variables = given(cloud)
    folders = {path: tmp_path_factory.mktemp(path.stem) for path in RUN}

    def play(path: Path) -> Played:
        return play_document(path, cloud, variables.get(name_of(path), {}), folders[path])

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(RUN, pool.map(play, RUN), strict=True))


@pytest.fixture(scope="module")
def checked(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Played]:
    """Every document's playbook in check mode, two at a time."""
    variables = given(cloud)
    folders = {path: tmp_path_factory.mktemp(f"check-{path.stem}") for path in RUN}

    def play(path: Path) -> Played:
        return play_document(path, cloud, variables.get(name_of(path), {}), folders[path], "--check")

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(RUN, pool.map(play, RUN), strict=True))


@pytest.mark.parametrize("path", RUN, ids=name_of)
def test_run_in_check_mode(checked: dict[Path, Played], path: Path) -> None:
    assert checked[path].code == 0, checked[path].output


def test_the_demo_in_check_mode() -> None:
    command = [sys.executable, str(COLLECTION / "scripts" / "demo"), "--check"]
    done = subprocess.run(command, cwd=COLLECTION, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", RUN, ids=name_of)
def test_run(played: dict[Path, Played], path: Path) -> None:
    run = played[path]
    assert run.code == 0, run.output
    # Each of them was played, or at least looked at: a rescue that nothing called for would show nothing.
    wanted = [name for play in plays(RUN[path]) for name in task_names(play["tasks"])]
    missing = set(wanted) - {name for name, _status in run.tasks}
    includes = {task["name"] for play in plays(RUN[path]) for task in play["tasks"] if is_include(task)}
    assert missing <= includes, run.output


def is_include(task: dict[str, Any]) -> bool:
    """Whether a task only includes others, so that nothing is recorded under its own name."""
    inner = [*task.get("block", ()), *task.get("rescue", ())]
    return "ansible.builtin.include_role" in task or any(map(is_include, inner))


def test_every_kind_of_document_has_examples() -> None:
    names = set(map(name_of, RUN))
    assert {name.partition("/")[0] for name in names} >= {"README.md", "README.zh-CN.md", "docs", "plugins", "roles"}
    modules = {name_of(path) for path in COLLECTION.glob("plugins/modules/*.py")}
    assert modules <= names
    tasks = [name for path in RUN for play in plays(RUN[path]) for name in task_names(play["tasks"])]
    assert len(tasks) > 100


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_all_yaml_can_be_read(path: Path) -> None:
    for example in ALL[path]:
        if example.language.startswith("yaml"):
            assert example.value


def test_a_later_job_of_a_pipeline(played: dict[Path, Played], cloud: Cloud, tmp_path: Path) -> None:
    recipes = next(path for path in RUN if path.stem == "guide_recipes")
    command = "ansible-playbook cloudwait.jobs.wait -e @wait.json -e wait_timeout=3600"
    assert [example for example in ALL[recipes] if example.text == f"{command}\n"]
    shutil.copy(played[recipes].folder / "wait.json", tmp_path)
    connection = json.dumps({"wait_huaweicloud": {"endpoint": cloud.url}, "wait_interval": 0.05})
    done = run([*command.split(), "-e", connection], cloud, tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_execution_environment(tmp_path: Path, cloud: Cloud) -> None:
    """ansible-builder takes the definition, and finds what the collection needs; building needs a container engine."""
    recipes = next(path for path in ALL if path.stem == "guide_recipes")
    (definition,) = [example for example in ALL[recipes] if example.text.startswith("version: 3\n")]
    tmp_path.joinpath("execution-environment.yml").write_text(definition.text, encoding="utf-8")
    tmp_path.joinpath("cloudwait-jobs.tar.gz").write_bytes(b"the collection")
    done = run(["ansible-builder", "create", "--output-filename", "Containerfile"], cloud, tmp_path)
    assert done.returncode == 0, done.stdout
    context = tmp_path / "context"
    collections = yaml.safe_load(context.joinpath("_build", "requirements.yml").read_text(encoding="utf-8"))
    (source,) = [collection["name"] for collection in collections["collections"]]
    assert f"COPY _build/collections/cloudwait-jobs.tar.gz {Path(source).parent}/" in (
        context.joinpath("Containerfile").read_text(encoding="utf-8")
    )
    assert context.joinpath("_build", "collections", "cloudwait-jobs.tar.gz").read_bytes() == b"the collection"
    # What runs inside the image, when the collection is installed there.
    installed = os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(COLLECTION.parents[2]))
    script = str(context / "_build" / "scripts" / "introspect.py")
    done = run(
        ["python", script, "introspect", "--write-pip=needed.txt", "--write-bindep=", installed], cloud, tmp_path
    )
    assert done.returncode == 0, done.stdout
    needed = [line.partition("#")[0].strip() for line in tmp_path.joinpath("needed.txt").read_text().splitlines()]
    assert [line for line in needed if line] == ["requests>=2.25.1"]
