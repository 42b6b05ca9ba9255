# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words in which people are told of jobs, their states and times."""

from __future__ import annotations

import typing as t

from ..model.job import Job, State, summarise
from ..model.text import single_line

# Characters of a job's name, and of its error, that a sentence quotes; the result has them whole.
MAX_QUOTED = 200


def name_of(job: Job) -> str:
    """Return a job's id, or the request that it was looked for by."""
    return single_line(job.job_id or f"request {job.resources.get('request_id')}", MAX_QUOTED)


def states(jobs: t.Iterable[Job]) -> str:
    """Return how many jobs are in each state, such as `2 running, 1 failed`."""
    counts = summarise(jobs)
    return ", ".join(f"{counts[state.value]} {words_of(state.value)}" for state in State if counts[state.value])


def number(jobs: int) -> str:
    """Return a number of jobs."""
    return f"{jobs} job" if jobs == 1 else f"{jobs} jobs"


def duration(seconds: float) -> str:
    """Return a time for people: `4.2 s`, `42 s`, `12 min 30 s`, `2 h 5 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def words_of(state: str) -> str:
    """Return the name of a state as words."""
    return state.replace("_", " ")
