# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a group of jobs while a task waits for it, in words.

Private to this collection: it may change without notice. Pure: knows neither the terminal nor Ansible.
"""

from __future__ import annotations

import math
import typing as t

from ..module_utils.engine.group import PollUpdate, Unseen
from ..module_utils.engine.source import TargetKind
from ..module_utils.model.job import FINAL, Job, State
from ..module_utils.model.text import single_line

# Characters of a name, or of a service's words, that a line shows.
MAX_TEXT = 200
# A remaining time is told once this much progress, in percent, was seen.
PROGRESS_SEEN = 3


class GroupState:
    """The updates of one group so far, taken together.

    `failed` are the failed jobs that no line has named yet, `unseen` counts the keys whose jobs are not known;
    `is_open`: the group is waited for; `arrived`: every job is where it was waited for.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.jobs: dict[str, Job] = {}
        self.failed: list[Job] = []
        self.error: str | None = None
        self.unseen = Unseen(0, 0, 0)
        self.is_open = True
        self.arrived = False
        self._of_requests = False
        self._to_the_end = False
        self._is_transient = False
        self._next_poll = 0.0
        self._answered = False
        self._first_progress: tuple[float, float] | None = None

    def take(self, update: PollUpdate) -> bool:
        """Take in an update, and return whether it holds news."""
        news = bool(update.changed)
        for job in update.changed:
            if job.state in (State.FAILED, State.NOT_FOUND):
                self.failed.append(job)
            self.jobs[name_of(job)] = job
        self._answered = self._answered or update.polled > 0 or update.unseen.refused > 0
        self.is_open = update.open > 0
        self.arrived = update.arrived
        self.unseen = update.unseen
        self._of_requests = update.kind is TargetKind.REQUESTS
        self._to_the_end = update.to_the_end
        self._next_poll = update.next_poll
        if update.error is not None:
            error = single_line(str(update.error), 2 * MAX_TEXT)
            news = news or error != self.error
            self.error = error
            self._is_transient = update.error.transient
        elif update.polled and self.error is not None:
            news = True
            self.error = None
        mean = self._mean_progress()
        if mean is not None and self._first_progress is None:
            self._first_progress = (update.elapsed, mean)
        return news

    def trouble(self) -> str:
        """Return the last error of a call, and when it is tried again."""
        if self._is_transient and self.is_open:
            return f"{self.error} Trying again in {clock(self._next_poll)}."
        return self.error or ""

    def full(self) -> str:
        """Return the state of all jobs, for a line about this group alone."""
        nothing = self._nothing()
        if nothing is not None:
            count = sum(self.unseen)
            return f"{number_of(count, 'request' if self._of_requests else 'job')}: {nothing}" if count > 1 else nothing
        if not self.is_single:
            head = f"{number_of(self._total, 'job')}: " if self._total else ""
            return head + ", ".join([*counts_of(self.jobs.values(), State), *self.told_unseen()]) + self._percent()
        job = next(iter(self.jobs.values()))
        if job.state in (State.FAILED, State.NOT_FOUND):
            return f"job {ended(job)}" if job.job_id else ended(job)
        verb = "" if job.state in (State.SUCCEEDED, State.PARTIALLY_SUCCEEDED) else "is "
        text = f"job {name_of(job)} {verb}{words_of(job.state)}{self._percent()}"
        return f"{text}, {single_line(job.step, MAX_TEXT)}" if job.step and not job.finished else text

    def short(self, elapsed: float) -> str:
        """Return the state of what goes on, or of all jobs at the end, for a line about several groups."""
        nothing = self._nothing()
        if nothing is not None:
            return nothing
        if self.is_single:
            told = [words_of(next(iter(self.jobs.values())).state)]
        elif self.is_open:
            told = counts_of(self.jobs.values(), [state for state in State if state not in FINAL])
            if self._of_requests and any(self.unseen):
                # Nobody knows how many jobs there are.
                told = [*told, *self.told_unseen()]
            else:
                told = [*told, *self.told_unseen()] or [f"0 {words_of(State.RUNNING)}"]
                told[0] = told[0].replace(" ", f" of {self._total} ", 1)
        else:
            told = [*counts_of(self.jobs.values(), State), *self.told_unseen()]
        return ", ".join(told) + self._percent() + self.left(elapsed)

    def left(self, elapsed: float) -> str:
        """Return the time left if it goes on as it did since the first progress that was seen."""
        if not (self._to_the_end and self.is_open):
            return ""
        mean = self._mean_progress()
        if mean is None or mean >= 100 or self._first_progress is None:
            return ""
        since, first = self._first_progress
        if mean - first < PROGRESS_SEEN:
            return ""
        seconds = (elapsed - since) * (100 - mean) / (mean - first)
        return f", about {clock(seconds)} left" if round(seconds) else ""

    def unfinished(self) -> list[str]:
        """Return the names of the jobs that have not ended."""
        return [name_of(job) for job in self.jobs.values() if not job.finished]

    @property
    def _total(self) -> int:
        """The number of jobs; how many a request has is known only once it was polled."""
        return len(self.jobs) + (0 if self._of_requests else sum(self.unseen))

    @property
    def is_single(self) -> bool:
        """True where one job is all there is."""
        return len(self.jobs) == 1 and not any(self.unseen)

    def _nothing(self) -> str | None:
        """Return that nothing is known, where that is so."""
        if self.jobs or (self._answered and sum(self.unseen) > 1):
            return None
        if not self._answered:
            return "no answer yet"
        if self.unseen.refused:
            return "refused"
        return "no job found yet" if self.is_open else "no job found"

    def told_unseen(self) -> list[str]:
        """Return how many keys there are whose jobs are not known, and why."""
        if self._of_requests:
            told = zip(self.unseen, ("not polled yet", "without a job yet", "refused"))
            return [f"{number_of(count, 'request')} {words}" for count, words in told if count]
        told = zip(self.unseen, ("not polled yet", "not found yet", "refused"))
        return [f"{count} {words}" for count, words in told if count]

    def _percent(self) -> str:
        """Return the mean progress; none where it is all, because the service has yet to say that a job has ended."""
        mean = self._mean_progress()
        return f", {math.floor(mean)} %" if mean is not None and mean < 100 else ""

    def _mean_progress(self) -> float | None:
        """Return the mean over all jobs, ended ones counted as done; None where that of an open one is not known."""
        if self.unseen.not_polled or self.unseen.not_found:
            return None
        values = [100 if job.finished else job.progress for job in self.jobs.values()]
        known = [value for value in values if value is not None]
        return sum(known) / len(known) if known and len(known) == len(values) else None


def clock(seconds: float) -> str:
    """Return a time as minutes and seconds, `2:05`, with hours before them where there are any."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def counts_of(jobs: t.Collection[Job], states: t.Iterable[State]) -> list[str]:
    """Return how many jobs are in each of some states, without those that no job is in."""
    counts = {state: sum(job.state is state for job in jobs) for state in states}
    return [f"{count} {words_of(state)}" for state, count in counts.items() if count]


def number_of(count: int, noun: str) -> str:
    """Return how many there are of something."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def words_of(state: State) -> str:
    """Return a state as a sentence has it."""
    return state.value.replace("_", " ")


def name_of(job: Job) -> str:
    """Return what a line calls a job."""
    return single_line(job.job_id or f"of request {job.resources.get('request_id')}", MAX_TEXT)


def ended(job: Job) -> str:
    """Return a job that failed or is not there, and why."""
    verb = "failed" if job.state is State.FAILED else "was not found"
    why = f" ({single_line(str(job.error).rstrip('. '), MAX_TEXT)})" if job.error else ""
    return f"{'' if job.job_id else 'a job '}{name_of(job)} {verb}{why}"
