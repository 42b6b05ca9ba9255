# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud DDS: document database jobs (API reference "Obtaining Information About a Task")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Progress

DDS = HuaweiCloudService(
    provider="dds",
    title="Document Database Service (DDS)",
    host="dds",
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
        progress=Progress("progress"),
        begin_time="created",
        end_time="ended",
        error_message=("fail_reason",),
        resources={
            "instance_id": ("instance.id",),
            "instance_name": ("instance.name",),
        },
    ),
    codes={
        "DBS.200543": ErrorClass.NOT_FOUND,
        "DBS.200998": ErrorClass.TRANSIENT,
        "DBS.280005": ErrorClass.TRANSIENT,
        "DBS.280443": ErrorClass.TRANSIENT,
        "DBS.200010": ErrorClass.PERMISSION,
        "DBS.200604": ErrorClass.PERMISSION,
        "DBS.280015": ErrorClass.PERMISSION,
        "DBS.280032": ErrorClass.PERMISSION,
        "DBS.280063": ErrorClass.PERMISSION,
        "DBS.280064": ErrorClass.PERMISSION,
        "DBS.200001": ErrorClass.INVALID,
        "DBS.280001": ErrorClass.INVALID,
        "DBS.280408": ErrorClass.INVALID,
    },
    retention="a month",
)
