# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all tasks share: where they run, the wait itself, and what they return."""

from __future__ import annotations

import random
import time
import typing as t

from ..clouds.connection import Connection
from ..engine.group import JobQuery, Outcome, TargetKind
from ..engine.source import LISTING, Executor, Source
from ..engine.threads import ThreadExecutor
from ..engine.wait import Observer, Wait, no_observer
from .options import wait_options


class Interrupted(BaseException):
    """Somebody asked this process to stop. Not an Exception, so that nothing on the way takes it for an error."""


class TaskContext(t.NamedTuple):
    """Where a task runs.

    `secrets` is filled with what must not appear in the result, or in anything that is shown. `observe` makes an
    observer of a wait for groups with these names. `clock` is monotonic, `now` the Unix time, both in seconds.
    """

    check_mode: bool
    environ: t.Mapping[str, str]
    secrets: set[str]
    observe: t.Callable[[t.Sequence[str]], Observer] = lambda _names: no_observer
    clock: t.Callable[[], float] = time.monotonic
    now: t.Callable[[], float] = time.time
    sleep: t.Callable[[float], None] = time.sleep
    random: t.Callable[[], float] = random.random
    executor: t.Callable[[t.Callable[[], float]], Executor] = ThreadExecutor

    def connection(self) -> Connection:
        """Return a new connection for this task."""
        return Connection(self.secrets, self.clock, self.now, self.sleep)


class TaskResult(t.NamedTuple):
    """A finished task: its result, warnings for the user, and whether somebody ended it early."""

    result: dict[str, t.Any]
    warnings: t.Sequence[str] = ()
    interrupted: bool = False


class Module(t.NamedTuple):
    """A module of this collection, wherever it runs.

    `spec`: the keyword arguments that describe it to AnsibleModule; `run` takes options that have passed Ansible's
    validation; `secrets` returns the values of its options that nobody may see, where the spec cannot tell them.
    """

    spec: dict[str, t.Any]
    run: t.Callable[[t.Mapping[str, t.Any], TaskContext], TaskResult]
    secrets: t.Callable[[t.Mapping[str, t.Any]], set[str]] | None = None


def states_waited_for(options: t.Mapping[str, t.Any], context: TaskContext) -> t.Sequence[str]:
    """Return the names of the states to wait for, none for a single poll."""
    return [] if context.check_mode else options["until"] or []


def query_of(source: Source, options: t.Mapping[str, t.Any], until: t.Sequence[str]) -> JobQuery:
    """Return the query for the jobs that a module's options name."""
    wanted = wait_options(options if until else {**options, "delay": 0}, until)
    if options["job_ids"]:
        return JobQuery(source, TargetKind.JOBS, options["job_ids"], wanted)
    if options.get("request_ids"):
        return JobQuery(source, TargetKind.REQUESTS, options["request_ids"], wanted)
    return JobQuery(source, TargetKind.LISTING, [LISTING], wanted)


def wait_for(
    queries: t.Mapping[str, JobQuery],
    timeout: float,
    context: TaskContext,
    connection: Connection,
    fail_fast: bool = False,
    is_lost: bool = False,
) -> tuple[list[Outcome], bool]:
    """Wait for the jobs of named queries; return the outcome of each, and whether the wait was interrupted.

    `is_lost`: the wait has failed before the first poll, and polls nothing.
    """
    is_observed = any(query.options.until for query in queries.values())
    observer = context.observe(list(queries)) if is_observed else no_observer
    executor = context.executor(context.clock)
    wait = Wait(list(queries.values()), timeout, executor, context.clock, context.random, observer, fail_fast)
    try:
        return wait.outcomes() if is_lost else wait.run(), False
    except (KeyboardInterrupt, Interrupted):
        return wait.outcomes(), True
    finally:
        connection.close()
