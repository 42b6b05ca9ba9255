# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud EIP: jobs of batch requests (API reference "Querying Job Status")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, SubJobs

STATES = {"SUCCESS": State.SUCCEEDED, "INIT": State.PENDING, "RUNNING": State.RUNNING, "FAIL": State.FAILED}

SUB_JOB = JobMapping(
    job_id="job_id",
    status=("status",),
    states=STATES,
    error_code=("error_code",),
    error_message=("fail_reason",),
)

EIP = HuaweiCloudService(
    provider="eip",
    title="Elastic IP (EIP)",
    host="vpc",
    path="/v1/{project_id}/jobs/{job_id}",
    hosts={"eu-west-101": "vpc.eu-west-101.myhuaweicloud.com"},
    mapping=JobMapping(
        job_id="job_id",
        status=("status",),
        states=STATES,
        type="job_type",
        begin_time="begin_time",
        end_time="end_time",
        error_code=("error_code", "entities.sub_jobs[].error_code"),
        error_message=("fail_reason", "entities.sub_jobs[].fail_reason"),
        sub_jobs=SubJobs("entities.sub_jobs[]", SUB_JOB),
    ),
    codes={
        "VPC.0008": ErrorClass.AUTHENTICATION,
        "VPC.0005": ErrorClass.PERMISSION,
        "VPC.0009": ErrorClass.PERMISSION,
        "VPC.0010": ErrorClass.PERMISSION,
        "VPC.2201": ErrorClass.PERMISSION,
        "VPC.2701": ErrorClass.PERMISSION,
        "VPC.0007": ErrorClass.INVALID,
    },
)
