# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a waiting task shows while it waits: a line when something changed, and a heartbeat.

Private to this collection: it may change without notice. Pure: knows neither the terminal nor Ansible.
"""

from __future__ import annotations

import math
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.job import Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.wait import Round

# Seconds between two lines at least, also where jobs fail one after the other.
QUIET = 5.0
QUIET_AFTER_FAILURE = 1.0
# Seconds by which a line may be early: sums of times are not exact.
SLACK = 0.001
# Seconds after which a line comes even where nothing changed.
HEARTBEAT = 60.0
# Jobs that one line names, and how much of a name or of a service's words it shows.
NAMED = 5
MAX_TEXT = 200
# A remaining time is told once this much progress, in percent, was seen.
PROGRESS_SEEN = 3

Tone = t.Literal["calm", "trouble", "failure"]


class Progress:
    """Turns rounds of a wait into lines, each given to `show` with its tone; `every_look` asks for a line per look."""

    def __init__(self, provider: str, show: t.Callable[[str, Tone], None], every_look: bool = False) -> None:
        self._provider = provider
        self._show = show
        self._every_look = every_look
        self._jobs: dict[str, Job] = {}
        self._answered = False
        self._first_progress: tuple[float, float] | None = None
        self._failed: list[Job] = []
        self._trouble: str | None = None
        self._tries_again = False
        self._last_line = -math.inf
        self._last_failure_line = -math.inf
        self._news = False

    def __call__(self, round_: Round) -> float:
        """Take in a round, perhaps show a line, and tell after how many seconds to be called at the latest."""
        now = round_.elapsed
        self._take(round_, now)
        if self._is_due(round_, now):
            self._line(round_, now)
        return max(0.0, self._due() - now)

    def stopped(self, elapsed: float) -> None:
        """Show what is known last, where somebody ends the wait."""
        text = f"{self._prefix(elapsed)}stopped, {self._state()}"
        going_on = [job for job in self._jobs.values() if not job.finished]
        if len(self._jobs) > 1 and going_on:
            text += f"; not finished: {_list([_name(job) for job in going_on], ', ')}"
        self._show(text, "trouble")

    # What is new

    def _take(self, round_: Round, now: float) -> None:
        for job in round_.changed:
            if job.state in (State.FAILED, State.NOT_FOUND):
                self._failed.append(job)
            self._jobs[_name(job)] = job
            self._news = True
        self._answered = self._answered or round_.looked > 0
        if round_.error is not None:
            trouble = _clean(str(round_.error), 2 * MAX_TEXT)
            self._news = self._news or trouble != self._trouble
            self._trouble = trouble
            self._tries_again = round_.error.transient
        elif round_.looked and self._trouble is not None:
            self._news = True
            self._trouble = None
        mean = self._mean_progress()
        if mean is not None and self._first_progress is None:
            self._first_progress = (now, mean)

    def _is_due(self, round_: Round, now: float) -> bool:
        if self._every_look and round_.looked:
            return True
        if not round_.open:
            # The result comes next, and tells everything; but a failure is shown whatever comes.
            return bool(self._failed)
        return now >= self._due() - SLACK

    def _due(self) -> float:
        """When the next line may come, on the clock of the wait."""
        if self._failed:
            return self._last_failure_line + QUIET_AFTER_FAILURE
        if self._news:
            return self._last_line + QUIET
        return max(0.0, self._last_line) + HEARTBEAT

    # The line

    def _line(self, round_: Round, now: float) -> None:
        text = self._prefix(now) + self._state()
        remaining = self._remaining(now)
        if remaining is not None:
            text += f", about {clock(remaining)} left"
        tone: Tone = "calm"
        if self._failed:
            if len(self._jobs) > 1:
                text += f" - {_list([_ended(job) for job in self._failed], '; ')}"
            tone = "failure"
            self._last_failure_line = now
        elif self._trouble is not None:
            text += f" - {self._trouble}"
            if self._tries_again and round_.open:
                text += f" Trying again in {clock(round_.next_look)}."
            tone = "trouble"
        self._show(text, tone)
        self._last_line = now
        self._news = False
        self._failed = []

    def _prefix(self, now: float) -> str:
        return f"{clock(now)}  {self._provider}: "

    def _state(self) -> str:
        if not self._jobs:
            return "no job found yet" if self._answered else "no answer yet"
        if len(self._jobs) == 1:
            job = next(iter(self._jobs.values()))
            if job.state in (State.FAILED, State.NOT_FOUND):
                return f"job {_ended(job)}"
            text = f"job {_name(job)} {_is(job.state)}"
            if job.progress is not None and not job.finished:
                text += f", {job.progress} %"
            return f"{text}, {_clean(job.step)}" if job.step and not job.finished else text
        counts: dict[State, int] = {}
        for job in self._jobs.values():
            counts[job.state] = counts.get(job.state, 0) + 1
        told = ", ".join(f"{counts[state]} {_words(state)}" for state in State if state in counts)
        mean = self._mean_progress()
        going_on = any(not job.finished for job in self._jobs.values())
        return f"{len(self._jobs)} jobs: {told}" + (f", {mean:.0f} %" if mean is not None and going_on else "")

    def _mean_progress(self) -> float | None:
        """The mean over all jobs, ended ones counted as done; None where a running one tells no progress."""
        values = [100 if job.finished else job.progress for job in self._jobs.values()]
        known = [value for value in values if value is not None]
        return sum(known) / len(known) if known and len(known) == len(values) else None

    def _remaining(self, now: float) -> float | None:
        """Seconds left if it goes on as it did since the first progress that was seen, or None."""
        mean = self._mean_progress()
        if mean is None or mean >= 100 or self._first_progress is None:
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


def _clean(text: str, longest: int = MAX_TEXT) -> str:
    """A text from outside, fit for one line: nothing in it can move the cursor or change colours."""
    text = "".join(char if char.isprintable() else " " for char in text[: longest + 1])
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _words(state: State) -> str:
    return state.value.replace("_", " ")


def _is(state: State) -> str:
    return _words(state) if state in (State.SUCCEEDED, State.PARTIALLY_SUCCEEDED) else f"is {_words(state)}"


def _name(job: Job) -> str:
    return _clean(job.job_id or f"of request {job.resources.get('request_id')}")


def _ended(job: Job) -> str:
    """A job that failed or is not there, and why."""
    verb = "failed" if job.state is State.FAILED else "was not found"
    why = f" ({_clean(str(job.error).rstrip('. '))})" if job.error else ""
    return f"{_name(job)} {verb}{why}"


def _list(items: t.Sequence[str], separator: str) -> str:
    more = len(items) - NAMED
    return separator.join([*items[:NAMED], *([f"and {more} more"] if more > 0 else [])])
