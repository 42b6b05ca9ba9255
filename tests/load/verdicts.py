# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds a result against what was promised of the jobs: nothing lost, nothing made up."""

from __future__ import annotations

import collections
import json
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import UNTIL
from ansible_collections.cloudwait.jobs.tests.load.courses import Promised
from ansible_collections.cloudwait.jobs.tests.simulator import credentials

# Times of most services are whole seconds.
SECOND = 1.001
# Disagreements that are worth telling.
TOLD = 5
SECRETS = (
    credentials.SECRET_KEY,
    credentials.TOKEN,
    credentials.PASSWORD,
    credentials.ACCESS_KEY,
    credentials.UCLOUD_PRIVATE_KEY,
    credentials.UCLOUD_PUBLIC_KEY,
)
PASSING = frozenset({"pending", "running", "unknown", "not_found"})


def disagreements(
    result: t.Mapping[str, t.Any], promised: t.Mapping[str, Promised], until: str, ordered: bool = True
) -> list[str]:
    """What a wait that came to its end tells otherwise than was promised.

    `ordered`: the jobs were asked for one by one, in this order.
    """
    jobs = result["jobs"]
    told = [job["job_id"] for job in jobs]
    found = (
        []
        if (told if ordered else sorted(map(str, told))) == (list(promised) if ordered else sorted(promised))
        else [f"{len(told)} jobs, or others, or in another order than the {len(promised)} that were asked for"]
    )
    found += [
        f"{job['job_id']}: {trouble}"
        for job in jobs
        if job["job_id"] in promised
        for trouble in _of_job(job, promised[job["job_id"]])
    ]
    counts = collections.Counter(promise.course.state for promise in promised.values())
    summary = {state: count for state, count in result["summary"].items() if count}
    if summary != {"total": len(promised), **counts}:
        found.append(f"a summary of {summary} in place of {dict(counts)}")
    if result["unfinished"] or result["timed_out"]:
        found.append(f"{len(result['unfinished'])} jobs unfinished: {result['msg']}")
    arrived = {state.value for state in UNTIL[until]}
    kind = "" if set(counts) <= arrived else "job_failed"
    if _kind(result) != kind:
        found.append(f"the failure {_kind(result)!r} in place of {kind!r}: {result['msg']}")
    return [*found[:TOLD], *leaks(result)]


def unexplained(
    result: t.Mapping[str, t.Any], promised: t.Mapping[str, Promised], kinds: t.Collection[str]
) -> list[str]:
    """What a wait that somebody else ended tells of jobs otherwise than may be true meanwhile.

    `kinds`: the failures that may have ended it.
    """
    found = [f"{len(result['jobs'])} jobs of {len(promised)}"] if len(result["jobs"]) != len(promised) else []
    if _kind(result) not in kinds:
        found.append(f"the failure {_kind(result)!r}, which nothing explains: {result['msg']}")
    for job in result["jobs"]:
        promise = promised.get(job["job_id"])
        if promise is None:
            found.append(f"{job['job_id']}: nobody asked for it")
        elif job["state"] not in PASSING:
            found += [f"{job['job_id']}: {trouble}" for trouble in _of_job(job, promise)]
        elif job["job_id"] not in result["unfinished"]:
            found.append(f"{job['job_id']}: {job['state']}, but not in unfinished")
    return [*found[:TOLD], *leaks(result)]


def leaks(result: t.Mapping[str, t.Any]) -> list[str]:
    """The credentials that a result holds."""
    text = json.dumps(result, default=str)
    return [f"the result holds the secret {secret[:12]}..." for secret in SECRETS if secret in text]


def _kind(result: t.Mapping[str, t.Any]) -> str:
    return str(result["failure"]["kind"]) if result.get("failed") else ""


def _of_job(job: t.Mapping[str, t.Any], promise: Promised) -> t.Iterator[str]:
    course = promise.course
    if job["state"] != course.state:
        yield f"{job['state']} in place of {course.state}"
        return
    error = job["error"] or {"code": None, "message": None}
    # A task's message follows the task's id.
    message = error["message"] and error["message"].removeprefix(f"{_failed_task(job)}: ")
    if (error["code"], message) != (course.code, course.message):
        yield f"the error {error} in place of {course.code}: {course.message}"
    if job["duration"] is None or abs(job["duration"] - promise.duration) > SECOND:
        yield f"it took {job['duration']} s in place of {promise.duration:.3f} s"


def _failed_task(job: t.Mapping[str, t.Any]) -> str | None:
    return next((task["id"] for task in job["tasks"] if task["state"] == "failed"), None)
