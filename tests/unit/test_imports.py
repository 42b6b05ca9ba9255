# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports run one way: in every folder, what lies there side by side does not import each other in a circle.

The code itself is the list: a new file or folder is checked as soon as it exists.
"""

from __future__ import annotations

import ast
import graphlib
import pathlib
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.names import PROVIDERS

PLUGINS = pathlib.Path(__file__).resolve().parents[2] / "plugins"
PREFIX = "ansible_collections.cloudwait.jobs.plugins."
FILES = sorted(path.relative_to(PLUGINS) for path in PLUGINS.rglob("*.py"))
FOLDERS = sorted({folder for path in FILES for folder in path.parents})
# The parts that must run anywhere, on any clock.
PURE = ("module_utils/model", "module_utils/engine")
OUTSIDE = {"ansible", "http", "requests", "urllib", "urllib3"}


def imports(path: pathlib.PurePath) -> list[str]:
    """The dotted names that a file imports, each as the module it may be."""
    names = []
    for node in ast.walk(ast.parse((PLUGINS / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # A relative import begins in the folder of the file, or above it.
            above = path.parts[: len(path.parts) - node.level] if node.level else ()
            module = ".".join([*above, *filter(None, [node.module])])
            names += [f"{PREFIX if node.level else ''}{module}.{alias.name}" for alias in node.names]
    return names


def imported_files(path: pathlib.PurePath) -> set[pathlib.Path]:
    """The files of the collection that a file imports."""
    found = set()
    for name in imports(path):
        if name.startswith(PREFIX):
            module = pathlib.Path(*name[len(PREFIX) :].split("."))
            found.add(
                next(each for each in (module.with_suffix(".py"), module.parent.with_suffix(".py")) if each in FILES)
            )
    return found


ARROWS = {path: imported_files(path) for path in FILES}


def packed(path: pathlib.Path) -> set[pathlib.Path]:
    """What Ansible packs for another machine with a file: the file, and all that it imports in its turn."""
    found: set[pathlib.Path] = set()
    left = [path]
    while left:
        each = left.pop()
        left += ARROWS[each] - found - {each}
        found.add(each)
    return found


def entry(folder: pathlib.PurePath, path: pathlib.PurePath) -> str | None:
    """The file or folder right below `folder` that a file belongs to."""
    return path.relative_to(folder).parts[0] if path.is_relative_to(folder) else None


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_entries_of_a_folder_import_each_other_one_way(folder: pathlib.PurePath) -> None:
    graph: dict[str, set[str]] = {}
    for path, targets in ARROWS.items():
        own = entry(folder, path)
        if own is not None:
            others = {entry(folder, target) for target in targets} - {own, None}
            graph.setdefault(own, set()).update(t.cast("set[str]", others))
    graphlib.TopologicalSorter(graph).prepare()


def test_a_circle_is_found() -> None:
    with pytest.raises(graphlib.CycleError):
        graphlib.TopologicalSorter({"a.py": {"b"}, "b": {"a.py"}}).prepare()


@pytest.mark.parametrize("folder", PURE)
def test_what_is_pure_knows_neither_http_nor_ansible(folder: str) -> None:
    paths = [path for path in FILES if path.as_posix().startswith(f"{folder}/")]
    assert paths
    for path in paths:
        own = [target.as_posix() for target in ARROWS[path]]
        assert [name for name in own if not name.startswith(PURE)] == []
        assert {name.split(".")[0] for name in imports(path)} & OUTSIDE == set(), path


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_module_packs_its_own_service_and_cloud_alone(provider: str) -> None:
    files = {path.as_posix() for path in packed(pathlib.Path("modules", f"{provider}_job_info.py"))}
    services = {other for other in PROVIDERS if f"module_utils/services/{other}.py" in files}
    clouds = [cloud for cloud in ("huaweicloud", "ucloud") if f"module_utils/clouds/{cloud}/cloud.py" in files]
    assert services == {provider}
    assert len(clouds) == 1
