# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How one cell of the matrix is played: its virtual environments, and the commands of its parts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import typing as t
from pathlib import Path

from ansible_collections.cloudwait.jobs.tests.matrix.plan import VERSIONS, Cell, key

# Seconds that one command may take; on two quiet cores none takes a third of it.
LIMIT = 1200
BUILD = Path(".build").resolve()
MATRIX = BUILD / "matrix"
TREE = BUILD / "tree/ansible_collections/cloudwait/jobs"
UNITS = "tests/unit"
MODULE_UNITS = f"{UNITS}/plugins/module_utils"
SCENARIOS = "tests/integration"
# The embedded cloud's own tests are none of the collection's; it always runs beside, in the checks' environment.
NOT_OURS = ("--ignore", f"{UNITS}/simulator", "--ignore", f"{UNITS}/load")
# What depends on ansible-core or on requests, and on nothing else.
UNITS_OF_HTTP = (
    f"{MODULE_UNITS}/network",
    *(f"{MODULE_UNITS}/test_{name}.py" for name in ("argspec", "connect", "http", "module")),
    f"{UNITS}/plugins/plugin_utils",
)
IN_SHORT = tuple(f"{SCENARIOS}/test_{name}.py" for name in ("modules", "paths", "role"))
# What the tests need beside what is under test.
TEST_TOOLS = ("aiohttp", "hypothesis", "pytest", "PyYAML")
MODULE_TEST_TOOLS = ("hypothesis", "pytest", "PyYAML")
# Of what the checks pin, this is under test.
UNDER_TEST = {"ansible-core", "resolvelib"}
REQUESTS = {"requests", "urllib3", "idna", "chardet", "charset-normalizer"}


class PartError(Exception):
    """A part failed; the message says how."""


class Played(t.NamedTuple):
    """What became of a cell: what ran with its results, whether all passed, and the seconds that it took."""

    cell: Cell
    told: str
    passed: bool
    seconds: float


def tolerated(cell: Cell) -> list[str]:
    """What pytest is told to put up with."""
    # Before version 2, urllib3 leaves the socket of a proxy that failed to the garbage collector, which warns of it.
    return ["-W", "ignore::ResourceWarning"] if cell.requests == "oldest" else []


