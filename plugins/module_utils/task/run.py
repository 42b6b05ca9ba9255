# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts that all tasks share: their surroundings, the wait itself, and their result."""

from __future__ import annotations

import random
import time
import typing as t
from dataclasses import replace

from ..budget.budget import OpenBudget
from ..budget.opening import BUDGET_VARIABLE, MACHINE
from ..clouds.connection import Cloud, Connection
from ..engine.group import JobQuery, Outcome
from ..engine.source import LISTING, Executor, TargetKind
from ..engine.threads import ThreadExecutor
from ..engine.wait import Observer, Wait
from ..model.errors import CloudwaitError
from ..model.host import HOST
from ..services.declaration import Service
from .options import IDS, wait_options


class Interrupted(BaseException):
    """Somebody asked this process to stop. Not an Exception, so that nothing on the way takes it for an error."""


def machine_clock() -> float:
    """Return seconds that count on while the machine is suspended, as tokens and deadlines do, where there are any."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class TaskContext(t.NamedTuple):
    """The surroundings of a task.

    `secrets` is filled with what must not appear in the result, or in anything that is shown. `observe` makes an
    observer of a wait for groups with these names. `clock` never goes back, `now` the Unix time, both in seconds.
    `open_budget` opens the budgets that tasks share, `verbosity` is Ansible's, `host` the name of this machine.
    """

    check_mode: bool
    environ: t.Mapping[str, str]
    secrets: set[str]
    observe: t.Callable[[t.Sequence[str]], Observer] | None = None
    clock: t.Callable[[], float] = machine_clock
    now: t.Callable[[], float] = time.time
    sleep: t.Callable[[float], None] = time.sleep
    random: t.Callable[[], float] = random.random
    executor: t.Callable[[t.Callable[[], float]], Executor] = ThreadExecutor
    open_budget: OpenBudget | None = None
    verbosity: int = 0
    host: str = HOST

    def until(self, options: t.Mapping[str, t.Any]) -> t.Sequence[str]:
        """Return what is waited for, in words: names of states, and a service's own; nothing for a single poll."""
        return [] if self.check_mode else [*(options["until"] or ()), *(options["until_status"] or ())]

    def connection(self) -> Connection:
        """Return a new connection for this task."""
        return Connection(
            self.secrets,
            self.clock,
            self.now,
            self.sleep,
            self.open_budget,
            self.environ.get(BUDGET_VARIABLE) or MACHINE,
            self.verbosity,
            self.host,
        )


class TaskResult(t.NamedTuple):
    """A finished task: its result, warnings for the user, and whether somebody ended it early."""

    result: dict[str, t.Any]
    warnings: t.Sequence[str] = ()
    interrupted: bool = False


Refuse = t.Callable[[CloudwaitError, t.Mapping[str, t.Any]], t.Dict[str, t.Any]]


class Module(t.NamedTuple):
    """A module of this collection, wherever it runs.

    `spec`: the keyword arguments that describe it to AnsibleModule; `run` takes options that have passed Ansible's
    validation; `refused` returns the result of a task that ends before it runs, for options that may be none;
    `numeric_ids`: its service's ids are numbers; `secrets` returns the values of its options that nobody may see, where
    the spec cannot tell them; `of_a_wait`: its options that have no effect without `until`.
    """

    spec: dict[str, t.Any]
    run: t.Callable[[t.Mapping[str, t.Any], TaskContext], TaskResult]
    refused: Refuse
    numeric_ids: bool = False
    secrets: t.Callable[[t.Mapping[str, t.Any]], set[str]] | None = None
    of_a_wait: t.Sequence[str] = ()


def open_query(
    service: Service, cloud: Cloud, options: t.Mapping[str, t.Any], context: TaskContext, connection: Connection
) -> JobQuery:
    """Return the query for the jobs that a module's options name; nothing is sent yet.

    Raises InvalidError where options, environment or files do not say who signs in, or where to.
    """
    kind, keys = TargetKind.LISTING, [LISTING]
    if options["job_ids"] is not None:
        kind, keys = TargetKind.JOBS, options["job_ids"]
    elif options.get("request_ids") is not None:
        kind, keys = TargetKind.REQUESTS, options["request_ids"]
    settings = {name: value for name, value in options.items() if name not in IDS}
    source = cloud.open_source(service, kind, settings, context.environ, connection)
    wait = wait_options(settings, bool(context.until(options)))
    if service.mapping.more_statuses:
        wait = replace(wait, max_warnings=min(context.verbosity, 1))
    return JobQuery(source, kind, keys, wait)


def wait_for(
    queries: t.Mapping[str, JobQuery],
    timeout: float,
    context: TaskContext,
    connection: Connection,
    fail_fast: bool = False,
    is_lost: bool = False,
) -> tuple[list[Outcome], bool]:
    """Wait for the jobs of named queries; return the outcome of each, and whether the wait was interrupted.

    `is_lost`: the wait has failed before the first poll; with `fail_fast` nothing is polled.
    """
    is_waiting = any(query.options.until is not None for query in queries.values())
    observer = context.observe(list(queries)) if context.observe is not None and is_waiting else None
    if observer is not None and is_lost:
        observer = _of_a_lost_wait(observer)
    executor = context.executor(context.clock)
    wait = Wait(list(queries.values()), timeout, executor, context.clock, context.random, observer, fail_fast)
    try:
        return wait.outcomes() if is_lost and fail_fast else wait.run(), False
    except (KeyboardInterrupt, Interrupted):
        return wait.outcomes(), True
    finally:
        connection.close()


def _of_a_lost_wait(observer: Observer) -> Observer:
    """Return an observer of the groups of a wait that cannot end well, whatever becomes of them."""
    return lambda updates: observer([update._replace(arrived=False) for update in updates])
