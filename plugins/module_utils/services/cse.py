# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud CSE: jobs of microservice engines (API reference, cse_06_0033)."""

from __future__ import annotations

from ..model.job import State
from ..model.times import TimeFormat
from .declaration import HuaweiCloudService, JobMapping, Option, SubJobs

STATES = {
    "PreInit": State.PENDING,
    "Init": State.PENDING,
    "Executing": State.RUNNING,
    "Finished": State.SUCCEEDED,
    "Error": State.FAILED,
    "Timeout": State.FAILED,
}

SUB_JOB = JobMapping(
    job_id="",
    status=("status",),
    states=STATES,
    error_message=("taskExecutorBrief.description",),
)

CSE = HuaweiCloudService(
    provider="cse",
    title="Cloud Service Engine (CSE)",
    host="cse",
    path="/v2/{project_id}/enginemgr/engines/{engine_id}/jobs/{job_id}",
    options=(Option("engine_id", required=True),),
    mapping=JobMapping(
        job_id="id",
        status=("status",),
        states=STATES,
        type="type",
        begin_time="startTime",
        end_time="endTime",
        time_format=TimeFormat.MILLISECONDS,
        error_message=("description",),
        error_from_sub_jobs=True,
        resources={"engine_id": ("engineId",)},
        sub_jobs=SubJobs("tasks[]", SUB_JOB),
    ),
    codes={},
    containers={"SVCSTG.00401116": "engine_id", "SVCSTG.00501116": "engine_id", "SVCSTG.00501125": "engine_id"},
    numeric_ids=True,
)
