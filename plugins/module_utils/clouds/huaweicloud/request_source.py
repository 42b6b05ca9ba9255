# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of Huawei Cloud by the requests that started them."""

from __future__ import annotations

import typing as t

from ...engine.source import Jobs
from ...model.errors import InvalidError, NotFoundError, ServiceError
from ...model.job import ErrorDetail, Job, State
from ...model.json_path import first
from ...model.place import Place
from ...model.text import scalar_text
from ...services.declaration import BatchQuery, HuaweiCloudService
from ...services.placeholders import fill_encoded
from ...services.reader import JobReader
from .exchange import Exchange
from .project import Project
from .signing import Request

# Readings of a list of several pages, at most, until two agree, and lists that are remembered for that.
READINGS = 4
REMEMBERED = 100
# Pages of one answer: ten thousand jobs.
MAX_PAGES = 100


class Listed(t.NamedTuple):
    """A job out of a list, with the request that started it, if the list tells."""

    request_id: str | None
    job: Job


class RequestSource:
    """Looks up all jobs of several requests in one query, page by page.

    The vendor documents a list whose jobs do not name their request. Whose they are is then learnt from the answers
    for one request alone.
    """

    def __init__(
        self, service: HuaweiCloudService, batch_query: BatchQuery, exchange: Exchange, project: Project
    ) -> None:
        self.provider = service.provider
        self.batch_size = batch_query.per_call
        self.window = batch_query.per_call
        self.max_in_flight = 1
        self.page = batch_query.page
        self._service = service
        self._reader = JobReader(service.mapping, service.provider, exchange.kept)
        self._batch_query = batch_query
        self._exchange = exchange
        self._project = project
        self.rate_limiter = exchange.rate_limiter
        self._names_requests = False
        # What answers for one request alone have told: requests all of whose jobs are known, and whose each job is.
        self._learnt: set[str] = set()
        self._request_of: dict[str, str] = {}
        # Requests of which an answer for several could not tell.
        self._alone: set[str] = set()
        self._last_listed: dict[tuple[str, ...], set[str | None]] = {}

    @property
    def place(self) -> Place:
        """Where it looks."""
        project = self._project.known_id
        return Place(self._exchange.region, [f"project {project}"] if project else [], self._exchange.base_url)

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """Return as many as one query takes and its answer tells apart."""
        if not self._is_told_apart(keys[0]):
            return keys[:1]
        return [key for key in keys if self._is_told_apart(key)][: self.batch_size]

    def _is_told_apart(self, key: str) -> bool:
        return key not in self._alone and (self._names_requests or key in self._learnt)

    def fetch(self, keys: t.Sequence[str], deadline: float) -> Jobs:
        """Return the jobs of each request; a request without any is a job that was not found."""
        try:
            listed = self._list_until_two_agree(keys, deadline)
        except NotFoundError as exc:
            if len(keys) > 1:
                # One of them has no jobs, and the answer does not say which.
                return self._ask_alone(keys)
            return {keys[0]: [self._nothing(ErrorDetail(exc.code, exc.reason))]}
        jobs: Jobs = {key: [] for key in keys}
        for request_id, job in listed:
            if job.job_id is None:
                # Left out, it would count as done.
                raise ServiceError(f"{self._service.title} listed a job without an id.", transient=True)
            # A request that nobody asked for may be anything, until the list has named one that somebody did.
            self._names_requests = self._names_requests or request_id in jobs
            owner = request_id if request_id in jobs else self._request_of.get(job.job_id)
            if len(keys) == 1:
                owner = keys[0]
            elif owner is None and not (request_id and self._names_requests):
                # A new job, and nobody can say whose.
                return self._ask_alone(keys)
            if owner in jobs:
                jobs[owner].append(job)
                self._request_of[job.job_id] = owner
        if len(keys) == 1 and jobs[keys[0]]:
            self._learnt.add(keys[0])
            self._alone.discard(keys[0])
        return {key: jobs[key] or [self._nothing(None)] for key in keys}

    def _list_until_two_agree(self, keys: t.Sequence[str], deadline: float) -> list[Listed]:
        """Return all jobs of these requests; jobs that come or go may shift one from page to page past us."""
        before = self._last_listed.get(tuple(keys))
        for _reading in range(READINGS):
            listed = self.list_jobs(keys, deadline)
            ids = {item.job.job_id for item in listed}
            if len(listed) < self.page or ids == before:
                break
            before = ids
        if len(listed) >= self.page:
            self._last_listed = {**self._last_listed, tuple(keys): ids} if len(self._last_listed) < REMEMBERED else {}
        return listed

    def list_jobs(self, keys: t.Sequence[str], deadline: float, wanted: t.Iterable[str] = ()) -> list[Listed]:
        """Return all jobs of these requests, each with its request as far as the answer tells.

        Where some are `wanted`, the pages behind the last of them are left out.
        """
        listed: list[Listed] = []
        ids: set[str | None] = set()
        missing = set(wanted)
        all_pages = not missing
        for page in range(MAX_PAGES):
            try:
                found, is_full = self.fetch_page(keys, page, deadline)
            except NotFoundError:
                if page == 0:
                    raise
                # Behind a last page that was full there are no jobs.
                found, is_full = [], False
            on_page = {item.job.job_id for item in found}
            # A page without anything new means that the service does not turn pages.
            is_last = not is_full or on_page <= ids
            ids |= on_page
            listed += found
            if is_last or not (all_pages or missing - ids):
                return listed
        raise InvalidError(f"The requests have more than {MAX_PAGES * self.page} jobs; ask for fewer at once.")

    def fetch_page(self, keys: t.Sequence[str], page: int, deadline: float) -> tuple[list[Listed], bool]:
        """Return the jobs on one page, counted from 0, and whether the page is full, so that another may follow."""
        query, title = self._batch_query, self._service.title
        project_id = self._project.id(deadline)
        parameters = {query.ids: ",".join(keys), "limit": str(query.page), "offset": str(page * query.page)}
        path = fill_encoded(query.path, {"project_id": project_id})
        request = Request("GET", self._exchange.base_url, path, list(parameters.items()))
        value = self._exchange.send(request, {"X-Project-Id": project_id}, deadline)
        if not isinstance(value, dict) or query.jobs not in value:
            error = self._exchange.error_in(value)
            if error is not None:
                raise error
        raws = value.get(query.jobs, ...) if isinstance(value, dict) else ...
        if raws is not None and not isinstance(raws, list):
            raise ServiceError(f"{title} gave a list of jobs that cannot be read.", transient=True)
        if len(raws or ()) > MAX_PAGES * self.page:
            raise ServiceError(f"{title} listed far more jobs than were asked for.", transient=True)
        listed: list[Listed] = []
        for raw in raws or ():
            job = self._reader.read(raw)
            request_id = scalar_text(first(raw, (query.request_id,)))
            listed.append(Listed(request_id, job))
        return listed, len(raws or ()) >= self.page

    def _ask_alone(self, keys: t.Sequence[str]) -> Jobs:
        self._alone.update(keys)
        return {}

    def _nothing(self, error: ErrorDetail | None) -> Job:
        return Job(None, self.provider, State.NOT_FOUND, error=error)
