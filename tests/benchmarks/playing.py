# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays playbooks for a benchmark, with the running interpreter's ansible-playbook."""

from __future__ import annotations

import os
import subprocess
import sys
import typing as t
from pathlib import Path

import yaml


def play(
    folder: Path, collections: Path | str, tasks: t.Sequence[t.Mapping[str, t.Any]], **environ: str
) -> subprocess.CompletedProcess[str]:
    """Play tasks on localhost, with a folder as home, and nothing of the user's but PATH; `environ` is added to it."""
    playbook = [{"name": "Bench", "hosts": "localhost", "gather_facts": False, "tasks": list(tasks)}]
    (folder / "playbook.yml").write_text(yaml.safe_dump(playbook), encoding="utf-8")
    clean = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
    }
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    return subprocess.run(
        [program, "playbook.yml"], env={**clean, **environ}, cwd=folder, capture_output=True, text=True, check=False
    )


def play_well(folder: Path, collections: Path | str, tasks: t.Sequence[t.Mapping[str, t.Any]], **environ: str) -> None:
    """Play tasks that must not fail. Raises SystemExit where one does."""
    done = play(folder, collections, tasks, **environ)
    if done.returncode:
        sys.exit(f"The playbook failed:\n{done.stdout}\n{done.stderr}")
