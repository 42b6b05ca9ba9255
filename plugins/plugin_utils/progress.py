# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a waiting task shows while it waits: a line when something changed, and a heartbeat.

Private to this collection: it may change without notice. Pure: knows neither the terminal nor Ansible.
"""

from __future__ import annotations

import math
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.job import FINAL, Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.wait import Round

# Seconds between two lines at least, also where jobs fail one after the other.
QUIET = 5.0
QUIET_AFTER_FAILURE = 1.0
# Seconds after which a line comes even where nothing changed.
HEARTBEAT = 60.0
# Jobs that one line names.
NAMED = 5
# A remaining time is told once this much progress, in percent, was seen.
PROGRESS_SEEN = 3

Tone = t.Literal["calm", "trouble", "failure"]


class Progress:
    """Turns rounds of a wait into lines, each given to `show` with its tone; `every_look` asks for a line per look."""

    def __init__(self, provider: str, show: t.Callable[[str, Tone], None], every_look: bool = False) -> None:
        self._provider = provider
        self._show = show
        self._every_look = every_look
        self._jobs: dict[str | None, Job] = {}
        self._first_progress: tuple[float, float] | None = None
        self._failed: list[Job] = []
        self._last_line = -math.inf
        self._last_failure_line = -math.inf
        self._news = False

    def __call__(self, round_: Round) -> float:
        """Take in a round, perhaps show a line, and tell after how many seconds to be called at the latest."""
        for job in round_.changed:
            if job.state is State.FAILED or job.state is State.NOT_FOUND:
                self._failed.append(job)
            self._jobs[job.job_id] = job
            self._news = True
        now = round_.elapsed
        self._note_progress(now)
        if self._every_look and round_.looked:
            self._show(f"{self._prefix(now)}looked at {_count(round_.looked)}: {self._state()}", "calm")
        if round_.error is not None:
            self._news = True
        due = self._due(now, round_)
        if now >= due and round_.open:
            self._line(now, round_)
            due = self._due(now, round_)
        return max(0.0, due - now)

    def _due(self, now: float, round_: Round) -> float:
        """When the next line may come, on the clock of the wait."""
        heartbeat = (self._last_line if self._last_line > -math.inf else now) + HEARTBEAT
        if self._failed:
            return self._last_failure_line + QUIET_AFTER_FAILURE
        if self._news or (round_.error is not None and self._last_line == -math.inf):
            return self._last_line + QUIET
        return heartbeat

    def _line(self, now: float, round_: Round) -> None:
        text = self._prefix(now) + self._state()
        remaining = self._remaining(now)
        if remaining is not None:
            text += f", about {clock(remaining)} left"
        tone: Tone = "calm"
        if self._failed:
            named = "; ".join(_failure(job) for job in self._failed[:NAMED])
            more = len(self._failed) - NAMED
            text += f" - {named}{f'; and {more} more' if more > 0 else ''}"
            tone = "failure"
            self._last_failure_line = now
        elif round_.error is not None:
            text += f" - {round_.error} Trying again in {clock(round_.next_look)}."
            tone = "trouble"
        self._show(text, tone)
        self._last_line = now
        self._news = False
        self._failed = []

    def _prefix(self, now: float) -> str:
        return f"{clock(now)}  {self._provider}: "

    def _state(self) -> str:
        if len(self._jobs) == 1:
            job = next(iter(self._jobs.values()))
            text = f"job {job.job_id} is {_words(job.state)}"
            if job.progress is not None and not job.finished:
                text += f", {job.progress} %"
            return f"{text}, {job.step}" if job.step and not job.finished else text
        counts: dict[State, int] = {}
        for job in self._jobs.values():
            counts[job.state] = counts.get(job.state, 0) + 1
        told = ", ".join(f"{counts[state]} {_words(state)}" for state in State if state in counts)
        text = f"{_count(len(self._jobs))}: {told}" if told else "no answer yet"
        mean = self._mean_progress()
        return text if mean is None else f"{text}, {mean:.0f} %"

    def _mean_progress(self) -> float | None:
        """The mean over all jobs, ended ones counted as done; None where a running one tells no progress."""
        values = [100 if job.finished else job.progress for job in self._jobs.values()]
        known = [value for value in values if value is not None]
        return sum(known) / len(known) if known and len(known) == len(values) else None

    def _note_progress(self, now: float) -> None:
        mean = self._mean_progress()
        if mean is not None and self._first_progress is None:
            self._first_progress = (now, mean)

    def _remaining(self, now: float) -> float | None:
        """Seconds left if it goes on as it did since the first progress that was seen, or None."""
        mean = self._mean_progress()
        if mean is None or self._first_progress is None or all(job.state in FINAL for job in self._jobs.values()):
            return None
        since, first = self._first_progress
        if mean - first < PROGRESS_SEEN:
            return None
        return (now - since) * (100 - mean) / (mean - first)


def clock(seconds: float) -> str:
    """A time as minutes and seconds, `2:05`, with hours before them where there are any."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _words(state: State) -> str:
    return state.value.replace("_", " ")


def _count(number: int) -> str:
    return f"{number} job" if number == 1 else f"{number} jobs"


def _failure(job: Job) -> str:
    name = job.job_id or f"request {job.resources.get('request_id')}"
    why = f" ({str(job.error).rstrip('. ')})" if job.error else ""
    return f"{name} {_words(job.state)}{why}"
