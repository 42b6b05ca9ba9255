# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that start one job, declared: what the body must hold, the script of the job, and the answer.

Named as in the references: ECS's CreateServers, EVS's CreateVolume, RDS's StartInstanceRestartAction, CCE's CreateNode.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .facts import Request, read_request
from .store import make_id

# What stands for the job's id, and for that of what it makes, in an answer.
JOB, MADE = "JOB", "MADE"


class Start(NamedTuple):
    """A request that starts a job of a service; its body must hold an object at `needs`."""

    service: str
    request: Request
    needs: str
    script: str
    answer: Mapping[str, Any]

    def refusal(self, body: Mapping[str, Any]) -> str:
        """Return the name of what the body lacks, empty where it lacks nothing."""
        return "" if isinstance(body.get(self.needs), dict) else self.needs

    def shown(self, job_id: str) -> Any:
        """Return what the service answers when it has started a job."""
        return _filled(self.answer, {JOB: job_id, MADE: make_id("made", job_id)})


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _filled(inner, values) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, values) for inner in value]
    return values.get(value, value)


def _start(service: str, line: str, needs: str, script: str, answer: Mapping[str, Any]) -> Start:
    return Start(service, read_request(line, {}), needs, script, answer)


STARTS = {
    (start.service, start.script): start
    for start in (
        _start(
            "ecs",
            "POST https://ecs.{region}.myhuaweicloud.com/v1.1/{project_id}/cloudservers",
            "server",
            "server-create",
            {"job_id": JOB, "serverIds": [MADE]},
        ),
        _start(
            "evs",
            "POST https://evs.{region}.myhuaweicloud.com/v2.1/{project_id}/cloudvolumes",
            "volume",
            "volume-create",
            {"job_id": JOB, "volume_ids": [MADE]},
        ),
        _start(
            "rds",
            "POST https://rds.{region}.myhuaweicloud.com/v3/{project_id}/instances/{instance_id}/action",
            "restart",
            "instance-restart",
            {"job_id": JOB},
        ),
        _start(
            "cce",
            "POST https://cce.{region}.myhuaweicloud.com/api/v3/projects/{project_id}/clusters/{cluster_id}/nodes",
            "spec",
            "node-create",
            {"kind": "Node", "apiVersion": "v3", "metadata": {"uid": MADE}, "status": {"phase": "Build", "jobID": JOB}},
        ),
    )
}
