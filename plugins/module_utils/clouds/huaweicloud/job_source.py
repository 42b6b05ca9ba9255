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
from ...model.json_path import values
from ...model.text import scalar_text
from ...services.declaration import HuaweiCloudService
from ...services.reader import JobReader
from .exchange import Exchange
from .project import Project

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
        self._reader = JobReader(service.mapping, service.provider)
        self._exchange = exchange
        self._project = project
        self.rate_limiter = exchange.rate_limiter

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """Return the first."""
        return keys[:1]

    def fetch(self, keys: t.Sequence[str], deadline: float) -> Jobs:
        """Return the one job that is asked for."""
        return {key: [self.poll(key, deadline)] for key in keys}

    def poll(self, job_id: str, deadline: float) -> Job:
        """Return the job with this id, in state not_found where the service knows none."""
        service = self._service
        try:
            fill = {"project_id": self._project.id(deadline), "job_id": job_id}
            query = {name: value.format_map(fill) for name, value in service.query.items()}
            value = self._exchange.get(fill_path(service.path, fill), query, fill["project_id"], deadline)
            raw = next(iter(values(value, service.job)), None)
            job = self._reader.read(raw, asked_id=job_id)
            if job.status is None and not any(map(scalar_text, values(raw, service.mapping.job_id))):
                # Not a job; perhaps an error in spite of HTTP 200.
                error = self._exchange.error_in(value)
                if error is not None:
                    raise error
        except NotFoundError as exc:
            return Job(job_id, service.provider, State.NOT_FOUND, error=ErrorDetail(exc.code, exc.reason))
        if job.job_id != job_id:
            raise ServiceError(f"{service.title} answered for another job than {job_id}.", transient=True)
        return job
