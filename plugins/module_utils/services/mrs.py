# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud MRS: jobs in a cluster (API reference "Querying Information About a Job")."""

from __future__ import annotations

from ..model.job import State
from ..model.times import TimeFormat
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Option, Progress

MRS = HuaweiCloudService(
    provider="mrs",
    title="MapReduce Service (MRS)",
    host="mrs",
    path="/v2/{project_id}/clusters/{cluster_id}/job-executions/{job_id}",
    job="job_detail",
    options=(Option("cluster_id", required=True),),
    hosts={
        "ap-southeast-1": "mrs.ap-southeast-1.myhuaweicloud.cn",
        "ap-southeast-4": "mrs.ap-southeast-4.myhuaweicloud.cn",
        "ru-northwest-2": "mrs.ru-northwest-2.myhuaweicloud.cn",
    },
    mapping=JobMapping(
        job_id="job_id",
        status=("job_result", "job_state"),
        states={
            "NEW": State.PENDING,
            "New": State.PENDING,
            "NEW_SAVING": State.PENDING,
            "SUBMITTED": State.PENDING,
            "ACCEPTED": State.PENDING,
            "RUNNING": State.RUNNING,
            "SUCCEEDED": State.SUCCEEDED,
            "FAILED": State.FAILED,
            "KILLED": State.FAILED,
        },
        falls_through=True,
        type="job_type",
        progress=Progress("job_progress"),
        begin_time=("started_time", "submitted_time"),
        end_time="finished_time",
        time_format=TimeFormat.MILLISECONDS,
        resources={"application_id": ("app_id",), "launcher_id": ("launcher_id",)},
    ),
    codes={
        "0176": ErrorClass.NOT_FOUND,
        "0162": ErrorClass.TRANSIENT,
        "0174": ErrorClass.TRANSIENT,
        "0178": ErrorClass.INVALID,
        "0167": ErrorClass.INVALID,
        "12000064": ErrorClass.INVALID,
    },
    containers={"12000003": "cluster_id"},
)
