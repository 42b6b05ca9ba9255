# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is waited for: two jobs, in every way in which jobs can be asked for.

The first job has succeeded before anybody looks. The second runs for fifteen seconds, and is the one that faults hit.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.cloudwait.jobs.plugins.filter.job_ids import job_ids
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.names import PROVIDERS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.registry import service_of
from ansible_collections.cloudwait.jobs.tests.services import FACTS, Facts
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, credentials

RUNS_FOR = 15.0
ENDED: t.Mapping[str, t.Any] = {"states": {0: "succeeded"}}
RUNNING: t.Mapping[str, t.Any] = {"states": {0: "running", RUNS_FOR: "succeeded"}}


@dataclass(frozen=True, eq=False)
class Target:
    """A way to ask for the two jobs.

    `together`: one query asks for both jobs, and whatever is wrong with it is wrong with both; otherwise each has its
    own. `side_by_side`: those queries are under way at the same time.
    """

    name: str
    service: Service
    together: bool = False
    side_by_side: bool = False

    @property
    def provider(self) -> str:
        """The name of the service."""
        return self.service.provider

    @property
    def facts(self) -> Facts:
        """What is known of the service."""
        return FACTS[self.provider]

    @property
    def is_ucloud(self) -> bool:
        """Whether the service is one of UCloud."""
        return self.facts.is_ucloud

    def submit(self, cloud: Cloud) -> tuple[str, str]:
        """Start both jobs; their ids."""
        first, second = (self._submit(cloud, course) for course in (ENDED, RUNNING))
        return first, second

    def _submit(self, cloud: Cloud, course: t.Mapping[str, t.Any]) -> str:
        answer = cloud.submit({"provider": self.provider, **course, "progress": {0: 50}})
        (job_id,) = job_ids(answer)
        return str(job_id)

    def asked(self, cloud: Cloud, job_ids: t.Sequence[str]) -> dict[str, t.Any]:
        """The options that ask for the jobs."""
        return {"job_ids": list(job_ids)}


class Request(Target):
    """The jobs of one request."""

    def submit(self, cloud: Cloud) -> tuple[str, str]:
        """Start both jobs by one request, the first of them done in no time."""
        answer = cloud.submit({"provider": self.provider, **RUNNING}, scale=[1e-9, 1.0])
        first, second = (str(job["job_id"]) for job in answer["jobs"])
        return first, second

    def asked(self, cloud: Cloud, job_ids: t.Sequence[str]) -> dict[str, t.Any]:
        """The id of the request."""
        job = cloud.store.get(self.provider, job_ids[0])
        assert job is not None
        return {"request_ids": [job.request_id]}


class Listing(Target):
    """All jobs that match."""

    def asked(self, cloud: Cloud, job_ids: t.Sequence[str]) -> dict[str, t.Any]:
        """No ids."""
        return {}


def by_id(provider: str) -> Target:
    """Jobs of a service by their ids."""
    service, facts = service_of(provider), FACTS[provider]
    together = any(name.endswith(".0") for name in facts.request.query)
    return Target(provider, service, together, side_by_side=not (facts.is_ucloud or has_requests(service)))


def has_requests(service: Service) -> bool:
    """Whether jobs can be asked for by the request that started them."""
    return bool(getattr(service, "batch_query", None))


def shape(target: Target) -> t.Hashable:
    """What makes one service another one for whoever reads its answers."""
    return has_requests(target.service), target.facts.shape


def source(target: Target) -> t.Hashable:
    """What makes one service another one for whoever sends its requests."""
    return has_requests(target.service), target.is_ucloud


def plainness(target: Target) -> tuple[t.Any, ...]:
    """What makes a service plain: no options of its own, the job as the answer, a code for unknown jobs, no depth."""
    facts = target.facts
    tells_unknown = any(code.error_class == "not_found" for code in facts.codes)
    depth = facts.fields.status.count(".")
    return target.provider not in SEVERAL_WAYS, len(facts.options), facts.shape, not tells_unknown, depth


def one_of_each(targets: t.Sequence[Target], kind: t.Callable[[Target], t.Hashable]) -> list[Target]:
    """The plainest target of each kind; those with several ways to ask go first."""
    found: dict[t.Hashable, Target] = {}
    for target in sorted(targets, key=plainness):
        found.setdefault(kind(target), target)
    return [target for target in targets if target in found.values()]


# Jobs of these can also be asked for without their ids.
SEVERAL_WAYS = ("cph", "uphone")
BY_ID = [by_id(provider) for provider in PROVIDERS]
CPH_BY_ID = next(target for target in BY_ID if target.provider == "cph")
CPH_REQUEST = Request("cph-request", CPH_BY_ID.service, together=True)
UPHONE_BY_ID = next(target for target in BY_ID if target.provider == "uphone")
UPHONE_LISTING = Listing("uphone-listing", UPHONE_BY_ID.service, together=True)
# Every fault is played with these: they differ in the requests that are sent.
TARGETS = (*one_of_each(BY_ID, source), CPH_REQUEST, UPHONE_LISTING)
# What is wrong with an answer that arrives is played with these, too: they differ in where an answer has what.
SHAPES = tuple(target for target in one_of_each(BY_ID, shape) if target not in TARGETS)
# One fault of each effect is played with these.
OTHERS = tuple(target for target in BY_ID if target not in (*TARGETS, *SHAPES))
# The plainest service of Huawei Cloud: one request for each job, side by side.
PLAIN = next(target for target in TARGETS if target.side_by_side)


def kin(target: Target) -> Target:
    """The target that every fault is played with, and that sends such requests."""
    return next(other for other in TARGETS if source(other) == source(target))


# Ways to sign in to Huawei Cloud.
LOGINS: t.Mapping[str, t.Mapping[str, str]] = {
    "keys": {"access_key": credentials.ACCESS_KEY, "secret_key": credentials.SECRET_KEY},
    "token": {"token": credentials.TOKEN},
    "password": {
        "username": credentials.USER,
        "password": credentials.PASSWORD,
        "user_domain_name": credentials.DOMAIN,
    },
}


def connection(target: Target, url: str, login: str = "keys") -> dict[str, t.Any]:
    """Connection options; `login` is one of LOGINS."""
    options = target.facts.options
    if target.is_ucloud:
        return {
            **options,
            "endpoint": url,
            "region": credentials.UCLOUD_REGION,
            "project_id": credentials.UCLOUD_PROJECT_ID,
            "public_key": credentials.UCLOUD_PUBLIC_KEY,
            "private_key": credentials.UCLOUD_PRIVATE_KEY,
        }
    place = {"endpoint": url, "auth_url": url, "region": credentials.REGION, "project_id": credentials.PROJECT_ID}
    return {**options, **place, **LOGINS[login]}
