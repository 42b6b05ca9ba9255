# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import math

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine import schedule
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.schedule import ProgressTrend
from hypothesis import given
from hypothesis import strategies as st

SECONDS = st.floats(0, 1e6)
CHANCE = st.floats(0, 1)
MIDDLE = 0.5  # the chance that adds no jitter
NOBODY = 1000.0  # no crowd


@st.composite
def bounds(draw: st.DrawFn) -> tuple[float, float]:
    shortest = draw(st.floats(0.1, 60))
    return shortest, draw(st.floats(shortest, 3600))


class TestInterval:
    @pytest.mark.parametrize(
        ("elapsed", "expected"),
        [
            (0, 2),  # a first poll at once, and then no sooner than the shortest interval
            (15, 2),
            (16, 2),
            (100, 5),  # half the root of what has passed
            (400, 10),
            (3600, 30),
            (100_000, 30),  # no later than the longest
        ],
    )
    def test_grows_with_the_elapsed_time(self, elapsed: float, expected: float) -> None:
        assert schedule.poll_interval(elapsed, None, 1.0, 2, 30, MIDDLE) == pytest.approx(expected)

    @pytest.mark.parametrize(("chance", "expected"), [(0, 9), (0.5, 10), (1, 11)])
    def test_jitter(self, chance: float, expected: float) -> None:
        assert schedule.poll_interval(400, None, 1.0, 2, 30, chance) == pytest.approx(expected)
        assert schedule.poll_interval(100, 100 / 3, 1.0, 2, 30, chance) == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("elapsed", "remains", "expected"),
        [
            (100, 0, 2),  # overdue
            (100, 20, 6),  # three tenths of the remaining time
            (1000, 90, 27),
            (1000, 5000, 30),  # no later than the longest interval
            (10, 5000, 5),  # no more than half of what has passed
        ],
    )
    def test_remaining_time(self, elapsed: float, remains: float, expected: float) -> None:
        assert schedule.poll_interval(elapsed, remains, 1.0, 2, 30, MIDDLE) == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("stalled", "expected"),
        [
            (0, 2),  # it has just moved
            (16, 2),
            (100, 5),  # as a wait that began when it moved last
            (3600, 30),
            (100_000, 30),
        ],
    )
    def test_progress_that_stands_still_loses_its_say(self, stalled: float, expected: float) -> None:
        assert schedule.poll_interval(10_000, 0, 1.0, 2, 30, MIDDLE, stalled) == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("elapsed", "share", "expected"),
        [(1600, 0.5, 10), (4900, 0.5, 15), (3000, 0.01, 2), (10, 0.5, 2)],
    )
    def test_a_share_of_it(self, elapsed: float, share: float, expected: float) -> None:
        assert schedule.poll_interval(elapsed, None, share, 2, 30, MIDDLE) == pytest.approx(expected)

    @given(SECONDS, st.none() | SECONDS, st.floats(0.01, 1), bounds(), CHANCE)
    def test_within_its_bounds(
        self, elapsed: float, remains: float | None, share: float, bounds: tuple[float, float], chance: float
    ) -> None:
        shortest, longest = bounds
        assert shortest <= schedule.poll_interval(elapsed, remains, share, shortest, longest, chance) <= longest

    @given(SECONDS, st.floats(0.01, 1), bounds(), CHANCE)
    def test_the_delay_is_bounded_by_the_root_of_the_duration(
        self, elapsed: float, share: float, bounds: tuple[float, float], chance: float
    ) -> None:
        shortest, longest = bounds
        pause = schedule.poll_interval(elapsed, None, share, shortest, longest, chance)
        # A job that ends right after a poll has taken `elapsed`, and is seen to have ended `pause` later.
        assert pause <= max(shortest, 0.55 * math.sqrt(elapsed) + 1e-9)

    @given(SECONDS, st.floats(0.01, 1), CHANCE)
    def test_other_jobs_never_make_it_longer(self, elapsed: float, share: float, chance: float) -> None:
        alone = schedule.poll_interval(elapsed, None, 1.0, 2, 30, chance)
        assert schedule.poll_interval(elapsed, None, share, 2, 30, chance) <= alone


