# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed requests to one service of Huawei Cloud, and its answers."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ...http.client import HttpClient, Response
from ...http.json_body import decode
from ...http.rate_limit import RateLimiter
from ...http.redact import redact
from ...model.errors import AuthenticationError, CloudwaitError, ServiceError
from ...model.job import ErrorDetail
from ...services.declaration import ErrorClass
from ...services.kept import KeptAnswers
from ...services.reader import NO_ERROR
from ..account import Account
from .auth.login import Login
from .errors import error_detail, is_refusal, throttle_seconds
from .signing import Request


class Reply(t.NamedTuple):
    """The answer to a request, without its own secrets.

    `value`: its JSON value; `nonsense`: why it has none; `refusal`: the login was refused.
    """

    response: Response
    value: t.Any
    nonsense: str
    refusal: AuthenticationError | None = None


SECRET_HEADERS = ("X-Auth-Token", "X-Security-Token", "Authorization")


@dataclass(frozen=True)
class Exchange:
    """Sends requests to one service. Used by several threads.

    `title` names the service in messages, `codes` are its error codes, `error_of` tells what an error means for the
    wait.
    """

    title: str
    codes: t.Mapping[str, ErrorClass]
    error_of: t.Callable[[Response, ErrorDetail | None], CloudwaitError]
    base_url: str
    login: Login
    account: Account
    http_client: HttpClient
    rate_limiter: RateLimiter
    kept: KeptAnswers

    def send(self, request: Request, scope: t.Mapping[str, str], deadline: float) -> t.Any:
        """Return the JSON value that a request is answered with, by `deadline` on the clock. Raises CloudwaitError."""
        reply = self.respond(request, scope, deadline)
        if reply.refusal is not None:
            raise reply.refusal
        if not reply.response.ok:
            raise self.error(reply)
        if not reply.response.body:
            raise ServiceError(f"{self.title} answers HTTP {reply.response.status} without a body.", transient=True)
        if reply.nonsense:
            raise ServiceError(f"{self.title} gave an answer that is not JSON ({reply.nonsense}).", transient=True)
        return reply.value

    def respond(
        self, request: Request, scope: t.Mapping[str, str], deadline: float, expected: t.Container[int] = ()
    ) -> Reply:
        """Return the answer to a request, by `deadline` on the clock, whatever it says.

        `scope` are the headers that name the project or the domain. A request whose login was refused is sent once more
        where it may be accepted then, unless its HTTP code is `expected`. Raises CloudwaitError where no answer came.
        """
        with self.account.turn(self.title, deadline):
            for is_last in (False, True):
                try:
                    signed = self.login.headers(request, scope, deadline)
                except CloudwaitError as exc:
                    # Nothing of this request has been sent, or all of it was refused.
                    exc.retry_safe = True
                    raise
                headers, body = {**request.headers, **signed}, request.body or None
                response = self.http_client.send(
                    self.rate_limiter, request.method, request.url, headers, body, deadline, expected
                )
                secrets = [signed[name] for name in SECRET_HEADERS if name in signed]
                response = redact(response, [*secrets, *request.secrets])
                try:
                    reply = Reply(response, decode(response.body), "")
                except ValueError as exc:
                    reply = Reply(response, None, str(exc))
                if response.status not in (401, 403) or response.status in expected:
                    break
                said = error_detail(reply.value)
                if not is_refusal(response, said, self.codes):
                    break
                if is_last or not self.login.is_worth_repeating(signed, response):
                    refusal = self._refusal(response, said, is_last)
                    self.account.refuse(self.title, refusal)
                    return reply._replace(refusal=refusal)
        if response.status < 500 and response.status not in (401, 403):
            self.account.accept(self.title)
        return reply

    def _refusal(self, response: Response, said: ErrorDetail | None, is_last: bool) -> AuthenticationError:
        pause = None if is_last else self.account.second_try(self.title)
        return AuthenticationError(
            f"{self.title} refuses the credentials with HTTP {response.status}"
            f"{f' ({said})' if said else ''}; {self.login.advice}.",
            code=said.code if said else None,
            transient=pause is not None,
            wait=pause,
        )

    def error(self, reply: Reply) -> CloudwaitError:
        """Return what an answer that is no success means."""
        return self._error(reply.response, error_detail(reply.value))

    def error_in(self, value: t.Any) -> CloudwaitError | None:
        """Return the error that an answer with HTTP 200 holds in place of a job, or None."""
        said = error_detail(value)
        if said is None or said.code is None or said.code in NO_ERROR:
            return None
        return self._error(Response(200, {}, b""), said)

    def _error(self, response: Response, said: ErrorDetail | None) -> CloudwaitError:
        seconds = throttle_seconds(said)
        if seconds:
            self.rate_limiter.limit_to(1 / seconds)
        return self.error_of(response, said)
