# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documents say about each other and about the project holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.cloudwait.jobs.tests.docs.examples import COLLECTION, GUIDES, documents, examples

MARKDOWN = sorted([*COLLECTION.glob("*.md"), *COLLECTION.glob("roles/*/README.md"), *COLLECTION.glob("tests/**/*.md")])
LINK = re.compile(r"\[[^\]]+\]\(([^)#]+)\)")
IMAGE = re.compile(r"^\.\. (?:image|figure):: (\S+)", re.MULTILINE)
TRANSLATED = [
    ("README.md", "README.zh-CN.md"),
    *(
        (f"docs/docsite/rst/guide_{name}.rst", f"docs/docsite/rst/guide_{name}_zh.rst")
        for name in ("first_wait", "signing_in", "waiting")
    ),
]
SETTING = r"(?:[A-Z]+=(?:\"[^\"]*\"|\S+) )*"
MAKE = re.compile(rf"(?:^ {{4}}|`)make {SETTING}(?P<target>[a-z][a-z-]*)", re.MULTILINE)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return str(path.relative_to(COLLECTION))


@pytest.mark.parametrize("path", MARKDOWN, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    targets = [target for target in LINK.findall(text_of(path)) if not target.startswith("https://")]
    assert [target for target in targets if not path.parent.joinpath(target).exists()] == []


@pytest.mark.parametrize("path", [*MARKDOWN, *sorted(GUIDES.glob("*.rst"))], ids=name_of)
def test_every_document_names_its_licence(path: Path) -> None:
    assert "SPDX-License-Identifier: GPL-3.0-or-later" in text_of(path)[:300]


@pytest.mark.parametrize("path", sorted(GUIDES.glob("*.rst")), ids=name_of)
def test_images_are_there(path: Path) -> None:
    assert [image for image in IMAGE.findall(text_of(path)) if not path.parent.joinpath(image).is_file()] == []


def test_every_image_is_shown() -> None:
    shown = {GUIDES / name for path in GUIDES.glob("*.rst") for name in IMAGE.findall(text_of(path))}
    shown |= {path.parent / name for path in MARKDOWN for name in LINK.findall(text_of(path))}
    assert set(GUIDES.glob("images/*.svg")) <= shown


def test_commands_exist() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", text_of(COLLECTION / "Makefile"), re.MULTILINE))
    named = {target for path in [*documents(), *MARKDOWN] for target in MAKE.findall(text_of(path))}
    assert {"demo", "test", "docs", "unit"} <= named
    assert named <= targets


def test_contributors_read_of_every_command() -> None:
    listed = set(re.findall(r"^([a-z][a-z-]*):.* ## ", text_of(COLLECTION / "Makefile"), re.MULTILINE))
    assert listed <= set(MAKE.findall(text_of(COLLECTION / "CONTRIBUTING.md")))


def test_every_guide_is_in_both_tables_of_contents() -> None:
    guides = {path.stem for path in GUIDES.glob("*.rst")}
    sections = yaml.safe_load(text_of(COLLECTION / "docs/docsite/extra-docs.yml"))["sections"]
    listed = [page for section in sections for page in section["toctree"]]
    site = re.findall(r"^   docsite/(\w+)$", text_of(COLLECTION / "docs/sphinx/index.rst"), re.MULTILINE)
    assert set(listed) == guides
    assert site == listed


@pytest.mark.parametrize(("english", "chinese"), TRANSLATED)
def test_translations_have_the_same_examples(english: str, chinese: str) -> None:
    ours, theirs = ([example.text for example in examples(COLLECTION / name)] for name in (english, chinese))
    assert ours == theirs


@pytest.mark.parametrize(("english", "chinese"), TRANSLATED)
def test_translations_have_the_same_parts(english: str, chinese: str) -> None:
    heading = r"^#+ |^[=~-]{4,}$|^\| |^- |^\* "
    ours, theirs = (re.findall(heading, text_of(COLLECTION / name), re.MULTILINE) for name in (english, chinese))
    assert [sign[0] for sign in ours] == [sign[0] for sign in theirs]


def test_the_site_begins_as_the_readme_does() -> None:
    readme, site = text_of(COLLECTION / "README.md"), text_of(COLLECTION / "docs/sphinx/index.rst")
    begin, end = "Many cloud requests", "declared in a task."
    said = readme[readme.index(begin) : readme.index(end)]
    assert said == site[site.index(begin) : site.index(end)]
