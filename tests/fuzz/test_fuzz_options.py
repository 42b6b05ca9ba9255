# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever options and environment somebody gives: a result, and requests to nobody but the addresses they name.

The options come as a task may write them, as any JSON, and go through Ansible's own validation first.
"""

from __future__ import annotations

import json
import math
import re
import string
import typing as t
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

import pytest
import requests
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.sources.environment import (
    VARIABLES as HUAWEICLOUD_VARIABLES,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.ucloud.credentials import ENVIRONMENT
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.options import check_numbers
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.provider import argument_spec
from ansible_collections.cloudwait.jobs.tests.fuzz.counting import shared
from ansible_collections.cloudwait.jobs.tests.fuzz.made_up import JSON
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Exchange, Finished, Reply, run
from ansible_collections.cloudwait.jobs.tests.fuzz.samples import CPH_LIST, SERVICES, base_options, job
from ansible_collections.cloudwait.jobs.tests.fuzz.test_fuzz_logins import AGENCY, LOGIN, PROJECTS
from ansible_collections.cloudwait.jobs.tests.services import FACTS
from hypothesis import given, note
from hypothesis import strategies as st

ADDRESSES = [
    *(
        "https://one.example",
        "https://TWO.example:8443/base/",
        "http://localhost:8080",
        "http://[::1]:9/v3",
        "https://x",
    ),
    *("http://three.example", "https://user:password@one.example", "https://one.example@two.example", "//one.example"),
    *("https://one.example?x=1", "https://one.example#x", "https://one.example/../..", "https://one.example/%2e%2e/x"),
    *("https://one.example\\@two.example", "https://one.example\r\nX-Evil: 1", "https://one.example:0", "https://"),
    *(
        "https://hôst.example",
        "https://one.example:99999",
        "file:///etc/passwd",
        "http://127.0.0.1.example",
        "javascript:1",
    ),
    *("HTTPS://ONE.EXAMPLE/", " https://one.example ", "https://one.example/a b", "http://169.254.169.254", "x" * 3000),
]
IDS = [
    *(
        "job-1",
        "a/b",
        "../x",
        "a/../../b",
        "..",
        ".",
        "a?x=1",
        "a#x",
        "%2F",
        "%",
        "a b",
        "ü",
        "\U0001f600",
        "a\\b",
        ";",
    ),
    *("{project_id}", "{job_id}", "{0}", "%s", "a,b", "a\nb", "a\x00b", "\ud800", "", " ", "x" * 3000, "a&JobIds.1=b"),
]
NUMBERS: list[t.Any] = [
    *(0, 1, 2, 5, 30, 1800, -1, 0.0, 0.1, 1e-9, 5e-324, 1e308, math.inf, -math.inf, math.nan, 10**20, 10**400),
    *("1", "2.5", "nan", "-inf", "1e400", "0x10", "١", "", "9" * 5000, True, None),
]
WORDS: dict[str, list[t.Any]] = {
    **dict.fromkeys(("endpoint", "auth_url"), ADDRESSES),
    **{
        name: ["region-1", "eu-west-101", "r/x", "..", "r.example/", "r@x", "r\n", "ü", ""]
        for name in ("region", "cloud")
    },
    **{
        name: ["project", "p/q", "..", "p?x", "p\r\nX: 1", "ü", "x" * 300, " "]
        for name in ("project_id", "project_name")
    },
    "until": ["started", "finished", "succeeded", "partially_succeeded", "failed", "ended", ""],
    "states": ["pending", "running", "succeeded", "partially_succeeded", "failed", "unknown"],
    "product_type": ["uphone", "uphone-server", "other"],
    # There are no certificates in any of these.
    "ca_path": ["/", "/nowhere", "/dev/null", "", "~", "a\x00b"],
}
SECRETS = ["secret-1", "with space", "ü" * 8, "line\nbreak", "\x00", "x" * 5000, "", " ", "\udcff"]


def values_for(name: str, spec: dict[str, t.Any]) -> st.SearchStrategy[t.Any]:
    """Values for an option: such as it wants, such as it nearly wants, and any other."""
    if spec["type"] in ("int", "float"):
        return st.sampled_from(NUMBERS) | st.integers() | st.floats() | JSON
    if spec["type"] == "bool":
        return st.sampled_from([True, False, "yes", "no", "maybe", 1, 0, 2, None]) | JSON
    words = IDS if name.endswith("_ids") else WORDS.get(name, SECRETS)
    if spec["type"] == "list":
        one = st.sampled_from(words) | st.text(max_size=6)
        return st.lists(one, max_size=4) | one | st.lists(one, max_size=3).map(",".join) | JSON
    return st.sampled_from(words) | st.text(max_size=8) | JSON


VARIABLES = sorted({name for names in HUAWEICLOUD_VARIABLES.values() for name in names})
VARIABLES += [*ENVIRONMENT.values(), "UCLOUD_PROFILE", "HUAWEICLOUD_SDK_CREDENTIALS_FILE"]
ENVIRONS = st.dictionaries(
    st.sampled_from(VARIABLES),
    st.sampled_from([*ADDRESSES, *SECRETS, "region-1", "project", "/dev/null", "/"]).filter(
        lambda text: "\0" not in text
    ),
    max_size=5,
)


@st.composite
def options(draw: st.DrawFn, provider: str) -> dict[str, t.Any]:
    """What a task may give: most often something that works, but for a few options."""
    spec = argument_spec(SERVICES[provider])["argument_spec"]
    base: dict[str, t.Any] = {**base_options(SERVICES[provider]), "job_ids": ["job-1"]}
    for name in draw(st.lists(st.sampled_from(sorted(base)), max_size=2, unique=True)):
        del base[name]
    for name in draw(st.lists(st.sampled_from(sorted(spec)), max_size=5, unique=True)):
        base[name] = draw(values_for(name, spec[name]))
    if draw(st.integers(0, 20)) == 0:
        base[draw(st.text(max_size=5))] = draw(JSON)
    return base


def server_of(provider: str) -> t.Callable[[requests.PreparedRequest], Reply]:
    """Everything works; jobs run for 40 requests."""
    seen, facts = [0], FACTS[provider]

    def answer(request: requests.PreparedRequest) -> Reply:
        seen[0] += 1
        parts = urlsplit(str(request.url))
        if parts.path.endswith("/auth/tokens"):
            return Reply(json.dumps(LOGIN).encode(), 201, {"X-Subject-Token": "obtained-token"})
        value: t.Any
        if parts.path.endswith("/v3/projects"):
            value = PROJECTS
        elif parts.hostname == "169.254.169.254" and parts.path.endswith("/securitykey"):
            value = AGENCY
        elif parts.path.endswith("/cloud-phone/jobs"):
            value = CPH_LIST
        else:
            state = "running" if seen[0] < 40 and "running" in facts.states else "succeeded"
            ids = asked_ids(provider, request) or ["job-1", "job-2"]
            value = facts.answer(*(job(facts, job_id, state) for job_id in ids))
        return Reply(json.dumps(value).encode())

    return answer


def asked_ids(provider: str, request: requests.PreparedRequest) -> list[str]:
    """The ids that a request names, in its path, in its query or in its form."""
    line, parts = FACTS[provider].request, urlsplit(str(request.url))
    steps = line.path.split("/")
    if "{job_id}" in steps:
        step = parts.path.split("/")[steps.index("{job_id}") - len(steps)]
        return [unquote_to_bytes(step).decode("utf-8", "replace")]
    name = next(name for name, value in line.query.items() if value == "{job_id}")
    sent = str(request.body, "ascii") if isinstance(request.body, bytes) else parts.query
    names = re.compile(re.escape(name).replace(r"\.0", r"\.\d+"))
    return [value for key, value in parse_qsl(sent, keep_blank_values=True) if names.fullmatch(key)]


def template(provider: str) -> str:
    """The path and the query of the request for one job, as a pattern."""
    line = FACTS[provider].request
    whole = line.path + ("?" if line.query else "") + "&".join(f"{name}={value}" for name, value in line.query.items())
    pattern = (
        re.escape(whole)
        .replace(r"\{project_id\}", "(?P<project>{segment})")
        .replace(r"\{job_id\}", "(?P<id>{segment})")
    )
    return re.sub(r"\\{\w+\\}", "{segment}", pattern)


LIST = (
    r"/v1/(?P<project>{segment})/cloud-phone/jobs\?request_ids=(?P<id>{segment})(?:%2C{segment})*&limit=100&offset=\d+"
)


def host_of(provider: str) -> str:
    """The name of a service's host, before that of the region."""
    return FACTS[provider].request.host.partition(".")[0]


