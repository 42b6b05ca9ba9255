# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every place that names supported versions agrees with the matrix that plays them, and the matrix leaves none out."""

from __future__ import annotations

import itertools
import pathlib
import re
from collections.abc import Collection

import pytest
import yaml
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.libraries import install_command
from ansible_collections.cloudwait.jobs.tests.matrix.plan import CORES, VERSIONS, Cell, cells, key, left_out, oldest

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNTRIED = set(VERSIONS["untried"])
PYTHONS = sorted({name for core in CORES for name in (*core.controllers, *core.modules)} - UNTRIED, key=key)
REQUESTS = VERSIONS["requests"]["oldest"][0].partition("==")[2]
GUIDES = "docs/docsite/rst/guide_"
TABLES = ("README.md", "README.zh-CN.md", f"{GUIDES}versions.rst")
INSTRUCTIONS = ("README.md", "README.zh-CN.md", f"{GUIDES}first_wait.rst", f"{GUIDES}first_wait_zh.rst")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def span(pythons: Collection[str]) -> str:
    """The first and the last of the Pythons that were tried."""
    tried = [name for name in pythons if name not in UNTRIED]
    return f"{tried[0]}–{tried[-1]}"


def rows() -> list[tuple[str, str, str]]:
    """What the documents' tables say: versions of ansible-core that are alike stand together."""
    alike = itertools.groupby(CORES, lambda core: (span(core.controllers), span(core.modules)))
    return [(", ".join(core.name for core in cores), *spans) for spans, cores in alike]


@pytest.mark.parametrize("name", TABLES)
def test_documents_name_what_is_played(name: str) -> None:
    text = text_of(name)
    # in a table of Markdown, or of reStructuredText
    found = re.findall(r"^\| (2\.[\d., ]+) \| (\S+) \| (\S+) \|$", text, re.MULTILINE)
    found += re.findall(r"^   \* - (2\.[\d., ]+)\n     - (\S+)\n     - (\S+)$", text, re.MULTILINE)
    assert found == rows()
    assert REQUESTS in text


@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_instructions_name_the_oldest(name: str) -> None:
    text = text_of(name)
    assert f"ansible-core {CORES[0].name} " in text
    assert f'"requests>={REQUESTS}"' in text


def test_pythons_of_modules_in_documents() -> None:
    assert f"Python {PYTHONS[0]} or newer" in text_of("README.md")
    assert f"needs Python {PYTHONS[0]} or newer" in text_of(f"{GUIDES}recipes.rst")
    assert f"runs on Python {PYTHONS[0]} and newer" in text_of("CONTRIBUTING.md")
    assert f'"plugins/**" = "py{PYTHONS[0].replace(".", "")}"' in text_of("pyproject.toml")


def test_metadata() -> None:
    assert yaml.safe_load(text_of("meta/runtime.yml"))["requires_ansible"] == f">={CORES[0].name}.0"
    role = yaml.safe_load(text_of("roles/wait/meta/main.yml"))
    assert role["galaxy_info"]["min_ansible_version"] == CORES[0].name
    assert f"\nrequests>={REQUESTS}\n" in text_of("requirements.txt")
    assert f"requests>={REQUESTS}" in install_command("requests")
    assert f"- requests >= {REQUESTS}\n" in text_of("plugins/doc_fragments/connection.py")


def test_the_checks_have_the_newest_that_their_python_runs() -> None:
    line = r'^ansible-core==(\S+); python_version (\S+) "3\.12"$'
    pinned = dict(re.findall(line, text_of("requirements/demo.in"), re.MULTILINE))
    newest = {python: [core.release for core in CORES if python in core.controllers][-1] for python in ("3.11", "3.12")}
    assert pinned == {newest["3.11"]: "<", newest["3.12"]: ">="}


def test_interpreters_are_looked_for() -> None:
    (looked_for,) = re.findall(r"^    set -- (3\.8 .+)$", text_of("scripts/find-python"), re.MULTILINE)
    assert looked_for.split() == sorted({*PYTHONS, *UNTRIED}, key=key)


def test_the_matrix_leaves_nothing_out() -> None:
    matrix = cells(PYTHONS)
    for core in CORES:
        played = [cell for cell in matrix if cell.core.name == core.name]
        assert {cell.controller for cell in played} == set(core.controllers) - UNTRIED
        modules = [name for name in core.modules if name not in UNTRIED]
        assert {modules[0], modules[-1]} <= {cell.module for cell in played}
        assert {cell.requests for cell in played} == {"oldest", "newest"}
        parts = [part for cell in played for part in cell.parts]
        assert {"sanity", "units", "units of module_utils", "all scenarios"} <= set(parts)
        # with either requests, and once each
        assert parts.count("units") == 2
    assert {cell.module for cell in matrix} == set(PYTHONS)
    assert [line.split()[1] for line in left_out(PYTHONS)] == sorted(UNTRIED, key=key)


def names(cell: Cell | None) -> tuple[str, str, str] | None:
    return cell and (cell.core.name, cell.controller, cell.module)


@pytest.mark.parametrize(
    ("found", "played"),
    [
        # Debian 12, everything, only new ones, only what the tests themselves cannot run on
        (["3.11"], ("2.16", "3.11", "3.11")),
        (PYTHONS, ("2.16", "3.11", "3.8")),
        (["3.12", "3.13"], ("2.16", "3.12", "3.12")),
        (["3.13"], ("2.18", "3.13", "3.13")),
        (["3.14"], ("2.20", "3.14", "3.14")),
        (["3.8", "3.10"], None),
    ],
)
def test_the_oldest_that_is_there(found: list[str], played: tuple[str, str, str] | None) -> None:
    assert names(oldest(found)) == played


@pytest.mark.parametrize("found", [[], ["3.8"], ["3.11"], ["3.13"], ["3.14"]])
def test_every_cell_is_supported(found: list[str]) -> None:
    for cell in cells(found):
        assert {cell.controller, cell.module} <= set(found)
    missing = {line.split()[1] for line in left_out(found)}
    assert missing == {*PYTHONS, *UNTRIED} - set(found)
