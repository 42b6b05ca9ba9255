# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud DWS: data warehouse jobs (API reference "Querying Job Details")."""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import Progress, RestService, Scale, Shape, Trouble
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud import cloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import State
from ansible_collections.cloudwait.jobs.plugins.module_utils.times import Clock

DWS = RestService(
    cloud=cloud,
    provider="dws",
    title="Data Warehouse Service (DWS)",
    host="dws",
    path="/v1.0/{project_id}/job/{job_id}",
    shape=Shape(
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
        clock=Clock.NO_ZONE,
        error_code=("failed_code",),
        error_message=("failed_detail",),
    ),
    codes={
        "DWS.0015": Trouble.NOT_FOUND,
        "DWS.0047": Trouble.NOT_FOUND,
        "DWS.3027": Trouble.NOT_FOUND,
        "DWS.10101": Trouble.NOT_FOUND,
        "DWS.0001": Trouble.MISTAKE,
    },
)
