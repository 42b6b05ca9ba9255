# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ours: the collection's code as its modules run it, without Ansible around it."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import CLOUDS, SENDERS
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import Call, FetchResult
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.threads import ThreadExecutor
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.registry import service_of
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import run_job_info
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.provider import argument_spec, of_service
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.request import request_module
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext, TaskResult
from ansible_collections.cloudwait.jobs.tests.services import FACTS
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, credentials


class JumpingTime:
    """Seconds of a clock that can be put forward."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def __call__(self) -> float:
        """The time on this clock."""
        return time.monotonic() + self.skipped


class JumpingExecutor(ThreadExecutor):
    """Does not sleep while no call is under way: it puts the clock forward."""

    def __init__(self, clock: JumpingTime) -> None:
        super().__init__(clock)
        self._time = clock
        self._under_way = 0

    def submit(self, call: Call) -> None:
        """Start a call."""
        self._under_way += 1
        super().submit(call)

    def collect(self, deadline: float) -> Sequence[FetchResult]:
        """Wait for results, or jump to the deadline."""
        if not self._under_way:
            self._time.skipped += max(0.0, deadline - self._time())
            return []
        results = super().collect(deadline)
        self._under_way -= len(results)
        return results


def task(provider: str, environ: Mapping[str, str] | None = None, /, **options: Any) -> tuple[TaskResult, set[str]]:
    """Run one task with these options. Returns what it gave, and the secrets that it met."""
    service = service_of(provider)
    spec = argument_spec(service)
    validator = ArgumentSpecValidator(
        spec["argument_spec"],
        mutually_exclusive=spec.get("mutually_exclusive"),
        required_one_of=spec.get("required_one_of"),
    )
    # Real time is short where something is tried again.
    validated = validator.validate({"interval": 0.01, "max_interval": 0.02, "max_rate": 1000, **options})
    assert not validated.error_messages, validated.error_messages
    secrets: set[str] = set()
    before = set(threading.enumerate())
    context = TaskContext(False, environ or {}, secrets)
    if "until" not in options:
        # A single poll that fails is tried again, and nobody should wait for that.
        jumping = JumpingTime()
        context = context._replace(clock=jumping, executor=lambda _clock: JumpingExecutor(jumping))
    run = run_job_info(of_service(service, CLOUDS[service.cloud]), validated.validated_parameters, context)
    # Requests that are still under way when a task ends count, too.
    for thread in set(threading.enumerate()) - before:
        thread.join()
    return run, secrets


def result(provider: str, /, **options: Any) -> dict[str, Any]:
    """The result of one task with these options."""
    return task(provider, **options)[0].result


def request(cloud_name: str, /, **options: Any) -> dict[str, Any]:
    """The result of one task that sends a request."""
    module = request_module(cloud_name, SENDERS[cloud_name])
    validated = ArgumentSpecValidator(**module.spec).validate({"interval": 0.01, "max_interval": 0.02, **options})
    assert not validated.error_messages, validated.error_messages
    return module.run(validated.validated_parameters, TaskContext(False, {}, set())).result


def poll(cloud: Cloud, provider: str, /, *job_ids: str, **options: Any) -> dict[str, Any]:
    """The result of one look at jobs of an embedded cloud, with its credentials unless the options have others."""
    named = {"job_ids": list(job_ids)} if job_ids else {}
    return result(provider, **{**connection(cloud, provider), **named, **options})


def connection(cloud: Cloud, provider: str) -> dict[str, Any]:
    """Connection options for an embedded cloud."""
    facts = FACTS[provider]
    if facts.is_ucloud:
        return {
            **facts.options,
            "endpoint": cloud.url,
            "region": credentials.UCLOUD_REGION,
            "project_id": credentials.UCLOUD_PROJECT_ID,
            "public_key": credentials.UCLOUD_PUBLIC_KEY,
            "private_key": credentials.UCLOUD_PRIVATE_KEY,
        }
    return {
        **facts.options,
        "endpoint": cloud.url,
        "auth_url": cloud.url,
        "project_id": credentials.PROJECT_ID,
        "access_key": credentials.ACCESS_KEY,
        "secret_key": credentials.SECRET_KEY,
    }
