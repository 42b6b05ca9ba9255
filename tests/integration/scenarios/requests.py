# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests of the user's, and waits for the jobs that they start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.cloudwait.jobs.tests.integration.scenarios import QUICKLY, Group, Job, Scenario

CLOUDS = {"cph": "huaweicloud", "ims": "huaweicloud", "dws": "huaweicloud", "vpc": "huaweicloud", "uphone": "ucloud"}
PHONES = "/v1/{project_id}/cloud-phone/phones/batch-reset"
IMAGES = "/v2/cloudimages/action"
CLUSTER = "/v1/{project_id}/clusters/c1"
# A request of each service, and what its answer is changed by so that it names a job.
SUBMITS: dict[str, dict[str, Any]] = {
    "cph": {"service": "cph", "method": "POST", "path": PHONES, "body": {"phones": [{"phone_id": "p1"}]}},
    "ims": {"service": "ims", "method": "post", "path": IMAGES, "body": {"name": "golden", "instance_id": "i1"}},
    "dws": {"service": "dws", "method": "POST", "path": f"{CLUSTER}/start"},
    "uphone": {
        "action": "InstallUPhoneAppVersion",
        "params": {"AppVersionId": "a1", "UPhoneIds": ["u1", "u2"]},
    },
}
JOB_ID: dict[str, dict[str, Any]] = {
    "cph": {"jobs": {"job_id": "ID"}},
    "ims": {"job_id": "ID"},
    "dws": {"job_id": "ID"},
    "uphone": {"JobId": "ID"},
}


def named(provider: str, job_id: str) -> dict[str, Any]:
    """An order that lets the next submit of a service start this job; the request is checked as ever."""
    body = {
        key: dict.fromkeys(value, job_id) if isinstance(value, dict) else job_id
        for key, value in JOB_ID[provider].items()
    }
    return {"kind": "merge", "operation": "submit", "body": body, "times": 1}


# The orders for the submits of a service are taken in their turn, so each submit needs one.
HONEST = {"kind": "merge", "operation": "submit", "body": {}, "times": 1}


def request(
    name: str,
    provider: str,
    options: Mapping[str, Any],
    expects: Any,
    jobs: Sequence[Job] = (),
    faults: Sequence[Mapping[str, Any]] | None = None,
    **keywords: Any,
) -> Scenario:
    """A scenario of one request; with a job, its answer names it unless other `faults` are given."""
    if options.get("until"):
        options = {**QUICKLY, **options}
    task = {
        "name": name,
        f"cloudwait.jobs.{CLOUDS[provider]}_request": options,
        "ignore_errors": True,
        **keywords,
    }
    orders = ([named(provider, jobs[0].job_id)] if jobs else [HONEST]) if faults is None else faults
    return Scenario(name, provider, jobs, expects=expects, faults=orders, tasks=[task])


NO_PHONE = {"error_code": "CPS.0005", "error_msg": "Phone is not found."}
REFUSED_IN_PART = {
    "request_id": "request-of-r1",
    "jobs": [{"phone_id": "p1", "job_id": "r1"}, {"phone_id": "no-such-phone", **NO_PHONE}],
}
ACCEPTED: dict[str, Any] = {"kind": None, "changed": True, "status": 200, "refused": [], "content": None}
NOT_WAITED = {"jobs": "absent", "summary": "absent", "polls": "absent"}

