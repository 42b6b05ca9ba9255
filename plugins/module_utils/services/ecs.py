# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud ECS: jobs of servers (API reference "Querying the Execution Status of a Task")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, SubJobs

STATES = {
    "INIT": State.PENDING,
    "RUNNING": State.RUNNING,
    "SUCCESS": State.SUCCEEDED,
    "FAIL": State.FAILED,
    "PENDING_PAYMENT": State.PENDING,
}

SUB_JOB = JobMapping(
    job_id="job_id",
    status=("status",),
    states=STATES,
    error_code=("error_code",),
    error_message=("entities.errorcode_message", "fail_reason"),
    resources={"server_id": ("entities.server_id",), "nic_id": ("entities.nic_id",)},
)

ECS = HuaweiCloudService(
    provider="ecs",
    title="Elastic Cloud Server (ECS)",
    host="ecs",
    path="/v1/{project_id}/jobs/{job_id}",
    hosts={"eu-west-101": "ecs.eu-west-101.myhuaweicloud.com"},
    mapping=JobMapping(
        job_id="job_id",
        status=("status",),
        states=STATES,
        type="job_type",
        begin_time="begin_time",
        end_time="end_time",
        error_code=("error_code", "entities.sub_jobs[].error_code"),
        error_message=(
            "fail_reason",
            "entities.sub_jobs[].entities.errorcode_message",
            "entities.sub_jobs[].fail_reason",
        ),
        resources={
            "server_ids": ("entities.server_id", "entities.sub_jobs[].entities.server_id"),
            "nic_ids": ("entities.nic_id", "entities.sub_jobs[].entities.nic_id"),
        },
        sub_jobs=SubJobs("entities.sub_jobs[]", SUB_JOB),
    ),
    codes={
        "Common.0011": ErrorClass.NOT_FOUND,
        "Common.0024": ErrorClass.TRANSIENT,
        "Common.1503": ErrorClass.TRANSIENT,
        "Common.0021": ErrorClass.TRANSIENT,
        "Common.0025": ErrorClass.TRANSIENT,
        "Common.0001": ErrorClass.TRANSIENT,
        "Common.0013": ErrorClass.AUTHENTICATION,
        "Ecs.0003": ErrorClass.PERMISSION,
        "Pdp.0001": ErrorClass.PERMISSION,
        "Ecs.0066": ErrorClass.PERMISSION,
        "Ecs.0067": ErrorClass.PERMISSION,
        "Ecs.0068": ErrorClass.PERMISSION,
        "Ecs.0069": ErrorClass.PERMISSION,
        "Ecs.0070": ErrorClass.PERMISSION,
        "Ecs.0071": ErrorClass.PERMISSION,
        "Ecs.0110": ErrorClass.PERMISSION,
        "Common.0018": ErrorClass.INVALID,
    },
    retention="perhaps a day",
)
