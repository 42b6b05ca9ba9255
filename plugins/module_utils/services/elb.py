# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud ELB: jobs of load balancers (API reference "Querying the Status of an Asynchronous Task")."""

from __future__ import annotations

from ..model.job import State
from .declaration import HuaweiCloudService, JobMapping, SubJobs

STATES = {
    "INIT": State.PENDING,
    "RUNNING": State.RUNNING,
    "SUCCESS": State.SUCCEEDED,
    "COMPLETE": State.SUCCEEDED,
    "FAIL": State.FAILED,
    "ROLLBACKING": State.RUNNING,
    "ROLLBACK_FAIL": State.FAILED,
    "CANCEL": State.FAILED,
}

SUB_JOB = JobMapping(
    job_id="job_id",
    status=("status",),
    states=STATES,
    error_code=("error_code",),
    error_message=("error_msg",),
    resources={"resource_ids": ("resource_id", "entities[].resource_id")},
)

ELB = HuaweiCloudService(
    provider="elb",
    title="Elastic Load Balance (ELB)",
    host="elb",
    path="/v3/{project_id}/elb/jobs/{job_id}",
    job="job",
    hosts={"eu-west-101": "elb.eu-west-101.myhuaweicloud.com"},
    mapping=JobMapping(
        job_id="job_id",
        status=("status",),
        states=STATES,
        type="job_type",
        begin_time="begin_time",
        end_time="end_time",
        error_code=("error_code", "sub_jobs[].error_code"),
        error_message=("error_msg", "sub_jobs[].error_msg"),
        resources={"resource_ids": ("resource_id", "sub_jobs[].resource_id", "sub_jobs[].entities[].resource_id")},
        sub_jobs=SubJobs("sub_jobs[]", SUB_JOB),
    ),
    codes={},
)
