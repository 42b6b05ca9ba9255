# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud DDM: database middleware jobs (API reference "Querying the Execution Result of a Task")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Progress

DDM = HuaweiCloudService(
    provider="ddm",
    title="Distributed Database Middleware (DDM)",
    host="ddm",
    path="/v3/{project_id}/jobs/{job_id}",
    job="job",
    mapping=JobMapping(
        job_id="id",
        status=("status",),
        states={
            "Running": State.RUNNING,
            "Expanding": State.RUNNING,
            "Switching": State.RUNNING,
            "ToBeSwitched": State.RUNNING,
            "Canceling": State.RUNNING,
            "Rollbacking": State.RUNNING,
            "Completed": State.SUCCEEDED,
            "Failed": State.FAILED,
            "RollbackSuccess": State.FAILED,
            "CancelSuccess": State.FAILED,
        },
        type="name",
        progress=Progress("process"),
        begin_time="created_time",
        end_time="end_time",
        resources={
            "instance_id": ("instance.id",),
            "instance_name": ("instance.name",),
        },
    ),
    codes={
        "DBS.300002": ErrorClass.TRANSIENT,
        "DBS.280001": ErrorClass.INVALID,
    },
    missing_is_not_found=True,
)
