# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud CCE Autopilot: jobs of Autopilot clusters (API reference "ShowAutopilotJob")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, SubJobs

STATES = {"Initializing": State.PENDING, "Running": State.RUNNING, "Success": State.SUCCEEDED, "Failed": State.FAILED}

SUB_JOB = JobMapping(
    job_id="metadata.uid",
    status=("status.phase",),
    states=STATES,
    error_message=("status.reason",),
    resources={"resource_id": ("spec.resourceID",)},
)

CCE_AUTOPILOT = HuaweiCloudService(
    provider="cce_autopilot",
    title="Cloud Container Engine (CCE) Autopilot",
    host="cce",
    path="/autopilot/v3/projects/{project_id}/jobs/{job_id}",
    mapping=JobMapping(
        job_id="metadata.uid",
        status=("status.phase",),
        states=STATES,
        type="spec.type",
        begin_time="metadata.creationTimestamp",
        end_time="metadata.updateTimestamp",
        error_message=("status.reason",),
        error_from_sub_jobs=True,
        resources={"cluster_id": ("spec.clusterUID",), "resource_id": ("spec.resourceID",)},
        sub_jobs=SubJobs("spec.subJobs[]", SUB_JOB),
    ),
    codes={
        "CCE.01404001": ErrorClass.NOT_FOUND,
        "CCE.02404001": ErrorClass.NOT_FOUND,
        "CCE.03404001": ErrorClass.NOT_FOUND,
        "CCE.01429002": ErrorClass.TRANSIENT,
        "CCE.02429001": ErrorClass.TRANSIENT,
        "CCE.01500001": ErrorClass.TRANSIENT,
        "CCE.02500001": ErrorClass.TRANSIENT,
        "CCE.03500001": ErrorClass.TRANSIENT,
        "CCE.01401001": ErrorClass.AUTHENTICATION,
        "CCE.02401001": ErrorClass.AUTHENTICATION,
        "CCE.03401001": ErrorClass.AUTHENTICATION,
        "CCE.01403001": ErrorClass.PERMISSION,
        "CCE.02403001": ErrorClass.PERMISSION,
        "CCE.03403001": ErrorClass.PERMISSION,
        "CCE.01400001": ErrorClass.INVALID,
        "CCE.02400001": ErrorClass.INVALID,
        "CCE.03400001": ErrorClass.INVALID,
    },
)
