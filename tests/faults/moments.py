# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a fault strikes. A wait looks after 0, 10 and 20 seconds; the job ends after 15."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

INTERVAL = 10.0
# Seconds without any answer, or for which a job is not there, that are tolerated.
GRACE = 45


@dataclass(frozen=True)
class Moment:
    """A fault strikes `since` seconds after the beginning, `times` times (None: for good).

    `timeout` in seconds; None is a single look.
    """

    name: str
    timeout: int | None
    since: float
    times: int | None

    @property
    def for_good(self) -> bool:
        """Whether the fault stays."""
        return self.times is None

    @property
    def waits(self) -> bool:
        """Whether anything is waited for."""
        return self.timeout is not None

    @property
    def at_first(self) -> bool:
        """Whether the fault is there when the first look is taken."""
        return self.since == 0

    @property
    def at_deadline(self) -> bool:
        """Whether the looks at the deadline are the only ones that are hit."""
        return self.timeout == 20

    def options(self) -> dict[str, t.Any]:
        """The wait options."""
        if self.timeout is None:
            return {}
        return {"until": ["succeeded"], "timeout": self.timeout}


SINGLE_ONCE = Moment("single-once", None, 0, 1)
SINGLE = Moment("single", None, 0, None)
FIRST_ONCE = Moment("first-once", 120, 0, 1)
FIRST = Moment("first", 120, 0, None)
LATER_ONCE = Moment("later-once", 120, 5, 1)
LATER = Moment("later", 120, 5, None)
DEADLINE = Moment("deadline", 20, 15, None)
# For what stands for a kind of its own, for every other fault, and for variants of one.
MOMENTS = (SINGLE_ONCE, SINGLE, FIRST_ONCE, FIRST, LATER_ONCE, LATER, DEADLINE)
USUAL = (SINGLE, FIRST_ONCE, LATER_ONCE, DEADLINE)
BRIEF = (SINGLE, LATER_ONCE)
