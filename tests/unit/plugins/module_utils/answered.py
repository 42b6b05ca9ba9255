# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that is asked for one job and gives one answer: everything is the collection's own but the HTTP client."""

from __future__ import annotations

import functools
import json
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.connection import Connection
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import CLOUDS
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import TargetKind
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.client import Response
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import Job
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.registry import service_of
from ansible_collections.cloudwait.jobs.tests.services import Facts
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import validated

REGION, PROJECT = "cn-north-4", "project-1"
# Unix time, and a day before it.
NOW, DAY_BEFORE = 1.8e9, "2027-01-14T08:00:00"
LOGINS: dict[str, dict[str, str]] = {
    "huaweicloud": {"token": "token-of-nobody", "region": REGION, "project_id": PROJECT},
    "ucloud": {"public_key": "key-1", "private_key": "private-1", "region": REGION, "project_id": PROJECT},
}


class Sent(t.NamedTuple):
    """A request as the HTTP client gets it."""

    method: str
    url: str
    headers: t.Mapping[str, str]
    body: bytes


class OneAnswer:
    """In place of the HTTP client: gives the same response to every request."""

    def __init__(self, status: int, body: bytes) -> None:
        self.sent: list[Sent] = []
        self._response = Response(status, {}, body)

    def send(
        self,
        _rate_limiter: object,
        method: str,
        url: str,
        headers: t.Mapping[str, str],
        body: bytes | None,
        _deadline: float,
        *_expected: t.Any,
    ) -> Response:
        """Keep the request, and answer."""
        self.sent.append(Sent(method, url, dict(headers), body or b""))
        return self._response


class Offline(Connection):
    """What a task has for talking to services, with one client for all of them."""

    def __init__(self, client: OneAnswer) -> None:
        super().__init__(set(), lambda: 0.0, lambda: NOW, lambda _seconds: None)
        self._client = client

    def http_client(self, options: t.Mapping[str, t.Any]) -> t.Any:
        """Return the one client."""
        return self._client


@functools.lru_cache(maxsize=None)
def options_of(facts: Facts) -> dict[str, t.Any]:
    """Return the options of a task, after Ansible's validation."""
    service = service_of(facts.provider)
    return validated(service, job_ids=["job-1"], **LOGINS[service.cloud], **facts.options)


def ask(facts: Facts, answer: t.Any, status: int = 200, job_id: str = "job-1") -> tuple[list[Job], list[Sent]]:
    """Return the jobs that a source reads from an answer, and the requests that it sent. Raises CloudwaitError."""
    service = service_of(facts.provider)
    client = OneAnswer(status, json.dumps(answer).encode())
    source = CLOUDS[service.cloud].open_source(service, TargetKind.JOBS, options_of(facts), {}, Offline(client))
    return source.fetch([job_id], 60.0).get(job_id, []), client.sent
