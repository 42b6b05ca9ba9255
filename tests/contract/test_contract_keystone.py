# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins at a real Keystone, by the code that the modules run.

The jobs are those of an embedded cloud that asks this Keystone about every token that it is shown.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.auth.login import AuthContext
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.auth.password import Password
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.settings import Settings
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.signing import Request
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.client import HttpClient
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.rate_limit import RateLimiter
from ansible_collections.cloudwait.jobs.tests.contract import ours
from ansible_collections.cloudwait.jobs.tests.contract.identity import (
    ADMIN,
    ADMIN_PASSWORD,
    FOREIGN_DOMAIN,
    FOREIGN_PASSWORD,
    FOREIGN_PROJECT,
    FOREIGN_PROJECT_ID,
    FOREIGN_USER,
    LEAVER,
    STRANGER,
    Keystone,
    KeystoneTokens,
)
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, credentials, running
from keystoneauth1.exceptions.http import Unauthorized
from keystoneauth1.identity import v3
from keystoneauth1.session import Session

LOGIN = "POST /v3/auth/tokens 201"
REFUSED = "POST /v3/auth/tokens 401"
USER = {
    "username": credentials.USER,
    "password": credentials.PASSWORD,
    "user_domain_name": credentials.DOMAIN,
}


@pytest.fixture
def tokens(keystone: Keystone) -> KeystoneTokens:
    return KeystoneTokens(keystone)


@pytest.fixture
def guarded(clock: ManualClock, tokens: KeystoneTokens) -> Iterator[Cloud]:
    """An embedded cloud with the job j1 of every project, guarded by Keystone."""
    cloud = Cloud(clock=clock)
    cloud.tokens = tokens
    cloud.submit({"provider": "cph", "job_id": "j1", "states": {0: "running", 10: "succeeded"}})
    with running(cloud):
        yield cloud


def look(keystone: Keystone, guarded: Cloud, /, **options: Any) -> dict[str, Any]:
    """The result of one task about j1."""
    return ours.result("cph", **{"job_ids": ["j1"], "endpoint": guarded.url, "auth_url": keystone.url, **options})


# Logins


@pytest.mark.parametrize(
    ("options", "project_id"),
    [
        ({"project_id": credentials.PROJECT_ID}, credentials.PROJECT_ID),
        # a project name, or the region, together with the user's domain
        ({"project_name": credentials.OTHER_REGION}, credentials.OTHER_PROJECT_ID),
        ({"region": credentials.REGION}, credentials.PROJECT_ID),
        ({"project_name": credentials.OTHER_REGION, "region": credentials.REGION}, credentials.OTHER_PROJECT_ID),
        # an id goes before a name
        (
            {"project_id": credentials.OTHER_PROJECT_ID, "project_name": credentials.REGION},
            credentials.OTHER_PROJECT_ID,
        ),
        # nothing but ASCII is for granted
        (
            {
                "project_name": FOREIGN_PROJECT,
                "username": FOREIGN_USER,
                "password": FOREIGN_PASSWORD,
                "user_domain_name": FOREIGN_DOMAIN,
            },
            FOREIGN_PROJECT_ID,
        ),
    ],
)
def test_a_password_login(keystone: Keystone, guarded: Cloud, options: dict[str, str], project_id: str) -> None:
    own = look(keystone, guarded, **{**USER, **options})
    assert [job["state"] for job in own["jobs"]] == ["running"], own["msg"]
    assert keystone.record() == [LOGIN]
    [request] = guarded.requests
    assert request.target == f"/v1/{project_id}/cloud-phone/jobs/j1"
    assert own["requests"] == 2


@pytest.mark.parametrize("path", ["", "/", "/v3", "/v3/", "/identity", "/identity/", "/identity/v3", "/identity/v3/"])
def test_auth_url_in_every_spelling(keystone: Keystone, guarded: Cloud, path: str) -> None:
    own = look(keystone, guarded, auth_url=keystone.url + path, region=credentials.REGION, **USER)
    assert [job["state"] for job in own["jobs"]] == ["running"], own["msg"]
    below = "/identity" if path.startswith("/identity") else ""
    assert keystone.record() == [f"POST {below}/v3/auth/tokens 201"]


