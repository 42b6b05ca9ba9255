# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud SFS Turbo: jobs of file systems (API reference "Querying Details About a Task")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, SubJobs

STATES = {"waiting": State.PENDING, "running": State.RUNNING, "success": State.SUCCEEDED, "failed": State.FAILED}

SUB_JOB = JobMapping(
    job_id="job_id",
    status=("status",),
    states=STATES,
    error_code=("error_code",),
    error_message=("fail_reason",),
)

SFS_TURBO = HuaweiCloudService(
    provider="sfs_turbo",
    title="SFS Turbo",
    host="sfs-turbo",
    path="/v1/{project_id}/sfs-turbo/jobs/{job_id}",
    mapping=JobMapping(
        job_id="job_id",
        status=("status",),
        states=STATES,
        type="job_type",
        begin_time="begin_time",
        end_time="end_time",
        error_code=("error_code", "sub_jobs[].error_code"),
        error_message=("fail_reason", "sub_jobs[].fail_reason"),
        sub_jobs=SubJobs("sub_jobs[]", SUB_JOB),
    ),
    codes={
        "SFS.TURBO.0019": ErrorClass.NOT_FOUND,
        ("SFS.TURBO.0001", 404): ErrorClass.NOT_FOUND,
        "SFS.TURBO.0005": ErrorClass.TRANSIENT,
        "SFS.TURBO.0037": ErrorClass.TRANSIENT,
        "SFS.TURBO.0015": ErrorClass.PERMISSION,
        ("SFS.TURBO.0001", 400): ErrorClass.INVALID,
    },
)
