# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of Huawei Cloud by their ids, many to a request as soon as it is known which requests started them."""

from __future__ import annotations

import typing as t

from ...engine.source import Jobs
from ...model.errors import AuthenticationError, CloudwaitError, NotFoundError
from ...model.place import Place
from .job_source import JobSource
from .request_source import Listed, RequestSource

# Failures of the list in a row after which jobs are asked for without it.
LIST_TRIES = 3


class JobSourceByRequest:
    """Looks jobs up one by one at first; together by the request that started them, once the answers have told it.

    One list tells of all jobs of up to 20 requests, a hundred to a page. The list only saves requests:
    where it does not answer, jobs are looked up one by one.
    """

    def __init__(self, single: JobSource, requests: RequestSource) -> None:
        self.provider = single.provider
        self.batch_size = 1
        self.window = requests.batch_size * requests.page
        self.max_in_flight = 1
        self._single = single
        self.rate_limiter = single.rate_limiter
        self._requests = requests
        self._use_lists = True
        self._request_of: dict[str, str] = {}
        # How many jobs each request has, as far as its pages were seen, and those with no page left to look for.
        self._listed: dict[str, int] = {}
        self._exhausted: set[str] = set()
        # Requests that cannot be asked for together with others.
        self._unbatchable: set[str] = set()
        self._others_unknown = 0
        # Requests in a row that had one job only, and polls to skip before the next one is explored.
        self._unproductive = 0
        self._skip = 0
        self._failures = 0

    @property
    def place(self) -> Place:
        """Where it looks."""
        return self._single.place

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """Return the first, together with all whose requests fit into one query, where that saves requests."""
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
        several = [request_id for request_id in by_request if request_id not in self._unbatchable]
        chosen = [first] if first in self._unbatchable else several[: self._requests.batch_size]
        together = [key for request_id in chosen for key in by_request[request_id]]
        pages = -(-sum(self._listed.get(request_id, 1) for request_id in chosen) // self._requests.page)
        return together if len(together) > pages else keys[:1]

    def fetch(self, keys: t.Sequence[str], deadline: float) -> Jobs:
        """Return the jobs behind the keys, and of other jobs what the same answers tell."""
        if len(keys) > 1:
            return self._fetch_listed(keys, deadline)
        jobs = self._single.fetch(keys, deadline)
        request_id = jobs[keys[0]][0].resources.get("request_id")
        if request_id and self._use_lists:
            self._request_of[keys[0]] = request_id
            # One more query pays where it tells of two others.
            if self._others_unknown > 1 and request_id not in self._exhausted:
                self._skip -= 1
                if self._skip < 0:
                    jobs = {**self._explore(request_id, deadline), **jobs}
        return jobs

    def _explore(self, request_id: str, deadline: float) -> Jobs:
        """Return what else the same request started: most likely the other jobs that are waited for.

        At first one page, which is most often all; every page once a job turns up that was not on the first.
        """
        try:
            if request_id not in self._listed:
                listed, is_full = self._requests.fetch_page([request_id], 0, deadline)
            else:
                listed, is_full = self._requests.list_jobs([request_id], deadline), False
        except NotFoundError:
            self._exhausted.add(request_id)
            return {}
        except CloudwaitError as exc:
            # The job itself was answered for, and that counts.
            self._failures += 1
            if self._failures >= LIST_TRIES:
                self._exhausted.add(request_id)
            if not exc.transient:
                self._ask_one_by_one()
            return {}
        if not is_full:
            self._exhausted.add(request_id)
        self._listed[request_id] = max(1, len(listed))
        # Where every job has a request of its own, it is tried ever more seldom.
        self._unproductive = 0 if len(listed) > 1 else self._unproductive + 1
        self._skip = 2**self._unproductive - 1
        return self._take(listed, [request_id])

    def _fetch_listed(self, keys: t.Sequence[str], deadline: float) -> Jobs:
        # Another call may have taken back whose a job is since these keys were put together.
        request_ids = list(dict.fromkeys(filter(None, map(self._request_of.get, keys))))
        if not request_ids:
            return {}
        try:
            jobs = self._take(self._requests.list_jobs(request_ids, deadline, keys), request_ids)
        except NotFoundError:
            # The answer does not say which of the requests it does not know.
            jobs = {}
            self._unbatchable.update(request_ids)
            if len(request_ids) > 1:
                return jobs
        except CloudwaitError as exc:
            self._failures += 1
            if isinstance(exc, AuthenticationError) or (exc.transient and self._failures < LIST_TRIES):
                raise
            if not exc.transient:
                self._ask_one_by_one()
            jobs = {}
        for key in keys:
            if key not in jobs:
                # The list does not tell of it, the single query may.
                self._request_of.pop(key, None)
        return jobs

    def _ask_one_by_one(self) -> None:
        """Go on without the list, which this caller may not use, or which does not work as documented."""
        self._use_lists = False
        self.batch_size = self.window = 1
        self.max_in_flight = self._single.max_in_flight

    def _take(self, listed: t.Sequence[Listed], asked: t.Sequence[str]) -> Jobs:
        jobs: Jobs = {}
        for request_id, job in listed:
            if job.job_id is None:
                continue
            jobs.setdefault(job.job_id, []).append(job)
            # A request that nobody asked for proves nothing.
            if request_id is not None and request_id in asked:
                self._request_of[job.job_id] = request_id
            elif len(asked) == 1:
                self._request_of[job.job_id] = asked[0]
        self.batch_size = self._requests.page
        self._failures = 0
        return jobs
