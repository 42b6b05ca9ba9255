# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait engine in simulated time: one class for each subject of the guide to waiting, one line per case."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import (
    LAST_POLL_SECONDS,
    JobQuery,
    Outcome,
    PollUpdate,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import Call, FetchResult, TargetKind
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.wait import Wait
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import (
    AuthenticationError,
    InvalidError,
    PermissionDeniedError,
    ServiceError,
    TransportError,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import ErrorDetail, Job, State
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.simulated import (
    World,
    blip,
    job,
    states,
    wait_in,
    wanted,
)

RUNS_10 = [(0, "running"), (10, "succeeded")]
REFUSED = ServiceError("Not this one.", about_job=True)
DENIED = PermissionDeniedError("The account may not query these jobs.")


@pytest.mark.parametrize(
    ("until", "timetable", "expected", "arrived"),
    [
        # each name stands for its states
        ("started", [(0, "pending"), (5, "running")], "running", True),
        ("started", [(0, "pending"), (5, "failed")], "failed", True),
        ("finished", [(0, "running"), (5, "failed")], "failed", True),
        ("finished", [(0, "running"), (5, "partially_succeeded")], "partially_succeeded", True),
        ("succeeded", [(0, "running"), (5, "succeeded")], "succeeded", True),
        ("partially_succeeded", [(0, "running"), (5, "partially_succeeded")], "partially_succeeded", True),
        ("failed", [(0, "running"), (5, "failed")], "failed", True),
        # several names: any of them
        ("succeeded,partially_succeeded", [(0, "running"), (5, "partially_succeeded")], "partially_succeeded", True),
        # ended elsewhere: can no longer arrive
        ("succeeded", [(0, "running"), (5, "failed")], "failed", False),
        ("succeeded", [(0, "running"), (5, "partially_succeeded")], "partially_succeeded", False),
        ("failed", [(0, "running"), (5, "succeeded")], "succeeded", False),
        ("partially_succeeded", [(0, "succeeded")], "succeeded", False),
    ],
)
def test_until(until: str, timetable: t.Any, expected: str, arrived: bool) -> None:
    outcome = wait_in(World({"a": timetable}), ["a"], until)
    assert states(outcome) == [expected]
    assert bool(outcome.ended_elsewhere) is not arrived
    assert (outcome.unfinished, outcome.timed_out, outcome.error) == ([], False, None)


class TestOneDeadline:
    def test_the_last_look_is_exactly_at_the_deadline(self) -> None:
        world = World({"a": [(0, "running")]})
        outcome = wait_in(world, ["a"], timeout=100)
        assert world.times("a")[-1] == 100.0
        assert (outcome.timed_out, outcome.elapsed, outcome.unfinished) == (True, 100.0, ["a"])

    def test_a_job_that_ends_in_the_last_moment_is_not_timed_out(self) -> None:
        outcome = wait_in(World({"a": [(0, "running"), (99.99, "succeeded")]}), ["a"], timeout=100)
        assert (states(outcome), outcome.timed_out) == (["succeeded"], False)

    @pytest.mark.parametrize("timeout", [0, 1, 3, 4.5, 7, 50, 333])
    def test_no_two_looks_crowd_before_the_deadline(self, timeout: float) -> None:
        world = World({"a": [(0, "running")]})
        wait_in(world, ["a"], timeout=timeout)
        times = world.times("a")
        assert times[-1] == timeout
        assert all(later - earlier >= min(1.0, timeout) for earlier, later in zip(times, times[1:]))

    def test_timeout_0_is_one_look(self) -> None:
        world = World({"a": [(0, "running")]})
        outcome = wait_in(world, ["a"], timeout=0)
        assert (world.times("a"), states(outcome), outcome.timed_out) == ([0.0], ["running"], True)

    def test_timeout_0_finds_what_is_already_there(self) -> None:
        outcome = wait_in(World({"a": [(0, "succeeded")]}), ["a"], timeout=0)
        assert (states(outcome), outcome.timed_out, outcome.unfinished) == (["succeeded"], False, [])

    def test_requests_count_towards_the_deadline(self) -> None:
        outcome = wait_in(World({"a": [(0, "running")]}, round_trip=8), ["a"], timeout=30)
        assert 30 <= outcome.elapsed <= 30 + LAST_POLL_SECONDS + 0.1 + 1e-6  # one request at ten a second

    @pytest.mark.parametrize(
        ("round_trip", "polls"),
        [
            (0.5, [0.0, 2.0]),  # an answer before the deadline, and the poll at it
            (1.9, [0.0, 2.0]),
            (2.5, [0.0, 2.0]),  # one that the deadline cuts off
        ],
    )
    def test_the_last_poll_begins_at_the_deadline(self, round_trip: float, polls: list[float]) -> None:
        world = World({"a": [(0, "running")]}, round_trip=round_trip)
        outcome = wait_in(world, ["a"], timeout=2)
        assert (world.times("a"), outcome.timed_out) == (polls, True)

    def test_an_answer_just_after_the_deadline_still_gets_the_last_poll(self) -> None:
        class Late(World):
            """Takes no notice of a call's deadline."""

            def submit(self, call: Call) -> None:
                super().submit(call._replace(deadline=1e9))
                ends, result = self._coming.pop()
                self._coming.append((ends, result._replace(call=call)))

        world = Late({"a": [(0, "running"), (10, "succeeded")]}, round_trip=0.7)
        outcome = wait_in(world, ["a"], timeout=10.1, interval=0.5, max_interval=0.5)
        assert (states(outcome), outcome.timed_out) == (["succeeded"], False)
        assert world.times("a")[-1] >= 10.1

    @pytest.mark.parametrize("failing", [blip(), blip(wait=0), blip(wait=1)])
    def test_nothing_is_repeated_after_the_deadline(self, failing: ServiceError) -> None:
        world = World({"a": [(0, "running"), (60, failing), (60.5, "succeeded")]})
        outcome = wait_in(world, ["a"], timeout=60)
        assert (states(outcome), outcome.timed_out) == (["running"], True)
        assert (world.times("a")[-1], outcome.elapsed) == (60.0, 60.0)

    def test_every_open_job_gets_a_poll_at_the_deadline(self) -> None:
        keys = [f"j{number}" for number in range(30)]
        world = World({key: [(0, "running")] for key in keys}, max_in_flight=4, max_rate=1000)
        wait_in(world, keys, timeout=20)
        assert sorted(key for moment, (key,) in world.polls if moment >= 20) == sorted(keys)

    def test_a_call_that_hangs_does_not_keep_its_place_to_the_end(self) -> None:
        class Hanging(World):
            """Never answers the first call, not even at its deadline."""

            def submit(self, call: Call) -> None:
                super().submit(call)
                if len(self.polls) == 1:
                    self._coming.clear()

        world = Hanging({"a": [(0, "running")], "b": [(0, "succeeded")]})
        outcome = wait_in(world, ["a", "b"], timeout=3600, call_timeout=20)
        assert world.times("b")[0] < 22
        assert states(outcome) == ["running", "succeeded"]

    def test_a_single_poll_has_no_deadline(self) -> None:
        outcome = wait_in(World({"a": [(0, "running")]}, round_trip=50), ["a"], until=None, timeout=0)
        assert (states(outcome), outcome.timed_out, outcome.elapsed) == (["running"], False, 50.0)

    def test_a_hang_ends_with_the_deadline(self) -> None:
        outcome = wait_in(World({"a": [(0, "running")]}, round_trip=1e9), ["a"], timeout=30, error_grace=1000)
        assert outcome.timed_out
        assert 30 <= outcome.elapsed <= 30 + 2 * LAST_POLL_SECONDS

    def test_a_call_that_never_comes_back_leaves_the_last_look_its_turn(self) -> None:
        class Forgetful(World):
            """Loses the first call."""

            def submit(self, call: Call) -> None:
                is_lost = not self.polls
                super().submit(call)
                if is_lost:
                    self._coming.clear()

        outcome = wait_in(Forgetful({"a": [(0, "running"), (20, "succeeded")]}), ["a"], timeout=30)
        assert (states(outcome), outcome.timed_out) == (["succeeded"], False)
        assert 30 <= outcome.elapsed <= 32

    def test_last_looks_of_many_are_paced_and_bounded(self) -> None:
        keys = [f"j{number}" for number in range(50)]
        world = World({key: [(0, "running")] for key in keys}, round_trip=1e9, max_in_flight=4, max_rate=10)
        outcome = wait_in(world, keys, timeout=30, error_grace=1000)
        assert outcome.elapsed <= 30 + 50 / 10 + LAST_POLL_SECONDS + 2


class TestShortFirst:
    def test_first_look_at_once(self) -> None:
        world = World({"a": RUNS_10})
        wait_in(world, ["a"])
        assert world.times("a")[0] == 0.0

    def test_first_look_after_the_delay(self) -> None:
        world = World({"a": RUNS_10})
        wait_in(world, ["a"], delay=7)
        assert world.times("a")[0] == 7.0

    def test_a_delay_beyond_the_timeout_ends_at_the_timeout(self) -> None:
        world = World({"a": RUNS_10})
        wait_in(world, ["a"], delay=70, timeout=20)
        assert world.times("a") == [20.0]

    @pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
    def test_intervals_grow_within_their_bounds(self, chance: float) -> None:
        world = World({"a": [(0, "running")]})
        wait_in(world, ["a"], timeout=3600, chance=chance)
        times = world.times("a")
        gaps = [later - earlier for earlier, later in zip(times, times[1:])][:-1]
        assert gaps[0] == pytest.approx(2)
        assert max(gaps) > 26
        assert min(gaps) >= 2 - 1e-3
        assert max(gaps) <= 30 + 1e-3

    def test_the_ends_of_others_bring_the_next_look_nearer(self) -> None:
        """Nine of ten jobs of a kind ended after five minutes: the tenth will not be long."""
        others = [f"j{number}" for number in range(9)]
        world = World({**{key: [(0, "running"), (300, "succeeded")] for key in others}, "last": [(0, "running")]})
        wait_in(world, [*others, "last"], timeout=400)
        times = world.times("last")
        assert [moment for moment in times if 250 < moment < 300]
        assert max(b - a for a, b in zip(times, times[1:]) if 320 < a < 340) < 6
        assert max(b - a for a, b in zip(times, times[1:]) if 200 < a < 280) > 7


class TestAList:
    def test_order_and_duplicates(self) -> None:
        world = World({"a": RUNS_10, "b": [(0, "failed")], "c": [(0, "succeeded")]})
        outcome = wait_in(world, ["c", "a", "b", "c", "a"])
        assert [(job.job_id, job.state.value) for job in outcome.jobs] == [
            ("c", "succeeded"), ("a", "succeeded"), ("b", "failed"), ("c", "succeeded"), ("a", "succeeded"),
        ]  # fmt: skip
        assert len(world.times("c")) == 1

    def test_jobs_that_arrived_are_dropped(self) -> None:
        world = World({"a": [(0, "succeeded")], "b": [(0, "running"), (60, "succeeded")]})
        wait_in(world, ["a", "b"])
        assert world.times("a") == [0.0]
        assert len(world.times("b")) > 5

    def test_jobs_that_the_answer_for_another_told_of_are_dropped_too(self) -> None:
        class Talkative(World):
            """Tells of every job, whichever it is asked for."""

            def _answer(self, call: Call, moment: float) -> FetchResult:
                return super()._answer(call._replace(keys=["a", "b"]), moment)

        world = Talkative({"a": [(0, "running"), (20, "succeeded")], "b": [(0, "succeeded")]})
        outcome = wait_in(world, ["a", "b"])
        assert (states(outcome), world.times("b")) == (["succeeded", "succeeded"], [])

    def test_a_failure_ends_the_task_after_all_others(self) -> None:
        world = World({"a": [(0, "failed")], "b": [(0, "running"), (60, "succeeded")]})
        outcome = wait_in(world, ["a", "b"])
        assert states(outcome) == ["failed", "succeeded"]
        assert [job.job_id for job in outcome.ended_elsewhere] == ["a"]

    def test_fail_fast_ends_it_at_once(self) -> None:
        world = World({"a": [(0, "running"), (5, "failed")], "b": [(0, "running")]})
        outcome = wait_in(world, ["a", "b"], fail_fast=True)
        assert (states(outcome), outcome.unfinished) == (["failed", "running"], ["b"])
        assert outcome.elapsed < 10

    def test_fail_fast_holds_when_others_arrive_in_the_same_answer(self) -> None:
        timetables = {"a": [(0, "failed")], "b": [(0, "succeeded")], "c": [(0, "running")]}
        outcome = wait_in(World(timetables, batch_size=3), ["a", "b", "c"], fail_fast=True)
        assert (states(outcome), outcome.elapsed) == (["failed", "succeeded", "running"], 0.0)

    def test_fail_fast_keeps_what_comes_at_the_same_moment(self) -> None:
        timetables = {"a": [(0, "failed")], "b": [(0, "succeeded")], "c": [(0, "running")]}
        outcome = wait_in(World(timetables, max_in_flight=3, round_trip=1), ["a", "b", "c"], fail_fast=True)
        assert (states(outcome), outcome.elapsed) == (["failed", "succeeded", "running"], 1.0)

    def test_duplicates_count_as_one_look(self) -> None:
        assert wait_in(World({"a": [(0, "succeeded")]}), ["a", "a", "a"]).polls == 1


class TestSeveralGroups:
    """Two groups of one wait, each with a source of its own."""

    def wait(self, first: World, second: World, fail_fast: bool = False, timeout: float = 1800) -> list[Outcome]:
        queries = [JobQuery(world, TargetKind.JOBS, list(world.timetables), wanted()) for world in (first, second)]
        return Wait(queries, timeout, first, first.clock, lambda: 0.5, fail_fast=fail_fast).run()

    @pytest.mark.parametrize(
        ("first", "second", "fail_fast", "expected", "elapsed"),
        [
            # the wait takes as long as the longest of them
            ([(0, "succeeded")], [(0, "running"), (20, "succeeded")], False, ["succeeded", "succeeded"], (20, 23)),
            ([(0, "running"), (20, "succeeded")], [(0, "succeeded")], False, ["succeeded", "succeeded"], (20, 23)),
            # a failure in one of them ends the others with fail_fast only
            ([(0, "failed")], [(0, "running"), (20, "succeeded")], False, ["failed", "succeeded"], (20, 23)),
            ([(0, "failed")], [(0, "running"), (20, "succeeded")], True, ["failed", "running"], (0, 0)),
            ([(0, "running")], [(0, "running"), (5, "failed")], True, ["running", "failed"], (5, 8)),
            # so does an error that ends one of them
            ([(0, DENIED)], [(0, "running"), (20, "succeeded")], False, ["unknown", "succeeded"], (20, 23)),
            ([(0, DENIED)], [(0, "running"), (20, "succeeded")], True, ["unknown", "running"], (0, 0)),
            # the deadline is one for all
            ([(0, "running")], [(0, "pending")], False, ["running", "pending"], (60, 60)),
            ([(0, "running")], [(0, "succeeded")], True, ["running", "succeeded"], (60, 60)),
        ],
    )
    def test_one_wait(
        self, first: t.Any, second: t.Any, fail_fast: bool, expected: list[str], elapsed: tuple[float, float]
    ) -> None:
        worlds = World({"a": first}), World({"b": second})
        outcomes = self.wait(*worlds, fail_fast, timeout=60)
        assert [job.state.value for outcome in outcomes for job in outcome.jobs] == expected
        assert elapsed[0] <= worlds[0].now - worlds[0].start <= elapsed[1]
        assert [outcome.timed_out for outcome in outcomes] == [
            elapsed[0] == 60 and state in ("running", "pending") for state in expected
        ]

    @pytest.mark.parametrize(("is_shared", "seconds"), [(True, 60), (False, 30)])
    def test_intervals_stretch_to_what_a_shared_rate_allows(self, is_shared: bool, seconds: float) -> None:
        # 300 jobs each, at 10 requests per second
        first, second = (World({f"{name}{n}": [(0, "running")] for n in range(300)}) for name in "ab")
        if is_shared:
            second.rate_limiter = first.rate_limiter
        self.wait(first, second, timeout=1000)
        late = [moment for moment in second.times("b7") if 500 < moment < 1000]
        assert max(b - a for a, b in zip(late, late[1:])) == pytest.approx(seconds, rel=0.1)


class TestBatches:
    def test_one_call_carries_many(self) -> None:
        keys = [f"j{number}" for number in range(250)]
        world = World({key: [(0, "succeeded")] for key in keys}, batch_size=100)
        wait_in(world, keys)
        assert [len(asked) for _moment, asked in world.polls] == [100, 100, 50]

    def test_what_is_due_within_half_an_interval_travels_along(self) -> None:
        # b is first seen a second later than a, and is asked for together with it from then on
        world = World({"a": [(0, "running"), (40, "succeeded")], "b": RUNS_10}, batch_size=10)
        wait_in(world, ["a", "b"])
        assert all(asked in (("a", "b"), ("a",)) for _moment, asked in world.polls)

    def test_nothing_travels_along_where_one_call_carries_one(self) -> None:
        world = World({"a": [(0, "running"), (9, "succeeded")], "b": RUNS_10})
        wait_in(world, ["a", "b"])
        assert {len(asked) for _moment, asked in world.polls} == {1}

    def test_the_look_at_the_deadline_is_not_made_before_it(self) -> None:
        world = World({"a": [(0, "running")], "b": [(0, "running"), (99.5, "succeeded")]}, batch_size=10)
        outcome = wait_in(world, ["a", "b"], timeout=100, interval=20, max_interval=40)
        assert (states(outcome), outcome.unfinished) == (["running", "succeeded"], ["a"])


class TestPace:
    def test_intervals_stretch_to_what_the_rate_allows(self) -> None:
        keys = [f"j{number}" for number in range(600)]
        world = World({key: [(0, "running"), (3000, "succeeded")] for key in keys})
        wait_in(world, keys, timeout=4000)
        late = [moment for moment in world.times("j7") if moment > 1000]
        # 600 jobs at 10 requests per second are one round a minute
        assert min(b - a for a, b in zip(late, late[1:])) > 50

    @pytest.mark.parametrize(
        ("jobs", "seconds"),
        [
            # where its turn comes late, the limiter waits for it, and the plan does not wait as well
            (1, 2),
            # the turns of the others come first
            (3, 40),
        ],
    )
    def test_the_plan_waits_for_the_turns_of_others(self, jobs: int, seconds: float) -> None:
        keys = [f"j{number}" for number in range(jobs)]
        world = World({key: [(0, "running")] for key in keys}, max_rate=0.05)
        wait_in(world, keys, timeout=100)
        first, second = world.times("j0")[:2]
        assert second - first == pytest.approx(seconds)

    def test_no_more_calls_at_once_than_may_be_in_flight(self) -> None:
        keys = [f"j{number}" for number in range(12)]
        world = World({key: [(0, "succeeded")] for key in keys}, max_in_flight=4, round_trip=3)
        wait_in(world, keys)
        assert [moment for moment, _keys in world.polls] == [0.0] * 4 + [3.0] * 4 + [6.0] * 4

    def test_what_is_due_longest_goes_first(self) -> None:
        keys = [f"j{number}" for number in range(6)]
        world = World({key: [(0, "running"), (30, "succeeded")] for key in keys}, round_trip=1)
        wait_in(world, keys)
        order = [asked[0] for _moment, asked in world.polls]
        assert order[:12] == keys * 2


class TestErrors:
    def test_a_failed_call_is_no_look(self) -> None:
        outcome = wait_in(World({"a": [(0, blip()), (3, "running"), (6, "succeeded")]}), ["a"])
        assert (states(outcome), outcome.error) == (["succeeded"], None)
        assert outcome.polls == 2

    def test_not_done_yet_never_spends_the_error_budget(self) -> None:
        outcome = wait_in(World({"a": [(0, "running"), (1000, "succeeded")]}), ["a"], error_grace=0)
        assert (states(outcome), outcome.error) == (["succeeded"], None)

    @pytest.mark.parametrize(
        ("silence", "survives"),
        [(299, True), (400, False)],
    )
    def test_the_budget_is_time_without_an_answer(self, silence: float, survives: bool) -> None:
        world = World({"a": [(0, "running"), (50, blip()), (50 + silence, "succeeded")]})
        outcome = wait_in(world, ["a"], error_grace=300)
        assert (outcome.error is None) is survives
        assert states(outcome) == ["succeeded" if survives else "running"]

    def test_the_budget_begins_anew_with_every_answer(self) -> None:
        timetable: list[tuple[float, t.Any]] = [(0, "running")]
        for begin in range(50, 2000, 200):
            timetable += [(begin, blip()), (begin + 150, "running")]
        outcome = wait_in(World({"a": [*timetable, (2100, "succeeded")]}), ["a"], timeout=3000, error_grace=250)
        assert (states(outcome), outcome.error) == (["succeeded"], None)

    def test_the_first_answer_has_the_same_budget(self) -> None:
        outcome = wait_in(World({"a": [(0, blip())]}), ["a"], error_grace=120)
        assert outcome.error is not None
        assert 120 < outcome.elapsed < 155

    def test_back_off_grows(self) -> None:
        world = World({"a": [(0, blip())]})
        wait_in(world, ["a"], error_grace=300, chance=1.0)
        times = world.times("a")
        gaps = [later - earlier for earlier, later in zip(times, times[1:])]
        assert gaps[:6] == [1, 2, 4, 8, 16, 30]

    def test_without_until_there_are_three_tries(self) -> None:
        world = World({"a": [(0, blip())]})
        outcome = wait_in(world, ["a"], until=None)
        assert (len(world.polls), outcome.error is not None, states(outcome)) == (3, True, ["unknown"])

    def test_without_until_the_third_try_may_succeed(self) -> None:
        world = World({"a": [(0, blip()), (1.2, "running")]})
        outcome = wait_in(world, ["a"], until=None)
        assert (len(world.polls), outcome.error, states(outcome)) == (3, None, ["running"])

    def test_an_error_about_one_job_leaves_the_others(self) -> None:
        refusal = InvalidError("That is no id.", code="X.1", about_job=True)
        world = World({"a": RUNS_10, "b": [(0, refusal)], "c": [(0, "succeeded")]})
        outcome = wait_in(world, ["a", "b", "c"])
        assert states(outcome) == ["succeeded", "unknown", "succeeded"]
        assert (outcome.error, list(outcome.refused), outcome.unfinished) == (None, ["b"], ["b"])
        assert outcome.jobs[1].error == ErrorDetail("X.1", "That is no id.")

    @pytest.mark.parametrize(
        "error",
        [
            PermissionDeniedError("You may not."),
            AuthenticationError("Who are you?"),
            TransportError("The certificate does not verify."),
        ],
        ids=lambda error: error.kind,
    )
    def test_an_error_about_all_ends_the_wait_and_keeps_what_is_known(self, error: t.Any) -> None:
        world = World({"a": [(0, "succeeded")], "b": [(0, "running"), (20, error)], "c": [(0, "running")]})
        outcome = wait_in(world, ["a", "b", "c"])
        assert (outcome.error, states(outcome)) == (error, ["succeeded", "running", "running"])
        assert outcome.unfinished == ["b", "c"]

    def test_an_error_that_stays_at_the_deadline_is_a_timeout(self) -> None:
        outcome = wait_in(World({"a": [(0, "running"), (59, blip())]}), ["a"], timeout=60)
        assert (outcome.timed_out, outcome.error, states(outcome)) == (True, None, ["running"])
        assert outcome.last_error is not None
        assert outcome.elapsed <= 60 + LAST_POLL_SECONDS


class TestLeaveAlone:
    def test_retry_after_is_kept(self) -> None:
        world = World({"a": [(0, "running"), (10, blip(wait=45)), (20, "succeeded")]})
        wait_in(world, ["a"])
        refused_at, next_at = [moment for moment in world.times("a") if moment >= 10][:2]
        assert next_at - refused_at == pytest.approx(45)

    def test_it_silences_the_other_jobs_too(self) -> None:
        world = World({"a": [(0, blip(wait=50)), (10, "succeeded")], "b": [(0, "running"), (9, "succeeded")]})
        wait_in(world, ["a", "b"])
        assert [moment for moment, _keys in world.polls if 0 < moment < 50] == []

    def test_it_has_a_floor(self) -> None:
        world = World({"a": [(0, blip(wait=0)), (10, "succeeded")]})
        wait_in(world, ["a"], chance=0.0)
        assert world.times("a")[1] >= 0.5

    def test_the_deadline_clamps_it(self) -> None:
        world = World({"a": [(0, "running"), (10, blip(wait=500)), (20, "succeeded")]})
        outcome = wait_in(world, ["a"], timeout=100)
        assert (world.times("a")[-1], states(outcome)) == (100.0, ["succeeded"])

    def test_a_silence_that_was_asked_for_is_not_held_against_the_service(self) -> None:
        world = World({"a": [(0, blip(wait=200)), (500, "succeeded")]})
        outcome = wait_in(world, ["a"], error_grace=60)
        assert (states(outcome), outcome.error) == (["succeeded"], None)

    def test_a_silence_counts_once_however_many_calls_it_is_asked_of(self) -> None:
        world = World({name: [(0, blip(wait=100)), (50, blip())] for name in "abcd"}, max_in_flight=4)
        outcome = wait_in(world, list("abcd"), error_grace=60)
        assert outcome.error is not None
        assert outcome.elapsed < 250

    @pytest.mark.parametrize(
        ("wait", "gives_up_before"),
        [
            (0, 450),  # nothing was asked for
            (1, 500),  # a second for each try
            (45, 4500),  # an hour at most
            (600, 4700),
        ],
    )
    def test_asking_for_silence_is_no_way_to_go_on_for_ever(self, wait: float, gives_up_before: float) -> None:
        world = World({"a": [(0, "running"), (10, blip(wait=wait))]})
        outcome = wait_in(world, ["a"], timeout=10**6)
        assert (outcome.timed_out, states(outcome)) == (False, ["running"])
        assert outcome.error is not None
        assert outcome.elapsed < gives_up_before

    def test_the_same_silence_counts_once(self) -> None:
        """Four calls under way are each asked for the same ten minutes."""
        keys = ["a", "b", "c", "d"]
        world = World({key: [(0, blip(wait=600))] for key in keys}, max_in_flight=4)
        outcome = wait_in(world, keys, timeout=10**6, error_grace=300)
        assert outcome.error is not None
        assert outcome.elapsed < 5400

    def test_without_until_a_long_silence_is_an_answer(self) -> None:
        world = World({"a": [(0, blip(wait=600))]})
        outcome = wait_in(world, ["a"], until=None)
        assert (len(world.polls), outcome.error is not None, outcome.elapsed) == (1, True, 0.0)


class TestProgress:
    def test_a_job_that_stays_at_100_percent_is_not_asked_for_all_the_time(self) -> None:
        timetable = [(second, job("a", "running", progress=second)) for second in range(0, 101, 10)]
        world = World({"a": timetable})
        wait_in(world, ["a"], timeout=3600)
        assert len([moment for moment in world.times("a") if moment > 100]) < 260

    def test_progress_that_moves_keeps_its_say(self) -> None:
        timetable: list[t.Any] = [(36 * percent, job("a", "running", progress=percent)) for percent in range(100)]
        world = World({"a": [*timetable, (3600, "succeeded")]})
        outcome = wait_in(world, ["a"], timeout=7200)
        assert outcome.elapsed < 3600 + 0.3 * 37


class TestNotFound:
    NOT_FOUND: t.ClassVar[Job] = Job("a", "sim", State.NOT_FOUND, error=ErrorDetail("X.404", "No such job."))

    @pytest.mark.parametrize("absent", [NOT_FOUND, None], ids=["told", "left out of the answer"])
    def test_tolerated_right_after_the_submit(self, absent: t.Any) -> None:
        outcome = wait_in(World({"a": [(0, absent), (50, "running"), (70, "succeeded")]}), ["a"], not_found_grace=60)
        assert (states(outcome), outcome.missing) == (["succeeded"], [])

    @pytest.mark.parametrize("absent", [NOT_FOUND, None], ids=["told", "left out of the answer"])
    def test_a_verdict_after_the_grace_and_not_before(self, absent: t.Any) -> None:
        outcome = wait_in(World({"a": [(0, absent)]}), ["a"], not_found_grace=60)
        assert (states(outcome), outcome.missing, outcome.unfinished) == (["not_found"], ["a"], ["a"])
        assert outcome.elapsed == pytest.approx(60, abs=2)

    def test_the_grace_counts_from_the_first_look(self) -> None:
        outcome = wait_in(World({"a": [(0, None)]}), ["a"], not_found_grace=60, delay=100)
        assert outcome.elapsed == pytest.approx(160, abs=2)

    def test_a_job_that_vanishes_has_the_same_grace(self) -> None:
        world = World({"a": [(0, "running"), (100, self.NOT_FOUND)]})
        outcome = wait_in(world, ["a"], not_found_grace=60)
        assert states(outcome) == ["not_found"]
        assert 160 <= outcome.elapsed <= 175

    def test_a_success_that_vanishes_before_it_is_confirmed_has_not_arrived(self) -> None:
        world = World({"a": [(0, "succeeded"), (1, None)]})
        outcome = wait_in(world, ["a"], confirmations=2, not_found_grace=10)
        assert (states(outcome), outcome.missing, outcome.unfinished) == (["not_found"], ["a"], ["a"])

    def test_a_job_that_comes_back_is_waited_for(self) -> None:
        world = World({"a": [(0, "running"), (100, None), (130, "running"), (300, None), (340, "succeeded")]})
        outcome = wait_in(world, ["a"], not_found_grace=60)
        assert states(outcome) == ["succeeded"]

    @pytest.mark.parametrize("absent", [NOT_FOUND, None], ids=["told", "left out of the answer"])
    def test_within_the_grace_the_last_known_state_stays(self, absent: t.Any) -> None:
        outcome = wait_in(World({"a": [(0, "running"), (100, absent)]}), ["a"], not_found_grace=60, timeout=120)
        assert (states(outcome), outcome.timed_out, outcome.missing) == (["running"], True, [])

    def test_grace_0_believes_the_first_look(self) -> None:
        outcome = wait_in(World({"a": [(0, self.NOT_FOUND)]}), ["a"], not_found_grace=0)
        assert (states(outcome), outcome.polls) == (["not_found"], 1)

    def test_a_single_look_reports_it_and_does_not_wait(self) -> None:
        outcome = wait_in(World({"a": [(0, self.NOT_FOUND)]}), ["a"], until=None)
        assert (states(outcome), outcome.polls, outcome.error) == (["not_found"], 1, None)

    def test_a_single_look_cannot_tell_an_absent_job(self) -> None:
        outcome = wait_in(World({"a": [(0, None)]}), ["a"], until=None)
        assert (states(outcome), outcome.unfinished) == (["unknown"], ["a"])


class TestUnknown:
    def test_unknown_keeps_waiting_and_warns_once(self) -> None:
        odd = job("a", "unknown", status="ODD")
        outcome = wait_in(World({"a": [(0, odd), (50, "succeeded")]}), ["a"])
        assert states(outcome) == ["succeeded"]
        assert len(outcome.warnings) == 1
        assert "'ODD'" in outcome.warnings[0]

    @pytest.mark.parametrize("until", ["started", "finished", "succeeded", "partially_succeeded", "failed"])
    def test_unknown_is_none_of_the_named_states(self, until: str) -> None:
        outcome = wait_in(World({"a": [(0, job("a", "unknown"))]}), ["a"], until, timeout=60)
        assert (outcome.timed_out, outcome.unfinished, outcome.ended_elsewhere) == (True, ["a"], [])

    def test_each_new_value_warns_and_warnings_are_bounded(self) -> None:
        timetable = [(float(moment), job("a", "unknown", status=f"ODD{moment}")) for moment in range(900)]
        outcome = wait_in(World({"a": timetable}), ["a"], timeout=900, max_interval=3)
        assert len(outcome.warnings) == 20

    def test_failed_never_waits_on(self) -> None:
        outcome = wait_in(World({"a": [(0, "failed"), (5, "succeeded")]}), ["a"])
        assert (states(outcome), outcome.polls) == (["failed"], 1)


class TestConfirmations:
    def test_success_is_believed_after_agreeing_looks(self) -> None:
        world = World({"a": [(0, "running"), (10, "succeeded")]})
        outcome = wait_in(world, ["a"], confirmations=3)
        assert states(outcome) == ["succeeded"]
        assert len([moment for moment in world.times("a") if moment >= 10]) == 3

    def test_a_success_that_is_taken_back_begins_anew(self) -> None:
        world = World({"a": [(0, "succeeded"), (1, "running"), (10, "succeeded")]})
        outcome = wait_in(world, ["a"], confirmations=2)
        assert (states(outcome), len([moment for moment in world.times("a") if moment >= 10])) == (["succeeded"], 2)

    def test_a_look_that_does_not_find_the_job_begins_anew(self) -> None:
        world = World({"a": [(0, "succeeded"), (1, None), (3, "succeeded")]})
        outcome = wait_in(world, ["a"], confirmations=2)
        assert (states(outcome), len([moment for moment in world.times("a") if moment >= 3])) == (["succeeded"], 2)

    def test_an_unconfirmed_success_is_not_one(self) -> None:
        outcome = wait_in(World({"a": [(0, "running"), (99, "succeeded")]}), ["a"], timeout=100, confirmations=2)
        assert (outcome.timed_out, outcome.unfinished) == (True, ["a"])

    def test_a_failure_needs_none(self) -> None:
        outcome = wait_in(World({"a": [(0, "failed")]}), ["a"], confirmations=5)
        assert (states(outcome), outcome.polls) == (["failed"], 1)

    def test_a_single_look_needs_none(self) -> None:
        outcome = wait_in(World({"a": [(0, "succeeded")]}), ["a"], until=None, confirmations=5)
        assert (states(outcome), outcome.polls) == (["succeeded"], 1)


class TestNothingIsLost:
    def test_an_interrupt_leaves_the_last_known_states(self) -> None:
        class Interrupting(World):
            def collect(self, deadline: float) -> t.Any:
                if self.now - self.start > 30:
                    raise KeyboardInterrupt
                return super().collect(deadline)

        world = Interrupting({"a": [(0, "running")], "b": [(0, "succeeded")]})
        query = JobQuery(world, TargetKind.JOBS, ["a", "b"], wanted())
        wait = Wait([query], 1800, world, world.clock, lambda: 0.5)
        with pytest.raises(KeyboardInterrupt):
            wait.run()
        (outcome,) = wait.outcomes()
        assert (states(outcome), outcome.unfinished) == (["running", "succeeded"], ["a"])


class TestRequests:
    """Keys that name requests: every job that appears belongs to it."""

    def test_a_job_that_appears_later_is_waited_for(self) -> None:
        one, both = [job("a", "running")], [job("a", "running"), job("b", "running")]
        done = [job("a", "succeeded"), job("b", "succeeded")]
        outcome = wait_in(World({"r": [(0, one), (10, both), (40, done)]}), ["r"], kind=TargetKind.REQUESTS)
        assert [job.job_id for job in outcome.jobs] == ["a", "b"]
        assert states(outcome) == ["succeeded", "succeeded"]

    @pytest.mark.parametrize(
        ("lists", "found"),
        [
            ([(0, ["a"]), (1, ["a", "b"])], ["a", "b"]),  # one that is listed only from the second poll on
            ([(0, ["a"])], ["a"]),
            ([(0, ["a", "b"]), (1, ["a"]), (3, ["a", "b"])], ["a", "b"]),  # one that a shifting page hides for a while
        ],
    )
    def test_two_lists_must_agree(self, lists: t.Any, found: list[str]) -> None:
        timetable = [(since, [job(key, "succeeded") for key in keys]) for since, keys in lists]
        outcome = wait_in(World({"r": timetable}), ["r"], kind=TargetKind.REQUESTS)
        assert ([each.job_id for each in outcome.jobs], outcome.timed_out) == (found, False)

    @pytest.mark.parametrize("options", [{"timeout": 0}, {"until": None}])
    def test_one_list_is_all_that_one_poll_has(self, options: dict[str, t.Any]) -> None:
        world = World({"r": [(0, [job("a", "succeeded")])]})
        outcome = wait_in(world, ["r"], kind=TargetKind.REQUESTS, **options)
        assert (states(outcome), outcome.timed_out, len(world.polls)) == (["succeeded"], False, 1)

    def test_a_request_without_jobs_is_not_found_after_the_grace(self) -> None:
        outcome = wait_in(World({"r": [(0, [])]}), ["r"], kind=TargetKind.REQUESTS, not_found_grace=60)
        assert (states(outcome), outcome.missing, outcome.unfinished) == (["not_found"], ["r"], [])
        assert outcome.jobs[0].resources == {"request_id": "r"}

    def test_a_request_whose_jobs_come_late_is_waited_for(self) -> None:
        world = World({"r": [(0, []), (30, [job("a", "succeeded")])]})
        outcome = wait_in(world, ["r"], kind=TargetKind.REQUESTS, not_found_grace=60)
        assert [(job.job_id, job.state.value) for job in outcome.jobs] == [("a", "succeeded")]

    def test_one_of_its_jobs_that_vanishes_is_not_found_after_the_grace(self) -> None:
        both = [job("a", "running"), job("b", "running")]
        world = World({"r": [(0, both), (100, [job("b", "succeeded")])]})
        outcome = wait_in(world, ["r"], kind=TargetKind.REQUESTS, not_found_grace=60)
        assert states(outcome) == ["not_found", "succeeded"]


class TestRequestsWithoutGrace:
    """A request is not found only when two polls in a row say so: a service may list its jobs later."""

    @pytest.mark.parametrize("fail_fast", [False, True])
    def test_a_job_that_the_second_poll_lists(self, fail_fast: bool) -> None:
        timetable = [(0, []), (1, [job("a", "running")]), (10, [job("a", "succeeded")])]
        world = World({"r": timetable})
        outcome = wait_in(world, ["r"], kind=TargetKind.REQUESTS, not_found_grace=0, fail_fast=fail_fast)
        assert (states(outcome), outcome.missing, outcome.unfinished) == (["succeeded"], [], [])

    def test_none_that_any_poll_lists(self) -> None:
        world = World({"r": [(0, [])], "s": [(0, [job("a", "running")])]})
        outcome = wait_in(world, ["r", "s"], kind=TargetKind.REQUESTS, not_found_grace=0, fail_fast=True)
        assert (states(outcome), outcome.missing) == (["not_found", "running"], ["r"])


class TestListing:
    """No ids: the jobs of the first answer are waited for, and no others."""

    def test_the_jobs_of_the_first_answer(self) -> None:
        world = World({
            "": [(0, [job("a", "running"), job("b", "succeeded")])],
            "a": [(0, "running"), (20, "succeeded")],
            "b": [(0, "succeeded")],
        })  # fmt: skip
        outcome = wait_in(world, [""], kind=TargetKind.LISTING)
        assert (states(outcome), world.times("b"), outcome.timed_out) == (["succeeded", "succeeded"], [], False)
        assert len(world.times("")) == 1

    def test_none_found_is_an_empty_result(self) -> None:
        outcome = wait_in(World({"": [(0, [])]}), [""], kind=TargetKind.LISTING)
        assert (outcome.jobs, outcome.elapsed, outcome.timed_out) == ([], 0.0, False)

    def test_timeout_0_is_one_look(self) -> None:
        world = World({"": [(0, [job("a", "running")])], "a": [(0, "running")]})
        outcome = wait_in(world, [""], kind=TargetKind.LISTING, timeout=0)
        assert (len(world.polls), states(outcome), outcome.unfinished) == (1, ["running"], ["a"])

    def test_a_failed_first_look_names_no_jobs(self) -> None:
        outcome = wait_in(World({"": [(0, blip())]}), [""], kind=TargetKind.LISTING, error_grace=10)
        assert (outcome.jobs, outcome.error is not None) == ([], True)


class TestOddAnswers:
    """A service that answers other than it was asked does not confuse the result."""

    def test_jobs_that_nobody_asked_for(self) -> None:
        world = World({"a": [(0, "succeeded")]})
        answer = world._answer

        def more(call: Call, moment: float) -> t.Any:
            return answer(call, moment)._replace(
                jobs={"a": [job("a", "succeeded")], **{f"x{n}": [job(f"x{n}", "failed")] for n in range(10000)}}
            )

        world._answer = more  # type: ignore[method-assign]
        outcome = wait_in(world, ["a"])
        assert (states(outcome), outcome.polls) == (["succeeded"], 1)

    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            # the same twice is one
            ("succeeded", "succeeded", "succeeded"),
            # an answer that contradicts itself has ended nothing
            ("succeeded", "running", "running"),
            ("running", "succeeded", "running"),
        ],
    )
    def test_the_same_id_twice(self, first: str, second: str, expected: str) -> None:
        world = World({"a": [(0, [job("a", first), job("a", second)])]})
        assert states(wait_in(world, ["a"], until=None)) == [expected]