@pytest.mark.parametrize(
    "environ",
    [
        # OpenStack's file of settings
        {
            "OS_AUTH_URL": "{url}/v3",
            "OS_USERNAME": credentials.USER,
            "OS_PASSWORD": credentials.PASSWORD,
            "OS_USER_DOMAIN_NAME": credentials.DOMAIN,
            "OS_PROJECT_NAME": credentials.REGION,
            "OS_REGION_NAME": "RegionOne",
        },
        # Terraform's variables
        {
            "HW_AUTH_URL": "{url}/v3",
            "HW_USER_NAME": credentials.USER,
            "HW_USER_PASSWORD": credentials.PASSWORD,
            "HW_DOMAIN_NAME": credentials.DOMAIN,
            "HW_REGION_NAME": credentials.REGION,
        },
    ],
    ids=["OS", "HW"],
)
def test_a_login_by_the_environment(keystone: Keystone, guarded: Cloud, environ: dict[str, str]) -> None:
    variables = {name: value.format(url=keystone.url) for name, value in environ.items()}
    run, _secrets = ours.task("cph", variables, job_ids=["j1"], endpoint=guarded.url)
    assert [job["state"] for job in run.result["jobs"]] == ["running"], run.result["msg"]
    assert keystone.record() == [LOGIN]


def test_one_login_serves_many_jobs(keystone: Keystone, guarded: Cloud) -> None:
    guarded.submit("cph-runs", count=30)
    job_ids = [job.job_id for job in guarded.store if job.script.name == "cph-runs"]
    own = look(keystone, guarded, job_ids=job_ids, region=credentials.REGION, **USER)
    assert own["summary"]["running"] == 30
    assert keystone.record() == [LOGIN]


def test_nothing_secret_is_told(keystone: Keystone, guarded: Cloud) -> None:
    options = {"job_ids": ["j1"], "endpoint": guarded.url, "auth_url": keystone.url, "region": credentials.REGION}
    run, secrets = ours.task("cph", **options, **USER)
    token = guarded.requests[0].headers["X-Auth-Token"]
    assert {token, credentials.PASSWORD} <= secrets
    told = json.dumps(run.result)
    assert token not in told
    assert credentials.PASSWORD not in told


@pytest.mark.parametrize(
    "options",
    [
        {"password": "wrong"},
        {"username": "nobody"},
        {"user_domain_name": "nowhere"},
        # a domain's name, not its id
        {"user_domain_name": credentials.DOMAIN_ID},
        # a project that is not there, or where the user has no part
        {"project_id": "0" * 32},
        {"project_name": "nowhere-1"},
        {"project_name": FOREIGN_PROJECT},
        {"username": STRANGER},
        {"project_name": credentials.AMBIGUOUS_PROJECT_NAME},
    ],
)
@pytest.mark.parametrize(
    ("provider", "task"),
    [("cph", {"job_ids": ["j1"]}), ("ims", {"job_ids": [f"j{number}" for number in range(9)], "until": ["succeeded"]})],
)
def test_a_refused_login_is_not_repeated(
    keystone: Keystone, guarded: Cloud, provider: str, task: dict[str, Any], options: dict[str, str]
) -> None:
    project = {} if "project_id" in options else {"region": credentials.REGION}
    addresses = {"endpoint": guarded.url, "auth_url": keystone.url}
    own = ours.result(provider, **addresses, **task, **{**USER, **project, **options})
    assert own["failure"]["kind"] == "authentication"
    assert keystone.record() == [REFUSED]
    assert guarded.requests == []
    assert credentials.PASSWORD not in own["msg"]


# A token that the user brings


@pytest.mark.parametrize(
    ("user", "password", "options", "project_id", "look_up"),
    [
        # a project id needs no look-up
        (credentials.USER, credentials.PASSWORD, {"project_id": credentials.PROJECT_ID}, credentials.PROJECT_ID, []),
        # Keystone lets administrators list projects
        (
            ADMIN,
            ADMIN_PASSWORD,
            {"region": credentials.REGION},
            credentials.PROJECT_ID,
            [f"GET /v3/projects?name={credentials.REGION} 200"],
        ),
        (
            ADMIN,
            ADMIN_PASSWORD,
            {"project_name": credentials.REGION, "region": "elsewhere"},
            credentials.PROJECT_ID,
            [f"GET /v3/projects?name={credentials.REGION} 200"],
        ),
    ],
)
def test_a_given_token(
    keystone: Keystone,
    guarded: Cloud,
    user: str,
    password: str,
    options: dict[str, str],
    project_id: str,
    look_up: list[str],
) -> None:
    token = keystone.log_in(user, password)
    own = look(keystone, guarded, token=token, **options)
    assert [job["state"] for job in own["jobs"]] == ["running"], own["msg"]
    assert keystone.record() == look_up
    assert guarded.requests[-1].target == f"/v1/{project_id}/cloud-phone/jobs/j1"


