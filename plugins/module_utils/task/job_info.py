# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that look up the jobs of one service."""

from __future__ import annotations

import functools
import typing as t

from ..clouds.connection import Cloud
from ..model.errors import CloudwaitError
from ..services.declaration import Service
from .messages import sentence
from .options import argument_spec, check_options
from .result import GroupResult, result_of
from .run import Module, TaskContext, TaskResult, open_query, wait_for


def job_info(service: Service, cloud: Cloud) -> Module:
    """Return the module of a service."""
    return Module(argument_spec(service, cloud), functools.partial(run_job_info, service, cloud), service.numeric_ids)


def run_job_info(service: Service, cloud: Cloud, options: t.Mapping[str, t.Any], context: TaskContext) -> TaskResult:
    """Poll the jobs of a service once, or wait for them. `options` have passed Ansible's validation."""
    until = context.until(options["until"])
    asked = (service.provider, options["job_ids"] or [], until, options["timeout"])
    connection = context.connection()
    try:
        check_options(options, context.check_mode)
        query = open_query(service, cloud, options, context, connection)
    except CloudwaitError as exc:
        refused = GroupResult(*asked, refusal=exc)
        return TaskResult({**result_of(refused, 0), "msg": sentence(refused)})
    (outcome,), interrupted = wait_for({service.provider: query}, options["timeout"], context, connection)
    group = GroupResult(*asked, outcome=outcome, interrupted=interrupted)
    result = {**result_of(group, connection.requests), "msg": sentence(group)}
    return TaskResult(result, [*connection.warnings, *outcome.warnings], interrupted)
