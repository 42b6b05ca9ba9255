# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to sources of jobs: who signs in, at which rate, over which connections, shared within one task."""

from __future__ import annotations

import typing as t

from ..budget.budget import BudgetError, OpenBudget
from ..budget.limiter import SharedRateLimiter
from ..budget.opening import MACHINE, check_budget, secrets_in
from ..engine.source import Source, TargetKind
from ..http.client import HttpClient
from ..http.rate_limit import RateLimiter
from ..model.host import HOST
from ..services.declaration import Service
from ..services.kept import KeptAnswers
from .account import Account
from .answer import Sender
from .options import Spec

Shared = t.TypeVar("Shared")


class Connection:
    """The means of one task to talk to services. Groups that sign in alike share a login, an account and a rate.

    `secrets` is filled with what must not be told, `warnings` with what the user should know; `kept` bounds what the
    task keeps of answers. `clock` never goes back, `now` is the Unix time, both in seconds. `host` runs the task.
    """

    def __init__(
        self,
        secrets: set[str],
        clock: t.Callable[[], float],
        now: t.Callable[[], float],
        sleep: t.Callable[[float], None],
        open_budget: OpenBudget | None = None,
        default_budget: str = MACHINE,
        verbosity: int = 0,
        host: str = HOST,
    ) -> None:
        self.secrets = secrets
        self.warnings: list[str] = []
        self.clock = clock
        self.now = now
        self.host = host
        self.kept = KeptAnswers()
        self._sleep = sleep
        self._open_budget = open_budget
        self._default_budget = default_budget
        self._verbosity = verbosity
        self._limiters: list[RateLimiter] = []
        self._shared: dict[t.Hashable, t.Any] = {}
        self._http_clients: list[HttpClient] = []

    @property
    def requests(self) -> int:
        """The number of requests that were sent."""
        return sum(client.requests for client in self._http_clients)

    def close(self) -> None:
        """Close every connection, and send nothing more."""
        for client in self._http_clients:
            client.close()

    def share(self, key: t.Hashable, make: t.Callable[[], Shared]) -> Shared:
        """Return the one thing of this task that has this key, made when it is asked for first."""
        if key not in self._shared:
            self._shared[key] = make()
        shared: Shared = self._shared[key]
        return shared

    def http_client(self, options: t.Mapping[str, t.Any]) -> HttpClient:
        """Return the client for these options. Raises InvalidError where ca_path names nothing."""
        settings = (options["request_timeout"], options["validate_certs"], options["ca_path"] or None)

        def make() -> HttpClient:
            self._http_clients.append(HttpClient(self.clock, *settings, secrets=self.secrets))
            return self._http_clients[-1]

        return self.share(("http client", settings), make)

    def account(self, credentials: t.Hashable) -> Account:
        """Return what is known of these credentials."""
        return self.share(("account", credentials), lambda: Account(self.clock, credentials))

    @property
    def throttled(self) -> int:
        """The number of requests that services refused for coming too soon."""
        return sum(limiter.throttled for limiter in self._limiters)

    def rate_limiter(self, account: Account, service: str, address: str, options: t.Mapping[str, t.Any]) -> RateLimiter:
        """Return what an account's requests to a service at an address keep to: the lowest rate that any group names.

        Raises InvalidError where the option budget names none.
        """
        max_rate, name = options["max_rate"], options["budget"] or self._default_budget
        check_budget(name)
        self.secrets.update(secrets_in(name))

        def make() -> RateLimiter:
            self._limiters.append(self._limiter(account, (service, address), max_rate, name))
            return self._limiters[-1]

        limiter = self.share(("rate limiter", account, service, address), make)
        limiter.limit_to(max_rate)
        return limiter

    def _limiter(self, account: Account, service: t.Hashable, max_rate: float, name: str) -> RateLimiter:
        try:
            budget = self._open_budget(name, (account.credentials, service)) if self._open_budget else None
        except BudgetError as exc:
            self._warn(f"The budget for requests is not shared, because {exc}.", exc.is_quiet)
            budget = None
        if budget is None:
            return RateLimiter(max_rate, self.clock, self._sleep)
        return SharedRateLimiter(max_rate, self.clock, self._sleep, budget, self._warn)

    def _warn(self, text: str, is_quiet: bool) -> None:
        if (self._verbosity or not is_quiet) and text not in self.warnings:
            self.warnings.append(text)


class Cloud(t.Protocol):
    """What leads to the jobs of one cloud; a module of Python serves as one."""

    def open_source(
        self,
        service: t.Any,
        kind: TargetKind,
        options: t.Mapping[str, t.Any],
        environ: t.Mapping[str, str],
        connection: Connection,
    ) -> Source:
        """Return a source that is asked for jobs by keys of one kind; nothing is sent yet.

        Raises InvalidError where options, environment or files do not say who signs in, or where to.
        """


class Declarations(t.Protocol):
    """What reads the services that users declare in a task by `OPTIONS`; a module of Python serves as one."""

    OPTIONS: Spec

    def declare(self, options: t.Mapping[str, t.Any]) -> Service:
        """Return the declaration that a task's options stand for. Raises InvalidError where they make no sense."""


class Senders(t.Protocol):
    """What sends the requests that users describe in a task by `OPTIONS`; a module of Python serves as one."""

    OPTIONS: Spec

    def open_sender(
        self, options: t.Mapping[str, t.Any], environ: t.Mapping[str, str], connection: Connection
    ) -> Sender:
        """Return what sends the request that a task's options describe; nothing is sent yet.

        Raises InvalidError where they make no sense, or do not say who signs in, or where to.
        """
