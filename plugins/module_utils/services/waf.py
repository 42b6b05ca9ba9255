# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud WAF: asynchronous jobs (API reference "ConfirmAsyncJob")."""

from __future__ import annotations

from ..model.job import State
from .declaration import HuaweiCloudService, JobMapping

WAF = HuaweiCloudService(
    provider="waf",
    title="Web Application Firewall (WAF)",
    host="waf",
    path="/v1/{project_id}/waf/async-job/{job_id}",
    hosts={"eu-west-101": "waf.eu-west-101.myhuaweicloud.com", "cn-north-9": "waf.cn-north-9.myhuaweicloud.cn"},
    mapping=JobMapping(
        job_id="job_id",
        status=("status",),
        states={"RUNNING": State.RUNNING, "SUCCESS": State.SUCCEEDED, "FAILED": State.FAILED},
        step="message",
        error_message=("message",),
    ),
    codes={},
)
