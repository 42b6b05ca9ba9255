# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed actions of UCloud, and what its refusals mean."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from urllib.parse import urlencode

from ...http.client import TRANSIENT_STATUS, HttpClient, Response
from ...http.json_body import decode
from ...http.rate_limit import RateLimiter
from ...http.redact import lettered, redact
from ...model.errors import (
    AuthenticationError,
    CloudwaitError,
    InvalidError,
    NotFoundError,
    PermissionDeniedError,
    ServiceError,
)
from ...model.text import display_text, scalar_text, uncoded
from ...services.declaration import ErrorClass, ErrorCodes, class_of
from ...services.kept import KeptAnswers
from ...services.verdict import INTEGER
from ..account import Account
from .settings import Settings
from .signing import flatten, sign

# RetCode (API reference "Common Error Codes"): try again later; wrong credentials; not allowed; a mistake of ours.
TRANSIENT_CODES = frozenset({110, 130, 150, 153})
# The gateway has not let the request through.
THROTTLED = 153
TOO_MANY_REQUESTS = 429
# After these the service may have acted on the request.
UNCLEAR_CODES = frozenset({110, 130, 150})
LOGIN_CODES = frozenset({170, 171, 172, 174})
PERMISSION_CODES = frozenset({293, 294, 295, 299})
INVALID_CODES = frozenset({160, 161, 292})
# Names in every answer.
FIELDS = frozenset(("RetCode", "Action", "Message", "TotalCount"))


class Reply(t.NamedTuple):
    """The answer to an action: without secrets; its RetCode, if it has one, and what that means.

    `secrets` must not be told of the rest of the response.
    """

    response: Response
    answer: dict[str, t.Any]
    code: int | None
    error: CloudwaitError | None
    secrets: t.Collection[str]


@dataclass(frozen=True)
class Exchange:
    """Sends signed actions. Used by several threads.

    `codes` are the service's own RetCodes; `now` is the Unix time in seconds. `secrets` are those of the task, beside
    those of a request itself; `words` are no secrets, whatever they are. `origin` tells where the keys came
    from, in words.
    """

    title: str
    codes: ErrorCodes
    url: str
    settings: Settings
    account: Account
    http_client: HttpClient
    rate_limiter: RateLimiter
    kept: KeptAnswers
    now: t.Callable[[], float]
    secrets: t.AbstractSet[str] = frozenset()
    words: t.AbstractSet[str] = frozenset()
    origin: str = ""

    def call(self, action: str, params: t.Mapping[str, t.Any], deadline: float) -> dict[str, t.Any]:
        """Return the answer to an action, by `deadline` on the clock.

        Raises CloudwaitError, transient where the same action may succeed later.
        """
        reply = self.respond(action, params, deadline)
        if reply.error is not None:
            raise reply.error
        return reply.answer

    def respond(
        self, action: str, params: t.Mapping[str, t.Any], deadline: float, secrets: t.Collection[str] = ()
    ) -> Reply:
        """Return the answer to an action, by `deadline` on the clock, whatever it says.

        `secrets` are values among the parameters that must not be told. Raises CloudwaitError where no answer came.
        """
        settings = self.settings
        form = flatten(
            {
                "Action": action,
                "PublicKey": settings.public_key,
                "Region": settings.region,
                "ProjectId": settings.project_id,
                "SecurityToken": settings.security_token,
                **params,
            }
        )
        form["Signature"] = sign(form, str(settings.private_key))
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        hidden = lettered((form["Signature"], str(settings.public_key))) | self.secrets | set(secrets)
        hidden |= {settings.security_token} if settings.security_token else set()
        # An answer that repeats an id that was asked for is about the same thing.
        words = self.words | FIELDS | (set(flatten(params).values()) - set(secrets))
        with self.account.turn(self.title, deadline):
            body = urlencode(form).encode()
            response = self.http_client.send(self.rate_limiter, "POST", f"{self.url}/", headers, body, deadline)
            reply = self._read(response, hidden, words)
            if isinstance(reply.error, AuthenticationError):
                self.account.refuse(self.title, reply.error)
        if reply.error is None:
            self.account.accept(self.title)
        return reply

    def _read(self, response: Response, secrets: t.Collection[str], words: t.Container[str]) -> Reply:
        """Return the answer with what its RetCode means; an HTTP error carries one, or comes from a gateway."""
        wait = response.retry_after(self.now())
        transient = response.status in TRANSIENT_STATUS
        try:
            answer = redact(decode(response.body), secrets, words)
        except ValueError as exc:
            if response.ok or transient:
                text = f"{self.title} answers HTTP {response.status} with a body that is not JSON ({exc})."
                return Reply(response, {}, None, ServiceError(text, transient=True, wait=wait), secrets)
            answer = None
        code = scalar_text(answer.get("RetCode")) if isinstance(answer, dict) else None
        if code is not None and INTEGER.fullmatch(code) and (response.ok or int(code) != 0):
            number = int(code)
            error = self._error(number, display_text(answer.get("Message")), response) if number else None
            return Reply(response, answer, number, error, secrets)
        error = ServiceError(
            f"{self.title} answers HTTP {response.status} without a RetCode; check the option endpoint.",
            transient=transient or response.ok,
            wait=wait,
        )
        return Reply(response, answer if isinstance(answer, dict) else {}, None, error, secrets)

    def _error(self, code: int, message: str | None, response: Response) -> CloudwaitError:
        said = uncoded(message or "", str(code)).rstrip(". ")
        text = f"{self.title} answers RetCode {code}{f', {said}' if said else ''}"
        known = class_of(self.codes, str(code), response.status)
        if known is ErrorClass.NOT_FOUND:
            return NotFoundError(f"{text}.", code=str(code), reason=message, about_job=True)
        if known is ErrorClass.AUTHENTICATION or (code in LOGIN_CODES and known is None):
            pause = self.account.second_try(self.title)
            text += "; check public_key and private_key (or security_token), and that they belong together"
            text += f"; they came from {self.origin}" if self.origin else ""
            return AuthenticationError(
                f"{text}.",
                code=str(code),
                transient=pause is not None,
                wait=pause,
            )
        if known is ErrorClass.PERMISSION or (known is None and code in PERMISSION_CODES):
            return PermissionDeniedError(
                f"{text}; the account may not do this: check its permissions, region and project_id.",
                code=str(code),
            )
        if known is ErrorClass.INVALID or (known is None and code in INVALID_CODES):
            return InvalidError(f"{text}; check project_id and region.", code=str(code))
        transient = known is ErrorClass.TRANSIENT or code in TRANSIENT_CODES or response.status in TRANSIENT_STATUS
        wait = response.retry_after(self.now()) if transient else None
        text += "" if transient else "; look the code up in UCloud's reference"
        is_throttled = code == THROTTLED or response.status == TOO_MANY_REQUESTS
        if is_throttled:
            self.rate_limiter.throttle()
        return ServiceError(f"{text}.", code=str(code), transient=transient, wait=wait, retry_safe=is_throttled)
