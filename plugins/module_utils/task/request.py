# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that send one request, and wait for the jobs that it starts if asked to."""

from __future__ import annotations

import functools
import math
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..clouds.answer import Answer
from ..clouds.connection import Cloud, Connection, Spec
from ..engine.group import JobQuery
from ..model.errors import CloudwaitError, InvalidError, ServiceError
from ..model.job import Failure
from ..services.submit_answer import Finding, found_in
from .messages import sentence
from .options import MAX_ID, WAIT_OPTIONS, check_options
from .provider import Provider, option_secrets
from .providers import PROVIDERS, provider_of
from .result import GroupResult, result_of
from .run import Interrupted, Module, TaskContext, TaskResult, open_query, wait_for
from .submit import UNCLEAR, Submission, submit

# Whose jobs an action of UCloud starts that says nothing else.
DEFAULT_PROVIDERS = {"ucloud": "uphone"}
# The defaults that belong to the provider's module are its own.
OWN_DEFAULTS = ("timeout", "show_progress")
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
# The refusals that a sentence names.
NAMED = 3


class WaitPlan(t.NamedTuple):
    """The wait for the jobs that a request starts: their provider's query, without their ids, and its options."""

    provider: str
    query: JobQuery
    until: t.Sequence[str]
    timeout: float
    fail_fast: bool
    error_grace: float


def request_spec(cloud: Cloud) -> Spec:
    """Return the options of a cloud's module that sends requests."""
    return {**OPTIONS, **cloud.OPTIONS, **cloud.REQUEST_OPTIONS}


def request_module(name: str, cloud: Cloud) -> Module:
    """Return the module that sends requests to a cloud."""
    spec = request_spec(cloud)
    return Module(
        {"argument_spec": spec},
        functools.partial(run_request, name, cloud),
        secrets=functools.partial(option_secrets, spec),
        refused=refused_request,
    )


def refused_request(error: CloudwaitError) -> dict[str, t.Any]:
    """Return the result of a task whose options are refused before they are validated."""
    return _ended({"until": None, "until_status": None}, Submission(None, error, False), None, None).result


def run_request(cloud_name: str, cloud: Cloud, options: t.Mapping[str, t.Any], context: TaskContext) -> TaskResult:
    """Send the request, and wait for its jobs. `options` have passed Ansible's validation."""
    started = context.clock()
    connection = context.connection()
    options = {**options, "max_rate": options["max_rate"] or WAIT_OPTIONS["max_rate"]["default"]}
    try:
        given = {name: value for name, value in options.items() if value is not None and name not in CONTENT}
        check_options({**_defaults(), **given})
        sender = cloud.open_sender(options, context.environ, connection)
        plan = _plan(cloud_name, options, context, connection) if options["until"] or options["until_status"] else None
    except CloudwaitError as exc:
        return _ended(options, Submission(None, exc, False), None, None)
    if context.check_mode and not sender.is_reading:
        return _not_sent(options)
    deadline = started + options["timeout"] if plan is not None and context.until(options) else math.inf
    try:
        submission = submit(
            sender, context, deadline, 4 * options["request_timeout"], plan.error_grace if plan is not None else None
        )
    except (KeyboardInterrupt, Interrupted):
        error = ServiceError("The task was interrupted while the request was under way.")
        submission = Submission(None, error, is_unclear=not sender.is_reading)
        return _ended(options, submission, None, connection, sender.is_reading)._replace(interrupted=True)
    if submission.error is not None or plan is None:
        connection.close()
        return _ended(options, submission, None, connection, sender.is_reading)
    return _wait(options, plan, submission, started, sender.is_reading, context, connection)


def _defaults() -> dict[str, t.Any]:
    return {name: spec.get("default") for name, spec in WAIT_OPTIONS.items()}


def _plan(cloud_name: str, options: t.Mapping[str, t.Any], context: TaskContext, connection: Connection) -> WaitPlan:
    """Return the wait for the jobs of the request, for which nothing is missing but their ids.

    Raises InvalidError where it is not known whose jobs these are, and for options that their module refuses.
    """
    name = options["provider"] or options.get("service") or DEFAULT_PROVIDERS.get(cloud_name)
    if name not in PROVIDERS:
        known = ", ".join(PROVIDERS)
        raise InvalidError(
            f"It is not known whose jobs the answer names: there is no provider {name!s:.80}; name it with the option "
            f"provider, one of {known}, or leave until out."
        )
    provider = provider_of(name)
    given = _options_of(provider, options)
    service = provider.declare(given)
    query = open_query(service, provider.cloud, given, context, connection)
    until = context.until(options)
    return WaitPlan(service.provider, query, until, options["timeout"], given["fail_fast"], float(given["error_grace"]))


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
    options: t.Mapping[str, t.Any],
    plan: WaitPlan,
    submission: Submission,
    started: float,
    is_reading: bool,
    context: TaskContext,
    connection: Connection,
) -> TaskResult:
    """Wait for the jobs that the answer names. What is known of them is never lost."""
    finding = _finding(submission.answer)
    timeout = max(0.0, started + plan.timeout - context.clock())
    asked = (plan.provider, finding.ids, plan.until, plan.timeout)
    if not finding.ids:
        connection.close()
        lost = InvalidError(_no_job(finding))
        group = GroupResult(*asked, refusal=lost)
        error = None if finding.refusals else lost
        return _ended(options, submission._replace(error=error), group, connection, is_reading)
    query = plan.query._replace(keys=finding.ids)
    (outcome,), interrupted = wait_for({plan.provider: query}, timeout, context, connection, plan.fail_fast)
    group = GroupResult(*asked, outcome=outcome, interrupted=interrupted)
    task = _ended(options, submission, group, connection, is_reading)
    task.result["elapsed"] = round(context.clock() - started, 3)
    return TaskResult(task.result, [*connection.warnings, *outcome.warnings], interrupted)


