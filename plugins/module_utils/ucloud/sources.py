# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking up jobs of UCloud: many in one action, or all that match."""

from __future__ import annotations

import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import ActionService
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import InvalidError, ServiceError
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.parse import JobReader
from ansible_collections.cloudwait.jobs.plugins.module_utils.sources import LISTING, MAX_PAGES, Jobs
from ansible_collections.cloudwait.jobs.plugins.module_utils.ucloud.client import UCloud


class ActionSource:
    """Many jobs in one action, or all that match (UCloud)."""

    def __init__(
        self,
        service: ActionService,
        client: UCloud,
        params: t.Mapping[str, t.Any],
        states: t.Sequence[str],
        job_types: t.Sequence[str],
    ) -> None:
        self.provider = service.provider
        self.batch_size = service.per_call
        self.window = service.per_call
        self.workers = 1
        self._service = service
        self._reader = JobReader(service.shape, service.provider)
        self._client = client
        self._params = params
        self._states = frozenset(State(state) for state in states)
        self._job_types = job_types

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """As many as one action takes."""
        return keys[: self.batch_size]

    def fetch(self, keys: t.Sequence[str], until: float) -> Jobs:
        """The jobs with these ids, none where the answer leaves one out; or the jobs of the listing."""
        if keys[0] == LISTING:
            return {LISTING: self._listing(until)}
        jobs: Jobs = {key: [] for key in keys}
        seen: set[str | None] = set()
        for page in range(MAX_PAGES):
            found, total = self._page({self._service.ids: list(keys)}, page, until)
            for job in found:
                if job.job_id in jobs:
                    jobs[str(job.job_id)].append(job)
            new = {job.job_id for job in found} - seen
            seen |= new
            # A page without anything new means that the service does not turn pages.
            if all(jobs.values()) or not new or (page + 1) * self.batch_size >= total:
                break
        return jobs

    def _listing(self, until: float) -> list[Job]:
        filters: dict[str, t.Any] = {"Types": list(self._job_types)} if self._job_types else {}
        if len(self._states) == 1:
            wanted = next(iter(self._states))
            filters["State"] = next(value for value, state in self._service.shape.states.items() if state is wanted)
        jobs: dict[str, list[Job]] = {}
        for page in range(MAX_PAGES):
            found, total = self._page(filters, page, until)
            before = len(jobs)
            for job in found:
                if job.job_id is None:
                    # What cannot be asked for again must not be left out as if it were done.
                    raise ServiceError(f"{self._service.title} listed a job without an id.", transient=True)
                jobs.setdefault(job.job_id, []).append(job)
            if found and len(jobs) == before:
                raise ServiceError(f"{self._service.title} listed the same jobs again, not more.", transient=True)
            if not found or (page + 1) * self.batch_size >= total:
                return [job for listed in jobs.values() if self._matches(listed) for job in listed]
        raise InvalidError(
            f"More than {MAX_PAGES * self.batch_size} jobs match; narrow them down with city_id, states or job_types."
        )

    def _matches(self, listed: t.Sequence[Job]) -> bool:
        """Whether one of several descriptions of the same job is in a state that was asked for."""
        return not self._states or any(job.state in self._states for job in listed)

    def _page(self, params: t.Mapping[str, t.Any], page: int, until: float) -> tuple[list[Job], int]:
        """One page of jobs, and how many there are on all pages."""
        service = self._service
        paging = {"Limit": self.batch_size, "Offset": page * self.batch_size}
        answer = self._client.call(service.action, {**self._params, **params, **paging}, until)
        raws = answer.get(service.jobs)
        if service.jobs not in answer and service.legacy in answer:
            raws = [answer]
        if raws is not None and not isinstance(raws, list):
            raise ServiceError(f"{service.title} gave a list of jobs that cannot be read.", transient=True)
        if len(raws or ()) > MAX_PAGES * self.batch_size:
            raise ServiceError(f"{service.title} listed far more jobs than were asked for.", transient=True)
        jobs = [self._reader.read(raw) for raw in raws or []]
        total = answer.get("TotalCount")
        if isinstance(total, int) and not isinstance(total, bool):
            return jobs, total
        # Without a count, a full page may have another behind it.
        return jobs, (page + 1) * self.batch_size + (len(jobs) >= self.batch_size)
