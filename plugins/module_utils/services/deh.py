# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud DeH: jobs of dedicated hosts (as the vendor's Terraform provider asks for them)."""

from __future__ import annotations

from ..model.job import State
from .declaration import HuaweiCloudService, JobMapping

DEH = HuaweiCloudService(
    provider="deh",
    title="Dedicated Host (DeH)",
    host="deh",
    path="/v1/{project_id}/jobs/{job_id}",
    mapping=JobMapping(
        job_id="job_id",
        status=("status",),
        states={"SUCCESS": State.SUCCEEDED, "FAIL": State.FAILED, "INIT": State.PENDING, "RUNNING": State.RUNNING},
        type="job_type",
        begin_time="begin_time",
        end_time="end_time",
        error_code=("error_code",),
        error_message=("fail_reason",),
    ),
    codes={},
)
