# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every service against the facts of its reference: what is asked, and what is read in the answers."""

from __future__ import annotations

import copy
import datetime as dt
import json
import typing as t
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.endpoints import (
    DEFAULT_CLOUD,
    service_url,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.ucloud import exchange as ucloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.json_body import decode
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import CloudwaitError
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import HuaweiCloudService
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.names import PROVIDERS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.reader import JobReader
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.registry import service_of
from ansible_collections.cloudwait.jobs.tests.services import FACTS, Facts
from ansible_collections.cloudwait.jobs.tests.services.facts import FINAL, SUCCESSES, Code, Sample
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.answered import (
    DAY_BEFORE,
    PROJECT,
    REGION,
    Sent,
    ask,
)
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.result_types import check_types
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import (
    NO_STATUS,
    WRONG,
    dropped,
    places,
    put,
    short,
)

EVERY = [pytest.param(facts, id=name) for name, facts in FACTS.items()]
SAMPLES = [
    pytest.param(facts, sample, id=f"{name} | {sample.name}")
    for name, facts in FACTS.items()
    for sample in facts.samples
]
WORDS = [
    pytest.param(facts, value, state, id=f"{name} | {value!r}")
    for name, facts in FACTS.items()
    for value, state in facts.words.items()
]
CODES = [
    pytest.param(facts, code, id=f"{name} | {code.code} with {code.http}")
    for name, facts in FACTS.items()
    for code in facts.codes
]
# What every request to UCloud has beside the parameters of its action, and those by which ours turns pages.
SIGNED = {"PublicKey", "Signature", "ProjectId", "Region"}
PAGES = {"Limit", "Offset"}
FINAL_STATES = set(FINAL)
# One value of each type, for the places of a whole answer.
TYPES: list[t.Any] = [None, True, 7, "x", [], {}]


def resources_of(facts: Facts) -> t.Collection[str]:
    return service_of(facts.provider).mapping.resources


def status_of(facts: Facts, state: str) -> t.Any:
    """A status for a state, or for the nearest that the service has a word for."""
    pairs = {"pending": "running", "running": "pending"}
    return facts.status_for(state, facts.status_for(pairs.get(state, "succeeded")))


def read(facts: Facts, **values: t.Any) -> Job:
    """The job that an answer with nothing but an id and these fields tells of."""
    (job,), _sent = ask(facts, facts.answer(facts.job_object(**{"id": "job-1", **values})))
    return job


def state_in(facts: Facts, answer: t.Any, job_id: str) -> str:
    """The state of the job that was asked for; the kind of an error where there is one, `absent` where no job is."""
    try:
        jobs, _sent = ask(facts, answer, job_id=job_id)
    except CloudwaitError as error:
        return error.kind
    return jobs[0].state.value if jobs else "absent"


# Facts and declarations


def test_every_service_has_facts() -> None:
    assert list(FACTS) == list(PROVIDERS)


@pytest.mark.parametrize("facts", EVERY)
def test_states_agree(facts: Facts) -> None:
    declared = service_of(facts.provider).mapping.states
    assert {(type(value), value, state.value) for value, state in declared.items()} == {
        (type(value), value, state) for value, state in facts.words.items()
    }


@pytest.mark.parametrize("facts", EVERY)
def test_codes_agree(facts: Facts) -> None:
    # UCloud's codes are those of the cloud
    if not facts.is_ucloud:
        service = service_of(facts.provider)
        declared = {(code, meaning.value) for code, meaning in service.codes.items()}
        declared |= {(code, "invalid") for code in getattr(service, "containers", {})}
        pairs = {code for code in service.codes if isinstance(code, tuple)}
        stated = {((code.code, code.http), code.error_class) for code in facts.codes}
        assert declared == {(pair if pair in pairs else str(pair[0]), meaning) for pair, meaning in stated}


def test_codes_of_ucloud_agree() -> None:
    stated: dict[str, set[int]] = {}
    for code in (code for facts in FACTS.values() if facts.is_ucloud for code in facts.codes):
        stated.setdefault(code.error_class, set()).add(code.code)
    assert stated == {
        "transient": ucloud.TRANSIENT_CODES,
        "authentication": ucloud.LOGIN_CODES,
        "permission": ucloud.PERMISSION_CODES,
        "invalid": ucloud.INVALID_CODES,
    }


@pytest.mark.parametrize("facts", EVERY)
def test_fields_agree(facts: Facts) -> None:
    mapping = service_of(facts.provider).mapping
    declared = {
        "id": mapping.job_id,
        "status": mapping.status,
        "type": mapping.type,
        "begin": mapping.begin_time,
        "end": mapping.end_time,
        "code": mapping.error_code,
        "message": mapping.error_message,
        "progress": mapping.progress,
    }
    assert {name: bool(path) for name, path in declared.items()} == {
        name: bool(path) for name, path in vars(facts.fields).items()
    }


@pytest.mark.parametrize("facts", EVERY)
def test_absence_agrees(facts: Facts) -> None:
    assert service_of(facts.provider).missing_is_not_found == facts.absent


@pytest.mark.parametrize("facts", [param for param in EVERY if param.values[0].absent])  # type: ignore[union-attr]
def test_an_answer_without_the_job_tells_of_an_unknown_one(facts: Facts) -> None:
    assert state_in(facts, facts.answer(), "job-1") == "not_found"


# What is asked


@pytest.mark.parametrize("job_id", ["job-1", "a b/c?d=e&f%2F", "日本"])
@pytest.mark.parametrize("facts", EVERY)
def test_request(facts: Facts, job_id: str) -> None:
    answer = facts.answer(facts.job_object(id=job_id, status=facts.status_for("succeeded")))
    _jobs, (sent,) = ask(facts, answer, job_id=job_id)
    line = facts.request.filled(
        region=REGION, project_id=PROJECT, job_id=job_id, day_before=DAY_BEFORE, **facts.options
    )
    parts = urlsplit(sent.url)
    assert (sent.method, parts.scheme, parts.netloc) == (line.method, "https", facts.hosts.get(REGION, line.host))
    assert [unquote(part) for part in parts.path.split("/")] == [unquote(part) for part in line.path.split("/")]
    assert parameters(facts, sent) == line.query
    assert line.headers.items() <= sent.headers.items()


@pytest.mark.parametrize(
    ("facts", "region", "host"),
    [
        pytest.param(facts, region, host, id=f"{name} | {region}")
        for name, facts in FACTS.items()
        for region, host in facts.hosts.items()
    ],
)
def test_host_of_a_region(facts: Facts, region: str, host: str) -> None:
    service = service_of(facts.provider)
    assert isinstance(service, HuaweiCloudService)
    assert service_url(service.host, region, DEFAULT_CLOUD, service.hosts) == f"https://{host}"


def parameters(facts: Facts, sent: Sent) -> dict[str, str]:
    """The parameters of a request that are the service's own."""
    if not facts.is_ucloud:
        assert not sent.body
        return dict(parse_qsl(urlsplit(sent.url).query, keep_blank_values=True))
    assert not urlsplit(sent.url).query
    form = dict(parse_qsl(sent.body.decode("ascii"), keep_blank_values=True))
    assert set(form) >= SIGNED
    return {name: value for name, value in form.items() if name not in SIGNED | PAGES}


# What is read


@pytest.mark.parametrize(("facts", "sample"), SAMPLES)
def test_sample(facts: Facts, sample: Sample) -> None:
    before = copy.deepcopy(sample.answer)
    (job,), sent = ask(facts, sample.answer, job_id=sample.job_id)
    result = job.as_dict()
    assert {name: result[name] for name in sample.job} == sample.job
    assert (result["job_id"], result["provider"], result["raw"]) == (sample.job_id, facts.provider, sample.raw)
    assert (len(sent), sample.answer) == (1, before)
    check_types(job, resources_of(facts))
    # a result is written to logs and registered variables as JSON
    assert json.loads(json.dumps(result, allow_nan=False)) == result


@pytest.mark.parametrize("facts", EVERY)
def test_every_field(facts: Facts) -> None:
    job = read(
        facts,
        status=status_of(facts, "failed"),
        type="any-type",
        code="X.1",
        message="It broke.",
        progress=facts.write_progress(60),
    )
    fields = facts.fields
    assert (job.job_id, job.state.value) == ("job-1", "failed" if "failed" in facts.states else "succeeded")
    assert job.type == ("any-type" if fields.type else None)
    assert job.progress == (60 if fields.progress else None)
    error = (job.error.code, job.error.message) if job.error else (None, None)
    assert error == ("X.1" if fields.code else None, "It broke." if fields.message else None)


@pytest.mark.parametrize(("facts", "value", "state"), WORDS)
def test_status(facts: Facts, value: t.Any, state: str) -> None:
    job = read(facts, status=value)
    assert (job.state.value, job.finished) == (state, state in FINAL)
    # the service's own value, as it came
    assert (type(job.status), job.status) == (type(value), value)


@pytest.mark.parametrize("facts", EVERY)
def test_no_other_status(facts: Facts) -> None:
    foreign = {value for other in FACTS.values() for value in other.words}
    texts = [value for value in facts.words if isinstance(value, str)]
    spellings = {spelling for text in texts for spelling in (text.lower(), text.upper(), text.title(), f"{text} ")}
    spellings |= {text[:-1] for text in texts}
    numbers = [value for value in foreign if isinstance(value, int)]
    # 2 in a text is 2, and 2.0 is not
    spelt = [spelling for number in numbers for spelling in (str(number), f"0{number}", float(number))]
    for status in [*NO_STATUS, *foreign, *spellings, *spelt]:
        job = read(facts, status=status)
        assert job.state.value == facts.state_of(status), repr(status)


@pytest.mark.parametrize("facts", EVERY)
def test_no_status(facts: Facts) -> None:
    assert (read(facts).state, read(facts).status) == (State.UNKNOWN, None)


@pytest.mark.parametrize("facts", EVERY)
def test_a_status_under_another_name_is_none(facts: Facts) -> None:
    *before, name = facts.fields.status.split(".")
    for other in (name.lower(), name.upper(), f"{name} ", f"job_{name}"):
        if other != name:
            raw = facts.job_object(id="job-1")
            holder = raw
            for step in before:
                holder = holder.setdefault(step, {})
            holder[other] = facts.status_for("succeeded")
            assert state_in(facts, facts.answer(raw), "job-1") == "unknown", other


@pytest.mark.parametrize("facts", [param for param in EVERY if param.values[0].fields.id])  # type: ignore[union-attr]
@pytest.mark.parametrize("job_id", ["job-2", "job-1 ", "JOB-1", "job-1\u00a0", 1])
def test_another_job_is_not_the_one_that_was_asked_for(facts: Facts, job_id: t.Any) -> None:
    job = facts.job_object(id=job_id, status=facts.status_for("succeeded"))
    assert state_in(facts, facts.answer(job), "job-1") in ("service", "absent", "not_found")


@pytest.mark.parametrize(("facts", "code"), CODES)
def test_code(facts: Facts, code: Code) -> None:
    meanings = {other.error_class for other in facts.codes if other.code == code.code}
    # an error in spite of HTTP 200 is still an error
    for status in (code.http, 200) if len(meanings) == 1 else (code.http,):
        assert error_class(facts, facts.error_body(code.code, "Refused."), status) == (code.error_class, str(code.code))


def error_class(facts: Facts, body: t.Any, status: int) -> tuple[str, str | None]:
    """The class of an error, and the service's own code, where its own words are told, too."""
    try:
        (job,), _sent = ask(facts, body, status)
    except CloudwaitError as error:
        told = "transient" if error.transient else error.kind
        return (told, error.code) if "Refused" in str(error) else (str(error), None)
    return (
        (job.state.value, job.error.code)
        if job.error and (job.error.message or "").startswith("Refused")
        else (str(job), None)
    )


BEGIN = 1667996700
NO_TIME: list[t.Any] = [None, "", "soon", True, [], {}]


def iso(facts: Facts, unix: float) -> str:
    """A time as a result tells it, with as much of it as the service writes."""
    moment = dt.datetime.fromtimestamp(unix, dt.timezone.utc)
    text = moment.replace(tzinfo=None).isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    if "%z" in facts.time or facts.time.endswith("+00:00"):
        return f"{text}+00:00"
    # without a zone, none is claimed
    return f"{text}Z" if "%" not in facts.time or facts.time.endswith("Z") or facts.zone == "UTC" else text


@pytest.mark.parametrize("facts", [param for param in EVERY if param.values[0].fields.begin])  # type: ignore[union-attr]
def test_times(facts: Facts) -> None:
    ended = facts.status_for("succeeded")
    later = 6.5 if "%f" in facts.time or facts.time.startswith("milliseconds") else 6
    begin = facts.write_time(BEGIN)
    for seconds in (later, 0, 36000):
        job = read(facts, status=ended, begin=begin, end=facts.write_time(BEGIN + seconds))
        assert job.begin_time == iso(facts, BEGIN)
        if facts.fields.end:
            assert (job.end_time, job.duration) == (iso(facts, BEGIN + seconds), seconds)
    for nothing in NO_TIME:
        job = read(facts, status=ended, begin=begin, end=nothing)
        assert (job.begin_time, job.end_time, job.duration) == (iso(facts, BEGIN), None, None)
        assert read(facts, status=ended, begin=nothing, end=begin).begin_time is None
    # it ended before it began: the times are the service's, a duration there is none
    assert read(facts, status=ended, begin=begin, end=facts.write_time(BEGIN - 1)).duration is None


NO_PROGRESS: list[t.Any] = [
    None,
    "",
    "-",
    "n/a",
    "%",
    "9%%",
    "0x9",
    "9e0",
    "٩",
    True,
    [9],
    {},
    -1,
    -0.1,
    101,
    "101%",
    10**400,
]


@pytest.mark.parametrize("facts", EVERY)
def test_progress(facts: Facts) -> None:
    running = status_of(facts, "running")
    for percent in (0, 1, 9, 29, 50, 57, 99, 100):
        shown = facts.write_progress(percent) if facts.fields.progress else percent
        job = read(facts, status=running, progress=shown)
        assert (type(job.progress), job.progress) == ((int, percent) if facts.fields.progress else (type(None), None))
    for nothing in NO_PROGRESS:
        assert read(facts, status=running, progress=nothing).progress is None, repr(nothing)


# What is wrong or missing


def holds(path: str, way: tuple[t.Any, ...]) -> bool:
    """Whether a path leads to a place of a JSON value, or through it, or into it."""
    names = [step for step in way if isinstance(step, str)]
    return all(step.replace("[]", "") == name for step, name in zip(path.split("."), names))


def reads(facts: Facts, way: tuple[t.Any, ...]) -> bool:
    """Whether a place of a job's object holds the status."""
    return tuple(facts.fields.status.split("."))[: len(way)] == way


def decides(facts: Facts, way: tuple[t.Any, ...]) -> bool:
    """Whether the state also depends on a place of a job's object, beside that of the status."""
    return any(holds(path, way) for path in facts.verdict)


@pytest.mark.parametrize(("facts", "sample"), SAMPLES)
def test_something_wrong_in_every_place(facts: Facts, sample: Sample) -> None:
    # nothing raises, nothing but what the verdict depends on makes a success, and the answer stays as it was
    service = service_of(facts.provider)
    for way in places(sample.raw):
        for wrong in WRONG:
            raw = put(sample.raw, way, wrong)
            before = copy.deepcopy(raw)
            job = JobReader(service.mapping, service.provider).read(raw, asked_id="asked")
            check_types(job, resources_of(facts))
            assert (job.raw is raw, raw) == (True, before)
            if not decides(facts, way) and (reads(facts, way) or sample.job["state"] not in SUCCESSES):
                assert job.state.value not in SUCCESSES, way


@pytest.mark.parametrize(("facts", "sample"), SAMPLES)
def test_something_wrong_in_every_place_of_a_whole_answer(facts: Facts, sample: Sample) -> None:
    allowed = {sample.job["state"], "unknown", "service", "absent", "not_found"}
    start = facts.job.count(".") + 1 if facts.job else 0
    for way in places(sample.answer):
        inner = [step for step in way if isinstance(step, str)][start:]
        fine = allowed | (FINAL_STATES if decides(facts, tuple(inner)) else set())
        for wrong in TYPES:
            right = {facts.state_of(wrong)} if tuple(inner) == tuple(facts.fields.status.split(".")) else set()
            assert state_in(facts, put(sample.answer, way, wrong), sample.job_id) in fine | right, way
        assert state_in(facts, dropped(sample.answer, way), sample.job_id) in fine, way


@pytest.mark.parametrize("facts", EVERY)
@pytest.mark.parametrize(
    "raw", [None, True, False, 0, 2, 2.5, "", "SUCCESS", [], {}, [{"status": 2}], ["SUCCESS"]], ids=short
)
def test_no_object_at_all(facts: Facts, raw: t.Any) -> None:
    job = JobReader(service_of(facts.provider).mapping, facts.provider).read(raw, asked_id="asked")
    assert job.as_dict() == Job("asked", facts.provider, State.UNKNOWN, raw=raw).as_dict()


# As they come through the decoder.
NUMBERS = ["1e400", "-1e400", "9" * 400, "-" + "9" * 400, "9" * 5000, "0." + "3" * 400, "1e-400", "-0", "-0.0", "1E2"]


@pytest.mark.parametrize(("facts", "sample"), SAMPLES)
def test_numbers_out_of_every_bound(facts: Facts, sample: Sample) -> None:
    for way in places(sample.raw):
        for number in NUMBERS:
            text = json.dumps(put(sample.raw, way, "HERE")).replace('"HERE"', number)
            job = JobReader(service_of(facts.provider).mapping, facts.provider).read(decode(text.encode()), "asked")
            check_types(job, resources_of(facts))
            json.dumps(job.as_dict(), allow_nan=False)
