# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that send one request, and wait for the jobs that it starts if asked to."""

from __future__ import annotations

import functools
import math
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..clouds.connection import Connection, Senders
from ..clouds.connection_options import CONNECTION_OPTIONS
from ..clouds.options import Spec
from ..engine.group import JobQuery
from ..model.errors import CloudwaitError, InvalidError, ServiceError
from .options import OF_A_WAIT, WAIT_OPTIONS, check_options
from .provider import Provider, option_secrets
from .providers import PROVIDERS, provider_of
from .request_result import RequestResult
from .result import GroupResult
from .run import Interrupted, Module, TaskContext, TaskResult, open_query, wait_for
from .submit import Submission, submit

# Whose jobs an action of UCloud starts that says nothing else.
DEFAULT_PROVIDERS = {"ucloud": "uphone"}
# The defaults that belong to the provider's module are its own.
OWN_DEFAULTS = ("timeout", "show_progress", "include_raw")
OPTIONS: Spec = {
    "provider": {"type": "str"},
    "wait_options": {"type": "dict", "default": {}, "no_log": True},
    **{
        name: spec if name in OWN_DEFAULTS else {key: value for key, value in spec.items() if key != "default"}
        for name, spec in WAIT_OPTIONS.items()
    },
}
# What is the service's to check.
CONTENT = ("body", "query", "headers", "params")


class WaitPlan(t.NamedTuple):
    """The wait for the jobs that a request starts: their provider's query, without their ids, and its options."""

    provider: str
    query: JobQuery
    until: t.Sequence[str]
    timeout: float
    fail_fast: bool
    error_grace: float
    include_raw: bool


def request_module(name: str, senders: Senders) -> Module:
    """Return the module that sends requests to a cloud."""
    spec: Spec = {**OPTIONS, **CONNECTION_OPTIONS[name], **senders.OPTIONS}
    return Module(
        {"argument_spec": spec},
        functools.partial(run_request, name, senders),
        refused_request,
        secrets=functools.partial(option_secrets, spec),
        of_a_wait=("provider", "wait_options", *OF_A_WAIT),
    )


