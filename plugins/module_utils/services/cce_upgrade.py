# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud CCE: upgrades of clusters (the vendor's SDK, ShowUpgradeClusterTask)."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Option

CCE_UPGRADE = HuaweiCloudService(
    provider="cce_upgrade",
    title="Cloud Container Engine (CCE) upgrades",
    host="cce",
    path="/api/v3/projects/{project_id}/clusters/{cluster_id}/operation/upgrade/tasks/{job_id}",
    options=(Option("cluster_id", required=True),),
    mapping=JobMapping(
        job_id="metadata.uid",
        status=("status.phase",),
        states={
            "Init": State.PENDING,
            "Queuing": State.PENDING,
            "Running": State.RUNNING,
            "Pause": State.PENDING,
            "Success": State.SUCCEEDED,
            "Failed": State.FAILED,
        },
        type="kind",
        begin_time="metadata.creationTimestamp",
        end_time="status.completionTime",
    ),
    codes={
        "CCE.01404001": ErrorClass.NOT_FOUND,
        "CCE.02404001": ErrorClass.NOT_FOUND,
        "CCE.03404001": ErrorClass.NOT_FOUND,
        "CCE.01429002": ErrorClass.TRANSIENT,
        "CCE.02429001": ErrorClass.TRANSIENT,
        "CCE.01500001": ErrorClass.TRANSIENT,
        "CCE.02500001": ErrorClass.TRANSIENT,
        "CCE.03500001": ErrorClass.TRANSIENT,
        "CCE.01401001": ErrorClass.AUTHENTICATION,
        "CCE.02401001": ErrorClass.AUTHENTICATION,
        "CCE.03401001": ErrorClass.AUTHENTICATION,
        "CCE.01403001": ErrorClass.PERMISSION,
        "CCE.02403001": ErrorClass.PERMISSION,
        "CCE.03403001": ErrorClass.PERMISSION,
        "CCE.01400001": ErrorClass.INVALID,
        "CCE.02400001": ErrorClass.INVALID,
        "CCE.03400001": ErrorClass.INVALID,
    },
)
