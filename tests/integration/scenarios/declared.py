# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs and resources that a task declares, and requests and declarations that make no sense."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.cloudwait.jobs.tests.integration.scenarios import QUICKLY, Group, Job, Scenario

PEERING = "22b76469-08e3-4937-8c1d-7aad34892be1"
HOSTS = ["uhost-1kzo3a1rcbuq", "uhost-1kzo3a1rcbur"]
STATES = {"pending": ["PENDING_ACCEPTANCE"], "succeeded": ["ACTIVE"], "failed": ["REJECTED", "EXPIRED"]}
PEERINGS: dict[str, Any] = {
    "service": "vpc",
    "path": "/v2.0/vpc/peerings/{job_id}",
    "shape": {"job": "peering", "status": "status", "states": STATES},
}
UHOSTS: dict[str, Any] = {
    "action": "DescribeUHostInstance",
    "ids": "UHostIds",
    "per_call": 100,
    "jobs": "UHostSet",
    "shape": {"id": "UHostId", "status": "State", "states": {"running": ["Starting"], "succeeded": ["Running"]}},
}
IMS: dict[str, Any] = {
    "service": "ims",
    "path": "/v1/{project_id}/jobs/{job_id}",
    "shape": {
        "id": "job_id",
        "status": "status",
        "states": {"pending": ["INIT"], "running": ["RUNNING"], "succeeded": ["SUCCESS"], "failed": ["FAIL"]},
        "type": "job_type",
        "begin_time": "begin_time",
        "end_time": "end_time",
        "error_code": "error_code",
        "error_message": "fail_reason",
    },
}
GONE = {"running": ["ACTIVE", "PENDING_ACCEPTANCE"]}


def declared(name: str, cloud: str, options: Mapping[str, Any], expects: Any, **more: Any) -> Scenario:
    """A scenario of one declared wait."""
    task = {"name": name, f"cloudwait.jobs.{cloud}_job_info": {**QUICKLY, **options}, "ignore_errors": True}
    return Scenario(name, more.pop("provider", "vpc"), expects=expects, tasks=[task], **more)