REQUESTS = Group(
    [
        *(
            request(
                f"{provider}: submit and wait",
                provider,
                {**options, "until": "succeeded", "wait_options": {"city_id": "cn-somewhere"} if ucloud else {}},
                {**ACCEPTED, "states": ["succeeded"], "job_ids": [f"{provider}-s"], "polls": 3, "requests": 4},
                [Job(f"{provider}-s", looks=2)],
            )
            for provider, options in SUBMITS.items()
            for ucloud in [CLOUDS[provider] == "ucloud"]
        ),
        *(
            request(
                f"{provider}: submit and go on",
                provider,
                options,
                {**ACCEPTED, **NOT_WAITED, "job_ids": [f"{provider}-g"], "says": "The service answers HTTP 200."},
                [Job(f"{provider}-g", "running")],
            )
            for provider, options in SUBMITS.items()
        ),
        request(
            "a job that fails",
            "ims",
            {**SUBMITS["ims"], "until": "succeeded"},
            {"kind": "job_failed", "changed": True, "status": 200, "states": ["failed"], "job_ids": ["f1"]},
            [Job("f1", "failed", looks=1)],
        ),
        request(
            "a job that needs longer",
            "ims",
            {**SUBMITS["ims"], "until": "succeeded", "timeout": 1, "interval": 0.4, "max_interval": 0.4},
            lambda seen: (
                seen.result["failure"]["kind"] == "timeout"
                and (seen.result["job_ids"], seen.result["unfinished"]) == (["t1"], ["t1"])
                and seen.result["changed"] is True
            ),
            [Job("t1", "running")],
        ),
        request(
            "what only a wait heeds, without a wait",
            "ims",
            {**SUBMITS["ims"], "provider": "ims", "timeout": 60},
            lambda seen: "The options provider and timeout have no effect, " in seen.result["warnings"][0],
            [Job("w1")],
        ),
        # Parts that are refused
        *(
            request(
                f"a part is refused, {'and the rest waited for' if until else 'without a wait'}",
                "cph",
                {
                    **SUBMITS["cph"],
                    **({"until": until} if until else {}),
                },
                {
                    "kind": "service",
                    "failure.code": "CPS.0005",
                    "changed": True,
                    "refused": [
                        {"name": "phone_id no-such-phone", "code": "CPS.0005", "message": "Phone is not found."}
                    ],
                    "says": "The service refused 1 of 2 items at submit: phone_id no-such-phone (CPS.0005",
                    **({"jobs.0.state": "running", "summary.total": 1} if until else NOT_WAITED),
                },
                [Job("r1", "running")],
                [{"kind": "json", "operation": "submit", "body": REFUSED_IN_PART}],
            )
            for until in ("started", "")
        ),
        request(
            "a refused request",
            "ims",
            {**SUBMITS["ims"], "body": {"instance_id": "i1"}},
            {
                "kind": "invalid",
                "failure.code": "IMG.0001",
                "status": 400,
                "changed": False,
                "json.error.code": "IMG.0001",
                "job_ids": [],
            },
        ),
        request(
            "UCloud refuses it",
            "uphone",
            {"action": "RunAsyncCommand", "params": {"UPhoneIds": ["u1"]}},
            {"kind": "service", "failure.code": "220", "status": 200, "changed": False, "json.RetCode": 220},
        ),
        # An answer without a job
        request(
            "no job id",
            "vpc",
            {
                "service": "vpc",
                "method": "POST",
                "path": "/v2.0/vpc/peerings",
                "body": {"peering": {"name": "a"}},
                "provider": "ims",
                "until": "succeeded",
            },
            {
                "kind": "invalid",
                "status": 201,
                "changed": True,
                "job_ids": [],
                "json.peering.name": "a",
                "states": [],
                "says": "There is no job to wait for, because the answer names none; see json or content",
            },
            faults=[],
        ),
        request(
            "an answer without a body",
            "vpc",
            {
                "service": "vpc",
                "method": "DELETE",
                "path": "/v2.0/vpc/peerings/22b76469-08e3-4937-8c1d-7aad34892be1",
                "status_code": [204],
            },
            {"kind": None, "status": 204, "changed": True, "job_ids": []},
            faults=[],
        ),
        request(
            "another code than wanted",
            "ims",
            {**SUBMITS["ims"], "status_code": [202]},
            {
                "kind": "invalid",
                "status": 200,
                "changed": True,
                "job_ids": ["c1"],
                "says": "which is not in status_code",
            },
            [Job("c1")],
        ),
        request(
            "an answer that is no JSON",
            "ims",
            {**SUBMITS["ims"]},
            {**ACCEPTED, "content": "<p>Welcome</p>", "json": None, "job_ids": []},
            faults=[{"kind": "text", "operation": "submit", "text": "<p>Welcome</p>", "content_type": "text/html"}],
        ),
        # Unclear, and sent once
        request(
            "an answer that says nothing of the outcome",
            "dws",
            {**SUBMITS["dws"], "until": "succeeded"},
            {
                "kind": "service",
                "status": 502,
                "changed": True,
                "states": [],
                "requests": 1,
                "says": "The request may have been carried out: look before you send it again.",
            },
            faults=[{"kind": "status", "status": 502, "operation": "submit"}],
        ),
        request(
            "a connection that is cut",
            "dws",
            {**SUBMITS["dws"]},
            {"kind": "transport", "status": None, "changed": True, "says": "may have been carried out"},
            faults=[{"kind": "reset", "operation": "submit"}],
        ),
        request(
            "throttled, and sent again",
            "ims",
            {**SUBMITS["ims"]},
            {**ACCEPTED},
            faults=[{"kind": "throttle", "operation": "submit", "retry_after": 0}, HONEST],
        ),
        # What changes nothing
        request(
            "a GET",
            "ims",
            {"service": "ims", "path": "/v1/{project_id}/jobs/g1"},
            {"kind": None, "status": 200, "changed": False, "json.job_id": "g1", "json.status": "SUCCESS"},
            [Job("g1")],
            faults=[{"kind": "status", "status": 503, "job_id": "g1", "operation": "show_job"}],
        ),
        request(
            "an action that describes",
            "uphone",
            {"action": "DescribeUPhoneJob", "params": {"JobIds": ["uphone-s"], "CityId": None}},
            {"kind": None, "status": 200, "changed": False, "json.Jobs.0.JobId": "uphone-s"},
            faults=[],
        ),
        # Content
        request(
            "a text as it is, and a list in the query",
            "ims",
            {
                **SUBMITS["ims"],
                "body": '{"name": "a", "instance_id": "b"} ',
                "headers": {"Content-Type": "application/json", "X-Language": "en-us"},
                "query": {"tag": ["a", "b c"], "none": None, "number": 5},
            },
            lambda seen: (
                seen.result["status"] == 200
                and f"{IMAGES}?tag=a&tag=b%20c&number=5" in seen.targets
                and seen.result["invocation"]["module_args"]["query"]["number"] == 5
            ),
        ),
        request(
            "module_defaults of the group",
            "ims",
            {name: value for name, value in SUBMITS["ims"].items() if name != "method"},
            {"kind": None, "changed": True, "invocation.module_args.method": "POST"},
            module_defaults={
                "cloudwait.jobs.huaweicloud_request": {"method": "POST"},
                "group/cloudwait.jobs.all": {"max_rate": 4},
            },
        ),
        Scenario(
            "the filter and a job module take its result",
            "ims",
            [Job("p1")],
            expects={"states": ["succeeded"]},
            faults=[named("ims", "p1")],
            tasks=[
                {"name": "submit", "cloudwait.jobs.huaweicloud_request": SUBMITS["ims"], "register": "submitted"},
                {
                    "name": "the filter and a job module take its result",
                    "cloudwait.jobs.ims_job_info": {"job_ids": "{{ submitted | cloudwait.jobs.job_ids }}"},
                },
            ],
        ),
    ]
)
NOT_SENT: dict[str, Any] = {
    "kind": None,
    "changed": True,
    "status": None,
    "json": None,
    "job_ids": [],
    "jobs": [],
    "says": "In check mode the request was not sent",
}
REQUESTS_IN_CHECK_MODE = Group(
    [
        *(
            request(f"{provider}: {number}", provider, {**options, **more}, NOT_SENT)
            for provider, options in SUBMITS.items()
            for number, more in enumerate([{}, {"until": "succeeded"}])
        ),
        request(
            "a GET is sent",
            "ims",
            {"service": "ims", "path": "/v1/{project_id}/jobs/c1"},
            {"kind": None, "status": 200, "changed": False, "json.job_id": "c1"},
            [Job("c1")],
            faults=[],
        ),
        Scenario(
            "the filter finds no ids",
            "ims",
            expects={"jobs": [], "kind": None, "requests": 0},
            tasks=[
                {"name": "not sent", "cloudwait.jobs.huaweicloud_request": SUBMITS["ims"], "register": "not_sent"},
                {
                    "name": "the filter finds no ids",
                    "cloudwait.jobs.ims_job_info": {"job_ids": "{{ not_sent | cloudwait.jobs.job_ids }}"},
                },
            ],
        ),
    ],
    {"check": True},
)
