# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is waited for: two jobs, in every way in which jobs can be asked for.

The first job has succeeded before anybody looks. The second runs for fifteen seconds, and is the one that faults hit.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service, UCloudService
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, credentials

RUNS_FOR = 15.0
ENDED: t.Mapping[str, t.Any] = {"states": {0: "succeeded"}}
RUNNING: t.Mapping[str, t.Any] = {"states": {0: "running", RUNS_FOR: "succeeded"}}


@dataclass(frozen=True, eq=False)
class Target:
    """A way to ask for the two jobs.

    `operation` is the cloud's name for the query. `together`: one query asks for both jobs, and whatever is wrong with
    it is wrong with both; otherwise each has its own.
    """

    name: str
    service: Service
    operation: str
    together: bool = False

    @property
    def provider(self) -> str:
        """The name of the service."""
        return self.service.provider

    @property
    def is_ucloud(self) -> bool:
        """Whether the service is one of UCloud."""
        return isinstance(self.service, UCloudService)

    def submit(self, cloud: Cloud) -> tuple[str, str]:
        """Start both jobs; their ids."""
        first, second = (self._submit(cloud, course) for course in (ENDED, RUNNING))
        return first, second

    def _submit(self, cloud: Cloud, course: t.Mapping[str, t.Any]) -> str:
        more: dict[str, t.Any] = {}
        if self.is_ucloud:
            more["tasks"] = [dict(course)]
        elif self.provider != "cph":
            more["progress"] = {0: 50}
        answer = cloud.submit({"provider": self.provider, **course, **more})
        if self.provider == "cph":
            return str(answer["jobs"][0]["job_id"])
        return str(answer["JobId" if self.is_ucloud else "job_id"])

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


CPH_BY_ID = Target("cph", CPH, "show_job")
CPH_REQUEST = Request("cph-request", CPH, "list_jobs", together=True)
IMS_BY_ID = Target("ims", IMS, "show_job")
DWS_BY_ID = Target("dws", DWS, "show_job")
UPHONE_BY_ID = Target("uphone", UPHONE, "describe_job", together=True)
UPHONE_LISTING = Listing("uphone-listing", UPHONE, "describe_job", together=True)
# Their jobs are asked for at the same time.
SIDE_BY_SIDE = (IMS_BY_ID, DWS_BY_ID)
TARGETS = (CPH_BY_ID, CPH_REQUEST, IMS_BY_ID, DWS_BY_ID, UPHONE_BY_ID, UPHONE_LISTING)


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
    if target.is_ucloud:
        return {
            "endpoint": url,
            "region": credentials.UCLOUD_REGION,
            "project_id": credentials.UCLOUD_PROJECT_ID,
            "public_key": credentials.UCLOUD_PUBLIC_KEY,
            "private_key": credentials.UCLOUD_PRIVATE_KEY,
        }
    place = {"endpoint": url, "auth_url": url, "region": credentials.REGION, "project_id": credentials.PROJECT_ID}
    return {**place, **LOGINS[login]}
