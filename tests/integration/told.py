# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays in which Ansible tells all it can, and everything that came out of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from ansible_collections.cloudwait.jobs.tests.spellings import found
from simulator import credentials

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played
    from simulator.cloud import Cloud

ARGUMENTS = ("-vvvv",)
# What the user gives: every secret of every account.
GIVEN = sorted(
    {
        credentials.PASSWORD,
        credentials.TOKEN,
        *(secret for pair in credentials.KEY_PAIRS for secret in (pair.access_key, pair.secret_key)),
        *(pair.security_token for pair in credentials.KEY_PAIRS if pair.security_token),
        *credentials.UCLOUD_KEY_PAIRS,
        *(secret for pair in credentials.UCLOUD_KEY_PAIRS.values() for secret in pair if secret),
    }
)
# Where a module runs as a module, Ansible itself tells the arguments of every module: at ANSIBLE_DEBUG, within the
# commands that it executes (`environment`), and in the files that it makes.
TOLD_BY_ANSIBLE = re.compile(
    r"^.*(?:done with _execute_module \(|EXEC /bin/sh -c |_low_level_execute_command\(\): executing: ).*$", re.MULTILINE
)
MADE_BY_ANSIBLE = re.compile(r"remote/ansible-tmp-[^/]+/AnsiballZ_\w+\.py")
PACKED_CODE = re.compile(r"[A-Za-z0-9+/=]{100000,}")
# The budget that tasks share: a key of its own making, and a file for each account and service, named by a digest.
MADE_BY_BUDGET = re.compile(r"tmp/cloudwait\.jobs-\d+/(?:key|[0-9a-f]{32})")


def in_full(folder: Path) -> dict[str, str]:
    """Variables by which Ansible tells all it can, and keeps every file, below a folder."""
    folders = {name: folder / name for name in ("remote", "tmp")}
    for each in folders.values():
        each.mkdir()
    return {
        "ANSIBLE_DEBUG": "true",
        "ANSIBLE_LOG_PATH": str(folder / "ansible.log"),
        "ANSIBLE_KEEP_REMOTE_FILES": "true",
        "ANSIBLE_REMOTE_TEMP": str(folders["remote"]),
        "TMPDIR": str(folders["tmp"]),
    }


def texts(folder: Path, played: Played) -> dict[str, str]:
    """Every text that came out of a play, by its place; a path for the files that are left."""
    told = {
        "standard output": played.stdout,
        "standard error": played.stderr,
        "log": (folder / "ansible.log").read_text(encoding="utf-8"),
        "results": (folder / "results.jsonl").read_text(encoding="utf-8"),
    }
    for name in ("remote", "tmp"):
        for path in (folder / name).rglob("*"):
            if path.is_file():
                told[str(path.relative_to(folder))] = path.read_text(encoding="utf-8", errors="replace")
    return _without_code(told)


def _without_code(told: Mapping[str, str]) -> dict[str, str]:
    """Put the code that Ansible packs, the same in many places, into one of its own: it is long, and searched often."""
    code = dict.fromkeys(blob for text in told.values() for blob in PACKED_CODE.findall(text))
    return {**{place: PACKED_CODE.sub("", text) for place, text in told.items()}, "packed code": "\n".join(code)}


def obtained(cloud: Cloud) -> list[str]:
    """What came into being on the way: tokens that were issued, and the signature of every request."""
    tokens = [value for value in cloud.tokens.values() if value != credentials.TOKEN]
    signatures = [request.headers["Authorization"] for request in cloud.requests if "Authorization" in request.headers]
    forms = [dict(parse_qsl(request.body)) for request in cloud.requests if "Signature=" in request.body]
    return [
        *tokens,
        *(signature.rpartition("Signature=")[2] for signature in signatures),
        *(form["Signature"] for form in forms),
    ]


def left_behind(told: Mapping[str, str], by_module: bool) -> list[str]:
    """The files that are left, but for those of the budget, and where tasks run as modules those of Ansible."""
    files = [place for place in told if "/" in place and not MADE_BY_BUDGET.fullmatch(place)]
    return [place for place in files if not (by_module and MADE_BY_ANSIBLE.fullmatch(place))]


def leaks(
    told: Mapping[str, str], on_the_way: list[str], by_module: bool, given: Sequence[str] = GIVEN
) -> dict[str, list[str]]:
    """Where which secrets stand. `by_module`: without what Ansible tells of a module's arguments by itself.

    What came into being on the way is known to nobody but us.
    """
    everywhere = {place: found(text, on_the_way) for place, text in told.items()}
    if by_module:
        told = {
            place: TOLD_BY_ANSIBLE.sub("", text) for place, text in told.items() if not MADE_BY_ANSIBLE.fullmatch(place)
        }
    ours = {place: found(text, given) for place, text in told.items()}
    places = {**everywhere, **ours}
    return {place: secrets for place in places if (secrets := everywhere.get(place, []) + ours.get(place, []))}
