# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of UCloud: many in one action, or all that match."""

from __future__ import annotations

import typing as t

from ...engine.source import LISTING, Jobs
from ...model.errors import InvalidError, ServiceError
from ...model.job import Job, State
from ...services.declaration import Option, UCloudService
from ...services.reader import JobReader
from .exchange import Exchange

# Readings of a list of several pages, at most, until two agree.
READINGS = 4
# Pages of one answer: ten thousand jobs.
MAX_PAGES = 100


class ActionSource:
    """Looks up many jobs in one action, or lists all that match `options`, those of the service."""

    def __init__(self, service: UCloudService, exchange: Exchange, options: t.Mapping[str, t.Any]) -> None:
        self.provider = service.provider
        self.rate_limiter = exchange.rate_limiter
        self.batch_size = service.per_call
        self.window = service.per_call
        self.max_in_flight = 1
        self._service = service
        self._reader = JobReader(service.mapping, service.provider, exchange.kept)
        self._exchange = exchange
        self._options = options
        self._states = frozenset(State(state) for state in options.get("states") or ())

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """Return as many as one action takes."""
        return keys[: self.batch_size]

    def fetch(self, keys: t.Sequence[str], deadline: float) -> Jobs:
        """Return the jobs with these ids, none where the answer leaves one out; or the jobs of the listing."""
        if keys[0] == LISTING:
            return {LISTING: self._list_until_two_agree(deadline)}
        jobs: Jobs = {key: [] for key in keys}
        seen: set[str | None] = set()
        for page in range(MAX_PAGES):
            found, total = self._page({self._service.ids: list(keys)}, page, deadline)
            for job in found:
                if job.job_id in jobs:
                    jobs[str(job.job_id)].append(job)
            new = {job.job_id for job in found} - seen
            seen |= new
            # A page without anything new means that the service does not turn pages.
            if all(jobs.values()) or not new or (page + 1) * self.batch_size >= total:
                break
        return jobs

    def _list_until_two_agree(self, deadline: float) -> list[Job]:
        """Return all jobs that match; jobs that come or go may shift one from page to page past us."""
        before: set[str | None] | None = None
        for _reading in range(READINGS):
            jobs = self._listing(deadline)
            ids = {job.job_id for job in jobs}
            if len(ids) < self.batch_size or ids == before:
                break
            before = ids
        return jobs

    def _listing(self, deadline: float) -> list[Job]:
        filters = self._parameters(self._service.filters)
        if len(self._states) == 1:
            words = {state: word for word, state in self._service.mapping.states.items()}
            filters[self._service.state_parameter] = words[next(iter(self._states))]
        jobs: dict[str, list[Job]] = {}
        for page in range(MAX_PAGES):
            found, total = self._page(filters, page, deadline)
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
        options = [option.name for option in (*self._service.options, *self._service.filters)]
        raise InvalidError(
            f"More than {MAX_PAGES * self.batch_size} jobs match; narrow them down with {', '.join(options)} or states."
        )

    def _matches(self, listed: t.Sequence[Job]) -> bool:
        """Return whether one of several descriptions of the same job is in a state that was asked for."""
        return not self._states or any(job.state in self._states for job in listed)

    def _parameters(self, options: t.Sequence[Option]) -> dict[str, t.Any]:
        """Return the parameters for those of the service's options that are set."""
        given = {option.parameter: self._options[option.name] for option in options}
        return {parameter: value for parameter, value in given.items() if value not in (None, [])}

    def _page(self, params: t.Mapping[str, t.Any], page: int, deadline: float) -> tuple[list[Job], int]:
        """Return one page of jobs, and how many there are on all pages."""
        service = self._service
        paging = {"Limit": self.batch_size, "Offset": page * self.batch_size}
        params = {**self._parameters(service.options), **params, **paging}
        answer = self._exchange.call(service.action, params, deadline)
        raws = answer.get(service.jobs)
        if service.jobs not in answer and service.legacy_id in answer:
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
