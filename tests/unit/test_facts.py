# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of facts: what is wrong with one is said by name, and the answers that follow from it are the service's."""

from __future__ import annotations

import pathlib
import re
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.tests.services.facts import ABSENT, Code, Facts
from ansible_collections.cloudwait.jobs.tests.services.loading import FactsError, load

LAKE = """
provider: lake
request: GET https://lake.{region}.example.com/v3/{project_id}/lakes/{lake_id}/jobs?id={job_id}&view=full
headers: {X-Shore: "{shore}"}
options: {lake_id: lake-1, shore: north}
job: data.jobs[]
fields: {id: metadata.uid, status: status.phase, type: kind, begin: since, end: until, code: code, progress: progress}
type: fill
time: "%Y-%m-%d %H:%M:%S"
zone: UTC
progress: 60%
states: {running: [Running, 1], succeeded: [Done], failed: [Dry]}
error: {error: {code: CODE, details: {text: MESSAGE}}}
codes:
  not_found: {LAKE.11: 404, LAKE.12: [400, 401]}
  invalid: {LAKE.11: 400}
sdk: {module: lakesdk.v3, client: LakeClient, method: show, request: ShowRequest, arguments: {id: "{job_id}"}}
samples:
  - name: a full lake
    answer: {data: {jobs: [{metadata: {uid: 7}, status: {phase: Done}}]}}
    job: {state: succeeded, resources: {}}
"""


def read(folder: pathlib.Path, text: str) -> Facts:
    """The facts that a file holds."""
    path = folder / "lake.yml"
    path.write_text(text, encoding="utf-8")
    return load(path)


@pytest.fixture
def lake(tmp_path: pathlib.Path) -> Facts:
    return read(tmp_path, LAKE)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("provider: lake", "provider: [", "is not YAML"),
        ("provider: lake", "provider: pond", "provider must be the name of the file, it is pond"),
        ("provider: lake\n", "", "the file lacks provider"),
        ("zone: UTC", "zones: UTC", "the file has keys that mean nothing: zones"),
        ("zone: UTC", "zone: 1", "the file.zone has the wrong type, int"),
        ("GET https", "LOOK https", "request must be METHOD URL"),
        ("id={job_id}&", "", "request must name {job_id}"),
        ("shore: north", "coast: north", "options must have the values of ['lake_id', 'shore']"),
        ("data.jobs[]", "data[].jobs", "job may be a list at its end alone"),
        ("status: status.phase", "state: status.phase", "fields lacks status"),
        ("kind, begin", "kind, begun", "fields has keys that mean nothing: begun"),
        ("type: kind,", "type: 'kinds[]',", "fields.type must be a path to one value"),
        ("type: kind, ", "", "type tells how a field is written that is none of fields: type"),
        ("type: fill\n", "", "type must tell how fields.type is written"),
        ("progress: 60%\n", "", "progress must tell how fields.progress is written"),
        ('time: "%Y-%m-%d %H:%M:%S"\n', "", "time must tell how fields.begin is written"),
        ('"%Y-%m-%d %H:%M:%S"', "hours", "time must be a pattern of strftime, or one of seconds, milliseconds"),
        ("failed: [Dry]", "broken: [Dry]", "states has keys that mean nothing: broken"),
        ("failed: [Dry]", "failed: Dry", "states.failed has the wrong type, str"),
        ("failed: [Dry]", "failed: [NO]", "states.failed has False, which is neither a text nor a number"),
        ("failed: [Dry]", "failed: [Done]", "states.failed has 'Done', which stands there twice"),
        ("succeeded: [Done], ", "", "states lacks succeeded"),
        ("code: CODE, ", "", "error must hold CODE in the place of a code"),
        ("text: MESSAGE", "text: x", "error must hold MESSAGE in the place of a message"),
        ("  invalid:", "  mistake:", "codes has keys that mean nothing: mistake"),
        ("LAKE.11: 400", "LAKE.11: many", "codes.invalid needs an HTTP code for LAKE.11"),
        ("LAKE.11: 400", "LAKE.11: 404", "codes has the same code with the same HTTP code twice: LAKE.11"),
        ("client: LakeClient, ", "", "sdk lacks client"),
        ("samples:\n  -", "samples: []\nmore:\n  -", "keys that mean nothing: more"),
        ("name: a full lake", "title: a full lake", "samples[1] lacks name"),
        ("{jobs: [{", "{job: [{", "samples[1].answer must have one job at data.jobs[], it has 0"),
        ("uid: 7", "uid: 2026-01-02", "samples[1] has [datetime.date(2026, 1, 2)], which is no JSON; a time needs"),
        ("uid: 7", "id: 7", "samples[1].answer has no id at metadata.uid"),
        ("state: succeeded", "state: done", "samples[1].job.state is no state"),
        ("resources: {}", "colour: blue", "samples[1].job has keys that mean nothing: colour"),
        ("state: succeeded, r", "state: running, r", "samples must have one of a job that has ended"),
    ],
)
def test_what_is_wrong_is_said_by_name(tmp_path: pathlib.Path, old: str, new: str, says: str) -> None:
    assert old in LAKE
    with pytest.raises(FactsError, match=re.escape(says)) as error:
        read(tmp_path, LAKE.replace(old, new, 1))
    assert str(error.value).startswith("lake.yml")


