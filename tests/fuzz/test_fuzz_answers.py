# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a service answers: a result, no more in it than the text says, and every job under its own id."""

from __future__ import annotations

import json
import random
import typing as t
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import requests
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.tests.fuzz import oracle
from ansible_collections.cloudwait.jobs.tests.fuzz.counting import PASSED, count, examples, shared
from ansible_collections.cloudwait.jobs.tests.fuzz.made_up import JSON, SEEDS, SHARDS, broken, sweep, torn, written
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Exchange, Finished, Reply, run
from ansible_collections.cloudwait.jobs.tests.fuzz.samples import (
    ASKED,
    CPH_LIST,
    ERRORS,
    OTHER,
    REQUEST,
    SAMPLES,
    SERVICES,
    options_of,
    with_id,
)
from ansible_collections.cloudwait.jobs.tests.services import FACTS
from ansible_collections.cloudwait.jobs.tests.services.facts import values_at
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import places
from hypothesis import given, note
from hypothesis import strategies as st

LIST_PATH = "/cloud-phone/jobs"
STATUSES = [200] * 12 + [201, 204, 301, 400, 401, 403, 404, 408, 429, 500, 502, 503, 504, 599]
HEADERS: list[dict[str, str]] = [
    *[{}] * 6,
    {"Retry-After": "7"},
    {"Retry-After": "Tue, 08 Nov 2022 12:25:10 GMT", "Date": "nonsense"},
    {"Retry-After": "9" * 30, "Date": "Tue, 08 Nov 2022 12:25:00 GMT"},
    {"Content-Type": "text/html", "Content-Length": "7"},
    {"Content-Encoding": "gzip"},
    {"Location": "https://elsewhere.example/", "Date": "Fri, 31 Dec 9999 23:59:59 GMT"},
]
# Seconds for which a job may still appear.
GRACE = 7
UNTIL = ["started", "finished", "succeeded", "partially_succeeded", "failed"]


def is_listed(request: requests.PreparedRequest) -> bool:
    """Whether a request asks for the list of CPH's requests."""
    return urlsplit(request.url or "").path.endswith(LIST_PATH)


def asked_in(provider: str, exchange: Exchange) -> str:
    """The id that a request names, in its path or in its query."""
    line, parts = FACTS[provider].request, urlsplit(exchange.request.url or "")
    steps = line.path.split("/")
    if "{job_id}" in steps:
        return unquote(parts.path.split("/")[steps.index("{job_id}") - len(steps)])
    name = next(name for name, value in line.query.items() if value == "{job_id}")
    body = exchange.request.body or ""
    form = body.decode() if isinstance(body, bytes) else str(body)
    return parse_qs(form if FACTS[provider].is_ucloud else parts.query, keep_blank_values=True)[name][0]


def claims_for(provider: str, exchange: Exchange) -> list[oracle.Claim]:
    """What an answer says, each claim with the id of its job."""
    if not 200 <= exchange.reply.status < 300:
        return []
    listed = is_listed(exchange.request)
    found = oracle.claims(provider, oracle.read(exchange.reply.body).value, listed)
    if listed or (FACTS[provider].is_ucloud and FACTS[provider].fields.id):
        return found
    # Who does not name a job talks of the one that was asked for.
    asked = asked_in(provider, exchange)
    return [claim._replace(job_id=asked) for claim in found if claim.job_id in (None, asked)]


def check(service: Service, finished: Finished, asked: t.Sequence[str] | None = None) -> None:
    """What holds for every result. `asked`: the ids, where jobs are asked for by their ids."""
    result = finished.result
    bodies = [exchange.reply.body for exchange in finished.exchanges]
    count(service.provider, bodies)
    text = json.dumps(result, allow_nan=False, ensure_ascii=False)
    assert len(text.encode()) <= 40 * sum(map(len, bodies)) + 4000 * (len(asked or ()) + 1)
    for line in finished.texts:
        line.encode()
        assert len(line.splitlines()) == 1, line
        assert not any(char < " " or char == "\x7f" for char in line), line
        assert len(line) <= 8000
    if asked is not None:
        assert [job["job_id"] for job in result["jobs"]] == list(asked)
    for job in result["jobs"]:
        check_job(service.provider, job, finished)


