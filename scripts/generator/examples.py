# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EXAMPLES of the modules: those of a service's module, and those that every module has."""

from __future__ import annotations

import typing as t

import yaml
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import State

from .sources import Described
from .yaml_text import dump

Task = dict[str, t.Any]
# What a play gives to all its tasks, by action group.
CREDENTIALS = {
    "huaweicloud": {
        "region": "cn-north-4",
        "access_key": "{{ vault_access_key }}",
        "secret_key": "{{ vault_secret_key }}",
    },
    "ucloud": {
        "region": "cn-wlcb",
        "public_key": "{{ vault_public_key }}",
        "private_key": "{{ vault_private_key }}",
    },
}


def service_examples(described: Described) -> str:
    """Return the EXAMPLES of a service's module: those of every service, and its own."""
    module, jobs = f"cloudwait.jobs.{described.module}", f"{described.provider}_jobs"
    needed = dict(described.text.get("example_options", {}))
    ids = {**needed, "job_ids": [described.sample.job_id]}
    # The job of the vendor's sample may have failed, and the examples are run as they stand.
    until = "succeeded" if described.sample.state is State.SUCCEEDED else "finished"
    tasks: list[Task] = [
        {"name": "Poll once, without waiting", module: ids, "register": jobs},
        {
            "name": "Show what the job is doing",
            "ansible.builtin.debug": {"msg": f"{{{{ {jobs}.jobs[0].job_id }}}} is {{{{ {jobs}.jobs[0].state }}}}."},
        },
        {
            "name": f"Wait up to half an hour until the jobs have {until}",
            module: {**ids, "until": until, "timeout": 1800},
            "register": jobs,
        },
    ]
    if described.takes_requests:
        request_id = described.sample.resources.get("request_id", "request-1")
        tasks.append(
            {
                "name": "Wait for every job of a request, however the jobs end",
                module: {**needed, "request_ids": [request_id], "until": "finished"},
                "register": "request_jobs",
            }
        )
    own = described.text.get("examples", "")
    wait = {**ids, "until": until}
    common = [
        filtered(module, {**needed, "until": until}, described.text.get("id_field")),
        rescued(module, {**ids, "until": "succeeded"}, jobs),
        signed_in(described.service.cloud, module, wait),
    ]
    return joined([*map(_text, tasks), own, *map(_text, common)])


def filtered(module: str, options: Task, field: str | None) -> Task:
    """Return a task that waits for the jobs in the result of an earlier one; `field`: where their ids are."""
    argument = f"(field='{field}')" if field else ""
    ids = f"{{{{ started | cloudwait.jobs.job_ids{argument} }}}}"
    return {
        "name": "Wait for the jobs that an earlier task has started, whose result is in started",
        module: {"job_ids": ids, **options},
    }


def rescued(module: str, options: Task, jobs: str) -> Task:
    """Return a block that says what went wrong, and fails all the same."""
    reason = "{{ item.error.message | default('no reason given', true) }}"
    return {
        "name": "Wait, and say what went wrong before the play fails",
        "block": [{"name": "Wait until the jobs have succeeded", module: options, "register": jobs}],
        "rescue": [
            {
                "name": "Name the jobs that have not succeeded",
                "ansible.builtin.debug": {"msg": f"{{{{ item.job_id }}}} is {{{{ item.state }}}}: {reason}"},
                "loop": f"{{{{ {jobs}.jobs | rejectattr('state', 'eq', 'succeeded') }}}}",
                "loop_control": {"label": "{{ item.job_id }}"},
            },
            {"name": "Fail all the same", "ansible.builtin.fail": {"msg": f"{{{{ {jobs}.msg }}}}"}},
        ],
    }


def signed_in(cloud: str, module: str, options: Task) -> Task:
    """Return a play that gives the credentials to all its tasks."""
    return {
        "name": "Give the credentials to all tasks of a play",
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {f"group/cloudwait.jobs.{cloud}": CREDENTIALS[cloud]},
        "tasks": [{"name": "Wait with them", module: options}],
    }


def with_common(written: str, cloud: str, jobs: str) -> str:
    """Return written examples, and after them those that every module has, made of the first."""
    first = yaml.safe_load(written)[0]
    module = next(key for key in first if key.startswith("cloudwait.jobs."))
    options = first[module]
    return joined([written, _text(rescued(module, options, jobs)), _text(signed_in(cloud, module, options))])


def joined(texts: t.Sequence[str]) -> str:
    """Return examples with a blank line between them."""
    return "\n".join(text for text in texts if text)


def _text(item: Task) -> str:
    return dump([item])
