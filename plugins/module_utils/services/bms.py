# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud BMS: jobs of bare metal servers (API reference "Querying Task Statuses")."""

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

BMS = HuaweiCloudService(
    provider="bms",
    title="Bare Metal Server (BMS)",
    host="bms",
    path="/v1/{project_id}/jobs/{job_id}",
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
        "BMS.0212": ErrorClass.TRANSIENT,
        "BMS.0288": ErrorClass.PERMISSION,
        "BMS.0213": ErrorClass.PERMISSION,
        "Common.0018": ErrorClass.INVALID,
    },
    # 2,000 calls a minute.
    max_rate=2000 / 60,
)
