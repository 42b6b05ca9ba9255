# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the documentation that install the collection and that check credentials do what is said of them."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.cloudwait.jobs.tests.docs.examples import COLLECTION, GUIDES, examples
from ansible_collections.cloudwait.jobs.tests.docs.playing import run
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, running

ADDRESS = "https://git.example/cloudwait.jobs.git"
CHECKS = [each.text for each in examples(GUIDES / "guide_signing_in.rst") if each.text.startswith("ansible localhost")]


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with running(Cloud()) as started:
        yield started


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a git repository with this collection."""
    folder = tmp_path_factory.mktemp("git") / "cloudwait.jobs.git"
    identity = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.com"]
    for command in (["init", "--quiet", "--initial-branch=main"], ["add", "--all"], ["commit", "--quiet", "-m", "All"]):
        work_tree = [f"--git-dir={folder}", f"--work-tree={COLLECTION}"]
        subprocess.run(["git", *work_tree, *identity, *command], cwd=COLLECTION, check=True)
    # What is cloned is bare, as on a server.
    subprocess.run(["git", f"--git-dir={folder}", "config", "core.bare", "true"], check=True)
    return f"file://{folder}"


def code_of(start: str) -> str:
    """The one block of code in README.md that begins so."""
    (found,) = [each.text for each in examples(COLLECTION / "README.md") if each.text.startswith(start)]
    return found


def test_install_from_a_git_address(repository: str, cloud: Cloud, tmp_path: Path) -> None:
    command = code_of("ansible-galaxy collection install git+").replace(ADDRESS, repository)
    done = run([*shlex.split(command), "-p", "installed"], cloud, tmp_path)
    assert done.returncode == 0, done.stdout
    assert tmp_path.joinpath("installed/ansible_collections/cloudwait/jobs/MANIFEST.json").is_file()


def test_install_from_a_requirements_file(repository: str, cloud: Cloud, tmp_path: Path) -> None:
    requirements = code_of("collections:\n").replace(ADDRESS, repository)
    tmp_path.joinpath("requirements.yml").write_text(requirements, encoding="utf-8")
    command = "ansible-galaxy collection install -r requirements.yml"
    assert command in COLLECTION.joinpath("README.md").read_text(encoding="utf-8")
    done = run([*command.split(), "-p", "installed"], cloud, tmp_path)
    assert done.returncode == 0, done.stdout
    assert tmp_path.joinpath("installed/ansible_collections/cloudwait/jobs/MANIFEST.json").is_file()


HUAWEICLOUD, UCLOUD = CHECKS
NOWHERE = "endpoint=http://127.0.0.1:9 request_timeout=1"


@pytest.mark.parametrize(
    ("command", "options", "answer"),
    [
        (HUAWEICLOUD, "", "SUCCESS"),
        # a key is wrong
        (HUAWEICLOUD, "access_key=SIMULATEDAK000000001 secret_key=wrong", "authentication"),
        # half a pair
        (HUAWEICLOUD, "access_key=SIMULATEDAK000000001", "invalid"),
        # nothing listens there
        (HUAWEICLOUD, NOWHERE, "transport"),
        (UCLOUD, "", "SUCCESS"),
        (UCLOUD, "public_key=wrong private_key=wrong", "authentication"),
        (UCLOUD, "public_key=wrong", "invalid"),
        (UCLOUD, NOWHERE, "transport"),
    ],
)
def test_what_the_check_of_credentials_answers(
    cloud: Cloud, tmp_path: Path, command: str, options: str, answer: str
) -> None:
    words = shlex.split(command)
    words[-1] += f" {options}" if "endpoint" in options else f" endpoint={cloud.url} {options}"
    done = run(words, cloud, tmp_path)
    assert (done.returncode == 0) is (answer == "SUCCESS"), done.stdout
    assert ("localhost | SUCCESS" if answer == "SUCCESS" else f'"kind": "{answer}"') in done.stdout
