# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud IMS: image jobs (API reference "Querying the Execution Status of an Asynchronous Job")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Progress, Scale, SubJobs

STATES = {"INIT": State.PENDING, "RUNNING": State.RUNNING, "SUCCESS": State.SUCCEEDED, "FAIL": State.FAILED}

SUB_JOB = JobMapping(
    job_id="job_id",
    status=("status",),
    states=STATES,
    error_code=("error_code",),
    error_message=("fail_reason",),
    resources={"image_id": ("entities.image_id",)},
)
# Which of them holds the ids depends on the type of the job.
IMAGE_IDS = ("entities.image_id", "entities.results[].image_id", "entities.sub_jobs_result[].entities.image_id")

IMS = HuaweiCloudService(
    provider="ims",
    title="Image Management Service (IMS)",
    host="ims",
    path="/v1/{project_id}/jobs/{job_id}",
    mapping=JobMapping(
        job_id="job_id",
        status=("status",),
        states=STATES,
        type="job_type",
        progress=Progress("entities.process_percent", Scale.FRACTION),
        step="entities.current_task",
        begin_time="begin_time",
        end_time="end_time",
        error_code=(
            "error_code",
            "entities.error_code",
            "entities.addition_error_code",
            "entities.alarm_code",
            "entities.sub_jobs_result[].error_code",
        ),
        error_message=(
            "fail_reason",
            "entities.error",
            "entities.addition_error_msg",
            "entities.sub_jobs_result[].fail_reason",
        ),
        resources={"image_id": IMAGE_IDS, "image_ids": IMAGE_IDS},
        sub_jobs=SubJobs("entities.sub_jobs_result[]", SUB_JOB),
    ),
    codes={"IMG.0023": ErrorClass.TRANSIENT},
)
