# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide to troubleshooting has every message, and none that does not exist."""

from __future__ import annotations

import pytest
from ansible_collections.cloudwait.jobs.tests.docs.examples import COLLECTION, GUIDES
from ansible_collections.cloudwait.jobs.tests.docs.sentences import exists, pieces, playbook_texts, quoted, said, texts

GUIDE = (GUIDES / "guide_troubleshooting.rst").read_text(encoding="utf-8")
PLUGINS = COLLECTION / "plugins"
QUOTED = quoted(GUIDE)
PLAYBOOK = playbook_texts(COLLECTION / "playbooks" / "wait.yml")
KNOWN = texts(PLUGINS) | PLAYBOOK
# What only a line about the progress says, or a message in parentheses.
INSIDE = ("; not finished", "the answer came too slowly", "the body came too slowly", "another process holds the lock")


def test_the_guide_has_messages() -> None:
    assert len(QUOTED) > 80
    assert len(set(QUOTED)) == len(QUOTED)


@pytest.mark.parametrize("message", QUOTED)
def test_a_message_of_the_guide_exists(message: str) -> None:
    unknown = [piece for piece in pieces(message) if not exists(piece, KNOWN)]
    assert not unknown, f"The code says no such thing: {unknown}"


@pytest.mark.parametrize(("where", "ways"), [pytest.param(where, ways, id=where) for where, ways in said(PLUGINS)])
def test_a_message_of_the_code_is_in_the_guide(where: str, ways: list[str]) -> None:
    for way in ways:
        wanted = [piece for piece in pieces(way) if not any(text in piece for text in INSIDE)]
        missing = [piece for piece in wanted if not any(piece in message for message in QUOTED)]
        assert not missing, f"guide_troubleshooting.rst lacks what {where} says: {missing}"


def test_a_message_of_the_playbook_is_in_the_guide() -> None:
    assert len(PLAYBOOK) == 5
    for way in PLAYBOOK:
        assert [piece for piece in pieces(way) if not any(piece in message for message in QUOTED)] == []