def shows(operation: str, *bodies: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Orders that change what the next polls show, each in its turn."""
    return [{"kind": "merge", "operation": operation, "body": body, "times": 1} for body in bodies]


def peerings(*statuses: str) -> list[dict[str, Any]]:
    """Orders for the states that the next polls of a peering show."""
    orders = shows("show_peering", *({"peering": {"status": status}} for status in statuses))
    return [{**order, "job_id": PEERING} for order in orders]


WAITING = "PENDING_ACCEPTANCE"
DECLARED = Group(
    [
        declared(
            "a peering that becomes active",
            "huaweicloud",
            {**PEERINGS, "job_ids": [PEERING], "until": "succeeded"},
            {"states": ["succeeded"], "kind": None, "changed": False, "polls": 3, "jobs.0.provider": "vpc"},
            faults=peerings(WAITING, WAITING, "ACTIVE"),
        ),
        declared(
            "a peering that is rejected",
            "huaweicloud",
            {**PEERINGS, "job_ids": [PEERING], "until": "succeeded"},
            {"states": ["failed"], "kind": "job_failed", "jobs.0.status": "REJECTED"},
            faults=peerings("REJECTED"),
        ),
        declared(
            "one poll of a state that nobody declared",
            "huaweicloud",
            {**PEERINGS, "job_ids": [PEERING]},
            {"states": ["unknown"], "kind": None, "jobs.0.status": "PONDERING"},
            faults=peerings("PONDERING"),
        ),
        declared(
            "one that is gone",
            "huaweicloud",
            {
                **PEERINGS,
                "job_ids": ["gone"],
                "shape": {**PEERINGS["shape"], "states": GONE, "absent": "succeeded"},
                "until": "succeeded",
            },
            {"states": ["succeeded"], "kind": None, "polls": 1},
        ),
        declared(
            "one that nobody knows",
            "huaweicloud",
            {**PEERINGS, "job_ids": ["gone"], "until": "succeeded", "not_found_grace": 0},
            {"states": ["not_found"], "kind": "not_found"},
        ),
        declared(
            "a gateway's own 404 is no absence",
            "huaweicloud",
            {
                **PEERINGS,
                "path": "/v2.0/vpc/no-such-path/{job_id}",
                "job_ids": ["gone"],
                "shape": {**PEERINGS["shape"], "states": GONE, "absent": "succeeded"},
                "until": "succeeded",
                "error_grace": 0,
            },
            {"states": ["unknown"], "kind": "service", "failure.code": "APIGW.0101"},
        ),
        declared(
            "a service that has a module, too",
            "huaweicloud",
            {**IMS, "job_ids": ["d1", "d2"], "until": "succeeded"},
            {"states": ["succeeded", "failed"], "kind": "job_failed", "jobs.1.error.code": "X.1"},
            provider="ims",
            jobs=[Job("d1", looks=1), Job("d2", "failed", 0, {"error": {"code": "X.1", "message": "It broke."}})],
        ),
        declared(
            "cloud hosts of UCloud, in one request",
            "ucloud",
            {**UHOSTS, "job_ids": HOSTS, "until": "succeeded"},
            {"states": ["succeeded"] * 2, "kind": None, "requests": 2, "jobs.0.provider": "DescribeUHostInstance"},
            provider="uhost",
            faults=shows("describe_hosts", {}, {"UHostSet": {"State": "Running"}}),
        ),
        declared(
            "a cloud host that is gone",
            "ucloud",
            {
                **UHOSTS,
                "job_ids": ["uhost-gone"],
                "shape": {**UHOSTS["shape"], "absent": "succeeded"},
                "until": "succeeded",
            },
            {"states": ["succeeded"], "kind": None, "requests": 1},
        ),
        Scenario(
            "declared groups beside another",
            "dws",
            [Job("w1", looks=1)],
            expects={"states": ["succeeded", "running", "running"], "kind": None, "changed": False},
            faults=[{"service": "vpc", **order} for order in peerings("ACTIVE")],
            tasks=[
                {
                    "name": "declared groups beside another",
                    "cloudwait.jobs.wait_for_jobs": {
                        "jobs": [
                            {"provider": "huaweicloud", "job_id": PEERING, "options": PEERINGS},
                            {"provider": "ucloud", "job_ids": HOSTS[:1], "options": UHOSTS},
                            {"provider": "dws", "job_id": "w1"},
                        ],
                        "until": "started",
                        "timeout": 30,
                    },
                    "ignore_errors": True,
                }
            ],
        ),
    ]
)

POST: dict[str, Any] = {"service": "ims", "method": "POST", "path": "/v2/cloudimages/action"}
ACTION: dict[str, Any] = {"action": "RunAsyncCommand"}
# module, options, what it says
NONSENSE: list[tuple[str, Mapping[str, Any], str]] = [
    # In Ansible's words
    ("huaweicloud_request", {"service": "ims"}, "missing required arguments: path"),
    (
        "huaweicloud_request",
        {**POST, "colour": "red"},
        "Unsupported parameters for (cloudwait.jobs.huaweicloud_request)",
    ),
    ("huaweicloud_request", {**POST, "until": "arrived"}, "value of until must be one or more of"),
    ("huaweicloud_request", {**POST, "status_code": "ok"}, "status_code"),
    ("ucloud_request", {}, "missing required arguments: action"),
    ("huaweicloud_job_info", {**PEERINGS, "shape": ...}, "missing required arguments: "),
    # In ours
    ("huaweicloud_request", {**POST, "method": "FETCH"}, "The option method holds 'FETCH'; it must be one of GET"),
    ("huaweicloud_request", {**POST, "path": "v2/a"}, "The option path must begin with a slash"),
    ("huaweicloud_request", {**POST, "path": "/v2/../a"}, "The option path holds a segment of dots"),
    ("huaweicloud_request", {**POST, "path": "/v2/a?b=c"}, "The option path holds a ?, and so a query"),
    (
        "huaweicloud_request",
        {**POST, "path": "/v2/{server_id}"},
        "have the placeholder {server_id}, which is not known",
    ),
    ("huaweicloud_request", {**POST, "headers": {"X_Auth-TOKEN": "a"}}, "which the task sets itself or never sends"),
    ("huaweicloud_request", {**POST, "headers": {"a": "b\nc"}}, "The option headers.a holds a line break"),
    ("huaweicloud_request", {**POST, "service": "vpc", "until": "succeeded"}, "there is no provider vpc; name it with"),
    ("huaweicloud_request", {**POST, "until": []}, "The option until is an empty list"),
    ("huaweicloud_request", {**POST, "timeout": float("inf")}, "The option timeout must be a whole number"),
    ("huaweicloud_request", {**POST, "token": "t" * 20}, "are different ways to sign in"),
    (
        "huaweicloud_request",
        {**POST, "until": "succeeded", "wait_options": {"confirmations": 0}},
        "The option wait_options holds what the module for jobs of ims refuses: The option confirmations",
    ),
    ("ucloud_request", {"action": "a b"}, "The option action holds 'a b'"),
    (
        "ucloud_request",
        {**ACTION, "params": {"Signature": "a"}},
        "The option params has Signature, which the task sets",
    ),
    ("ucloud_request", {**ACTION, "timeout": -(10**400)}, "The option timeout is a number of hundreds of digits"),
    (
        "huaweicloud_job_info",
        {**PEERINGS, "job_ids": ["a"], "shape": {"status": "a", "states": {}}},
        "The option shape.states is empty",
    ),
    (
        "huaweicloud_job_info",
        {**PEERINGS, "job_ids": ["a"], "shape": {"status": "a", "states": {"failed": [False]}}},
        'put the value in quotes, as in "NO"',
    ),
    ("huaweicloud_job_info", {**PEERINGS, "job_ids": ["a"], "path": "/v2.0/a"}, "does not say which job is meant"),
    ("huaweicloud_job_info", {**PEERINGS, "job_ids": [17]}, "which YAML does not read as a text"),
    ("ucloud_job_info", {**UHOSTS, "job_ids": ["a"], "per_call": 0}, "The option per_call must be 1 to"),
]
BY_ANSIBLE = 6


def nonsense(number: int, module: str, options: Mapping[str, Any], says: str) -> Scenario:
    """A task that is refused in one sentence, with the usual keys where the sentence is ours."""
    name = f"nonsense {number}: {module}"
    given = {key: value for key, value in options.items() if value is not ...}
    keys: dict[str, Any] = (
        {"status": None, "json": None, "job_ids": [], "refused": []} if module.endswith("_request") else {"jobs": []}
    )
    expects = {
        "failed": True,
        "says": says,
        "changed": False,
        **({"kind": "invalid", **keys} if number >= BY_ANSIBLE else {}),
    }
    task = {"name": name, f"cloudwait.jobs.{module}": given, "ignore_errors": True}
    return Scenario(name, "ims", expects=expects, tasks=[task])


DECLARED_NONSENSE = Group(
    [nonsense(number, *case) for number, case in enumerate(NONSENSE)],
    silent=True,
)
