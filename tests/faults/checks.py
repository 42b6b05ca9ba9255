# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every result, whatever happened."""

from __future__ import annotations

import json
import re
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import Job, State, summarise
from ansible_collections.cloudwait.jobs.tests.faults.scene import Seen
from ansible_collections.cloudwait.jobs.tests.simulator import credentials
from ansible_collections.cloudwait.jobs.tests.simulator.requestlog import Request
from ansible_collections.cloudwait.jobs.tests.spellings import found
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence

KINDS = {"job_failed", "timeout", "not_found", "authentication", "permission", "service", "transport", "invalid"}
# Each credential, and the part of a request that may hold it: a header, UCloud's form, or IAM's body.
CREDENTIALS = {
    credentials.ACCESS_KEY: "Authorization",
    credentials.SECRET_KEY: "",
    credentials.TOKEN: "X-Auth-Token",
    credentials.PASSWORD: "iam",
    credentials.UCLOUD_PUBLIC_KEY: "form",
    credentials.UCLOUD_PRIVATE_KEY: "",
}


def check_result(seen: Seen) -> None:
    """One shape, one sentence, no traceback, no credential."""
    result = seen.result
    text = json.dumps(result, ensure_ascii=False, allow_nan=False)
    told = text + json.dumps(seen.warnings)
    assert not found(told, CREDENTIALS)
    assert not found(told, [secret for request in seen.requests for secret in passing_secrets(request)])
    assert "Traceback" not in told
    assert "please report it" not in told
    assert is_sentence(result["msg"]), result["msg"]
    assert len(result["msg"]) < 3000
    assert result["changed"] is False
    assert ("failure" in result) is result.get("failed", False)
    if "failure" in result:
        assert result["failure"]["kind"] in KINDS
        assert is_sentence(result["failure"]["message"]), result["failure"]
    for warning in seen.warnings:
        assert is_sentence(warning), warning
    assert result["timed_out"] is (seen.kind == "timeout")
    check_jobs(result)
    check_requests(seen.requests)


def passing_secrets(request: Request) -> list[str]:
    """The signature of a request, or the token that it carried."""
    signed = request.headers.get("Authorization", "") + request.body
    token = request.headers.get("X-Auth-Token")
    return re.findall(r"Signature=([0-9a-f]{40,})", signed) + ([token] if token else [])


def check_jobs(result: t.Mapping[str, t.Any]) -> None:
    """The counts are those of the jobs."""
    counted = [Job(job["job_id"], job["provider"], State(job["state"])) for job in result["jobs"]]
    assert result["summary"] == summarise(counted)
    ids = [job["job_id"] for job in result["jobs"]]
    assert set(result["unfinished"]) <= set(ids)
    for job in result["jobs"]:
        final = job["state"] in ("succeeded", "partially_succeeded", "failed")
        assert job["finished"] is final
        assert not (final and job["job_id"] in result["unfinished"])


def check_requests(requests: t.Sequence[Request]) -> None:
    """No credential is anywhere but where it belongs."""
    for request in requests:
        for secret, place in CREDENTIALS.items():
            headers = " ".join(text for name, text in request.headers.items() if name != place)
            is_its_body = place == ("form" if "Action=" in request.body else request.service)
            sent = f"{request.target} {headers} {'' if is_its_body else request.body}"
            assert not found(sent, [secret])
