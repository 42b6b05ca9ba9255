# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM: tokens by password, projects by name, and the temporary keys of a cloud server's agency."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from .credentials import (
    DOMAIN,
    DOMAIN_ID,
    PASSWORD,
    PROJECTS,
    SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
    USER,
    USER_ID,
    Project,
)
from .exchange import Answer, Call
from .services import utc

if TYPE_CHECKING:
    from .cloud import Cloud

DOMAIN_OBJECT = {"id": DOMAIN_ID, "name": DOMAIN}


class IamError(Exception):
    """IAM says no: an HTTP status and a message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

    def answer(self) -> Answer:
        """Return the refusal in IAM's shape, with an int as the code."""
        return Answer(
            self.status, {"error": {"code": self.status, "message": str(self), "title": HTTPStatus(self.status).phrase}}
        )


def stamp(unix: float) -> str:
    """Return a Unix time as IAM writes it: UTC with microseconds."""
    return utc(unix).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def get(data: Any, *path: str) -> Any:
    """Return the value at a path of keys, None where there is none."""
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def create_token(cloud: Cloud, call: Call) -> Answer:
    """Answer ``POST /v3/auth/tokens`` with method password."""
    try:
        auth = get(json.loads(call.body), "auth")
    except ValueError:
        return IamError(400, "Request body is invalid.").answer()
    try:
        check_user(auth)
        project = find_project(get(auth, "scope"))
    except IamError as refusal:
        return refusal.answer()
    now = cloud.wall()
    token = cloud.tokens.issue(project.id if project else None, now + cloud.token_lifetime)
    shown: dict[str, Any] = {
        "expires_at": stamp(token.expires_at),
        "issued_at": stamp(now),
        "methods": ["password"],
        "catalog": [],
        "roles": [{"id": "0", "name": "te_admin"}],
        "user": {"id": USER_ID, "name": USER, "domain": DOMAIN_OBJECT, "password_expires_at": ""},
    }
    if project:
        shown["project"] = {"id": project.id, "name": project.name, "domain": DOMAIN_OBJECT}
    else:
        shown["domain"] = DOMAIN_OBJECT
    return Answer(201, {"token": shown}, {"X-Subject-Token": token.value})


def check_user(auth: Any) -> None:
    """Raise IamError unless the request names the one user that there is, with the password."""
    methods, user = get(auth, "identity", "methods"), get(auth, "identity", "password", "user")
    if not isinstance(methods, list) or "password" not in methods:
        raise IamError(400, "Request parameter methods is invalid.")
    if not isinstance(user, Mapping) or not all(isinstance(user.get(key), str) for key in ("name", "password")):
        raise IamError(400, "Request parameter user is invalid.")
    domain = get(user, "domain")
    if not isinstance(domain, Mapping):
        raise IamError(400, "Request parameter domain is invalid.")
    right = (user["name"], user["password"]) == (USER, PASSWORD)
    if not right or not (domain.get("name") == DOMAIN or domain.get("id") == DOMAIN_ID):
        raise IamError(401, "The username or password is wrong.")


def find_project(scope: Any) -> Project | None:
    """Return the project that a scope names (by id, or by name with or without its domain), None without one."""
    wanted = get(scope, "project")
    if wanted is None:
        return None
    if not isinstance(wanted, Mapping) or not {"id", "name"} & set(wanted):
        raise IamError(400, "Request parameter project is invalid.")
    domain = wanted.get("domain")
    if domain is not None and get(domain, "name") != DOMAIN and get(domain, "id") != DOMAIN_ID:
        raise IamError(401, "The domain of the project could not be found.")
    key = "id" if "id" in wanted else "name"
    found = [project for project in PROJECTS if getattr(project, key) == wanted[key]]
    if len(found) != 1:
        raise IamError(401, f"Could not find project: {wanted[key]}.")
    return found[0]


def list_projects(call: Call) -> Answer:
    """Answer ``GET /v3/projects``, filtered by ``name`` where it is given."""
    name = call.parameters.get("name")
    shown = [
        {
            "id": project.id,
            "name": project.name,
            "domain_id": DOMAIN_ID,
            "parent_id": DOMAIN_ID,
            "is_domain": False,
            "enabled": True,
            "description": "",
            "links": {"self": f"https://iam.example.com/v3/projects/{project.id}"},
        }
        for project in PROJECTS
        if name is None or project.name == name
    ]
    return Answer(
        200,
        {"projects": shown, "links": {"self": "https://iam.example.com/v3/projects", "next": None, "previous": None}},
    )


def security_key(cloud: Cloud) -> Answer:
    """Answer the metadata address: the agency's temporary keys."""
    credential = {
        "access": TEMPORARY_ACCESS_KEY,
        "secret": TEMPORARY_SECRET_KEY,
        "securitytoken": SECURITY_TOKEN,
        "expires_at": stamp(cloud.wall() + cloud.token_lifetime),
    }
    return Answer(200, {"credential": credential})
