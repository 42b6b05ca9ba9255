# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking up jobs of Huawei Cloud: one by one, or by the requests that started them."""

from __future__ import annotations

import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.answers import plain, values
from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import RequestList, RestService
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import (
    AuthenticationError,
    InvalidError,
    JobsError,
    NotFoundError,
    ServiceError,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.client import HuaweiCloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import Job, JobError, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.parse import JobReader
from ansible_collections.cloudwait.jobs.plugins.module_utils.sources import MAX_PAGES, Jobs

# Calls under way at once where one call carries one id. The vendor locks a key after five refusals in a row.
WORKERS = 4
# Failures of the list in a row after which jobs are asked for without it.
LIST_TRIES = 3


class Listed(t.NamedTuple):
    """A job out of a list, with the request that started it, if the list tells."""

    request_id: str | None
    job: Job


class JobSource:
    """One job per request (Huawei Cloud)."""

    def __init__(self, service: RestService, client: HuaweiCloud) -> None:
        self.provider = service.provider
        self.batch_size = 1
        self.window = 1
        self.workers = WORKERS
        self._service = service
        self._reader = JobReader(service.shape, service.provider)
        self._client = client

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """The first."""
        return keys[:1]

    def fetch(self, keys: t.Sequence[str], until: float) -> Jobs:
        """The one job that is asked for."""
        return {key: [self.look(key, until)] for key in keys}

    def look(self, job_id: str, until: float) -> Job:
        """The job with this id, in state not_found where the service knows none."""
        service = self._service
        try:
            value = self._client.get(service.path, service.query, {"job_id": job_id}, service.codes, until)
            raw = next(iter(values(value, service.job)), None)
            job = self._reader.read(raw, asked_id=job_id)
            if job.status is None and not any(map(plain, values(raw, service.shape.job_id))):
                # Not a job; perhaps an error in spite of HTTP 200.
                error = self._client.error_in(value, service.codes)
                if error is not None:
                    raise error
        except NotFoundError as exc:
            return Job(job_id, service.provider, State.NOT_FOUND, error=JobError(exc.code, exc.reason))
        if job.job_id != job_id:
            raise ServiceError(f"{service.title} answered for another job than {job_id}.", transient=True)
        return job


class JobSourceByRequest:
    """One job per request at first; together by the request that started them, once the answers have told it.

    One query of the list tells of all jobs of up to 20 requests, a hundred to a page. The list only saves requests:
    where it does not answer, jobs are asked for one by one.
    """

    def __init__(self, single: JobSource, requests: RequestSource) -> None:
        self.provider = single.provider
        self.batch_size = 1
        self.window = requests.batch_size * requests.page
        self.workers = 1
        self._single = single
        self._requests = requests
        self._use_lists = True
        self._request_of: dict[str, str] = {}
        # How many jobs each request has, as far as its pages were seen, and those with no page left to look for.
        self._listed: dict[str, int] = {}
        self._explored: set[str] = set()
        # Requests that cannot be asked for together with others.
        self._alone: set[str] = set()
        self._others_unknown = 0
        # Requests in a row that had one job only, and looks to let pass before the next one is explored.
        self._vain = 0
        self._pass_by = 0
        self._failures = 0

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """The first, together with all whose requests fit into one query, where that saves requests."""
        if not self._use_lists:
            return keys[:1]
        first = self._request_of.get(keys[0])
        if first is None:
            self._others_unknown = sum(key not in self._request_of for key in keys) - 1
            return keys[:1]
        by_request: dict[str, list[str]] = {}
        for key in keys:
            if key in self._request_of:
                by_request.setdefault(self._request_of[key], []).append(key)
        several = [request_id for request_id in by_request if request_id not in self._alone]
        chosen = [first] if first in self._alone else several[: self._requests.batch_size]
        together = [key for request_id in chosen for key in by_request[request_id]]
        pages = -(-sum(self._listed.get(request_id, 1) for request_id in chosen) // self._requests.page)
        return together if len(together) > pages else keys[:1]

    def fetch(self, keys: t.Sequence[str], until: float) -> Jobs:
        """The jobs behind the keys, and of other jobs what the same answers tell."""
        if len(keys) > 1:
            return self._fetch_listed(keys, until)
        job = self._single.look(keys[0], until)
        jobs: Jobs = {keys[0]: [job]}
        request_id = job.resources.get("request_id")
        if request_id and self._use_lists:
            self._request_of[keys[0]] = request_id
            # One more query pays where it tells of two others.
            if self._others_unknown > 1 and request_id not in self._explored:
                self._pass_by -= 1
                if self._pass_by < 0:
                    jobs = {**self._explore(request_id, until), **jobs}
        return jobs

    def _explore(self, request_id: str, until: float) -> Jobs:
        """What else the same request started: most likely the other jobs that are waited for.

        At first one page, which is most often all; every page once a job turns up that was not on the first.
        """
        try:
            if request_id not in self._listed:
                listed, is_full = self._requests.look_at_page([request_id], 0, until)
            else:
                listed, is_full = self._requests.look([request_id], until), False
        except NotFoundError:
            self._explored.add(request_id)
            return {}
        except JobsError as exc:
            # The job itself was answered for, and that counts.
            self._failures += 1
            if self._failures >= LIST_TRIES:
                self._explored.add(request_id)
            if not exc.transient:
                self._ask_one_by_one()
            return {}
        if not is_full:
            self._explored.add(request_id)
        self._listed[request_id] = max(1, len(listed))
        # Where every job has a request of its own, it is tried ever more seldom.
        self._vain = 0 if len(listed) > 1 else self._vain + 1
        self._pass_by = 2**self._vain - 1
        return self._take(listed)

    def _fetch_listed(self, keys: t.Sequence[str], until: float) -> Jobs:
        request_ids = list(dict.fromkeys(self._request_of[key] for key in keys))
        try:
            jobs = self._take(self._requests.look(request_ids, until, keys))
        except NotFoundError:
            # The answer does not say which of the requests it does not know.
            jobs = {}
            self._alone.update(request_ids)
            if len(request_ids) > 1:
                return jobs
        except JobsError as exc:
            self._failures += 1
            if isinstance(exc, AuthenticationError) or (exc.transient and self._failures < LIST_TRIES):
                raise
            if not exc.transient:
                self._ask_one_by_one()
            jobs = {}
        for key in keys:
            if key not in jobs:
                # The list does not tell of it, the single query may.
                del self._request_of[key]
        return jobs

    def _ask_one_by_one(self) -> None:
        """Go on without the list, which this caller may not use, or which does not work as documented."""
        self._use_lists = False
        self.batch_size = self.window = 1
        self.workers = self._single.workers

    def _take(self, listed: t.Sequence[Listed]) -> Jobs:
        jobs: Jobs = {}
        for request_id, job in listed:
            if job.job_id is None:
                continue
            jobs.setdefault(job.job_id, []).append(job)
            if request_id is not None:
                self._request_of[job.job_id] = request_id
        self.batch_size = self._requests.page
        self._failures = 0
        return jobs


class RequestSource:
    """All jobs of several requests in one query, page by page (Huawei Cloud CPH)."""

    def __init__(self, service: RestService, listing: RequestList, client: HuaweiCloud) -> None:
        self.provider = service.provider
        self.batch_size = listing.per_call
        self.window = listing.per_call
        self.workers = 1
        self.page = listing.page
        self._service = service
        self._reader = JobReader(service.shape, service.provider)
        self._list = listing
        self._client = client
        self._alone: set[str] = set()

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """As many as one query takes."""
        if keys[0] in self._alone:
            return keys[:1]
        return [key for key in keys if key not in self._alone][: self.batch_size]

    def fetch(self, keys: t.Sequence[str], until: float) -> Jobs:
        """The jobs of each request; a request without any is a job that was not found."""
        jobs: Jobs = {key: [] for key in keys}
        try:
            listed = self.look(keys, until)
        except NotFoundError as exc:
            if len(keys) > 1:
                # One of them has no jobs yet, and the answer does not say which.
                return self._ask_alone(keys)
            return {keys[0]: [self._nothing(JobError(exc.code, exc.reason))]}
        for request_id, job in listed:
            if request_id is None:
                # The list does not say whose job it is.
                return self._ask_alone(keys)
            if job.job_id is None:
                # Left out, it would count as done.
                raise ServiceError(f"{self._service.title} listed a job without an id.", transient=True)
            if request_id in jobs:
                jobs[request_id].append(job)
        return {key: jobs[key] or [self._nothing(None)] for key in keys}

    def look(self, keys: t.Sequence[str], until: float, wanted: t.Iterable[str] = ()) -> list[Listed]:
        """All jobs of these requests, each with its request as far as the answer tells.

        Where some are `wanted`, the pages behind the last of them are left out.
        """
        listed: list[Listed] = []
        ids: set[str | None] = set()
        missing = set(wanted)
        all_pages = not missing
        for page in range(MAX_PAGES):
            try:
                found, is_full = self.look_at_page(keys, page, until)
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

    def look_at_page(self, keys: t.Sequence[str], page: int, until: float) -> tuple[list[Listed], bool]:
        """The jobs on one page, counted from 0, and whether the page is full, so that another may follow."""
        service, listing = self._service, self._list
        query = {listing.ids: "{request_ids}", "limit": str(listing.page), "offset": "{offset}"}
        fill = {"request_ids": ",".join(keys), "offset": str(page * listing.page)}
        value = self._client.get(listing.path, query, fill, service.codes, until)
        if not isinstance(value, dict) or listing.jobs not in value:
            error = self._client.error_in(value, service.codes)
            if error is not None:
                raise error
        raws = value.get(listing.jobs, ...) if isinstance(value, dict) else ...
        if raws is not None and not isinstance(raws, list):
            raise ServiceError(f"{service.title} gave a list of jobs that cannot be read.", transient=True)
        if len(raws or ()) > MAX_PAGES * self.page:
            raise ServiceError(f"{service.title} listed far more jobs than were asked for.", transient=True)
        listed: list[Listed] = []
        for raw in raws or ():
            job = self._reader.read(raw)
            request_id = plain(next(iter(values(raw, listing.request_id)), None))
            listed.append(Listed(keys[0] if len(keys) == 1 else request_id, job))
        return listed, len(raws or ()) >= self.page

    def _ask_alone(self, keys: t.Sequence[str]) -> Jobs:
        self._alone.update(keys)
        return {}

    def _nothing(self, error: JobError | None) -> Job:
        return Job(None, self.provider, State.NOT_FOUND, error=error)
