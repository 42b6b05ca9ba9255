# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever an identity service or a metadata address answers: a result, no login without end, and no secret told."""

from __future__ import annotations

import base64
import html
import json
import random
import typing as t
from urllib.parse import quote, quote_plus, urlsplit

import pytest
import requests
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.secrecy import told, told_text
from ansible_collections.cloudwait.jobs.tests.fuzz.counting import examples
from ansible_collections.cloudwait.jobs.tests.fuzz.made_up import JSON, SEEDS, broken, sweep, written
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Finished, Reply, run
from ansible_collections.cloudwait.jobs.tests.fuzz.samples import (
    ASKED,
    ERRORS,
    SAMPLES,
    TOKEN,
    UCLOUD_LOGIN,
    options_of,
)
from ansible_collections.cloudwait.jobs.tests.spellings import found
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import places
from hypothesis import given, note
from hypothesis import strategies as st

LOGIN = {
    "token": {
        "expires_at": "2022-11-10T12:25:00.000000Z",
        "issued_at": "2022-11-09T12:25:00.000000Z",
        "project": {"id": "project", "name": "region-1", "domain": {"id": "d", "name": "domain"}},
        "methods": ["password"],
    }
}
PROJECTS = {"projects": [{"id": "project", "name": "region-1", "enabled": True}], "links": {}}
AGENCY = {
    "credential": {
        "access": "temporary-access",
        "secret": "temporary-secret",
        "securitytoken": "temporary-token",
        "expires_at": "2022-11-10T12:25:00.000000Z",
    }
}
PASSWORD = {"username": "user", "password": 'p ä"ss\\w/rd', "user_domain_name": "domain", "token": None}
KEYS = {
    "access_key": "access-key-1",
    "secret_key": "secret-key-1",
    "security_token": "token/of+session=",
    "token": None,
}
WAYS: dict[str, dict[str, t.Any]] = {
    "password": {**PASSWORD, "project_id": "project"},
    "password, project by name": {**PASSWORD, "project_id": None, "project_name": "region-1"},
    "keys, project by name": {**KEYS, "project_id": None, "project_name": "region-1"},
    "token, project by name": {"project_id": None, "project_name": "region-1"},
    "agency": {"use_agency": True, "token": None},
}
STATUSES = [200, 201, 200, 201, 200, 201, 204, 400, 401, 403, 404, 429, 500, 503, 302]
HEADERS: list[dict[str, str]] = [
    *[{"X-Subject-Token": "obtained-token-1"}] * 4,
    {},
    {"X-Subject-Token": ""},
    {"X-Subject-Token": "with a line\r\nbreak: 1"},
    {"X-Subject-Token": "ü" * 20, "Date": "Wed, 09 Nov 2022 12:25:00 GMT"},
    {"Date": "Wed, 09 Nov 2022 13:25:00 GMT", "Retry-After": "3"},
]


def check(finished: Finished, allowed: t.Container[tuple[str, str]]) -> None:
    """A result that says what went wrong, after requests to nobody but who may be asked."""
    text = json.dumps(finished.result, allow_nan=False, ensure_ascii=False)
    text.encode()
    for line in finished.texts:
        line.encode()
        assert len(line.splitlines()) == 1, line
    for exchange in finished.exchanges:
        parts = urlsplit(str(exchange.request.url))
        assert (parts.scheme, parts.netloc) in allowed, exchange.request.url
    assert finished.result["elapsed"] <= 60 + 15


