# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UCloud UPhone: cloud phone jobs (API reference "DescribeUPhoneJob")."""

from __future__ import annotations

from ..model.job import State
from ..model.times import TimeFormat
from .declaration import JobMapping, Option, SubJobs, UCloudService

STATES = {
    "PENDING": State.PENDING,
    "RUNNING": State.RUNNING,
    "SUCCESS": State.SUCCEEDED,
    "PARTIAL_SUCCESS": State.PARTIALLY_SUCCEEDED,
    "FAILED": State.FAILED,
}

TASK = JobMapping(
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

UPHONE = UCloudService(
    provider="uphone",
    title="UCloud UPhone",
    action="DescribeUPhoneJob",
    ids="JobIds",
    jobs="Jobs",
    legacy_id="JobId",
    per_call=100,
    options=(Option("city_id", "CityId"), Option("product_type", "ProductType", ("uphone", "uphone-server"))),
    filters=(Option("job_types", "Types", many=True),),
    state_parameter="State",
    mapping=JobMapping(
        job_id="JobId",
        status=("State", "Status"),
        states=STATES,
        type="JobType",
        begin_time="BeginTime",
        end_time="EndTime",
        time_format=TimeFormat.SECONDS,
        progress_from_sub_jobs=True,
        error_from_sub_jobs=True,
        resources={
            "uphone_ids": ("UPhoneIds[]", "Tasks[].UPhoneId", "Tasks[].PhoneId"),
            "app_version_id": ("AppVersionId",),
        },
        sub_jobs=SubJobs("Tasks[]", TASK),
    ),
    # A job that waits is absent from the answer.
    not_found_grace=300,
)
