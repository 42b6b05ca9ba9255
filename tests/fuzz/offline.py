# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole tasks without a network: `run_job_info` as the modules call it, on simulated time and a made-up connection.

Everything is the collection's own, from the options to the result, except three things: the adapter below the session
of requests, the threads of the calls (they run at once, one after the other), and the time.
"""

from __future__ import annotations

import contextlib
import functools
import io
import queue
import typing as t
from unittest import mock

import requests
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import Call, FetchResult
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.threads import ThreadExecutor
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import client as http
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.total_timeout import SENDING
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import CloudwaitError
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.progress_lines import ProgressLines
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import run_task
from requests.structures import CaseInsensitiveDict

# When everything begins, in Unix seconds.
BEGIN = 1_667_996_700.0
# How long every answer takes, in seconds.
ROUND_TRIP = 0.05


class Reply(t.NamedTuple):
    """What a server answers."""

    body: bytes
    status: int = 200
    headers: t.Mapping[str, str] = {}


class Exchange(t.NamedTuple):
    """A request, the seconds since the begin at which it went out, and its answer."""

    moment: float
    request: requests.PreparedRequest
    reply: Reply


# Answers a request.
Server = t.Callable[[requests.PreparedRequest], Reply]


class Time:
    """In place of the module `time`: a clock that moves only when somebody sleeps or waits for an answer."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        return 1000.0 + self.passed

    def time(self) -> float:
        return BEGIN + self.passed

    def sleep(self, seconds: float) -> None:
        self.passed += seconds

    def sleep_until(self, moment: float) -> None:
        self.passed = max(self.passed, moment - 1000.0)


class Raw(io.BytesIO):
    """A body as urllib3 hands it over, with the response of http.client beneath it."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self._fp = io.BytesIO()

    def release_conn(self) -> None:
        """There is none."""


class Answered(t.NamedTuple):
    """What the session of requests sees of an answer."""

    status_code: int
    headers: t.Any
    raw: Raw


class Connection:
    """In place of the session of requests and its adapters."""

    def __init__(self, server: Server, time: Time, limit: int) -> None:
        self.exchanges: list[Exchange] = []
        self._server = server
        self._time = time
        self._limit = limit

    def get_adapter(self, _url: str) -> Connection:
        return self

    def merge_environment_settings(
        self, _url: str, proxies: t.Any, _stream: t.Any, verify: t.Any, cert: t.Any
    ) -> t.Any:
        return {"proxies": proxies, "verify": verify, "cert": cert}

    def send(self, request: requests.PreparedRequest, **_options: t.Any) -> Answered:
        assert len(self.exchanges) < self._limit, f"more than {self._limit} requests"
        SENDING.has_begun = True
        reply = self._server(request)
        self.exchanges.append(Exchange(self._time.passed, request, reply))
        self._time.sleep(ROUND_TRIP)
        return Answered(reply.status, CaseInsensitiveDict(reply.headers), Raw(reply.body))

    def close(self) -> None:
        """There is nothing to close."""


class Finished(t.NamedTuple):
    """A task and what it did. `lines` were shown meanwhile, `seconds` passed in all."""

    result: dict[str, t.Any]
    warnings: t.Sequence[str]
    lines: t.Sequence[str]
    exchanges: t.Sequence[Exchange]
    secrets: set[str]
    seconds: float

    @property
    def texts(self) -> list[str]:
        """Everything that is written for people."""
        failure = [self.result["failure"]["message"]] if "failure" in self.result else []
        return [self.result["msg"], *failure, *self.warnings, *self.lines]


class Outside(t.NamedTuple):
    """What tasks have of the outside."""

    time: Time
    connection: Connection
    executor: type[ThreadExecutor]

    def context(self) -> dict[str, t.Any]:
        """As a task is given it."""
        time = self.time
        return {"clock": time.monotonic, "now": time.time, "sleep": time.sleep, "executor": self.executor}


@contextlib.contextmanager
def offline(server: Server, limit: int = 10_000, users: t.Sequence[t.Any] = ()) -> t.Iterator[Outside]:
    """Let every task in here talk to `server`, on simulated time; `limit` bounds its requests.

    The `users` are Python modules that make the context of a task themselves.
    """
    time = Time()
    connection = Connection(server, time, limit)
    rounds = [0]

    class AtOnce(ThreadExecutor):
        def submit(self, call: Call) -> None:
            # Unlike on a thread, whatever is no CloudwaitError ends the test.
            try:
                self._results.put(FetchResult(call, call.source.fetch(call.keys, call.deadline)))
            except CloudwaitError as exc:
                self._results.put(FetchResult(call, {}, exc))

        def collect(self, deadline: float) -> t.Sequence[FetchResult]:
            rounds[0] += 1
            assert rounds[0] <= 10 * limit, "the wait goes round and round"
            results = []
            with contextlib.suppress(queue.Empty):
                while True:
                    results.append(self._results.get_nowait())
            if not results:
                time.sleep_until(deadline)
            return results

    outside = Outside(time, connection, AtOnce)
    with contextlib.ExitStack() as patches:
        patches.enter_context(mock.patch.object(http, "open_session", return_value=connection))
        for user in users:
            context = functools.partial(TaskContext, **outside.context())
            patches.enter_context(mock.patch.object(user, "TaskContext", context))
        yield outside


def run(
    service: Service,
    options: t.Mapping[str, t.Any],
    server: Server,
    environ: t.Mapping[str, str] | None = None,
    check_mode: bool = False,
    limit: int = 10_000,
    verbosity: int = 0,
) -> Finished:
    """Run a task to its end. Whatever it raises is a defect."""
    lines: list[str] = []
    secrets: set[str] = set()

    def observe(names: t.Sequence[str]) -> ProgressLines:
        return ProgressLines(names, lambda line, _tone: lines.append(line), every_poll=True)

    with offline(server, limit) as outside:
        surroundings = {"observe": observe, "verbosity": verbosity, **outside.context()}
        finished = run_task(service, options, environ, secrets, check_mode, **surroundings)
    exchanges = outside.connection.exchanges
    return Finished(finished.result, finished.warnings, lines, exchanges, secrets, outside.time.passed)
