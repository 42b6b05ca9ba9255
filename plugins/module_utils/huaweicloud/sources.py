# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking up jobs of Huawei Cloud: one by one, or by the requests that started them."""

from __future__ import annotations

import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.answers import plain, values
from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import RequestList, RestService
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import (
    InvalidError,
    JobsError,
    NotFoundError,
    ServiceError,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.client import HuaweiCloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import Job, JobError, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.parse import read_job
from ansible_collections.cloudwait.jobs.plugins.module_utils.sources import MAX_PAGES, Jobs

# Calls under way at once where one call carries one id. The vendor locks a key after five refusals in a row.
WORKERS = 4


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
            job = read_job(service.shape, service.provider, raw, asked_id=job_id)
            if job.status is None:
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

    One query of the list tells of all jobs of up to 20 requests, a hundred to a page.
    """

    def __init__(self, single: JobSource, requests: RequestSource) -> None:
        self.provider = single.provider
        self.batch_size = 1
        self.window = requests.batch_size * requests.page
        self.workers = 1
        self._single = single
        self._requests = requests
        self._request_of: dict[str, str] = {}
        self._listed: dict[str, int] = {}
        self._others_unknown = 0

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """The first, together with all whose requests fit into one query, where that saves requests."""
        self._others_unknown = sum(key not in self._request_of for key in keys) - 1
        if keys[0] not in self._request_of:
            return keys[:1]
        by_request: dict[str, list[str]] = {}
        for key in keys:
            if key in self._request_of:
                by_request.setdefault(self._request_of[key], []).append(key)
        chosen = list(by_request)[: self._requests.batch_size]
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
        if request_id:
            self._request_of[keys[0]] = request_id
            if request_id not in self._listed and self._others_unknown > 1:
                jobs = {**self._explore(request_id, until), **jobs}
        return jobs

    def _explore(self, request_id: str, until: float) -> Jobs:
        """What else the same request started: most likely the other jobs that are waited for."""
        self._listed[request_id] = 1
        try:
            listed = self._requests.look([request_id], until)
        except JobsError:
            # The job itself was answered; the others are asked for one by one.
            return {}
        self._listed[request_id] = max(1, len(listed))
        return self._take(listed)

    def _fetch_listed(self, keys: t.Sequence[str], until: float) -> Jobs:
        jobs = self._take(self._requests.look(list(dict.fromkeys(self._request_of[key] for key in keys)), until))
        for key in keys:
            if key not in jobs:
                # The list does not name it, the single query may.
                del self._request_of[key]
        return jobs

    def _take(self, listed: t.Sequence[Listed]) -> Jobs:
        jobs: Jobs = {}
        for request_id, job in listed:
            jobs.setdefault(str(job.job_id), []).append(job)
            if request_id is not None:
                self._request_of[str(job.job_id)] = request_id
        self.batch_size = self._requests.page
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
            if request_id in jobs:
                jobs[request_id].append(job)
        return {key: jobs[key] or [self._nothing(None)] for key in keys}

    def look(self, keys: t.Sequence[str], until: float) -> list[Listed]:
        """All jobs of these requests, each with its request as far as the answer tells."""
        service, listing = self._service, self._list
        query = {listing.ids: "{request_ids}", "limit": str(listing.page), "offset": "{offset}"}
        listed: list[Listed] = []
        for page in range(MAX_PAGES):
            fill = {"request_ids": ",".join(keys), "offset": str(page * listing.page)}
            value = self._client.get(listing.path, query, fill, service.codes, until)
            raws = value.get(listing.jobs) if isinstance(value, dict) and listing.jobs in value else ...
            if raws is ...:
                error = self._client.error_in(value, service.codes)
                if error is not None:
                    raise error
            if raws is not None and not isinstance(raws, list):
                raise ServiceError(f"{service.title} gave a list of jobs that cannot be read.", transient=True)
            for raw in raws or ():
                job = read_job(service.shape, service.provider, raw)
                request_id = plain(next(iter(values(raw, listing.request_id)), None))
                if job.job_id is not None:
                    listed.append(Listed(keys[0] if len(keys) == 1 else request_id, job))
            if len(raws or ()) < listing.page:
                return listed
        raise InvalidError(f"The requests have more than {MAX_PAGES * listing.page} jobs; ask for fewer at once.")

    def _ask_alone(self, keys: t.Sequence[str]) -> Jobs:
        self._alone.update(keys)
        return {}

    def _nothing(self, error: JobError | None) -> Job:
        return Job(None, self.provider, State.NOT_FOUND, error=error)
