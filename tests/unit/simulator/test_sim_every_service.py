# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every service that has facts, and shapes that none has yet: routes, answers, errors, and the scripts of them all."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from ansible_collections.cloudwait.jobs.plugins.filter.job_ids import job_ids
from ansible_collections.cloudwait.jobs.tests.services import FACTS, Facts
from ansible_collections.cloudwait.jobs.tests.services.facts import ABSENT, Sample
from ansible_collections.cloudwait.jobs.tests.services.loading import load
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, credentials, routes
from ansible_collections.cloudwait.jobs.tests.simulator.actions import UCloudService
from ansible_collections.cloudwait.jobs.tests.simulator.exchange import Call
from ansible_collections.cloudwait.jobs.tests.simulator.services import HuaweiCloudService
from ansible_collections.cloudwait.jobs.tests.unit.simulator.asking import Caller

PROVIDERS = list(FACTS)
SAMPLES = [
    pytest.param(provider, sample, id=f"{provider} | {sample.name}")
    for provider, facts in FACTS.items()
    for sample in facts.samples
]
SCRIPTS = ("runs", "succeeds", "fails", "appears-late", "vanishes", "strange-status", "missing-status")
# When everything begins, in Unix seconds.
START = 1767323045


def submit(cloud: Cloud, script: Any) -> str:
    """Submit one job and return its id, as users take it from the answer."""
    (job_id,) = job_ids(cloud.submit(script))
    return str(job_id)


def shown(caller: Caller, provider: str, job_id: str) -> Any:
    """The job's object in the answer, None where the answer has none."""
    answer = caller.job(provider, job_id)
    jobs = FACTS[provider].jobs_in(answer.body) if answer.status == 200 else []
    return jobs[0] if jobs and jobs[0] else None


def field(provider: str, job: Any, name: str) -> Any:
    """What a job's object says in a field."""
    facts = FACTS[provider]
    return facts.value_in(job, getattr(facts.fields, name))


@pytest.mark.parametrize(("provider", "sample"), SAMPLES)
def test_samples_are_there_from_the_start(caller: Caller, provider: str, sample: Sample) -> None:
    first = next(each for each in FACTS[provider].samples if each.job_id == sample.job_id)
    assert shown(caller, provider, sample.job_id) == first.raw


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_service_has_these_scripts(cloud: Cloud, provider: str, name: str) -> None:
    assert cloud.scripts[f"{provider}-{name}"].provider == provider


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_job_that_succeeds(cloud: Cloud, clock: ManualClock, caller: Caller, provider: str) -> None:
    facts = FACTS[provider]
    job_id = submit(cloud, f"{provider}-succeeds")
    for second, state in ((0, "pending"), (1, "running"), (5, "running"), (6, "succeeded")):
        clock.advance(second - clock.now())
        job = shown(caller, provider, job_id)
        word = state if state in facts.states else {"pending": "running", "running": "pending"}[state]
        assert facts.state_of(field(provider, job, "status")) == word
        assert field(provider, job, "id") == (job_id if facts.fields.id else ABSENT)
        assert field(provider, job, "type") == (facts.type or ABSENT)
        begun = facts.write_time(START + 1) if facts.fields.begin else ABSENT
        ended = facts.write_time(START + 6) if facts.fields.end else ABSENT
        assert (field(provider, job, "begin") == begun) is (second >= 1 or begun is ABSENT)
        assert (field(provider, job, "end") == ended) is (second >= 6 or ended is ABSENT)
        if facts.fields.progress and second >= 1:
            assert field(provider, job, "progress") == facts.write_progress(20 * (second - 1))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_job_that_fails(cloud: Cloud, clock: ManualClock, caller: Caller, provider: str) -> None:
    facts = FACTS[provider]
    job_id = submit(cloud, f"{provider}-fails")
    clock.advance(3)
    job = shown(caller, provider, job_id)
    assert field(provider, job, "code") in (None, ABSENT)
    clock.advance(1)
    job = shown(caller, provider, job_id)
    assert "failed" not in facts.states or facts.state_of(field(provider, job, "status")) == "failed"
    assert field(provider, job, "code") == ("X.0001" if facts.fields.code else ABSENT)
    assert field(provider, job, "message") == ("It broke." if facts.fields.message else ABSENT)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_status_that_is_strange_or_missing(cloud: Cloud, clock: ManualClock, caller: Caller, provider: str) -> None:
    strange, missing = (submit(cloud, f"{provider}-{name}-status") for name in ("strange", "missing"))
    clock.advance(2)
    status = field(provider, shown(caller, provider, strange), "status")
    assert FACTS[provider].state_of(status) == "unknown"
    assert type(status) in {type(value) for value in FACTS[provider].words}
    assert field(provider, shown(caller, provider, missing), "status") is ABSENT
    clock.advance(3)
    for job_id in (strange, missing):
        assert FACTS[provider].state_of(field(provider, shown(caller, provider, job_id), "status")) == "succeeded"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_job_that_is_not_there(cloud: Cloud, clock: ManualClock, caller: Caller, provider: str) -> None:
    late, forgotten = (submit(cloud, f"{provider}-{name}") for name in ("appears-late", "vanishes"))
    there = []
    for _step in range(2):
        there += [shown(caller, provider, job_id) is not None for job_id in (late, forgotten)]
        clock.advance(5)
    assert there == [False, True, True, False]


