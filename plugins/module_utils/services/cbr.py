# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud CBR: backup tasks (API reference "Querying a Single Task")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Progress

CBR = HuaweiCloudService(
    provider="cbr",
    title="Cloud Backup and Recovery (CBR)",
    host="cbr",
    path="/v3/{project_id}/operation-logs/{job_id}",
    job="operation_log",
    hosts={"eu-west-101": "cbr.eu-west-101.myhuaweicloud.com"},
    mapping=JobMapping(
        job_id="id",
        status=("status",),
        states={
            "waiting": State.PENDING,
            "running": State.RUNNING,
            "success": State.SUCCEEDED,
            "skipped": State.FAILED,
            "failed": State.FAILED,
            "timeout": State.FAILED,
        },
        partial_if=(
            "extra_info.remove_resources.fail_count",
            "extra_info.vault_delete.fail_count",
            "extra_info.sync.err_sync_backup_num",
        ),
        type="operation_type",
        progress=Progress("extra_info.common.progress"),
        begin_time="started_at",
        end_time="ended_at",
        error_code=("error_info.code",),
        error_message=("error_info.message",),
        resources={
            "checkpoint_id": ("checkpoint_id",),
            "backup_id": ("extra_info.backup.backup_id", "extra_info.restore.backup_id", "extra_info.delete.backup_id"),
            "vault_id": ("vault_id",),
            "resource_id": ("extra_info.resource.id",),
            "destination_backup_id": ("extra_info.replication.destination_backup_id",),
            "target_resource_id": ("extra_info.restore.target_resource_id",),
        },
    ),
    codes={
        "BackupService.6500": ErrorClass.NOT_FOUND,
        "BackupService.6501": ErrorClass.NOT_FOUND,
        "BackupService.0002": ErrorClass.TRANSIENT,
        "BackupService.8600": ErrorClass.PERMISSION,
    },
)