SEGMENT = r"(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+"
UNRESERVED = frozenset(f"{string.ascii_letters}{string.digits}-._~")


def encoded(text: str) -> str:
    """RFC 3986, section 2: everything but the unreserved characters as %XX."""
    return "".join(char if char in UNRESERVED else "".join(f"%{byte:02X}" for byte in char.encode()) for char in text)


def check_request(provider: str, exchange: Exchange, given: dict[str, t.Any], environ: dict[str, str]) -> None:
    """A request goes to an address that somebody named, and there to the path of the one query."""
    url = str(exchange.request.url)
    if url == "http://169.254.169.254/openstack/latest/securitykey":
        assert given["use_agency"]
        return
    named = [str(value).strip().rstrip("/") for value in (given.get("endpoint"), given.get("auth_url")) if value]
    named += [value.strip().rstrip("/") for name, value in environ.items() if name.endswith(("_AUTH_URL", "BASE_URL"))]
    named += [base[: -len("/v3")] for base in named if base.endswith("/v3")]
    named.append("https://api.ucloud.cn")
    regions = [given.get("region"), *(value for name, value in environ.items() if name.endswith("REGION_NAME"))]
    clouds = [given.get("cloud"), environ.get("HW_CLOUD"), "myhuaweicloud.eu", "otc.t-systems.com"]
    for region in filter(None, regions):
        for cloud in filter(None, clouds):
            if re.fullmatch(r"[A-Za-z0-9.-]+", f"{region}.{cloud}", re.ASCII):
                named += [f"https://{host}.{region}.{cloud}" for host in (host_of(provider), "iam")]
    rests = [url[len(base) :] for base in named if url.lower().startswith(base.lower())]
    assert any(is_intended(provider, exchange, rest, given) for rest in rests), (url, named)
    if url.startswith("http:"):
        host = urlsplit(url).hostname or ""
        assert host in ("localhost", "::1") or re.fullmatch(r"127\.\d+\.\d+\.\d+", host) or given.get("allow_http")


