# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example in the documentation runs, against the embedded cloud.

All examples of a document are one playbook, in their order. What the text takes from elsewhere is in `given`.
Credentials and addresses come from the environment and from module_defaults.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.cloudwait.jobs.tests.docs.examples import (
    COLLECTION,
    Example,
    documents,
    examples,
    plays,
    task_names,
)
from ansible_collections.cloudwait.jobs.tests.docs.playing import SECONDS, SPEED, Played, play, play_together
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, credentials, running

ALL = {path: examples(path) for path in documents()}
ANSIBLE = {path: [example for example in found if example.is_ansible] for path, found in ALL.items()}
# A translation has the same examples, as another test shows.
RUN = {path: found for path, found in ANSIBLE.items() if found and not re.search(r"[._]zh(-CN)?\.", path.name)}


KEYS = {
    "vault_access_key": credentials.ACCESS_KEY,
    "vault_secret_key": credentials.SECRET_KEY,
    "vault_public_key": credentials.UCLOUD_PUBLIC_KEY,
    "vault_private_key": credentials.UCLOUD_PRIVATE_KEY,
}
# A login that every cloud refuses.
REFUSED = {
    "huaweicloud": {"access_key": "nobody", "secret_key": "nobody"},
    "ucloud": {"public_key": "nobody", "private_key": "nobody"},
}


def name_of(path: Path) -> str:
    return str(path.relative_to(COLLECTION))


def given(cloud: Cloud) -> dict[str, dict[str, Any]]:
    """What the text of a document takes from elsewhere, by document."""
    reset = {"reset": {"json": cloud.submit("phone-reset", count=2)}}
    images = ["d164b5df-1bc3-4c3f-893e-3e471fd16e64", "e9e91bff-14b6-4a0b-8377-4ed0813e3360"]
    failing = [{"provider": "ims", "job_id": cloud.submit("image-import-fails")["job_id"]}]
    modules = {name_of(path): started(path) for path in COLLECTION.glob("plugins/modules/*.py")}
    return {
        **modules,
        "roles/wait/meta/argument_specs.yml": {**KEYS, **reset},
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
            **KEYS,
        },
    }


def started(module: Path) -> dict[str, Any]:
    """The answers with which services accept the work that a module's examples wait for."""
    examples = [task for example in ANSIBLE[module] for task in example.value]
    polls = [options for task in examples for name, options in task.items() if name.startswith("cloudwait.jobs.")]
    ids = [options["job_ids"] for options in polls if isinstance(options.get("job_ids"), list)]
    field = re.search(r"field='([^']+)'", module.read_text(encoding="utf-8"))
    answer: Any = (ids or [["ff8080814dbd65d7014dbe0d84db0013"]])[0][0]
    for name in reversed(field[1].split(".") if field else ["job_id"]):
        answer = {name: answer}
    return {**KEYS, "started": {"json": answer}, "created": {"json": answer}}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with running(Cloud(speed=SPEED)) as started:
        yield started


def playbook(path: Path) -> list[dict[str, Any]]:
    """The examples of a document, those of a module with a login that is refused where they show what to do then."""
    return plays([refused(example) if path.suffix == ".py" else example for example in RUN[path]])


def refused(example: Example) -> Example:
    """The examples of a module, of which a block with a rescue is refused."""
    items = example.value
    for wait in (task for item in items if "rescue" in item for task in item["block"]):
        (module,) = (name for name in wait if name.startswith("cloudwait.jobs."))
        if module.endswith("wait_for_jobs"):
            wait[module]["connections"] = {"huaweicloud": REFUSED["huaweicloud"]}
        else:
            wait[module].update(REFUSED["ucloud" if "group/cloudwait.jobs.ucloud" in example.text else "huaweicloud"])
    return replace(example, text=yaml.safe_dump(items, sort_keys=False))


def play_all(
    request: pytest.FixtureRequest, cloud: Cloud, factory: pytest.TempPathFactory, *arguments: str
) -> dict[Path, Played]:
    """Play the documents of the tests that are chosen, two at a time; those of modules in two playbooks."""
    asked = {item.callspec.params.get("path") for item in request.session.items if hasattr(item, "callspec")}
    chosen = [path for path in RUN if path in asked]
    modules = [path for path in chosen if path.suffix == ".py"]
    parts = [[path] for path in chosen if path not in modules]
    parts += [part for part in (modules[::2], modules[1::2]) if part]
    folders = [factory.mktemp(part[0].stem) for part in parts]
    variables = given(cloud)

    def play_part(part: list[Path], folder: Path) -> dict[Path, Played]:
        if len(part) == 1:
            own = variables.get(name_of(part[0]))
            return {part[0]: play(playbook(part[0]), cloud, folder, *arguments, variables=own)}
        playbooks = {path.stem: playbook(path) for path in part}
        of_hosts = {path.stem: variables.get(name_of(path), {}) for path in part}
        played = play_together(playbooks, of_hosts, cloud, folder, *arguments)
        return {path: played[path.stem] for path in part}

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(play_part, parts, folders))
    return {path: played for part in done for path, played in part.items()}


@pytest.fixture(scope="module")
def played(
    request: pytest.FixtureRequest, cloud: Cloud, tmp_path_factory: pytest.TempPathFactory
) -> dict[Path, Played]:
    """Every document's playbook."""
    return play_all(request, cloud, tmp_path_factory)


@pytest.fixture(scope="module")
def checked(
    request: pytest.FixtureRequest, cloud: Cloud, tmp_path_factory: pytest.TempPathFactory
) -> dict[Path, Played]:
    """Every document's playbook in check mode."""
    return play_all(request, cloud, tmp_path_factory, "--check")


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
    wanted = [name for each in playbook(path) for name in task_names(each["tasks"])]
    missing = set(wanted) - {name for name, _status in run.tasks}
    includes = {task["name"] for each in playbook(path) for task in each["tasks"] if is_include(task)}
    assert missing <= includes, run.output


def is_include(task: dict[str, Any]) -> bool:
    """Whether a task only includes others, so that nothing is recorded under its own name."""
    inner = [*task.get("block", ()), *task.get("rescue", ())]
    return "ansible.builtin.include_role" in task or any(map(is_include, inner))


def test_every_kind_of_document_has_examples() -> None:
    names = set(map(name_of, RUN))
    assert {name.partition("/")[0] for name in names} >= {"README.md", "docs", "plugins", "roles"}
    modules = {name_of(path) for path in COLLECTION.glob("plugins/modules/*.py")}
    assert modules <= names
    tasks = [name for path in RUN for each in playbook(path) for name in task_names(each["tasks"])]
    assert len(tasks) > 100


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_all_yaml_can_be_read(path: Path) -> None:
    for example in ALL[path]:
        if example.language.startswith("yaml"):
            assert example.value
