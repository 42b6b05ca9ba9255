# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud Workspace Application Streaming: jobs of servers (the vendor's API definitions, ShowJobDetail)."""

from __future__ import annotations

from ..model.job import State
from .declaration import HuaweiCloudService, JobMapping, SubJobs

STATES = {"WAITING": State.PENDING, "RUNNING": State.RUNNING, "SUCCESS": State.SUCCEEDED, "FAILED": State.FAILED}

SUB_JOB = JobMapping(
    job_id="id",
    status=("status",),
    states={**STATES, "ABNORMAL": State.FAILED, "ROLLBACK": State.RUNNING, "ABORTING": State.RUNNING},
    error_code=("error_code",),
    error_message=("error_message",),
    resources={"resource_id": ("job_resource_info.resource_id",)},
)

WORKSPACE_APP = HuaweiCloudService(
    provider="workspace_app",
    title="Workspace Application Streaming",
    host="workspace",
    path="/v2/{project_id}/job/{job_id}",
    hosts={
        "cn-north-4": "appstream",
        "cn-north-9": "appstream",
        "cn-east-3": "appstream",
        "cn-south-1": "appstream",
        "cn-southwest-2": "appstream",
    },
    mapping=JobMapping(
        job_id="id",
        status=("status",),
        states=STATES,
        type="job_type",
        begin_time="begin_time",
        end_time="end_time",
        error_code=("sub_jobs[].error_code",),
        error_message=("sub_jobs[].error_message",),
        resources={"resource_ids": ("sub_jobs[].job_resource_info.resource_id",)},
        sub_jobs=SubJobs("sub_jobs[]", SUB_JOB),
    ),
    codes={},
)
