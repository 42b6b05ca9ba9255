# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to the requests that are sent: where to, and signed in how. Nothing leaves this process."""

from __future__ import annotations

import json
import pathlib
import time
import typing as t
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.connection import Connection
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.signing import Request as Signed
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.signing import sign
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import CLOUDS
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import Source, TargetKind
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.client import HttpClient, Response
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.rate_limit import RateLimiter
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence, validated
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import short
from urllib3.util import parse_url


class Request(t.NamedTuple):
    """What was sent."""

    method: str
    url: str
    headers: t.Mapping[str, str]
    body: bytes | None


class Recorder:
    """In place of the session: keeps every request and answers as the clouds do."""

    def __init__(self) -> None:
        self.sent: list[Request] = []

    def send(
        self,
        rate_limiter: RateLimiter,
        method: str,
        url: str,
        headers: t.Mapping[str, str],
        body: bytes | None,
        deadline: float,
        *_expected: t.Any,
    ) -> Response:
        self.sent.append(Request(method, url, dict(headers), body))
        path = urlsplit(url).path
        if path.endswith("/v3/auth/tokens"):
            answer = {"token": {"expires_at": "2099-01-01T00:00:00.000000Z", "project": {"id": "p-scope"}}}
            return Response(201, {"x-subject-token": "token-new"}, json.dumps(answer).encode())
        if path.endswith("/v3/projects"):
            return Response(200, {}, b'{"projects": [{"id": "p-found", "name": "any"}]}')
        if method == "POST":
            return Response(200, {}, b'{"RetCode": 0, "Jobs": []}')
        job_id = unquote(path.rpartition("/")[2])
        return Response(200, {}, json.dumps({"job_id": job_id, "status": "SUCCESS"}).encode())


