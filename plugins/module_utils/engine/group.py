# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One group of a wait: the jobs of one source, their queue of polls, and the source's error budget.

A *target* is what is asked for by one key: a job, a request with all its jobs, or a listing. A *poll* is one answer
about one target. "Not done yet" is the outcome of a poll; "the call failed" is not a poll at all, and has a budget of
its own. Knows neither HTTP nor Ansible.
"""

from __future__ import annotations

import heapq
import math
import typing as t
from dataclasses import dataclass, replace

from ..engine import schedule
from ..model.errors import CloudwaitError, TransportError
from ..model.job import FINAL, ErrorDetail, Job, State
from ..model.text import single_line
from .source import Call, FetchResult, Source, TargetKind
from .tracker import PollPlan, Target, TrackedJob, WaitOptions, distinct

# Tries of one call when nothing is waited for.
TRIES = 3
# How long the polls at the deadline may take, beyond the rate.
LAST_POLL_SECONDS = 2.0
# A call that has not come back this long after it should have is given up.
OVERDUE_SECONDS = 1.0
# Silence that services may ask for and that does not count as such, from one answer to the next, in seconds.
EXCUSED_SECONDS = 3600.0
# Characters of an id, and of a status, that a warning quotes.
MAX_QUOTED = 100


class JobQuery(t.NamedTuple):
    """The jobs to poll at one source, and what to wait for."""

    source: Source
    kind: TargetKind
    keys: t.Sequence[str]
    options: WaitOptions


class Unseen(t.NamedTuple):
    """How many keys there are whose jobs are not known: not polled yet, not found yet, and refused."""

    not_polled: int
    not_found: int
    refused: int


class PollUpdate(t.NamedTuple):
    """The news of a round of polls for one group, for an observer.

    `changed`: the jobs whose state, progress or step changed; `polled`: how many polls were answered; `open`: keys
    still waited for; `error`: a call that failed; `next_poll`: seconds until the next one is planned; `elapsed`:
    seconds; `kind`: what the keys name; `unseen`: the keys whose jobs are not known; `to_the_end`: jobs are waited for
    until they end; `arrived`: every job is where it was waited for.
    """

    changed: t.Sequence[Job]
    polled: int
    open: int
    error: CloudwaitError | None
    next_poll: float
    elapsed: float
    kind: TargetKind
    unseen: Unseen
    to_the_end: bool
    arrived: bool


@dataclass(frozen=True)
class Outcome:
    """The state of the wait for a group; times in seconds.

    `jobs` in the order asked, `unfinished` the ids worth asking for again, `ended_elsewhere` the jobs whose final
    state was not waited for, `missing` the keys that the service does not know, `refused` the error for each key that
    the service would not answer for, `error` what ended the wait for all, `last_error` the last failed call.
    """

    jobs: t.Sequence[Job]
    unfinished: t.Sequence[str]
    ended_elsewhere: t.Sequence[Job]
    missing: t.Sequence[str]
    refused: t.Mapping[str, CloudwaitError]
    error: CloudwaitError | None
    last_error: CloudwaitError | None
    timed_out: bool
    elapsed: float
    polls: int
    warnings: t.Sequence[str]


class Group:
    """The wait for the jobs of one source; `peers` are the groups with the same rate limiter, itself included.

    Clock and randomness are handed in. `started` and `deadline` are on the clock; a single poll has no deadline.
    """

    def __init__(
        self,
        query: JobQuery,
        started: float,
        deadline: float,
        clock: t.Callable[[], float],
        random: t.Callable[[], float],
    ) -> None:
        self.source, self._kind, keys, self._options = query
        self._clock = clock
        self._random = random
        self._started = started
        self.deadline = deadline if self._options.until is not None else math.inf
        self._end: float | None = None  # when the polls at the deadline must be over, once they have begun
        self._in_flight: dict[int, Call] = {}
        self._last_polls: set[int] = set()  # the calls that began at the deadline or after it
        self._plan = PollPlan(started, -1, 0.0, 0.0, 0.0, 0.0)
        self._first_poll_at: float | None = None
        self._silent_since = started
        self._excused_until = started
        self._excused = 0.0
        self._pause_until = started
        self._error: CloudwaitError | None = None
        self._last_error: CloudwaitError | None = None
        self._timed_out = False
        self._polls = 0
        self._ended: list[float] = []  # seconds after which targets were done
        self._warnings: list[str] = []
        self._changed: list[Job] = []
        self._polled = 0
        self._failed_call: CloudwaitError | None = None
        self.peers: t.Sequence[Group] = [self]
        self.failed = False  # a job can no longer arrive, or no answer is to be had
        self.stopped = False
        first = started + min(self._options.delay, self.deadline - started)
        self._targets = {key: Target(key, due=first, ready=(started + first) / 2) for key in keys}
        self._queue = [(first, number, target) for number, target in enumerate(self._targets.values())]
        self._sequence = len(self._queue)
        # The jobs of a listing are not known yet.
        self._asked = [] if self._kind is TargetKind.LISTING else [self._targets[key] for key in keys]
        self._open = len(self._targets)
        # Keys whose jobs no poll has found yet, and how many keys no poll has answered, or the service never will.
        self._not_found: set[str] = set()
        self._not_polled = 0 if self._kind is TargetKind.LISTING else len(self._targets)
        self._refused = 0
        until = self._options.until
        self._to_the_end = until is not None and until <= FINAL and not self._options.until_status

    @property
    def is_open(self) -> bool:
        """True while there is something to wait for."""
        return self._open > 0 and not self.stopped

    @property
    def load(self) -> float:
        """The number of requests that one poll of all open targets takes."""
        return self._open / self.source.batch_size if self.is_open else 0.0

    def stop(self) -> None:
        """Poll no more; what is known stays."""
        self.stopped = True

    # Calls

    def begin_last_polls(self, now: float) -> None:
        """Give every open target one more poll, which the rate may spread a little: the deadline is here."""
        if self._end is not None:
            return
        self._end = now + self._seconds_for_all() + LAST_POLL_SECONDS
        planned = [target for due, _sequence, target in sorted(self._queue) if target.due == due and not target.done]
        self._queue = []
        for target in planned:
            self._push(target, now)

    def due_calls(self, numbers: t.Iterator[int]) -> list[Call]:
        """Return the calls to make now, what is due longest first; what is nearly due travels along."""
        now, source = self._clock(), self.source
        free = source.max_in_flight - len(self._in_flight)
        is_last = self._end is not None
        if not self.is_open or free <= 0 or not self._queue or self._queue[0][0] > now:
            return []
        if not is_last and now < self._pause_until:
            return []
        horizon = now + (self._options.max_interval / 2 if source.batch_size > 1 else 0.0)
        ready: dict[str, tuple[float, int, Target]] = {}
        later: list[tuple[float, int, Target]] = []
        # What is planned for the deadline is not polled before it.
        while (
            self._queue
            and self._queue[0][0] <= horizon
            and (is_last or self._queue[0][0] < self.deadline)
            and len(ready) < free * source.window
        ):
            entry = heapq.heappop(self._queue)
            target = entry[2]
            # An answer in between may have moved or ended it.
            if target.due == entry[0] and not target.done:
                if target.ready <= now:
                    ready[target.key] = entry
                else:
                    later.append(entry)
        calls: list[Call] = []
        while ready and len(calls) < free and next(iter(ready.values()))[0] <= now:
            keys = source.batch(list(ready))
            for key in keys:
                del ready[key]
            calls.append(Call(next(numbers), source, keys, self._deadline_of_calls(now)))
        for entry in [*ready.values(), *later]:
            heapq.heappush(self._queue, entry)
        if calls and self._first_poll_at is None:
            self._first_poll_at = self._silent_since = now
        self._in_flight.update((call.number, call) for call in calls)
        if is_last:
            self._last_polls.update(call.number for call in calls)
        return calls

    def _deadline_of_calls(self, now: float) -> float:
        if self._end is not None:
            return self._end
        # A call may have to wait for its turn, but one that hangs must not keep its place to the end.
        return min(self.deadline, now + self._options.call_timeout + self._seconds_for_all())

    def next_event(self) -> float:
        """Return when to wake up if no answer comes before."""
        event = self.deadline if self._end is None else self._end
        if self._queue and len(self._in_flight) < self.source.max_in_flight:
            due = self._queue[0][0]
            event = min(event, due if self._end is not None else max(due, self._pause_until))
        return min([event, *(call.deadline + OVERDUE_SECONDS for call in self._in_flight.values())])

    def end_in_time(self, now: float) -> None:
        """Give up calls that do not come back, and the whole wait where even the last polls have had their time."""
        for call in list(self._in_flight.values()):
            if now >= call.deadline + OVERDUE_SECONDS:
                error = TransportError("The service did not answer in time.", transient=True)
                self.take(FetchResult(call, {}, error))
        if self._end is not None and now >= self._end and self.is_open:
            self._timed_out = True
            self.stop()

    # Answers

    def take(self, result: FetchResult) -> None:
        """Take in what came back for a call; one that was given up counts no more."""
        call = result.call
        if self._in_flight.pop(call.number, None) is None or (self.stopped and result.error):
            return
        now = self._clock()
        if result.error is not None:
            self._last_error = result.error
            self._failed_call = self._failed_call or result.error
            open_targets = [self._targets[key] for key in call.keys if not self._targets[key].done]
            self._take_error(open_targets, result.error, now, call.number in self._last_polls)
            return
        self._silent_since = now
        self._excused = 0.0
        is_last = call.number in self._last_polls
        # An answer may tell of more jobs than it was asked for.
        for key in dict.fromkeys([*call.keys, *result.jobs]):
            target = self._targets.get(key)
            if target is None or target.done:
                continue
            if key not in result.jobs:
                # The call could not tell: ask again, in another way.
                self._push(target, now)
            elif self._kind is TargetKind.LISTING:
                self._expand(result.jobs[key], now, is_last)
            else:
                self._take_poll(target, result.jobs[key], now, is_last)

    def _expand(self, jobs: t.Sequence[Job], now: float, is_last: bool) -> None:
        """Turn the jobs that a listing found into targets of their own."""
        by_id: dict[str, list[Job]] = {}
        for job in jobs:
            by_id.setdefault(str(job.job_id), []).append(job)
        targets = {key: Target(key, tracked={key: TrackedJob(found[0])}) for key, found in by_id.items()}
        self._kind, self._targets, self._open = TargetKind.JOBS, targets, len(targets)
        # One assignment: an interrupt finds all these jobs, or none.
        self._asked = list(targets.values())
        self._ended.append(now - self._started)
        if not targets:
            # That there are no jobs is an answer, too.
            self._polled += 1
        for key, found in by_id.items():
            self._take_poll(targets[key], found, now, is_last)

    def _take_poll(self, target: Target, jobs: t.Sequence[Job], now: float, is_last: bool) -> None:
        """Take in one poll of a target, and plan the next."""
        options = self._options
        target.tries = 0
        found = distinct(jobs)
        self._polls += max(1, len(found))
        self._polled += max(1, len(found))
        if not target.tracked:
            self._not_polled -= 1
        if found:
            self._not_found.discard(target.key)
        if not found and not target.tracked:
            self._not_found.add(target.key)
            target.tracked[target.key] = TrackedJob(self._blank(target), missing_since=self._first_poll_at)
        elif found and not all(tracked.ever_seen for tracked in target.tracked.values()):
            # It stood, alone, for a job that no poll had found.
            target.tracked = {}
        for job_id, job in found.items():
            tracked = target.tracked.setdefault(job_id, TrackedJob(job))
            if not tracked.settled:
                if tracked.see(job, options):
                    self._changed.append(job)
                if options.until is not None and job.state is State.UNKNOWN:
                    self._warn_of_status(job)
                if options.until is not None and tracked.settled and not tracked.arrived:
                    self._fail()
        agrees, target.listed = target.listed == found.keys(), set(found)
        # A service may list a job of a request only later.
        is_complete = agrees or is_last or options.until is None or self._kind is not TargetKind.REQUESTS
        said = next((job for job in jobs if job.state is State.NOT_FOUND), None)
        for job_id, tracked in target.tracked.items():
            if job_id in found or tracked.settled:
                continue
            if tracked.miss(said, now, options, is_complete):
                self._changed.append(tracked.job)
                self._not_found.discard(target.key)
                self._fail()
        if is_complete and all(tracked.settled for tracked in target.tracked.values()):
            target.done = True
            self._count_end()
        elif is_last:
            self._timed_out = True
            target.done = True
            self._count_end()
        else:
            plan = self._plan_at(now)
            open_jobs = [tracked for tracked in target.tracked.values() if not tracked.settled]
            due = [tracked.next_poll(plan, options, self._random()) for tracked in open_jobs]
            self._schedule(target, min([now + plan.longest, *due]) if due else now + options.interval)

    def _warn_of_status(self, job: Job) -> None:
        text = (
            f"Job {single_line(str(job.job_id), MAX_QUOTED)} reports the status {job.status!r:.{MAX_QUOTED}}, which the"
            " service does not document: it counts neither as success nor as failure, and the wait goes on."
        )
        if text not in self._warnings and len(self._warnings) < self._options.max_warnings:
            self._warnings.append(text)

    def _fail(self) -> None:
        self.failed = True
        self.stopped = self.stopped or self._options.fail_fast

    def _count_end(self) -> None:
        self._open -= 1
        self._ended.append(self._clock() - self._started)

    # Errors

    def _take_error(self, targets: t.Sequence[Target], error: CloudwaitError, now: float, is_last: bool) -> None:
        """Try again where that may help, within the budget for silence: a call failed."""
        for target in targets:
            target.tries += 1
        tries = max((target.tries for target in targets), default=1)
        pause = max(schedule.back_off(tries, self._options.max_interval, self._random()), error.wait or 0.0)
        if not error.transient or self._is_given_up(tries, pause, now):
            self._give_up(targets, error)
            return
        if error.wait is not None:
            self._excuse(now, error.wait)
            self._pause_until = max(self._pause_until, now + pause)
        for target in targets:
            if is_last:
                self._timed_out = True
                target.done = True
                self._count_end()
            else:
                self._schedule(target, now + pause)

    def _excuse(self, now: float, wait: float) -> None:
        """Leave silence that the service asked for out of the budget: each second once, and not without end."""
        seconds = max(0.0, now + wait - max(now, self._excused_until))
        seconds = min(seconds, EXCUSED_SECONDS - self._excused)
        self._excused_until = max(self._excused_until, now + wait)
        self._excused += seconds
        self._silent_since += seconds

    def _is_given_up(self, tries: int, pause: float, now: float) -> bool:
        if self._options.until is None:
            return tries >= TRIES or pause > self._options.max_interval
        return self._end is None and now - self._silent_since > self._options.error_grace

    def _give_up(self, targets: t.Sequence[Target], error: CloudwaitError) -> None:
        """End the wait for all jobs, or for one of several where the error may be about it alone."""
        others_answered = error.transient and self._options.until is None and self._polls > 0
        if len(targets) != 1 or not (error.about_job or others_answered):
            self._error = error
            self.failed = True
            self.stop()
            return
        target = targets[0]
        if not target.tracked:
            self._not_polled -= 1
            self._refused += 1
        elif target.key in self._not_found:
            self._not_found.discard(target.key)
            self._refused += 1
        else:
            # What the job is doing now, nobody knows any more.
            open_jobs = [tracked.job for tracked in target.tracked.values() if not tracked.settled]
            self._changed += [replace(job, state=State.UNKNOWN, progress=None, step=None) for job in open_jobs]
        target.error = error
        target.done = True
        self._count_end()
        if self._options.until is not None:
            self._fail()

    # The plan

    def _push(self, target: Target, due: float) -> None:
        target.due = due
        target.ready = (self._clock() + due) / 2
        self._sequence += 1
        heapq.heappush(self._queue, (due, self._sequence, target))

    def _schedule(self, target: Target, due: float) -> None:
        """Poll again when it is `due`, at the deadline where that is nearer than half an interval, or now after it."""
        if self._end is not None:
            due = self._clock()
        elif due > self.deadline - self._options.interval / 2:
            due = self.deadline
        self._push(target, due)

    def _plan_at(self, now: float) -> PollPlan:
        if (self._plan.now, self._plan.open) != (now, self._open):
            options, together = self._options, self.source.batch_size
            elapsed = now - self._started
            longest = max(options.max_interval, self._seconds_for_all())
            crowd = self.source.rate_limiter.rate * options.max_interval
            factor = schedule.interval_factor(elapsed, self._ended, self._open, min(self._open, together), crowd)
            self._plan = PollPlan(now, self._open, elapsed, self._seconds_for_others(), longest, factor)
        return self._plan

    def _seconds_for_all(self) -> float:
        """Return the seconds that one poll of all open targets takes, of this group and its peers."""
        return sum(group.load for group in self.peers) / self.source.rate_limiter.rate

    def _seconds_for_others(self) -> float:
        """Return the seconds that the other requests of a round take: the rest of it is the wait for a turn."""
        return max(0.0, self._seconds_for_all() - 1 / self.source.rate_limiter.rate)

    # What is known

    def update(self) -> PollUpdate:
        """Return what is new since the last call."""
        now = self._clock()
        is_open = self._open if self.is_open else 0
        next_poll = max(0.0, self.next_event() - now)
        unseen = Unseen(self._not_polled, len(self._not_found), self._refused)
        update = PollUpdate(
            changed=self._changed,
            polled=self._polled,
            open=is_open,
            error=self._failed_call,
            next_poll=next_poll,
            elapsed=now - self._started,
            kind=self._kind,
            unseen=unseen,
            to_the_end=self._to_the_end,
            arrived=self._open == 0 and not (self.failed or self._timed_out or any(unseen)),
        )
        self._changed, self._polled, self._failed_call = [], 0, None
        return update

    def outcome(self) -> Outcome:
        """Return what is known now. Nothing is lost by asking before the end."""
        jobs: list[Job] = []
        unfinished: dict[str, None] = {}
        elsewhere: dict[str, Job] = {}
        missing: dict[str, None] = {}
        refused: dict[str, CloudwaitError] = {}
        is_waiting = self._options.until is not None
        for target in self._asked:
            if target.error is not None:
                refused[target.key] = target.error
            for tracked in list(target.tracked.values()) or [TrackedJob(self._blank(target))]:
                job = tracked.job
                jobs.append(job)
                if tracked.settled and job.state is State.NOT_FOUND:
                    missing[target.key] = None
                if job.job_id is None:
                    continue
                arrived = tracked.settled and tracked.arrived
                if not arrived and not (tracked.settled and job.finished):
                    unfinished[job.job_id] = None
                if tracked.settled and job.finished and is_waiting and not arrived:
                    elsewhere[job.job_id] = job
        return Outcome(
            jobs=jobs,
            unfinished=list(unfinished),
            ended_elsewhere=list(elsewhere.values()),
            missing=list(missing),
            refused=refused,
            error=self._error,
            last_error=self._last_error,
            timed_out=self._timed_out,
            elapsed=self._clock() - self._started,
            polls=self._polls,
            warnings=list(self._warnings),
        )

    def _blank(self, target: Target) -> Job:
        """Return a job of which nothing is known yet, but perhaps why."""
        error = target.error
        said = ErrorDetail(error.code, error.reason or str(error)) if error else None
        if self._kind is TargetKind.REQUESTS:
            return Job(None, self.source.provider, State.UNKNOWN, error=said, resources={"request_id": target.key})
        return Job(target.key, self.source.provider, State.UNKNOWN, error=said)