class Player:
    """Plays cells. `pythons` are interpreters by version; nothing begins after `deadline`, a time.monotonic()."""

    def __init__(self, pythons: t.Mapping[str, str], deadline: float) -> None:
        self._pythons = pythons
        self._deadline = deadline
        # Cells share virtual environments.
        self._making = threading.Lock()

    def play(self, cell: Cell) -> Played:
        """Play all parts of a cell, also after one that failed."""
        start = time.monotonic()
        told, passed = [], True
        for part in cell.parts:
            try:
                told.append(f"{part}: {self._part(cell, part)}")
            except PartError as exc:
                told.append(f"{part}: {exc}")
                passed = False
        return Played(cell, "; ".join(told), passed, time.monotonic() - start)

    def _part(self, cell: Cell, part: str) -> str:
        controller, module = self._controller(cell), self._module(cell)
        name = f"{folder_of(cell)}-{part.replace(' ', '-')}"
        if part == "sanity":
            return self._sanity(cell, name, controller)
        if part == "units":
            return self._pytest(name, controller, [UNITS, *NOT_OURS, *tolerated(cell)])
        if part == "units of http":
            return self._pytest(name, controller, [*UNITS_OF_HTTP, *tolerated(cell)])
        if part == "units of module_utils":
            # Of ansible-core, a module has nothing but module_utils, which run on older Pythons than itself.
            beside = MATRIX / folder_of(cell) / "core"
            beside.mkdir(parents=True, exist_ok=True)
            link = beside / "ansible"
            link.unlink(missing_ok=True)
            link.symlink_to(next(controller.parents[1].glob("lib/python*/site-packages/ansible")))
            return self._pytest(name, module, [MODULE_UNITS], PYTHONPATH=f"{BUILD / 'tree'}:{beside}")
        selected = {
            "all scenarios": [SCENARIOS],
            "scenarios in short": IN_SHORT,
            "scenarios of modules": [f"{SCENARIOS}/test_modules.py"],
        }[part]
        return self._pytest(
            name,
            Path(sys.executable),
            selected,
            CONTROLLER_PYTHON=str(controller),
            MODULE_PYTHON=str(module),
            ANSIBLE_COLLECTIONS_PATH=str(self._installed(cell, controller)),
        )

    def _installed(self, cell: Cell, controller: Path) -> Path:
        """The collection, installed by the ansible-core under test."""
        folder = MATRIX / folder_of(cell) / "collections"
        shutil.rmtree(folder, ignore_errors=True)
        (tarball,) = BUILD.glob("dist/*.tar.gz")
        galaxy = [str(controller.with_name("ansible-galaxy")), "collection", "install", "--offline", "--force"]
        galaxy += ["--collections-path", str(folder), str(tarball)]
        self._run(f"{folder_of(cell)}-install", galaxy, ANSIBLE_COLLECTIONS_PATH=str(folder))
        return folder

    def _sanity(self, cell: Cell, name: str, controller: Path) -> str:
        home = MATRIX / folder_of(cell) / "home"
        home.mkdir(parents=True, exist_ok=True)
        for settings in (".config", ".pip"):
            own = Path.home() / settings
            if own.exists() and not (home / settings).exists():
                (home / settings).symlink_to(own)
        tree = MATRIX / folder_of(cell) / "sanity/ansible_collections/cloudwait/jobs"
        self._run(f"{name}-tree", ["scripts/tree", str(tree)])
        skipped = [word for test in cell.core.skip_sanity for word in ("--skip-test", test)]
        path = f"{controller.parent}:{os.environ['PATH']}"
        self._run(name, ["scripts/sanity", str(tree), *skipped], HOME=str(home), PATH=path)
        return "passed" + (f" without {', '.join(cell.core.skip_sanity)}" if skipped else "")

    def _pytest(self, name: str, python: Path, arguments: t.Sequence[str], **environment: str) -> str:
        # ansible-core 2.21 has a socket in its temporary folder, whose path must not be long.
        with tempfile.TemporaryDirectory() as temporary:
            command = [str(python), "-m", "pytest", "-q", "--tb=short", "--basetemp", f"{temporary}/t", *arguments]
            output = self._run(name, command, cwd=TREE, **environment)
        return output.rstrip().splitlines()[-1].strip("= ").partition(" in ")[0]

    def _run(self, name: str, command: t.Sequence[str], cwd: Path | None = None, **environment: str) -> str:
        """Run a command and return its output, which is kept in a file.

        Raises PartError where it fails, or there is no time left.
        """
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise PartError("not begun, because no time was left")
        log = MATRIX / "logs" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        limit = min(LIMIT, left)
        with log.open("w+", encoding="utf-8", errors="replace") as stream:
            try:
                code = subprocess.run(
                    command,
                    cwd=cwd,
                    env={**os.environ, **environment},
                    stdout=stream,
                    stderr=stream,
                    check=False,
                    stdin=subprocess.DEVNULL,
                    timeout=limit,
                ).returncode
            except subprocess.TimeoutExpired:
                raise PartError(f"FAILED: no end after {limit:.0f} s, see {log}") from None
            stream.seek(0)
            output = stream.read()
        if code:
            print(f"==> {name} failed; its output ends so:\n{output[-8000:]}", flush=True)
            last = (output.rstrip().splitlines() or [""])[-1].strip("= ")
            raise PartError(f"FAILED ({last[:120]}), see {log}")
        return output

    def _controller(self, cell: Cell) -> Path:
        tools = TEST_TOOLS if key(cell.controller) >= key(VERSIONS["tests"]) else ()
        # ansible-test fetches its own pip by one.
        packages = [f"ansible-core=={cell.core.release}", "pip", *VERSIONS["requests"][cell.requests], *tools]
        return self._venv(f"core-{cell.core.name}", cell.controller, cell.requests, packages)

    def _module(self, cell: Cell) -> Path:
        packages = [*VERSIONS["requests"][cell.requests], *MODULE_TEST_TOOLS]
        return self._venv("module", cell.module, cell.requests, packages)

    def _venv(self, name: str, version: str, requests: str, packages: t.Sequence[str]) -> Path:
        with self._making:
            return self._make_venv(name, version, requests, packages)

    def _make_venv(self, name: str, version: str, requests: str, packages: t.Sequence[str]) -> Path:
        """The interpreter of a virtual environment with these packages; what else they need is as the checks pin it.

        The pins are for the Pythons of the tests. Older ones take the newest packages that there are for them.
        """
        folder = Path(".venv", f"{name}-{version}-{requests}").resolve()
        python, ready = folder / "bin/python", folder / "ready"
        wanted = "\n".join(packages)
        pins = []
        if key(version) >= key(VERSIONS["tests"]):
            free = UNDER_TEST | (REQUESTS if requests == "oldest" else set())
            lines = Path("requirements/dev.txt").read_text(encoding="utf-8").splitlines()
            pins = [line for line in lines if line.partition("==")[0] not in free and "==" in line]
        if ready.exists() and ready.read_text(encoding="utf-8") == "\n".join([wanted, *pins]):
            return python
        shutil.rmtree(folder, ignore_errors=True)
        name = f"venv-{folder.name}"
        self._run(name, ["uv", "venv", "--quiet", "--python", self._pythons[version], str(folder)])
        constraints = folder / "pins.txt"
        constraints.write_text("\n".join(pins), encoding="utf-8")
        more = [*packages, "--constraint", str(constraints)]
        try:
            self._run(name, ["uv", "pip", "install", "--system-certs", "--python", str(python), *more])
        except PartError:
            # pip alone reads its own settings: a mirror, a proxy, a certificate.
            self._run(name, [sys.executable, "-m", "pip", "--python", str(python), "install", *more])
        ready.write_text("\n".join([wanted, *pins]), encoding="utf-8")
        return python


def folder_of(cell: Cell) -> str:
    """A name for what belongs to a cell."""
    return f"{cell.core.name}-{cell.controller}-{cell.module}-{cell.requests}"
