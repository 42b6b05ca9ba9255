# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Right answers of every service, and how to ask for them; the fuzz tests break them.

ASKED stands where the id of the job that is asked for belongs. FUZZ_SERVICES names some of the services, with commas.
"""

from __future__ import annotations

import copy
import os
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.names import PROVIDERS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.registry import service_of
from ansible_collections.cloudwait.jobs.tests.services import FACTS, Facts
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import validated

CHOSEN = os.environ.get("FUZZ_SERVICES")
SERVICES: dict[str, Service] = {name: service_of(name) for name in (CHOSEN.split(",") if CHOSEN else PROVIDERS)}
ASKED = "job-1"
OTHER = "job-2"
REQUEST = "request-1"


def job(facts: Facts, job_id: str, state: str) -> dict[str, t.Any]:
    """A job's object in which every field says something."""
    return facts.job_object(
        id=job_id,
        status=facts.status_for(state),
        type=facts.type,
        begin=facts.write_time(1667996700) if facts.time else None,
        end=facts.write_time(1667997000) if facts.time else None,
        code="X.1" if state == "failed" else None,
        message="It failed." if state == "failed" else "",
        progress=facts.write_progress(60) if facts.fields.progress else None,
    )


def samples_of(facts: Facts) -> list[t.Any]:
    """Answers: those of the reference, one in every state, and one of two jobs where they stand in a list."""
    found = [with_id(sample.answer, ASKED, sample.job_id) for sample in facts.samples]
    found += [facts.answer(job(facts, ASKED, state)) for state in facts.states]
    if "[]" in facts.job:
        found.append(facts.answer(job(facts, ASKED, "succeeded"), job(facts, OTHER, "running")))
    return found


def with_id(answer: t.Any, job_id: str, instead_of: str = ASKED) -> t.Any:
    """An answer for another job."""
    if isinstance(answer, dict):
        return {key: with_id(value, job_id, instead_of) for key, value in answer.items()}
    if isinstance(answer, list):
        return [with_id(value, job_id, instead_of) for value in answer]
    return job_id if type(answer) in (str, int) and str(answer) == instead_of else copy.copy(answer)


# UPhone's older shape, in which the answer is the job.
OLDER = {
    "RetCode": 0,
    "JobId": ASKED,
    "Status": "SUCCESS",
    "Tasks": [{"PhoneId": "p", "Status": "FAILED", "Message": "m"}],
}
SAMPLES: dict[str, list[t.Any]] = {
    name: [*samples_of(FACTS[name]), *([OLDER] if name == "uphone" else [])] for name in FACTS
}
# The list of the jobs of several requests.
CPH_LIST = {
    "request_id": REQUEST,
    "jobs": [
        {**with_id(SAMPLES["cph"][0], ASKED), "request_id": REQUEST},
        {**job(FACTS["cph"], OTHER, "failed"), "request_id": REQUEST},
    ],
}

# Error bodies, as the services and the gateway before them write them.
ERRORS: list[t.Any] = [
    {"error_code": "CPS.0011", "error_msg": "Job not found.", "request_id": "r"},
    {"error_code": "CPS0003", "error_msg": "Try again later."},
    {"error": {"message": "Exception during task query.", "code": "IMG.0023"}},
    {"error": {"code": 401, "message": "The request you have made requires authentication.", "title": "Unauthorized"}},
    {"errCode": "DWS.0047", "externalMessage": "The job does not exist.", "error_code": "DWS.0047", "error_msg": ""},
    {"error_code": "APIGW.0308", "error_msg": "policy user over ratelimit,limit:200,time:5 minute"},
    {"error_code": "APIG.0301", "error_msg": "verify aksk signature fail"},
    {"code": "X.1", "message": "No."},
    {"RetCode": 171, "Message": "Signature VerifyAC Error"},
    {"RetCode": 153, "Message": "Throttled"},
]

ENDPOINT = "https://cloud.example:8443/base"
TOKEN = "MIIFfake+token/with=signs=="
HUAWEI_LOGIN = {"token": TOKEN, "project_id": "project"}
UCLOUD_LOGIN = {"public_key": "public-key+/1=", "private_key": "private-key-1", "security_token": "security token/1"}


def options_of(service: Service, **given: t.Any) -> dict[str, t.Any]:
    """The options of a task, after Ansible's validation."""
    given = {**base_options(service), **given}
    return validated(service, **{name: value for name, value in given.items() if value is not None})


def base_options(service: Service) -> dict[str, t.Any]:
    """Where to, who signs in, and what else the service needs."""
    login = UCLOUD_LOGIN if service.cloud == "ucloud" else HUAWEI_LOGIN
    return {"endpoint": ENDPOINT, **login, **FACTS[service.provider].options}
