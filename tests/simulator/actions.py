# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UCloud's actions: their parameters, their refusals, and a service that describes jobs by one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .exchange import Answer, Call
from .facts import Facts
from .services import Service
from .store import Job

if TYPE_CHECKING:
    from .cloud import Cloud
    from .routes import Operation


def refuse(code: int, message: str, action: str) -> Answer:
    """Return an error as UCloud words it: HTTP 200 and a RetCode."""
    return Answer(200, {"RetCode": code, "Action": f"{action}Response", "Message": message})


def array(parameters: Mapping[str, str], *names: str) -> list[str]:
    """Return the values of an array parameter (``JobIds.0``, ``JobIds.1`` …) under any of its names."""
    pattern = re.compile(rf"(?:{'|'.join(names)})\.(\d+)")
    found = [(int(match[1]), value) for name, value in parameters.items() if (match := pattern.fullmatch(name))]
    return [value for _number, value in sorted(found)]


def asked_ids(facts: Facts, parameters: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids that an action asks for, by the parameter that takes one or several."""
    name = next(name for name, value in facts.request.query.items() if value == "{job_id}")
    if name.endswith(".0"):
        return tuple(array(parameters, name[:-2]))
    return (parameters[name],) if name in parameters else ()


class UCloudService(Service):
    """A service of UCloud, whose action describes the jobs with some ids, or all of them."""

    def error(self, cloud: Cloud, code: Any, message: str, status: int = 200) -> Answer:
        return super().error(cloud, code, message, status)

    def asked(self, cloud: Cloud, job_ids: Sequence[str]) -> list[Job]:
        """Return the jobs that are asked for and can be seen, in the order of their submit."""
        now = cloud.clock.now()
        if job_ids:
            known = (cloud.store.get(self.name, job_id) for job_id in job_ids)
            jobs = sorted({job.number: job for job in known if job}.values(), key=lambda job: job.number)
        else:
            jobs = [job for job in cloud.store.of_provider(self.name) if job.script.listed]
        return [job for job in jobs if job.visible(now)]

    def answer(self, cloud: Cloud, call: Call, operation: Operation) -> Answer:
        now = cloud.clock.now()
        jobs = self.asked(cloud, operation.job_ids)
        for job in jobs:
            override = self.whole_answer(job, now)
            if override:
                return override
        if not jobs and "[]" not in self.facts.job:
            return self.not_found(cloud)
        return self.shown(cloud, operation, jobs)

    def shown(self, cloud: Cloud, operation: Operation, jobs: Sequence[Job]) -> Answer:
        """Return the answer that shows these jobs."""
        now = cloud.clock.now()
        return Answer(200, self.facts.answer(*(self.show(job, now) for job in jobs)))

    def submit_answer(self, jobs: Sequence[Job], rejected: Sequence[Mapping[str, Any]]) -> Any:
        shown: dict[str, Any] = {"RetCode": 0, "Action": f"{self.submit_action(jobs)}Response", "Message": ""}
        if len(jobs) == 1:
            return shown | {"JobId": jobs[0].job_id}
        return shown | {"JobIds": [job.job_id for job in jobs]}

    def submit_action(self, jobs: Sequence[Job]) -> str:
        """Return the action that started these jobs."""
        return "Submit"
