# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of Huawei Cloud, one request for each."""

from __future__ import annotations

import typing as t

from ...engine.source import Jobs
from ...http.urls import fill_path
from ...model.errors import NotFoundError, ServiceError
from ...model.job import ErrorDetail, Job, State
from ...model.json_path import first
from ...model.text import scalar_text
from ...services.declaration import HuaweiCloudService
from ...services.reader import JobReader
from .exchange import Exchange
from .project import Project
from .signing import Request

# Calls under way at once. The vendor locks a key after five refusals in a row.
MAX_IN_FLIGHT = 4


class JobSource:
    """Looks jobs up one by one."""

    def __init__(self, service: HuaweiCloudService, exchange: Exchange, project: Project) -> None:
        self.provider = service.provider
        self.batch_size = 1
        self.window = 1
        self.max_in_flight = MAX_IN_FLIGHT
        self._service = service
        self._reader = JobReader(service.mapping, service.provider, exchange.kept)
        self._exchange = exchange
        self._project = project
        self.rate_limiter = exchange.rate_limiter

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """Return the first."""
        return keys[:1]

    def fetch(self, keys: t.Sequence[str], deadline: float) -> Jobs:
        """Return the one job that is asked for, in state not_found where the service knows none."""
        job_id = keys[0]
        service = self._service
        try:
            fill = {"project_id": self._project.id(deadline), "job_id": job_id}
            query = {name: value.format_map(fill) for name, value in service.query.items()}
            request = Request("GET", self._exchange.base_url, fill_path(service.path, fill), list(query.items()))
            value = self._exchange.send(request, fill["project_id"], deadline)
            raw = first(value, (service.job,)) if service.job else value
            job = self._reader.read(raw, asked_id=job_id)
            if job.status is None and scalar_text(first(raw, (service.mapping.job_id,))) is None:
                # Not a job; perhaps an error in spite of HTTP 200.
                error = self._exchange.error_in(value)
                if error is not None:
                    raise error
        except NotFoundError as exc:
            job = Job(job_id, service.provider, State.NOT_FOUND, error=ErrorDetail(exc.code, exc.reason))
        if job.job_id != job_id:
            raise ServiceError(f"{service.title} answered for another job than {job_id}.", transient=True)
        return {job_id: [job]}
