# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays playbooks of the documentation against the embedded cloud.

Credentials and addresses come from the environment and from module_defaults.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.cloudwait.jobs.tests.docs.examples import COLLECTION
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, credentials

# Far above what any document takes; it ends what hangs.
SECONDS = 120
# Jobs of the embedded cloud run this many times as fast.
SPEED = 50
# Variables of every host: all are this machine.
HERE = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}


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
        "group/cloudwait.jobs.ucloud": {"endpoint": cloud.url},
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


def play(
    playbook: list[dict[str, Any]],
    cloud: Cloud,
    folder: Path,
    *arguments: str,
    variables: dict[str, Any] | None = None,
    bastion: dict[str, Any] | None = None,
) -> Played:
    """Play plays, with these arguments for ansible-playbook and these variables of the two hosts."""
    hosts = {"localhost": {**HERE, **(variables or {})}, "bastion": {**HERE, **(bastion or {})}}
    done, lines = _play({"playbook": playbook}, hosts, cloud, folder, *arguments)
    return Played(folder, done.returncode, done.stdout, _tasks(lines))


def play_together(
    playbooks: dict[str, list[dict[str, Any]]],
    variables: dict[str, dict[str, Any]],
    cloud: Cloud,
    folder: Path,
    *arguments: str,
) -> dict[str, Played]:
    """Play playbooks for localhost by one command, so that Ansible starts once; each has a host of its own.

    Where one fails, those after it are not played.
    """
    own = {
        name: [{**each, "hosts": name if each["hosts"] == "localhost" else each["hosts"]} for each in playbook]
        for name, playbook in playbooks.items()
    }
    hosts = {name: {**HERE, **variables.get(name, {})} for name in (*playbooks, "bastion")}
    done, lines = _play(own, hosts, cloud, folder, *arguments)
    return {
        name: Played(folder, done.returncode, done.stdout, _tasks([line for line in lines if line["host"] == name]))
        for name in playbooks
    }


def _play(
    playbooks: dict[str, list[dict[str, Any]]],
    hosts: dict[str, dict[str, Any]],
    cloud: Cloud,
    folder: Path,
    *arguments: str,
) -> tuple[subprocess.CompletedProcess[str], list[dict[str, Any]]]:
    folder.joinpath("hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
    for name, playbook in playbooks.items():
        text = yaml.safe_dump([with_defaults(each, cloud) for each in playbook], sort_keys=False)
        folder.joinpath(f"{name}.yml").write_text(text, encoding="utf-8")
    files = [f"{name}.yml" for name in playbooks]
    done = run(["ansible-playbook", "-i", "hosts.yml", *files, *arguments], cloud, folder)
    record = folder / "results.jsonl"
    lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
    return done, [json.loads(line) for line in lines]


def _tasks(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(line["task"].rpartition(" : ")[2], line["status"]) for line in lines]
