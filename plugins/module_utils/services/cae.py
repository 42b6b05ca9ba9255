# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud CAE: jobs of components and environments (API reference "Obtaining Job Details")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Option, SubJobs

STATES = {
    "init": State.PENDING,
    "running": State.RUNNING,
    "success": State.SUCCEEDED,
    "failed": State.FAILED,
    "timeout": State.FAILED,
    "skip": State.SUCCEEDED,
    "terminating": State.RUNNING,
    "terminated": State.FAILED,
}

SUB_JOB = JobMapping(
    job_id="",
    status=("status",),
    states=STATES,
    error_message=("detail",),
)

CAE = HuaweiCloudService(
    provider="cae",
    title="Cloud Application Engine (CAE)",
    host="cae",
    path="/v1/{project_id}/cae/jobs/{job_id}",
    headers={"X-Environment-ID": "{environment_id}"},
    options=(Option("environment_id"),),
    mapping=JobMapping(
        job_id="",
        status=("spec.status",),
        states=STATES,
        begin_time="spec.tasks[].created_at",
        end_time="spec.tasks[].updated_at",
        error_from_sub_jobs=True,
        sub_jobs=SubJobs("spec.tasks[]", SUB_JOB),
    ),
    codes={
        "CAE.01500000": ErrorClass.TRANSIENT,
    },
    containers={"CAE.01500404": "environment_id"},
)