@pytest.mark.parametrize(
    ("user", "password", "name", "status", "kind", "words"),
    [
        (ADMIN, ADMIN_PASSWORD, "nowhere-1", 200, "invalid", "no project named nowhere-1"),
        (ADMIN, ADMIN_PASSWORD, "a b/c&d=ü", 200, "invalid", "no project named a b/c&d=ü"),
        (ADMIN, ADMIN_PASSWORD, credentials.AMBIGUOUS_PROJECT_NAME, 200, "invalid", "several projects"),
        (credentials.USER, credentials.PASSWORD, credentials.REGION, 403, "permission", "or give project_id"),
    ],
)
def test_a_project_that_cannot_be_told(
    keystone: Keystone, guarded: Cloud, user: str, password: str, name: str, status: int, kind: str, words: str
) -> None:
    token = keystone.log_in(user, password)
    own = look(keystone, guarded, token=token, project_name=name)
    assert own["failure"]["kind"] == kind, own["msg"]
    assert words in own["msg"]
    [request] = keystone.record()
    assert request.startswith("GET /v3/projects?name=")
    assert request.endswith(f" {status}")
    assert guarded.requests == []


def test_the_name_of_a_project_arrives_as_it_is(keystone: Keystone, guarded: Cloud) -> None:
    """Keystone finds a project whose name has a space, a slash and an umlaut."""
    token = keystone.log_in(ADMIN, ADMIN_PASSWORD)
    look(keystone, guarded, token=token, project_name=FOREIGN_PROJECT)
    assert keystone.record() == ["GET /v3/projects?name=eu%20west%2F1%20%C3%BC 200"]
    # The project was found, and the cloud asked; there this token has no part.
    assert [request.target for request in guarded.requests] == [f"/v1/{FOREIGN_PROJECT_ID}/cloud-phone/jobs/j1"]


@pytest.mark.parametrize("options", [{"project_id": credentials.PROJECT_ID}, {"region": credentials.REGION}])
@pytest.mark.parametrize("provider", ["cph", "ims"])
def test_a_revoked_token_is_shown_once(
    keystone: Keystone, guarded: Cloud, provider: str, options: dict[str, str]
) -> None:
    token = keystone.log_in(ADMIN, ADMIN_PASSWORD)
    keystone.revoke(token)
    addresses = {"endpoint": guarded.url, "auth_url": keystone.url}
    job_ids = [f"j{number}" for number in range(9)]
    own = ours.result(provider, token=token, job_ids=job_ids, until=["succeeded"], **addresses, **options)
    assert own["failure"]["kind"] == "authentication"
    assert len(keystone.record()) + len(guarded.requests) == 1


# A wait that outlives its token


def wait(keystone: Keystone, guarded: Cloud, **options: Any) -> dict[str, Any]:
    return look(keystone, guarded, until=["succeeded"], timeout=60, **options)


def test_a_token_is_revoked_in_mid_wait(
    keystone: Keystone, guarded: Cloud, clock: ManualClock, tokens: KeystoneTokens
) -> None:
    tokens.events = {2: keystone.revoke, 4: lambda _token: clock.advance(10)}
    own = wait(keystone, guarded, region=credentials.REGION, **USER)
    assert own["jobs"][0]["state"] == "succeeded", own["msg"]
    # The refused look is repeated at once, with the token of one new login.
    assert keystone.record() == [LOGIN, LOGIN]
    assert [request.status for request in guarded.requests] == [200, 401, 200, 200]
    assert (own["polls"], own["requests"]) == (3, 6)
    shown = [request.headers["X-Auth-Token"] for request in guarded.requests]
    assert shown[0] == shown[1] != shown[2] == shown[3]


