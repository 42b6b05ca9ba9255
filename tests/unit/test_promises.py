# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What SECURITY.md promises of the code as a whole: it runs nothing, writes nothing, and brings nothing along."""

from __future__ import annotations

import ast
import pathlib
import sys

import pytest

PLUGINS = pathlib.Path(__file__).resolve().parents[2] / "plugins"
# What a module consists of, where it runs.
MODULES = sorted([*PLUGINS.glob("modules/*.py"), *PLUGINS.glob("module_utils/**/*.py")])
OURS = ("ansible", "ansible_collections")
# PyYAML is what ansible-core reads YAML by; where it is missing, clouds.yaml is not read.
LIBRARIES = ("requests", "urllib3", "yaml")
# They start processes, or run what they are given.
MODULES_THAT_RUN = {"code", "ctypes", "marshal", "multiprocessing", "pickle", "runpy", "shelve", "subprocess"}
CALLS_THAT_RUN = {"compile", "eval", "exec", "fork", "popen", "run_command", "system"}
PREFIXES_THAT_RUN = ("exec", "posix_spawn", "spawn")
READING = {"r", "rb"}
# What an open() that is for reading is given to open a file with: the flags are those of its mode.
OPENER = "os.open(path, flags | NOT_WAITING)"
# The one place that keeps files of its own, and the one that needs another library where an option asks for it.
KEEPS_FILES = "module_utils/budget/machine.py"
OPTIONAL = {"module_utils/budget/server.py": {"redis"}}


def imported(tree: ast.AST) -> set[str]:
    """The packages at the head of every import."""
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.partition(".")[0] for name in names}


def running(tree: ast.AST) -> list[str]:
    """Calls that run something on the machine, or write a file."""
    found = []
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        function = call.func
        if isinstance(function, ast.Attribute):
            name, of = function.attr, ast.unparse(function.value)
        else:
            name, of = ast.unparse(function), ""
        is_ours = of not in ("", "os", "module")
        if not is_ours and (name in CALLS_THAT_RUN or (of == "os" and name.startswith(PREFIXES_THAT_RUN))):
            found.append(ast.unparse(call))
        if name in ("open", "write_text", "write_bytes") and ast.unparse(call) != OPENER:
            modes = [*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
            if name != "open" or not all(isinstance(mode, ast.Constant) and mode.value in READING for mode in modes):
                found.append(ast.unparse(call))
    return found


def parsed(path: pathlib.Path) -> ast.AST:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PLUGINS)))
def test_a_module_runs_nothing_and_writes_nothing(path: pathlib.Path) -> None:
    assert imported(parsed(path)) & MODULES_THAT_RUN == set()
    written = running(parsed(path))
    assert written == [] or path.relative_to(PLUGINS).as_posix() == KEEPS_FILES, written


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PLUGINS)))
def test_a_module_needs_ansible_and_requests_alone(path: pathlib.Path) -> None:
    optional = OPTIONAL.get(path.relative_to(PLUGINS).as_posix(), set())
    assert imported(parsed(path)) <= {*sys.stdlib_module_names, *OURS, *LIBRARIES, *optional}


@pytest.mark.parametrize(
    "code",
    [
        "os.system('x')",
        "os.execvp('x', [])",
        "os.posix_spawn('x', [], {})",
        "module.run_command('x')",
        "eval('1')",
        "open('x', 'w')",
        "open('x', mode='a')",
        "open('x', mode)",
        "path.write_text('x')",
    ],
)
def test_the_search_finds_what_is_there(code: str) -> None:
    assert running(ast.parse(code)) == [code]


def test_the_search_leaves_the_rest() -> None:
    assert running(ast.parse("re.compile('x')\nopen('x', encoding='utf-8')\nopen('x', 'rb')\nwait.run()")) == []
