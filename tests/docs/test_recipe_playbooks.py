# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every recipe is a file that runs as it is, and ends with the exit codes that its first lines name."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.cloudwait.jobs.tests.docs.examples import COLLECTION, GUIDES, examples
from ansible_collections.cloudwait.jobs.tests.docs.playing import SPEED, Played, play, play_together, run
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, RealClock, running

FOLDER = COLLECTION / "docs" / "docsite" / "recipes"
GUIDE = GUIDES / "guide_recipes.rst"
ENVIRONMENT = FOLDER / "execution-environment.yml"
PLAYBOOKS = sorted(path for path in FOLDER.glob("*.yml") if path != ENVIRONMENT)
LICENCE = 5
# Jobs run this many times as fast where a second must be too short for them.
SLOW = 3
# Prepares a cloud, and returns what is given with -e.
Scene = Callable[[Cloud], dict[str, Any]]


def nothing(_cloud: Cloud) -> dict[str, Any]:
    return {}


def refused(cloud: Cloud) -> dict[str, Any]:
    cloud.fault("status", service="ims", status=403)
    return {}


def given(**variables: Any) -> Scene:
    return lambda _cloud: variables


def job(variable: str, script: str, **changes: Any) -> Scene:
    """A job of another script, whose id the recipe gets as a list."""

    def prepare(cloud: Cloud) -> dict[str, Any]:
        cloud.submit(script, job_id="another", **changes)
        return {variable: ["another"]}

    return prepare


def answer(script: str, name: str) -> Scene:
    """A job of another script, whose id the recipe gets as the answer that started it."""

    def prepare(cloud: Cloud) -> dict[str, Any]:
        cloud.submit(script, job_id="another")
        return {"answer": {name: "another"}}

    return prepare


def request(*scripts: str) -> Scene:
    """A request of CPH with ten jobs of each script."""

    def prepare(cloud: Cloud) -> dict[str, Any]:
        for script in scripts:
            cloud.submit(script, count=10, request_id="another")
        return {"request_ids": ["another"]}

    return prepare


def instead(script: str, other: str, **variables: Any) -> Scene:
    """What the recipe submits follows another script."""

    def prepare(cloud: Cloud) -> dict[str, Any]:
        cloud.scripts[script] = cloud.scripts[other]
        return variables

    return prepare


def slowly(prepare: Scene) -> Scene:
    """A job of seconds takes more than one."""

    def prepare_slowly(cloud: Cloud) -> dict[str, Any]:
        cloud.clock = RealClock(SLOW)
        return prepare(cloud)

    return prepare_slowly


PASSED = {"config": {"check_result": True}}
CHECKED = {0: {"status": "processed", "job_id": "another", "result": PASSED}}
WAIT_FOR = {"wait_jobs": [{"provider": "ims", "job_id": "ff8080814dbd65d7014dbe0d84db0013"}]}
CASES: list[tuple[str, str, Scene, int]] = [
    ("submit_and_wait", "both phones are reset", nothing, 0),
    (
        "submit_and_wait",
        "a phone is refused",
        given(phones=[{"phone_id": "no-such-phone"}, {"phone_id": "phone-1"}]),
        2,
    ),
    ("submit_and_wait", "the jobs fail", instead("phone-reset", "phone-reset-fails"), 2),
    ("wait_in_another_play", "the image is made", nothing, 0),
    ("wait_in_another_play", "the job fails", instead("image-from-server", "image-import-fails"), 2),
    ("make_image", "the request is accepted", nothing, 0),
    ("make_image", "the request is refused", refused, 2),
    ("ansible_until", "the job has succeeded", nothing, 0),
    ("ansible_until", "the job has failed", job("image_jobs", "image-import-fails", states={0: "failed"}), 2),
    ("hundreds_of_jobs", "all are exported", nothing, 0),
    ("hundreds_of_jobs", "none is exported", instead("image-export", "image-import-fails"), 2),
    ("small_share", "all jobs succeed", nothing, 0),
    ("small_share", "all jobs fail", request("phone-reset-fails"), 2),
    (
        "partial_success",
        "some phones have the app",
        job("install_jobs", "uphone-install-partly", city="cn-shanghai"),
        0,
    ),
    ("partial_success", "all phones have the app", job("install_jobs", "uphone-install", city="cn-shanghai"), 0),
    ("partial_success", "no phone has the app", job("install_jobs", "uphone-command-fails", city="cn-shanghai"), 2),
    ("most_of_a_request", "all jobs succeed", nothing, 0),
    ("most_of_a_request", "half of the jobs succeed", request("phone-reset", "phone-reset-fails"), 2),
    ("act_on_a_failure", "it is bound at once", instead("cluster-elb-fails", "cluster-start"), 0),
    (
        "act_on_a_failure",
        "it is bound at last",
        slowly(instead("cluster-elb-fails", "cluster-start", first_timeout=1)),
        0,
    ),
    ("act_on_a_failure", "the job fails", nothing, 2),
    ("act_on_a_failure", "the job fails at last", slowly(given(first_timeout=1)), 2),
    ("act_on_a_failure", "the time is over twice", slowly(given(first_timeout=1, second_timeout=0)), 2),
    ("dcs_big_keys", "the keys are known", nothing, 0),
    ("dcs_big_keys", "the analysis fails", answer("dcs_bigkey-fails", "id"), 2),
    ("elb_member_check", "the server passes", job("check_jobs", "elb_member_check-succeeds", raw=CHECKED), 0),
    ("elb_member_check", "the server does not pass", nothing, 2),
    ("elb_member_check", "the check is not made", job("check_jobs", "elb_member_check-fails"), 2),
    ("sfs_turbo_usage", "the usage is known", nothing, 0),
    ("sfs_turbo_usage", "the measurement fails", job("usage_jobs", "sfs_turbo_dir_usage-fails"), 2),
    ("drs_list", "the list is exported", nothing, 0),
    ("drs_list", "the export fails", answer("drs_async-fails", "async_job_id"), 2),
    ("ugc_computation", "it succeeds", nothing, 0),
    ("ugc_computation", "it fails", job("computations", "ugc-fails"), 2),
    ("bastion", "the job succeeds", job("cluster_jobs", "dws-succeeds"), 0),
    ("bastion", "the job fails", job("cluster_jobs", "dws-fails"), 2),
    ("bastion", "the host cannot be reached", nothing, 4),
    ("bastion_async", "the job succeeds", job("cluster_jobs", "dws-succeeds"), 0),
    ("bastion_async", "the job fails", job("cluster_jobs", "dws-fails"), 2),
    ("bastion_async", "the host cannot be reached", nothing, 4),
    ("awx_submit", "the request is accepted", nothing, 0),
    ("awx_submit", "the request is refused", refused, 2),
    ("awx_wait", "all jobs succeed", given(**WAIT_FOR), 0),
    ("awx_wait", "there is nothing to wait for", nothing, 2),
]
IDS = [f"{name}: {scene}" for name, scene, _prepare, _code in CASES]