def is_intended(provider: str, exchange: Exchange, rest: str, given: dict[str, t.Any]) -> bool:
    """Whether what comes after an address is the path of a login, or of the query for what was asked for."""
    request = exchange.request
    if FACTS[provider].is_ucloud:
        asked = given["job_ids"] or ["job-1", "job-2"]
        return (request.method, rest) == ("POST", "/") and set(asked_ids(provider, request)) <= set(asked)
    if rest == "/v3/auth/tokens":
        return request.method == "POST"
    if re.fullmatch(r"/v3/projects\?name=" + SEGMENT, rest):
        return request.method == "GET"
    asked = given["job_ids"] or given["request_ids"]
    patterns = [template(provider), *([LIST] if provider == "cph" else [])]
    for pattern in patterns:
        match = re.fullmatch(pattern.replace("{segment}", SEGMENT), rest, re.ASCII)
        if match and match.groupdict().get("project") not in (".", ".."):
            listed = pattern is LIST
            several = match.group("id").split("%2C") if listed else [match.group("id")]
            allowed = {encoded(one) for one in asked}
            if set(several) <= allowed or (given["job_ids"] and listed):
                return request.method == "GET" and not request.body
    return False


def check_result(finished: Finished, given: dict[str, t.Any]) -> None:
    """The result is one that a playbook can use, whatever went wrong."""
    result = finished.result
    json.dumps(result, allow_nan=False)
    for line in finished.texts:
        line.encode()
        assert len(line.splitlines()) == 1, line
        assert len(line) <= 8000, line[:200]
    assert result["requests"] == len(finished.exchanges)
    assert result["changed"] is False
    assert bool(result.get("failed")) == ("failure" in result)
    if "failure" in result:
        kinds = "job_failed timeout not_found authentication permission service transport invalid"
        assert result["failure"]["kind"] in kinds.split()
        assert re.match(r"[A-Z0-9]", result["msg"])
        assert result["msg"].endswith(".")
    assert result["elapsed"] <= given["timeout"] + 15 + len(given["job_ids"] or ()) / given["max_rate"]
    moments = [exchange.moment for exchange in finished.exchanges]
    rate = max(1, math.floor(given["max_rate"]))
    for first, later in zip(moments, moments[rate:], strict=False):
        assert later - first >= 1 - 1e-6


@pytest.mark.parametrize("provider", SERVICES)
@shared(60)
@given(data=st.data())
def test_any_options(provider: str, data: st.DataObject) -> None:
    raw = data.draw(options(provider), label="options")
    environ = data.draw(ENVIRONS, label="environment")
    spec = argument_spec(SERVICES[provider])
    try:
        check_numbers(spec["argument_spec"], raw)
    except InvalidError:
        # ansible-core itself would stumble over it.
        return
    validation = ArgumentSpecValidator(**spec).validate(raw)
    validated = validation.validated_parameters
    if validation.error_messages:
        assert all(validation.error_messages)
        return
    # A wait for a year would take its time even here.
    for name in ("timeout", "error_grace"):
        validated[name] = min(validated[name], 600)
    finished = run(SERVICES[provider], validated, server_of(provider), environ, data.draw(st.booleans()), limit=2000)
    note(str([(e.request.method, e.request.url) for e in finished.exchanges[:10]]))
    note(str(finished.result["msg"]))
    for exchange in finished.exchanges:
        check_request(provider, exchange, validated, environ)
    if finished.exchanges:
        check_result(finished, validated)
    else:
        check_result(finished, {**validated, "timeout": max(validated["timeout"], 0), "max_rate": 10})
