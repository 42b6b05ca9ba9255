# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special to IMS jobs: ids, errors and sub jobs under `entities`, and two spellings of times."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import Job
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.reader import JobReader

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
    """A job that succeeded, with these entities, and some fields changed."""
    raw = {"status": "SUCCESS", "job_id": "job-1", "entities": entities, **changes}
    return JobReader(IMS.mapping, IMS.provider).read(raw)


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
