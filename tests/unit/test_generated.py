# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that follows from a declaration is generated from it, and up to date."""

from __future__ import annotations

import pathlib

from ansible_collections.cloudwait.jobs.scripts.generator import files

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_it_is_up_to_date() -> None:
    outdated = files.outdated(ROOT)
    assert not outdated, f"Run `make generate`, as these files are out of date: {', '.join(outdated)}."
