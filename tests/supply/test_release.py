# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make release`: it tags what is ready, and names everything that is missing otherwise."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
NAME = "cloudwait.jobs contributors"
LAST = "7.0.0"


def load() -> Any:
    """The script as a module."""
    loader = SourceFileLoader("release", str(ROOT / "scripts" / "release"))
    spec = importlib.util.spec_from_loader("release", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def release() -> Any:
    return load()


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], capture_output=True, check=True, text=True).stdout.strip()


def commit(message: str = "Go on") -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", message)


def write(path: str, content: Any) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")


def replace(path: str | Path, pattern: str, by: str) -> None:
    text, count = re.subn(pattern, by, Path(path).read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert count, f"{path} has no {pattern}"
    Path(path).write_text(text, encoding="utf-8")


def set_version(version: str) -> None:
    replace("galaxy.yml", r"^version: .*", f"version: {version}")


def tree(project: Path) -> Path:
    """What `make tree` would make of the project as it is now."""
    copy = project.parents[3] / "tree" / "ansible_collections" / "cloudwait" / "jobs"
    shutil.rmtree(copy, ignore_errors=True)
    return Path(shutil.copytree(project, copy))


def release_of(**changes: Any) -> dict[str, Any]:
    return {"release_date": "2031-05-01", "changes": changes}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This collection in a repository of its own, with a clone, in which version 7.0.0 is released."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", NAME)
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    folder = tmp_path / "checkout" / "ansible_collections" / "cloudwait" / "jobs"
    for part in ("plugins", "roles", "meta"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("galaxy.yml", "CHANGELOG.rst", "changelogs/config.yaml", ".gitignore"):
        folder.joinpath(part).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / part, folder / part)
    monkeypatch.chdir(folder)
    said = [*folder.glob("plugins/*/*.*"), *folder.glob("plugins/module_utils/*/*.yml"), *folder.glob("roles/*/meta/*")]
    for path in said:
        if "version_added" in path.read_text(encoding="utf-8"):
            replace(path, r"version_added: .*", f"version_added: {LAST}")
    set_version(LAST)
    write("changelogs/changelog.yaml", {"ancestor": None, "releases": {LAST: release_of(release_summary="Much.")}})
    git("init", "--quiet", "--initial-branch", "main")
    commit("Begin")
    git("tag", "--annotate", "--message", LAST, f"v{LAST}")
    git("clone", "--quiet", "--bare", ".", str(tmp_path / "origin"))
    git("remote", "add", "origin", str(tmp_path / "origin"))
    return folder


