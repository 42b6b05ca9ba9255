# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud CPH: cloud phone jobs (API reference "Querying the Execution Status of a Task")."""

from __future__ import annotations

from ..model.job import State
from .declaration import BatchQuery, ErrorClass, HuaweiCloudService, JobMapping

CPH = HuaweiCloudService(
    provider="cph",
    title="Cloud Phone Host (CPH)",
    host="cph",
    path="/v1/{project_id}/cloud-phone/jobs/{job_id}",
    mapping=JobMapping(
        job_id="job_id",
        status=("status",),
        states={1: State.RUNNING, 2: State.SUCCEEDED, -1: State.FAILED},
        begin_time="begin_time",
        end_time="end_time",
        error_code=("error_code",),
        error_message=("error_msg",),
        resources={"phone_id": ("phone_id",), "server_id": ("server_id",), "request_id": ("request_id",)},
    ),
    batch_query=BatchQuery(
        path="/v1/{project_id}/cloud-phone/jobs",
        ids="request_ids",
        jobs="jobs",
        request_id="request_id",
        per_call=20,
        page=100,
    ),
    codes={
        "CPS.0011": ErrorClass.NOT_FOUND,
        "CPS.0050": ErrorClass.NOT_FOUND,
        "CPS.0003": ErrorClass.TRANSIENT,
        "CPS.0042": ErrorClass.TRANSIENT,
        "CPS.0054": ErrorClass.TRANSIENT,
        "CPS.0001": ErrorClass.PERMISSION,
        "CPS.0006": ErrorClass.PERMISSION,
        "CPS.0007": ErrorClass.PERMISSION,
        "CPS.0008": ErrorClass.PERMISSION,
        "CPS.0053": ErrorClass.PERMISSION,
        "CPS.0195": ErrorClass.PERMISSION,
        "CPS.1028": ErrorClass.PERMISSION,
        "CPS.0002": ErrorClass.INVALID,
        "CPS.0046": ErrorClass.INVALID,
        "CPS.0048": ErrorClass.INVALID,
        "CPS.0049": ErrorClass.INVALID,
        "CPS.0161": ErrorClass.INVALID,
    },
)
