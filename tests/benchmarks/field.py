# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The other systems, watching one job or many, on a service that takes so many requests per second."""

from __future__ import annotations

import heapq
import random
import typing as t

from ansible_collections.cloudwait.jobs.tests.benchmarks.algorithms import Algorithm
from ansible_collections.cloudwait.jobs.tests.benchmarks.figures import Watched, last_lag

# Waits that each started by itself did not start in the same instant.
STARTS_WITHIN = 10.0
# What one item of a loop takes by itself, in seconds: little, so that this is not what a loop is judged by.
ROUND = 0.1


class Limit:
    """The service's side: a token bucket of one second's worth. None: no limit."""

    def __init__(self, per_second: float | None) -> None:
        self._per_second = per_second
        self._tokens = per_second or 0.0
        self._at = 0.0

    def allows(self, now: float) -> bool:
        """Whether a request at `now` is answered, or refused with 429."""
        if self._per_second is None:
            return True
        self._tokens = min(self._per_second, self._tokens + (now - self._at) * self._per_second)
        self._at = now
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True


def watch_one(algorithm: Algorithm, durations: t.Sequence[float], seed: int) -> Watched:
    """Each job by itself, without a limit."""
    chance = random.Random(seed)
    delays = []
    requests = 0
    for duration in durations:
        pauses = algorithm.pauses(chance)
        now = 0.0 if algorithm.looks_at_once else next(pauses)
        requests += 1
        while now < duration:
            now += next(pauses)
            requests += 1
        delays.append(now - duration)
    return Watched(durations, delays, requests)


def watch_many(algorithm: Algorithm, durations: t.Sequence[float], per_second: float, seed: int) -> Watched:
    """All jobs at once, each by a wait of its own; a request that is refused is a look lost."""
    chance = random.Random(seed)
    limit = Limit(per_second)
    starts = [chance.uniform(0.0, STARTS_WITHIN) for _duration in durations]
    pauses = [algorithm.pauses(chance) for _duration in durations]
    queue = [
        (start + (0.0 if algorithm.looks_at_once else next(pauses[number])), number)
        for number, start in enumerate(starts)
    ]
    heapq.heapify(queue)
    delays = [0.0] * len(durations)
    requests = refused = 0
    while queue:
        now, number = queue[0]
        requests += 1
        if not limit.allows(now):
            refused += 1
        elif now >= starts[number] + durations[number]:
            heapq.heappop(queue)
            delays[number] = now - starts[number] - durations[number]
            continue
        heapq.heapreplace(queue, (now + next(pauses[number]), number))
    ends = [start + duration for start, duration in zip(starts, durations, strict=True)]
    return Watched(durations, delays, requests, refused, last_lag(ends, delays))


def watch_in_turn(algorithm: Algorithm, durations: t.Sequence[float], per_second: float, seed: int) -> Watched:
    """Jobs that run at once, by one wait after the other, as Ansible's `until` in a `loop` has it."""
    chance = random.Random(seed)
    limit = Limit(per_second)
    now = 0.0
    delays = []
    requests = refused = 0
    for duration in durations:
        pauses = algorithm.pauses(chance)
        while True:
            requests += 1
            is_answered = limit.allows(now)
            refused += not is_answered
            if is_answered and now >= duration:
                break
            now += next(pauses)
        delays.append(now - duration)
        now += ROUND
    return Watched(durations, delays, requests, refused, last_lag(durations, delays))


def watch_rounds(
    algorithm: Algorithm, durations: t.Sequence[float], per_call: int, per_second: float, seed: int
) -> Watched:
    """All jobs by one wait that asks for all of them, `per_call` ids a request, then pauses (hcloud-go)."""
    limit = Limit(per_second)
    pauses = algorithm.pauses(random.Random(seed))
    running = list(range(len(durations)))
    delays = [0.0] * len(durations)
    requests = refused = 0
    now = 0.0
    while running:
        now += next(pauses)
        ended = set()
        for first in range(0, len(running), per_call):
            requests += 1
            if not limit.allows(now):
                refused += 1
                continue
            for number in running[first : first + per_call]:
                if now >= durations[number]:
                    delays[number] = now - durations[number]
                    ended.add(number)
        if ended:
            running = [number for number in running if number not in ended]
    return Watched(durations, delays, requests, refused, last_lag(durations, delays))
