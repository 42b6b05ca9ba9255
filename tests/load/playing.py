# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks against the embedded cloud, watched while they run."""

from __future__ import annotations

import subprocess
import typing as t
from pathlib import Path

from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played, Player, connections
from ansible_collections.cloudwait.jobs.tests.load.embedded import Embedded
from ansible_collections.cloudwait.jobs.tests.load.usage import Watch

# Far above what any playbook takes; it ends what hangs.
SECONDS = 600


def player(folder: Path, cloud: Embedded) -> Player:
    """Plays tasks in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    return Player(folder, cloud, connections(cloud))


class Playing:
    """A playbook that runs."""

    def __init__(self, by: Player, playbook: str, watch: Watch, arguments: t.Sequence[str] = ()) -> None:
        self._by = by
        by.forget()
        # Into files: a pipe that nobody reads holds up whoever writes.
        self._told = by.folder / "told"
        with self._told.open("w", encoding="utf-8") as stream:
            self._process = by.start(
                ["ansible-playbook", playbook, *arguments], stdout=stream, stderr=subprocess.STDOUT
            )
        watch.add(self._process.pid)

    def end(self) -> Played:
        """Wait for its end; raises subprocess.TimeoutExpired where it hangs."""
        try:
            code = self._process.wait(SECONDS)
        finally:
            self._process.kill()
        return self._by.played(code, self._told.read_text(encoding="utf-8"), "")
