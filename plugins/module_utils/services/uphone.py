# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UCloud UPhone: cloud phone jobs (API reference "DescribeUPhoneJob")."""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import ActionService, Parts, Shape
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import State
from ansible_collections.cloudwait.jobs.plugins.module_utils.times import Clock
from ansible_collections.cloudwait.jobs.plugins.module_utils.ucloud import cloud

STATES = {
    "PENDING": State.PENDING,
    "RUNNING": State.RUNNING,
    "SUCCESS": State.SUCCEEDED,
    "PARTIAL_SUCCESS": State.PARTIALLY_SUCCEEDED,
    "FAILED": State.FAILED,
}

TASK = Shape(
    job_id="TaskId",
    status=("State", "Status"),
    states=STATES,
    error_message=("ErrorMsg", "Message"),
    resources={
        "uphone_id": ("UPhoneId", "PhoneId"),
        "server_id": ("ServerId",),
        "app_version_id": ("AppVersionId",),
    },
)

UPHONE = ActionService(
    cloud=cloud,
    provider="uphone",
    title="UCloud UPhone",
    action="DescribeUPhoneJob",
    ids="JobIds",
    jobs="Jobs",
    legacy="JobId",
    per_call=100,
    shape=Shape(
        job_id="JobId",
        status=("State", "Status"),
        states=STATES,
        type="JobType",
        begin_time="BeginTime",
        end_time="EndTime",
        clock=Clock.SECONDS,
        progress_from_parts=True,
        error_from_parts=True,
        resources={
            "uphone_ids": ("UPhoneIds[]", "Tasks[].UPhoneId", "Tasks[].PhoneId"),
            "app_version_id": ("AppVersionId",),
        },
        parts=Parts("Tasks[]", TASK),
    ),
    codes={},
    # A job that waits is absent from the answer.
    not_found_grace=300,
)
