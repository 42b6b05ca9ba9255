# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud GEIP: jobs of global Elastic IPs (API reference "Querying a Job", ShowJobs)."""

from __future__ import annotations

from ..model.job import State
from ..model.times import TimeFormat
from .declaration import HuaweiCloudService, JobMapping

GEIP = HuaweiCloudService(
    provider="geip",
    title="Global Elastic IP (GEIP)",
    host="eip.{cloud}",
    path="/v3/{domain_id}/geip/jobs/{job_id}",
    job="job",
    mapping=JobMapping(
        job_id="id",
        status=("status",),
        states={
            "WAIT_TO_SCHEDULE": State.PENDING,
            "FINISH_SUCC": State.SUCCEEDED,
            "FINISH_ROLLBACK_SUCC": State.FAILED,
        },
        # What a running job says is not documented.
        more_statuses=True,
        type="action",
        begin_time="start_time",
        end_time="end_time",
        time_format=TimeFormat.NO_ZONE,
        error_code=("error_code",),
        error_message=("error_message",),
    ),
    codes={},
)
