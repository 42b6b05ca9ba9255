# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How values of any service are read: states, ids, texts, progress and resources, one line per value."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import (
    JobMapping,
    Progress,
    Scale,
    SubJobs,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.reader import JobReader
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.verdict import read_state
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import short

STATES: dict[t.Any, State] = {
    1: State.RUNNING,
    -1: State.FAILED,
    0: State.PENDING,
    "OK": State.SUCCEEDED,
    "5": State.FAILED,
}
MAPPING = JobMapping(
    job_id="id",
    status=("status",),
    states=STATES,
    progress=Progress("percent", Scale.PERCENT),
    error_code=("code",),
    error_message=("message", "reason"),
    resources={"phone_id": ("phone",), "disk_ids": ("disks[]", "parts[].disk")},
)
FRACTION = JobMapping(job_id="id", status=("status",), states=STATES, progress=Progress("share", Scale.FRACTION))


def read(asked: str | None = None, **raw: t.Any) -> Job:
    """A job of these fields."""
    return JobReader(MAPPING, "any").read(raw, asked_id=asked)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (1, "running"),
        (-1, "failed"),
        (0, "pending"),
        ("OK", "succeeded"),
        # text that is an integer as JSON writes it, and only that
        *(("1", "running"), ("-1", "failed"), ("0", "pending"), ("-0", "pending")),
        *(("01", "unknown"), ("+1", "unknown"), ("1.0", "unknown"), (" 1", "unknown"), ("1e0", "unknown")),
        ("1" * 999, "unknown"),
        # a table that has text with digits means the text
        *(("5", "failed"), (5, "unknown")),
        # Python takes true for 1, false for 0, and 1.0 for 1; these services do not
        *((True, "unknown"), (False, "unknown"), (1.0, "unknown"), (0.0, "unknown"), (-0.0, "unknown")),
        *(("ok", "unknown"), ("OK ", "unknown"), (None, "unknown"), ([], "unknown"), ([1], "unknown"), ({}, "unknown")),
    ],
    ids=short,
)  # fmt: skip
def test_state(status: t.Any, state: str) -> None:
    assert read_state(status, STATES).value == state
    # the service's own value, as it came
    assert read(status=status).status is status


@pytest.mark.parametrize(
    ("raw", "asked", "job_id"),
    [
        ({"id": "a"}, "a", "a"),
        # the service's id is reported, even where another was asked for
        ({"id": "b"}, "a", "b"),
        # a number is an id as well
        *(({"id": 5}, "5", "5"), ({"id": 0}, None, "0")),
        # the id that was asked for stands in where the object names none
        *(({}, "a", "a"), ({"id": None}, "a", "a"), ({"id": ""}, "a", "a"), ({"id": ["b"]}, "a", "a")),
        ({"id": True}, "a", "a"),
        ({}, None, None),
        # an id is not corrected: one with spaces around is another one
        *(({"id": " a "}, " a ", " a "), ({"id": "a\u00a0"}, "a\u00a0", "a\u00a0")),
    ],
)  # fmt: skip
def test_job_id(raw: t.Any, asked: str | None, job_id: str | None) -> None:
    assert read(asked, **raw).job_id == job_id


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        ({"status": -1, "code": "X.5", "message": "Operation failed."}, "X.5", "Operation failed."),
        # either may be missing
        ({"status": -1, "code": "X5", "message": ""}, "X5", None),
        ({"status": -1, "code": "", "message": "Operation failed."}, None, "Operation failed."),
        # the first place that holds something counts
        ({"status": -1, "message": None, "reason": "No space."}, None, "No space."),
        ({"status": -1, "message": "It failed.", "reason": "No space."}, None, "It failed."),
        # a code as a number
        ({"status": -1, "code": 5, "message": None}, "5", None),
        # a job that runs, or whose status is not known, can already tell of an error
        ({"status": 1, "code": "X.5", "message": "Try 2."}, "X.5", "Try 2."),
        ({"status": 7, "code": "X.5", "message": "Operation failed."}, "X.5", "Operation failed."),
        # wrong types are no texts
        ({"status": -1, "code": ["X.5"], "message": "Operation failed."}, None, "Operation failed."),
        ({"status": -1, "code": True, "message": "Operation failed."}, None, "Operation failed."),
        ({"status": -1, "code": "X.5", "message": {"text": "Operation failed."}}, "X.5", None),
        # what is documented as success is no reason for a failure
        ({"status": -1, "code": "DWS.0000", "message": "It failed."}, None, "It failed."),
        # one line of bounded length
        ({"status": -1, "code": "X.5", "message": "a\nb\x1b[0m"}, "X.5", "a b [0m"),
        ({"status": -1, "code": "X.5", "message": "x" * 9999}, "X.5", "x" * 499 + "…"),
        ({"status": -1, "code": "X\n.5", "message": "a"}, "X .5", "a"),
        ({"status": -1, "code": "x" * 9999, "message": "a"}, "x" * 499 + "…", "a"),
    ],
)
def test_error(fields: dict[str, t.Any], code: str | None, message: str | None) -> None:
    error = read(**fields).error
    assert error is not None
    assert (error.code, error.message) == (code, message)