def check_job(provider: str, job: dict[str, t.Any], finished: Finished) -> None:
    """A job says nothing that no answer has said of it."""
    own = [claim for exchange in finished.exchanges for claim in claims_for(provider, exchange)]
    own = [claim for claim in own if claim.job_id == job["job_id"]]
    if job["state"] in ("unknown", "not_found"):
        assert not job["finished"]
    else:
        assert any(
            claim.is_open or (claim.state == job["state"] and oracle.same(claim.status, job["status"])) for claim in own
        )
    # A request without any jobs counts as not found.
    if job["state"] == "not_found" and job["job_id"] is not None and finished.result["elapsed"] < GRACE:
        texts = [exchange.reply.body for exchange in finished.exchanges]
        said = FACTS[provider].absent or any(exchange.reply.status == 404 for exchange in finished.exchanges)
        assert said or any(oracle.NOT_FOUND.search(oracle.canonical(oracle.read(body).value)) for body in texts)
    if job["raw"] is not None and all(oracle.read(e.reply.body).strict for e in finished.exchanges):
        assert any(oracle.same(claim.raw, job["raw"]) for claim in own)


def check_one_look(service: Service, reply: Reply, finished: Finished) -> None:
    """Where a text leaves no doubt what it says of the job, the result says the same."""
    (job,) = finished.result["jobs"]
    text = oracle.read(reply.body)
    if not 200 <= reply.status < 300 or reply.headers or not text.strict:
        return
    found = oracle.claims(service.provider, text.value, listed=False)
    if service.cloud == "ucloud":
        own = [claim for claim in found if claim.job_id == ASKED]
        if len(own) != 1 or oracle.text_of(text.value.get("RetCode")) != "0":
            return
    else:
        # In a list a job is found by its id.
        alone = not FACTS[service.provider].job.endswith("[]")
        own = [
            claim
            for claim in found
            if claim.job_id == ASKED or (alone and claim.job_id is None and claim.status is not None)
        ]
        if not own:
            assert job["state"] in ("unknown", "not_found")
            return
    assert own[0].is_open or job["state"] == own[0].state


def look(service: Service, reply: Reply) -> None:
    """Ask for one job, get this answer however often it is asked, and judge the result."""
    note(f"HTTP {reply.status} {dict(reply.headers)} {reply.body[:2000]!r}")
    answer = (service.provider, reply.body, reply.status, str(reply.headers))
    if hash(answer) in PASSED:
        return
    finished = run(service, ONE_LOOK[service.provider], lambda _request: reply, limit=400)
    check(service, finished, [ASKED])
    check_one_look(service, reply, finished)
    PASSED.add(hash(answer))


ONE_LOOK = {name: options_of(service, job_ids=[ASKED]) for name, service in SERVICES.items()}


@st.composite
def broken_samples(draw: st.DrawFn, samples: t.Sequence[t.Any], least: int = 0, most: int = 2) -> t.Any:
    """A sample that is wrong in some places."""
    sample = draw(st.sampled_from(samples))
    chance = random.Random(draw(SEEDS))
    for other in draw(st.lists(JSON, min_size=least, max_size=most)):
        sample = broken(sample, chance.choice(list(places(sample))), other, chance)
    return sample


@pytest.mark.parametrize("provider", SERVICES)
@shared(25)
@given(data=st.data())
def test_a_value_in_every_place(provider: str, data: st.DataObject) -> None:
    sample = data.draw(broken_samples(SAMPLES[provider], least=1))
    other, seed = data.draw(JSON), data.draw(SEEDS)
    chance = random.Random(seed)
    for value in sweep(sample, other, seed):
        look(SERVICES[provider], Reply(written(value, chance)))


@pytest.mark.parametrize("provider", SERVICES)
@shared(12)
@given(data=st.data())
def test_any_json_with_any_status(provider: str, data: st.DataObject) -> None:
    value = data.draw(JSON | st.sampled_from(ERRORS) | broken_samples([*ERRORS, *SAMPLES[provider]]))
    chance = random.Random(data.draw(SEEDS))
    for status in chance.sample(STATUSES, 3):
        look(SERVICES[provider], Reply(written(value, chance), status, chance.choice(HEADERS)))


@pytest.mark.parametrize("provider", SERVICES)
@shared(12)
@given(data=st.data())
def test_a_torn_text(provider: str, data: st.DataObject) -> None:
    chance = random.Random(data.draw(SEEDS))
    body = written(data.draw(broken_samples(SAMPLES[provider], most=1)), chance)
    shard = data.draw(st.sampled_from(SHARDS) | st.binary(max_size=6) | st.text(max_size=3).map(str.encode))
    for text in torn(body, shard, data.draw(SEEDS)):
        look(SERVICES[provider], Reply(text, chance.choice(STATUSES[:14])))


