# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud SWR Enterprise: jobs of instances (API reference "Obtaining Details About a Job")."""

from __future__ import annotations

from ..model.job import State
from ..model.times import TimeFormat
from .declaration import HuaweiCloudService, JobMapping

SWR = HuaweiCloudService(
    provider="swr",
    title="SoftWare Repository for Container (SWR)",
    host="swr-api",
    path="/v2/{project_id}/jobs/{job_id}",
    mapping=JobMapping(
        job_id="id",
        status=("status",),
        states={
            "Creating": State.PENDING,
            "Initializing": State.PENDING,
            "Running": State.RUNNING,
            "Success": State.SUCCEEDED,
            "Failed": State.FAILED,
        },
        type="type",
        begin_time="created_at",
        end_time="updated_at",
        time_format=TimeFormat.NO_ZONE,
        error_message=("reason",),
        resources={"instance_id": ("instance_id",), "resource_id": ("resource_id",)},
    ),
    codes={},
)
