# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job services of the same family that have no module yet: the declaration holds each of them as it is.

The answers are made up after the vendor's API references.
"""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.domain import Domain
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.exchange import Exchange
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.job_source import JobSource
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.project import Project
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.scope import Scope
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.signing import Request
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.times import TimeFormat
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import (
    HuaweiCloudService,
    JobMapping,
    Progress,
    Scale,
    SubJobs,
)

PENDING, RUNNING, SUCCEEDED, FAILED = State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED

ECS_STATES = {"INIT": PENDING, "RUNNING": RUNNING, "SUCCESS": SUCCEEDED, "FAIL": FAILED}
# One mapping for ECS, EVS, BMS, SDRS and EIP.
ECS_JOB = JobMapping(
    job_id="job_id",
    status=("status",),
    states=ECS_STATES,
    type="job_type",
    begin_time="begin_time",
    end_time="end_time",
    error_code=("error_code", "entities.sub_jobs[].error_code"),
    error_message=("fail_reason", "entities.sub_jobs[].fail_reason"),
    resources={"server_ids": ("entities.server_id", "entities.sub_jobs[].entities.server_id")},
    sub_jobs=SubJobs(
        "entities.sub_jobs[]",
        JobMapping(
            job_id="job_id",
            status=("status",),
            states=ECS_STATES,
            error_code=("error_code",),
            error_message=("fail_reason",),
            resources={"server_id": ("entities.server_id",)},
        ),
    ),
)
RDS_STATES = {"Pending": PENDING, "Running": RUNNING, "Completed": SUCCEEDED, "Failed": FAILED}


def declared(provider: str, path: str, mapping: JobMapping, job: str = "", **query: str) -> HuaweiCloudService:
    """A service without error codes of its own."""
    return HuaweiCloudService(provider, provider.upper(), provider, path, mapping, {}, query, job)


ECS = declared("ecs", "/v1/{project_id}/jobs/{job_id}", ECS_JOB)
# The id in the query, the job under a key.
RDS = declared(
    "rds",
    "/v3/{project_id}/jobs",
    JobMapping(
        job_id="id",
        status=("status",),
        states=RDS_STATES,
        type="name",
        progress=Progress("process", Scale.PERCENT),
        begin_time="created",
        end_time="ended",
        error_message=("fail_reason",),
        resources={"instance_id": ("instance.id",)},
    ),
    job="job",
    id="{job_id}",
)
# The id in the query, the job as the first of a list.
GEMINIDB = declared(
    "geminidb",
    "/v3/{project_id}/jobs",
    JobMapping(
        job_id="id",
        status=("status",),
        states=RDS_STATES,
        progress=Progress("progress", Scale.PERCENT),
        begin_time="begin_time",
        end_time="end_time",
        error_message=("fail_reason",),
    ),
    job="jobs[]",
    id="{job_id}",
)
# Everything at a depth of its own.
CCE = declared(
    "cce",
    "/api/v3/projects/{project_id}/jobs/{job_id}",
    JobMapping(
        job_id="metadata.uid",
        status=("status.phase",),
        states={"Initializing": PENDING, "Running": RUNNING, "Success": SUCCEEDED, "Failed": FAILED},
        type="spec.type",
        begin_time="metadata.creationTimestamp",
        error_message=("status.reason",),
        resources={"cluster_id": ("spec.clusterUID",), "resource_id": ("spec.resourceID",)},
        sub_jobs=SubJobs(
            "spec.subJobs[]",
            JobMapping(
                job_id="metadata.uid",
                status=("status.phase",),
                states={"Initializing": PENDING, "Running": RUNNING, "Success": SUCCEEDED, "Failed": FAILED},
                error_message=("status.reason",),
            ),
        ),
    ),
)
# Unix milliseconds as text.
DCS = declared(
    "dcs",
    "/v2/{project_id}/jobs/{job_id}",
    JobMapping(
        job_id="job_id",
        status=("status",),
        states={"SUCCESS": SUCCEEDED, "FAIL": FAILED},
        type="job_type",
        begin_time="begin_time",
        end_time="end_time",
        time_format=TimeFormat.MILLISECONDS,
        error_message=("fail_reason",),
    ),
)
SFS_TURBO = declared(
    "sfs-turbo",
    "/v1/{project_id}/sfs-turbo/jobs/{job_id}",
    JobMapping(
        job_id="job_id",
        status=("status",),
        states={"waiting": PENDING, "running": RUNNING, "success": SUCCEEDED, "failed": FAILED},
        error_code=("error_code",),
        error_message=("fail_reason",),
    ),
)
ELB = declared(
    "elb",
    "/v3/{project_id}/elb/jobs/{job_id}",
    JobMapping(
        job_id="job_id",
        status=("status",),
        states={"INIT": PENDING, "RUNNING": RUNNING, "COMPLETE": SUCCEEDED, "FAIL": FAILED},
        type="job_type",
        error_code=("error_code",),
        error_message=("error_msg",),
    ),
    job="job",
)
# Progress as an integer, at a depth of its own.
CBR = declared(
    "cbr",
    "/v3/{project_id}/operation-logs/{job_id}",
    JobMapping(
        job_id="id",
        status=("status",),
        states={"waiting": PENDING, "running": RUNNING, "success": SUCCEEDED, "failed": FAILED, "timeout": FAILED},
        type="operation_type",
        progress=Progress("extra_info.common.progress", Scale.PERCENT),
        begin_time="started_at",
        end_time="ended_at",
        error_code=("error_info.code",),
        error_message=("error_info.message",),
    ),
    job="operation_log",
)
# Statuses as integers, progress as a share of one.
OMS = declared(
    "oms",
    "/v2/{project_id}/tasks/{job_id}",
    JobMapping(
        job_id="id",
        status=("status",),
        states={1: PENDING, 2: RUNNING, 3: FAILED, 4: FAILED, 5: SUCCEEDED},
        progress=Progress("progress", Scale.FRACTION),
        begin_time="start_time",
        time_format=TimeFormat.MILLISECONDS,
        error_code=("error_reason.error_code",),
        error_message=("error_reason.error_msg",),
    ),
)


class OneAnswer:
    """An exchange that has one answer to everything, and keeps what it was asked."""

    kept = None
    rate_limiter = None
    base_url = "https://cloud"

    def __init__(self, answer: t.Any) -> None:
        self._answer = answer
        self.asked = ""

    def send(self, request: Request, scope: t.Any, deadline: float) -> t.Any:
        self.asked = request.url[len(self.base_url) :]
        return self._answer

    def error_in(self, value: t.Any) -> None:
        return None


def poll(service: HuaweiCloudService, answer: t.Any, job_id: str = "j") -> tuple[Job, str]:
    """The job that an answer holds, and the request that was made for it."""
    exchange = t.cast(Exchange, OneAnswer(answer))
    [job] = JobSource(service, exchange, Scope(Project("p", None, exchange), Domain(None, None, exchange))).fetch(
        [job_id], 60.0
    )[job_id]
    return job, t.cast(OneAnswer, exchange).asked


@pytest.mark.parametrize(
    ("service", "request_line"),
    [
        (ECS, "/v1/p/jobs/j"),
        (RDS, "/v3/p/jobs?id=j"),
        (GEMINIDB, "/v3/p/jobs?id=j"),
        (CCE, "/api/v3/projects/p/jobs/j"),
        (DCS, "/v2/p/jobs/j"),
        (SFS_TURBO, "/v1/p/sfs-turbo/jobs/j"),
        (ELB, "/v3/p/elb/jobs/j"),
        (CBR, "/v3/p/operation-logs/j"),
        (OMS, "/v2/p/tasks/j"),
    ],
    ids=lambda value: getattr(value, "provider", ""),
)
def test_request(service: HuaweiCloudService, request_line: str) -> None:
    _job, asked = poll(service, {})
    assert asked == request_line


def result(**values: t.Any) -> dict[str, t.Any]:
    """What a job's result says, for what is not null or empty."""
    return values


