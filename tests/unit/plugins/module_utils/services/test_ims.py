# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IMS jobs: one line per answer."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import Job
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.reader import JobReader
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import NO_STATUS, short

# The sample of the API reference.
SAMPLE: dict[str, t.Any] = {
    "status": "SUCCESS",
    "entities": {"image_id": "e9e91bff-14b6-4a0b-8377-4ed0813e3360"},
    "job_id": "ff8080814dbd65d7014dbe0d84db0013",
    "job_type": "createImageByInstance",
    "begin_time": "04-Jun-2015 18:11:06:586",
    "end_time": "",
    "error_code": None,
    "fail_reason": None,
}

# An import of several images: the ids are only under the sub jobs.
SUB_JOBS = [
    {
        "status": "SUCCESS",
        "job_id": "sub-1",
        "job_type": "imsImportImageJob",
        "begin_time": "2022-05-17T14:42:10.000Z",
        "end_time": "2022-05-17T14:42:20.859Z",
        "error_code": None,
        "fail_reason": None,
        "entities": {"image_id": "image-1", "image_name": "system"},
    },
    {
        "status": "FAIL",
        "job_id": "sub-2",
        "error_code": "IMG.0100",
        "fail_reason": "The file is broken.",
        "entities": {"image_id": "image-2", "image_name": "data"},
    },
    {"status": "RUNNING", "job_id": "sub-3", "entities": {}},
    {"status": "INIT", "job_id": "sub-4"},
]


def read(entities: t.Any = None, **changes: t.Any) -> Job:
    """The sample with other entities, and some fields changed."""
    return JobReader(IMS.mapping, IMS.provider).read({**SAMPLE, "entities": entities, **changes})


def test_sample() -> None:
    raw = copy.deepcopy(SAMPLE)
    job = JobReader(IMS.mapping, IMS.provider).read(raw)
    assert job.as_dict() == {
        "job_id": "ff8080814dbd65d7014dbe0d84db0013",
        "provider": "ims",
        "state": "succeeded",
        "status": "SUCCESS",
        "finished": True,
        "type": "createImageByInstance",
        "progress": None,
        "begin_time": "2015-06-04T18:11:06.586Z",
        # the sample says so, although the job has ended
        "end_time": None,
        "duration": None,
        "error": None,
        "resources": {
            "image_id": "e9e91bff-14b6-4a0b-8377-4ed0813e3360",
            "image_ids": ["e9e91bff-14b6-4a0b-8377-4ed0813e3360"],
        },
        "tasks": [],
        "raw": SAMPLE,
    }
    assert job.raw is raw


@pytest.mark.parametrize(
    ("status", "state", "finished"),
    [
        ("INIT", "pending", False),
        ("RUNNING", "running", False),
        ("SUCCESS", "succeeded", True),
        ("FAIL", "failed", True),
        # other cases, other spellings, and the words and numbers of other services
        *((status, "unknown", False) for status in ("success", "Success", "SUCCESS ", "SUCCEEDED", "SUCCES", "ok")),
        *((status, "unknown", False) for status in ("fail", "FAILED", "STOP", "PENDING", "WAITING", "PARTIAL_SUCCESS")),
        *((status, "unknown", False) for status in (1, 2, -1, "1", "2", "-1")),
        *((status, "unknown", False) for status in NO_STATUS),
    ],
    ids=short,
)
def test_status(status: t.Any, state: str, finished: bool) -> None:
    job = read(status=status)
    assert (job.state.value, job.finished) == (state, finished)
    assert job.status is status
    # a sub job is read by the same table
    parts = read({"sub_jobs_result": [{"status": status}]}, status="RUNNING").sub_jobs
    assert [task.state.value for task in parts] == [state]


def test_no_status() -> None:
    raw = {name: value for name, value in SAMPLE.items() if name != "status"}
    job = JobReader(IMS.mapping, IMS.provider).read(raw)
    assert (job.state.value, job.status) == ("unknown", None)


@pytest.mark.parametrize(
    ("percent", "progress"),
    [
        # a share of one
        *((0.25, 25), (0.0, 0), (0, 0), (1, 100), (1.0, 100), (0.999, 99), (0.5, 50), (-0.0, 0)),
        # binary fractions do not lose a percent
        *((0.29, 29), (0.57, 57), (0.58, 58), (0.07, 7), (0.14, 14)),
        # as text
        *(("0.25", 25), ("1", 100), ("1.0", 100), ("0", 0), (" 0.5 ", 50), ("0.333333333333333", 33)),
        # none
        *((None, None), ("", None), ("-", None), ("n/a", None)),
        # not between nothing and everything; 50 may mean 50 %, but the reference says a share
        *((1.01, None), (2, None), (50, None), (-0.1, None), ("50", None), ("50%", None), ("1.5", None)),
        (10**400, None),
        # other types, and other ways to write a number
        *((True, None), (False, None), ([0.5], None), ({}, None), ("1e-1", None), (".5", None), ("1e400", None)),
    ],
    ids=short,
)  # fmt: skip
def test_progress(percent: t.Any, progress: int | None) -> None:
    found = read({"process_percent": percent}, status="RUNNING").progress
    assert found == progress
    assert type(found) is type(progress)