def test_the_request(lake: Facts) -> None:
    values = {"region": "r", "project_id": "p", "job_id": "a/b c", **lake.options}
    line = lake.request.filled(**values)
    assert (line.method, line.host, line.path) == ("GET", "lake.r.example.com", "/v3/p/lakes/lake-1/jobs")
    assert (line.query, line.headers) == ({"id": "a/b c", "view": "full"}, {"X-Shore": "north"})
    assert lake.shape == (False, "query", "list")


def test_what_is_read(lake: Facts) -> None:
    (sample,) = lake.samples
    assert (sample.job_id, sample.raw) == ("7", {"metadata": {"uid": 7}, "status": {"phase": "Done"}})
    assert lake.codes == [
        Code("LAKE.11", 404, "not_found"),
        Code("LAKE.12", 400, "not_found"),
        Code("LAKE.12", 401, "not_found"),
        Code("LAKE.11", 400, "invalid"),
    ]
    assert lake.unknown_job == lake.codes[0]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        *(("Running", "running"), (1, "running"), ("1", "running"), ("Done", "succeeded"), ("Dry", "failed")),
        *((True, "unknown"), (1.0, "unknown"), ("01", "unknown"), ("done", "unknown"), (None, "unknown")),
        *(([], "unknown"), ({}, "unknown")),
    ],
)  # fmt: skip
def test_states(lake: Facts, status: t.Any, state: str) -> None:
    assert lake.state_of(status) == state


def test_answers(lake: Facts) -> None:
    job = lake.job_object(id="j", status="Done", code=None, message="not told", progress=ABSENT)
    assert job == {"metadata": {"uid": "j"}, "status": {"phase": "Done"}, "code": None}
    assert lake.answer(job, job) == {"data": {"jobs": [job, job]}}
    assert lake.answer() == {"data": {"jobs": []}}
    assert lake.error_body("X.1", "No.") == {"error": {"code": "X.1", "details": {"text": "No."}}}


UNIX = 1667996700.25


@pytest.mark.parametrize(
    ("spelling", "written"),
    [
        ('"%Y-%m-%dT%H:%M:%SZ"', "2022-11-09T12:25:00Z"),
        ('"%Y-%m-%dT%H:%M:%S.%fZ"', "2022-11-09T12:25:00.250Z"),
        ('"%Y-%m-%dT%H:%M:%S%z"', "2022-11-09T12:25:00+0000"),
        ("seconds", 1667996700),
        ("milliseconds", 1667996700250),
        ("seconds as text", "1667996700"),
        ("milliseconds as text", "1667996700250"),
    ],
)
def test_times(tmp_path: pathlib.Path, spelling: str, written: t.Any) -> None:
    facts = read(tmp_path, LAKE.replace('"%Y-%m-%d %H:%M:%S"', spelling))
    assert facts.write_time(UNIX) == written


@pytest.mark.parametrize(
    ("sixty", "quarter", "nothing"),
    [("60%", "25%", ""), ("'60'", "25", ""), ("60", 25, ABSENT), ("0.6", 0.2575, ABSENT)],
)
def test_progress(tmp_path: pathlib.Path, sixty: str, quarter: t.Any, nothing: t.Any) -> None:
    facts = read(tmp_path, LAKE.replace("progress: 60%", f"progress: {sixty}"))
    assert facts.write_progress(25.75) == quarter
    assert facts.write_progress(None) == nothing


UCLOUD = (
    LAKE.replace("GET https://lake.{region}.example.com/v3/{project_id}/lakes/{lake_id}/jobs?id={job_id}&view=full",
                 "POST https://api.ucloud.cn/?Action=DescribeLake&LakeIds.0={job_id}")
    .replace('headers: {X-Shore: "{shore}"}\noptions: {lake_id: lake-1, shore: north}\n', "")
    .replace("error: {error: {code: CODE, details: {text: MESSAGE}}}", "error: {RetCode: CODE, Message: MESSAGE}")
)  # fmt: skip


def test_ucloud(tmp_path: pathlib.Path) -> None:
    facts = read(tmp_path, UCLOUD)
    head = {"RetCode": 0, "Action": "DescribeLakeResponse"}
    assert facts.shape == (True, "query", "list")
    assert facts.answer({"a": 1}) == {**head, "TotalCount": 1, "data": {"jobs": [{"a": 1}]}}
    assert facts.error_body("171", "No.") == {"RetCode": 171, "Message": "No."}
    alone = read(
        tmp_path, UCLOUD.replace("data.jobs[]", "Data").replace("data: {jobs: [{", "Data: {").replace("}}]}}", "}}}")
    )
    assert alone.answer({"a": 1}) == {**head, "Data": {"a": 1}}
    assert alone.shape == (True, "query", "object")
