# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud DLI: Spark batch jobs (API reference "Querying Batch Job Details")."""

from __future__ import annotations

from ..model.job import State
from ..model.times import TimeFormat
from .declaration import ErrorClass, HuaweiCloudService, JobMapping

DLI_SPARK = HuaweiCloudService(
    provider="dli_spark",
    title="Data Lake Insight (DLI) Spark",
    host="dli",
    path="/v2.0/{project_id}/batches/{job_id}",
    mapping=JobMapping(
        job_id="id",
        status=("state",),
        states={
            "starting": State.PENDING,
            "running": State.RUNNING,
            "recovering": State.RUNNING,
            "success": State.SUCCEEDED,
            "Success": State.SUCCEEDED,
            "dead": State.FAILED,
        },
        type="kind",
        begin_time="create_time",
        end_time="update_time",
        time_format=TimeFormat.MILLISECONDS,
        error_message=("log[]",),
        last_message=True,
        resources={"app_id": ("appId",)},
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
