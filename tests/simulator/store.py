# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs that were submitted, and where each of them stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from .script import Script


@lru_cache(maxsize=2**16)
def make_id(*parts: object) -> str:
    """Return 32 hex digits that depend on the parts alone, so that runs can be compared."""
    return hashlib.md5("/".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


@dataclass
class Job:
    """A job. ``submitted`` is job time, ``epoch`` the Unix time at that moment; ``scale`` stretches the script."""

    job_id: str
    script: Script
    number: int
    submitted: float
    epoch: float
    scale: float = 1.0
    request_id: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)

    def second(self, now: float) -> float:
        """Return the script's second at the job time ``now``."""
        return (now - self.submitted) / self.scale

    def unix(self, second: float) -> float:
        """Return the Unix time of a script's second."""
        return self.epoch + second * self.scale

    def visible(self, now: float) -> bool:
        """Say whether the service knows the job at the job time ``now``."""
        return self.script.appears_after <= self.second(now) < self.script.vanishes_after


class Store:
    """Jobs by provider and id, and by CPH's request id."""

    def __init__(self) -> None:
        self._jobs: dict[tuple[str, str], Job] = {}
        self._requests: dict[str, list[Job]] = {}
        self._order: dict[str, list[Job]] = {}
        self._number = 0

    def next_number(self) -> int:
        """Return the number of the next job: 1, 2, 3 …"""
        self._number += 1
        return self._number

    def add(self, job: Job) -> None:
        """Keep a job; one with the same id takes the place of the older one."""
        provider = job.script.provider
        older = self._jobs.get((provider, job.job_id))
        if older is not None:
            self._order[provider].remove(older)
            if older in self._requests.get(older.request_id, []):
                self._requests[older.request_id].remove(older)
        for name in (job.job_id, *job.script.aliases):
            self._jobs[provider, name] = job
        self._order.setdefault(provider, []).append(job)
        if job.request_id:
            self._requests.setdefault(job.request_id, []).append(job)

    def get(self, provider: str, job_id: str) -> Job | None:
        """Return the job of that id, None when nobody submitted it."""
        return self._jobs.get((provider, job_id))

    def number_of(self, provider: str, job_id: str) -> int:
        """Return the number of the job of that id, 0 when nobody submitted it."""
        job = self.get(provider, job_id)
        return job.number if job else 0

    def of_requests(self, request_ids: Iterable[str]) -> list[Job]:
        """Return the jobs of CPH requests in the order of their submit."""
        jobs = [job for request_id in set(request_ids) for job in self._requests.get(request_id, ())]
        return sorted(jobs, key=lambda job: job.number)

    def of_provider(self, provider: str) -> list[Job]:
        """Return all jobs of a provider in the order of their submit."""
        return self._order.get(provider, [])

    def __iter__(self) -> Iterator[Job]:
        return iter(sorted((job for jobs in self._order.values() for job in jobs), key=lambda job: job.number))