@pytest.mark.parametrize("provider", SERVICES)
@shared(10)
@given(data=st.data())
def test_several_jobs_keep_their_ids(provider: str, data: st.DataObject) -> None:
    """Each job is answered for in turns, now and then by an answer that talks of another one."""
    ids = data.draw(st.lists(st.sampled_from([ASKED, OTHER, "a/b", "ü %2F", "job-1?x=", "3"]), min_size=1, max_size=5))
    made = broken_samples(SAMPLES[provider], most=1)
    answers = [with_id(data.draw(made), data.draw(st.sampled_from([*ids, "another"]))) for _answer in range(6)]
    facts = FACTS[provider]
    jobs = [job for answer in answers for job in facts.jobs_in(answer)]
    until = data.draw(st.lists(st.sampled_from(UNTIL), max_size=2))
    chance = random.Random(data.draw(SEEDS))

    def server(request: requests.PreparedRequest) -> Reply:
        if is_listed(request):
            value: t.Any = {"request_id": REQUEST, "jobs": chance.sample(jobs, chance.randrange(6))}
        elif facts.is_ucloud and "[]" in facts.job:
            value = facts.answer(*chance.sample(jobs, min(len(jobs), chance.randrange(6)))) | {"TotalCount": 5}
        else:
            value = chance.choice(answers)
        return Reply(written(value, chance), chance.choice([200, 200, 200, 200, 200, 404, 503]))

    options = options_of(
        SERVICES[provider], job_ids=ids, until=until or None, timeout=20, not_found_grace=GRACE, error_grace=8
    )
    finished = run(SERVICES[provider], options, server, limit=3000)
    note(str([(exchange.request.url, exchange.reply) for exchange in finished.exchanges]))
    check(SERVICES[provider], finished, ids)
    check_bounds(finished, options)


@examples(30)
@given(data=st.data())
def test_all_jobs_of_a_request(data: st.DataObject) -> None:
    """CPH's list: the jobs under a request are those that some answer has put there."""
    request_ids = data.draw(st.lists(st.sampled_from([REQUEST, "request-2", "r/ü"]), min_size=1, max_size=3))
    sample = data.draw(broken_samples([CPH_LIST], most=1))
    chance = random.Random(data.draw(SEEDS))
    answers = list(sweep(sample, data.draw(JSON), data.draw(SEEDS), at_most=8))
    until = data.draw(st.lists(st.sampled_from(UNTIL), max_size=2))
    options = options_of(
        CPH, request_ids=request_ids, until=until or None, timeout=20, not_found_grace=GRACE, error_grace=8
    )

    def server(_request: requests.PreparedRequest) -> Reply:
        return Reply(written(chance.choice(answers), chance), chance.choice([200, 200, 200, 200, 200, 404, 503]))

    finished = run(CPH, options, server, limit=3000)
    note(str([exchange.reply for exchange in finished.exchanges]))
    check(CPH, finished)
    check_bounds(finished, options)
    alone = len(set(request_ids)) == 1
    for job in finished.result["jobs"]:
        if job["job_id"] is not None and not alone and job["raw"] is not None:
            assert any(
                oracle.text_of(raw.get("request_id")) in request_ids or len(keys_in(exchange)) == 1
                for exchange in finished.exchanges
                for raw in values_at(oracle.read(exchange.reply.body).value, "jobs[]")
                if isinstance(raw, dict) and oracle.same(raw, job["raw"])
            )


@examples(30)
@given(data=st.data())
def test_all_jobs_that_match(data: st.DataObject) -> None:
    """UPhone without ids: each job once, each in a state that was asked for when it was found."""
    sample = data.draw(broken_samples(SAMPLES["uphone"], most=1))
    chance = random.Random(data.draw(SEEDS))
    answers = list(sweep(sample, data.draw(JSON), data.draw(SEEDS), at_most=8))
    until = data.draw(st.lists(st.sampled_from(UNTIL), max_size=2))
    states = data.draw(st.lists(st.sampled_from(["pending", "succeeded", "failed", "partially_succeeded"]), max_size=2))
    options = options_of(UPHONE, states=states or None, until=until or None, timeout=20, error_grace=8)

    def server(_request: requests.PreparedRequest) -> Reply:
        return Reply(written(chance.choice(answers), chance), chance.choice([200, 200, 200, 200, 200, 503]))

    finished = run(UPHONE, options, server, limit=5000)
    note(str([exchange.reply for exchange in finished.exchanges][:20]))
    check(UPHONE, finished)
    check_bounds(finished, options)
    ids = [job["job_id"] for job in finished.result["jobs"]]
    assert len(ids) == len(set(ids))
    if not until:
        assert not states or all(job["state"] in states for job in finished.result["jobs"])


def keys_in(exchange: Exchange) -> list[str]:
    """The requests whose jobs a query asks for."""
    return parse_qs(urlsplit(str(exchange.request.url)).query).get("request_ids", [""])[0].split(",")


def check_bounds(finished: Finished, options: dict[str, t.Any]) -> None:
    """The deadline holds, and so does the pace, in any one second."""
    assert finished.result["elapsed"] <= options["timeout"] + 15
    moments = [exchange.moment for exchange in finished.exchanges]
    rate = int(options["max_rate"])
    for first, later in zip(moments, moments[rate:], strict=False):
        assert later - first >= 1 - 1e-6
