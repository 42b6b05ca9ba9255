# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud FunctionGraph: asynchronous calls (API reference "Querying Asynchronous Invocation Requests")."""

from __future__ import annotations

from ..model.job import State
from .declaration import ErrorClass, HuaweiCloudService, JobMapping, Option

FUNCTIONGRAPH = HuaweiCloudService(
    provider="functiongraph",
    title="FunctionGraph",
    host="functiongraph",
    path="/v2/{project_id}/fgs/functions/{function_urn}/async-invocations",
    query={"request_id": "{job_id}", "query_begin_time": "{day_before}"},
    job="invocations[]",
    missing_is_not_found=True,
    options=(Option("function_urn", required=True),),
    hosts={"eu-west-101": "functiongraph.eu-west-101.myhuaweicloud.com"},
    mapping=JobMapping(
        job_id="request_id",
        status=("status",),
        states={
            "WAIT": State.PENDING,
            "RUNNING": State.RUNNING,
            "SUCCESS": State.SUCCEEDED,
            "FAIL": State.FAILED,
            "DISCARD": State.FAILED,
        },
        begin_time="start_time",
        end_time="end_time",
        error_code=("error_code",),
        error_message=("error_message",),
    ),
    codes={
        "FSS.0500": ErrorClass.TRANSIENT,
        "FSS.0403": ErrorClass.PERMISSION,
    },
    containers={"FSS.0404": "function_urn"},
)
