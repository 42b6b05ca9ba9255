# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Python that is too old for the modules is told in a sentence, in the result that a failed task always has."""

from __future__ import annotations

import ast
import json
import pathlib
import shutil
import subprocess
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.old_python import refusal
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.in_process import module_of

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "plugins" / "modules").glob("*.py"))
PACKAGE = "ansible_collections.cloudwait.jobs.plugins"
# What Python 2.7 reads before the module ends.
READ_BY_OLD = "module_utils/task/old_python.py"
# As ansible-core does it: the arguments lie in `basic`, and the module is run out of a package.
RUN = """
import runpy, sys, types
sys.path.insert(0, {folder!r})
basic = sys.modules["ansible.module_utils.basic"] = types.ModuleType("basic")
basic._ANSIBLE_ARGS = {arguments!r}.encode("utf-8")
runpy.run_module({module!r}, run_name="__main__", alter_sys=True)
"""


def interpreter(version: str) -> str:
    """The interpreter of a version; skips where there is none."""
    command = [str(ROOT / "scripts" / "find-python"), version]
    found = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    if not found:
        pytest.skip(f"There is no Python {version} here.")
    return found.strip().partition(" ")[2]


def run(python: str, folder: pathlib.Path, module: pathlib.Path, arguments: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The result of a module that an old interpreter runs with the files that it can read."""
    plugins = folder.joinpath(*PACKAGE.split("."))
    for path in (f"modules/{module.name}", READ_BY_OLD):
        (plugins / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "plugins" / path, plugins / path)
    for entry in (folder, *folder.rglob("*")):
        if entry.is_dir():
            (entry / "__init__.py").touch()
    code = RUN.format(
        folder=str(folder),
        arguments=json.dumps({"ANSIBLE_MODULE_ARGS": arguments}),
        module=f"{PACKAGE}.modules.{module.stem}",
    )
    done = subprocess.run([python, "-c", code], capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    return t.cast("dict[str, t.Any]", json.loads(done.stdout))


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.7"])
@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_an_old_python_is_named(tmp_path: pathlib.Path, module: pathlib.Path, version: str) -> None:
    python = interpreter(version)
    result = run(python, tmp_path, module, {"job_ids": ["a", "b"], "secret_key": "hidden"})
    assert result["msg"].startswith(f"The Python interpreter {python} has version {version}.")
    assert result["msg"].endswith("name such an interpreter with the variable ansible_python_interpreter.")
    assert "hidden" not in json.dumps(result)
    unfinished = ["a", "b"] if module.stem.endswith("_job_info") else []
    assert result.get("unfinished", []) == unfinished
    assert is_that_of_wrong_options(module.stem, {**result, "unfinished": []})


def is_that_of_wrong_options(module: str, result: t.Mapping[str, t.Any]) -> bool:
    """Whether a result is that of a task whose options are wrong, but for its ids."""
    wrong = module_of(module).refused(InvalidError(result["msg"]), {})
    return result == {"unfinished": [], **wrong}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_the_result_is_that_of_any_task_whose_options_are_wrong(module: pathlib.Path) -> None:
    assert is_that_of_wrong_options(module.stem, {"unfinished": [], **refusal(module.stem, {})})


@pytest.mark.parametrize("path", [*MODULES, ROOT / "plugins" / READ_BY_OLD], ids=lambda path: path.stem)
def test_what_an_old_python_reads_has_nothing_that_it_cannot(path: pathlib.Path) -> None:
    """For machines without such an interpreter: plain ASCII, and none of what came after Python 2.7."""
    text = path.read_text(encoding="ascii")
    later = (ast.AnnAssign, ast.JoinedStr, ast.NamedExpr, ast.AsyncFunctionDef, ast.Nonlocal, ast.Starred)
    assert [ast.unparse(node) for node in ast.walk(ast.parse(text)) if isinstance(node, later)] == []
    assert "import annotations" not in text


def test_only_the_check_comes_before_the_rest() -> None:
    for module in MODULES:
        code = [node for node in ast.parse(module.read_text(encoding="utf-8")).body if not isinstance(node, ast.Assign)]
        assert [ast.unparse(node).partition("\n")[0] for node in code[:2]] == [
            "import sys",
            "if sys.version_info < (3, 8):",
        ]
