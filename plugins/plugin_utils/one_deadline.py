# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at groups of jobs one after the other, until a deadline that they share.

Private to this collection: it may change without notice. Clock and look are handed in.
"""

from __future__ import annotations

import typing as t

from ansible_collections.cloudwait.jobs.plugins.plugin_utils.groups import Group, Outcome


def look_at_all(
    groups: t.Sequence[Group],
    timeout: int,
    fail_fast: bool,
    look: t.Callable[[Group, int], Outcome],
    clock: t.Callable[[], float],
) -> tuple[list[Outcome], float]:
    """Return the outcome of every group, and the seconds that it took.

    `look(group, seconds)` waits for a group for that long at most; 0 is a single look, which is what every group gets
    whose turn comes at the deadline, or with `fail_fast` after a failure.
    """
    start = clock()
    outcomes: list[Outcome] = []
    left = timeout
    for group in groups:
        outcomes.append(look(group, left))
        if fail_fast and outcomes[-1].failed:
            timeout = 0
        # Modules count in whole seconds; rounding down keeps to the deadline.
        left = max(0, int(timeout - (clock() - start)))
    return outcomes, clock() - start
