# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer of any size takes of the memory of the process that reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.cloudwait.jobs.tests.faults.checks import check_result
from ansible_collections.cloudwait.jobs.tests.faults.faults import NO_ANSWER, TRY_AGAIN, Row
from ansible_collections.cloudwait.jobs.tests.faults.moments import SINGLE, SINGLE_ONCE
from ansible_collections.cloudwait.jobs.tests.faults.scene import Scene
from ansible_collections.cloudwait.jobs.tests.faults.targets import TARGETS, Target

MEBI = 2**20
STATUS, CLEAR_REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")
# The largest body there is, and a multiple of it for its copies, in a process that also plays the server.
AT_MOST = 64

ROWS = {
    "200 MiB of anything": (Row("", "endless", NO_ANSWER), SINGLE),
    "200 MiB of a list": (Row("", "endless", NO_ANSWER, {"json": True}), SINGLE),
    "a gzip bomb of 200 MiB": (Row("", "gzip_bomb", NO_ANSWER), SINGLE_ONCE),
    "a list of millions": (Row("", "text", TRY_AGAIN, {"text": '{"jobs":[' + "{}," * (2 * MEBI) + "{}]}"}), SINGLE),
    "millions of values": (
        Row("", "text", TRY_AGAIN, {"text": '{"RetCode":0,"x":[' + "[]," * (2 * MEBI) + "0]}"}),
        SINGLE,
    ),
}


def peak() -> int:
    """The most memory that this process had since it was asked last, in MiB."""
    line = next(line for line in STATUS.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
    CLEAR_REFS.write_text("5", encoding="utf-8")
    return int(line.split()[1]) // 1024


@pytest.fixture
def _peaks_are_told() -> None:
    try:
        peak()
    except (OSError, StopIteration):
        pytest.skip("this system does not tell the peak of a process's memory")


@pytest.mark.cell("floods")
@pytest.mark.usefixtures("_peaks_are_told")
@pytest.mark.parametrize("flood", ROWS)
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_flood_takes_little_memory(scene: Scene, target: Target, flood: str) -> None:
    row, moment = ROWS[flood]
    before = peak_now()
    seen = scene.play(target, row, moment, "")
    grown = peak() - before
    check_result(seen)
    assert seen.kind == (row.meaning.kind if moment.for_good else "")
    assert grown < AT_MOST, f"{grown} MiB more than {before} MiB"


def peak_now() -> int:
    """The memory that this process has now, in MiB; the peak counts from here."""
    peak()
    return peak()