class TestProgress:
    @pytest.mark.parametrize(
        ("seen", "expected"),
        [
            ([(0, None)], None),
            ([(0, 0)], ProgressTrend(0, 0, 0, 0)),
            ([(0, 0), (10, 5), (20, 10)], ProgressTrend(0, 0, 10, 20)),
            ([(0, 0), (100, 0), (110, 5)], ProgressTrend(0, 100, 5, 110)),  # it queued for 100 s
            ([(300, 60), (310, 62)], ProgressTrend(60, 300, 62, 310)),  # the first poll was late
            ([(0, 50), (10, 60), (20, 10)], ProgressTrend(10, 20, 10, 20)),  # it began anew
            ([(0, 5), (10, 9), (20, 9)], ProgressTrend(5, 0, 9, 10)),  # it stands still
            ([(0, 5), (10, None), (20, 9)], ProgressTrend(9, 20, 9, 20)),
        ],
    )
    def test_course(self, seen: list[tuple[float, int | None]], expected: ProgressTrend | None) -> None:
        course = None
        for elapsed, progress in seen:
            course = schedule.follow(course, progress, elapsed)
        assert course == expected

    @pytest.mark.parametrize(
        ("course", "elapsed", "expected"),
        [
            (None, 10, None),
            (ProgressTrend(0, 0, 1, 10), 10, None),  # one point may be nothing but rounding
            (ProgressTrend(0, 0, 2, 10), 10, 490),
            (ProgressTrend(0, 0, 50, 60), 60, 60),
            (ProgressTrend(60, 300, 62, 310), 310, 190),
            (ProgressTrend(0, 0, 100, 50), 50, 0),
        ],
    )
    def test_remaining(self, course: ProgressTrend | None, elapsed: float, expected: float | None) -> None:
        assert schedule.remaining(course, elapsed) == expected

    @given(st.lists(st.tuples(st.floats(0, 1000), st.none() | st.integers(0, 100)), max_size=30))
    def test_total(self, polls: list[tuple[float, int | None]]) -> None:
        elapsed, course = 0.0, None
        for pause, progress in polls:
            elapsed += pause
            course = schedule.follow(course, progress, elapsed)
            remains = schedule.remaining(course, elapsed)
            assert remains is None or (remains >= 0 and math.isfinite(remains))
            assert remains is None or progress is not None

    @given(st.floats(20, 100_000), CHANCE)
    def test_even_progress_is_never_overrun(self, duration: float, chance: float) -> None:
        """The last poll before the end is so late that the end is seen within `interval` or 1 % of the duration."""
        elapsed, course = 0.0, None
        for _poll in range(10_000):
            course = schedule.follow(course, int(100 * elapsed / duration), elapsed)
            remains = schedule.remaining(course, elapsed)
            elapsed += schedule.poll_interval(elapsed, remains, 1.0, 2, 600, chance)
            if elapsed >= duration:
                break
        assert duration <= elapsed <= duration + max(2, 0.01 * duration)


class TestOtherJobs:
    @pytest.mark.parametrize(
        ("ended", "running"),
        [
            ([], 100),
            ([99.0, 100.0], 1),  # two may be chance
            ([10.0] * 50, 50),  # all ended long ago: the others are of another kind
            ([100.0] * 3, 1000),  # a crowd
            ([100.0] * 3, 99),  # a few early ones of many
        ],
    )
    def test_no_reason_to_hurry(self, ended: list[float], running: int) -> None:
        assert schedule.interval_factor(100, ended, running, 1, 300) == 1.0

    @pytest.mark.parametrize(
        ("ends", "running", "together", "expected"),
        [
            # ends per unit of log-time, with one unit of exposure and one end that nobody saw
            (9, 50, 1, 0.5 / math.sqrt(10 / (54.5 * math.log(1.2) + 1))),
            (50, 50, 1, 0.5 / math.sqrt(51 / (75 * math.log(1.2) + 1))),
            (50, 50, 10, 0.5 / math.sqrt(51 / (75 * math.log(1.2) + 1))),
            (50, 50, 40, 0.25 / math.sqrt(51 / (75 * math.log(1.2) + 1))),
        ],
    )
    def test_share(self, ends: int, running: int, together: int, expected: float) -> None:
        assert schedule.interval_factor(100, [90.0] * ends, running, together, NOBODY) == pytest.approx(expected)

    @given(SECONDS, st.lists(SECONDS, max_size=50), st.integers(1, 200), st.integers(1, 100), st.floats(0, 1000))
    def test_a_share(self, elapsed: float, ended: list[float], running: int, together: int, crowd: float) -> None:
        assert 0 < schedule.interval_factor(elapsed, sorted(ended), running, together, crowd) <= 1

    @given(st.integers(3, 100), st.integers(1, 100))
    def test_the_more_have_just_ended_the_shorter(self, ends: int, running: int) -> None:
        shares = [schedule.interval_factor(100, [95.0] * count, running, 1, NOBODY) for count in (ends, ends + 1)]
        assert shares[1] <= shares[0]


class TestBackOff:
    @pytest.mark.parametrize(("tries", "expected"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (1000, 30)])
    def test_doubles(self, tries: int, expected: float) -> None:
        assert schedule.back_off(tries, 30, 1.0) == expected
        assert schedule.back_off(tries, 30, 0.0) == expected / 2

    @given(st.integers(1, 10**9), st.floats(0.1, 3600), CHANCE)
    def test_within_its_bounds(self, tries: int, longest: float, chance: float) -> None:
        assert 0 < schedule.back_off(tries, longest, chance) <= longest


def test_polls_in_two_hours() -> None:
    now, polls = 0.0, []
    while now <= 7200:
        polls.append(now)
        now += schedule.poll_interval(now, None, 1.0, 2, 30, MIDDLE)
    counts = [sum(start <= poll < end for poll in polls) for start, end in ((0, 16), (16, 3600), (3600, 7201))]
    assert counts == [
        8,  # every 2 s
        226,  # ever longer
        120,  # every 30 s
    ]
