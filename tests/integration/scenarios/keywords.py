# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that a play, a block and a task can ask of a module."""

from __future__ import annotations

import textwrap
from typing import Any

from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.cloudwait.jobs.tests.integration.scenarios import Group, Job, Scenario
from simulator import credentials

IMS = "cloudwait.jobs.ims_job_info"
PASSWORD = "the vault's password"
NO_KEYS = {"access_key": None, "secret_key": None}
KEYS = {"HUAWEICLOUD_SDK_AK": credentials.ACCESS_KEY, "HUAWEICLOUD_SDK_SK": credentials.SECRET_KEY}
NO_EFFECT = (
    "no effect, because the task does not wait without until; to wait, add `until: succeeded` to the module's options."
)


def show(name: str, expression: str) -> dict[str, Any]:
    """A task whose msg is the value of an expression."""
    return {"name": name, "ansible.builtin.debug": {"msg": f"{{{{ {expression} }}}}"}}


def vaulted(name: str, value: str) -> str:
    """YAML that gives a variable a value out of a vault."""
    vault = VaultLib([("default", VaultSecret(PASSWORD.encode()))])
    return f"{name}: !vault |\n" + textwrap.indent(vault.encrypt(value).decode(), "  ")


KEYWORDS = Group(
    [
        Scenario(
            "module_defaults of the module",
            "ims",
            [Job("d1", "failed")],
            {"job_ids": ...},
            {"states": ["failed"], "kind": "job_failed", "invocation.module_args.max_rate": 4.0},
            {"module_defaults": {IMS: {"job_ids": ["d1"], "until": "succeeded", "max_rate": 4}}},
        ),
        Scenario(
            "module_defaults of the group of all, and the task's own options first",
            "ims",
            [Job("d2")],
            {"timeout": 7},
            {"invocation.module_args.timeout": 7, "invocation.module_args.max_rate": 4.0},
            {"module_defaults": {"group/cloudwait.jobs.all": {"timeout": 9, "max_rate": 4}}},
        ),
        Scenario(
            "module_defaults for tasks that wait, in one that does not",
            "ims",
            [Job("d3")],
            expects=lambda seen: "warnings" not in seen.result,
            keywords={"module_defaults": {"group/cloudwait.jobs.huaweicloud": {"timeout": 9}, IMS: {"delay": 1}}},
        ),
        Scenario(
            "the task's own options in spite of them",
            "ims",
            [Job("d4")],
            {"timeout": 7, "delay": 2},
            {"warnings": [f"The option delay has {NO_EFFECT}"]},
            {"module_defaults": {"group/cloudwait.jobs.all": {"timeout": 7, "delay": 1}}},
        ),
        Scenario(
            "the names that are no keywords, the task's own before those of the play",
            "ims",
            [Job("d5")],
            {"wait_until": "succeeded", "timeout": 60, "wait_delay": 0},
            {
                "states": ["succeeded"],
                "warnings": "absent",
                "invocation.module_args.until": ["succeeded"],
                "invocation.module_args.timeout": 60,
                "invocation.module_args.delay": 0.0,
            },
            {"module_defaults": {"group/cloudwait.jobs.all": {"wait_timeout": 9, "delay": 5}}},
        ),
        Scenario(
            "templated options",
            "ims",
            [Job("v1"), Job("v2")],
            {
                "job_ids": "{{ ids }}",
                "timeout": "{{ 60 * 2 }}",
                "fail_fast": "{{ ids | length > 1 }}",
                "until": "{{ omit }}",
            },
            {
                "states": ["succeeded"] * 2,
                "invocation.module_args.timeout": 120,
                "invocation.module_args.fail_fast": True,
                "invocation.module_args.until": None,
                "warnings": [f"The options timeout, interval, max_interval and fail_fast have {NO_EFFECT}"],
            },
            {"vars": {"ids": ["v1", "v2"]}},
        ),
        Scenario(
            "options in one line",
            "ims",
            [Job("o1")],
            expects={"states": ["succeeded"], "invocation.module_args.until": ["succeeded"]},
            tasks=[{"name": "options in one line", IMS: "job_id=o1 until=succeeded timeout=60"}],
        ),
        Scenario(
            "the module as an action's argument",
            "ims",
            [Job("o2")],
            expects={"states": ["succeeded"]},
            tasks=[{"name": "the module as an action's argument", "action": f"{IMS} job_ids=o2"}],
        ),
        Scenario(
            "a loop",
            "ims",
            [Job("l1"), Job("l2", "failed")],
            {"job_ids": ["{{ item }}"], "until": "succeeded"},
            {
                "results.0.item": "l1",
                "results.0.jobs.0.state": "succeeded",
                "results.1.failure.kind": "job_failed",
                "failed": True,
            },
            {"loop": ["l1", "l2"]},
        ),
        Scenario(
            "Ansible's own until and retries",
            "ims",
            [Job("r1", looks=2)],
            {},
            {"states": ["succeeded"], "attempts": 3, "polls": 1},
            {"register": "tried", "until": "tried is cloudwait.jobs.jobs_finished", "retries": 5, "delay": 0},
        ),
        Scenario(
            "what counts as failed, and as changed, is the task's to say",
            "ims",
            [Job("f1", "failed")],
            {},
            {"failed": True, "changed": True, "failed_when_result": True, "failure": "absent"},
            {
                "register": "judged",
                "failed_when": "judged is cloudwait.jobs.jobs_failed",
                "changed_when": "judged.jobs | length == 1",
            },
        ),
        Scenario(
            "skipped",
            "ims",
            options={"job_ids": ["s1"]},
            expects=lambda seen: seen.played.status("skipped") == "skipped",
            keywords={"when": False},
        ),
        Scenario(
            "delegated",
            "ims",
            [Job("g1")],
            {"until": "succeeded"},
            {"states": ["succeeded"]},
            {"delegate_to": "localhost", "run_once": True},
        ),
        Scenario(
            "a task that nobody may see",
            "ims",
            [Job("unheard-of", "failed")],
            expects=lambda seen: (
                "censored" in seen.result
                and "jobs" not in seen.result
                and seen.played["but it can be used"]["msg"] == "failed"
                and "job unheard-of" not in seen.played.stderr
            ),
            tasks=[
                {
                    "name": "a task that nobody may see",
                    IMS: {"job_ids": ["unheard-of"], "until": "succeeded"},
                    "no_log": True,
                    "register": "hidden",
                    "ignore_errors": True,
                },
                show("but it can be used", "hidden.jobs[0].state"),
            ],
        ),
        Scenario(
            "a rescue sees the whole result",
            "ims",
            [Job("x1", "failed"), Job("x2")],
            expects=lambda seen: (
                {"jobs", "summary", "unfinished", "failure", "failed", "msg", "invocation"} <= set(seen.result["msg"])
                and seen.played["its state"]["msg"] == "failed"
                and seen.played["its kind"]["msg"] == "job_failed"
                and seen.played["its task"]["msg"] == "wait in a block"
            ),
            tasks=[
                {
                    "name": "block",
                    "block": [{"name": "wait in a block", IMS: {"job_ids": ["x1", "x2"], "until": "succeeded"}}],
                    "rescue": [
                        show("its state", "ansible_failed_result.jobs[0].state"),
                        show("its kind", "ansible_failed_result.failure.kind"),
                        show("its task", "ansible_failed_task.name"),
                        show(
                            "a rescue sees the whole result",
                            "ansible_failed_result.keys() | reject('match', '_ansible') | sort",
                        ),
                    ],
                }
            ],
        ),
        Scenario(
            "a rescue of what Ansible refuses",
            "ims",
            expects=lambda seen: "missing required arguments: job_ids" in seen.result["msg"],
            tasks=[
                {
                    "name": "block",
                    "block": [{"name": "nonsense in a block", IMS: {"until": "succeeded"}}],
                    "rescue": [show("a rescue of what Ansible refuses", "ansible_failed_result.msg")],
                }
            ],
        ),
        Scenario(
            "a secret out of a vault",
            "ims",
            [Job("vault")],
            {"secret_key": "{{ vaulted }}"},
            lambda seen: (
                seen.result["jobs"][0]["state"] == "succeeded" and credentials.SECRET_KEY not in seen.played.output
            ),
        ),
    ],
    {"arguments": ["--extra-vars", "@vault.yml", "--vault-password-file", "vault-password"]},
    files={"vault.yml": vaulted("vaulted", credentials.SECRET_KEY), "vault-password": PASSWORD},
)

