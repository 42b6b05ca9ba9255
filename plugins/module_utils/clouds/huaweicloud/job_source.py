# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of Huawei Cloud, one request for each."""

from __future__ import annotations

import typing as t

from ...engine.source import Jobs
from ...model.errors import InvalidError, NotFoundError, ServiceError
from ...model.job import ErrorDetail, Job, State
from ...model.json_path import first, values
from ...model.place import Place
from ...model.text import scalar_text
from ...services.declaration import HuaweiCloudService, as_paths
from ...services.expired import perhaps_expired
from ...services.placeholders import fill, fill_encoded, placeholders
from ...services.reader import JobReader, objects
from .exchange import Exchange
from .scope import Scope
from .signing import Request

# Calls under way at once. The vendor locks a key after five refusals in a row.
MAX_IN_FLIGHT = 4


class JobSource:
    """Looks jobs up one by one. `filled`: what is filled in every request, None for what is left out."""

    def __init__(
        self,
        service: HuaweiCloudService,
        exchange: Exchange,
        scope: Scope,
        filled: t.Mapping[str, str | None] | None = None,
    ) -> None:
        self.provider = service.provider
        self.batch_size = 1
        self.window = 1
        self.max_in_flight = MAX_IN_FLIGHT
        self._service = service
        self._reader = JobReader(service.mapping, service.provider, exchange.kept)
        self._exchange = exchange
        self._scope = scope
        self.rate_limiter = exchange.rate_limiter
        self._filled = filled or {}
        unset = {name for name, value in self._filled.items() if not value}
        listed = [(name, text) for name, texts in _listed(service.query) for text in texts]
        self._query = [(name, text) for name, text in listed if not placeholders([text]) & unset]
        self._headers = {name: text for name, text in service.headers.items() if not placeholders([text]) & unset}
        self._names = placeholders([service.path, *(text for _name, text in self._query), *self._headers.values()])

    @property
    def place(self) -> Place:
        """Where it looks."""
        return Place(self._exchange.region, self._scope.words(self._names), self._exchange.base_url)

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """Return the first."""
        return keys[:1]

    def fetch(self, keys: t.Sequence[str], deadline: float) -> Jobs:
        """Return the one job that is asked for, in state not_found where the service knows none."""
        job_id = keys[0]
        try:
            values, scope = self._scope.find(self._names, deadline)
            values.update({name: value for name, value in self._filled.items() if value}, job_id=job_id)
            query = [(name, fill(text, values)) for name, text in self._query]
            headers = {name: fill_encoded(text, values) for name, text in self._headers.items()}
            path = fill_encoded(self._service.path, values)
            request = Request("GET", self._exchange.base_url, path, query, headers)
            answer = self._exchange.send(request, scope, deadline)
            return {job_id: [self._read(answer, job_id)]}
        except NotFoundError as exc:
            # What says neither code nor reason may come from somebody on the way, and proves no absence.
            is_told = exc.code is not None or exc.reason is not None
            return {job_id: [self._not_there(job_id, is_told, ErrorDetail(exc.code, exc.reason))]}

    def _read(self, answer: t.Any, job_id: str) -> Job:
        service = self._service
        found, is_list = objects(answer, service.job)
        if is_list and found and not service.mapping.job_id:
            raise InvalidError(
                f"{service.title} answers with a list, in which a job is found by its id; name its place with shape.id."
            )
        if is_list:
            raw = next((each for each in found if self._id_of(each) == job_id), None)
        else:
            raw = found[0] if found else None
        job = self._reader.read(raw, asked_id=job_id)
        if job.status is None and self._id_of(raw) is None:
            # Not a job; perhaps an error in spite of HTTP 200.
            error = self._exchange.error_in(answer)
            if error is not None:
                raise error
        if raw in (None, {}) and service.missing_is_not_found and _has_no_job(answer, service.job):
            # Another page of a list that holds others may hold it.
            return self._not_there(job_id, not found, None)
        if job.job_id != job_id:
            raise ServiceError(f"{service.title} answered for another job than {job_id}.", transient=True)
        return job

    def _id_of(self, raw: t.Any) -> str | None:
        return scalar_text(first(raw, as_paths(self._service.mapping.job_id)))

    def _not_there(self, job_id: str, is_told: bool, error: ErrorDetail | None) -> Job:
        """Return what it stands for that there is no such job, where the service itself says so."""
        absent = self._service.absent
        if absent is not None and is_told:
            return Job(job_id, self.provider, absent, error=None if absent is State.SUCCEEDED else error)
        return Job(job_id, self.provider, State.NOT_FOUND, error=perhaps_expired(error, self._service.retention))


def _has_no_job(answer: t.Any, path: str) -> bool:
    """Return whether an answer has nothing, or a list of other jobs, where a job belongs; nonsense proves nothing."""
    is_list = path.endswith("[]")
    place = path[:-2] if is_list else path
    nothing: tuple[t.Any, ...] = (None,) if is_list else (None, {})
    return (isinstance(answer, dict) or not place) and all(
        found in nothing or (isinstance(found, list) and all(isinstance(item, dict) for item in found))
        for found in values(answer, place)
    )


def _listed(query: t.Mapping[str, str | t.Sequence[str]]) -> list[tuple[str, t.Sequence[str]]]:
    """Return a query whose names each have a list of values."""
    return [(name, [value] if isinstance(value, str) else value) for name, value in query.items()]
