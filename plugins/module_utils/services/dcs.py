# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud DCS: cache jobs (API reference "Querying the Job Execution Result of a Tenant")."""

from __future__ import annotations

from ..model.job import State
from ..model.times import TimeFormat
from .declaration import ErrorClass, HuaweiCloudService, JobMapping

DCS = HuaweiCloudService(
    provider="dcs",
    title="Distributed Cache Service (DCS)",
    host="dcs",
    path="/v2/{project_id}/jobs/{job_id}",
    mapping=JobMapping(
        job_id="job_id",
        status=("status",),
        states={
            "INIT": State.PENDING,
            "RUNNING": State.RUNNING,
            "SUCCESS": State.SUCCEEDED,
            "FAIL": State.FAILED,
        },
        type="job_type",
        begin_time="begin_time",
        end_time="end_time",
        time_format=TimeFormat.MILLISECONDS,
        error_message=("fail_reason",),
    ),
    codes={
        "DCS.2003": ErrorClass.PERMISSION,
        "DCS.2007": ErrorClass.PERMISSION,
        "DCS.3002": ErrorClass.PERMISSION,
        "DCS.3003": ErrorClass.PERMISSION,
        "111403002": ErrorClass.PERMISSION,
        "111403003": ErrorClass.PERMISSION,
        "DCS.4063": ErrorClass.INVALID,
        "DCS.4070": ErrorClass.INVALID,
        "111400063": ErrorClass.INVALID,
        "111400070": ErrorClass.INVALID,
    },
    # So in the vendor's SDK, where other services of this region have .eu.
    hosts={"eu-west-101": "dcs.eu-west-101.myhuaweicloud.com"},
)