@pytest.mark.parametrize(
    ("entities", "step"),
    [
        ({"current_task": "Copying the image"}, "Copying the image"),
        *(({"current_task": ""}, None), ({"current_task": None}, None), ({"current_task": ["x"]}, None), ({}, None)),
    ],
)
def test_step(entities: dict[str, t.Any], step: str | None) -> None:
    # for people who watch; not part of the result
    assert read(entities, status="RUNNING").step == step


def test_no_progress_from_sub_jobs() -> None:
    # where the service tells no progress, sub jobs are no measure for it
    assert read({"sub_jobs_result": SUB_JOBS}, status="RUNNING").progress is None


WORDS = "17-May-2022 14:42:10:859"  # the same moment in both spellings
DIGITS = "2022-05-17T14:42:10.859Z"


@pytest.mark.parametrize(
    ("begin", "end", "begin_time", "end_time", "duration"),
    [
        # both spellings, and one of each
        (DIGITS, "2022-05-17T14:42:20.860Z", DIGITS, "2022-05-17T14:42:20.860Z", 10.001),
        (WORDS, "17-May-2022 14:43:10:000", DIGITS, "2022-05-17T14:43:10Z", 59.141),
        (WORDS, DIGITS, DIGITS, DIGITS, 0.0),
        (DIGITS, WORDS, DIGITS, DIGITS, 0.0),
        # unfinished
        ("2022-05-17T14:42:10Z", "", "2022-05-17T14:42:10Z", None, None),
        ("2022-05-17T14:42:10Z", None, "2022-05-17T14:42:10Z", None, None),
        ("", "", None, None, None),
        ([], {}, None, None, None),
    ],
)
def test_times(begin: t.Any, end: t.Any, begin_time: str | None, end_time: str | None, duration: float | None) -> None:
    job = read(begin_time=begin, end_time=end)
    assert (job.begin_time, job.end_time, job.duration) == (begin_time, end_time, duration)


@pytest.mark.parametrize(
    ("fields", "entities", "code", "message"),
    [
        # at the top
        ({"error_code": "IMG.0029", "fail_reason": "It failed."}, {}, "IMG.0029", "It failed."),
        ({"error_code": "", "fail_reason": "It failed."}, {}, None, "It failed."),
        ({"error_code": "IMG.0029", "fail_reason": ""}, {}, "IMG.0029", None),
        # under entities, where the top says nothing
        ({}, {"error_code": "IMG.0031", "error": "No space."}, "IMG.0031", "No space."),
        ({}, {"addition_error_code": "IMG.0032", "addition_error_msg": "No disk."}, "IMG.0032", "No disk."),
        ({}, {"alarm_code": "IMG.0033"}, "IMG.0033", None),
        # only under a sub job
        ({}, {"sub_jobs_result": SUB_JOBS}, "IMG.0100", "The file is broken."),
        # each half is looked for by itself
        ({"error_code": "IMG.0029"}, {"error": "No space."}, "IMG.0029", "No space."),
        ({"fail_reason": "It failed."}, {"error_code": "IMG.0031"}, "IMG.0031", "It failed."),
        # the top goes first, then the entities in order
        (
            {"error_code": "IMG.1", "fail_reason": "One."},
            {"error_code": "IMG.2", "error": "Two.", "addition_error_code": "IMG.3", "addition_error_msg": "Three."},
            "IMG.1",
            "One.",
        ),
        (
            {"error_code": None, "fail_reason": None},
            {"error_code": "", "error": "", "addition_error_code": "IMG.3", "addition_error_msg": "Three."},
            "IMG.3",
            "Three.",
        ),
        # wrong types on the way are passed over
        ({"error_code": {"code": 5}, "fail_reason": ["a"]}, {"error_code": "IMG.2", "error": "Two."}, "IMG.2", "Two."),
        ({}, {"error_code": True, "error": {"code": "x"}, "alarm_code": 7}, "7", None),
    ],
)
def test_error(fields: dict[str, t.Any], entities: t.Any, code: str | None, message: str | None) -> None:
    error = read(entities, status="FAIL", **fields).error
    assert error is not None
    assert (error.code, error.message) == (code, message)


