# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked, when, and how it was answered."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

KEPT = 200_000


@dataclass
class Request:
    """One request. ``time`` is job time, ``real`` seconds without speed; ``status`` 0 means that none was sent."""

    number: int
    time: float
    real: float
    service: str
    operation: str
    job_ids: tuple[str, ...]
    method: str
    target: str
    headers: dict[str, str]
    body: str
    status: int = 0
    fault: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the request as JSON can hold it."""
        return asdict(self)


class RequestLog:
    """The last requests, oldest first, and counts of all of them."""

    def __init__(self) -> None:
        self.requests: deque[Request] = deque(maxlen=KEPT)
        self.total = 0

    def add(self, request: Request) -> None:
        """Keep a request."""
        self.requests.append(request)
        self.total += 1

    def select(
        self, service: str | None = None, operation: str | None = None, job_id: str | None = None
    ) -> list[Request]:
        """Return the requests that match everything given, oldest first."""
        return [
            request
            for request in list(self.requests)
            if (service is None or request.service == service)
            and (operation is None or request.operation == operation)
            and (job_id is None or job_id in request.job_ids)
        ]

    def counts(self) -> dict[str, Any]:
        """Return counts per service, operation (``cph.show_job``), status and job id."""
        requests = list(self.requests)
        return {
            "total": self.total,
            "services": dict(Counter(request.service for request in requests)),
            "operations": dict(Counter(f"{request.service}.{request.operation}" for request in requests)),
            "statuses": dict(Counter(str(request.status) for request in requests)),
            "jobs": dict(Counter(job_id for request in requests for job_id in request.job_ids)),
        }