def unreachable(folder: Path) -> dict[str, Any]:
    """A host to which no connection can be made."""
    ssh = folder / "ssh"
    ssh.write_text("#!/bin/sh\nexit 255\n", encoding="utf-8")
    ssh.chmod(0o755)
    return {"ansible_connection": "ssh", "ansible_ssh_executable": str(ssh)}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Played]:
    """Every case, each with a cloud of its own, two at a time."""
    folders = {case: tmp_path_factory.mktemp("recipe") for case in IDS}

    def play_case(case: str) -> Played:
        name, scene, prepare, _code = CASES[IDS.index(case)]
        folder = folders[case]
        bastion = unreachable(folder) if "cannot be reached" in scene else {}
        playbook = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
        with running(Cloud(speed=SPEED)) as cloud:
            variables = json.dumps(prepare(cloud))
            return play(playbook, cloud, folder, "-e", variables, bastion=bastion)

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(IDS, pool.map(play_case, IDS), strict=True))


@pytest.mark.parametrize(("case", "code"), [(case, row[3]) for case, row in zip(IDS, CASES, strict=True)], ids=IDS)
def test_exit_code(played: dict[str, Played], case: str, code: int) -> None:
    assert played[case].code == code, played[case].output


@pytest.mark.parametrize("path", PLAYBOOKS, ids=lambda path: path.stem)
def test_exit_codes_are_named(path: Path) -> None:
    comment = path.read_text(encoding="utf-8").split("\n- name:")[0]
    named = {int(code) for code in re.findall(r"Exit code (\d):", comment)}
    assert named == {code for name, _scene, _prepare, code in CASES if name == path.stem}


def test_the_guide_shows_every_recipe() -> None:
    shown = re.findall(
        r"^\.\. literalinclude:: \.\./recipes/(\S+)\n   :language: yaml(?:\+jinja)?\n   :lines: 6-$",
        GUIDE.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert sorted(shown) == sorted(path.name for path in [*PLAYBOOKS, ENVIRONMENT])
    for path in [*PLAYBOOKS, ENVIRONMENT]:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert "SPDX-License-Identifier" in lines[LICENCE - 2]
        assert lines[LICENCE].startswith("# ")


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with running(Cloud(speed=SPEED)) as started:
        yield started


# The sample of the vendor did not pass, whatever the mode.
FAILS_ANYHOW = "elb_member_check"


def test_check_mode(cloud: Cloud, tmp_path: Path) -> None:
    playbooks = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in PLAYBOOKS}
    # One that fails ends the command.
    playbooks[FAILS_ANYHOW] = playbooks.pop(FAILS_ANYHOW)
    played = play_together(playbooks, {"awx_wait": WAIT_FOR}, cloud, tmp_path, "--check")
    output = played[FAILS_ANYHOW].output
    failed = {name: [task for task, status in each.tasks if status == "failed"] for name, each in played.items()}
    assert [name for name in failed if failed[name]] == [FAILS_ANYHOW], output
    assert [name for name, each in played.items() if not each.tasks] == [], output


def test_a_later_job_of_a_pipeline(cloud: Cloud, tmp_path: Path) -> None:
    command = "ansible-playbook cloudwait.jobs.wait -e @wait.json -e wait_timeout=3600"
    assert [example for example in examples(GUIDE) if example.text == f"{command}\n"]
    first = play(yaml.safe_load((FOLDER / "make_image.yml").read_text(encoding="utf-8")), cloud, tmp_path)
    assert first.code == 0, first.output
    connection = json.dumps({"wait_huaweicloud": {"endpoint": cloud.url}, "wait_interval": 0.05})
    done = run([*command.split(), "-e", connection], cloud, tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_execution_environment(tmp_path: Path, cloud: Cloud) -> None:
    """ansible-builder takes the definition, and finds what the collection needs; building needs a container engine."""
    shutil.copy(ENVIRONMENT, tmp_path)
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
