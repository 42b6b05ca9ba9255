# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud's gateway: who is calling, and the errors that it answers in the services' place.

Codes and texts: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .credentials import KEY_PAIRS, PROJECTS, KeyPair
from .exchange import Answer, Call
from .signing import canonical_request, huawei_signature, parse_authorization, parse_date

if TYPE_CHECKING:
    from .cloud import Cloud

DATE_TOLERANCE = 15 * 60
FAILURES_UNTIL_LOCK = 5
LOCK_SECONDS = 5 * 60
INCORRECT = "Incorrect IAM authentication information: "


class RefusedError(Exception):
    """The gateway does not let the call through; ``answer`` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body)
        self.answer = answer


@dataclass(frozen=True)
class Caller:
    """Who is calling: the project that the call is bound to, and all those that the caller may ask in."""

    project: str | None
    allowed: frozenset[str]


@dataclass
class KeyState:
    """Failures in a row of one access key, and the Unix time until which it is locked."""

    failures: int = 0
    locked_until: float = 0.0


@dataclass
class Gateway:
    """The gateway's memory of failed authentications, by access key."""

    keys: dict[str, KeyState] = field(default_factory=dict)

    def error(self, cloud: Cloud, status: int, code: str, message: str) -> Answer:
        """Return an error in the gateway's shape."""
        body = {"error_msg": message, "error_code": f"APIGW.{code}", "request_id": cloud.new_request_id()}
        return Answer(status, body)

    def authenticate(self, cloud: Cloud, call: Call) -> Caller:
        """Return who is calling.

        Raises RefusedError.
        """
        token = call.headers.get("X-Auth-Token")
        if token is not None:
            return self._token(cloud, token)
        authorization = call.headers.get("Authorization")
        if authorization is None:
            raise self._refused(cloud, "x-auth-token not found")
        return self._signature(cloud, call, authorization)

    def _refused(self, cloud: Cloud, text: str) -> RefusedError:
        return RefusedError(self.error(cloud, 401, "0301", INCORRECT + text))

    def _token(self, cloud: Cloud, token: str) -> Caller:
        known = cloud.tokens.valid(token, cloud.wall())
        if known is None:
            raise self._refused(cloud, "decrypt token fail")
        return Caller(known.project_id, frozenset({known.project_id} if known.project_id else ()))

    def _signature(self, cloud: Cloud, call: Call, value: str) -> Caller:
        authorization = parse_authorization(value)
        if authorization is None:
            raise self._refused(cloud, "authorization header is malformed")
        state = self.keys.setdefault(authorization.access_key, KeyState())
        if cloud.clock.wall() < state.locked_until:
            raise self._refused(cloud, "AK access failed to reach the limit,forbidden")
        pair = next((pair for pair in KEY_PAIRS if pair.access_key == authorization.access_key), None)
        if pair is None:
            problem: str | None = f"Get secretKey failed,ak:{authorization.access_key},err:ak not exist"
        else:
            problem = check(call, pair, authorization.signed_headers, authorization.signature, cloud.wall())
        if problem is not None:
            state.failures += 1
            if state.failures >= FAILURES_UNTIL_LOCK:
                self.keys[authorization.access_key] = KeyState(0, cloud.clock.wall() + LOCK_SECONDS)
            raise self._refused(cloud, problem)
        state.failures = 0
        own = {project.id for project in PROJECTS}
        named = call.headers.get("X-Project-Id")
        return Caller(named, frozenset(own if named is None else own & {named}))


def check(call: Call, pair: KeyPair, signed: tuple[str, ...], signature: str, wall: float) -> str | None:
    """Return what is wrong with a signature in the gateway's words, None when nothing is.

    Strict where the reference is: names in lower case and sorted, ``Host`` and ``X-Sdk-Date`` signed, and so are
    ``X-Project-Id`` and ``X-Security-Token`` when they are sent.
    """
    date = call.headers.get("X-Sdk-Date", "")
    signed_at = parse_date(date)
    if signed_at is None:
        return "x-sdk-date is missing or malformed"
    required = {"host", "x-sdk-date"}
    required |= {name for name in ("x-project-id", "x-security-token") if name in call.headers}
    if not required <= set(signed):
        return "verify aksk signature fail,unsigned headers: " + ",".join(sorted(required - set(signed)))
    if list(signed) != sorted({name.lower() for name in signed}):
        return "verify aksk signature fail,SignedHeaders must be sorted and in lower case"
    missing = [name for name in signed if name not in call.headers]
    if missing:
        return "verify aksk signature fail,headers not found: " + ",".join(missing)
    if pair.security_token != call.headers.get("X-Security-Token"):
        return "verify aksk signature fail,security token is wrong"
    if not hmac.compare_digest(huawei_signature(pair.secret_key, date, canonical_request(call, signed)), signature):
        return "verify aksk signature fail"
    if abs(wall - signed_at) > DATE_TOLERANCE:
        return f"signature expired,signature time:{date},server time:{int(wall)}"
    return None
