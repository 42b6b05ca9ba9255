# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud TaurusDB, once GaussDB(for MySQL): database jobs (API reference "Obtaining Task Information")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Progress

GAUSSDB = HuaweiCloudService(
    provider="gaussdb",
    title="TaurusDB",
    host="gaussdb",
    path="/v3/{project_id}/jobs",
    query={"id": "{job_id}"},
    job="job",
    mapping=JobMapping(
        job_id="id",
        status=("status",),
        states={
            "Pending": State.PENDING,
            "Running": State.RUNNING,
            "Completed": State.SUCCEEDED,
            "Failed": State.FAILED,
        },
        type="name",
        progress=Progress("process"),
        begin_time="created",
        end_time="ended",
        error_message=("fail_reason",),
        resources={
            "instance_id": ("instance.id",),
            "instance_name": ("instance.name",),
            "endpoint": ("entities.instance.endpoint",),
            "resource_ids": ("entities.resource_ids[]",),
        },
    ),
    codes={
        "DBS.200543": ErrorClass.NOT_FOUND,
        "DBS.200010": ErrorClass.PERMISSION,
        "DBS.200044": ErrorClass.PERMISSION,
        "DBS.200604": ErrorClass.PERMISSION,
        "DBS.201003": ErrorClass.PERMISSION,
        "DBS.280015": ErrorClass.PERMISSION,
        "DBS.200001": ErrorClass.INVALID,
        "DBS.200004": ErrorClass.INVALID,
        "DBS.280001": ErrorClass.INVALID,
    },
    # As the regions of the vendor's SDK, and T Cloud Public's reference, name it.
    hosts={
        "tr-west-1": "gaussdbformysql",
        "ap-southeast-1": "gaussdbformysql",
        "ap-southeast-2": "gaussdbformysql",
        "cn-north-11": "gaussdbformysql",
        "me-east-1": "gaussdbformysql",
        "af-south-1": "gaussdb-mysql",
        "cn-east-5": "gaussdb-mysql",
        "la-north-2": "gaussdb-mysql",
        "cn-southwest-3": "gaussdb-mysql",
        "otc.t-systems.com": "gaussdb-mysql",
    },
    retention="a month",
)