def _finding(answer: Answer | None) -> Finding:
    """Return what an answer tells of jobs, but for ids that no request can name."""
    finding = found_in(answer.value) if answer is not None else Finding()
    finding.ids = [job_id for job_id in dict.fromkeys(finding.ids) if len(job_id) <= MAX_ID and job_id.strip(".")]
    return finding


def _no_job(finding: Finding) -> str:
    if finding.refusals:
        return "There is no job to wait for, because the service refused everything."
    return "There is no job to wait for, because the answer names none; see json or content for what it holds."


def _ended(
    options: t.Mapping[str, t.Any],
    submission: Submission,
    group: GroupResult | None,
    connection: Connection | None,
    is_reading: bool = True,
) -> TaskResult:
    """Return the result of a task that has sent its request, or could not."""
    answer, error = submission.answer, submission.error
    finding = _finding(answer) if not (is_reading and group is None) else _ids_only(answer)
    result: dict[str, t.Any] = {
        "changed": False,
        "status": answer.status if answer else None,
        "json": answer.value if answer else None,
        "content": answer.content if answer else None,
        "headers": dict(answer.headers) if answer else {},
        "request_id": answer.request_id if answer else None,
        "job_ids": finding.ids,
        "refused": [refusal.as_dict() for refusal in finding.refusals],
    }
    if options["until"] or options["until_status"]:
        group = group or GroupResult(
            options["provider"] or "", finding.ids, options["until"] or [], options["timeout"], refusal=error
        )
        sent, throttled = (connection.requests, connection.throttled) if connection is not None else (0, 0)
        result = {**result_of(group, sent, throttled), **result}
        result.pop("failed", None)
        result.pop("failure", None)
    # Where every part was refused, nothing was taken on.
    is_accepted = answer is not None and answer.is_accepted and (not finding.refusals or bool(finding.ids))
    result["changed"] = not is_reading and (is_accepted or submission.is_unclear)
    failure, message = _verdict(submission, group, finding, options)
    if failure is not None:
        result.update(failed=True, failure=failure.as_dict())
    return TaskResult({**result, "msg": message})


def _verdict(
    submission: Submission, group: GroupResult | None, finding: Finding, options: t.Mapping[str, t.Any]
) -> tuple[Failure | None, str]:
    """Return why the task fails, if it does, and its message."""
    error = submission.error
    if error is not None:
        text = f"{error}{UNCLEAR if submission.is_unclear else ''}"
        return Failure(error.kind, error.code, text), text
    refused = _refused(finding)
    said = sentence(group) if group is not None and group.outcome is not None else ""
    if group is not None and group.outcome is not None and group.failure is not None:
        return group.failure, " ".join(filter(None, [said, refused]))
    if refused:
        code = finding.refusals[0].code or None
        return Failure("service", code, refused), " ".join(filter(None, [refused, said]))
    answer = t.cast("Answer", submission.answer)
    return None, said or f"The service answers HTTP {answer.status}."


def _refused(finding: Finding) -> str:
    """Return the sentence about what the service refused at submit, if anything."""
    if not finding.refusals:
        return ""
    named = ", ".join(str(refusal) for refusal in finding.refusals[:NAMED])
    more = len(finding.refusals) - NAMED
    named += f" and {more} more" if more > 0 else ""
    share = f"{len(finding.refusals)} of {finding.items} items" if finding.items > 1 else "the request"
    return f"The service refused {share} at submit: {named}; correct what was refused, and submit it again."


def _ids_only(answer: Answer | None) -> Finding:
    """Return what an answer that only tells something names; an error in it is what was asked for."""
    finding = _finding(answer)
    finding.refusals = []
    return finding


def _not_sent(options: t.Mapping[str, t.Any]) -> TaskResult:
    """Return the result of check mode, where nothing that changes something is sent."""
    group = GroupResult(options["provider"] or "", [], [], options["timeout"])
    return TaskResult(
        {
            **result_of(group, 0),
            "changed": True,
            "status": None,
            "json": None,
            "content": None,
            "headers": {},
            "request_id": None,
            "job_ids": [],
            "refused": [],
            "msg": "In check mode the request was not sent, since it would change something.",
        }
    )
