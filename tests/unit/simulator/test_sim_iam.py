# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM and the metadata address."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, credentials
from ansible_collections.cloudwait.jobs.tests.simulator.exchange import Answer, Call
from ansible_collections.cloudwait.jobs.tests.unit.simulator.asking import Caller, job_target

USER = {"name": credentials.USER, "password": credentials.PASSWORD, "domain": {"name": credentials.DOMAIN}}
BY_ID = {"project": {"id": credentials.PROJECT_ID}}


def log_in(caller: Caller, user: Any = None, scope: Any = None, methods: Any = ("password",)) -> Answer:
    """Ask for a token."""
    identity = {"methods": list(methods), "password": {"user": USER if user is None else user}}
    auth = {"identity": identity} if scope is None else {"identity": identity, "scope": scope}
    return caller.send(Call("POST", "/v3/auth/tokens", {}, json.dumps({"auth": auth}).encode()))


@pytest.mark.parametrize(
    ("scope", "project"),
    [
        (BY_ID, credentials.PROJECT_ID),
        ({"project": {"name": credentials.REGION}}, credentials.PROJECT_ID),
        ({"project": {"name": credentials.OTHER_REGION, "domain": USER["domain"]}}, credentials.OTHER_PROJECT_ID),
        ({"project": {"name": credentials.REGION, "domain": {"id": credentials.DOMAIN_ID}}}, credentials.PROJECT_ID),
        (None, None),
    ],
)
def test_tokens_are_scoped(caller: Caller, cloud: Cloud, scope: Any, project: str | None) -> None:
    answer = log_in(caller, scope=scope)
    assert answer.status == 201
    token = answer.body["token"]
    assert token.get("project", {}).get("id") == project
    assert token["expires_at"] == "2026-01-03T03:04:05.000000Z"
    headers = {"X-Auth-Token": answer.headers["X-Subject-Token"]}
    target = job_target("ims", "ff8080814dbd65d7014dbe0d84db0013", project or credentials.PROJECT_ID)
    assert caller.get(target, headers).status == (200 if project else 403)
    assert cloud.tokens.issued == 1


def test_token_lifetime(caller: Caller, cloud: Cloud, clock: ManualClock) -> None:
    cloud.token_lifetime = 30
    answer = log_in(caller, scope=BY_ID)
    assert answer.body["token"]["expires_at"] == "2026-01-02T03:04:35.000000Z"
    headers = {"X-Auth-Token": answer.headers["X-Subject-Token"]}
    assert caller.get("/v3/projects", headers).status == 200
    clock.advance(30)
    refused = caller.get("/v3/projects", headers)
    assert (refused.status, refused.body["error"]["code"], refused.body["error"]["title"]) == (401, 401, "Unauthorized")


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"user": {**USER, "password": "wrong"}}, 401),
        ({"user": {**USER, "name": "nobody"}}, 401),
        ({"user": {**USER, "domain": {"name": "elsewhere"}}}, 401),
        ({"user": {"name": credentials.USER, "password": credentials.PASSWORD}}, 400),
        ({"user": {**USER, "password": 5}}, 400),
        ({"user": "x"}, 400),
        ({"methods": ["totp"]}, 400),
        ({"scope": {"project": {}}}, 400),
        ({"scope": {"project": {"id": "nobody"}}}, 401),
        ({"scope": {"project": {"name": "nowhere"}}}, 401),
        ({"scope": {"project": {"name": credentials.REGION, "domain": {"name": "elsewhere"}}}}, 401),
        ({"scope": {"project": {"name": credentials.AMBIGUOUS_PROJECT_NAME}}}, 401),
    ],
)
def test_refused_logins(caller: Caller, cloud: Cloud, options: dict[str, Any], status: int) -> None:
    answer = log_in(caller, **options)
    error = answer.body["error"]
    assert (answer.status, error["code"]) == (status, status)
    assert error["message"]
    assert error["title"] == {400: "Bad Request", 401: "Unauthorized"}[status]
    assert "X-Subject-Token" not in answer.headers
    assert cloud.tokens.issued == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"auth": 5}', b"\xff"])
def test_malformed_logins(caller: Caller, body: bytes) -> None:
    assert caller.send(Call("POST", "/v3/auth/tokens", {}, body)).status == 400


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (f"?name={credentials.REGION}", [credentials.PROJECT_ID]),
        (f"?name={credentials.AMBIGUOUS_PROJECT_NAME}", list(credentials.AMBIGUOUS_PROJECT_IDS)),
        ("?name=nowhere", []),
        ("", [project.id for project in credentials.PROJECTS]),
    ],
)
def test_projects(caller: Caller, query: str, ids: list[str]) -> None:
    by_token = caller.get(f"/v3/projects{query}")
    assert [project["id"] for project in by_token.body["projects"]] == ids
    assert caller.send(caller.signed(f"/v3/projects{query}")).body == by_token.body


def test_projects_need_credentials(caller: Caller) -> None:
    assert caller.get("/v3/projects", {}).body["error_code"] == "APIGW.0301"
    assert caller.get("/v3/projects", {"X-Auth-Token": "x"}).body["error"]["code"] == 401


def test_metadata_gives_the_temporary_pair(caller: Caller) -> None:
    credential = caller.get("/openstack/latest/securitykey", {}).body["credential"]
    assert credential == {
        "access": credentials.TEMPORARY_ACCESS_KEY,
        "secret": credentials.TEMPORARY_SECRET_KEY,
        "securitytoken": credentials.SECURITY_TOKEN,
        "expires_at": "2026-01-03T03:04:05.000000Z",
    }
