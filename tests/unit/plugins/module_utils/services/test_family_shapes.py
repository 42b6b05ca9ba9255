# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declarations of the family need: a verdict out of parts and counts, progress, times, and lists."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import State
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.times import TimeFormat
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import (
    JobMapping,
    Progress,
    Scale,
    SubJobs,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.reader import JobReader

STATES = {"RUNNING": State.RUNNING, "SUCCESS": State.SUCCEEDED, "FAIL": State.FAILED}
PART = JobMapping(job_id="id", status=("status",), states=STATES)


def read(raw: t.Any, **mapping: t.Any) -> t.Any:
    """The job that an object describes."""
    return JobReader(JobMapping(**{"job_id": "id", "status": ("status",), "states": STATES, **mapping}), "p").read(raw)


def parts(*statuses: str) -> list[dict[str, str]]:
    return [{"id": f"part-{number}", "status": status} for number, status in enumerate(statuses)]


@pytest.mark.parametrize(
    ("status", "statuses", "state"),
    [
        ("COMPLETE", ["SUCCESS", "SUCCESS"], "succeeded"),
        ("COMPLETE", ["SUCCESS", "FAIL"], "partially_succeeded"),
        ("COMPLETE", ["FAIL", "FAIL"], "failed"),
        # what has not ended, or is not known, gives no verdict
        ("COMPLETE", ["SUCCESS", "RUNNING"], "unknown"),
        ("COMPLETE", ["SUCCESS", "ODD"], "unknown"),
        # without parts the status speaks for itself
        ("COMPLETE", [], "unknown"),
        ("SUCCESS", [], "succeeded"),
        ("SUCCESS", ["FAIL"], "failed"),
        # a status that is not folded keeps its own meaning
        ("RUNNING", ["SUCCESS"], "running"),
        ("FAIL", ["SUCCESS"], "failed"),
    ],
)
def test_a_verdict_is_folded_from_the_parts(status: str, statuses: list[str], state: str) -> None:
    job = read({"status": status, "sub": parts(*statuses)}, folded=("COMPLETE", "SUCCESS"),
               sub_jobs=SubJobs("sub[]", PART))  # fmt: skip
    assert job.state.value == state


@pytest.mark.parametrize(
    ("raw", "state"),
    [
        ({"status": "SUCCESS"}, "succeeded"),
        ({"status": "SUCCESS", "failed_num": 0, "failures": []}, "succeeded"),
        ({"status": "SUCCESS", "failed_num": 3}, "partially_succeeded"),
        ({"status": "SUCCESS", "failed_num": "3"}, "partially_succeeded"),
        ({"status": "SUCCESS", "failures": ["a"]}, "partially_succeeded"),
        # what counts nothing changes nothing
        ({"status": "SUCCESS", "failed_num": True}, "succeeded"),
        ({"status": "SUCCESS", "failed_num": "some"}, "succeeded"),
        # only a success can be a partial one
        ({"status": "RUNNING", "failed_num": 3}, "running"),
        ({"status": "FAIL", "failed_num": 3}, "failed"),
    ],
)
def test_counts_make_a_success_a_partial_one(raw: t.Any, state: str) -> None:
    assert read(raw, partial_if=("failed_num", "failures")).state.value == state


@pytest.mark.parametrize(
    ("raw", "state", "status"),
    [
        ({"result": "SUCCESS", "course": "RUNNING"}, "succeeded", "SUCCESS"),
        # what the first place does not know is asked of the second
        ({"result": "UNDEFINED", "course": "RUNNING"}, "running", "RUNNING"),
        ({"course": "RUNNING"}, "running", "RUNNING"),
        ({"result": "UNDEFINED", "course": "FINISHED"}, "unknown", "UNDEFINED"),
        ({}, "unknown", None),
    ],
)
def test_a_status_falls_through(raw: t.Any, state: str, status: t.Any) -> None:
    job = read(raw, status=("result", "course"), falls_through=True)
    assert (job.state.value, job.status) == (state, status)


@pytest.mark.parametrize(
    ("progress", "raw", "percent"),
    [
        # counters
        (Progress("done", total="all"), {"done": 1, "all": 3}, 33),
        (Progress("done", total="all"), {"done": "3", "all": "3"}, 100),
        (Progress("done", total="all"), {"done": 0, "all": 0}, None),
        (Progress("done", total="all"), {"done": 4, "all": 3}, None),
        (Progress("done", total="all"), {"done": True, "all": 3}, None),
        (Progress("done", total="all"), {"done": -1, "all": 3}, None),
        # the mean of the parts
        (Progress("parts[].p"), {"parts": [{"p": 50}, {"p": 100}]}, 75),
        (Progress("parts[].p", Scale.FRACTION), {"parts": [{"p": 0.5}]}, 50),
        (Progress("parts[].p"), {"parts": [{"p": 50}, {"p": "odd"}]}, None),
        (Progress("parts[].p"), {"parts": []}, None),
    ],
)
def test_progress(progress: Progress, raw: t.Any, percent: int | None) -> None:
    assert read({"status": "RUNNING", **raw}, progress=progress).progress == percent


@pytest.mark.parametrize(
    ("raw", "begin", "end", "duration"),
    [
        # the earliest and the latest, once the job has ended
        (
            {"status": "SUCCESS", "parts": [{"b": 20, "e": 30}, {"b": 10, "e": 50}]},
            "1970-01-01T00:00:10Z",
            "1970-01-01T00:00:50Z",
            40.0,
        ),
        ({"status": "RUNNING", "parts": [{"b": 10, "e": 50}]}, "1970-01-01T00:00:10Z", None, None),
        ({"status": "ODD", "parts": [{"b": 10, "e": 50}]}, "1970-01-01T00:00:10Z", None, None),
        # of several places, the first that holds a time
        ({"status": "FAIL", "started": 0, "parts": [{"b": 10}]}, "1970-01-01T00:00:10Z", None, None),
        ({"status": "FAIL", "started": 5, "parts": [{"b": 10}]}, "1970-01-01T00:00:05Z", None, None),
    ],
)
def test_times(raw: t.Any, begin: str | None, end: str | None, duration: float | None) -> None:
    job = read(raw, begin_time=("started", "parts[].b"), end_time="parts[].e", time_format=TimeFormat.SECONDS)
    assert (job.begin_time, job.end_time, job.duration) == (begin, end, duration)


def test_a_resource_can_be_a_list_whatever_its_name() -> None:
    raw = {"status": "SUCCESS", "list": [{"url": "a"}, {"url": "b"}]}
    assert read(raw, resources={"urls": ("list[].url",)}, lists=("urls",)).resources == {"urls": ["a", "b"]}


def test_parts_of_several_lists() -> None:
    raw = {"status": "SUCCESS", "a": parts("SUCCESS"), "b": parts("FAIL", "RUNNING")}
    job = read(raw, sub_jobs=SubJobs(("a[]", "b[]"), PART))
    assert [part.state.value for part in job.sub_jobs] == ["succeeded", "failed", "running"]


@pytest.mark.parametrize(
    ("raw", "job_id", "kind"),
    [({"uid": "u", "kind": "K"}, "u", "K"), ({"id": "i", "uid": "u", "type": "T"}, "i", "T")],
)
def test_several_places(raw: t.Any, job_id: str, kind: str) -> None:
    job = read({"status": "SUCCESS", **raw}, job_id=("id", "uid"), type=("type", "kind"))
    assert (job.job_id, job.type) == (job_id, kind)
