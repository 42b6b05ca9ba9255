# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that look up the jobs of one provider."""

from __future__ import annotations

import functools
import typing as t

from ..clouds.connection import Cloud, Declarations
from ..model.errors import CloudwaitError
from ..services.declaration import Service
from .messages import sentence
from .options import OF_A_WAIT, check_options
from .provider import Provider, of_cloud, of_service
from .result import GroupResult, result_of
from .run import Module, TaskContext, TaskResult, open_query, wait_for


def job_info(service: Service, cloud: Cloud) -> Module:
    """Return the module of a service."""
    return module_of(of_service(service, cloud))


def declared_job_info(name: str, cloud: Cloud, declarations: Declarations) -> Module:
    """Return the module for the jobs of a cloud that a user declares in a task."""
    return module_of(of_cloud(name, cloud, declarations))


def module_of(provider: Provider) -> Module:
    """Return the module of a provider."""
    run = functools.partial(run_job_info, provider)
    secrets = provider.secrets if provider.has_content else None
    refused = functools.partial(refused_job_info, provider)
    return Module(provider.spec, run, refused, provider.numeric_ids, secrets, OF_A_WAIT)


def refused_job_info(provider: Provider, error: CloudwaitError, options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the result of a task that ends before it runs."""
    group = GroupResult(provider.name, options.get("job_ids") or [], until=[], timeout=0, refusal=error)
    return {**result_of(group, 0), "msg": sentence(group)}


def run_job_info(provider: Provider, options: t.Mapping[str, t.Any], context: TaskContext) -> TaskResult:
    """Poll the jobs of a provider once, or wait for them. `options` have passed Ansible's validation."""
    asked = (options["job_ids"] or [], context.until(options), options["timeout"])
    connection = context.connection()
    try:
        check_options(options, context.check_mode)
        service = provider.declare(options)
        query = open_query(service, provider.cloud, options, context, connection)
    except CloudwaitError as exc:
        refused = GroupResult(provider.name, *asked, refusal=exc)
        return TaskResult({**result_of(refused, 0), "msg": sentence(refused)})
    (outcome,), interrupted = wait_for({service.provider: query}, options["timeout"], context, connection)
    group = GroupResult(
        service.provider,
        *asked,
        outcome=outcome,
        interrupted=interrupted,
        include_raw=options["include_raw"],
        is_check=context.check_mode,
        place=str(query.source.place),
    )
    result = {**result_of(group, connection.requests, connection.throttled), "msg": sentence(group)}
    return TaskResult(result, [*connection.warnings, *outcome.warnings], interrupted)
