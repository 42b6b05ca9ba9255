# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud GaussDB, once GaussDB(for openGauss): database jobs (API reference "Querying Task Information")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Progress

GAUSSDB_OPENGAUSS = HuaweiCloudService(
    provider="gaussdb_opengauss",
    title="GaussDB (openGauss)",
    host="gaussdb-opengauss",
    path="/v3/{project_id}/jobs",
    query={"id": "{job_id}"},
    job="job",
    mapping=JobMapping(
        job_id="id",
        status=("status",),
        states={
            "Running": State.RUNNING,
            "Completed": State.SUCCEEDED,
            "Failed": State.FAILED,
        },
        type="name",
        progress=Progress("progress"),
        begin_time="created",
        end_time="ended",
        error_message=("fail_reason",),
        resources={
            "instance_id": ("instance.id",),
            "instance_name": ("instance.name",),
        },
    ),
    codes={
        "DBS.200543": ErrorClass.NOT_FOUND,
        "DBS.200010": ErrorClass.PERMISSION,
        "DBS.200044": ErrorClass.PERMISSION,
        "DBS.200604": ErrorClass.PERMISSION,
        "DBS.201003": ErrorClass.PERMISSION,
        "DBS.216003": ErrorClass.PERMISSION,
        "DBS.280015": ErrorClass.PERMISSION,
        "DBS.280020": ErrorClass.PERMISSION,
        "DBS.200001": ErrorClass.INVALID,
        "DBS.200004": ErrorClass.INVALID,
        "DBS.280001": ErrorClass.INVALID,
        "DBS.280408": ErrorClass.INVALID,
    },
    # In the example addresses of T Cloud Public's reference.
    hosts={"otc.t-systems.com": "gaussdb"},
)
