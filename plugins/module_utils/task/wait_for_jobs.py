# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module that waits for the jobs of several services at the same time."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..clouds.connection import Connection
from ..clouds.options import Spec
from ..engine.group import JobQuery
from ..model.errors import CloudwaitError, InvalidError
from .groups import JobGroup, ValidGroup, merge_options, parse_connections, parse_groups, validate_group
from .messages import sentence_of_all
from .options import WAIT_OPTIONS
from .result import GroupResult, result_of_all
from .run import Module, TaskContext, TaskResult, open_query, wait_for
from .secrecy import secrets_in
from .table import table

# What belongs to the whole task, and not to each group.
OF_THE_TASK = ("timeout", "fail_fast", "show_progress")
# What holds for all groups of the declaration of an option.
KEPT = ("type", "elements", "aliases")
# What is not given is left to the modules' own defaults.
OPTIONS: Spec = {
    # Their values are masked one by one, by `secrets`: most of them are none.
    "jobs": {"type": "list", "elements": "dict", "required": True, "no_log": True},
    "connections": {"type": "dict", "default": {}, "no_log": True},
    **{name: {key: spec[key] for key in KEPT if key in spec} for name, spec in WAIT_OPTIONS.items()},
    "until": {**{key: WAIT_OPTIONS["until"][key] for key in KEPT}, "default": ["succeeded"]},
    "timeout": WAIT_OPTIONS["timeout"],
}

Groups = t.List[t.Tuple[JobGroup, t.Dict[str, t.Any]]]
Defaults = t.Callable[[JobGroup], t.Mapping[str, t.Any]]


def merged_groups(options: t.Mapping[str, t.Any], defaults: Defaults = lambda _group: {}) -> Groups:
    """Return the groups, each with all options for its module. Raises InvalidError where they make no sense."""
    groups = parse_groups(options["jobs"])
    connections = parse_connections(options["connections"])
    shared = {name: options[name] for name in WAIT_OPTIONS if name not in OF_THE_TASK}
    return [(group, merge_options(group, connections, shared, defaults(group))) for group in groups]


def with_defaults(arguments: t.Mapping[str, t.Any], defaults: Defaults) -> dict[str, t.Any]:
    """Return a task's arguments with the play's defaults for the modules in each group's options.

    Arguments that make no sense stay as they are, for the module to refuse.
    """
    validated = ArgumentSpecValidator(OPTIONS).validate(dict(arguments))
    if validated.error_messages:
        return dict(arguments)
    try:
        groups = merged_groups(validated.validated_parameters, defaults)
    except InvalidError:
        return dict(arguments)
    jobs = []
    for group, options in groups:
        # What a null undoes must not come back when the module merges the same again.
        undone = {name: value for name, value in group.options.items() if value is None}
        jobs.append({"provider": group.provider_name, **group.ids, "options": {**options, **undone}})
    return {**arguments, "jobs": jobs}


def secrets(options: t.Mapping[str, t.Any]) -> set[str]:
    """Return the values of all groups' options that nobody may see, also of options that make no sense."""
    return secrets_in([options["jobs"], options["connections"]])


def refused(error: CloudwaitError, _options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the result of a task that ends before it runs."""
    group = GroupResult("", [], until=[], timeout=0, refusal=error)
    return result_of_all([group], str(error), [], 0.0, 0, 0)


def run(options: t.Mapping[str, t.Any], context: TaskContext) -> TaskResult:
    """Wait for all groups until one deadline. `options` have passed Ansible's validation."""
    started = context.clock()
    try:
        groups = [
            validate_group(group, {**merged, "timeout": options["timeout"]}, context.check_mode)
            for group, merged in merged_groups(options)
        ]
    except InvalidError as exc:
        return TaskResult(refused(exc, options))
    connection = context.connection()
    answers = [_open(group, context, connection) for group in groups]
    names = names_of(groups, answers)
    named, opened = dict(zip(names, groups)), dict(zip(names, answers))
    queries = {name: query for name, query in opened.items() if isinstance(query, JobQuery)}
    refusals = {name: error for name, error in opened.items() if isinstance(error, CloudwaitError)}
    fail_fast = bool(options["fail_fast"]) and not context.check_mode
    outcomes, interrupted = wait_for(
        queries,
        options["timeout"],
        context,
        connection,
        fail_fast,
        # Jobs that cannot be polled cannot arrive.
        is_lost=bool(refusals),
    )
    outcome_of = dict(zip(queries, outcomes))
    results = [
        GroupResult(
            provider=group.service.provider,
            keys=group.options["job_ids"] or [],
            until=context.until(group.options),
            timeout=options["timeout"],
            outcome=outcome_of.get(name),
            refusal=refusals.get(name),
            interrupted=interrupted,
            include_raw=group.options["include_raw"],
            is_check=context.check_mode,
            name=name,
            place=str(queries[name].source.place) if name in queries else "",
        )
        for name, group in named.items()
    ]
    elapsed = context.clock() - started
    lines = table(job for result in results for job in result.jobs)
    message = sentence_of_all(results, elapsed)
    warnings = dict.fromkeys([*connection.warnings, *(text for outcome in outcomes for text in outcome.warnings)])
    return TaskResult(
        result_of_all(results, message, lines, elapsed, connection.requests, connection.throttled),
        list(warnings),
        interrupted,
    )


def _open(valid: ValidGroup, context: TaskContext, connection: Connection) -> JobQuery | CloudwaitError:
    """Return the query for a group's jobs, or why there is none."""
    try:
        return open_query(valid.service, valid.group.provider.cloud, valid.options, context, connection)
    except CloudwaitError as exc:
        return exc


def names_of(groups: t.Sequence[ValidGroup], opened: t.Sequence[JobQuery | CloudwaitError]) -> list[str]:
    """Return what each group is called while the task waits: its provider, and its place where there are several."""
    providers = [group.service.provider for group in groups]
    places = [
        query.source.place.short if isinstance(query, JobQuery) else group.options["region"]
        for group, query in zip(groups, opened)
    ]
    names = [
        f"{provider} {place}" if place and providers.count(provider) > 1 else provider
        for provider, place in zip(providers, places)
    ]
    return [f"{name} {number}" if names.count(name) > 1 else name for number, name in enumerate(names, 1)]


WAIT_FOR_JOBS = Module({"argument_spec": OPTIONS}, run, refused, secrets=secrets)
