# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud CFW: jobs of firewalls (API reference "List Job Status")."""

from __future__ import annotations

from ..model.job import State
from ..model.times import TimeFormat
from .declaration import ErrorClass, HuaweiCloudService, JobMapping

CFW = HuaweiCloudService(
    provider="cfw",
    title="Cloud Firewall (CFW)",
    host="cfw",
    path="/v3/{project_id}/jobs/{job_id}",
    job="data",
    mapping=JobMapping(
        job_id="id",
        status=("status",),
        states={"Running": State.RUNNING, "Success": State.SUCCEEDED, "Failed": State.FAILED},
        begin_time="begin_time",
        end_time="end_time",
        time_format=TimeFormat.MILLISECONDS,
    ),
    codes={
        "CFW.00109004": ErrorClass.TRANSIENT,
    },
)
