# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait engine: looks at jobs until each has arrived, ended, or run out of time.

It knows neither HTTP nor Ansible. Clock and randomness are handed in; `Calls` carries a look to the service and back,
and is also what the engine sleeps in, so that its tests run in simulated time.

A *target* is what is asked for by one key: a job, a request with all its jobs, or a listing. A *look* is one answer
about one target. "Not done yet" is the outcome of a look; "the call failed" is not a look at all, and has a budget of
its own.
"""

from __future__ import annotations

import enum
import heapq
import math
import typing as t
from dataclasses import dataclass, field, replace

from ansible_collections.cloudwait.jobs.plugins.module_utils import schedule
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import (
    JobsError,
    TransportError,
    one_line,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import Job, JobError, State

# Tries of one call when nothing is waited for.
TRIES = 3
# How long the looks at the deadline may take, beyond the pace: long enough for a slow answer, short for a hang.
LAST_LOOK_SECONDS = 10.0
# A call that has not come back this long after it should have is given up.
OVERDUE_SECONDS = 1.0
# Warnings beyond this number say nothing new.
MAX_WARNINGS = 20

SUCCESSES = frozenset({State.SUCCEEDED, State.PARTIALLY_SUCCEEDED})


class Keys(enum.Enum):
    """What the keys of the targets name."""

    JOBS = "jobs"
    REQUESTS = "requests"  # every job that appears under the key belongs to it
    LISTING = "listing"  # the jobs of the first answer become targets of their own


@dataclass(frozen=True)
class Options:
    """What to wait for, and how; times in seconds. `until` None: one look and no waiting."""

    until: frozenset[State] | None = None
    timeout: float = 1800
    delay: float = 0
    interval: float = 2
    max_interval: float = 30
    max_rate: float = 10
    fail_fast: bool = False
    confirmations: int = 1
    not_found_grace: float = 60
    error_grace: float = 300


class Answer(t.NamedTuple):
    """What came back for one call: the jobs of each key that was answered (none: not there), or the error."""

    call: int
    jobs: t.Mapping[str, t.Sequence[Job]]
    error: JobsError | None = None


class Calls(t.Protocol):
    """Carries looks to the service and back."""

    @property
    def provider(self) -> str:
        """The name of the service."""

    @property
    def batch_size(self) -> int:
        """Keys that one request carries at best, as far as is known now."""

    @property
    def window(self) -> int:
        """Keys that `batch` wants to choose from."""

    @property
    def workers(self) -> int:
        """Calls that may be under way at once."""

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """Those of `keys`, the first among them, that one call carries."""

    def submit(self, call: int, keys: t.Sequence[str], until: float) -> None:
        """Start a call, which must end at `until` on the clock."""

    def collect(self, until: float) -> t.Sequence[Answer]:
        """Wait for answers, at most until `until` on the clock."""


@dataclass
class Track:
    """What is known of one job. `settled`: the engine is done with it."""

    job: Job
    agreeing: int = 0
    missing_since: float | None = None
    ever_seen: bool = False
    settled: bool = False
    course: schedule.Course | None = None


@dataclass
class Target:
    """What is known of one key. `due`: when its next look is planned; `ready`: from when on it may travel along."""

    key: str
    due: float = 0.0
    ready: float = 0.0
    tracks: dict[str, Track] = field(default_factory=dict)
    tries: int = 0
    done: bool = False
    error: JobsError | None = None


class Rhythm(t.NamedTuple):
    """What the plans of all jobs share, `now` and with so many `running`; times in seconds.

    `longest`: the longest interval; `share`: the part of it to take, because others of the same wait have ended.
    """

    now: float
    running: int
    elapsed: float
    longest: float
    share: float


class Call(t.NamedTuple):
    """A call that is under way. `last_look`: it began at the deadline, or after it."""

    keys: t.Sequence[str]
    until: float
    last_look: bool


@dataclass(frozen=True)
class Outcome:
    """How a wait stands; times in seconds.

    `jobs` in the order asked, `unfinished` the ids worth asking for again, `ended_elsewhere` the jobs whose final
    state was not waited for, `missing` the keys that the service does not know, `refused` the error for each key that
    the service would not answer for, `error` what ended the wait for all, `last_error` the last failed call.
    """

    jobs: t.Sequence[Job]
    unfinished: t.Sequence[str]
    ended_elsewhere: t.Sequence[Job]
    missing: t.Sequence[str]
    refused: t.Mapping[str, JobsError]
    error: JobsError | None
    last_error: JobsError | None
    timed_out: bool
    elapsed: float
    polls: int
    warnings: t.Sequence[str]


class Round(t.NamedTuple):
    """What one round of the wait brought, for somebody who watches.

    `changed`: the jobs whose state or progress changed; `looked`: how many jobs were looked at; `open`: keys still
    waited for; `error`: a call that failed; `next_look`: seconds until the next one is planned; `elapsed`: seconds.
    """

    changed: t.Sequence[Job]
    looked: int
    open: int
    error: JobsError | None
    next_look: float
    elapsed: float


# Is told of every round, and says after how many seconds it wants to be called again at the latest.
Watch = t.Callable[[Round], float]


def distinct(jobs: t.Sequence[Job]) -> dict[str, Job]:
    """The jobs that one look found, by their ids; an answer that contradicts itself has ended nothing."""
    found: dict[str, Job] = {}
    for job in jobs:
        if job.state is not State.NOT_FOUND:
            before = found.setdefault(str(job.job_id), job)
            if before is not job and before.finished:
                found[str(job.job_id)] = job
    return found


def nobody(_round: Round) -> float:
    """Watch nothing."""
    return math.inf


class Wait:
    """One wait for a list of keys. `run()` waits; `outcome()` tells what is known, at any time."""

    def __init__(
        self,
        keys: t.Sequence[str],
        kind: Keys,
        options: Options,
        calls: Calls,
        clock: t.Callable[[], float],
        random: t.Callable[[], float],
        watch: Watch = nobody,
    ) -> None:
        self._asked = list(keys)
        self._kind = kind
        self._options = options
        self._calls = calls
        self._clock = clock
        self._random = random
        self._watch = watch
        self._changed: list[Job] = []
        self._looked = 0
        self._started = self._watch_at = clock()
        self._deadline = self._started + options.timeout
        self._end: float | None = None  # when the looks at the deadline must be over, once they have begun
        self._targets: dict[str, Target] = {}
        self._due: list[tuple[float, int, str]] = []
        self._sequence = 0
        self._under_way: dict[int, Call] = {}
        self._open = 0
        self._rhythm = Rhythm(-math.inf, 0, 0.0, 0.0, 0.0)
        self._first_look_at: float | None = None
        self._silent_since = self._started
        self._leave_alone_until = self._started
        self._error: JobsError | None = None
        self._last_error: JobsError | None = None
        self._stopped = False
        self._timed_out = False
        self._polls = 0
        self._warnings: list[str] = []
        self._ended: list[float] = []  # seconds after which targets were done
        first = self._started + min(options.delay, options.timeout)
        for key in self._asked:
            if key not in self._targets:
                self._open += 1
                self._targets[key] = Target(key)
                self._push(self._targets[key], first)

    # The loop

    def run(self) -> Outcome:
        """Wait until every target is done, the deadline has passed, or nothing more can be learnt."""
        while self._open and not self._stopped:
            now = self._clock()
            if now >= self._deadline and self._end is None:
                self._begin_last_looks(now)
            if self._end is not None and now >= self._end:
                self._timed_out = True
                break
            self._submit_due(now)
            answers = self._calls.collect(min(self._next_event(), self._watch_at))
            for answer in answers:
                call = self._under_way.pop(answer.call, None)
                # What came together with the end of the wait is still worth knowing.
                if call is not None and not (self._stopped and answer.error):
                    self._take(call, answer.jobs, answer.error)
            self._give_up_overdue()
            if answers or self._clock() >= self._watch_at:
                self._tell(next((answer.error for answer in answers if answer.error is not None), None))
        return self.outcome()

    def _tell(self, error: JobsError | None) -> None:
        now = self._clock()
        next_look = max(0.0, self._next_event() - now)
        waited_for = 0 if self._stopped else self._open
        wanted = self._watch(Round(self._changed, self._looked, waited_for, error, next_look, now - self._started))
        self._changed, self._looked = [], 0
        self._watch_at = now + wanted

    def _push(self, target: Target, due: float) -> None:
        target.due = due
        target.ready = (self._clock() + due) / 2
        self._sequence += 1
        heapq.heappush(self._due, (due, self._sequence, target.key))

    def _plan(self, target: Target, due: float) -> None:
        """Look again when it is `due`, or at the deadline where that is nearer than half an interval."""
        if self._end is None and due > self._deadline - self._options.interval / 2:
            due = self._deadline
        self._push(target, due)

    def _close(self, target: Target) -> None:
        target.done = True
        self._open -= 1
        self._ended.append(self._clock() - self._started)

    def _is_planned(self, entry: tuple[float, int, str]) -> bool:
        """Whether an entry of the queue still holds: an answer in between may have moved or ended its target."""
        target = self._targets.get(entry[2])
        return target is not None and not target.done and target.due == entry[0]

    def _begin_last_looks(self, now: float) -> None:
        """The deadline is here: every open target gets one more look, which the pace may spread a little."""
        self._end = now + self._open / (self._options.max_rate * self._calls.batch_size) + LAST_LOOK_SECONDS
        planned = [entry for entry in sorted(self._due) if self._is_planned(entry)]
        self._due = []
        for _due, _sequence, key in planned:
            self._push(self._targets[key], now)

    def _submit_due(self, now: float) -> None:
        last_look = self._end is not None
        if not last_look and now < self._leave_alone_until:
            return
        for keys in self._due_batches(now, last_look):
            if self._first_look_at is None:
                self._first_look_at = self._silent_since = now
            self._sequence += 1
            call = Call(keys, self._deadline if self._end is None else self._end, last_look)
            self._under_way[self._sequence] = call
            self._calls.submit(self._sequence, keys, call.until)

    def _due_batches(self, now: float, last_look: bool) -> list[t.Sequence[str]]:
        """The batches to ask for now, what is due longest first; what is nearly due travels along."""
        free = self._calls.workers - len(self._under_way)
        if free <= 0 or not self._due or self._due[0][0] > now:
            return []
        horizon = now + (self._options.max_interval / 2 if self._calls.batch_size > 1 else 0.0)
        ready: list[tuple[float, int, str]] = []
        later: list[tuple[float, int, str]] = []
        # What is planned for the deadline is not looked at before it.
        while (
            self._due
            and self._due[0][0] <= horizon
            and (last_look or self._due[0][0] < self._deadline)
            and len(ready) < free * self._calls.window
        ):
            entry = heapq.heappop(self._due)
            if self._is_planned(entry):
                (ready if self._targets[entry[2]].ready <= now else later).append(entry)
        batches: list[t.Sequence[str]] = []
        while ready and len(batches) < free and ready[0][0] <= now:
            batches.append(self._calls.batch([key for _due, _sequence, key in ready]))
            taken = set(batches[-1])
            ready = [entry for entry in ready if entry[2] not in taken]
        for entry in [*ready, *later]:
            heapq.heappush(self._due, entry)
        return batches

    def _next_event(self) -> float:
        """When to wake up if no answer comes before."""
        event = self._deadline if self._end is None else self._end
        if self._due and len(self._under_way) < self._calls.workers:
            due = self._due[0][0]
            event = min(event, due if self._end is not None else max(due, self._leave_alone_until))
        for call in self._under_way.values():
            event = min(event, call.until + OVERDUE_SECONDS)
        return event

    def _give_up_overdue(self) -> None:
        now = self._clock()
        for number, call in list(self._under_way.items()):
            if now >= call.until + OVERDUE_SECONDS:
                del self._under_way[number]
                self._take(call, {}, TransportError("The service did not answer in time.", transient=True))

    # Answers

    def _take(self, call: Call, jobs: t.Mapping[str, t.Sequence[Job]], error: JobsError | None) -> None:
        now = self._clock()
        if error is not None:
            self._last_error = error
            self._take_error([self._targets[key] for key in call.keys if not self._targets[key].done], error, now)
            return
        self._silent_since = now
        # An answer may tell of more jobs than it was asked for.
        for key in dict.fromkeys([*call.keys, *jobs]):
            target = self._targets.get(key)
            if target is None or target.done:
                continue
            if key not in jobs:
                # The call could not tell: ask again, in another way.
                self._push(target, now)
                continue
            self._take_look(target, jobs[key], now, call.last_look)

    def _take_look(self, target: Target, jobs: t.Sequence[Job], now: float, last_look: bool) -> None:
        """Take in one look at a target, and plan the next."""
        if self._kind is Keys.LISTING:
            self._expand(target, jobs, now, last_look)
            return
        self._look(target, jobs, now)
        if last_look and not target.done:
            self._timed_out = True
            self._close(target)
        if not target.done:
            self._plan(target, self._next_look(target, now))

    def _look(self, target: Target, jobs: t.Sequence[Job], now: float) -> None:
        target.tries = 0
        found = distinct(jobs)
        self._polls += max(1, len(found))
        self._looked += max(1, len(found))
        tracks = target.tracks
        if not found and not tracks:
            tracks[target.key] = Track(self._blank(target.key), missing_since=self._first_look_at)
        elif found and not all(track.ever_seen for track in tracks.values()):
            # It stood, alone, for a job that no look had found.
            tracks.clear()
        for key, job in found.items():
            if key not in tracks:
                tracks[key] = Track(job)
            self._see(tracks[key], job)
        if len(tracks) > len(found):
            said = next((job for job in jobs if job.state is State.NOT_FOUND), None)
            for key, track in tracks.items():
                if key not in found and not track.settled:
                    self._miss(track, said, now)
        if all(track.settled for track in tracks.values()):
            self._close(target)

    def _expand(self, listing: Target, jobs: t.Sequence[Job], now: float, last_look: bool) -> None:
        """Turn the jobs that a listing found into targets of their own."""
        self._close(listing)
        del self._targets[listing.key]
        self._kind = Keys.JOBS
        by_id: dict[str, list[Job]] = {}
        for job in jobs:
            by_id.setdefault(str(job.job_id), []).append(job)
        self._asked = list(by_id)
        self._open += len(by_id)
        self._targets.update((key, Target(key)) for key in by_id)
        for key, found in by_id.items():
            self._take_look(self._targets[key], found, now, last_look)

    def _see(self, track: Track, job: Job) -> None:
        if track.settled:
            return
        if not track.ever_seen or (job.state, job.progress, job.step) != (
            track.job.state,
            track.job.progress,
            track.job.step,
        ):
            self._changed.append(job)
        track.agreeing = track.agreeing + 1 if track.ever_seen and job.state is track.job.state else 1
        track.job = job
        track.ever_seen = True
        track.missing_since = None
        if self._options.until is None:
            track.settled = True
            return
        if job.state is State.UNKNOWN:
            self._warn(
                f"Job {one_line(str(job.job_id)):.100} reports the status {job.status!r:.100}, which the service does "
                "not document: it counts neither as success nor as failure, and the wait goes on."
            )
        if job.state in SUCCESSES and track.agreeing < self._options.confirmations:
            return
        if job.state in self._options.until or job.finished:
            track.settled = True
            if job.state not in self._options.until:
                self._fail()

    def _miss(self, track: Track, said: Job | None, now: float) -> None:
        """Take in a look that did not find a job: a verdict only once the grace has passed."""
        if track.missing_since is None:
            track.missing_since = now
        if said is not None and not track.ever_seen:
            track.job = replace(said, job_id=track.job.job_id, resources=track.job.resources)
        track.agreeing = 0
        if self._options.until is None:
            track.settled = True
        elif now >= track.missing_since + self._options.not_found_grace:
            track.job = replace(track.job, state=State.NOT_FOUND, error=said.error if said else track.job.error)
            track.settled = True
            self._changed.append(track.job)
            self._fail()

    def _fail(self) -> None:
        """Take note that one job can no longer arrive."""
        self._stopped = self._stopped or self._options.fail_fast

    def _take_error(self, targets: t.Sequence[Target], error: JobsError, now: float) -> None:
        """A call failed: try again where that may help, within the budget for silence."""
        for target in targets:
            target.tries += 1
        tries = max((target.tries for target in targets), default=1)
        pause = max(schedule.back_off(tries, self._options.max_interval, self._random()), error.wait or 0.0)
        if not error.transient or self._is_given_up(tries, pause, now):
            self._give_up(targets, error)
            return
        if error.wait is not None:
            # The service asked for this silence: it does not count against the budget.
            self._silent_since += pause
            self._leave_alone_until = max(self._leave_alone_until, now + pause)
        for target in targets:
            if self._end is None or now + pause < self._end:
                self._plan(target, now + pause)
            else:
                self._timed_out = True
                self._close(target)

    def _is_given_up(self, tries: int, pause: float, now: float) -> bool:
        if self._options.until is None:
            return tries >= TRIES or pause > self._options.max_interval
        return self._end is None and now - self._silent_since > self._options.error_grace

    def _give_up(self, targets: t.Sequence[Target], error: JobsError) -> None:
        """No answer is to be had: that ends the wait, or one job of several where the error may be about it alone."""
        others_answered = error.transient and self._options.until is None and self._polls > 0
        if len(targets) != 1 or not (error.about_job or others_answered):
            self._error = error
            self._stopped = True
            return
        targets[0].error = error
        self._close(targets[0])
        if self._options.until is not None:
            self._fail()

    # The plan

    def _next_look(self, target: Target, now: float) -> float:
        options = self._options
        if self._rhythm.now != now or self._rhythm.running != self._open:
            self._rhythm = self._rhythm_at(now)
        _now, _running, elapsed, longest, share = self._rhythm
        due = now + longest
        for track in target.tracks.values():
            if track.settled:
                continue
            if track.job.state in SUCCESSES:
                pause = options.interval
            else:
                track.course = schedule.follow(track.course, track.job.progress, elapsed)
                remains = schedule.remaining(track.course, elapsed)
                pause = schedule.look_interval(elapsed, remains, share, options.interval, longest, self._random())
            due = min(due, now + pause)
            if track.missing_since is not None:
                due = min(due, max(track.missing_since + options.not_found_grace, now + options.interval))
        return due

    def _rhythm_at(self, now: float) -> Rhythm:
        options, together = self._options, self._calls.batch_size
        elapsed = now - self._started
        longest = schedule.longest_interval(options.max_interval, self._open, together, options.max_rate)
        crowd = options.max_rate * options.max_interval
        share = schedule.hurry(elapsed, self._ended, self._open, min(self._open, together), crowd)
        return Rhythm(now, self._open, elapsed, longest, share)

    def _warn(self, text: str) -> None:
        if text not in self._warnings and len(self._warnings) < MAX_WARNINGS:
            self._warnings.append(text)

    # What is known

    def outcome(self) -> Outcome:
        """What is known now. Nothing is lost by asking before the end."""
        jobs: list[Job] = []
        unfinished: dict[str, None] = {}
        elsewhere: dict[str, Job] = {}
        missing: list[str] = []
        refused: dict[str, JobsError] = {}
        until = self._options.until or frozenset()
        for key in self._asked if self._kind is not Keys.LISTING else ():
            target = self._targets[key]
            if target.error is not None:
                refused[key] = target.error
            for track in target.tracks.values() or [Track(self._blank(key, target.error))]:
                job = track.job
                jobs.append(job)
                if track.settled and job.state is State.NOT_FOUND and key not in missing:
                    missing.append(key)
                if job.job_id is None:
                    continue
                arrived = track.settled and job.state in until
                if not arrived and not (track.settled and job.finished):
                    unfinished[job.job_id] = None
                if track.settled and job.finished and self._options.until and not arrived:
                    elsewhere[job.job_id] = job
        return Outcome(
            jobs=jobs,
            unfinished=list(unfinished),
            ended_elsewhere=list(elsewhere.values()),
            missing=missing,
            refused=refused,
            error=self._error,
            last_error=self._last_error,
            timed_out=self._timed_out,
            elapsed=self._clock() - self._started,
            polls=self._polls,
            warnings=list(self._warnings),
        )

    def _blank(self, key: str, error: JobsError | None = None) -> Job:
        """A job of which nothing is known yet, but perhaps why."""
        said = JobError(error.code, error.reason or str(error)) if error else None
        if self._kind is Keys.REQUESTS:
            return Job(None, self._calls.provider, State.UNKNOWN, error=said, resources={"request_id": key})
        return Job(key, self._calls.provider, State.UNKNOWN, error=said)
