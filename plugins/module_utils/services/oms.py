# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud OMS: migration tasks (API reference "Querying a Migration Task with a Specified ID")."""

from __future__ import annotations

from ..model.job import State
from ..model.times import TimeFormat
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Progress, Scale

OMS = HuaweiCloudService(
    provider="oms",
    title="Object Storage Migration Service (OMS)",
    host="oms",
    path="/v2/{project_id}/tasks/{job_id}",
    mapping=JobMapping(
        job_id="id",
        status=("status",),
        states={
            0: State.PENDING,
            1: State.PENDING,
            2: State.RUNNING,
            3: State.FAILED,
            4: State.FAILED,
            5: State.SUCCEEDED,
            6: State.RUNNING,
            7: State.RUNNING,
        },
        partial_if=("failed_num",),
        type="task_type",
        progress=Progress("progress", Scale.FRACTION),
        begin_time="start_time",
        time_format=TimeFormat.MILLISECONDS,
        error_code=("error_reason.error_code",),
        error_message=("error_reason.error_msg",),
        resources={"group_id": ("group_id",)},
    ),
    codes={
        "OMS.1009": ErrorClass.NOT_FOUND,
        "OMS.0053": ErrorClass.NOT_FOUND,
        "OMS.1001": ErrorClass.TRANSIENT,
        "OMS.0068": ErrorClass.AUTHENTICATION,
        "OMS.1005": ErrorClass.AUTHENTICATION,
        "OMS.0072": ErrorClass.PERMISSION,
        "OMS.0201": ErrorClass.PERMISSION,
        "OMS.0202": ErrorClass.PERMISSION,
        "OMS.0203": ErrorClass.PERMISSION,
        "OMS.0204": ErrorClass.PERMISSION,
        "OMS.0054": ErrorClass.INVALID,
    },
    numeric_ids=True,
)
