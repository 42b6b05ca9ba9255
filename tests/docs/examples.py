# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples in the documentation: where they are, and what they hold."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

COLLECTION = Path(__file__).resolve().parents[2]
GUIDES = COLLECTION / "docs" / "docsite" / "rst"
RST_BLOCK = re.compile(r"^\.\. code-block:: (?P<language>\S+)\n\n(?P<text>(?:(?:    .*)?\n)+)", re.MULTILINE)
MD_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A block of code in a document."""

    path: Path
    language: str
    text: str

    @property
    def value(self) -> Any:
        """What the YAML of the example holds."""
        return yaml.safe_load(self.text)

    @property
    def is_ansible(self) -> bool:
        """Whether these are tasks or plays; every other YAML is a settings file of something."""
        return self.language.startswith("yaml") and isinstance(self.value, list)


def documents() -> list[Path]:
    """Return every file that holds examples for users, in a fixed order."""
    found = [*GUIDES.glob("*.rst"), COLLECTION / "docs/sphinx/index.rst"]
    found += [*COLLECTION.glob("*.md"), *COLLECTION.glob("roles/*/README.md")]
    found += [*COLLECTION.glob("plugins/modules/*.py"), *COLLECTION.glob("roles/*/meta/argument_specs.yml")]
    found += [*COLLECTION.glob("plugins/filter/*.yml"), *COLLECTION.glob("plugins/test/*.yml")]
    return sorted(found)


def examples(path: Path) -> list[Example]:
    """Return the examples of one document, in their order."""
    return list(_read(path))


def _read(path: Path) -> Iterator[Example]:
    text = path.read_text(encoding="utf-8")
    if path.suffix in (".rst", ".md"):
        for match in (RST_BLOCK if path.suffix == ".rst" else MD_BLOCK).finditer(text):
            code = textwrap.dedent(match["text"]).strip("\n") + "\n"
            yield Example(path, match["language"], code)
        return
    code = _documented(text) if path.suffix == ".py" else _examples_in(yaml.safe_load(text))
    if code.strip():
        yield Example(path, "yaml", code)


def _examples_in(document: dict[str, Any]) -> str:
    role = document.get("argument_specs", {}).get("main", {})
    return str(document.get("EXAMPLES") or role.get("examples", ""))


def _documented(source: str) -> str:
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES":
            return str(ast.literal_eval(node.value))
    return ""


def plays(found: list[Example]) -> list[dict[str, Any]]:
    """Return the examples as the plays of one playbook; tasks that stand alone become plays for localhost."""
    made: list[dict[str, Any]] = []
    for example in found:
        for item in example.value:
            if "hosts" in item:
                made.append(item)
            elif made and made[-1].get("name") == "Tasks":
                made[-1]["tasks"].append(survived(item))
            else:
                made.append({"name": "Tasks", "hosts": "localhost", "gather_facts": False, "tasks": [survived(item)]})
    return made


def survived(task: dict[str, Any]) -> dict[str, Any]:
    """Return a task that is there to fail in a block that goes on after that, and any other as it is."""
    if "ansible.builtin.fail" not in task.get("rescue", [{}])[-1]:
        return task
    after = {"name": f"It failed: {task['name']}", "ansible.builtin.debug": {"msg": "The play would end here."}}
    return {"name": "Go on", "block": [task], "rescue": [after]}


def task_names(tasks: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the names of tasks, those in blocks included."""
    for task in tasks:
        inner = [task.get(key, []) for key in ("block", "rescue", "always")]
        if any(inner):
            for part in inner:
                yield from task_names(part)
        else:
            yield task["name"]
