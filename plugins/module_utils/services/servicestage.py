# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud ServiceStage: jobs of components (API reference "Obtaining Deployment Job Details", v3)."""

from __future__ import annotations

from ..model.job import State
from ..model.times import TimeFormat
from .declaration import HuaweiCloudService, JobMapping, SubJobs

STATES = {
    "SUBMITTED": State.PENDING,
    "SCHEDULED": State.PENDING,
    "RUNNING": State.RUNNING,
    "SUCCEEDED": State.SUCCEEDED,
    "FAILED": State.FAILED,
    "CANCELLED": State.FAILED,
    "PARTIALLY_FAILED": State.PARTIALLY_SUCCEEDED,
    "ROLLBACKING": State.RUNNING,
    "ROLLBACKED": State.FAILED,
}

SUB_JOB = JobMapping(
    job_id="task_id",
    status=("task_status",),
    states={**STATES, "SKIPPED": State.SUCCEEDED},
    error_message=("messages",),
)

SERVICESTAGE = HuaweiCloudService(
    provider="servicestage",
    title="ServiceStage",
    host="servicestage",
    path="/v3/{project_id}/cas/jobs/{job_id}",
    mapping=JobMapping(
        job_id="job.job_id",
        status=("job.execution_status",),
        states=STATES,
        type="job.job_type",
        begin_time="tasks[].created_at",
        end_time="tasks[].update_at",
        time_format=TimeFormat.NO_ZONE,
        error_from_sub_jobs=True,
        sub_jobs=SubJobs("tasks[]", SUB_JOB),
    ),
    codes={},
)