def test_one_login_serves_a_request_and_its_wait(
    keystone: Keystone, guarded: Cloud, clock: ManualClock, tokens: KeystoneTokens
) -> None:
    """The request is the first that shows a token; the job has ended at the second look."""
    tokens.events = {3: lambda _token: clock.advance(10)}
    own = ours.request(
        "huaweicloud",
        endpoint=guarded.url,
        auth_url=keystone.url,
        region=credentials.REGION,
        **USER,
        service="cph",
        method="POST",
        path="/v1/{project_id}/cloud-phone/phones/batch-reset",
        body={"phones": [{"phone_id": "p1"}]},
        until=["succeeded"],
        timeout=60,
    )
    assert [job["state"] for job in own["jobs"]] == ["succeeded"], own["msg"]
    assert (own["changed"], own["status"], own["job_ids"]) == (True, 200, [own["jobs"][0]["job_id"]])
    assert keystone.record() == [LOGIN]
    assert [request.method for request in guarded.requests] == ["POST", "GET", "GET"]
    assert len({request.headers["X-Auth-Token"] for request in guarded.requests}) == 1
    assert credentials.PASSWORD not in json.dumps(own)


def test_every_token_is_revoked_in_mid_wait(keystone: Keystone, guarded: Cloud, tokens: KeystoneTokens) -> None:
    tokens.events = dict.fromkeys(range(2, 20), keystone.revoke)
    own = wait(keystone, guarded, region=credentials.REGION, **USER)
    # A second refusal in a row ends the wait, and what is known is told.
    assert own["failure"]["kind"] == "authentication"
    assert [request.status for request in guarded.requests] == [200, 401, 401]
    assert keystone.record() == [LOGIN, LOGIN]
    assert own["jobs"][0]["state"] == "running"
    assert own["unfinished"] == ["j1"]


def test_a_password_changes_in_mid_wait(keystone: Keystone, guarded: Cloud, tokens: KeystoneTokens) -> None:
    tokens.events = {2: lambda token: keystone.change_password(token, credentials.PASSWORD, "An0ther-one!")}
    own = wait(keystone, guarded, region=credentials.REGION, **{**USER, "username": LEAVER})
    assert own["failure"]["kind"] == "authentication"
    assert keystone.record() == [LOGIN, REFUSED]
    assert [request.status for request in guarded.requests] == [200, 401]
    assert own["jobs"][0]["state"] == "running"


def test_a_given_token_is_revoked_in_mid_wait(keystone: Keystone, guarded: Cloud, tokens: KeystoneTokens) -> None:
    token = keystone.log_in(credentials.USER, credentials.PASSWORD)
    tokens.events = {2: keystone.revoke}
    own = wait(keystone, guarded, token=token, project_id=credentials.PROJECT_ID)
    assert own["failure"]["kind"] == "authentication"
    # What was accepted before is tried once more, after a pause.
    assert [request.status for request in guarded.requests] == [200, 401, 401]
    assert keystone.record() == []
    assert own["jobs"][0]["state"] == "running"


@pytest.mark.parametrize(
    ("elapsed", "logins"),
    [
        # Keystone's tokens live for an hour here; they are renewed five minutes before their end.
        ([0, 1, 1800, 3290], 1),
        ([0, 3301], 2),
        ([0, 3301, 3302, 6500], 2),
        ([0, 3301, 6602, 9903], 4),
    ],
)
def test_a_token_close_to_its_end_is_renewed(keystone: Keystone, elapsed: list[float], logins: int) -> None:
    now = [0.0]
    http = HttpClient(lambda: now[0], request_timeout=60)
    send = functools.partial(http.send, RateLimiter(1000, lambda: now[0], lambda _seconds: None))
    learnt: set[str] = set()
    # This machine's idea of the time does not count, Keystone's does.
    environment = AuthContext(send, lambda: now[0], lambda: 0.0, learnt.add, lambda _warning: None)
    login = Password(Settings(region=credentials.REGION, **USER), keystone.url, environment)
    shown = []
    for second in elapsed:
        now[0] = second
        shown.append(login.headers(Request("GET", "https://host", "/"), {}, second + 60)["X-Auth-Token"])
    http.close()
    assert keystone.record() == [LOGIN] * logins
    assert len(set(shown)) == logins
    assert learnt == set(shown)
    assert keystone.project_of(shown[-1]) == credentials.PROJECT_ID


# Keystone and the embedded IAM

IDENTITY: dict[str, Any] = {
    "methods": ["password"],
    "password": {
        "user": {
            "name": credentials.USER,
            "password": credentials.PASSWORD,
            "domain": {"name": credentials.DOMAIN},
        }
    },
}
PROJECT = {"project": {"id": credentials.PROJECT_ID}}


