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
from ..module_utils.model.job import State
from .group_state import GroupState, clock, counts_of, ended, number_of

# Seconds between two lines at least, also where jobs fail one after the other.
QUIET = 5.0
QUIET_AFTER_FAILURE = 1.0
# Seconds by which a line may be early: sums of times are not exact.
SLACK = 0.001
# Seconds after which a line comes even where nothing changed.
HEARTBEAT = 60.0
# Groups, and jobs, that one line names.
MAX_GROUPS = 6
NAMED = 5

Tone = t.Literal["calm", "trouble", "failure"]


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
        unseen = sum(group.unseen.not_polled + group.unseen.not_found for group in self._groups)
        if names and (len(self._groups) > 1 or not self._groups[0].is_single):
            text += f"; not finished: {_list(names, ', ', unseen)}"
        self._show(text, "trouble")

    def _is_due(self, polled: bool, now: float) -> bool:
        if self._every_poll and polled:
            return True
        if not any(group.is_open for group in self._groups):
            # Where it does not end well, the task's message comes next; but a failure is shown whatever comes.
            return any(group.failed for group in self._groups) or all(group.arrived for group in self._groups)
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
        troubled = [group for group in self._groups if group.error is not None and group.is_open]
        if len(self._groups) == 1:
            text += self._groups[0].left(now)
            troubled = [group for group in self._groups if group.error is not None]
        tone: Tone = "calm"
        if failed:
            if len(self._groups) > 1 or not self._groups[0].is_single:
                text += f" - {_list([self._of(group) + ended(job) for group, job in failed], '; ')}"
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
        told = [group for group in self._groups if group.is_open]
        if not told and len(self._groups) > MAX_GROUPS:
            jobs = [job for group in self._groups for job in group.jobs.values()]
            counts = [*counts_of(jobs, State), *(each for group in self._groups for each in group.told_unseen())]
            return f"{len(self._groups)} groups, {number_of(len(jobs), 'job')}: {', '.join(counts) or 'none found'}"
        told = told or self._groups
        named = [f"{group.name}: {group.short(elapsed)}" for group in told[:MAX_GROUPS]]
        if len(told) > MAX_GROUPS:
            named.append(f"and {len(told) - MAX_GROUPS} more groups")
        return "; ".join(named)


def _list(items: t.Sequence[str], separator: str, unnamed: int = 0) -> str:
    more = max(0, len(items) - NAMED) + unnamed
    return separator.join([*items[:NAMED], *([f"and {more} more"] if more else [])])
