# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of IAM: when a task logs in, when it must log in again in mid-wait, and when it looks up its project."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterator, Sequence

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import LAST_POLL_SECONDS
from ansible_collections.cloudwait.jobs.tests.faults.checks import check_result
from ansible_collections.cloudwait.jobs.tests.faults.faults import (
    AUTHENTICATION,
    INVALID,
    NO_ANSWER,
    NONE,
    PERMISSION,
    REDIRECT,
    SERVICE,
    THROTTLED,
    TOO_LONG,
    TRY_AGAIN,
    Meaning,
    Row,
)
from ansible_collections.cloudwait.jobs.tests.faults.moments import (
    DEADLINE,
    FIRST,
    FIRST_ONCE,
    INTERVAL,
    LATER,
    LATER_ONCE,
    SINGLE,
    SINGLE_ONCE,
    Moment,
)
from ansible_collections.cloudwait.jobs.tests.faults.rules import expected
from ansible_collections.cloudwait.jobs.tests.faults.scene import Elsewhere, Scene
from ansible_collections.cloudwait.jobs.tests.faults.targets import (
    CPH_BY_ID,
    CPH_REQUEST,
    PLAIN,
    Target,
)
from ansible_collections.cloudwait.jobs.tests.faults.wrong_types import VALUES, Way, type_of, value_at
from ansible_collections.cloudwait.jobs.tests.simulator import credentials
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import places, put

TARGETS = (CPH_BY_ID, CPH_REQUEST, PLAIN)
# What makes a task log in again.
REVOKED = Row("revoked", "revoke_tokens", NONE)


def of_any_request() -> Iterator[Row]:
    """What may happen to a login and to a look-up alike."""
    for kind in ("reset", "close", "cut", "hang", "stall", "drip_headers", "endless", "bad_gzip", "bad_chunks"):
        yield Row(kind, kind, NO_ANSWER)
    yield Row("not HTTP", "not_http", NO_ANSWER)
    for status in (500, 502, 503, 504):
        yield Row(f"{status} in HTML", "html", TRY_AGAIN, {"status": status})
    for status, meaning in (
        *((status, TRY_AGAIN) for status in (408, 429, 500, 502, 503)),
        *((status, INVALID) for status in (400, 404, 405)),
        (501, SERVICE),
    ):
        yield Row(f"{status} without a body", "status", meaning, {"status": status, "text": ""})
    yield Row("503 with Retry-After 7", "status", THROTTLED, {"status": 503, "text": "", "retry_after": 7})
    yield Row("429 with Retry-After 86400", "status", TOO_LONG, {"status": 429, "text": "", "retry_after": 86400})
    for status in (302, 307):
        yield Row(f"{status} to another host", "redirect", REDIRECT, {"status": status})


def of_login() -> Iterator[Row]:
    """What may happen to a login alone."""
    yield from of_any_request()
    for status, meaning in ((401, AUTHENTICATION), (403, PERMISSION)):
        yield Row(f"{status} of IAM", "error", meaning, {"code": status, "status": status, "message": "No."})
        yield Row(f"{status} without a body", "status", meaning, {"status": status, "text": ""})
    yield Row("401 in HTML", "html", AUTHENTICATION, {"status": 401})
    quoted = {"status": 401, "body": {"error": {"code": 401, "message": f"{credentials.PASSWORD} is wrong."}}}
    yield Row("401 that quotes the password", "status", AUTHENTICATION, quoted)
    yield Row("200 in HTML", "html", SERVICE, {"status": 200})
    yield Row("200 without a body", "empty", SERVICE)
    yield Row("201 without a token", "text", SERVICE, {"status": 201, "text": "{}"})
    yield Row(
        "201 with an empty token", "text", SERVICE, {"status": 201, "text": "{}", "headers": {"X-Subject-Token": ""}}
    )
    # the token is all that counts
    for name, body in {"no JSON": b"{", "broken UTF-8": b'{"token": "\xff"}', "nothing": b""}.items():
        yield Row(f"201 with {name}", "changed", NONE, {"change": lambda _value, body=body: body})


def of_look_up() -> Iterator[Row]:
    """What may happen to a look-up alone; with keys, so a refusal is final."""
    yield from of_any_request()
    yield Row("401 of the gateway", "expired_token", AUTHENTICATION)
    yield Row("401 that quotes the keys", "echo", AUTHENTICATION)
    yield Row("401 without a body", "status", AUTHENTICATION, {"status": 401, "text": ""})
    yield Row("403 without a body", "status", PERMISSION, {"status": 403, "text": ""})
    yield Row("200 in HTML", "html", TRY_AGAIN, {"status": 200})
    yield Row("200 without a body", "empty", TRY_AGAIN)
    yield Row("broken UTF-8", "broken_utf8", TRY_AGAIN)
    yield Row("no project", "json", INVALID, {"body": {"projects": []}})
    yield Row("two projects", "json", INVALID, {"body": {"projects": [{"id": "a"}, {"id": "b"}]}})
    yield Row("another answer", "json", SERVICE, {"body": {"jobs": []}})


TOKEN = {
    "token": {
        "expires_at": "2999-01-01T00:00:00.000000Z",
        "issued_at": "2026-01-01T00:00:00.000000Z",
        "methods": ["password"],
        "catalog": [],
        "roles": [{"id": "0", "name": "te_admin"}],
        "user": {"id": "x", "name": "x", "domain": {"id": "x", "name": "x"}, "password_expires_at": ""},
        "project": {"id": credentials.PROJECT_ID, "name": credentials.REGION, "domain": {"id": "x", "name": "x"}},
    }
}
PROJECTS = {
    "projects": [{"id": credentials.PROJECT_ID, "name": credentials.REGION, "enabled": True, "links": {"self": "x"}}],
    "links": {"self": "x", "next": None},
}


