# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which operation of which service a request asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .actions import array, asked_ids
from .exchange import Call
from .facts import FACTS, Facts, Request
from .resources import HOST_ACTIONS
from .starts import STARTS
from .submits import UPHONE_ACTIONS

# Tells the number of a service's job, 0 where it has no such job.
NumberOf = Callable[[str, str], int]
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Operation:
    """A recognised request: service (a provider, iam, metadata, ucloud, control) and the operation's name.

    ``job_ids`` are the ids that the request asks for; CPH's list asks for request ids. ``work`` is what a submit asks
    for, as submits.py names it. ``parameters`` are those of an action of UCloud.
    """

    service: str
    name: str
    project: str | None = None
    job_ids: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    work: str = ""
    is_action: bool = False


def resolve(call: Call, base_path: str = "", number_of: NumberOf = lambda _provider, _job_id: 0) -> Operation | None:
    """Return the operation, None for a path or method that no service has.

    Where several services have the same path, on hosts of their own in the real cloud, it is asked of the one that has
    the job, and of those the one that got it last.
    """
    parts = call.segments(base_path)
    if parts is None:
        return None
    match (call.method, *parts):
        case ("GET", "v1", project, "cloud-phone", "jobs"):
            wanted = call.parameters.get("request_ids") or call.parameters.get("request_id") or ""
            return Operation("cph", "list_jobs", project, tuple(part for part in wanted.split(",") if part))
        case ("GET", "v1", "cloudimages", "job", job_id) if job_id:
            return Operation("ims", "show_job", None, (job_id,))
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
        case ("GET" | "POST" as method, "v2.0", "vpc", "peerings"):
            return Operation("vpc", "list_peerings" if method == "GET" else "create_peering")
        case ("GET" | "DELETE" as method, "v2.0", "vpc", "peerings", peering_id) if peering_id:
            return Operation("vpc", "show_peering" if method == "GET" else "delete_peering", None, (peering_id,))
        case ("POST", "v3", "auth", "tokens"):
            return Operation("iam", "create_token")
        case ("GET", "v3", "projects"):
            return Operation("iam", "list_projects")
        case ("GET", "openstack", "latest", "securitykey"):
            return Operation("metadata", "securitykey")
        case ("GET" | "POST", "") | ("GET" | "POST",):
            return _action(call)
        case (_, "_control", *rest):
            return Operation("control", "/".join(rest))
    return _start(call, parts) or _query(call, parts, number_of)


def _start(call: Call, parts: list[str]) -> Operation | None:
    """Return the submit that a request is, None for another one."""
    for start in STARTS.values():
        values = _filled(start.request, parts, {}) if call.method == start.request.method else None
        if values is not None:
            return Operation(start.service, "submit", values.get("project_id"), work=start.script)
    return None


def _action(call: Call) -> Operation:
    """Return the operation of an action of UCloud."""
    parameters = call.form if call.method == "POST" else call.parameters
    action = parameters.get("Action", "")
    if action in UPHONE_ACTIONS:
        return Operation("uphone", "submit", None, (), parameters, action, is_action=True)
    if action in HOST_ACTIONS:
        ids = tuple(array(parameters, "UHostIds"))
        return Operation("uhost", "describe_hosts", None, ids, parameters, is_action=True)
    if action not in QUERIES:
        return Operation("ucloud", "unknown", parameters=parameters, is_action=True)
    facts = QUERIES[action]
    job_ids = asked_ids(facts, parameters)
    return Operation(facts.provider, "describe_job", None, job_ids, parameters, is_action=True)


def _query(call: Call, parts: list[str], number_of: NumberOf) -> Operation | None:
    """Return the query for one job, None for a path that no service has."""
    found = []
    for facts in PATHS.get((call.method, len(parts)), ()):
        values = _filled(facts.request, parts, call.parameters)
        if values is not None:
            found.append(Operation(facts.provider, "show_job", values.get("project_id"), (values["job_id"],)))
    return max(found, key=lambda operation: number_of(operation.service, operation.job_ids[0]), default=None)


def _filled(request: Request, parts: list[str], parameters: Mapping[str, str]) -> dict[str, str] | None:
    """Return what stands in the places of a request's placeholders, None for another request."""
    steps = request.path.split("/")[1:]
    if len(steps) != len(parts):
        return None
    pairs = [*zip(steps, parts, strict=True)]
    pairs += [(value, parameters.get(name, "")) for name, value in request.query.items()]
    values = {}
    for wanted, given in pairs:
        placeholder = PLACEHOLDER.fullmatch(wanted)
        if placeholder and given:
            values[placeholder[1]] = given
        elif wanted != given:
            return None
    return values


# Those with a class of their own go first: an id that nobody has submitted is asked of them.
OWN = ("cph", "ims", "uphone")
ORDER = sorted(FACTS.values(), key=lambda facts: facts.provider not in OWN)
QUERIES = {facts.request.query["Action"]: facts for facts in ORDER if facts.is_ucloud}
PATHS: dict[tuple[str, int], list[Facts]] = {}
for _facts in ORDER:
    if not _facts.is_ucloud:
        PATHS.setdefault((_facts.request.method, _facts.request.path.count("/")), []).append(_facts)
