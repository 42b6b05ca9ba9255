# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the jobs do, and what must be told of them at the end."""

from __future__ import annotations

import random
import typing as t
from dataclasses import dataclass

from ansible_collections.cloudwait.jobs.plugins.filter.job_ids import job_ids
from ansible_collections.cloudwait.jobs.tests.load.embedded import Control

# Jobs that one submit starts, and that CPH puts under one request.
TOGETHER = 100


@dataclass(frozen=True)
class Course:
    """How a job goes within the time that it takes, and how it ends: state, and the error's code and message."""

    states: t.Mapping[str, str]
    state: str
    code: str | None = None
    message: str | None = None
    tasks: t.Sequence[t.Mapping[str, t.Any]] = ()
    progress: str | None = None

    @property
    def begins(self) -> float:
        """The share of its time after which it begins."""
        return next(float(second) for second, state in self.states.items() if state.lower() == "running")

    def script(self, provider: str) -> dict[str, t.Any]:
        """The course as the embedded cloud plays it."""
        made: dict[str, t.Any] = {"provider": provider, "states": dict(self.states)}
        if self.tasks:
            made["tasks"] = list(self.tasks)
        elif self.state == "failed":
            made["error"] = {"code": self.code, "message": self.message}
        if self.progress:
            made["progress"] = self.progress
        return made


class Promised(t.NamedTuple):
    """A job's course, and the seconds that it takes."""

    course: Course
    seconds: float

    @property
    def duration(self) -> float:
        """Seconds from its begin to its end."""
        return self.seconds * (1 - self.course.begins)


def _part(state: str, message: str = "") -> dict[str, t.Any]:
    return {"states": {"0": "running", "1": state}, "error": {"message": message}}


QUEUED = {"0": "pending", "0.3": "running"}
COURSES: dict[str, tuple[Course, ...]] = {
    "cph": (
        Course({"0": "running", "1": "succeeded"}, "succeeded"),
        Course({"0": "running", "1": "failed"}, "failed", "CPS.1010", "The phone did not start again."),
    ),
    "dws": (
        Course({**QUEUED, "1": "succeeded"}, "succeeded", progress="auto"),
        Course({"0": "WAITING", "0.3": "RUNNING", "1": "STOP"}, "failed", "DWS.0114", "The cluster was stopped."),
    ),
    "ims": (
        Course({**QUEUED, "1": "succeeded"}, "succeeded", progress="auto"),
        Course({"0": "running", "1": "failed"}, "failed", "IMG.0140", "The image cannot be read."),
    ),
    "uphone": (
        Course({**QUEUED, "1": "succeeded"}, "succeeded", tasks=[_part("succeeded"), _part("succeeded")]),
        Course(
            {**QUEUED, "1": "partially_succeeded"},
            "partially_succeeded",
            message="No space is left.",
            tasks=[_part("succeeded"), _part("failed", "No space is left.")],
        ),
        Course({**QUEUED, "1": "failed"}, "failed", message="It is off.", tasks=[_part("failed", "It is off.")]),
    ),
}

# What weighs on a machine does not depend on how many services there are.
PROVIDERS = tuple(COURSES)


class Work(t.NamedTuple):
    """Jobs that were submitted: what is promised of each, by id, and the ids of CPH's requests."""

    promised: dict[str, Promised]
    request_ids: list[str]


def submit(cloud: Control, provider: str, count: int, seconds: tuple[float, float], dice: random.Random) -> Work:
    """Start jobs of every course, which take from the first to the last of `seconds`."""
    work = Work({}, [])
    courses = COURSES[provider]
    size = min(TOGETHER, -(-count // len(courses)))
    for turn in range(-(-count // size)):
        course = courses[turn % len(courses)]
        scale = [round(dice.uniform(*seconds), 3) for _job in range(min(size, count - turn * size))]
        answer = cloud.submit(course.script(provider), scale)
        started = job_ids(answer)
        work.promised.update((job_id, Promised(course, taken)) for job_id, taken in zip(started, scale, strict=True))
        if provider == "cph":
            work.request_ids.append(answer["request_id"])
    return work