ENVIRONMENT = Group(
    [
        Scenario(
            "credentials in the play's environment",
            "ims",
            [Job("e1")],
            NO_KEYS,
            {"states": ["succeeded"]},
        ),
        Scenario(
            "the task's environment goes before it",
            "ims",
            options={"job_ids": ["e2"], **NO_KEYS},
            expects={"kind": "authentication"},
            keywords={"environment": {"HUAWEICLOUD_SDK_SK": "something else"}},
        ),
        Scenario(
            "a block's environment, with a template in it",
            "ims",
            [Job("e3")],
            expects={"states": ["succeeded"], "invocation.module_args.region": None},
            tasks=[
                {
                    "name": "block",
                    "environment": {"HW_REGION_NAME": "{{ region }}", "HW_PROJECT_ID": credentials.PROJECT_ID},
                    "vars": {"region": credentials.REGION},
                    "block": [
                        {
                            "name": "a block's environment, with a template in it",
                            IMS: {**NO_KEYS, "region": None, "project_id": None, "job_ids": ["e3"]},
                        }
                    ],
                }
            ],
        ),
        Scenario(
            "UCloud's variables",
            "uphone",
            [Job("e4")],
            {"public_key": None, "private_key": None, "region": None, "project_id": None},
            {"states": ["succeeded"]},
            {
                "environment": {
                    "UCLOUD_PUBLIC_KEY": credentials.UCLOUD_PUBLIC_KEY,
                    "UCLOUD_PRIVATE_KEY": credentials.UCLOUD_PRIVATE_KEY,
                    "UCLOUD_REGION": credentials.UCLOUD_REGION,
                    "UCLOUD_PROJECT_ID": credentials.UCLOUD_PROJECT_ID,
                }
            },
        ),
        Scenario(
            "a path may name a variable of the environment",
            "ims",
            options={"job_ids": ["e5"], "ca_path": "$CERTIFICATES/none.pem"},
            expects={"kind": "invalid", "says": "The option ca_path names /nowhere/none.pem"},
            keywords={"environment": {"CERTIFICATES": "/nowhere"}},
        ),
        Scenario(
            "nothing of it is left for the next task",
            "ims",
            options={"job_ids": ["e6"], "ca_path": "$CERTIFICATES/none.pem"},
            expects={"kind": "invalid", "says": "The option ca_path names $CERTIFICATES/none.pem"},
        ),
    ],
    {"play_environment": KEYS},
)

# Modules by their short names, and only what is tagged.
SHORT = Group(
    [
        Scenario(
            "a short name, and a tag",
            "ims",
            [Job("short")],
            expects=lambda seen: (
                seen.result["jobs"][0]["state"] == "succeeded"
                and "no tag" not in [task["task"] for task in seen.played.tasks]
            ),
            tasks=[
                {"name": "no tag", "ims_job_info": {"job_ids": ["short"]}},
                {"name": "a short name, and a tag", "ims_job_info": {"job_ids": ["short"]}, "tags": ["wanted"]},
            ],
        ),
        Scenario(
            "a short name, and nonsense",
            "ims",
            expects={"failed": True, "says": "module: colour. Supported parameters include: access_key"},
            tasks=[
                {
                    "name": "a short name, and nonsense",
                    "ims_job_info": {"job_ids": ["short"], "colour": "red"},
                    "tags": ["wanted"],
                    "ignore_errors": True,
                }
            ],
        ),
    ],
    {
        "collections": ["cloudwait.jobs"],
        "arguments": ["--tags", "wanted"],
        # What later versions of ansible-core do unless they are told otherwise.
        "environment": {"ANSIBLE_INJECT_INVOCATION": "false"},
    },
)
