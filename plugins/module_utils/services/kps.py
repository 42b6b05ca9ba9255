# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud KPS: tasks of key pairs (API reference "Querying Task Information")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping

KPS = HuaweiCloudService(
    provider="kps",
    title="Key Pair Service (KPS)",
    host="kms",
    path="/v3/{project_id}/tasks/{job_id}",
    mapping=JobMapping(
        job_id="task_id",
        status=("task_status",),
        states={
            "READY_RESET": State.PENDING,
            "READY_REPLACE": State.PENDING,
            "READY_UNBIND": State.PENDING,
            "READY_BIND": State.PENDING,
            "RUNNING_RESET": State.RUNNING,
            "RUNNING_REPLACE": State.RUNNING,
            "RUNNING_UNBIND": State.RUNNING,
            "RUNNING_BIND": State.RUNNING,
            "SUCCESS_RESET": State.SUCCEEDED,
            "SUCCESS_REPLACE": State.SUCCEEDED,
            "SUCCESS_UNBIND": State.SUCCEEDED,
            "SUCCESS_BIND": State.SUCCEEDED,
            "FAILED_RESET": State.FAILED,
            "FAILED_REPLACE": State.FAILED,
            "FAILED_UNBIND": State.FAILED,
            "FAILED_BIND": State.FAILED,
        },
        resources={"server_id": ("server_id",)},
    ),
    codes={
        "KPS.0005": ErrorClass.NOT_FOUND,
        "KPS.0003": ErrorClass.TRANSIENT,
        "KPS.0004": ErrorClass.TRANSIENT,
        "KPS.5001": ErrorClass.TRANSIENT,
        "KPS.5002": ErrorClass.TRANSIENT,
        "KPS.5003": ErrorClass.TRANSIENT,
        "KPS.5004": ErrorClass.TRANSIENT,
        "KPS.9001": ErrorClass.AUTHENTICATION,
        "KPS.9002": ErrorClass.PERMISSION,
        "KPS.9003": ErrorClass.PERMISSION,
        "KPS.9004": ErrorClass.PERMISSION,
        "KPS.9005": ErrorClass.PERMISSION,
        "KPS.9006": ErrorClass.PERMISSION,
        "KPS.0001": ErrorClass.INVALID,
        "KPS.0002": ErrorClass.INVALID,
    },
)
