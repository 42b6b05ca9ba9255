# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed requests to one service of Huawei Cloud, and its answers."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass
from urllib.parse import unquote

from ...http.client import HttpClient, Response
from ...http.json_body import decode
from ...http.rate_limit import RateLimiter
from ...http.redact import lettered, redact
from ...model.errors import AuthenticationError, CloudwaitError, ServiceError
from ...model.job import ErrorDetail
from ...services.declaration import ErrorCodes
from ...services.kept import KeptAnswers
from ...services.reader import NO_ERROR
from ..account import Account
from .auth.login import Login
from .errors import FIELDS, error_detail, is_refusal, throttle_seconds
from .signing import Request


class Reply(t.NamedTuple):
    """The answer to a request. `value`: its JSON value, without secrets; `nonsense`: why it has none.

    `secrets` must not be told of the rest of the response; `refusal`: the login was refused.
    """

    response: Response
    value: t.Any
    nonsense: str
    secrets: t.Collection[str]
    refusal: AuthenticationError | None = None


SECRET_HEADERS = ("X-Auth-Token", "X-Security-Token")
IN_AUTHORIZATION = re.compile(r"\b(?:Access|Signature)=([^,\s]+)")


@dataclass(frozen=True)
class Exchange:
    """Sends requests to one service. Used by several threads.

    `title` names the service in messages, `codes` are its error codes, `error_of` tells what an error means for the
    wait. `secrets` are those of the task, beside those of a request itself; `words` are no secrets, whatever they are.
    `origin` tells where the credentials came from, in words.
    """

    title: str
    codes: ErrorCodes
    error_of: t.Callable[[Response, ErrorDetail | None], CloudwaitError]
    base_url: str
    login: Login
    account: Account
    http_client: HttpClient
    rate_limiter: RateLimiter
    kept: KeptAnswers
    secrets: t.AbstractSet[str] = frozenset()
    words: t.AbstractSet[str] = frozenset()
    region: str | None = None
    origin: str = ""

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
                secrets = self._secrets_of(signed) | set(request.secrets)
                try:
                    value = redact(decode(response.body), secrets, self.words | FIELDS | _asked_for(request))
                    reply = Reply(response, value, "", secrets)
                except ValueError as exc:
                    reply = Reply(response, None, str(exc), secrets)
                if response.ok or response.status in expected:
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
            f"{f' ({said})' if said else ''}{f', which came from {self.origin}' if self.origin else ''}; "
            f"{self.login.advice}.",
            code=said.code if said else None,
            transient=pause is not None,
            wait=pause,
        )

    def _secrets_of(self, signed: t.Mapping[str, str]) -> set[str]:
        """Return what must not be told of an answer: what signed its request, and the secrets of the task."""
        tokens = {signed[name] for name in SECRET_HEADERS if name in signed}
        return lettered(IN_AUTHORIZATION.findall(signed.get("Authorization", ""))) | tokens | self.secrets

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
        error = self.error_of(response, said)
        if error.transient and error.retry_safe:
            self.rate_limiter.throttle()
        return error


def _asked_for(request: Request) -> set[str]:
    """Return what a request says in its address, such as ids: an answer that repeats it is about the same thing."""
    segments = {unquote(segment) for segment in request.path.split("/")}
    return segments.union(*(value.split(",") for _name, value in request.query))
