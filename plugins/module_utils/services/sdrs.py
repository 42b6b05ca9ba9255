# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud SDRS: jobs of protection groups (API reference "Querying the Job Status")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, SubJobs

STATES = {"INIT": State.PENDING, "RUNNING": State.RUNNING, "SUCCESS": State.SUCCEEDED, "FAIL": State.FAILED}

SUB_JOB = JobMapping(
    job_id="job_id",
    status=("status",),
    states=STATES,
    error_code=("error_code",),
    error_message=("fail_reason",),
    resources={
        "server_group_id": ("entities.server_group_id",),
        "protected_instance_id": ("entities.protected_instance_id",),
        "replication_pair_id": ("entities.replication_pair_id",),
    },
)

SDRS = HuaweiCloudService(
    provider="sdrs",
    title="Storage Disaster Recovery Service (SDRS)",
    host="sdrs",
    path="/v1/{project_id}/jobs/{job_id}",
    hosts={"ap-southeast-2": "sdrs.ap-southeast-3.myhuaweicloud.com"},
    mapping=JobMapping(
        job_id="job_id",
        status=("status",),
        states=STATES,
        type="job_type",
        begin_time="begin_time",
        end_time="end_time",
        error_code=("error_code", "entities.sub_jobs[].error_code"),
        error_message=("fail_reason", "entities.sub_jobs[].fail_reason"),
        resources={
            "server_group_ids": ("entities.server_group_id", "entities.sub_jobs[].entities.server_group_id"),
            "protected_instance_ids": (
                "entities.protected_instance_id",
                "entities.sub_jobs[].entities.protected_instance_id",
            ),
            "replication_pair_ids": (
                "entities.replication_pair_id",
                "entities.sub_jobs[].entities.replication_pair_id",
            ),
            "volume_ids": ("entities.volume_ids", "entities.sub_jobs[].entities.volume_ids"),
            "server_ids": ("entities.native_server_id", "entities.sub_jobs[].entities.native_server_id"),
            "nic_ids": ("entities.nic_id", "entities.sub_jobs[].entities.nic_id"),
        },
        sub_jobs=SubJobs("entities.sub_jobs[]", SUB_JOB),
    ),
    codes={
        "SDRS.0008": ErrorClass.TRANSIENT,
        "SDRS.0013": ErrorClass.TRANSIENT,
        "SDRS.0002": ErrorClass.AUTHENTICATION,
        "SDRS.0014": ErrorClass.AUTHENTICATION,
        "SDRS.0015": ErrorClass.AUTHENTICATION,
        "SDRS.0016": ErrorClass.AUTHENTICATION,
        "SDRS.0003": ErrorClass.PERMISSION,
        "SDRS.0004": ErrorClass.PERMISSION,
        "SDRS.0005": ErrorClass.PERMISSION,
        "SDRS.0009": ErrorClass.PERMISSION,
        "SDRS.0001": ErrorClass.INVALID,
    },
)
