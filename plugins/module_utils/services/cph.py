# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud CPH: cloud phone jobs (API reference "Querying the Execution Status of a Task")."""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import RequestList, RestService, Shape, Trouble
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud import cloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import State

CPH = RestService(
    cloud=cloud,
    provider="cph",
    title="Cloud Phone Host (CPH)",
    host="cph",
    path="/v1/{project_id}/cloud-phone/jobs/{job_id}",
    shape=Shape(
        job_id="job_id",
        status=("status",),
        states={1: State.RUNNING, 2: State.SUCCEEDED, -1: State.FAILED},
        begin_time="begin_time",
        end_time="end_time",
        error_code=("error_code",),
        error_message=("error_msg",),
        resources={"phone_id": ("phone_id",), "server_id": ("server_id",), "request_id": ("request_id",)},
    ),
    request_list=RequestList(
        path="/v1/{project_id}/cloud-phone/jobs",
        ids="request_ids",
        jobs="jobs",
        request_id="request_id",
        per_call=20,
        page=100,
    ),
    codes={
        "CPS.0011": Trouble.NOT_FOUND,
        "CPS.0050": Trouble.NOT_FOUND,
        "CPS.0003": Trouble.TRY_AGAIN,
        "CPS.0042": Trouble.TRY_AGAIN,
        "CPS.0054": Trouble.TRY_AGAIN,
        "CPS.0001": Trouble.NOT_ALLOWED,
        "CPS.0006": Trouble.NOT_ALLOWED,
        "CPS.0007": Trouble.NOT_ALLOWED,
        "CPS.0008": Trouble.NOT_ALLOWED,
        "CPS.0053": Trouble.NOT_ALLOWED,
        "CPS.0195": Trouble.NOT_ALLOWED,
        "CPS.1028": Trouble.NOT_ALLOWED,
        "CPS.0002": Trouble.MISTAKE,
        "CPS.0046": Trouble.MISTAKE,
        "CPS.0048": Trouble.MISTAKE,
        "CPS.0049": Trouble.MISTAKE,
        "CPS.0161": Trouble.MISTAKE,
    },
)
