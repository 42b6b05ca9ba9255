# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task keeps of answers is bounded, whatever services send."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import ServiceError
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.kept import MAX_KEPT, KeptAnswers
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.reader import JobReader
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence

MIB = 1024 * 1024


def read(sizes: t.Iterable[tuple[str, int]], readers: int = 1) -> str | None:
    """Read jobs with these ids and sizes, each by one of some readers of one task; return why that ended, or None."""
    kept = KeptAnswers()
    each = [JobReader(IMS.mapping, "ims", kept) for _reader in range(readers)]
    try:
        for number, (job_id, size) in enumerate(sizes):
            each[number % readers].read({"job_id": job_id, "status": "RUNNING", "text": f"{number} " + "x" * size})
    except ServiceError as exc:
        return str(exc)
    return None


@pytest.mark.parametrize(
    ("sizes", "readers", "fits"),
    [
        # a thousand jobs as services have them
        ([(f"j{number}", 1000) for number in range(1000)], 1, True),
        # sixty answers as large as answers may be
        ([(f"j{number}", 7 * MIB) for number in range(60)], 1, False),
        # also when several groups share them
        ([(f"j{number}", 7 * MIB) for number in range(6)], 6, False),
        # a job that is described anew takes the place of its former self
        ([("j", 7 * MIB) for _poll in range(20)], 1, True),
        # very many small ones
        ([(f"j{number}", 1) for number in range(MAX_KEPT // 512)], 1, False),
    ],
    ids=["usual", "large", "several groups", "again and again", "many"],
)
def test_kept(sizes: list[tuple[str, int]], readers: int, fits: bool) -> None:
    told = read(sizes, readers)
    assert (told is None) == fits
    assert told is None or (is_sentence(told) and "ask for fewer jobs at once" in told)
