# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of UCloud: many in one action, or all that match."""

from __future__ import annotations

import typing as t

from ...engine.source import LISTING, Jobs
from ...model.errors import InvalidError, NotFoundError, ServiceError
from ...model.job import ErrorDetail, Job, State
from ...model.place import Place
from ...services.declaration import Option, UCloudService
from ...services.expired import perhaps_expired
from ...services.reader import JobReader, objects
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

    @property
    def place(self) -> Place:
        """Where it looks."""
        settings = self._exchange.settings
        project = [f"project {settings.project_id}"] if settings.project_id else []
        return Place(settings.region, project, self._exchange.url)

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """Return as many as one action takes."""
        return keys[: self.batch_size]

    def fetch(self, keys: t.Sequence[str], deadline: float) -> Jobs:
        """Return the jobs with these ids, none where the answer leaves one out; or the jobs of the listing."""
        if keys[0] == LISTING:
            return {LISTING: self._list_until_two_agree(deadline)}
        try:
            return self._fetch_by_ids(keys, deadline)
        except NotFoundError as exc:
            if len(keys) > 1:
                # The answer does not say which of them is not there.
                self.batch_size = self.window = 1
                return {}
            return {keys[0]: [self._not_there(keys[0], ErrorDetail(exc.code, exc.reason))]}

    def _fetch_by_ids(self, keys: t.Sequence[str], deadline: float) -> Jobs:
        service = self._service
        ids = {service.ids: keys[0] if service.per_call == 1 else list(keys)}
        jobs: Jobs = {key: [] for key in keys}
        seen: set[str | None] = set()
        for page in range(MAX_PAGES):
            found, total = self._page(ids, page, deadline, keys[0] if service.per_call == 1 else None)
            if not found and page == 0 and service.missing_is_not_found:
                return {key: [self._not_there(key, None)] for key in keys}
            for job in found:
                if job.job_id in jobs:
                    jobs[str(job.job_id)].append(job)
            new = {job.job_id for job in found} - seen
            seen |= new
            # A page without anything new means that the service does not turn pages.
            if all(jobs.values()) or not new or (page + 1) * self.batch_size >= total:
                break
        if service.missing_is_not_found:
            return {key: listed or [self._unknown(key, None)] for key, listed in jobs.items()}
        return jobs

    def _not_there(self, key: str, error: ErrorDetail | None) -> Job:
        """Return what it stands for that there is no such job, as the service itself says."""
        state = self._service.absent
        if state is None:
            return self._unknown(key, error)
        return Job(key, self.provider, state, error=None if state is State.SUCCEEDED else error)

    def _unknown(self, key: str, error: ErrorDetail | None) -> Job:
        return Job(key, self.provider, State.NOT_FOUND, error=perhaps_expired(error, self._service.retention))

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

    def _page(
        self, params: t.Mapping[str, t.Any], page: int, deadline: float, asked_id: str | None = None
    ) -> tuple[list[Job], int]:
        """Return one page of jobs, and how many there are on all pages.

        `asked_id` stands in where the answer is about one job, and does not name its id.
        """
        service = self._service
        paging = {} if service.per_call == 1 else {"Limit": self.batch_size, "Offset": page * self.batch_size}
        params = {**service.params, **self._parameters(service.options), **params, **paging}
        answer = self._exchange.call(service.action, params, deadline)
        raws, is_list = objects(answer, service.jobs)
        if service.jobs not in answer and service.legacy_id and service.legacy_id in answer:
            raws = [answer]
        elif raws and not is_list and (asked_id is None or not isinstance(raws[0], dict)):
            raise ServiceError(f"{service.title} gave a list of jobs that cannot be read.", transient=True)
        elif is_list and raws and not service.mapping.job_id:
            raise InvalidError(
                f"{service.title} answers with a list, in which a job is found by its id; name its place with shape.id."
            )
        if len(raws) > MAX_PAGES * self.batch_size:
            raise ServiceError(f"{service.title} listed far more jobs than were asked for.", transient=True)
        jobs = [self._reader.read(raw, asked_id=None if is_list else asked_id) for raw in raws]
        if service.per_call == 1:
            return jobs, 1
        total = answer.get("TotalCount")
        if isinstance(total, int) and not isinstance(total, bool):
            return jobs, total
        # Without a count, a full page may have another behind it.
        return jobs, (page + 1) * self.batch_size + (len(jobs) >= self.batch_size)