@pytest.mark.parametrize("way", WAYS)
@examples(25)
@given(data=st.data())
def test_any_answer_to_a_login(way: str, data: st.DataObject) -> None:
    samples = [LOGIN, PROJECTS, AGENCY, *ERRORS]
    chance = random.Random(data.draw(SEEDS))
    bodies = [written(value, chance) for value in sweep(data.draw(st.sampled_from(samples)), data.draw(JSON), 7)]
    until = data.draw(st.sampled_from([None, ["succeeded"]]))
    options = options_of(
        DWS,
        job_ids=[ASKED, "b"],
        auth_url="https://iam.example/v3",
        until=until,
        timeout=60,
        error_grace=20,
        **WAYS[way],
    )

    def server(request: requests.PreparedRequest) -> Reply:
        if str(request.url).startswith("https://cloud.example"):
            return Reply(written(chance.choice(SAMPLES["dws"]), chance), chance.choice([200, 200, 401, 401, 403]))
        return Reply(chance.choice(bodies), chance.choice(STATUSES), chance.choice(HEADERS))

    finished = run(DWS, options, server, limit=2000)
    note(str([(e.request.method, e.request.url, e.reply) for e in finished.exchanges]))
    check(finished, ALLOWED)
    refusals = [
        exchange
        for exchange in finished.exchanges
        if exchange.reply.status == 401 and "Authorization" in exchange.request.headers
    ]
    # Five of them would lock the key.
    assert len(refusals) <= 2
    logins = [e for e in finished.exchanges if e.request.method == "POST" and e.reply.status in (401, 403)]
    assert len(logins) <= 1


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refused_login_is_not_repeated(status: int) -> None:
    """Neither by the other calls that are under way, nor later."""
    ids = [f"job-{number}" for number in range(6)]
    options = options_of(DWS, job_ids=ids, auth_url="https://iam.example", **WAYS["password"])
    finished = run(DWS, options, lambda _request: Reply(b"{}", status))
    assert [(e.request.method, e.request.url) for e in finished.exchanges] == [
        ("POST", "https://iam.example/v3/auth/tokens")
    ]


ALLOWED = {("https", "cloud.example:8443"), ("https", "iam.example"), ("http", "169.254.169.254")}
SECRETS: dict[str, tuple[Service, dict[str, t.Any]]] = {
    "token": (DWS, {"token": TOKEN}),
    "keys": (CPH, KEYS),
    "password": (DWS, {**PASSWORD, "auth_url": "https://iam.example"}),
    "UCloud": (UPHONE, UCLOUD_LOGIN),
}


def echoes(secret: str) -> list[str]:
    """A secret as a service may repeat it, within a JSON text."""
    plain = json.dumps(secret)[1:-1]
    escaped = "".join(f"\\u{ord(char):04x}" for char in secret)
    some = "".join(f"\\u{ord(char):04X}" if index % 3 else json.dumps(char)[1:-1] for index, char in enumerate(secret))
    coded = [base64.b64encode(f"{before}{secret}".encode()).decode() for before in ("", "x", "user:")]
    # as a text within a text, which JSON, Python, HTML or a form has written before
    ways = (json.dumps, repr, ascii, html.escape, quote_plus, lambda text: json.dumps({"auth": text}))
    within = [json.dumps(way(secret)) for way in ways] + [json.dumps(html.escape(json.dumps(json.dumps(secret))))]
    coded += [base64.b64encode(way(secret).encode()).decode() for way in ways]
    return [
        plain,
        plain.replace("/", "\\/"),
        escaped,
        some,
        quote(secret, safe=""),
        *coded,
        *(text[1:-1] for text in within),
    ]


@pytest.mark.parametrize("login", SECRETS)
@examples(40)
@given(data=st.data())
def test_an_echo_of_a_secret_is_not_told(login: str, data: st.DataObject) -> None:
    """Wherever it stands in an answer, and however it is spelt there."""
    service, given_options = SECRETS[login]
    until = data.draw(st.sampled_from([None, ["succeeded"]]))
    options = options_of(service, job_ids=[ASKED], until=until, timeout=10, **given_options)
    names = ("token", "access_key", "secret_key", "security_token", "password", "public_key", "private_key")
    secret = data.draw(st.sampled_from([given_options[name] for name in names if given_options.get(name)]))
    sample = data.draw(st.sampled_from([*ERRORS, *SAMPLES[service.provider]]))
    before, after = data.draw(st.sampled_from(["", "x", "é ", '"'])), data.draw(st.sampled_from(["", ".", "\n"]))
    seed = data.draw(SEEDS)
    chance = random.Random(seed)
    way = chance.choice(list(places(sample)))
    value = json.dumps(broken(sample, way, f"{before}SECRET{after}", random.Random(0)))
    echo = data.draw(st.sampled_from(echoes(secret)))
    reply = Reply(value.replace("SECRET", echo).encode(), data.draw(st.sampled_from([200, 200, 400, 401, 404, 500])))
    finished = run(service, options, lambda _request: reply, limit=400)
    note(str(reply))
    result = told(finished.result, finished.secrets)
    text = json.dumps(result, ensure_ascii=False) + json.dumps(result)
    text += "".join(told_text(line, finished.secrets) for line in [*finished.warnings, *finished.lines])
    assert not found(text, [secret])
    assert echo not in text
    assert json.loads(f'"{echo}"') not in text
