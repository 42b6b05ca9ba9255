# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud APIG: imports and exports of APIs (API reference "Querying the Result of an Asynchronous Task")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Option

APIG = HuaweiCloudService(
    provider="apig",
    title="API Gateway (APIG)",
    host="apig",
    path="/v2/{project_id}/apigw/instances/{instance_id}/async-tasks/{job_id}",
    options=(Option("instance_id", required=True),),
    mapping=JobMapping(
        job_id="task_id",
        status=("task_status",),
        states={
            "waiting": State.PENDING,
            "processing": State.RUNNING,
            "succeed": State.SUCCEEDED,
            "failed": State.FAILED,
            "succeeded": State.SUCCEEDED,
        },
        type="task_type",
        error_message=("task_result",),
    ),
    codes={
        "APIG.3093": ErrorClass.NOT_FOUND,
        "APIG.9999": ErrorClass.TRANSIENT,
        "APIG.1010": ErrorClass.TRANSIENT,
        "APIG.1000": ErrorClass.AUTHENTICATION,
        "APIG.1001": ErrorClass.AUTHENTICATION,
        "APIG.1002": ErrorClass.AUTHENTICATION,
        "APIG.1003": ErrorClass.AUTHENTICATION,
        "APIG.1005": ErrorClass.PERMISSION,
        "APIG.1020": ErrorClass.PERMISSION,
        "APIG.1011": ErrorClass.PERMISSION,
        "APIG.1012": ErrorClass.PERMISSION,
        "APIG.1013": ErrorClass.PERMISSION,
        "APIG.2001": ErrorClass.INVALID,
        "APIG.2003": ErrorClass.INVALID,
    },
)
