# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of a task's jobs."""

from __future__ import annotations

import typing as t

from ..model.job import Job, once
from ..model.text import single_line
from .words import duration, name_of, number, states, words_of

# Lines of a table that are still read, and characters of an error in a line, which should fit a terminal.
MAX_LINES = 20
MAX_IN_TABLE = 160


def table(jobs: t.Iterable[Job]) -> list[str]:
    """Return a line per job when they are few, else a line per provider with a count per state."""
    listed = once(jobs)
    if len(listed) > MAX_LINES:
        rows = [_row_of_provider(provider, listed) for provider in dict.fromkeys(job.provider for job in listed)]
    else:
        rows = [[job.provider, name_of(job), words_of(job.state.value), _detail(job)] for job in listed]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]


def _row_of_provider(provider: str, jobs: t.Sequence[Job]) -> list[str]:
    own = [job for job in jobs if job.provider == provider]
    return [provider, number(len(own)), states(own)]


def _detail(job: Job) -> str:
    """Return what is worth saying beside a job's state: its error, its progress, or how long it took."""
    if job.error:
        return single_line(str(job.error), MAX_IN_TABLE)
    if not job.finished:
        return f"{job.progress} %" if job.progress is not None else ""
    return duration(job.duration) if job.duration is not None else ""
