# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The display of a waiting task: a line when something changed, and a heartbeat.

Private to this collection: it may change without notice. Pure: knows neither the terminal nor Ansible.
"""

from __future__ import annotations

import math
import typing as t

from ..module_utils.engine.group import PollUpdate
from ..module_utils.model.job import FINAL, Job, State
from ..module_utils.model.text import single_line

# Seconds between two lines at least, also where jobs fail one after the other.
QUIET = 5.0
QUIET_AFTER_FAILURE = 1.0
# Seconds by which a line may be early: sums of times are not exact.
SLACK = 0.001
# Seconds after which a line comes even where nothing changed.
HEARTBEAT = 60.0
# Groups, and jobs, that one line names, and how much of a name or of a service's words it shows.
MAX_GROUPS = 6
NAMED = 5
MAX_TEXT = 200
# A remaining time is told once this much progress, in percent, was seen.
PROGRESS_SEEN = 3

Tone = t.Literal["calm", "trouble", "failure"]


class GroupState:
    """The updates of one group so far, taken together; `failed` are the jobs that no line has named yet."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.jobs: dict[str, Job] = {}
        self.failed: list[Job] = []
        self.error: str | None = None
        self._is_transient = False
        self._next_poll = 0.0
        self._is_open = True
        self._answered = False
        self._first_progress: tuple[float, float] | None = None

    @property
    def goes_on(self) -> bool:
        """True while the group is waited for."""
        return self._is_open

    def take(self, update: PollUpdate) -> bool:
        """Take in an update, and return whether it holds news."""
        news = bool(update.changed)
        for job in update.changed:
            if job.state in (State.FAILED, State.NOT_FOUND):
                self.failed.append(job)
            self.jobs[_name(job)] = job
        self._answered = self._answered or update.polled > 0
        self._is_open = update.open > 0
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
        if self._is_transient and self._is_open:
            return f"{self.error} Trying again in {clock(self._next_poll)}."
        return self.error or ""

    def full(self) -> str:
        """Return the state of all jobs, for a line about this group alone."""
        if not self.jobs:
            return self._nothing()
        if len(self.jobs) == 1:
            job = next(iter(self.jobs.values()))
            if job.state in (State.FAILED, State.NOT_FOUND):
                return f"job {_ended(job)}"
            verb = _words(job.state)
            if job.state not in (State.SUCCEEDED, State.PARTIALLY_SUCCEEDED):
                verb = f"is {verb}"
            text = f"job {_name(job)} {verb}{_percent(job)}"
            return f"{text}, {single_line(job.step, MAX_TEXT)}" if job.step and not job.finished else text
        told = ", ".join(f"{count} {_words(state)}" for state, count in self._counts(State).items())
        going_on = any(not job.finished for job in self.jobs.values())
        mean = self._mean_progress()
        return f"{len(self.jobs)} jobs: {told}" + (f", {mean:.0f} %" if mean is not None and going_on else "")

    def short(self, elapsed: float) -> str:
        """Return the state of what goes on, for a line about several groups."""
        if not self.jobs:
            return self._nothing()
        if len(self.jobs) == 1:
            job = next(iter(self.jobs.values()))
            text = f"{_words(job.state)}{_percent(job)}"
        else:
            counts = self._counts(state for state in State if state not in FINAL)
            (state, count), *others = counts.items() or [(State.RUNNING, 0)]
            text = f"{count} of {len(self.jobs)} {_words(state)}"
            text += "".join(f", {count} {_words(state)}" for state, count in others)
            mean = self._mean_progress()
            text += f", {mean:.0f} %" if mean is not None else ""
        return text + self.left(elapsed)

    def left(self, elapsed: float) -> str:
        """Return the time left if it goes on as it did since the first progress that was seen."""
        mean = self._mean_progress()
        if mean is None or mean >= 100 or self._first_progress is None:
            return ""
        since, first = self._first_progress
        if mean - first < PROGRESS_SEEN:
            return ""
        return f", about {clock((elapsed - since) * (100 - mean) / (mean - first))} left"

    def unfinished(self) -> list[str]:
        """Return the names of the jobs that have not ended."""
        return [_name(job) for job in self.jobs.values() if not job.finished]

    def _nothing(self) -> str:
        return "no job found yet" if self._answered else "no answer yet"

    def _counts(self, states: t.Iterable[State]) -> dict[State, int]:
        counts = {state: sum(job.state is state for job in self.jobs.values()) for state in states}
        return {state: count for state, count in counts.items() if count}

    def _mean_progress(self) -> float | None:
        """Return the mean over all jobs, ended ones counted as done; None where a running one tells no progress."""
        values = [100 if job.finished else job.progress for job in self.jobs.values()]
        known = [value for value in values if value is not None]
        return sum(known) / len(known) if known and len(known) == len(values) else None


