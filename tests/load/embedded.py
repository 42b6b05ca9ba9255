# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded cloud in a process of its own, ordered about over its control API."""

from __future__ import annotations

import signal
import subprocess
import sys
import typing as t
from pathlib import Path

import requests

SIMULATOR = Path(__file__).resolve().parents[1] / "simulator"
# Far above what any order takes.
SECONDS = 60
END_SECONDS = 10


def end_on_sigterm() -> None:
    """Make SIGTERM an ordinary exit, so that what was started is ended, too."""
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(128 + signal.SIGTERM))


class Control:
    """Orders a cloud about that somebody has started."""

    def __init__(self, url: str) -> None:
        self.url = url

    def submit(self, script: t.Mapping[str, t.Any], scale: t.Sequence[float]) -> t.Any:
        """Start a job for each of `scale`, the seconds that it takes; the service's own answer."""
        return self._call("POST", "jobs", {"script": script, "scale": list(scale), "count": len(scale)})

    def order(self, faults: t.Sequence[t.Mapping[str, t.Any]]) -> None:
        """Order faults."""
        self._call("POST", "faults", list(faults))

    def faults(self) -> list[dict[str, t.Any]]:
        """The orders, each with its `hits`."""
        return t.cast("list[dict[str, t.Any]]", self._call("GET", "faults"))

    def requests(self) -> list[dict[str, t.Any]]:
        """The requests since the last reset."""
        return t.cast("list[dict[str, t.Any]]", self._call("GET", "requests"))

    def limit(self, rate: int | None) -> None:
        """Answer 429 beyond so many requests a second."""
        self._call("POST", "settings", {"rate": rate})

    def reset(self) -> None:
        """Forget jobs, faults and requests."""
        self._call("POST", "reset")

    def _call(self, method: str, name: str, body: t.Any = None) -> t.Any:
        answer = requests.request(method, f"{self.url}/_control/{name}", json=body, timeout=SECONDS)
        if answer.status_code != requests.codes.ok:
            raise RuntimeError(answer.text)
        return answer.json()


class Embedded(Control):
    """A cloud for the length of a `with` block; `arguments` are those of `python tests/simulator`."""

    def __init__(self, *arguments: str) -> None:
        super().__init__("")
        self._arguments = arguments

    def __enter__(self) -> t.Self:
        command = [sys.executable, str(SIMULATOR), *self._arguments]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(END_SECONDS)
        finally:
            self._process.kill()
            if self._process.stdout:
                self._process.stdout.close()
