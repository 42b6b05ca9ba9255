# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client for UCloud: signed actions, and what a refusal means."""

from __future__ import annotations

import typing as t
from urllib.parse import urlencode

from ansible_collections.cloudwait.jobs.plugins.module_utils.answers import decode, plain, words
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import (
    AuthenticationError,
    InvalidError,
    JobsError,
    PermissionDeniedError,
    ServiceError,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import TRANSIENT_STATUS, Http, Response
from ansible_collections.cloudwait.jobs.plugins.module_utils.mask import mask_body
from ansible_collections.cloudwait.jobs.plugins.module_utils.parse import INTEGER
from ansible_collections.cloudwait.jobs.plugins.module_utils.ucloud.credentials import Settings
from ansible_collections.cloudwait.jobs.plugins.module_utils.ucloud.signing import flatten, sign

DEFAULT_ENDPOINT = "https://api.ucloud.cn"
# RetCode (API reference "Common Error Codes"): try again later; wrong credentials; not allowed; a mistake of ours.
TRY_AGAIN = frozenset({110, 130, 150, 153})
REFUSES_LOGIN = frozenset({170, 171, 172, 174})
DENIES = frozenset({293, 294, 295, 299})
MISTAKES = frozenset({160, 161, 292})


class UCloud:
    """Sends signed actions. Used by one thread."""

    def __init__(self, http: Http, settings: Settings, *, title: str, url: str, now: t.Callable[[], float]) -> None:
        self._http = http
        self._settings = settings
        self._title = title
        self._url = f"{url}/"
        self._now = now
        self._refused: JobsError | None = None

    def call(self, action: str, params: t.Mapping[str, t.Any], until: float) -> dict[str, t.Any]:
        """The answer to an action.

        Raises JobsError, transient where the same action may succeed later.
        """
        if self._refused is not None:
            raise self._refused
        settings = self._settings
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
        response = self._http.send("POST", self._url, headers, urlencode(form).encode(), until)
        response = mask_body(
            response, [secret for secret in (form["Signature"], settings.public_key, settings.security_token) if secret]
        )
        answer, code = self._read(response)
        if code != 0:
            raise self._error(code, words(answer.get("Message")), response)
        return answer

    def _read(self, response: Response) -> tuple[dict[str, t.Any], int]:
        """The answer and its RetCode; an HTTP error carries either, or comes from a gateway."""
        wait = response.retry_after(self._now())
        transient = response.status in TRANSIENT_STATUS
        try:
            answer = decode(response.body)
        except ValueError as exc:
            if response.status == 200 or transient:
                raise ServiceError(
                    f"{self._title} answers HTTP {response.status} with a body that is not JSON ({exc}).",
                    transient=True,
                    wait=wait,
                ) from None
            answer = None
        code = plain(answer.get("RetCode")) if isinstance(answer, dict) else None
        if code is not None and INTEGER.fullmatch(code) and (response.status == 200 or int(code) != 0):
            return answer, int(code)
        raise ServiceError(
            f"{self._title} answers HTTP {response.status} without a RetCode; check the option endpoint.",
            transient=transient or response.status == 200,
            wait=wait,
        )

    def _error(self, code: int, message: str | None, response: Response) -> JobsError:
        text = f"{self._title} answers RetCode {code}{f', {message}'.rstrip('. ') if message else ''}"
        if code in REFUSES_LOGIN:
            self._refused = AuthenticationError(
                f"{text}; check public_key and private_key (or security_token), and that they belong together.",
                code=str(code),
            )
            return self._refused
        if code in DENIES:
            return PermissionDeniedError(
                f"{text}; the account may not query these jobs: check its permissions, region and project_id.",
                code=str(code),
            )
        if code in MISTAKES:
            return InvalidError(f"{text}; check project_id and region.", code=str(code))
        transient = code in TRY_AGAIN or response.status in TRANSIENT_STATUS
        wait = response.retry_after(self._now()) if transient else None
        text += "" if transient else "; look the code up in UCloud's reference"
        return ServiceError(f"{text}.", code=str(code), transient=transient, wait=wait)
