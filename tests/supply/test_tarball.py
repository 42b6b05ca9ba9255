# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tarball: the same content gives the same bytes, and nothing is in it that no user needs."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"
TOP = {
    "CHANGELOG.rst",
    "FILES.json",
    "LICENSE",
    "MANIFEST.json",
    "README.md",
    "README.zh-CN.md",
    "SECURITY.md",
    "changelogs",
    "docs",
    "meta",
    "playbooks",
    "plugins",
    "requirements.txt",
    "roles",
}
SUFFIXES = {"", ".json", ".md", ".py", ".rst", ".svg", ".txt", ".yml", ".yaml"}
# What work in a checkout leaves there, whether git ignores it or not.
LITTER = (
    ".DS_Store",
    ".build/dist/x",
    ".coverage",
    ".env",
    ".hypothesis/examples/x",
    ".idea/workspace.xml",
    ".mypy_cache/x.json",
    ".venv/3.13-dev/pyvenv.cfg",
    "changelogs/.plugin-cache.yaml",
    "changelogs/fragments/x.yml",
    "cloudwait-jobs-0.0.1.tar.gz",
    "docs/docsite/rst/.guide.rst.swp",
    "playbooks/wait.retry",
    "plugins/.DS_Store",
    "plugins/module_utils/__pycache__/http.cpython-313.pyc",
    "plugins/module_utils/http/client.py.orig",
    "plugins/module_utils/http/client.py~",
    "roles/wait/.ansible/x",
    "tests/output/junit/x.xml",
)
# Another order of the files in a folder.
BACKWARDS = """
import os

listed = os.listdir
os.listdir = lambda *path: sorted(listed(*path), reverse=True)
"""


def build(folder: Path, tree: Path, umask: int = 0o022, **environment: str) -> Path:
    """Build a tree with the project's own script, below a folder, and return the tarball."""
    home = folder / "home"
    home.mkdir(parents=True)
    path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"
    done = subprocess.run(
        [SCRIPTS / "build", tree, folder / "dist", folder / "collections"],
        env={"HOME": str(home), "PATH": path, "LC_ALL": "C.UTF-8", **environment},
        umask=umask,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (tarball,) = folder.joinpath("dist").iterdir()
    return tarball


def copy(place: Path) -> Path:
    """A copy of this tree, with what git would not have in it left out."""
    return Path(shutil.copytree(ROOT, place, ignore=shutil.ignore_patterns(".git", "__pycache__", ".venv", ".build")))


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("one")
    return build(folder, copy(folder / "tree"))


def test_the_same_content_gives_the_same_bytes(tarball: Path, tmp_path: Path) -> None:
    tree = copy(tmp_path / "another place" / "with other times")
    for path in [*tree.rglob("*"), tree]:
        # as a strict umask has it, long ago
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (1_000_000_000, 1_000_000_000))
    for name in LITTER:
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("left over", encoding="utf-8")
    patch = tmp_path / "patch"
    patch.mkdir()
    patch.joinpath("sitecustomize.py").write_text(BACKWARDS, encoding="utf-8")
    other = build(tmp_path, tree, umask=0o077, PYTHONPATH=str(patch), TZ="Asia/Shanghai")
    assert other.name == tarball.name
    assert other.read_bytes() == tarball.read_bytes()


def members(tarball: Path) -> list[tarfile.TarInfo]:
    with tarfile.open(tarball) as archive:
        return archive.getmembers()


def test_nothing_else_is_in_it(tarball: Path) -> None:
    paths = [PurePosixPath(member.name) for member in members(tarball)]
    assert {path.parts[0] for path in paths} == TOP
    assert not [path for path in paths if any(part.startswith((".", "__pycache__", "test_")) for part in path.parts)]
    files = [PurePosixPath(member.name) for member in members(tarball) if not member.isdir()]
    assert {path.suffix for path in files} <= SUFFIXES
    assert [path.name for path in files if not path.suffix] == ["LICENSE"]


def test_members_tell_nothing_of_who_built_it(tarball: Path) -> None:
    told = {(member.uid, member.gid, member.uname, member.gname) for member in members(tarball)}
    assert told == {(0, 0, "", "")}
    assert len({member.mtime for member in members(tarball)}) == 1
    assert {member.mode for member in members(tarball)} == {0o644, 0o755}
    # there is nothing to be run, and nothing that leads elsewhere
    assert all(member.isdir() or member.isfile() for member in members(tarball))
    assert not [member.name for member in members(tarball) if member.isfile() and member.mode != 0o644]


def test_checksums_are_those_of_the_content(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        content = {
            member.name: stream.read() for member in archive if (stream := archive.extractfile(member)) is not None
        }
    manifest = json.loads(content["MANIFEST.json"])
    assert manifest["file_manifest_file"]["chksum_sha256"] == hashlib.sha256(content["FILES.json"]).hexdigest()
    listed = {entry["name"]: entry["chksum_sha256"] for entry in json.loads(content["FILES.json"])["files"]}
    files = {name: digest for name, digest in listed.items() if digest is not None}
    assert files == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in content.items()
        if name not in ("MANIFEST.json", "FILES.json")
    }


@pytest.mark.parametrize(
    ("says", "exits", "expected"),
    [
        ("Importer processing completed successfully", 0, 0),
        ("Loading module warning_info", 0, 0),
        ("WARNING: No changelog found.", 0, 1),
        ("ERROR: Error during parsing of role metadata", 0, 1),
        ("The import failed.", 3, 3),
    ],
)
def test_warnings_of_the_importer_are_errors(tmp_path: Path, says: str, exits: int, expected: int) -> None:
    importer = tmp_path / "python"
    importer.write_text(f"#!/bin/sh\necho Importing\necho '{says}'\nexit {exits}\n", encoding="utf-8")
    importer.chmod(0o755)
    path = f"{tmp_path}:{os.environ.get('PATH', os.defpath)}"
    done = subprocess.run(
        [SCRIPTS / "galaxy", tmp_path / "x.tar.gz"], env={"PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == expected
    assert says in done.stdout
