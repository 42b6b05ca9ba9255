# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of an embedded cloud over real HTTP, in a time that passes only when somebody sleeps."""

from __future__ import annotations

import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import RestService
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import JobsError
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import Http
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.client import HuaweiCloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.credentials import Settings
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.login import (
    AgencyKeys,
    Environment,
    GivenToken,
    Keys,
    Login,
    Password,
    ServiceClock,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.sources import (
    JobSource,
    JobSourceByRequest,
    RequestSource,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import UNTIL
from ansible_collections.cloudwait.jobs.plugins.module_utils.pace import Pace
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.plugins.module_utils.sources import Source
from ansible_collections.cloudwait.jobs.plugins.module_utils.ucloud.client import UCloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.ucloud.credentials import Settings as UCloudSettings
from ansible_collections.cloudwait.jobs.plugins.module_utils.ucloud.sources import ActionSource
from ansible_collections.cloudwait.jobs.plugins.module_utils.wait import Answer, Options, Outcome, Wait
from ansible_collections.cloudwait.jobs.plugins.module_utils.wait import Keys as WaitFor
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, credentials


class Client:
    """Everything that one task uses, against `url`.

    `clock` is the cloud's own, so that its time and ours are the same; `skew` sets our machine's clock wrong by that
    many seconds.
    """

    def __init__(self, url: str, clock: ManualClock, skew: float = 0.0, max_rate: float = 10.0) -> None:
        self.url = url
        self.clock = clock
        self.skew = skew
        self.pace = Pace(max_rate, clock.real, clock.advance)
        self.http = Http(self.pace, clock.real, request_timeout=30.0)
        self.secrets: set[str] = set()
        self.warnings: list[str] = []
        self.environment = Environment(self.http, clock.real, self.now, self.secrets.add, self.warnings.append)

    def now(self) -> float:
        """Our Unix time."""
        return self.clock.wall() + self.skew

    def until(self) -> float:
        """A moment far enough away."""
        return self.clock.real() + 1800.0

    # Ways to sign in

    def token(self, token: str = credentials.TOKEN) -> Login:
        """A token that was given."""
        return GivenToken(token)

    def password(self, **changes: t.Any) -> Login:
        """A login by password."""
        settings = {
            "username": credentials.USER,
            "password": credentials.PASSWORD,
            "user_domain_name": credentials.DOMAIN,
            "region": credentials.REGION,
        }
        return Password(Settings(**{**settings, **changes}), self.url, self.environment)

    def keys(self, secret_key: str = credentials.SECRET_KEY) -> Login:
        """Permanent keys."""
        settings = Settings(access_key=credentials.ACCESS_KEY, secret_key=secret_key)
        return Keys(settings, ServiceClock(self.environment))

    def temporary_keys(self) -> Login:
        """Temporary keys that were given."""
        settings = Settings(
            access_key=credentials.TEMPORARY_ACCESS_KEY,
            secret_key=credentials.TEMPORARY_SECRET_KEY,
            security_token=credentials.SECURITY_TOKEN,
        )
        return Keys(settings, ServiceClock(self.environment))

    def agency(self, path: str = "/openstack/latest/securitykey") -> Login:
        """Temporary keys of the cloud server's agency."""
        return AgencyKeys(self.environment, self.url + path)

    # Sources

    def huaweicloud(
        self,
        login: Login | None = None,
        title: str = IMS.title,
        project_id: str | None = credentials.PROJECT_ID,
        project_name: str | None = credentials.REGION,
    ) -> HuaweiCloud:
        """A client of one service of Huawei Cloud."""
        return HuaweiCloud(
            self.http,
            login or self.token(),
            title=title,
            base_url=self.url,
            auth_url=self.url,
            project_id=project_id,
            project_name=project_name,
            now=self.now,
            slow_down=self.pace.slow_down,
        )

    def jobs(self, service: RestService = IMS, login: Login | None = None, **options: t.Any) -> JobSource:
        """Jobs one by one."""
        return JobSource(service, self.huaweicloud(login, service.title, **options))

    def requests(self, login: Login | None = None) -> RequestSource:
        """CPH jobs by their requests."""
        assert CPH.request_list is not None
        return RequestSource(CPH, CPH.request_list, self.huaweicloud(login, CPH.title))

    def cph_jobs(self, login: Login | None = None) -> JobSourceByRequest:
        """CPH jobs by their ids, learning their requests."""
        return JobSourceByRequest(self.jobs(CPH, login), self.requests(login))

    def ucloud(self, **changes: t.Any) -> UCloud:
        """A client of UCloud."""
        settings = {
            "public_key": credentials.UCLOUD_PUBLIC_KEY,
            "private_key": credentials.UCLOUD_PRIVATE_KEY,
            "region": credentials.UCLOUD_REGION,
            "project_id": credentials.UCLOUD_PROJECT_ID,
        }
        return UCloud(
            self.http, UCloudSettings(**{**settings, **changes}), title=UPHONE.title, url=self.url, now=self.now
        )

    def uphone(self, states: t.Sequence[str] = (), job_types: t.Sequence[str] = (), **changes: t.Any) -> ActionSource:
        """UPhone jobs."""
        return ActionSource(UPHONE, self.ucloud(**changes), {"CityId": None, "ProductType": None}, states, job_types)

    # Looking and waiting

    def look(self, source: Source, keys: t.Sequence[str], kind: WaitFor = WaitFor.JOBS) -> Outcome:
        """Look once."""
        return self.wait(source, keys, until=None, kind=kind)

    def wait(
        self,
        source: Source,
        keys: t.Sequence[str],
        until: str | None = "finished",
        kind: WaitFor = WaitFor.JOBS,
        **options: t.Any,
    ) -> Outcome:
        """Wait with the engine itself; its calls are made one after the other."""
        wanted = Options(until=UNTIL[until] if until else None, **options)
        return Wait(keys, kind, wanted, InTurn(source, self.clock), self.clock.real, lambda: 0.5).run()


class InTurn:
    """Calls that are made at once, one after the other; the clock stands still meanwhile."""

    def __init__(self, source: Source, clock: ManualClock) -> None:
        self._source = source
        self._clock = clock
        self._answers: list[Answer] = []

    @property
    def provider(self) -> str:
        return self._source.provider

    @property
    def batch_size(self) -> int:
        return self._source.batch_size

    @property
    def window(self) -> int:
        return self._source.window

    @property
    def workers(self) -> int:
        return self._source.workers

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        return self._source.batch(keys)

    def submit(self, call: int, keys: t.Sequence[str], until: float) -> None:
        try:
            self._answers.append(Answer(call, self._source.fetch(keys, until)))
        except JobsError as exc:
            self._answers.append(Answer(call, {}, exc))

    def collect(self, until: float) -> t.Sequence[Answer]:
        if not self._answers and until > self._clock.real():
            self._clock.advance(until - self._clock.real())
        answers, self._answers = self._answers, []
        return answers


def operations(cloud: Cloud) -> dict[str, int]:
    """How many requests of each operation the cloud got."""
    return dict(cloud.log.counts()["operations"])
