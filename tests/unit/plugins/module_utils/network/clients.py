# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of an embedded cloud over real HTTP, in a time that passes only when somebody sleeps."""

from __future__ import annotations

import functools
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.account import Account
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.auth.agency import AgencyKeys
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.auth.clock import ServiceClock
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.auth.keys import AccessKeys
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.auth.login import AuthContext, Login
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.auth.password import Password
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.auth.token import GivenToken
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.batch_source import JobSourceByRequest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.cloud import IAM
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.credentials import Settings
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.domain import Domain
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.errors import login_error, service_error
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.exchange import Exchange
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.job_source import JobSource
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.project import Project
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.request_source import RequestSource
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.scope import Scope
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.ucloud.action_source import ActionSource
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.ucloud.credentials import Settings as UCloudSettings
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.ucloud.exchange import Exchange as UCloudExchange
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import JobQuery, Outcome
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import Call, FetchResult, Source, TargetKind
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.tracker import WaitOptions
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.wait import Wait
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.client import HttpClient
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.rate_limit import RateLimiter
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import CloudwaitError
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import UNTIL
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import HuaweiCloudService
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.kept import KeptAnswers
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
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
        self.rate_limiter = RateLimiter(max_rate, clock.real, clock.advance)
        self.http = HttpClient(clock.real, request_timeout=30.0)
        self.accounts: dict[int, Account] = {}
        self.secrets: set[str] = set()
        self.warnings: list[str] = []
        self.send = functools.partial(self.http.send, self.rate_limiter)
        self.context = AuthContext(self.send, clock.real, self.now, self.secrets.add, self.warnings.append)

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
        return Password(Settings(**{**settings, **changes}), self.url, self.context)

    def keys(self, secret_key: str = credentials.SECRET_KEY) -> Login:
        """Permanent keys."""
        settings = Settings(access_key=credentials.ACCESS_KEY, secret_key=secret_key)
        return AccessKeys(settings, ServiceClock(self.context))

    def temporary_keys(self) -> Login:
        """Temporary keys that were given."""
        settings = Settings(
            access_key=credentials.TEMPORARY_ACCESS_KEY,
            secret_key=credentials.TEMPORARY_SECRET_KEY,
            security_token=credentials.SECURITY_TOKEN,
        )
        return AccessKeys(settings, ServiceClock(self.context))

    def agency(self, path: str = "/openstack/latest/securitykey") -> Login:
        """Temporary keys of the cloud server's agency."""
        return AgencyKeys(self.context, self.url + path)

    # Sources

    def exchange(self, service: HuaweiCloudService = IMS, login: Login | None = None) -> Exchange:
        """Signed requests to one service of Huawei Cloud."""
        error_of = functools.partial(service_error, service.title, service.codes, self.now)
        return self._exchange(service.title, service.codes, error_of, login or self.token())

    def _exchange(self, title: str, codes: t.Any, error_of: t.Any, login: Login) -> Exchange:
        account = self.accounts.setdefault(id(login), Account(self.clock.real))
        return Exchange(title, codes, error_of, self.url, login, account, self.http, self.rate_limiter, KeptAnswers())

    def project(
        self,
        login: Login | None = None,
        project_id: str | None = credentials.PROJECT_ID,
        project_name: str | None = credentials.REGION,
    ) -> Project:
        """The project that is asked in."""
        error_of = functools.partial(login_error, f"The look-up of the project {project_name} at {self.url}", self.now)
        return Project(project_id, project_name, self._exchange(IAM, {}, error_of, login or self.token()))

    def jobs(self, service: HuaweiCloudService = IMS, login: Login | None = None, **project: t.Any) -> JobSource:
        """Jobs one by one."""
        login = login or self.token()
        chosen = self.project(login, **project)
        return JobSource(service, self.exchange(service, login), Scope(chosen, Domain(None, None, chosen.iam)))

    def requests(self, login: Login | None = None) -> RequestSource:
        """CPH jobs by their requests."""
        assert CPH.batch_query is not None
        login = login or self.token()
        return RequestSource(CPH, CPH.batch_query, self.exchange(CPH, login), self.project(login))

    def cph_jobs(self, login: Login | None = None) -> JobSourceByRequest:
        """CPH jobs by their ids, learning their requests."""
        return JobSourceByRequest(self.jobs(CPH, login), self.requests(login))

    def ucloud(self, **changes: t.Any) -> UCloudExchange:
        """Signed actions of UCloud."""
        settings = {
            "public_key": credentials.UCLOUD_PUBLIC_KEY,
            "private_key": credentials.UCLOUD_PRIVATE_KEY,
            "region": credentials.UCLOUD_REGION,
            "project_id": credentials.UCLOUD_PROJECT_ID,
        }
        chosen = UCloudSettings(**{**settings, **changes})
        account = Account(self.clock.real)
        return UCloudExchange(
            UPHONE.title, UPHONE.codes, self.url, chosen, account, self.http, self.rate_limiter, KeptAnswers(), self.now
        )

    def uphone(self, states: t.Sequence[str] = (), job_types: t.Sequence[str] = (), **changes: t.Any) -> ActionSource:
        """UPhone jobs."""
        options = {"city_id": None, "product_type": None, "states": states, "job_types": job_types}
        return ActionSource(UPHONE, self.ucloud(**changes), options)

    # Polling and waiting

    def poll(self, source: Source, keys: t.Sequence[str], kind: TargetKind = TargetKind.JOBS) -> Outcome:
        """Poll once."""
        return self.wait(source, keys, until=None, kind=kind)

    def wait(
        self,
        source: Source,
        keys: t.Sequence[str],
        until: str | None = "finished",
        kind: TargetKind = TargetKind.JOBS,
        timeout: float = 1800,
        **options: t.Any,
    ) -> Outcome:
        """Wait with the engine itself; its calls are made one after the other."""
        query = JobQuery(source, kind, keys, WaitOptions(until=UNTIL[until] if until else None, **options))
        (outcome,) = Wait([query], timeout, InTurn(self.clock), self.clock.real, lambda: 0.5).run()
        return outcome


class InTurn:
    """Runs calls at once, one after the other; the clock stands still meanwhile."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._results: list[FetchResult] = []

    def submit(self, call: Call) -> None:
        try:
            self._results.append(FetchResult(call, call.source.fetch(call.keys, call.deadline)))
        except CloudwaitError as exc:
            self._results.append(FetchResult(call, {}, exc))

    def collect(self, deadline: float) -> t.Sequence[FetchResult]:
        if not self._results and deadline > self._clock.real():
            self._clock.advance(deadline - self._clock.real())
        results, self._results = self._results, []
        return results


def operations(cloud: Cloud) -> dict[str, int]:
    """How many requests of each operation the cloud got."""
    return dict(cloud.log.counts()["operations"])