def changed(**user: Any) -> dict[str, Any]:
    return {"methods": ["password"], "password": {"user": {**IDENTITY["password"]["user"], **user}}}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"auth": {"identity": IDENTITY, "scope": PROJECT}}, 201),
        (
            {
                "auth": {
                    "identity": IDENTITY,
                    "scope": {"project": {"name": credentials.REGION, "domain": {"name": credentials.DOMAIN}}},
                }
            },
            201,
        ),
        (
            {
                "auth": {
                    "identity": changed(domain={"id": credentials.DOMAIN_ID}),
                    "scope": {"project": {"name": credentials.REGION, "domain": {"id": credentials.DOMAIN_ID}}},
                }
            },
            201,
        ),
        ({"auth": {"identity": changed(password="wrong"), "scope": PROJECT}}, 401),
        ({"auth": {"identity": changed(name="nobody"), "scope": PROJECT}}, 401),
        ({"auth": {"identity": changed(domain={"name": "nowhere"}), "scope": PROJECT}}, 401),
        ({"auth": {"identity": IDENTITY, "scope": {"project": {"id": "0" * 32}}}}, 401),
        (
            {
                "auth": {
                    "identity": IDENTITY,
                    "scope": {"project": {"name": "nowhere", "domain": {"name": credentials.DOMAIN}}},
                }
            },
            401,
        ),
        ({"auth": {"identity": {"methods": ["password"]}, "scope": PROJECT}}, 400),
        ({"auth": {"identity": changed(password=7), "scope": PROJECT}}, 400),
        ({"auth": {}}, 400),
        ({}, 400),
    ],
)
def test_keystone_and_the_embedded_iam_answer_alike(
    keystone: Keystone, cloud: Cloud, body: dict[str, Any], status: int
) -> None:
    answers = [requests.post(f"{url}/v3/auth/tokens", json=body, timeout=60) for url in (keystone.url, cloud.url)]
    assert [answer.status_code for answer in answers] == [status, status]
    real, embedded = (answer.json() for answer in answers)
    if status == 201:
        assert all(answer.headers["X-Subject-Token"] for answer in answers)
        assert real["token"]["project"] == embedded["token"]["project"]
        assert {"expires_at", "issued_at", "methods", "user", "project", "roles"} <= set(embedded["token"])
    else:
        assert (real["error"]["code"], embedded["error"]["code"]) == (status, status)
        assert real["error"]["title"] == embedded["error"]["title"]


def test_keystone_wants_the_domain_of_a_projects_name(keystone: Keystone, cloud: Cloud) -> None:
    """The one difference: IAM does without."""
    body = {"auth": {"identity": IDENTITY, "scope": {"project": {"name": credentials.REGION}}}}
    answers = [requests.post(f"{url}/v3/auth/tokens", json=body, timeout=60) for url in (keystone.url, cloud.url)]
    assert [answer.status_code for answer in answers] == [400, 201]


def test_projects_are_listed_alike(keystone: Keystone, cloud: Cloud) -> None:
    token = keystone.log_in(ADMIN, ADMIN_PASSWORD)
    real = keystone.call("GET", f"/v3/projects?name={credentials.REGION}", token).json()
    headers = {"X-Auth-Token": credentials.TOKEN}
    embedded = requests.get(f"{cloud.url}/v3/projects?name={credentials.REGION}", headers=headers, timeout=60).json()
    kept = ("id", "name", "domain_id", "parent_id", "is_domain", "enabled", "description")
    assert [{name: project[name] for name in kept} for project in real["projects"]] == [
        {name: project[name] for name in kept} for project in embedded["projects"]
    ]
    assert set(real["links"]) == set(embedded["links"])


@pytest.mark.parametrize("judge", ["keystone", "cloud"])
def test_openstacks_own_client_logs_in(request: pytest.FixtureRequest, judge: str) -> None:
    """What OpenStack's client sends, the embedded IAM accepts, and the other way round."""
    url = f"{request.getfixturevalue(judge).url}/v3"
    named = {"user_domain_name": credentials.DOMAIN, "project_domain_name": credentials.DOMAIN}
    login = v3.Password(
        url, username=credentials.USER, password=credentials.PASSWORD, project_name=credentials.REGION, **named
    )
    session = Session(login, timeout=60)
    assert session.get_project_id() == credentials.PROJECT_ID
    access = login.get_access(session)
    assert access.username == credentials.USER
    assert access.user_domain_name == credentials.DOMAIN
    assert not access.will_expire_soon(stale_duration=300)
    wrong = v3.Password(url, username=credentials.USER, password="wrong", project_name=credentials.REGION, **named)
    with pytest.raises(Unauthorized):
        Session(wrong, timeout=60).get_token()
