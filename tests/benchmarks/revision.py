# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another revision of this repository, to measure beside the present one."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import tarfile
import tempfile
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def tree(name: str | None) -> t.Iterator[Path]:
    """Yield a folder that collections can be loaded from, with a revision of this repository; None: what stands here.

    Raises SystemExit where the repository does not have the revision.
    """
    with tempfile.TemporaryDirectory() as folder:
        collection = Path(folder) / "ansible_collections" / "cloudwait" / "jobs"
        collection.parent.mkdir(parents=True)
        if name is None:
            collection.symlink_to(ROOT)
        else:
            git = ["git", "-C", str(ROOT), "archive", name]
            done = subprocess.run(git, capture_output=True, check=False)
            if done.returncode:
                sys.exit(f"The repository at {ROOT} has no revision {name}; give another one.")
            with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
                archive.extractall(collection, filter="data")
        yield Path(folder)