@pytest.mark.parametrize(
    "fields",
    [
        # null and "" are no error, and neither is the number nought
        {"status": -1},
        {"status": -1, "code": "", "message": ""},
        {"status": -1, "code": "0", "message": "null"},
        {"status": -1, "code": "null", "message": "None"},
        {"status": -1, "code": [], "message": {}},
        {"status": 1, "code": None, "message": "  "},
        # and neither are texts of which nothing can be printed
        {"status": -1, "code": "\x00", "message": "\x1b\x07"},
        # a success has no error, whatever stands beside it
        {"status": "OK", "code": "X.5", "message": "It failed."},
    ],
)
def test_no_error(fields: dict[str, t.Any]) -> None:
    assert read(**fields).error is None


@pytest.mark.parametrize(
    ("shown", "percent"),
    [
        *(("9%", 9), ("0%", 0), ("100%", 100), ("42 %", 42), (" 42% ", 42)),
        # without the sign, and as a number
        *(("42", 42), (42, 42), (0, 0), (100, 100)),
        # a part of a percent is cut off, never rounded up to the end
        *(("99.9%", 99), ("0.5", 0), (12.7, 12), (99.99, 99), ("33.333333333333333%", 33)),
        # none
        *((None, None), ("", None), ("%", None), ("n/a", None), ("9%%", None), ("nine", None), ("9 of 10", None)),
        # not between nothing and everything
        *(("101%", None), ("1000%", None), (101, None), ("-1%", None), (-1, None), (100.5, None), (10**400, None)),
        # other types, and other ways to write a number
        *((True, None), (False, None), ([9], None), ({}, None), ("0x9", None), ("9e0", None)),
        *(("٩%", None), ("1e400", None)),
    ],
    ids=short,
)  # fmt: skip
def test_percent(shown: t.Any, percent: int | None) -> None:
    found = read(status=1, percent=shown).progress
    assert (type(found), found) == (type(percent), percent)


@pytest.mark.parametrize(
    ("shown", "percent"),
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
def test_share(shown: t.Any, percent: int | None) -> None:
    found = JobReader(FRACTION, "any").read({"status": 1, "share": shown}).progress
    assert (type(found), found) == (type(percent), percent)


@pytest.mark.parametrize(
    ("fields", "resources"),
    [
        ({"phone": "p"}, {"phone_id": "p"}),
        # an id as a number
        ({"phone": 5}, {"phone_id": "5"}),
        # nothing, and wrong types, are left out
        *(({"phone": ""}, {}), ({"phone": None}, {}), ({"phone": ["p"]}, {}), ({"phone": {"id": "p"}}, {}), ({}, {})),
        # a name that ends in _ids is a list of all, each once, in the order of the paths
        ({"disks": ["a", "b"], "parts": [{"disk": "b"}, {"disk": "c"}]}, {"disk_ids": ["a", "b", "c"]}),
        ({"disks": ["a", None, "", 5, ["b"]], "parts": [None, "x", {}]}, {"disk_ids": ["a", "5"]}),
        *(({"disks": [], "parts": []}, {}), ({"disks": "a", "parts": {}}, {})),
    ],
)
def test_resources(fields: dict[str, t.Any], resources: dict[str, t.Any]) -> None:
    assert read(status=1, **fields).resources == resources


def test_a_job_that_did_not_change_is_not_read_again() -> None:
    reader = JobReader(MAPPING, "any")
    first = reader.read({"id": "a", "status": 1})
    assert reader.read({"id": "a", "status": 1}) is first
    # the same for Python, another status for us
    assert [reader.read({"id": "a", "status": status}).state.value for status in (True, 1, -1, 1.0)] == [
        "unknown",
        "running",
        "failed",
        "unknown",
    ]
    # nor is one job ever taken for another
    assert reader.read({"id": "b", "status": 1}).job_id == "b"


PART = JobMapping(job_id="id", status=("status",), states=STATES)
PARTS = JobMapping(
    job_id="id",
    status=("status",),
    states=STATES,
    progress_from_sub_jobs=True,
    resources={"image_id": ("parts[].image",), "image_ids": ("parts[].image",)},
    sub_jobs=SubJobs("parts[]", PART),
)


@pytest.mark.parametrize(
    ("statuses", "progress"),
    [
        ([], None),
        *(([1], 0), (["OK"], 100), (["OK", 1, 0], 33)),
        # a part that failed has ended as well; one whose status nobody knows has not
        *(([-1], 100), (["OK", -1, 1, 0], 50), (["OK", "?"], 50)),
    ],
)  # fmt: skip
def test_progress_from_sub_jobs(statuses: list[t.Any], progress: int | None) -> None:
    raw = {"parts": [{"status": status} for status in statuses]}
    assert JobReader(PARTS, "any").read(raw).progress == progress


@pytest.mark.parametrize(
    ("images", "resources"),
    [
        ([], {}),
        *((["i"], {"image_id": "i", "image_ids": ["i"]}), (["i", "i"], {"image_id": "i", "image_ids": ["i"]})),
        # none of several is the one
        (["i", "k"], {"image_ids": ["i", "k"]}),
        # what is no id is left out
        *(([None, ""], {}), ([True, "i", ["k"]], {"image_id": "i", "image_ids": ["i"]})),
    ],
)  # fmt: skip
def test_resources_of_sub_jobs(images: list[t.Any], resources: dict[str, t.Any]) -> None:
    raw = {"parts": [{"image": image} for image in images]}
    assert JobReader(PARTS, "any").read(raw).resources == resources
