# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module does: check the options, wait, and return the same result on success and on failure."""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import time
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.cloudwait.jobs.plugins.module_utils.argspec import argument_spec, check_options
from ansible_collections.cloudwait.jobs.plugins.module_utils.calls import ThreadCalls
from ansible_collections.cloudwait.jobs.plugins.module_utils.connect import Tools, connect, open_tools
from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import JobsError
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import HAS_REQUESTS, REQUESTS_IMPORT_ERROR
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import UNTIL, summarise
from ansible_collections.cloudwait.jobs.plugins.module_utils.report import failure_of, sentence
from ansible_collections.cloudwait.jobs.plugins.module_utils.sources import LISTING, Source
from ansible_collections.cloudwait.jobs.plugins.module_utils.wait import (
    Keys,
    Options,
    Outcome,
    Round,
    Wait,
    Watch,
    nobody,
)

STDOUT = 1
# How often a waiting module sees whether its result is still wanted, in seconds.
READER_CHECK = 2.0


class Interrupted(BaseException):
    """Somebody asked this process to stop. Not an Exception, so that nothing on the way takes it for an error."""


class Run(t.NamedTuple):
    """A finished task: its result, warnings for the user, and whether somebody ended it early."""

    result: dict[str, t.Any]
    warnings: t.Sequence[str]
    interrupted: bool = False


def run_job_info(
    service: Service,
    options: t.Mapping[str, t.Any],
    check_mode: bool,
    environ: t.Mapping[str, str],
    secrets: set[str],
    watch: Watch = nobody,
) -> Run:
    """Look at jobs, or wait for them.

    `options` have passed Ansible's validation. `secrets` is filled with what must not appear in the result, or in
    anything that `watch` shows.
    """
    try:
        check_options(options)
        tools = open_tools(options, secrets)
        source = connect(service, options, environ, tools)
    except JobsError as exc:
        return Run(_refusal(exc, options), ())
    wait = _wait(source, options, check_mode, watch)
    interrupted = False
    try:
        outcome = wait.run()
    except (KeyboardInterrupt, Interrupted):
        interrupted = True
        outcome = wait.outcome()
    finally:
        tools.http.close()
    result = _result(outcome, options, check_mode, tools, interrupted)
    return Run(result, [*tools.warnings, *outcome.warnings], interrupted)


def _wait(source: Source, options: t.Mapping[str, t.Any], check_mode: bool, watch: Watch) -> Wait:
    named = [] if check_mode else options["until"] or []
    wait_options = Options(
        until=frozenset().union(*(UNTIL[name] for name in named)) if named else None,
        timeout=options["timeout"],
        delay=0 if check_mode else options["delay"],
        interval=options["interval"],
        max_interval=options["max_interval"],
        max_rate=options["max_rate"],
        fail_fast=options["fail_fast"],
        confirmations=options["confirmations"],
        not_found_grace=options["not_found_grace"],
        error_grace=options["error_grace"],
    )
    if options["job_ids"]:
        kind, keys = Keys.JOBS, options["job_ids"]
    elif options.get("request_ids"):
        kind, keys = Keys.REQUESTS, options["request_ids"]
    else:
        kind, keys = Keys.LISTING, [LISTING]
    calls = ThreadCalls(source, time.monotonic)
    return Wait(keys, kind, wait_options, calls, time.monotonic, random.random, watch if named else nobody)


def _refusal(error: JobsError, options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The result where nothing could be asked."""
    return {
        "changed": False,
        "failed": True,
        "msg": str(error),
        "failure": error.as_failure().as_dict(),
        "jobs": [],
        "summary": summarise([]),
        "unfinished": list(dict.fromkeys(options["job_ids"] or [])),
        "timed_out": False,
        "elapsed": 0.0,
        "polls": 0,
        "requests": 0,
    }


def _result(
    outcome: Outcome, options: t.Mapping[str, t.Any], check_mode: bool, tools: Tools, interrupted: bool
) -> dict[str, t.Any]:
    until = [] if check_mode else options["until"] or []
    failure = failure_of(outcome, until, interrupted)
    result: dict[str, t.Any] = {
        "changed": False,
        "msg": sentence(outcome, until, options["timeout"], interrupted),
        "jobs": [job.as_dict() for job in outcome.jobs],
        "summary": summarise(outcome.jobs),
        "unfinished": list(outcome.unfinished),
        "timed_out": outcome.timed_out,
        "elapsed": round(outcome.elapsed, 3),
        "polls": outcome.polls,
        "requests": tools.http.requests,
    }
    if failure is not None:
        result["failed"] = True
        result["failure"] = failure.as_dict()
    return result


def main_job_info(service: Service) -> None:
    """The module's `main()`: runs where the task runs."""
    module = AnsibleModule(supports_check_mode=True, **argument_spec(service))
    if not HAS_REQUESTS:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    secrets: set[str] = set()
    run = run_job_info(service, module.params, module.check_mode, os.environ, secrets, _watch_reader)
    module.no_log_values.update(secrets)
    if run.interrupted and not getattr(module, "_keep_remote_files", False):
        # Whoever would remove the module's own folder may be gone.
        shutil.rmtree(module.tmpdir, ignore_errors=True)
    for warning in run.warnings:
        module.warn(warning)
    if run.result.get("failed"):
        module.fail_json(**run.result)
    module.exit_json(**run.result)


def _interrupt(_signal: int, _frame: t.Any) -> None:
    raise Interrupted


def _watch_reader(_round: Round) -> float:
    """End the wait when nobody reads the result any more: a lost connection, or a controller that was stopped."""
    poll = select.poll()
    poll.register(STDOUT, 0)
    if poll.poll(0):
        raise Interrupted
    return READER_CHECK
