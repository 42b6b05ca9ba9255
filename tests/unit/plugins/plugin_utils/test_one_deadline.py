# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One deadline for all groups, in simulated time."""

from __future__ import annotations

import pytest
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.groups import Group, Outcome
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.one_deadline import look_at_all

GROUPS = [Group(provider, {"job_ids": ["j1"]}) for provider in ("cph", "ims", "dws")]


class Looks:
    """Looks that take a given time each, on a clock of their own, and note how long they were allowed to take."""

    def __init__(self, durations: list[float], failing: tuple[int, ...] = ()) -> None:
        self.durations = durations
        self.failing = failing
        self.now = 1000.0
        self.allowed: list[int] = []

    def clock(self) -> float:
        return self.now

    def look(self, group: Group, seconds: int) -> Outcome:
        index = len(self.allowed)
        self.allowed.append(seconds)
        self.now += self.durations[index]
        return Outcome(group, ["succeeded"], {"failed": index in self.failing, "jobs": []})


@pytest.mark.parametrize(
    ("durations", "failing", "fail_fast", "allowed"),
    [
        # each group gets what the groups before it have left, and the first gets everything
        ([10, 20, 5], (), False, [60, 50, 30]),
        # whole seconds, rounded down: never later than the deadline
        ([10.2, 0.1, 1], (), False, [60, 49, 49]),
        # at the deadline there is one look left
        ([60, 0.1, 0.1], (), False, [60, 0, 0]),
        # after it, too
        ([75, 0.1, 0.1], (), False, [60, 0, 0]),
        ([59.5, 0.1, 0.1], (), False, [60, 0, 0]),
        # a failure takes no time from the others
        ([10, 20, 5], (0, 1), False, [60, 50, 30]),
        # with fail_fast every group after the failure gets one look
        ([10, 20, 5], (0,), True, [60, 0, 0]),
        ([10, 20, 5], (1,), True, [60, 50, 0]),
        ([10, 20, 5], (), True, [60, 50, 30]),
    ],
)
def test_seconds_for_each_group(
    durations: list[float], failing: tuple[int, ...], fail_fast: bool, allowed: list[int]
) -> None:
    looks = Looks(durations, failing)
    outcomes, elapsed = look_at_all(GROUPS, 60, fail_fast, looks.look, looks.clock)
    assert looks.allowed == allowed
    assert [outcome.group for outcome in outcomes] == GROUPS
    assert elapsed == pytest.approx(sum(durations))


def test_no_time_at_all_is_one_look_at_each_group() -> None:
    looks = Looks([0.1, 0.1, 0.1])
    look_at_all(GROUPS, 0, False, looks.look, looks.clock)
    assert looks.allowed == [0, 0, 0]
