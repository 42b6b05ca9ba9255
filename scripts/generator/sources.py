# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files are generated from: declarations, the sentences beside them, and the facts of the tests."""

from __future__ import annotations

import functools
import pathlib
import typing as t
from dataclasses import dataclass

import yaml
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import CLOUDS
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import HuaweiCloudService, Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.reader import JobReader, objects
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.registry import service_of
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.provider import argument_spec

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = ROOT / "plugins" / "module_utils" / "services"
TASK = ROOT / "plugins" / "module_utils" / "task"
FACTS = ROOT / "tests" / "services"


def load(path: pathlib.Path) -> dict[str, t.Any]:
    """Return what a YAML file holds."""
    return t.cast("dict[str, t.Any]", yaml.safe_load(path.read_text(encoding="utf-8")))


def providers() -> list[str]:
    """Return the providers, in alphabetical order: each has its sentences beside its declaration."""
    return sorted(path.stem for path in SERVICES.glob("*.yml"))


@dataclass(frozen=True)
class Described:
    """A service, the sentences that are written of it, and a job of the vendor's sample answer."""

    service: Service
    text: t.Mapping[str, t.Any]
    sample: Job

    @property
    def provider(self) -> str:
        """The name of the service in options and results."""
        return self.service.provider

    @property
    def module(self) -> str:
        """The name of its module, without the collection."""
        return f"{self.provider}_job_info"

    @property
    def short_name(self) -> str:
        """Its name without the cloud's, such as CPH."""
        return str(self.text["name"]).removeprefix("Huawei Cloud ").removeprefix("UCloud ")

    @property
    def spec(self) -> dict[str, dict[str, t.Any]]:
        """The argument spec of its module."""
        return t.cast("dict[str, dict[str, t.Any]]", argument_spec(self.service)["argument_spec"])

    @property
    def is_regional(self) -> bool:
        """True where each region has an address of its own."""
        host = self.service.host if isinstance(self.service, HuaweiCloudService) else "."
        return "." not in host or "{region}" in host

    @property
    def takes_requests(self) -> bool:
        """True where the module has the option request_ids."""
        return "request_ids" in self.spec


@functools.cache
def described(provider: str) -> Described:
    """Return all that is known of a service."""
    service = service_of(provider)
    jobs = [_job_in(sample["answer"], service) for sample in load(FACTS / f"{provider}.yml")["samples"]]
    # The examples are run as they stand, so a job that never ends is no good for them.
    job = next((job for job in jobs if job.state is State.SUCCEEDED), None) or next(job for job in jobs if job.finished)
    return Described(service, load(SERVICES / f"{provider}.yml"), job)


def _job_in(answer: t.Any, service: Service) -> Job:
    path = service.job if isinstance(service, HuaweiCloudService) else service.jobs
    found, _is_list = objects(answer, path)
    return JobReader(service.mapping, service.provider).read(found[0], asked_id="job-1")


def all_described() -> list[Described]:
    """Return all services, in the order in which documents list them: by cloud, then by name."""
    return sorted(map(described, providers()), key=lambda each: (list(CLOUDS).index(each.service.cloud), each.provider))


def sentences(said: str | t.Sequence[str]) -> list[str]:
    """Return sentences as a list, each on one line."""
    return [" ".join(text.split()) for text in ([said] if isinstance(said, str) else said)]
