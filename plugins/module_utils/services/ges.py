# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud GES: graph jobs (API reference "Querying Job Status on the Management Plane")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Option, SubJobs

FILE = JobMapping(
    job_id="path",
    status=("status",),
    states={"success": State.SUCCEEDED, "partFailed": State.PARTIALLY_SUCCEEDED, "failed": State.FAILED},
    error_message=("cause",),
)

GES = HuaweiCloudService(
    provider="ges",
    title="Graph Engine Service (GES)",
    host="ges",
    path="/v2/{project_id}/graphs/{graph_id}/jobs/{job_id}/status",
    mapping=JobMapping(
        job_id="job_id",
        status=("status",),
        states={
            "pending": State.PENDING,
            "waiting": State.PENDING,
            "running": State.RUNNING,
            "success": State.SUCCEEDED,
            "failed": State.FAILED,
        },
        type="job_name",
        begin_time="begin_time",
        end_time="end_time",
        error_message=(
            "fail_reason",
            "job_detail.schema_path[].cause",
            "job_detail.edgeset_path[].cause",
            "job_detail.vertexset_path[].cause",
        ),
        resources={"graph_name": ("related_graph",)},
        sub_jobs=SubJobs(
            ("job_detail.schema_path[]", "job_detail.edgeset_path[]", "job_detail.vertexset_path[]"),
            FILE,
        ),
    ),
    codes={
        "GES.7007": ErrorClass.NOT_FOUND,
        "GES.8301": ErrorClass.NOT_FOUND,
        "GES.8302": ErrorClass.TRANSIENT,
        "GES.7041": ErrorClass.PERMISSION,
        "GES.8020": ErrorClass.PERMISSION,
        "GES.0001": ErrorClass.INVALID,
    },
    options=(Option("graph_id", required=True),),
    containers={"GES.7000": "graph_id"},
)
