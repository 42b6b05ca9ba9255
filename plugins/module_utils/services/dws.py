# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud DWS: data warehouse jobs (API reference "Querying Job Details")."""

from __future__ import annotations

from ..model.job import State
from ..model.times import TimeFormat
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Progress, Scale

DWS = HuaweiCloudService(
    provider="dws",
    title="Data Warehouse Service (DWS)",
    host="dws",
    path="/v1.0/{project_id}/job/{job_id}",
    mapping=JobMapping(
        job_id="job_id",
        status=("status",),
        states={
            "INIT": State.PENDING,
            "WAITING": State.PENDING,
            "DELAY_SCHEDULED": State.PENDING,
            "RUNNING": State.RUNNING,
            "SUCCESS": State.SUCCEEDED,
            "FAIL": State.FAILED,
            "STOP": State.FAILED,
        },
        type="job_name",
        progress=Progress("progress", Scale.PERCENT),
        begin_time="begin_time",
        end_time="end_time",
        time_format=TimeFormat.NO_ZONE,
        error_code=("failed_code",),
        error_message=("failed_detail",),
    ),
    codes={
        "DWS.0015": ErrorClass.NOT_FOUND,
        "DWS.0047": ErrorClass.NOT_FOUND,
        "DWS.3027": ErrorClass.NOT_FOUND,
        "DWS.10101": ErrorClass.NOT_FOUND,
        "DWS.0001": ErrorClass.INVALID,
    },
)
