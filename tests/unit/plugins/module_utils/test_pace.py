# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pace on a simulated clock: its promise holds in every second, wherever the second begins."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.rate_limit import MEMORY, RateLimiter
from hypothesis import given
from hypothesis import strategies as st

# What floating point may take off a second, on a clock that has run for a month.
ROUNDING = 1e-8


class Simulation:
    """One caller after the other, on a clock that moves when one sleeps."""

    def __init__(self, max_rate: float, start: float = 0.0) -> None:
        self.now = start
        self.starts: list[float] = []
        self.pace = RateLimiter(max_rate, lambda: self.now, self.sleep)

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds

    def ask(self, count: int = 1) -> list[float]:
        """Start that many requests as soon as they may, and tell when they did."""
        for _request in range(count):
            self.pace.acquire()
            self.starts.append(self.now)
        return self.starts[-count:]


def most_within(starts: list[float], seconds: float) -> int:
    """The most starts in any span of so many seconds, its end not included."""
    return max(sum(first <= start < first + seconds - ROUNDING for start in starts) for first in starts)


@pytest.mark.parametrize(
    ("max_rate", "at_once", "in_a_second", "seconds_for_101"),
    [
        # the default: three at once, ten in a second, and 101 requests take 10 s and not one more or less
        (10.0, 3, 10, 10.0),
        # a whole number of thirds
        (9.0, 3, 9, 100 / 9),
        (100.0, 33, 100, 1.0),
        # less than one in a third of a second: one by one
        (2.0, 1, 2, 50.0),
        (1.0, 1, 1, 100.0),
        # not a whole number
        (2.5, 1, 2, 50.0),
        # less than one in a second
        (0.5, 1, 1, 200.0),
        (0.01, 1, 1, 10000.0),
    ],
)
def test_the_promise(max_rate: float, at_once: int, in_a_second: int, seconds_for_101: float) -> None:
    simulation = Simulation(max_rate)
    starts = simulation.ask(101)
    assert most_within(starts, 2 * ROUNDING) == at_once
    assert most_within(starts, 1.0) == in_a_second
    # as fast as the promise allows, but for the burst that came first
    assert seconds_for_101 - at_once / max_rate - 1 <= starts[-1] <= seconds_for_101 + ROUNDING


@given(
    max_rate=st.floats(0.05, 60),
    start=st.floats(0, 3e6),
    pauses=st.lists(st.floats(0, 3) | st.just(0.0), min_size=1, max_size=120),
    slower=st.none() | st.floats(0.05, 60),
)
def test_the_promise_whenever_one_asks(
    max_rate: float, start: float, pauses: list[float], slower: float | None
) -> None:
    simulation = Simulation(max_rate, start)
    for number, pause in enumerate(pauses):
        if slower is not None and number == len(pauses) // 2:
            simulation.pace.limit_to(slower)
            max_rate = min(max_rate, slower)
            simulation.starts.clear()
        simulation.now += pause
        simulation.ask()
    if simulation.starts:
        assert most_within(simulation.starts, 1.0) <= max(1, int(max_rate))
        assert most_within(simulation.starts, 2 * ROUNDING) <= max(1, int(max_rate / 3))
        assert most_within(simulation.starts, 1 / max_rate) <= max(1, int(max_rate / 3))


def test_who_asks_seldom_never_waits() -> None:
    simulation = Simulation(1.0)
    for moment in range(0, 100, 2):
        simulation.now = float(moment)
        assert simulation.ask() == [float(moment)]


def test_slowing_down_holds_from_the_next_request_on() -> None:
    simulation = Simulation(10.0)
    simulation.ask(3)
    simulation.pace.limit_to(0.5)
    assert simulation.ask(3) == pytest.approx([2.0, 4.0, 6.0])


def test_slowing_down_never_speeds_up() -> None:
    simulation = Simulation(0.5)
    simulation.pace.limit_to(100.0)
    assert simulation.ask(3) == [0.0, 2.0, 4.0]


def test_a_rate_beyond_the_memory_is_kept_within_it() -> None:
    starts = Simulation(10.0 * MEMORY).ask(3 * MEMORY)
    assert most_within(starts, 1.0) == MEMORY


def test_threads_get_turns_of_their_own() -> None:
    pauses: list[float] = []
    # A clock that stands still: every thread asks at the same moment, and tells how long it would sleep.
    pace = RateLimiter(10.0, lambda: 0.0, pauses.append)
    gate = threading.Barrier(8)

    def ask() -> None:
        gate.wait()
        for _request in range(25):
            pace.acquire()

    threads = [threading.Thread(target=ask) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # The first three do not sleep at all.
    starts = [0.0] * (200 - len(pauses)) + sorted(pauses)
    assert starts[:4] == pytest.approx([0.0, 0.0, 0.0, 0.3])
    assert most_within(starts, 1.0) == 10
    assert most_within(starts, 2 * ROUNDING) == 3


def test_a_turn_that_comes_too_late_is_left_to_others() -> None:
    simulation = Simulation(1.0)
    simulation.ask(3)
    assert simulation.pace.acquire(deadline=2.9) is False
    assert simulation.now == 2.0
    assert simulation.pace.acquire(deadline=3.0) is True
    assert simulation.now == 3.0


def test_a_turn_is_not_held_up_by_one_who_sleeps() -> None:
    """Who sleeps until its turn lets others reserve theirs: they sleep side by side."""
    order: list[str] = []
    pace: RateLimiter

    def sleep(seconds: float) -> None:
        order.append(f"sleeps {seconds:g}")
        if len(order) == 1:
            pace.acquire()

    pace = RateLimiter(1.0, lambda: 0.0, sleep)
    pace.acquire()
    pace.acquire()
    assert order == ["sleeps 1", "sleeps 2"]
