# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which operation of which service a request asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .exchange import Call
from .submits import UPHONE_ACTIONS
from .uphone import array


@dataclass(frozen=True)
class Operation:
    """A recognised request: service (cph, ims, dws, uphone, iam, metadata, control) and the operation's name.

    ``job_ids`` are the ids that the request asks for; CPH's list asks for request ids. ``work`` is what a submit asks
    for, as submits.py names it.
    """

    service: str
    name: str
    project: str | None = None
    job_ids: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    work: str = ""


def resolve(call: Call, base_path: str = "") -> Operation | None:
    """Return the operation, None for a path or method that no service has."""
    parts = call.segments(base_path)
    if parts is None:
        return None
    match (call.method, *parts):
        case ("GET", "v1", project, "cloud-phone", "jobs", job_id) if job_id:
            return Operation("cph", "show_job", project, (job_id,))
        case ("GET", "v1", project, "cloud-phone", "jobs"):
            wanted = call.parameters.get("request_ids") or call.parameters.get("request_id") or ""
            return Operation("cph", "list_jobs", project, tuple(part for part in wanted.split(",") if part))
        case ("GET", "v1", project, "jobs", job_id) if job_id:
            return Operation("ims", "show_job", project, (job_id,))
        case ("GET", "v1", "cloudimages", "job", job_id) if job_id:
            return Operation("ims", "show_job", None, (job_id,))
        case ("GET", "v1.0", project, "job", job_id) if job_id:
            return Operation("dws", "show_job", project, (job_id,))
        case ("POST", "v1", project, "cloud-phone", "phones", "batch-reset" | "batch-restart" | "commands" as work):
            return Operation("cph", "submit", project, work=work)
        case ("POST", "v2", "cloudimages", "action" as work):
            return Operation("ims", "submit", work=work)
        case ("POST", "v1", "cloudimages", _image_id, "file" | "copy" as work):
            return Operation("ims", "submit", work=work)
        case ("POST", "v1", project, "clusters", _cluster_id, "start" | "stop" as work):
            return Operation("dws", "submit", project, work=work)
        case ("POST", "v1.0", project, "clusters", _cluster_id, "cns" as work, "batch-create"):
            return Operation("dws", "submit", project, work=work)
        case ("POST", "v2", project, "clusters", _cluster_id, "elbs" as work, _elb_id):
            return Operation("dws", "submit", project, work=work)
        case ("POST", "v3", "auth", "tokens"):
            return Operation("iam", "create_token")
        case ("GET", "v3", "projects"):
            return Operation("iam", "list_projects")
        case ("GET", "openstack", "latest", "securitykey"):
            return Operation("metadata", "securitykey")
        case ("GET" | "POST", "") | ("GET" | "POST",):
            parameters = call.form if call.method == "POST" else call.parameters
            if parameters.get("Action") in UPHONE_ACTIONS:
                return Operation("uphone", "submit", None, (), parameters, parameters["Action"])
            return Operation("uphone", "describe_job", None, tuple(array(parameters, "JobIds")), parameters)
        case (_, "_control", *rest):
            return Operation("control", "/".join(rest))
    return None