UpdateCase = tuple[TargetKind, dict[str, t.Any], dict[str, t.Any], tuple[int, int, int], bool]
UPDATES: list[tuple[str, UpdateCase]] = [
    (
        "every job has arrived",
        (TargetKind.JOBS, {"a": [(0, "succeeded")], "b": [(0, "succeeded")]}, {}, (0, 0, 0), True),
    ),
    ("one has failed", (TargetKind.JOBS, {"a": [(0, "succeeded")], "b": [(0, "failed")]}, {}, (0, 0, 0), False)),
    ("one is running at the deadline", (TargetKind.JOBS, {"a": [(0, "running")]}, {"timeout": 9}, (0, 0, 0), False)),
    (
        "nothing was answered",
        (TargetKind.JOBS, {"a": [(0, blip())], "b": [(0, blip())]}, {"timeout": 9}, (2, 0, 0), False),
    ),
    (
        "one is not listed",
        (TargetKind.JOBS, {"a": [(0, "running")], "b": [(0, None)]}, {"timeout": 9}, (0, 1, 0), False),
    ),
    ("that is the verdict", (TargetKind.JOBS, {"b": [(0, None)]}, {"not_found_grace": 9}, (0, 0, 0), False)),
    ("one is refused", (TargetKind.JOBS, {"a": [(0, "succeeded")], "b": [(0, REFUSED)]}, {}, (0, 0, 1), False)),
    ("one is not listed, then refused", (TargetKind.JOBS, {"a": [(0, None), (5, REFUSED)]}, {}, (0, 0, 1), False)),
    ("one is running, then refused", (TargetKind.JOBS, {"a": [(0, "running"), (5, REFUSED)]}, {}, (0, 0, 0), False)),
    ("one appears late", (TargetKind.JOBS, {"a": [(0, None), (5, "succeeded")]}, {}, (0, 0, 0), True)),
    ("a request has no job yet", (TargetKind.REQUESTS, {"r": [(0, [])]}, {"timeout": 9}, (0, 1, 0), False)),
    ("a listing is empty", (TargetKind.LISTING, {"": [(0, [])]}, {}, (0, 0, 0), True)),
    ("a listing was not answered", (TargetKind.LISTING, {"": [(0, blip())]}, {"timeout": 9}, (0, 0, 0), False)),
    ("a single poll that found a job", (TargetKind.JOBS, {"a": [(0, "running")]}, {"until": None}, (0, 0, 0), True)),
    ("a single poll that found none", (TargetKind.JOBS, {"a": [(0, None)]}, {"until": None}, (0, 1, 0), False)),
]


