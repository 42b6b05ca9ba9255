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
from ...model.errors import AuthenticationError, CloudwaitError, InvalidError, PermissionDeniedError, ServiceError
from ...model.text import display_text, scalar_text
from ...services.kept import KeptAnswers
from ...services.reader import INTEGER
from ..account import Account
from .credentials import Settings
from .signing import flatten, sign

# RetCode (API reference "Common Error Codes"): try again later; wrong credentials; not allowed; a mistake of ours.
TRANSIENT_CODES = frozenset({110, 130, 150, 153})
LOGIN_CODES = frozenset({170, 171, 172, 174})
PERMISSION_CODES = frozenset({293, 294, 295, 299})
INVALID_CODES = frozenset({160, 161, 292})

# Names in every answer.
FIELDS = frozenset(("RetCode", "Action", "Message", "TotalCount"))


@dataclass(frozen=True)
class Exchange:
    """Sends signed actions. Used by several threads.

    `now` is the Unix time in seconds, `secrets` are those of the task, beside those of a request itself; `words` are no
    secrets, whatever they are.
    """

    title: str
    url: str
    settings: Settings
    account: Account
    http_client: HttpClient
    rate_limiter: RateLimiter
    kept: KeptAnswers
    now: t.Callable[[], float]
    secrets: t.AbstractSet[str] = frozenset()
    words: t.AbstractSet[str] = frozenset()

    def call(self, action: str, params: t.Mapping[str, t.Any], deadline: float) -> dict[str, t.Any]:
        """Return the answer to an action, by `deadline` on the clock.

        Raises CloudwaitError, transient where the same action may succeed later.
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
        secrets = lettered((form["Signature"], str(settings.public_key))) | self.secrets
        secrets |= {settings.security_token} if settings.security_token else set()
        # An answer that repeats an id that was asked for is about the same thing.
        words = self.words | FIELDS | set(flatten(params).values())
        with self.account.turn(self.title, deadline):
            body = urlencode(form).encode()
            response = self.http_client.send(self.rate_limiter, "POST", f"{self.url}/", headers, body, deadline)
            answer, code = self._read(response, secrets, words)
            if code != 0:
                raise self._error(code, display_text(answer.get("Message")), response)
        self.account.accept(self.title)
        return answer

    def _read(
        self, response: Response, secrets: t.Iterable[str], words: t.Container[str]
    ) -> tuple[dict[str, t.Any], int]:
        """Return the answer and its RetCode; an HTTP error carries either, or comes from a gateway."""
        wait = response.retry_after(self.now())
        transient = response.status in TRANSIENT_STATUS
        try:
            answer = redact(decode(response.body), secrets, words)
        except ValueError as exc:
            if response.ok or transient:
                raise ServiceError(
                    f"{self.title} answers HTTP {response.status} with a body that is not JSON ({exc}).",
                    transient=True,
                    wait=wait,
                ) from None
            answer = None
        code = scalar_text(answer.get("RetCode")) if isinstance(answer, dict) else None
        if code is not None and INTEGER.fullmatch(code) and (response.ok or int(code) != 0):
            return answer, int(code)
        raise ServiceError(
            f"{self.title} answers HTTP {response.status} without a RetCode; check the option endpoint.",
            transient=transient or response.ok,
            wait=wait,
        )

    def _error(self, code: int, message: str | None, response: Response) -> CloudwaitError:
        text = f"{self.title} answers RetCode {code}{f', {message}'.rstrip('. ') if message else ''}"
        if code in LOGIN_CODES:
            pause = self.account.second_try(self.title)
            return AuthenticationError(
                f"{text}; check public_key and private_key (or security_token), and that they belong together.",
                code=str(code),
                transient=pause is not None,
                wait=pause,
            )
        if code in PERMISSION_CODES:
            return PermissionDeniedError(
                f"{text}; the account may not query these jobs: check its permissions, region and project_id.",
                code=str(code),
            )
        if code in INVALID_CODES:
            return InvalidError(f"{text}; check project_id and region.", code=str(code))
        transient = code in TRANSIENT_CODES or response.status in TRANSIENT_STATUS
        wait = response.retry_after(self.now()) if transient else None
        text += "" if transient else "; look the code up in UCloud's reference"
        return ServiceError(f"{text}.", code=str(code), transient=transient, wait=wait)