@pytest.mark.parametrize(
    ("service", "answer", "expected"),
    [
        (
            ECS,
            {
                "job_id": "j",
                "job_type": "createServer",
                "status": "FAIL",
                "begin_time": "2016-04-25T20:04:47.591Z",
                "end_time": "2016-04-25T20:08:21.328Z",
                "error_code": None,
                "fail_reason": None,
                "entities": {
                    "sub_jobs_total": 2,
                    "sub_jobs": [
                        {"job_id": "s1", "status": "SUCCESS", "entities": {"server_id": "server-1"}},
                        {"job_id": "s2", "status": "FAIL", "error_code": "Ecs.0001", "fail_reason": "No room."},
                    ],
                },
            },
            result(
                state="failed",
                type="createServer",
                duration=213.737,
                error={"code": "Ecs.0001", "message": "No room."},
                resources={"server_ids": ["server-1"]},
            ),
        ),
        # two of three sub jobs have ended
        (
            ECS,
            {
                "job_id": "j",
                "status": "RUNNING",
                "entities": {"sub_jobs": [{"status": "SUCCESS"}, {"status": "FAIL"}, {"status": "RUNNING"}]},
            },
            result(state="running"),
        ),
        (
            RDS,
            {
                "job": {
                    "id": "j",
                    "name": "CreateMysqlSingleHAInstance",
                    "status": "Running",
                    "created": "2018-08-06T10:41:14+0000",
                    "process": "60%",
                    "instance": {"id": "instance-1", "name": "db"},
                }
            },
            result(
                state="running",
                type="CreateMysqlSingleHAInstance",
                progress=60,
                resources={"instance_id": "instance-1"},
            ),
        ),
        (
            RDS,
            {"job": {"id": "j", "status": "Failed", "process": "", "fail_reason": "No room."}},
            result(state="failed", error={"code": None, "message": "No room."}),
        ),
        (RDS, {"job": {"id": "j", "status": "Completed", "process": "100%"}}, result(state="succeeded", progress=100)),
        (
            GEMINIDB,
            {"jobs": [{"id": "j", "status": "Running", "progress": "60"}], "total_count": 1},
            result(state="running", progress=60),
        ),
        (GEMINIDB, {"jobs": [], "total_count": 0}, result(state="unknown")),
        (
            CCE,
            {
                "kind": "Job",
                "metadata": {"uid": "j", "creationTimestamp": "2024-01-02T03:04:05Z"},
                "spec": {
                    "type": "CreateCluster",
                    "clusterUID": "cluster-1",
                    "subJobs": [
                        {"metadata": {"uid": "s1"}, "status": {"phase": "Success"}},
                        {"metadata": {"uid": "s2"}, "status": {"phase": "Failed", "reason": "No room."}},
                    ],
                },
                "status": {"phase": "Failed", "reason": "A step failed."},
            },
            result(
                state="failed",
                type="CreateCluster",
                error={"code": None, "message": "A step failed."},
                resources={"cluster_id": "cluster-1"},
            ),
        ),
        (
            DCS,
            {"job_id": "j", "status": "SUCCESS", "begin_time": "1502097600000", "end_time": "1502097723456"},
            result(state="succeeded", duration=123.456),
        ),
        (
            SFS_TURBO,
            {"job_id": "j", "status": "failed", "error_code": "SFS.TURBO.0001", "fail_reason": "No room."},
            result(state="failed", error={"code": "SFS.TURBO.0001", "message": "No room."}),
        ),
        (
            ELB,
            {"job": {"job_id": "j", "job_type": "delete", "status": "FAIL", "error_code": 8904, "error_msg": "Busy."}},
            result(state="failed", type="delete", error={"code": "8904", "message": "Busy."}),
        ),
        (
            CBR,
            {
                "operation_log": {
                    "id": "j",
                    "operation_type": "backup",
                    "status": "timeout",
                    "started_at": "2019-05-23T12:39:53.171346",
                    "ended_at": "2019-05-23T12:40:53.171346",
                    "extra_info": {"common": {"progress": 57, "request_id": "r"}},
                    "error_info": {"code": "BackupService.6001", "message": "Too slow."},
                }
            },
            result(
                state="failed",
                type="backup",
                progress=57,
                duration=60.0,
                error={"code": "BackupService.6001", "message": "Too slow."},
            ),
        ),
        (
            OMS,
            {"id": "j", "status": 2, "progress": 0.4, "start_time": 1502097600000},
            result(state="running", progress=40),
        ),
        (OMS, {"id": "j", "status": "5", "progress": 1.0}, result(state="succeeded", progress=100)),
        (
            OMS,
            {
                "id": "j",
                "status": 4,
                "progress": 0.25,
                "error_reason": {"error_code": "OMS.1", "error_msg": "No room."},
            },
            result(state="failed", progress=25, error={"code": "OMS.1", "message": "No room."}),
        ),
        (OMS, {"id": "j", "status": 9}, result(state="unknown")),
    ],
    ids=lambda value: getattr(value, "provider", ""),
)
def test_job(service: HuaweiCloudService, answer: t.Any, expected: dict[str, t.Any]) -> None:
    job, _asked = poll(service, answer)
    found = job.as_dict()
    names = ("state", "type", "progress", "duration", "error", "resources")
    assert {name: found[name] for name in names if found[name] not in (None, {})} == expected
    assert found["job_id"] == "j"