@pytest.mark.parametrize(
    ("kind", "timetables", "given", "unseen", "arrived"),
    [case for _shows, case in UPDATES],
    ids=[shows for shows, _ in UPDATES],
)
def test_the_last_update_for_an_observer(
    kind: TargetKind, timetables: dict[str, t.Any], given: dict[str, t.Any], unseen: tuple[int, int, int], arrived: bool
) -> None:
    updates: list[PollUpdate] = []

    def observe(round_: t.Sequence[PollUpdate]) -> float:
        updates.extend(round_)
        return 60.0

    world = World(timetables)
    options = wanted(given.get("until", "succeeded"), not_found_grace=given.get("not_found_grace", 60))
    query = JobQuery(world, kind, list(timetables), options)
    Wait([query], given.get("timeout", 1800), world, world.clock, lambda: 0.5, observe).run()
    assert (updates[-1].unseen, updates[-1].arrived) == (unseen, arrived)


@pytest.mark.parametrize(
    ("until", "status", "expected"),
    [
        ("succeeded", [], True),
        ("finished", [], True),
        ("started", [], False),
        ("succeeded,started", [], False),
        ("succeeded", ["READY"], False),
    ],
)
def test_whether_jobs_are_waited_for_to_their_end(until: str, status: list[str], expected: bool) -> None:
    seen: list[bool] = []

    def observe(round_: t.Sequence[PollUpdate]) -> float:
        seen.extend(update.to_the_end for update in round_)
        return 60.0

    world = World({"a": [(0, "succeeded")]})
    options = wanted(until, until_status=frozenset(status))
    Wait([JobQuery(world, TargetKind.JOBS, ["a"], options)], 60, world, world.clock, lambda: 0.5, observe).run()
    assert set(seen) == {expected}