def refused_request(error: CloudwaitError, options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the result of a task that ends before it runs."""
    asks_to_wait = options.get("until") or options.get("until_status")
    group = GroupResult("", [], until=[], timeout=0, refusal=error) if asks_to_wait else None
    return RequestResult(Submission(None, error, is_unclear=False), group).as_dict()


def run_request(cloud_name: str, senders: Senders, options: t.Mapping[str, t.Any], context: TaskContext) -> TaskResult:
    """Send the request, and wait for its jobs. `options` have passed Ansible's validation."""
    started = context.clock()
    connection = context.connection()
    options = {**options, "max_rate": options["max_rate"] or WAIT_OPTIONS["max_rate"]["default"]}
    asks_to_wait = bool(options["until"] or options["until_status"])
    provider = options["provider"] or options.get("service") or DEFAULT_PROVIDERS.get(cloud_name) or ""

    def ended(submission: Submission, is_reading: bool = True, interrupted: bool = False) -> TaskResult:
        connection.close()
        group = None
        if asks_to_wait:
            group = GroupResult(provider, [], context.until(options), options["timeout"], refusal=submission.error)
        result = RequestResult(submission, group, is_reading).as_dict(connection.requests, connection.throttled)
        return TaskResult(result, connection.warnings, interrupted)

    try:
        given = {name: value for name, value in options.items() if value is not None and name not in CONTENT}
        check_options({**_defaults(), **given})
        sender = senders.open_sender(options, context.environ, connection)
        plan = _plan(provider, options, context, connection) if asks_to_wait else None
    except CloudwaitError as exc:
        return ended(Submission(None, exc, is_unclear=False))
    if context.check_mode and not sender.is_reading:
        return TaskResult(RequestResult(None, GroupResult(provider, [], [], options["timeout"])).as_dict())
    deadline = started + options["timeout"] if context.until(options) else math.inf
    error_grace = plan.error_grace if plan is not None else None
    try:
        submission = submit(sender, context, deadline, 4 * options["request_timeout"], error_grace)
    except (KeyboardInterrupt, Interrupted):
        error = ServiceError("The task was interrupted while the request was under way.")
        return ended(Submission(None, error, not sender.is_reading), sender.is_reading, interrupted=True)
    if submission.error is not None or plan is None:
        return ended(submission, sender.is_reading)
    return _wait(plan, submission, started, sender.is_reading, context, connection)


def _defaults() -> dict[str, t.Any]:
    return {name: spec.get("default") for name, spec in WAIT_OPTIONS.items()}


def _plan(name: str, options: t.Mapping[str, t.Any], context: TaskContext, connection: Connection) -> WaitPlan:
    """Return the wait for jobs of a provider, for which nothing is missing but their ids.

    Raises InvalidError where there is no such provider, and for options that its module refuses.
    """
    if name not in PROVIDERS:
        raise InvalidError(
            f"It is not known whose jobs the answer names: there is no provider {name or 'given'!s:.80}; name it with "
            f"the option provider, one of {', '.join(PROVIDERS)}, or leave until out."
        )
    provider = provider_of(name)
    given = _options_of(provider, options)
    service = provider.declare(given)
    query = open_query(service, provider.cloud, given, context, connection)
    until = context.until(options)
    return WaitPlan(
        service.provider,
        query,
        until,
        options["timeout"],
        given["fail_fast"],
        float(given["error_grace"]),
        given["include_raw"],
    )


def _options_of(provider: Provider, options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the validated options of the module that waits for the jobs."""
    # Path, query and headers are those of the request; of a wait that the user declares, wait_options has its own.
    shared = {
        name: value
        for name, value in options.items()
        if name in provider.spec["argument_spec"] and name not in (*CONTENT, "path", "action") and value is not None
    }
    validated = ArgumentSpecValidator(**provider.spec).validate(
        {**shared, **options["wait_options"], "job_ids": ["of the answer"]}
    )
    parameters: dict[str, t.Any] = validated.validated_parameters
    try:
        if validated.error_messages:
            raise InvalidError(f"{validated.error_messages[0]}.")
        check_options(parameters)
    except InvalidError as exc:
        raise InvalidError(
            f"The option wait_options holds what the module for jobs of {provider.name} refuses: {exc}"
        ) from None
    return parameters


def _wait(
    plan: WaitPlan,
    submission: Submission,
    started: float,
    is_reading: bool,
    context: TaskContext,
    connection: Connection,
) -> TaskResult:
    """Wait for the jobs that the answer names. What is known of them is never lost."""
    finding = RequestResult(submission, is_reading=False).finding
    timeout = max(0.0, started + plan.timeout - context.clock())
    asked = (plan.provider, finding.ids, plan.until, plan.timeout)
    interrupted, warnings = False, connection.warnings
    if finding.ids:
        query = plan.query._replace(keys=finding.ids)
        (outcome,), interrupted = wait_for({plan.provider: query}, timeout, context, connection, plan.fail_fast)
        group = GroupResult(
            *asked,
            outcome=outcome,
            interrupted=interrupted,
            include_raw=plan.include_raw,
            is_check=context.check_mode,
            place=str(query.source.place),
        )
        warnings = [*connection.warnings, *outcome.warnings]
    else:
        connection.close()
        lost = InvalidError(
            "There is no job to wait for, because the answer names none; see json or content for what it holds."
        )
        group = GroupResult(*asked, refusal=lost)
        submission = submission if finding.refusals else submission._replace(error=lost)
    result = RequestResult(submission, group, is_reading).as_dict(connection.requests, connection.throttled)
    return TaskResult({**result, "elapsed": round(context.clock() - started, 3)}, warnings, interrupted)