@pytest.mark.parametrize(
    ("status", "entities"),
    [
        # a success has none, even with an alarm or an unlucky sub job
        *(("SUCCESS", {"alarm_code": "IMG.0033"}), ("SUCCESS", {"sub_jobs_result": SUB_JOBS})),
        # nothing is named
        *(("FAIL", {}), ("FAIL", None), ("FAIL", "text"), ("FAIL", []), ("RUNNING", {"image_id": "image-1"})),
    ],
)
def test_no_error(status: str, entities: t.Any) -> None:
    assert read(entities, status=status).error is None


@pytest.mark.parametrize(
    ("entities", "resources"),
    [
        # one image: its id under both names
        ({"image_id": "i1", "image_name": "n"}, {"image_id": "i1", "image_ids": ["i1"]}),
        # sharing: results, which may be empty
        ({"results": [{"image_id": "i1", "status": "SUCCESS"}]}, {"image_id": "i1", "image_ids": ["i1"]}),
        ({"results": [{"image_id": "i1"}, {"image_id": "i2"}]}, {"image_ids": ["i1", "i2"]}),
        ({"results": []}, {}),
        # an image that is shared with two projects is one image
        (
            {"results": [{"image_id": "i1", "project_id": "a"}, {"image_id": "i1", "project_id": "b"}]},
            {"image_id": "i1", "image_ids": ["i1"]},
        ),
        # imsImportOvaImageJob, imsVolumesToSysDataImagesJob: only under the sub jobs
        ({"sub_jobs_result": SUB_JOBS}, {"image_ids": ["image-1", "image-2"]}),
        ({"sub_jobs_result": SUB_JOBS[:1]}, {"image_id": "image-1", "image_ids": ["image-1"]}),
        ({"sub_jobs_list": ["sub-1", "sub-2"]}, {}),
        # everywhere at once: the order of the answer, and each once
        (
            {"image_id": "i0", "results": [{"image_id": "image-2"}], "sub_jobs_result": SUB_JOBS},
            {"image_ids": ["i0", "image-2", "image-1"]},
        ),
        # a job that makes no image, and entities of other types
        *(({}, {}), (None, {}), ([], {}), ("i1", {}), (True, {})),
        ({"image_id": None, "results": None, "sub_jobs_result": None}, {}),
        ({"image_id": ["i1"], "results": {"image_id": "i1"}, "sub_jobs_result": "i1"}, {}),
        ({"image_id": "", "results": ["i1", None, {"image_id": {}}], "sub_jobs_result": [{"entities": []}]}, {}),
    ],
)
def test_resources(entities: t.Any, resources: dict[str, t.Any]) -> None:
    assert read(entities).resources == resources


def test_tasks() -> None:
    assert [task.as_dict() for task in read({"sub_jobs_result": SUB_JOBS}).sub_jobs] == [
        {"id": "sub-1", "state": "succeeded", "error": None, "resources": {"image_id": "image-1"}},
        {
            "id": "sub-2",
            "state": "failed",
            "error": {"code": "IMG.0100", "message": "The file is broken."},
            "resources": {"image_id": "image-2"},
        },
        {"id": "sub-3", "state": "running", "error": None, "resources": {}},
        {"id": "sub-4", "state": "pending", "error": None, "resources": {}},
    ]


@pytest.mark.parametrize(
    ("sub_jobs", "tasks"),
    [
        *((None, []), ([], []), ({}, []), ("sub-1", []), (7, [])),
        # a part that is no object is a part of which nothing is known
        ([None, "sub-1", 5], [(None, "unknown"), (None, "unknown"), (None, "unknown")]),
        ([{"job_id": 5, "status": "SUCCESS"}, {"job_id": [], "status": []}], [("5", "succeeded"), (None, "unknown")]),
    ],
)
def test_odd_tasks(sub_jobs: t.Any, tasks: list[tuple[str | None, str]]) -> None:
    job = read({"sub_jobs_result": sub_jobs})
    assert [(task.id, task.state.value) for task in job.sub_jobs] == tasks
    assert job.state.value == "succeeded"


def test_the_parts_do_not_decide_about_the_job() -> None:
    done = [{"status": "SUCCESS", "job_id": "sub-1"}]
    assert read({"sub_jobs_result": done}, status=None).state.value == "unknown"
    assert read({"sub_jobs_result": done}, status="RUNNING").state.value == "running"


def test_error_code() -> None:
    # "exception during task query"
    assert IMS.codes["IMG.0023"].value == "transient"