def test_an_id_that_is_a_number() -> None:
    job, asked = poll(OMS, {"id": 123456789012345, "status": 5}, "123456789012345")
    assert (job.job_id, asked) == ("123456789012345", "/v2/p/tasks/123456789012345")


@pytest.mark.parametrize(
    ("service", "answer", "begin"),
    [
        (RDS, {"job": {"created": "2018-08-06T10:41:14+0000"}}, "2018-08-06T10:41:14+00:00"),
        (DCS, {"begin_time": "1502097600000"}, "2017-08-07T09:20:00Z"),
        (OMS, {"start_time": 1502097600123}, "2017-08-07T09:20:00.123Z"),
        (CBR, {"operation_log": {"started_at": "2019-05-23T12:39:53.171346"}}, "2019-05-23T12:39:53.171Z"),
    ],
    ids=lambda value: getattr(value, "provider", ""),
)
def test_begin_time(service: HuaweiCloudService, answer: t.Any, begin: str) -> None:
    assert poll(service, answer)[0].begin_time == begin


def test_tasks() -> None:
    answer = {"spec": {"subJobs": [{"metadata": {"uid": "s1"}, "status": {"phase": "Failed", "reason": "No room."}}]}}
    (task,) = poll(CCE, answer)[0].sub_jobs
    assert task.as_dict() == {
        "id": "s1",
        "state": "failed",
        "error": {"code": None, "message": "No room."},
        "resources": {},
    }