def meaning_in_token(way: Way, kind: str) -> Meaning:
    """Without a project that can be read, the project is looked up; another project is not the caller's."""
    return PERMISSION if (way, kind) == (("token", "project", "id"), "number") else NONE


def meaning_in_projects(way: Way, kind: str) -> Meaning:
    """No list of projects is no answer; a list without a readable one names none."""
    if way in ((), ("projects",)):
        return TRY_AGAIN if (way, kind) == ((), "null") else SERVICE
    if way in (("projects", 0), ("projects", 0, "id")):
        return PERMISSION if kind == "number" and len(way) == 3 else INVALID
    return NONE


def wrong_types(answer: t.Any, meaning_of: t.Callable[[Way, str], Meaning]) -> Iterator[Row]:
    """Every type in every place of an answer."""
    for way in places(answer):
        for kind, wrong in VALUES.items():
            if kind != type_of(value_at(answer, way)):
                name = f"{'.'.join(map(str, way)) or 'answer'}: {kind}"
                changed = put(answer, way, wrong)
                yield Row(name, "changed", meaning_of(way, kind), {"change": lambda _value, changed=changed: changed})


def cells(targets: Sequence[Target], rows: Iterator[Row], moments: Sequence[Moment]) -> list[t.Any]:
    """A test case for each target, row and moment."""
    return [
        pytest.param(target, row, moment, id=f"{target.name} | {row.name} | {moment.name}")
        for row in rows
        for target in targets
        for moment in moments
    ]


@pytest.mark.cell("faults of IAM")
@pytest.mark.parametrize(("target", "row", "moment"), cells(TARGETS, of_login(), [SINGLE]))
def test_login(scene: Scene, elsewhere: Elsewhere, target: Target, row: Row, moment: Moment) -> None:
    check(scene, elsewhere, target, row, moment, "create_token", "password")


@pytest.mark.cell("faults of IAM")
@pytest.mark.parametrize(
    ("target", "row", "moment"),
    cells([CPH_BY_ID], of_login(), (SINGLE_ONCE, FIRST_ONCE, FIRST, LATER_ONCE, LATER, DEADLINE)),
)
def test_login_again(scene: Scene, elsewhere: Elsewhere, target: Target, row: Row, moment: Moment) -> None:
    check(scene, elsewhere, target, row, moment, "create_token", "password")


@pytest.mark.cell("faults of IAM")
@pytest.mark.parametrize(("target", "row", "moment"), cells(TARGETS, of_look_up(), [SINGLE]))
def test_look_up(scene: Scene, elsewhere: Elsewhere, target: Target, row: Row, moment: Moment) -> None:
    check(scene, elsewhere, target, row, moment, "list_projects", "keys", project_id=None)


@pytest.mark.cell("faults of IAM")
@pytest.mark.parametrize(
    ("target", "row", "moment"), cells([CPH_BY_ID], of_look_up(), (SINGLE_ONCE, FIRST_ONCE, FIRST))
)
def test_look_up_in_time(scene: Scene, elsewhere: Elsewhere, target: Target, row: Row, moment: Moment) -> None:
    check(scene, elsewhere, target, row, moment, "list_projects", "keys", project_id=None)


@pytest.mark.cell("wrong types in answers of IAM")
@pytest.mark.parametrize(
    ("target", "row", "moment"), cells([CPH_BY_ID], wrong_types(TOKEN, meaning_in_token), [SINGLE])
)
def test_type_in_token(scene: Scene, elsewhere: Elsewhere, target: Target, row: Row, moment: Moment) -> None:
    check(scene, elsewhere, target, row, moment, "create_token", "password", project_id=None)


@pytest.mark.cell("wrong types in answers of IAM")
@pytest.mark.parametrize(
    ("target", "row", "moment"), cells([CPH_BY_ID], wrong_types(PROJECTS, meaning_in_projects), [SINGLE])
)
def test_type_in_projects(scene: Scene, elsewhere: Elsewhere, target: Target, row: Row, moment: Moment) -> None:
    check(scene, elsewhere, target, row, moment, "list_projects", "keys", project_id=None)


def check(
    scene: Scene,
    elsewhere: Elsewhere,
    target: Target,
    row: Row,
    moment: Moment,
    operation: str,
    login: str,
    **options: t.Any,
) -> None:
    """Play one cell and hold it against the rules."""
    job_ids = scene.begin(target)
    scene.order(target, row, moment, job_ids[1], elsewhere.url, service="iam", operation=operation)
    if not moment.at_first:
        scene.order(target, REVOKED, dataclasses.replace(moment, times=1), job_ids[1], "", service=target.provider)
    seen = scene.look(target, moment, job_ids, login, **options)
    check_result(seen)
    # Whoever cannot log in learns of neither job.
    elapsed, is_login = seen.result["elapsed"], operation == "create_token"
    wanted = expected(dataclasses.replace(target, together=True), row, moment, elapsed, is_login=is_login)
    assert (seen.states, seen.kind, seen.result["timed_out"]) == wanted, seen.result["msg"]
    if moment is DEADLINE:
        assert seen.result["elapsed"] <= DEADLINE.since + INTERVAL + LAST_POLL_SECONDS
    assert not elsewhere.was_called()