@pytest.mark.parametrize("provider", [name for name, facts in FACTS.items() if not facts.is_ucloud])
def test_an_unknown_job(cloud: Cloud, caller: Caller, provider: str) -> None:
    service, code = cloud.services[provider], cloud.services[provider].unknown_job()
    answer = caller.job(provider, submit(cloud, f"{provider}-appears-late"))
    if FACTS[provider].absent:
        assert (answer.status, [job for job in FACTS[provider].jobs_in(answer.body) if job]) == (200, [])
        return
    assert answer.status == code.http
    wanted = service.error(cloud, code.code, "The job does not exist.", code.http).body
    assert {**answer.body, "request_id": ""} == {**wanted, "request_id": ""}
    assert code.error_class == "not_found"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_several_jobs_are_submitted_at_once(cloud: Cloud, provider: str) -> None:
    assert len(set(job_ids(cloud.submit(f"{provider}-runs", count=3)))) == 3


@pytest.mark.parametrize("provider", [name for name in PROVIDERS if name not in ("ims", "uphone")])
def test_tasks_are_for_those_that_have_them(cloud: Cloud, provider: str) -> None:
    with pytest.raises(ValueError, match="has tasks, which jobs of"):
        cloud.submit({"provider": provider, "tasks": [{}]})


# Shapes that none of the services has

LAKE = """
provider: lake
request: GET https://lake.{region}.example.com/v3/{project_id}/lakes/{lake_id}/jobs?id={job_id}&view=full
options: {lake_id: lake-1}
job: job
fields: {id: id, status: status.phase, begin: created, message: reason, progress: progress}
time: milliseconds as text
progress: 60%
states: {pending: [0], running: [1], succeeded: [2], failed: [3]}
error: {errCode: CODE, externalMessage: MESSAGE}
codes: {not_found: {LAKE.0011: 400}}
samples: [{name: full, answer: {job: {id: 7, status: {phase: 2}}}, job: {state: succeeded}}]
"""
POND = """
provider: pond
request: POST https://api.ucloud.cn/?Action=GetPond&PondId={job_id}
job: Data
fields: {status: Status}
states: {running: [Filling], succeeded: [Full]}
error: {RetCode: CODE, Message: MESSAGE}
codes: {not_found: {8011: 200}}
samples: [{name: full, answer: {RetCode: 0, Data: {Status: Full}}, job: {state: succeeded}}]
"""


def made_up(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, folder: Path, text: str, name: str) -> Facts:
    """A service that the cloud has from now on."""
    (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    facts = load(folder / f"{name}.yml")
    monkeypatch.setitem(FACTS, name, facts)
    if facts.is_ucloud:
        cloud.services[name] = UCloudService(facts)
        monkeypatch.setitem(routes.QUERIES, facts.request.query["Action"], facts)
    else:
        cloud.services[name] = HuaweiCloudService(facts)
        monkeypatch.setitem(routes.PATHS, (facts.request.method, facts.request.path.count("/")), [facts])
    return facts


def test_an_object_below_a_key_found_by_an_id_in_the_query(
    cloud: Cloud, clock: ManualClock, caller: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made_up(cloud, monkeypatch, tmp_path, LAKE, "lake")
    cloud.submit({"provider": "lake", "job_id": "j", "states": {0: "running", 8: "succeeded"}, "progress": "auto"})
    clock.advance(2)
    assert caller.job("lake", "j").body == {
        "job": {"id": "j", "status": {"phase": 1}, "created": "1767323045000", "reason": None, "progress": "25%"}
    }
    answer = caller.job("lake", "nobody")
    wanted = {"errCode": "LAKE.0011", "externalMessage": "The job does not exist."}
    assert (answer.status, answer.body) == (400, wanted)
    # whatever is not as the reference has it is another request
    path = f"/v3/{credentials.PROJECT_ID}/lakes/lake-1/jobs"
    for target in (f"{path}?id=j", f"{path}?view=full", f"{path}?id=&view=full", f"{path}/x?id=j&view=full"):
        assert caller.get(target).body["error_code"] == "APIGW.0101", target


def test_an_action_that_takes_one_id_and_tells_none(
    cloud: Cloud, clock: ManualClock, caller: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made_up(cloud, monkeypatch, tmp_path, POND, "pond")
    (job_id,) = job_ids(cloud.submit({"provider": "pond", "states": {0: "running", 8: "succeeded"}}))
    clock.advance(8)
    body = caller.job("pond", job_id).body
    assert body == {"RetCode": 0, "Action": "GetPondResponse", "Data": {"Status": "Full"}}
    assert caller.job("pond", "nobody").body == {"RetCode": 8011, "Message": "The job does not exist."}
    assert caller.send(Call("POST", "/", {}, urlencode({"Action": "GetPuddle"}).encode())).body["RetCode"] == 161


def test_services_with_the_same_path_are_told_apart_by_the_job(
    cloud: Cloud, caller: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # in the real cloud each has a host of its own
    ims, path = FACTS["ims"], "/v3/{project_id}/lakes/{lake_id}/jobs?id={job_id}&view=full"
    assert path in LAKE
    other = LAKE.replace(path, ims.request.path).replace("options: {lake_id: lake-1}\n", "")
    lake = made_up(cloud, monkeypatch, tmp_path, other, "lake")
    monkeypatch.setitem(routes.PATHS, ("GET", 4), [ims, lake])
    cloud.submit({"provider": "lake", "job_id": "of-the-lake"})
    cloud.submit({"provider": "ims", "job_id": "of-ims"})
    assert caller.job("ims", "of-the-lake").body["job"]["id"] == "of-the-lake"
    assert caller.job("lake", "of-ims").body["job_id"] == "of-ims"
    # an id that nobody has submitted is asked of the first
    assert caller.job("lake", "nobody").body["error"]["code"] == "IMG.0404"
