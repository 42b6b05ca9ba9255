# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One task against the embedded cloud, over real HTTP, in time in which nobody sleeps."""

from __future__ import annotations

import socket
import typing as t
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace, TracebackType
from typing import Self

import pytest
from ansible.module_utils.common.parameters import remove_values
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import Call, FetchResult
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.threads import ThreadExecutor
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import total_timeout
from ansible_collections.cloudwait.jobs.tests.faults.clock import JumpingClock, JumpingReader
from ansible_collections.cloudwait.jobs.tests.faults.faults import Row
from ansible_collections.cloudwait.jobs.tests.faults.mischief import TimedFault
from ansible_collections.cloudwait.jobs.tests.faults.moments import GRACE, INTERVAL, Moment
from ansible_collections.cloudwait.jobs.tests.faults.targets import Request as JobsOfRequest
from ansible_collections.cloudwait.jobs.tests.faults.targets import Target, connection
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, running
from ansible_collections.cloudwait.jobs.tests.simulator.requestlog import Request
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import run_task, validated

MAX_RATE = 1000.0


class OneByOne(ThreadExecutor):
    """Calls of which each is over before the next one begins, so that every run is like the other."""

    jumping: t.ClassVar[JumpingClock]

    @classmethod
    def outside(cls) -> dict[str, t.Any]:
        """What a task has of the outside: simulated time where there is any."""
        clock = getattr(cls, "jumping", None)
        if clock is None:
            return {}
        return {
            "clock": clock.monotonic,
            "now": clock.wall,
            "sleep": clock.jump,
            "random": lambda: 0.5,
            "executor": cls,
        }

    def submit(self, call: Call) -> None:
        """Carry out the call."""
        self._run(call)

    def collect(self, deadline: float) -> t.Sequence[FetchResult]:
        """The results that are there, or none at the end of the time."""
        if self._results.empty():
            self.jumping.jump_to(deadline)
        return super().collect(0)


@pytest.fixture(scope="module")
def clock() -> t.Iterator[JumpingClock]:
    """The time of everything in this process, as long as the tests of one file run."""
    jumping = JumpingClock()
    with pytest.MonkeyPatch.context() as patch:
        # Deadlines of an answer are kept below requests, where no clock can be handed in.
        patch.setattr(total_timeout, "time", SimpleNamespace(monotonic=jumping.monotonic))
        patch.setattr(total_timeout, "TimedReader", JumpingReader)
        patch.setattr(JumpingReader, "clock", jumping, raising=False)
        patch.setattr(OneByOne, "jumping", jumping, raising=False)
        yield jumping


class Elsewhere:
    """A server that takes note of whoever calls."""

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._listener.close()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/elsewhere"

    def was_called(self) -> bool:
        """Whether anybody has called since this was asked last."""
        try:
            self._listener.accept()[0].close()
        except BlockingIOError:
            return False
        return True


@dataclass
class Seen:
    """What a task gave: its result as the caller gets it, its warnings, and the requests that the cloud saw."""

    result: dict[str, t.Any]
    warnings: t.Sequence[str]
    requests: t.Sequence[Request]

    @property
    def states(self) -> tuple[str, ...]:
        """The state of every job, in order."""
        return tuple(job["state"] for job in self.result["jobs"])

    @property
    def kind(self) -> str:
        """`failure.kind`, empty where nothing failed."""
        return str(self.result["failure"]["kind"]) if "failure" in self.result else ""


@cache
def _options(target: Target, login: str, url: str) -> dict[str, t.Any]:
    asked = {"request_ids": ["x"]} if isinstance(target, JobsOfRequest) else {"job_ids": ["x"]}
    return validated(target.service, **connection(target, url, login), **asked)


def play(target: Target, cloud: Cloud, login: str = "keys", **options: t.Any) -> Seen:
    """Look at jobs, or wait for them; `options` have passed validation."""
    secrets: set[str] = set()
    given = {**_options(target, login, cloud.url), "job_ids": None, **options}
    run = run_task(target.service, given, secrets=secrets, **OneByOne.outside())
    # What both callers do with a result before they let go of it.
    result: dict[str, t.Any] = remove_values(run.result, secrets)
    return Seen(result, [remove_values(text, secrets) for text in run.warnings], cloud.requests)


@dataclass(frozen=True)
class Scene:
    """A cloud, and the time in which it and the tasks live."""

    cloud: Cloud
    clock: JumpingClock

    def begin(self, target: Target) -> tuple[str, str]:
        """Forget what was, and start both jobs, of which the first ends at once; their ids."""
        self.cloud.reset()
        self.clock.silent = False
        job_ids = target.submit(self.cloud)
        self.clock.jump(0.001)
        return job_ids

    def order(self, target: Target, row: Row, moment: Moment, second: str, elsewhere: str, **match: t.Any) -> None:
        """Order a fault for requests that match.

        `second` is the id of the second job, `elsewhere` where redirects lead to.
        """
        since = self.clock.now() + moment.since
        options = row.options_for(target.facts, second, elsewhere)
        self.cloud.faults.add(
            TimedFault(row.kind, times=moment.times, options=options, since=since, clock=self.clock.now, **match)
        )

    def look(self, target: Target, moment: Moment, job_ids: t.Sequence[str], login: str, **more: t.Any) -> Seen:
        """Look at both jobs, or wait for them; `more` options have passed validation."""
        options: dict[str, t.Any] = {
            "interval": INTERVAL,
            "max_interval": INTERVAL,
            "max_rate": MAX_RATE,
            "error_grace": GRACE,
            "not_found_grace": GRACE,
            **moment.options(),
            **target.asked(self.cloud, job_ids),
            **more,
        }
        return play(target, self.cloud, login, **options)

    def play(self, target: Target, row: Row, moment: Moment, elsewhere: str) -> Seen:
        """Both jobs, of which the second is hit."""
        job_ids = self.begin(target)
        hit = None if target.together else job_ids[1]
        self.order(target, row, moment, job_ids[1], elsewhere, service=target.provider, job_id=hit)
        return self.look(target, moment, job_ids, row.login)


@pytest.fixture(scope="module")
def scene(clock: JumpingClock, mischief: None) -> t.Iterator[Scene]:
    """A cloud for the tests of one file."""
    with running(Cloud(clock=clock)) as cloud:
        yield Scene(cloud, clock)


@pytest.fixture(scope="module")
def elsewhere() -> t.Iterator[Elsewhere]:
    """Another server, that nobody has any business with."""
    with Elsewhere() as server:
        yield server
