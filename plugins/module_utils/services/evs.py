# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud EVS: jobs of disks (API reference "Querying Task Status")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, SubJobs

STATES = {"INIT": State.PENDING, "RUNNING": State.RUNNING, "SUCCESS": State.SUCCEEDED, "FAIL": State.FAILED}

SUB_JOB = JobMapping(
    job_id="job_id",
    status=("status",),
    states=STATES,
    error_code=("error_code",),
    error_message=("fail_reason",),
    resources={"volume_id": ("entities.volume_id",)},
)

EVS = HuaweiCloudService(
    provider="evs",
    title="Elastic Volume Service (EVS)",
    host="evs",
    path="/v1/{project_id}/jobs/{job_id}",
    hosts={"eu-west-101": "evs.eu-west-101.myhuaweicloud.com"},
    mapping=JobMapping(
        job_id="job_id",
        status=("status",),
        states=STATES,
        type="job_type",
        begin_time="begin_time",
        end_time="end_time",
        error_code=("error_code", "entities.sub_jobs[].error_code"),
        error_message=("fail_reason", "entities.sub_jobs[].fail_reason"),
        resources={"volume_ids": ("entities.volume_id", "entities.sub_jobs[].entities.volume_id")},
        sub_jobs=SubJobs("entities.sub_jobs[]", SUB_JOB),
    ),
    codes={
        "Common.0011": ErrorClass.NOT_FOUND,
        "Common.0013": ErrorClass.AUTHENTICATION,
        "Common.0018": ErrorClass.INVALID,
    },
)