def test_a_job_that_is_refused_is_shown_as_unknown() -> None:
    changed: list[Job] = []

    def observe(round_: t.Sequence[PollUpdate]) -> float:
        changed.extend(job for update in round_ for job in update.changed)
        return 60.0

    world = World({"a": [(0, "running"), (5, REFUSED)], "b": [(0, "running"), (20, "succeeded")]})
    query = JobQuery(world, TargetKind.JOBS, ["a", "b"], wanted())
    (outcome,) = Wait([query], 60, world, world.clock, lambda: 0.5, observe).run()
    shown = {job_.job_id: job_.state.value for job_ in changed}
    assert shown == {"a": "unknown", "b": "succeeded"}
    # The result has what was known last.
    assert states(outcome) == ["running", "succeeded"]


def test_an_empty_listing_is_an_answer() -> None:
    polled: list[int] = []

    def observe(round_: t.Sequence[PollUpdate]) -> float:
        polled.extend(update.polled for update in round_)
        return 60.0

    world = World({"": [(0, [])]})
    Wait([JobQuery(world, TargetKind.LISTING, [""], wanted())], 60, world, world.clock, lambda: 0.5, observe).run()
    assert polled[-1] == 1


def test_the_jobs_that_are_not_polled_yet_are_counted_from_the_start() -> None:
    updates: list[PollUpdate] = []

    def observe(round_: t.Sequence[PollUpdate]) -> float:
        updates.extend(round_)
        return 60.0

    world = World({f"j{number}": [(0, "succeeded")] for number in range(4)}, round_trip=0.5)
    query = JobQuery(world, TargetKind.JOBS, list(world.timetables), wanted())
    Wait([query], 60, world, world.clock, lambda: 0.5, observe).run()
    assert [(update.unseen.not_polled, update.open) for update in updates] == [(4, 4), (3, 3), (2, 2), (1, 1), (0, 0)]
