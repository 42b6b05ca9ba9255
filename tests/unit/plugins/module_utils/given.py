# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options as a task gives them, through Ansible's own validation."""

from __future__ import annotations

import re
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import CLOUDS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import run_job_info
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.options import prepared
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.provider import argument_spec, of_service
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext, TaskResult


def validated(service: Service, **given: t.Any) -> dict[str, t.Any]:
    """The options with their defaults, or an AssertionError with what Ansible says against them."""
    spec = argument_spec(service)
    result = ArgumentSpecValidator(**spec).validate(prepared(spec["argument_spec"], given, service.numeric_ids))
    assert not result.error_messages, result.error_messages
    return t.cast("dict[str, t.Any]", result.validated_parameters)


def refusals(service: Service, **given: t.Any) -> list[str]:
    """What Ansible's own validation says against the options."""
    validator = ArgumentSpecValidator(**argument_spec(service))
    return list(validator.validate(given).error_messages)


def run_task(
    service: Service,
    options: t.Mapping[str, t.Any],
    environ: t.Mapping[str, str] | None = None,
    secrets: set[str] | None = None,
    check_mode: bool = False,
    **outside: t.Any,
) -> TaskResult:
    """Run the task of a service's module; `outside` is what the task has of the outside, such as its clock."""
    context = TaskContext(check_mode, environ or {}, set() if secrets is None else secrets, **outside)
    return run_job_info(of_service(service, CLOUDS[service.cloud]), options, context)


def is_sentence(text: str) -> bool:
    """Whether a message is printable text in one line, that begins and ends as a sentence does."""
    return text.isprintable() and bool(re.match(r"[A-Z0-9]", text)) and text.endswith(".") and "  " not in text
