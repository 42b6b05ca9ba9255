# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which versions are played together, out of versions.toml and the interpreters that there are."""

from __future__ import annotations

import tomllib
import typing as t
from pathlib import Path

VERSIONS: dict[str, t.Any] = tomllib.loads(Path(__file__).with_name("versions.toml").read_text(encoding="utf-8"))

# What a cell runs. "units of module_utils" run on the module interpreter, everything else on the controller's side.
ALL = ("units", "units of module_utils", "all scenarios")
OLDEST_IN_SHORT = ("units of http", "scenarios in short")


class Core(t.NamedTuple):
    """A version of ansible-core. `controllers` and `modules` are the Pythons that it supports, oldest first."""

    release: str
    controllers: t.Sequence[str]
    modules: t.Sequence[str]
    skip_sanity: t.Sequence[str] = ()

    @property
    def name(self) -> str:
        """Such as 2.21."""
        return self.release.rpartition(".")[0]


class Cell(t.NamedTuple):
    """Versions that are played together, and what runs with them. `requests` is "oldest" or "newest"."""

    core: Core
    controller: str
    module: str
    requests: str
    parts: t.Sequence[str]


CORES = [Core(**core) for core in VERSIONS["core"]]


def key(version: str) -> tuple[int, ...]:
    """By which versions are put in order."""
    return tuple(map(int, version.split(".")))


def available(core: Core, found: t.Collection[str]) -> Core:
    """The same version of ansible-core with the interpreters that there are."""
    controllers, modules = ([name for name in names if name in found] for names in (core.controllers, core.modules))
    return core._replace(controllers=controllers, modules=modules)


def left_out(found: t.Collection[str]) -> list[str]:
    """What cannot be played for want of an interpreter, one line per interpreter."""
    lines = []
    names = sorted({name for core in CORES for name in (*core.controllers, *core.modules)}, key=key)
    for python in (name for name in names if name not in found):
        controllers = ", ".join(core.name for core in CORES if python in core.controllers)
        modules = ", ".join(core.name for core in CORES if python in core.modules)
        sides = [f"as controller of {controllers}"] * bool(controllers) + [f"for modules of {modules}"] * bool(modules)
        lines.append(f"Python {python} {', and '.join(sides)}")
    return lines


def cells(found: t.Collection[str]) -> list[Cell]:
    """The matrix: for each version of ansible-core the oldest together, the newest together, and some in between.

    A controller too old for the tests' own code plays scenarios only; the units run with the next one that is not.
    """
    chosen: list[Cell] = []
    for number, whole in enumerate(CORES):
        core = available(whole, found)
        if not core.controllers or not core.modules:
            continue
        between = core.modules[1:-1] or core.modules
        chosen.append(Cell(core, core.controllers[0], core.modules[0], "oldest", ("sanity", *ALL)))
        for turn, controller in enumerate(core.controllers[1:-1] or core.controllers[-1:]):
            # Another one in between for each version of ansible-core, so that each has its turn.
            module = between[(number + turn) % len(between)]
            chosen.append(Cell(core, controller, module, "oldest", ("units", "scenarios of modules")))
        chosen.append(
            Cell(
                core,
                core.controllers[-1],
                core.modules[-1],
                "newest",
                ("units", "units of module_utils", "scenarios in short"),
            )
        )
    return [_possible(cell, chosen) for cell in chosen]


def oldest(found: t.Collection[str]) -> Cell | None:
    """What the gate plays beside its own versions: everything at its oldest. None where there is no interpreter."""
    for whole in CORES:
        core = available(whole, found)
        controllers = [name for name in core.controllers if key(name) >= key(VERSIONS["tests"])]
        if controllers and core.modules:
            return Cell(core, controllers[0], core.modules[0], "oldest", OLDEST_IN_SHORT)
    return None


def _possible(cell: Cell, among: t.Sequence[Cell]) -> Cell:
    """The cell without units that cannot run on its controller, or that another cell has run already."""
    alike = [other for other in among if (other.core.name, other.requests) == (cell.core.name, cell.requests)]
    able = [other for other in alike if key(other.controller) >= key(VERSIONS["tests"])]
    if able and able[0] == cell:
        return cell
    return cell._replace(parts=tuple(part for part in cell.parts if part != "units"))
