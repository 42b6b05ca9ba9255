# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait engine under made-up timetables of states, absences and errors: it ends, keeps its rules, and never lies.

Two models judge it. One reads the timetable alone: a job that ended in time is reported so, whatever the schedule did.
The other reads what the engine was answered, look by look, and settles each job by the rules of the guide "Waiting".
"""

from __future__ import annotations

import copy
import dataclasses
import itertools
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import Outcome
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import Call, FetchResult, TargetKind
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import (
    AuthenticationError,
    CloudwaitError,
    InvalidError,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import ErrorDetail, Job, State
from ansible_collections.cloudwait.jobs.tests.fuzz.counting import examples
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.simulated import (
    Timetable,
    World,
    blip,
    job,
    wait_in,
)
from hypothesis import given, note
from hypothesis import strategies as st

# Moments are logged with three decimals.
EPSILON = 0.002
# The looks at the deadline may take this long, and a call is given up this long after its end; in seconds.
LAST_LOOKS = 10
OVERDUE = 1
FINISHED = ("succeeded", "partially_succeeded", "failed")
UNTIL = {
    "started": ("running", *FINISHED),
    "finished": FINISHED,
    "succeeded": ("succeeded",),
    "partially_succeeded": ("partially_succeeded",),
    "failed": ("failed",),
}


class Delivery(t.NamedTuple):
    """An answer that the engine was given."""

    began: float
    came: float
    keys: tuple[str, ...]
    answer: FetchResult


class Recorder(World):
    """A world that logs every answer, and makes each error one of its own."""

    def __init__(self, timetables: t.Mapping[str, Timetable], **world: t.Any) -> None:
        super().__init__(timetables, **world)
        self.deliveries: list[Delivery] = []
        self._began: dict[int, tuple[float, tuple[str, ...]]] = {}

    def submit(self, call: Call) -> None:
        assert len(self.polls) < 20_000, "polls without end"
        self._began[call.number] = (self.now - self.start, tuple(call.keys))
        super().submit(call)

    def _answer(self, call: Call, moment: float) -> FetchResult:
        answer = super()._answer(call, moment)
        return answer._replace(error=copy.copy(answer.error))

    def collect(self, deadline: float) -> t.Sequence[FetchResult]:
        answers = super().collect(deadline)
        for answer in answers:
            began, keys = self._began[answer.call.number]
            self.deliveries.append(Delivery(began, self.now - self.start, keys, answer))
        return answers


@dataclasses.dataclass
class Setting:
    """A wait: who is asked for, how the world is, and what the options say."""

    asked: list[str]
    timetables: dict[str, Timetable]
    world: dict[str, t.Any]
    until: list[str]
    options: dict[str, t.Any]
    chance: float

    def run(self, kind: TargetKind = TargetKind.JOBS) -> tuple[Recorder, Outcome]:
        world = Recorder(self.timetables, **self.world)
        outcome = wait_in(world, self.asked, ",".join(self.until), kind, self.chance, **self.options)
        note(f"{[(delivery.came, delivery.keys, seen_in(delivery)) for delivery in world.deliveries]}")
        note(f"{outcome}")
        return world, outcome

    @property
    def targets(self) -> tuple[str, ...]:
        return tuple(state for name in self.until for state in UNTIL[name])


def seen_in(delivery: Delivery) -> t.Any:
    """An answer, short."""
    return delivery.answer.error or {
        key: [(job.job_id, job.state.value) for job in jobs] for key, jobs in delivery.answer.jobs.items()
    }


def not_found(key: str) -> Job:
    return Job(key, "sim", State.NOT_FOUND, error=ErrorDetail("X.404", "No such job."))


LIVING = ["pending", "running", "running", "unknown"]
KEYS = ["a", "b", "c", "d"]


@st.composite
def settings_of(draw: st.DrawFn, endings: bool) -> Setting:
    """A wait; with `endings` every job ends once, for good, and no error is fatal, or lasts until the deadline."""
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))
    asked = keys + draw(st.lists(st.sampled_from(keys), max_size=3))
    interval = draw(st.sampled_from([0.5, 1, 2, 10]))
    timeout = draw(st.sampled_from([0, 1, 5, 30, 100, 600, 1800]))
    options = {
        "timeout": timeout,
        "delay": draw(st.sampled_from([0, 0, 0, 3, 40, 1000])),
        "interval": interval,
        "max_interval": interval * draw(st.sampled_from([1, 2, 15])),
        "fail_fast": not endings and draw(st.booleans()),
        "confirmations": 1 if endings else draw(st.sampled_from([1, 1, 2, 4])),
        "not_found_grace": 10_000 if endings else draw(st.sampled_from([0, 7, 60])),
        "error_grace": 10_000 if endings else draw(st.sampled_from([0, 7, 60, 300])),
    }
    world = {
        "batch_size": draw(st.sampled_from([1, 2, 100])),
        "max_in_flight": draw(st.sampled_from([1, 4])),
        "max_rate": draw(st.sampled_from([0.5, 10, 100])),
        "round_trip": 0.0 if endings else draw(st.sampled_from([0.0, 0.3, 4.0, 45.0])),
    }
    until = draw(st.lists(st.sampled_from(list(UNTIL)), min_size=1, max_size=2, unique=True))
    make = ending_timetables if endings else any_timetables
    return Setting(
        asked,
        {key: draw(make(key, timeout)) for key in keys},
        world,
        until,
        options,
        draw(st.sampled_from([0.0, 0.5, 1.0])),
    )


@st.composite
def ending_timetables(draw: st.DrawFn, key: str, timeout: float) -> Timetable:
    """States, absences and errors that pass, and then one final state."""
    ends = draw(st.sampled_from([0.0, timeout / 3, timeout - 0.01, timeout, timeout + 0.01, timeout * 2 + 1]))
    ends = max(0.0, ends)
    timetable: list[tuple[float, t.Any]] = [(0.0, draw(st.sampled_from(LIVING)))]
    for share in sorted(draw(st.lists(st.floats(0, 0.98), max_size=5))):
        trouble = st.sampled_from([None, not_found(key), blip(), blip(wait=3.0), blip(wait=5000.0)])
        timetable.append((share * min(ends, timeout), draw(st.sampled_from(LIVING) | trouble)))
    timetable.append((0.99 * min(ends, timeout), draw(st.sampled_from(LIVING))))
    return [*timetable, (ends, draw(st.sampled_from(FINISHED)))]


@st.composite
def any_timetables(draw: st.DrawFn, key: str, timeout: float) -> Timetable:
    """Whatever there is, in any order, also what cannot be."""
    step = max(1.0, timeout / 6)
    moment = 0.0
    timetable: list[tuple[float, t.Any]] = []
    for _entry in range(draw(st.integers(0, 8))):
        timetable.append((moment, draw(anything(key))))
        moment += draw(st.floats(0.0, 2 * step))
    return timetable


def anything(key: str) -> st.SearchStrategy[t.Any]:
    """What a look may find."""
    often = [*LIVING, *FINISHED, "running", "succeeded", None, None, not_found(key), blip(), blip(wait=7.0)]
    seldom = [
        blip(wait=0.0),
        blip(wait=4000.0),
        AuthenticationError("The login was refused."),
        InvalidError("That is no id.", about_job=True),
        [job(key, "succeeded"), job(key, "running")],
        [job(key, "failed"), not_found(key)],
        job(key, "running", progress=50),
        job(key, "running", progress=99),
        job(key, "running", progress=100),
        job(key, "unknown", status=True),
    ]
    return st.sampled_from(often * 3 + seldom)


@examples(150)
@given(setting=settings_of(endings=True))
def test_what_ended_in_time_is_reported_so(setting: Setting) -> None:
    world, outcome = setting.run()
    timeout = setting.options["timeout"]
    unfinished: list[str] = []
    for key, found in zip(setting.asked, outcome.jobs, strict=True):
        ends, ending = setting.timetables[key][-1]
        if ends <= timeout and found.state.value not in setting.targets:
            assert found.state.value == ending
        if found.state.value in FINISHED:
            assert (found.state.value, ends <= timeout + LAST_LOOKS) == (ending, True)
        elif found.state.value not in setting.targets and key not in unfinished:
            assert ends > timeout
            unfinished.append(key)
    assert list(outcome.unfinished) == unfinished
    assert outcome.timed_out is bool(unfinished)
    assert outcome.error is None
    check_polls(setting, world, outcome)


@examples(60)
@given(
    ends=st.floats(0, 1500),
    interval=st.sampled_from([0.5, 2, 10]),
    longest=st.sampled_from([1, 2, 15]),
    chance=st.floats(0, 1),
    progress=st.sampled_from([None, 0, 1, 50]),
    speed=st.sampled_from([0, 0, 1, 20, 49]),
)
def test_the_end_of_a_job_is_seen_soon(
    ends: float, interval: float, longest: float, chance: float, progress: int | None, speed: int
) -> None:
    """Within a tenth of its duration, at the latest after the longest interval; a wrong progress makes it half."""
    steps = [(ends * step / 10, step * speed // 10) for step in range(10)]
    timetable = [(moment, job("a", "running", None if progress is None else progress + more)) for moment, more in steps]
    world = Recorder({"a": [*timetable, (ends, "succeeded")]})
    outcome = wait_in(world, ["a"], chance=chance, interval=interval, max_interval=interval * longest)
    share = 0.1 * 1.1 if progress is None or speed == 0 else 0.5 * 1.1
    assert outcome.elapsed - ends <= min(max(share * ends, interval), interval * longest) + EPSILON


@examples(300)
@given(setting=settings_of(endings=False))
def test_the_result_is_what_the_answers_said(setting: Setting) -> None:
    world, outcome = setting.run()
    assert [found.job_id for found in outcome.jobs] == setting.asked
    check_polls(setting, world, outcome)
    model = Model(setting, outcome.error)
    for delivery in world.deliveries:
        model.take(delivery)
    for found in outcome.jobs:
        key = str(found.job_id)
        assert found.state.value == model.state[key], key
    unfinished = [key for key in dict.fromkeys(setting.asked) if key not in model.arrived | model.ended]
    assert list(outcome.unfinished) == unfinished
    assert {job.job_id for job in outcome.ended_elsewhere} == model.ended
    assert set(outcome.missing) == model.missing
    assert set(outcome.refused) == model.refused
    done = model.arrived | model.ended | model.missing | model.refused
    if outcome.error is None and not model.stopped:
        assert outcome.timed_out is (done != set(setting.asked))
    if outcome.timed_out:
        assert outcome.elapsed >= setting.options["timeout"] - EPSILON
    for delivery in world.deliveries:
        # Nobody asks again for what is settled.
        assert not any(key in model.settled_at and delivery.began > model.settled_at[key] for key in delivery.keys)


class Model:
    """The rules once more: what is known of each job after every answer."""

    def __init__(self, setting: Setting, error: CloudwaitError | None) -> None:
        self._options = setting.options
        self._targets = setting.targets
        self._error = error
        self._first = min(setting.options["delay"], setting.options["timeout"])
        self._seen: dict[str, list[str]] = {key: [] for key in setting.asked}
        self._missing_since: dict[str, float | None] = dict.fromkeys(setting.asked)
        self.state: dict[str, str] = dict.fromkeys(setting.asked, "unknown")
        self.settled_at: dict[str, float] = {}
        self.arrived: set[str] = set()
        self.ended: set[str] = set()
        self.missing: set[str] = set()
        self.refused: set[str] = set()
        self.stopped = False
        # Since when there was no answer, and whether a part of that silence was asked for.
        self._silent_since: float | None = None
        self._silence_asked = False

    def take(self, delivery: Delivery) -> None:
        if self._silent_since is None:
            self._silent_since = delivery.began
        # What came together with the end of the wait counts, unless it failed.
        if delivery.answer.error is not None:
            self._take_error(delivery)
            return
        self._silent_since, self._silence_asked = delivery.came, False
        for key in delivery.keys:
            if key not in self.settled_at:
                self._look(key, delivery.answer.jobs[key], delivery.came)

    def _take_error(self, delivery: Delivery) -> None:
        error = delivery.answer.error
        if error is None or self.stopped:
            return
        silence = delivery.came - t.cast(float, self._silent_since)
        self._silence_asked = self._silence_asked or error.wait is not None
        if error is self._error:
            self.stopped = True
            assert not error.transient or silence > self._options["error_grace"] - EPSILON
        elif error.transient and delivery.came < self._options["timeout"] - EPSILON:
            assert self._silence_asked or silence <= self._options["error_grace"] + EPSILON
        elif not error.transient:
            assert (error.about_job, len(delivery.keys)) == (True, 1)
            self._settle(delivery.keys[0], self.refused, delivery.came, failure=True)

    def _settle(self, key: str, where: set[str], now: float, failure: bool) -> None:
        where.add(key)
        self.settled_at[key] = now
        self.stopped = self.stopped or (failure and self._options["fail_fast"])

    def _look(self, key: str, jobs: t.Sequence[Job], now: float) -> None:
        states = [job.state.value for job in jobs if job.state is not State.NOT_FOUND]
        if not states:
            self._absent(key, jobs, now)
            return
        # Where an answer contradicts itself, nothing has ended.
        state = next((state for state in states if state not in FINISHED), states[0])
        self._missing_since[key] = None
        self._seen[key].append(state)
        self.state[key] = state
        looks = self._options["confirmations"]
        if state in ("succeeded", "partially_succeeded") and self._seen[key][-looks:] != [state] * looks:
            return
        if state in self._targets:
            self._settle(key, self.arrived, now, failure=False)
        elif state in FINISHED:
            self._settle(key, self.ended, now, failure=True)

    def _absent(self, key: str, jobs: t.Sequence[Job], now: float) -> None:
        said = any(job.state is State.NOT_FOUND for job in jobs)
        if not self._seen[key]:
            self._missing_since[key] = self._first
            if said:
                self.state[key] = "not_found"
        elif self._missing_since[key] is None:
            self._missing_since[key] = now
        self._seen[key].append("absent") if self._seen[key] else None
        since = self._missing_since[key]
        if since is not None and now >= since + self._options["not_found_grace"]:
            self.state[key] = "not_found"
            self._settle(key, self.missing, now, failure=True)


def check_polls(setting: Setting, world: Recorder, outcome: Outcome) -> None:
    """It ends in time, and looks neither too early nor too often."""
    options, batch_size = setting.options, setting.world["batch_size"]
    deadline = options["timeout"]
    spread = len(set(setting.asked)) / (setting.world["max_rate"] * batch_size)
    assert outcome.elapsed <= deadline + spread + LAST_LOOKS + OVERDUE + EPSILON
    first = min(options["delay"], deadline)
    assert all(moment >= first - EPSILON for moment, _keys in world.polls)
    assert len(world.polls) == 0 or world.polls[0][0] <= first + EPSILON
    assert all(len(set(keys)) == len(keys) <= batch_size for _moment, keys in world.polls)
    # From half its pause on, a job travels along with a request that goes out anyway.
    share = 0.5 if batch_size > 1 else 1.0
    for key in set(setting.asked):
        own = [delivery for delivery in world.deliveries if key in delivery.keys]
        for before, after in itertools.pairwise(own):
            if after.began >= deadline - EPSILON:
                continue
            failed = before.answer.error is not None
            pause = min(0.5, options["max_interval"] / 2) if failed else options["interval"]
            assert after.began - before.came >= pause * share - EPSILON, (before, after)
    for delivery in world.deliveries:
        asked_for = delivery.answer.error.wait if delivery.answer.error is not None else None
        if asked_for is not None:
            until = min(delivery.came + asked_for, deadline)
            assert not any(delivery.came + EPSILON < moment < until - EPSILON for moment, _keys in world.polls)


@examples(80)
@given(setting=settings_of(endings=False))
def test_one_look_without_waiting(setting: Setting) -> None:
    setting.until = []
    world, outcome = setting.run()
    assert [found.job_id for found in outcome.jobs] == setting.asked
    for key in set(setting.asked):
        answers = [delivery for delivery in world.deliveries if key in delivery.keys]
        assert len([answer for answer in answers if answer.answer.error is None]) <= 1
        assert len(answers) <= 3 or setting.world["batch_size"] > 1
        state = next(found.state.value for found in outcome.jobs if found.job_id == key)
        assert state in FINISHED or key in outcome.unfinished


@examples(80)
@given(data=st.data())
def test_jobs_of_a_request_stay_with_it(data: st.DataObject) -> None:
    setting = data.draw(settings_of(endings=False))
    for key in setting.timetables:
        ids = [f"{key}-{number}" for number in range(3)]
        entries = data.draw(
            st.lists(
                st.tuples(
                    st.floats(0, 50),
                    st.lists(st.builds(job, st.sampled_from(ids), st.sampled_from([*LIVING, *FINISHED])), max_size=4)
                    | st.sampled_from([not_found(key), blip(), blip(wait=3.0)]),
                ),
                max_size=5,
            )
        )
        entries.sort(key=lambda entry: entry[0])
        setting.timetables[key] = t.cast(Timetable, entries)
    world, outcome = setting.run(TargetKind.REQUESTS)
    told = [
        (key, found.job_id, found.state.value)
        for delivery in world.deliveries
        for key, jobs in delivery.answer.jobs.items()
        for found in jobs
    ]
    keys = [found.job_id.split("-")[0] if found.job_id else found.resources["request_id"] for found in outcome.jobs]
    groups = [key for index, key in enumerate(keys) if index == 0 or keys[index - 1] != key]
    assert [key for index, key in enumerate(setting.asked) if index == 0 or setting.asked[index - 1] != key] == groups
    for key, found in zip(keys, outcome.jobs, strict=True):
        if found.state.value not in ("unknown", "not_found"):
            assert (key, found.job_id, found.state.value) in told
        if found.state.value in ("pending", "running", "unknown") and found.job_id and found.state.value != "running":
            assert found.job_id in outcome.unfinished


@examples(80)
@given(data=st.data())
def test_a_listing_is_what_the_first_answer_said(data: st.DataObject) -> None:
    setting = data.draw(settings_of(endings=False))
    first = data.draw(
        st.lists(st.builds(job, st.sampled_from(KEYS), st.sampled_from([*LIVING, *FINISHED])), max_size=5)
    )
    troubles = data.draw(st.lists(st.sampled_from([blip(), blip(wait=2.0)]), max_size=2))
    setting.timetables.update({key: setting.timetables.get(key, []) for key in KEYS})
    entries: list[t.Any] = [*troubles, first]
    setting.timetables[""] = [(float(moment), entry) for moment, entry in enumerate(entries)]
    setting.asked, setting.options["delay"] = [""], 0
    _world, outcome = setting.run(TargetKind.LISTING)
    ids = list(dict.fromkeys(found.job_id for found in first))
    assert [found.job_id for found in outcome.jobs] in ([], ids)
    if outcome.error is None and not outcome.timed_out:
        assert [found.job_id for found in outcome.jobs] == ids
    assert set(outcome.unfinished) <= set(map(str, ids))
