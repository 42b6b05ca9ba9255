# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud DLI: SQL jobs (API reference "Querying Job Status")."""

from __future__ import annotations

from ..model.job import State
from ..model.times import TimeFormat
from .declaration import ErrorClass, HuaweiCloudService, JobMapping

DLI_SQL = HuaweiCloudService(
    provider="dli_sql",
    title="Data Lake Insight (DLI) SQL",
    host="dli",
    path="/v1.0/{project_id}/jobs/{job_id}/status",
    mapping=JobMapping(
        job_id="job_id",
        status=("status",),
        states={
            "LAUNCHING": State.PENDING,
            "RUNNING": State.RUNNING,
            "SCALING": State.RUNNING,
            "FINISHED": State.SUCCEEDED,
            "FAILED": State.FAILED,
            "CANCELLED": State.FAILED,
            "FINISH": State.SUCCEEDED,
        },
        type="job_type",
        begin_time="start_time",
        time_format=TimeFormat.MILLISECONDS,
        error_message=("message",),
        resources={"queue_name": ("queue_name",)},
    ),
    codes={
        "DLI.0002": ErrorClass.NOT_FOUND,
        "DLI.0023": ErrorClass.NOT_FOUND,
        "DLI.0999": ErrorClass.TRANSIENT,
        "DLI.0013": ErrorClass.AUTHENTICATION,
        "DLI.0014": ErrorClass.AUTHENTICATION,
        "DLI.0015": ErrorClass.AUTHENTICATION,
        "DLI.0003": ErrorClass.PERMISSION,
        "DLI.0016": ErrorClass.PERMISSION,
        "DLI.0001": ErrorClass.INVALID,
    },
)
