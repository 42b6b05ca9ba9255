# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Right answers of every service, and how to ask for them; the fuzz tests break them.

ASKED stands where the id of the job that is asked for belongs.
"""

from __future__ import annotations

import copy
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import validated

SERVICES: dict[str, Service] = {service.provider: service for service in (CPH, IMS, DWS, UPHONE)}
ASKED = "job-1"
OTHER = "job-2"
REQUEST = "request-1"

CPH_JOB = {
    "request_id": REQUEST,
    "job_id": ASKED,
    "begin_time": "2019-04-26T07:00:00Z",
    "end_time": "2019-04-26T07:00:06Z",
    "status": 2,
    "phone_id": "phone-1",
    "server_id": "server-1",
    "error_code": None,
    "error_msg": "",
    "execute_msg": "done",
}
CPH_JOBS = [
    CPH_JOB,
    {**CPH_JOB, "status": 1, "end_time": None},
    {**CPH_JOB, "status": -1, "error_code": "CPS.0005", "error_msg": "It failed."},
]
IMS_JOB = {
    "status": "SUCCESS",
    "job_id": ASKED,
    "job_type": "imsImportOvaImageJob",
    "begin_time": "04-Jun-2015 18:11:06:586",
    "end_time": "2015-06-04T18:11:16.586Z",
    "error_code": None,
    "fail_reason": None,
    "entities": {
        "image_id": "image-0",
        "process_percent": 0.5,
        "current_task": "import",
        "results": [{"image_id": "image-1", "project_id": "project", "status": "SUCCESS"}],
        "sub_jobs_result": [
            {"status": "SUCCESS", "job_id": "sub-1", "entities": {"image_id": "image-2"}},
            {"status": "FAIL", "job_id": OTHER, "error_code": "IMG.0033", "fail_reason": "It failed."},
        ],
    },
}
IMS_JOBS = [
    IMS_JOB,
    {**IMS_JOB, "status": "INIT", "entities": {}},
    {**IMS_JOB, "status": "FAIL", "error_code": "IMG.0029", "fail_reason": "It failed."},
]
DWS_JOB = {
    "status": "RUNNING",
    "progress": "9%",
    "job_id": ASKED,
    "job_name": "ecfClusterElbCreateJob",
    "begin_time": "2022-11-09T20:25:00",
    "end_time": "2022-11-09T20:30:00",
    "failed_code": "",
    "failed_detail": None,
}
DWS_JOBS = [
    DWS_JOB,
    {**DWS_JOB, "status": "SUCCESS", "progress": "100%"},
    {**DWS_JOB, "status": "FAIL", "failed_code": "CreateELBTask-fail:DWS.0114", "failed_detail": "It failed."},
]
UPHONE_JOB = {
    "JobId": ASKED,
    "JobType": "INSTALL_APP",
    "State": "PARTIAL_SUCCESS",
    "BeginTime": 1667996700,
    "EndTime": "1667997000",
    "AppVersionId": "app-1",
    "UPhoneIds": ["uphone-1"],
    "Tasks": [
        {"TaskId": "task-1", "State": "SUCCESS", "ErrorMsg": "", "UPhoneId": "uphone-1", "ServerId": "server-1"},
        {"TaskId": OTHER, "State": "FAILED", "ErrorMsg": "It failed.", "UPhoneId": "uphone-2"},
    ],
}
UPHONE_ANSWER = {"RetCode": 0, "Action": "DescribeUPhoneJobResponse", "TotalCount": 2}
UPHONE_ANSWERS = [
    {**UPHONE_ANSWER, "Jobs": [UPHONE_JOB, {**UPHONE_JOB, "JobId": OTHER, "State": "RUNNING", "Tasks": []}]},
    {**UPHONE_ANSWER, "TotalCount": 1, "Jobs": [{**UPHONE_JOB, "State": "SUCCESS", "Tasks": []}]},
    {**UPHONE_ANSWER, "TotalCount": 1, "Jobs": [{**UPHONE_JOB, "State": "FAILED"}]},
    # the older shape
    {
        "RetCode": 0,
        "JobId": ASKED,
        "Status": "SUCCESS",
        "Tasks": [{"PhoneId": "p", "Status": "FAILED", "Message": "m"}],
    },
]
SAMPLES: dict[str, list[t.Any]] = {"cph": CPH_JOBS, "ims": IMS_JOBS, "dws": DWS_JOBS, "uphone": UPHONE_ANSWERS}
# The list of the jobs of several requests.
CPH_LIST = {"request_id": REQUEST, "jobs": [CPH_JOB, {**CPH_JOB, "job_id": OTHER, "status": -1}]}

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
    login = UCLOUD_LOGIN if service is UPHONE else HUAWEI_LOGIN
    given = {"endpoint": ENDPOINT, **login, **given}
    return validated(service, **{name: value for name, value in given.items() if value is not None})


def with_id(sample: t.Any, job_id: str) -> t.Any:
    """A sample for another job."""
    if isinstance(sample, dict):
        return {key: with_id(value, job_id) for key, value in sample.items()}
    if isinstance(sample, list):
        return [with_id(value, job_id) for value in sample]
    return job_id if sample == ASKED else copy.copy(sample)