def test_a_release(release: Any, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From fragments to a tag; and what comes after it needs another version."""
    set_version("7.0.1")
    write("changelogs/fragments/7.0.1.yml", {"release_summary": "A repair."})
    write("changelogs/fragments/poll.yml", {"bugfixes": ["wait - it ends."]})
    assert release.notes(tree(project)) == 0, capsys.readouterr().out
    # A change that comes before the tag is added.
    write("changelogs/fragments/look.yml", {"bugfixes": ["look - it sees."]})
    assert release.notes(tree(project)) == 0
    assert list(Path("changelogs/fragments").iterdir()) == []
    assert release.releases()["7.0.1"]["changes"]["bugfixes"] == ["look - it sees.", "wait - it ends."]
    commit()
    capsys.readouterr()
    assert release.check(tree(project)) == 0, capsys.readouterr().out
    tarball = tmp_path / "cloudwait-jobs-7.0.1.tar.gz"
    tarball.write_bytes(b"the collection")
    assert release.tag_release(tarball) == 0
    said = capsys.readouterr().out
    assert git("cat-file", "-t", "v7.0.1") == "tag"
    assert git("rev-parse", "v7.0.1^{commit}") == git("rev-parse", "HEAD")
    assert "    git push origin v7.0.1\n" in said
    assert f"    ansible-galaxy collection publish {tarball} --token TOKEN\n" in said
    # Nothing has left this repository, and once more changes nothing.
    assert git("ls-remote", "--tags", "origin", "v7.0.1") == ""
    assert (release.check(tree(project)), release.tag_release(tarball)) == (0, 0)
    assert release.notes(tree(project)) == 1
    assert "write the next one there" in capsys.readouterr().out
    git("commit", "--allow-empty", "--quiet", "--message", "Go on")
    (said,) = release.check_tag("7.0.1")
    assert said.startswith("This repository has the tag v7.0.1 at ")


def test_a_tag_of_somebody_else(release: Any, project: Path) -> None:
    git("tag", "v7.0.1")
    git("push", "--quiet", "origin", "v7.0.1")
    git("tag", "--delete", "v7.0.1")
    assert list(release.check_tag("7.0.1")) == []
    git("commit", "--allow-empty", "--quiet", "--message", "Go on")
    (said,) = release.check_tag("7.0.1")
    assert said.startswith("The repository origin has the tag v7.0.1 at ")
    git("remote", "set-url", "origin", str(project / "nowhere"))
    with pytest.raises(release.Refused, match=r"`git ls-remote .*` fails"):
        list(release.check_tag("7.0.1"))


def leave_a_fragment() -> None:
    write("changelogs/fragments/late.yml", {"bugfixes": ["late - it is."]})


def forget_the_changelog() -> None:
    set_version("7.1.0")


def edit_what_is_rendered() -> None:
    write("CHANGELOG.rst", "By hand.")


def forget_the_summary() -> None:
    write("changelogs/changelog.yaml", {"ancestor": None, "releases": {LAST: release_of(bugfixes=["a - b."])}})


def promise_too_much() -> None:
    replace("plugins/modules/ims_job_info.py", r"version_added: .*", "version_added: 8.0.0")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (leave_a_fragment, "changelogs/fragments still has late.yml;"),
        (forget_the_changelog, "changelogs/changelog.yaml has no release 7.1.0;"),
        (edit_what_is_rendered, "CHANGELOG.rst does not say what changelogs/changelog.yaml says;"),
        (forget_the_summary, "changelogs/changelog.yaml has no release_summary for 7.0.0;"),
        (promise_too_much, "plugins/modules/ims_job_info.py has version_added: 8.0.0, which is no release;"),
        (leave_a_fragment, "Not everything is committed; commit it, or put it away:\n?? changelogs/fragments/"),
    ],
)
def test_what_is_missing_is_named(
    release: Any,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[], None],
    said: str,
) -> None:
    def generate(_tree: Path, _generate: str, _output: str, path: str) -> None:
        Path(path).write_text(git("show", "HEAD:CHANGELOG.rst") + "\n", encoding="utf-8")

    monkeypatch.setattr(release, "antsibull_changelog", generate)
    assert release.check(tree(project)) == 0, capsys.readouterr().out
    spoil()
    assert release.check(tree(project)) == 1
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("7.0.0", ""),
        ("7.0.1", ""),
        ("10.0.0", ""),
        ("6.9.9", "7.0.0 is released already"),
        ("7.1", "is no release"),
        ("7.1.0-rc.1", "is no release"),
        ("v7.1.0", "is no release"),
        ("07.1.0", "is no release"),
    ],
)
def test_versions(release: Any, monkeypatch: pytest.MonkeyPatch, version: str, said: str) -> None:
    monkeypatch.setattr(release, "run", lambda *_command: "v6.1.0\nv7.0.0\nvery-old")
    found = list(release.check_version(version))
    assert len(found) == bool(said)
    assert all(said in each for each in found)


@pytest.mark.parametrize(
    ("version", "changed", "said"),
    [
        # what has changed, and the version that it needs
        ("7.0.1", {"changes": {"bugfixes": ["a - b."]}}, ""),
        ("7.0.1", {"changes": {"minor_changes": ["a - b."]}}, "7.0.1 has minor_changes, so it must be 7.1.0."),
        ("7.1.0", {"changes": {"minor_changes": ["a - b."]}}, ""),
        ("7.0.1", {"changes": {}, "modules": [{"name": "lake_job_info"}]}, "7.0.1 has modules, so it must be 7.1.0."),
        ("7.1.0", {"changes": {"breaking_changes": ["a - b."]}}, "7.1.0 has breaking_changes, so it must be 8.0.0."),
        ("8.0.0", {"changes": {"removed_features": ["a - b."]}}, ""),
        ("6.9.9", {"changes": {}}, "has a newer release than 6.9.9; raise the version"),
    ],
)
def test_the_version_tells_what_has_changed(release: Any, version: str, changed: dict[str, Any], said: str) -> None:
    found = list(release.check_step(version, changed, (7, 0, 0), release.parsed(version)))
    assert len(found) == bool(said)
    assert all(said in each for each in found)