@pytest.fixture(autouse=True)
def home(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home directory without any credentials."""
    monkeypatch.setenv("HOME", str(tmp_path))


class Recording(Connection):
    """A connection of which nothing leaves this process."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(set(), lambda: 0.0, time.time, lambda _seconds: None)
        self._recorder = recorder

    def http_client(self, options: t.Mapping[str, t.Any]) -> HttpClient:
        return t.cast(HttpClient, self._recorder)


def source_for(service: Service, given: dict[str, t.Any], environ: dict[str, str], connection: Connection) -> Source:
    options = validated(service, job_ids="a", **given)
    return CLOUDS[service.cloud].open_source(service, TargetKind.JOBS, options, environ, connection)


def requests_of(service: Service, given: dict[str, t.Any], environ: dict[str, str] | None = None) -> list[Request]:
    """What one look at the job "a" sends."""
    recorder = Recorder()
    source = source_for(service, given, environ or {}, Recording(recorder))
    # so far nothing has been sent
    assert recorder.sent == []
    source.fetch(["a"], 60.0)
    return recorder.sent


def refusal(service: Service, given: dict[str, t.Any], environ: dict[str, str] | None = None) -> str:
    """The one sentence that is said before anything is sent."""
    recorder = Recorder()
    with pytest.raises(InvalidError) as caught:
        source_for(service, given, environ or {}, Recording(recorder))
    assert recorder.sent == []
    assert is_sentence(str(caught.value))
    return str(caught.value)


KEYS = {"access_key": "AK", "secret_key": "SK"}
TOKEN = {"token": "token-given"}
PASSWORD = {"username": "user", "password": "password", "user_domain_name": "domain"}
PROJECT = {"project_id": "p"}
UKEYS = {"public_key": "PUB", "private_key": "PRIV"}


@pytest.mark.parametrize(
    ("service", "given", "environ", "url"),
    [
        # by the region, each service at its own host and path
        (CPH, {"region": "cn-north-4"}, {}, "https://cph.cn-north-4.myhuaweicloud.com/v1/p/cloud-phone/jobs/a"),
        (IMS, {"region": "cn-north-4"}, {}, "https://ims.cn-north-4.myhuaweicloud.com/v1/p/jobs/a"),
        (DWS, {"region": "cn-north-4"}, {}, "https://dws.cn-north-4.myhuaweicloud.com/v1.0/p/job/a"),
        (IMS, {}, {"HW_REGION_NAME": "cn-north-1"}, "https://ims.cn-north-1.myhuaweicloud.com/v1/p/jobs/a"),
        (IMS, {}, {"OS_REGION_NAME": "cn-north-1"}, "https://ims.cn-north-1.myhuaweicloud.com/v1/p/jobs/a"),
        # the sister clouds
        (IMS, {"region": "eu-west-101"}, {}, "https://ims.eu-west-101.myhuaweicloud.eu/v1/p/jobs/a"),
        (IMS, {"region": "eu-de"}, {}, "https://ims.eu-de.otc.t-systems.com/v1/p/jobs/a"),
        (IMS, {"region": "r", "cloud": "c.example.com"}, {}, "https://ims.r.c.example.com/v1/p/jobs/a"),
        (IMS, {"region": "r"}, {"HW_CLOUD": "c.example.com"}, "https://ims.r.c.example.com/v1/p/jobs/a"),
        # an endpoint goes before a region; it may have a port and a base path
        (IMS, {"region": "r", "endpoint": "https://h:8443/base"}, {}, "https://h:8443/base/v1/p/jobs/a"),
        (IMS, {"endpoint": "https://h/"}, {}, "https://h/v1/p/jobs/a"),
        (IMS, {"endpoint": "http://127.0.0.1:8080"}, {}, "http://127.0.0.1:8080/v1/p/jobs/a"),
    ],
)
def test_where_the_jobs_are(service: Service, given: dict[str, t.Any], environ: dict[str, str], url: str) -> None:
    (request,) = requests_of(service, {**TOKEN, **PROJECT, **given}, environ)
    assert (request.method, request.url) == ("GET", url)


@pytest.mark.parametrize(
    ("given", "environ", "url"),
    [
        # by the region, like the service itself
        ({"region": "cn-north-4"}, {}, "https://iam.cn-north-4.myhuaweicloud.com/v3/auth/tokens"),
        ({"region": "eu-west-101"}, {}, "https://iam.eu-west-101.myhuaweicloud.eu/v3/auth/tokens"),
        ({"region": "eu-de"}, {}, "https://iam.eu-de.otc.t-systems.com/v3/auth/tokens"),
        ({"region": "r", "cloud": "c.example.com"}, {}, "https://iam.r.c.example.com/v3/auth/tokens"),
        # an endpoint of the service is none of the identity service
        ({"region": "r", "endpoint": "https://h"}, {}, "https://iam.r.myhuaweicloud.com/v3/auth/tokens"),
        # named, with and without /v3, with a port and a base path
        ({"region": "r", "auth_url": "https://iam.example.com"}, {}, "https://iam.example.com/v3/auth/tokens"),
        ({"region": "r", "auth_url": "https://iam.example.com/"}, {}, "https://iam.example.com/v3/auth/tokens"),
        ({"region": "r", "auth_url": "https://iam.example.com/v3"}, {}, "https://iam.example.com/v3/auth/tokens"),
        ({"region": "r", "auth_url": "https://iam.example.com/v3/"}, {}, "https://iam.example.com/v3/auth/tokens"),
        ({"region": "r", "auth_url": "https://h:5000/identity/v3"}, {}, "https://h:5000/identity/v3/auth/tokens"),
        ({"region": "r", "auth_url": "http://127.0.0.1:5000/v3"}, {}, "http://127.0.0.1:5000/v3/auth/tokens"),
        # a path that only ends like it
        ({"region": "r", "auth_url": "https://h/av3"}, {}, "https://h/av3/v3/auth/tokens"),
        # from the environment
        ({"region": "r"}, {"HW_AUTH_URL": "https://h/v3"}, "https://h/v3/auth/tokens"),
        ({"region": "r"}, {"OS_AUTH_URL": "https://h/v3"}, "https://h/v3/auth/tokens"),
    ],
)
def test_where_to_log_in(given: dict[str, t.Any], environ: dict[str, str], url: str) -> None:
    login, request = requests_of(IMS, {**PASSWORD, **given}, environ)
    assert (login.method, login.url) == ("POST", url)
    # the token, and the project of its scope
    assert request.headers["X-Auth-Token"] == "token-new"
    assert request.url.endswith("/v1/p-scope/jobs/a")


@pytest.mark.parametrize(
    ("given", "scope"),
    [
        # by the project's id, or by its name, which is the region's, together with the user's domain
        ({"region": "r"}, {"project": {"name": "r", "domain": {"name": "domain"}}}),
        ({"region": "r", "project_name": "n"}, {"project": {"name": "n", "domain": {"name": "domain"}}}),
        ({"region": "r", "project_id": "p"}, {"project": {"id": "p"}}),
        ({"region": "r", "project_id": "p", "project_name": "n"}, {"project": {"id": "p"}}),
    ],
)
def test_what_to_log_in_to(given: dict[str, t.Any], scope: dict[str, t.Any]) -> None:
    login = requests_of(IMS, {**PASSWORD, **given})[0]
    user = {"name": "user", "password": "password", "domain": {"name": "domain"}}
    assert json.loads(login.body or b"") == {
        "auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}
    }


@pytest.mark.parametrize("login", [KEYS, TOKEN], ids=["keys", "token"])
@pytest.mark.parametrize(
    ("given", "looked_up"),
    [
        # a project that is known is not looked up
        ({"region": "r", "project_id": "p"}, None),
        # by the region, whose own project has its name, or by another name
        ({"region": "r"}, "https://iam.r.myhuaweicloud.com/v3/projects?name=r"),
        ({"region": "r", "project_name": "r_team 1/ü"}, "https://iam.r.myhuaweicloud.com/v3/projects?name=r_team%201%2F%C3%BC"),
        ({"region": "r", "auth_url": "https://h/v3/"}, "https://h/v3/projects?name=r"),
        ({"endpoint": "https://h", "auth_url": "https://h", "project_name": "n"}, "https://h/v3/projects?name=n"),
    ],
    ids=short,
)  # fmt: skip
def test_the_project_is_looked_up(login: dict[str, str], given: dict[str, t.Any], looked_up: str | None) -> None:
    sent = requests_of(IMS, {**login, **given})
    assert [request.url for request in sent[:-1]] == ([looked_up] if looked_up else [])
    assert sent[-1].url.endswith("/v1/p-found/jobs/a" if looked_up else "/v1/p/jobs/a")


@pytest.mark.parametrize(
    ("given", "environ", "headers"),
    [
        (TOKEN, {}, {"X-Auth-Token": "token-given"}),
        ({}, {"HW_AUTH_TOKEN": "token-hw"}, {"X-Auth-Token": "token-hw"}),
        # of one source that holds several: a token before keys, keys before a password
        ({}, {"HW_AUTH_TOKEN": "token-hw", "HW_ACCESS_KEY": "AK", "HW_SECRET_KEY": "SK"}, {"X-Auth-Token": "token-hw"}),
        ({}, {"HW_AUTH_TOKEN": "token-hw", "HW_USER_NAME": "u", "HW_USER_PASSWORD": "p"}, {"X-Auth-Token": "token-hw"}),
        (KEYS, {}, {"X-Project-Id": "p"}),
        ({**KEYS, "security_token": "st"}, {}, {"X-Project-Id": "p", "X-Security-Token": "st"}),
    ],
    ids=short,
)  # fmt: skip
def test_what_signs_a_request(given: dict[str, t.Any], environ: dict[str, str], headers: dict[str, str]) -> None:
    (request,) = requests_of(IMS, {**given, "region": "r", **PROJECT}, environ)
    extra = {
        name: value for name, value in request.headers.items() if name not in ("Authorization", "X-Sdk-Date", "Host")
    }
    assert extra == headers
    assert ("Authorization" in request.headers) is ("X-Auth-Token" not in headers)


def host_on_the_wire(request: Request) -> str:
    """The Host header of a request: as it is given, or as urllib3 makes it out of the URL."""
    url = parse_url(request.url)
    default = {"http": 80, "https": 443}[url.scheme or ""]
    port = "" if url.port in (None, default) else f":{url.port}"
    return request.headers.get("Host", f"{url.host}{port}")


@pytest.mark.parametrize(
    "endpoint",
    [
        *("https://h", "https://h:8443", "https://h/base/path", "https://h/b%20c/%7Ed", "http://127.0.0.1:8080/base"),
        # what is signed is what is sent, in whatever way the user writes it
        *("https://h:443", "https://IMS.Example.com", "https://h:08443", "https://h:", "HTTPS://h", "http://LOCALHOST:80"),
        "https://[2001:DB8::5]:8443",
    ],
)  # fmt: skip
def test_the_signed_host_is_the_sent_one(endpoint: str) -> None:
    (request,) = requests_of(IMS, {**KEYS, **PROJECT, "endpoint": endpoint})
    parts = urlsplit(request.url)
    signed = {name: value for name, value in request.headers.items() if name not in ("Authorization", "Host")}
    sent = Signed("GET", f"https://{host_on_the_wire(request)}", parts.path)
    assert request.headers["Authorization"] == sign(sent, signed, "AK", "SK")


@pytest.mark.parametrize(
    ("given", "environ", "url"),
    [
        ({}, {}, "https://api.ucloud.cn/"),
        ({"endpoint": "https://h:8443"}, {}, "https://h:8443/"),
        ({"endpoint": "https://h/"}, {}, "https://h/"),
        ({}, {"UCLOUD_API_BASE_URL": "https://env.example.com/"}, "https://env.example.com/"),
        ({"endpoint": "https://h"}, {"UCLOUD_API_BASE_URL": "https://env.example.com/"}, "https://h/"),
        # plain http: to this machine, and to whom the user says it in so many words
        ({"endpoint": "http://127.0.0.1:8080"}, {}, "http://127.0.0.1:8080/"),
        ({}, {"UCLOUD_API_BASE_URL": "http://localhost:8080"}, "http://localhost:8080/"),
        ({"endpoint": "http://api.service.ucloud.cn", "allow_http": True}, {}, "http://api.service.ucloud.cn/"),
    ],
)
def test_where_ucloud_is(given: dict[str, t.Any], environ: dict[str, str], url: str) -> None:
    (request,) = requests_of(UPHONE, {**UKEYS, **given}, environ)
    assert (request.method, request.url) == ("POST", url)


@pytest.mark.parametrize(
    ("given", "form"),
    [
        ({}, {}),
        ({"region": "cn-sh2", "project_id": "org-1"}, {"Region": "cn-sh2", "ProjectId": "org-1"}),
        ({"security_token": "st"}, {"SecurityToken": "st"}),
        ({"city_id": "c", "product_type": "uphone"}, {"CityId": "c", "ProductType": "uphone"}),
    ],
)
def test_what_ucloud_is_asked(given: dict[str, t.Any], form: dict[str, str]) -> None:
    (request,) = requests_of(UPHONE, {**UKEYS, **given})
    sent = {name: value for name, (value,) in parse_qs((request.body or b"").decode()).items()}
    del sent["Signature"]
    common = {"Action": "DescribeUPhoneJob", "PublicKey": "PUB", "JobIds.0": "a", "Limit": "100", "Offset": "0"}
    assert sent == {**common, **form}


@pytest.mark.parametrize(
    ("service", "given", "environ", "named"),
    [
        # nobody says where
        (IMS, TOKEN, {}, ["region", "HW_REGION_NAME", "endpoint"]),
        (IMS, KEYS, {"HW_CLOUD": "myhuaweicloud.eu"}, ["region", "endpoint"]),
        # nobody says where to log in
        (IMS, {**PASSWORD, "endpoint": "https://h"}, {}, ["auth_url", "HW_AUTH_URL", "OS_AUTH_URL", "region"]),
        # nobody says which domain the user is of, or which project is meant
        (IMS, {"username": "u", "password": "p", "region": "r"}, {}, ["user_domain_name", "HW_DOMAIN_NAME"]),
        (
            IMS,
            {"endpoint": "https://h", "region": "r"},
            {"OS_USERNAME": "u", "OS_PASSWORD": "p"},
            ["user_domain_name", "OS_USER_DOMAIN_NAME"],
        ),
        (
            IMS,
            {**PASSWORD, "endpoint": "https://h", "auth_url": "https://i"},
            {},
            ["project_id", "project_name", "region", "HW_PROJECT_ID"],
        ),
        # nobody signs in
        (IMS, {"region": "r"}, {}, ["access_key", "token", "username"]),
        (UPHONE, {"region": "r"}, {}, ["public_key", "private_key"]),
        # addresses that are none
        (IMS, {**TOKEN, "endpoint": "ims.example.com"}, {}, ["endpoint", "https://"]),
        (UPHONE, {**UKEYS, "endpoint": "api.ucloud.cn"}, {}, ["endpoint", "https://"]),
        (IMS, {**PASSWORD, "region": "r", "auth_url": "iam.example.com"}, {}, ["auth_url", "https://"]),
        (IMS, {**TOKEN, "endpoint": "https://h?a=b"}, {}, ["endpoint"]),
        (IMS, {**PASSWORD, "region": "r", "auth_url": "https://u:p@h"}, {}, ["auth_url"]),
        # credentials in the clear
        (IMS, {**TOKEN, "endpoint": "http://ims.example.com"}, {}, ["endpoint", "http", "https"]),
        (IMS, {**PASSWORD, "region": "r", "auth_url": "http://iam.example.com"}, {}, ["auth_url", "https"]),
        (IMS, {**PASSWORD, "region": "r"}, {"OS_AUTH_URL": "http://iam.example.com/v3"}, ["auth_url", "https"]),
        (UPHONE, {**UKEYS, "endpoint": "http://api.service.ucloud.cn"}, {}, ["endpoint", "https"]),
        # allowing it is for an address in the same options, not for one out of the environment
        (UPHONE, {**UKEYS, "allow_http": True}, {"UCLOUD_API_BASE_URL": "http://api.example.com"}, ["endpoint"]),
        # no part of a host name, so that credentials would go to another host than it looks
        *((IMS, {**TOKEN, "region": f"r{char}x"}, {}, ["region"]) for char in "/?#@:\\ %\n\x00ü"),
        (IMS, {**TOKEN, "region": "evil.example.com/"}, {}, ["region"]),
        (IMS, {**TOKEN, "region": ".."}, {}, ["region"]),
        *((IMS, {**TOKEN, "region": "r", "cloud": f"c{char}x"}, {}, ["cloud"]) for char in "/?#@\\ \nü"),
        (IMS, TOKEN, {"HW_REGION_NAME": "r/x"}, ["region"]),
    ],
    ids=short,
)
def test_refused(service: Service, given: dict[str, t.Any], environ: dict[str, str], named: list[str]) -> None:
    text = refusal(service, given, environ)
    assert [name for name in named if name not in text] == []


@pytest.mark.parametrize(
    ("service", "given", "environ", "secrets"),
    [
        (IMS, {**KEYS, "security_token": "st"}, {}, {"AK", "SK", "st"}),
        (IMS, TOKEN, {}, {"token-given"}),
        # what a login brings is a secret as well
        (IMS, PASSWORD, {}, {"password", "token-new"}),
        (IMS, {}, {"HW_ACCESS_KEY": "AK", "HW_SECRET_KEY": "SK"}, {"AK", "SK"}),
        (UPHONE, {**UKEYS, "security_token": "st"}, {}, {"PUB", "PRIV", "st"}),
        (UPHONE, {}, {"UCLOUD_PUBLIC_KEY": "PUB", "UCLOUD_PRIVATE_KEY": "PRIV"}, {"PUB", "PRIV"}),
    ],
)
def test_secrets(service: Service, given: dict[str, t.Any], environ: dict[str, str], secrets: set[str]) -> None:
    connection = Recording(Recorder())
    source = source_for(service, {**given, "region": "r"}, environ, connection)
    source.fetch(["a"], 60.0)
    assert connection.secrets == secrets


def connection() -> Connection:
    return Connection(set(), time.monotonic, time.time, time.sleep)


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "ca_path"), (b"", "ca_path"), (b"this is no certificate", "ca_path"), (b"\xff\x00", "ca_path")],
)
def test_authorities_that_are_none(tmp_path: pathlib.Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidError) as caught:
        connection().http_client(validated(IMS, job_ids="a", ca_path=str(path)))
    assert said in str(caught.value)
    assert str(path) in str(caught.value)
    assert is_sentence(str(caught.value))


@pytest.mark.parametrize(
    "options",
    [
        # without checks nothing is read
        {"ca_path": "/nowhere", "validate_certs": False},
        # empty is not given, as with the other options
        {"ca_path": ""},
    ],
)
def test_authorities_that_nobody_asks(options: dict[str, t.Any]) -> None:
    connection().http_client(validated(IMS, job_ids="a", **options)).close()


@pytest.mark.parametrize("value", ["é", "日本", "a b", "a\nb", "a\x00"])
@pytest.mark.parametrize("option", ["project_id", "token", "access_key", "security_token"])
def test_what_no_header_can_hold_is_refused_by_name(option: str, value: str) -> None:
    keys = {"access_key": "AK", "secret_key": "SK"} if option in ("access_key", "security_token") else {"token": "t"}
    given = {**keys, "project_id": "p", "region": "r", option: value}
    with pytest.raises(InvalidError, match=option) as refusal:
        requests_of(IMS, given)
    assert value not in str(refusal.value)
