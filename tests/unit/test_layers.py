# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers in docs/contributing are those of the code, and the picture is drawn of them."""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import pathlib
import typing as t

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
PREFIX = "ansible_collections.cloudwait.jobs.plugins."
TEXT = ROOT / "docs" / "contributing" / "layers.txt"
PICTURE = TEXT.with_suffix(".svg")


def script() -> t.Any:
    """The script that draws, as a module."""
    loader = importlib.machinery.SourceFileLoader("picture", str(ROOT / "scripts" / "picture"))
    spec = importlib.util.spec_from_loader("picture", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


LAYERS = [
    (title, [name for names, _description in boxes for name in names.split()])
    for title, boxes in script().read(TEXT.read_text(encoding="utf-8"))
]
FILES = sorted(
    path.relative_to(PLUGINS)
    for path in PLUGINS.rglob("*.py")
    if path.name != "__init__.py" and path.parts[-2] != "doc_fragments"
)


def short(path: pathlib.PurePath) -> str:
    """The name of a file as the layers spell it: what is in module_utils goes without."""
    return path.as_posix().replace("module_utils/", "")


def layer_of(path: pathlib.PurePath) -> int:
    """The number of a file's layer, 0 for the uppermost."""
    name = short(path)
    found = [
        number
        for number, (_title, names) in enumerate(LAYERS)
        for box in names
        if name == box or (box.endswith("/") and name.startswith(box))
    ]
    assert len(found) == 1, f"{name} must be in one box of {TEXT.name}"
    return found[0]


def imported(path: pathlib.PurePath) -> set[pathlib.Path]:
    """The files of the collection that a file imports."""
    found: set[pathlib.Path] = set()
    for node in ast.walk(ast.parse((PLUGINS / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PREFIX):
            folder = pathlib.Path(*str(node.module)[len(PREFIX) :].split("."))
            inner = [folder / f"{alias.name}.py" for alias in node.names]
            found.update(each if (PLUGINS / each).is_file() else folder.with_suffix(".py") for each in inner)
    return found


@pytest.mark.parametrize("path", FILES, ids=short)
def test_imports_lead_down(path: pathlib.PurePath) -> None:
    here = layer_of(path)
    upwards = [short(other) for other in imported(path) if layer_of(other) < here]
    assert upwards == []


def test_every_box_holds_something() -> None:
    names = [short(path) for path in FILES]
    for _title, boxes in LAYERS:
        for box in boxes:
            assert [name for name in names if name == box or (box.endswith("/") and name.startswith(box))], box


@pytest.mark.parametrize("name", ["job.py", "schedule.py", "wait.py"])
def test_the_engine_knows_neither_http_nor_ansible(name: str) -> None:
    known: set[pathlib.Path] = set()
    new = {pathlib.Path("module_utils") / name}
    while new:
        known |= new
        new = {other for path in new for other in imported(path)} - known
    assert {short(path) for path in known} <= {"job.py", "schedule.py", "wait.py", "errors.py"}
    for path in known:
        for node in ast.walk(ast.parse((PLUGINS / path).read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert not {each.split(".")[0] for each in names} & {"ansible", "requests", "urllib", "urllib3", "http"}


def test_the_picture_is_drawn_of_the_text() -> None:
    picture = script()
    drawn = picture.draw(picture.read(TEXT.read_text(encoding="utf-8")))
    assert drawn == PICTURE.read_text(encoding="utf-8"), "run make picture"
