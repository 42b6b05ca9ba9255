# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Kafka, RabbitMQ and RocketMQ of Huawei Cloud have in common: the background tasks of an instance."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Option

TASK = JobMapping(
    job_id="id",
    status=("status",),
    states={
        "CREATED": State.PENDING,
        "EXECUTING": State.RUNNING,
        "SUCCESS": State.SUCCEEDED,
        "FAILED": State.FAILED,
        "DELETED": State.FAILED,
        "CANCELLED": State.FAILED,
    },
    type="name",
    begin_time="created_at",
    # The time of the last change, while a task is not over.
    end_time="updated_at",
)

CODES = {
    # A throttle, with HTTP 404.
    "DMS.10240407": ErrorClass.TRANSIENT,
    "DMS.111501025": ErrorClass.TRANSIENT,
    "DMS.00403002": ErrorClass.PERMISSION,
    "DMS.00403003": ErrorClass.PERMISSION,
    "DMS.00403007": ErrorClass.PERMISSION,
    "DMS.10240306": ErrorClass.PERMISSION,
    "DMS.10240309": ErrorClass.PERMISSION,
    "DMS.10240310": ErrorClass.PERMISSION,
    "DMS.10240311": ErrorClass.PERMISSION,
    "DMS.10240312": ErrorClass.PERMISSION,
    "DMS.00400002": ErrorClass.INVALID,
    "DMS.00400030": ErrorClass.INVALID,
    "DMS.00400061": ErrorClass.INVALID,
    "DMS.00400070": ErrorClass.INVALID,
    # There is no such URL.
    "DMS.00404001": ErrorClass.INVALID,
}


def dms(provider: str, title: str) -> HuaweiCloudService:
    """Return the declaration of one of the three."""
    return HuaweiCloudService(
        provider=provider,
        title=title,
        host="dms",
        path="/v2/{project_id}/instances/{instance_id}/tasks/{job_id}",
        job="tasks[]",
        mapping=TASK,
        codes=CODES,
        options=(Option("instance_id", required=True),),
        containers={"DMS.00404022": "instance_id"},
        missing_is_not_found=True,
    )
