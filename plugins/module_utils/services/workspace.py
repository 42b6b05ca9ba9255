# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud Workspace: jobs of desktops (API reference "Querying Task Details")."""

from __future__ import annotations

from ..model.job import State
from ..model.times import TimeFormat
from .declaration import HuaweiCloudService, JobMapping, Progress, SubJobs

SUB_JOB = JobMapping(
    job_id="id",
    status=("status",),
    states={"SUCCESS": State.SUCCEEDED, "RUNNING": State.RUNNING, "FAILED": State.FAILED, "WAITING": State.PENDING},
    error_code=("error_code",),
    error_message=("fail_reason",),
    resources={"desktop_id": ("entities.desktop_id",)},
)

WORKSPACE = HuaweiCloudService(
    provider="workspace",
    title="Workspace",
    host="workspace",
    path="/v2/{project_id}/workspace-jobs/{job_id}",
    hosts={"eu-west-101": "workspace.eu-west-101.myhuaweicloud.com"},
    mapping=JobMapping(
        job_id="id",
        status=("status",),
        states={
            "SUCCESS": State.SUCCEEDED,
            "FAIL": State.FAILED,
            "FAILED": State.FAILED,
            "RUNNING": State.RUNNING,
            "INIT": State.PENDING,
            "WAITING": State.PENDING,
        },
        folded=("SUCCESS", "COMPLETE"),
        type="job_type",
        progress=Progress("sub_jobs[].process"),
        begin_time="begin_time",
        end_time="end_time",
        time_format=TimeFormat.NO_ZONE,
        error_code=("job_error_code", "sub_jobs[].error_code"),
        error_message=("fail_reason", "sub_jobs[].fail_reason"),
        resources={"desktop_ids": ("sub_jobs[].entities.desktop_id",)},
        sub_jobs=SubJobs("sub_jobs[]", SUB_JOB),
    ),
    codes={},
)
