# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud RDS: relational database jobs (API reference "Obtaining Information About a Task")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Progress

RDS = HuaweiCloudService(
    provider="rds",
    title="Relational Database Service (RDS)",
    host="rds",
    path="/v3/{project_id}/jobs",
    query={"id": "{job_id}"},
    job="job",
    mapping=JobMapping(
        job_id="id",
        status=("status",),
        states={
            "Running": State.RUNNING,
            "Completed": State.SUCCEEDED,
            "Failed": State.FAILED,
        },
        type="name",
        progress=Progress("process"),
        begin_time="created",
        end_time="ended",
        error_message=("fail_reason",),
        resources={
            "instance_id": ("instance.id",),
            "instance_name": ("instance.name",),
            "replica_of": ("entities.instance.replica_of",),
            "endpoint": ("entities.instance.endpoint",),
            "public_ip": ("entities.public_ip",),
            "resource_ids": ("entities.resource_ids[]",),
        },
    ),
    codes={
        "DBS.200543": ErrorClass.NOT_FOUND,
        "RDS.5041": ErrorClass.NOT_FOUND,
        "DBS.111205": ErrorClass.TRANSIENT,
        "DBS.200010": ErrorClass.PERMISSION,
        "DBS.200044": ErrorClass.PERMISSION,
        "DBS.200604": ErrorClass.PERMISSION,
        "DBS.201003": ErrorClass.PERMISSION,
        "DBS.280015": ErrorClass.PERMISSION,
        "DBS.200001": ErrorClass.INVALID,
        "DBS.200004": ErrorClass.INVALID,
        "DBS.280001": ErrorClass.INVALID,
    },
    # 60 calls a minute for one user.
    max_rate=1.0,
    retention="a month",
)