class ProgressLines:
    """Observes a wait and gives lines to `show`, each with its tone; `every_poll` asks for a line per poll.

    `names` are those of the groups that are waited for.
    """

    def __init__(self, names: t.Sequence[str], show: t.Callable[[str, Tone], None], every_poll: bool = False) -> None:
        self._groups = [GroupState(name) for name in names]
        self._show = show
        self._every_poll = every_poll
        self._last_line = -math.inf
        self._last_failure_line = -math.inf
        self._news = False

    def __call__(self, updates: t.Sequence[PollUpdate]) -> float:
        """Take in what a round of polls brought, perhaps show a line, and tell when to be called at the latest."""
        now = max((update.elapsed for update in updates), default=0.0)
        for group, update in zip(self._groups, updates):
            self._news = group.take(update) or self._news
        if self._is_due(any(update.polled for update in updates), now):
            self._line(now)
        return max(0.0, self._due() - now)

    def stopped(self, elapsed: float) -> None:
        """Show what is known last, where somebody ends the wait."""
        text = f"{self._prefix(elapsed)}stopped, {self._state(elapsed)}"
        names = [name for group in self._groups for name in group.unfinished()]
        if sum(len(group.jobs) for group in self._groups) > 1 and names:
            text += f"; not finished: {_list(names, ', ')}"
        self._show(text, "trouble")

    def _is_due(self, polled: bool, now: float) -> bool:
        if self._every_poll and polled:
            return True
        if not any(group.goes_on for group in self._groups):
            # The result comes next, and tells everything; but a failure is shown whatever comes.
            return any(group.failed for group in self._groups)
        return now >= self._due() - SLACK

    def _due(self) -> float:
        """Return when the next line may come, on the clock of the wait."""
        if any(group.failed for group in self._groups):
            return self._last_failure_line + QUIET_AFTER_FAILURE
        if self._news:
            return self._last_line + QUIET
        return max(0.0, self._last_line) + HEARTBEAT

    def _line(self, now: float) -> None:
        text = self._prefix(now) + self._state(now)
        failed = [(group, job) for group in self._groups for job in group.failed]
        troubled = [group for group in self._groups if group.error is not None and group.goes_on]
        if len(self._groups) == 1:
            text += self._groups[0].left(now)
            troubled = [group for group in self._groups if group.error is not None]
        tone: Tone = "calm"
        if failed:
            if sum(len(group.jobs) for group in self._groups) > 1:
                text += f" - {_list([self._of(group) + _ended(job) for group, job in failed], '; ')}"
            tone = "failure"
            self._last_failure_line = now
        elif troubled:
            text += f" - {_list([self._of(group) + group.trouble() for group in troubled], ' ')}"
            tone = "trouble"
        self._show(text, tone)
        self._last_line = now
        self._news = False
        for group in self._groups:
            group.failed = []

    def _of(self, group: GroupState) -> str:
        return f"{group.name}: " if len(self._groups) > 1 else ""

    def _prefix(self, now: float) -> str:
        return f"{clock(now)}  " + (f"{self._groups[0].name}: " if len(self._groups) == 1 else "")

    def _state(self, elapsed: float) -> str:
        if len(self._groups) == 1:
            return self._groups[0].full()
        going_on = [group for group in self._groups if group.goes_on]
        named = [f"{group.name}: {group.short(elapsed)}" for group in going_on[:MAX_GROUPS]]
        if len(going_on) > MAX_GROUPS:
            named.append(f"and {len(going_on) - MAX_GROUPS} more groups")
        return "; ".join(named) or f"{len(self._groups)} groups have ended"


def clock(seconds: float) -> str:
    """Return a time as minutes and seconds, `2:05`, with hours before them where there are any."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _percent(job: Job) -> str:
    return f", {job.progress} %" if job.progress is not None and not job.finished else ""


def _words(state: State) -> str:
    return state.value.replace("_", " ")


def _name(job: Job) -> str:
    return single_line(job.job_id or f"of request {job.resources.get('request_id')}", MAX_TEXT)


def _ended(job: Job) -> str:
    """Return a job that failed or is not there, and why."""
    verb = "failed" if job.state is State.FAILED else "was not found"
    why = f" ({single_line(str(job.error).rstrip('. '), MAX_TEXT)})" if job.error else ""
    return f"{_name(job)} {verb}{why}"


def _list(items: t.Sequence[str], separator: str) -> str:
    more = len(items) - NAMED
    return separator.join([*items[:NAMED], *([f"and {more} more"] if more > 0 else [])])
