# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The meaning of the error answers of Huawei Cloud: of its gateway, its identity service, and its services."""

from __future__ import annotations

import re
import types
import typing as t

from ...http.client import TRANSIENT_STATUS, Response
from ...model.errors import (
    AuthenticationError,
    CloudwaitError,
    InvalidError,
    NotFoundError,
    PermissionDeniedError,
    ServiceError,
)
from ...model.job import ErrorDetail
from ...model.text import display_text
from ...services.declaration import ErrorClass, ErrorCodes, class_of

# The gateway's codes (API Gateway, "Error Codes"), without their prefix APIGW. or APIG.
GATEWAY = re.compile(r"APIG(?:W)?\.(0\d{3})", re.ASCII)
GATEWAY_NO_SUCH_API = frozenset({"0101", "0103"})
GATEWAY_REFUSES_LOGIN = frozenset({"0301", "0303", "0305", "0307"})
GATEWAY_DENIES = frozenset({"0302", "0304", "0306", "0310", "0401", "0402", "0404", "0801", "0802"})
GATEWAY_THROTTLES = "0308"
# A code such as CPS.0005 also occurs as CPS0005.
UNDOTTED = re.compile(r"([A-Z]{2,5})(\d{4,5})", re.ASCII)
THROTTLE = re.compile(r"limit:(\d{1,6}),time:(\d{1,4}) ?(second|minute|hour|day)", re.ASCII | re.IGNORECASE)
# The names under which errors are told.
FIELDS = frozenset(
    {"error", "error_code", "error_msg", "errCode", "errMsg", "externalMessage", "errorCode", "errorMsg"}
)
FIELDS |= {"errorMessage", "code", "message", "title"}
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


OF_A_QUERY = types.MappingProxyType(
    {
        ErrorClass.NOT_FOUND: "",
        ErrorClass.PERMISSION: (
            "; the account may not query these jobs: check its permissions, its state, and the project"
        ),
        ErrorClass.INVALID: "; check the job's id and the project",
    }
)
OF_A_REQUEST = {
    ErrorClass.NOT_FOUND: "; check the path, and the ids in it",
    ErrorClass.PERMISSION: "; the account may not do this: check its permissions, its state, and the project",
    ErrorClass.INVALID: "; correct the request",
}


def error_detail(value: t.Any) -> ErrorDetail | None:
    """Return code and message of an error body, in any of the spellings that these services use, or None.

    `{error_code, error_msg}`, `{error: {code, message, title}}`, `{errCode, externalMessage or errMsg}`, `{errorCode,
    errorMsg or errorMessage}`, `{code, message}`, and mixtures of them.
    """
    if not isinstance(value, dict):
        return None
    inner = value.get("error")
    spellings = [
        (value.get("error_code"), value.get("error_msg")),
        (inner.get("code"), inner.get("message") or inner.get("title")) if isinstance(inner, dict) else (None, None),
        (value.get("errCode"), value.get("externalMessage") or value.get("errMsg")),
        (value.get("errorCode"), value.get("errorMsg") or value.get("errorMessage")),
        (value.get("code"), value.get("message")),
    ]
    codes = [code for code in (display_text(pair[0]) for pair in spellings) if code]
    messages = [message for message in (display_text(pair[1]) for pair in spellings) if message]
    if not codes and not messages:
        return None
    return ErrorDetail(codes[0] if codes else None, messages[0] if messages else None)


def gateway_code(said: ErrorDetail | None) -> str:
    """Return the four digits of an error of the gateway's own, or an empty text."""
    match = GATEWAY.fullmatch((said.code if said else None) or "")
    return match.group(1) if match else ""


def service_code(said: ErrorDetail | None) -> str:
    """Return an error's code as the declarations spell it, or an empty text."""
    code = (said.code if said else None) or ""
    undotted = UNDOTTED.fullmatch(code)
    return f"{undotted.group(1)}.{undotted.group(2)}" if undotted else code


def is_refusal(response: Response, said: ErrorDetail | None, codes: ErrorCodes) -> bool:
    """Return whether an error refuses the login."""
    known = class_of(codes, service_code(said), response.status)
    if known is ErrorClass.AUTHENTICATION or response.status not in (401, 403):
        return known is ErrorClass.AUTHENTICATION
    gateway = gateway_code(said)
    if gateway:
        return gateway in GATEWAY_REFUSES_LOGIN
    # A service's own code may say "not found" with 401.
    return response.status == 401 and known is None


def throttle_seconds(said: ErrorDetail | None) -> float | None:
    """Return the seconds for one request by a throttle's text, such as `limit:200,time:5 minute`, or None."""
    match = THROTTLE.search((said.message if said else None) or "")
    if gateway_code(said) != GATEWAY_THROTTLES or not match or int(match.group(1)) == 0:
        return None
    return int(match.group(2)) * UNITS[match.group(3).lower()] / int(match.group(1))


def service_error(
    title: str,
    codes: ErrorCodes,
    now: t.Callable[[], float],
    response: Response,
    said: ErrorDetail | None,
    advice: t.Mapping[ErrorClass, str] = OF_A_QUERY,
    containers: t.Mapping[str, str] | None = None,
) -> CloudwaitError:
    """Return what a service's error means; `now` is our Unix time in seconds.

    `advice` says what to do about it, as the end of a sentence; `containers` are codes that say that what an option
    names is not there.
    """
    status = response.status
    gateway = gateway_code(said)
    text = f"{title} answers HTTP {status}{f', {said}'.rstrip('. ') if said else ''}"
    known = class_of(codes, service_code(said), status) or _error_class(status, gateway)

    def explained(kind: type[CloudwaitError], text: str, **facts: t.Any) -> CloudwaitError:
        return kind(f"{text}.", code=said.code if said else None, reason=said.message if said else None, **facts)

    container = (containers or {}).get(service_code(said))
    if container:
        return explained(InvalidError, f"{text}; check the option {container}")
    if known is ErrorClass.TRANSIENT:
        wait, seconds = response.retry_after(now()), throttle_seconds(said)
        if seconds:
            wait = max(wait or 0.0, seconds)
        # The gateway has not let the request through.
        is_throttled = status == 429 or gateway == GATEWAY_THROTTLES
        return explained(ServiceError, text, transient=True, wait=wait, retry_safe=is_throttled)
    if known is ErrorClass.NOT_FOUND:
        return explained(NotFoundError, text + advice[known], about_job=True)
    if known is ErrorClass.PERMISSION:
        return explained(PermissionDeniedError, text + advice[known])
    if known is ErrorClass.INVALID:
        return explained(InvalidError, text + advice[known], about_job=True)
    if gateway in GATEWAY_NO_SUCH_API:
        return explained(ServiceError, f"{text}; check region, cloud and endpoint")
    if known is ErrorClass.AUTHENTICATION or gateway in GATEWAY_REFUSES_LOGIN or status == 401:
        return explained(AuthenticationError, f"{text}; check the credentials")
    way_out = "look the code up in its reference" if said and said.code else "check region, cloud and endpoint"
    return explained(ServiceError, f"{text}; {way_out}", about_job=True)


def _error_class(status: int, gateway: str) -> ErrorClass | None:
    """Return what an error means that the service itself gives no known code for."""
    # The gateway's code says more than the HTTP code that comes with it.
    if gateway in GATEWAY_NO_SUCH_API or gateway in GATEWAY_REFUSES_LOGIN:
        return None
    if gateway in GATEWAY_DENIES:
        return ErrorClass.PERMISSION
    if gateway == GATEWAY_THROTTLES or gateway.startswith("06") or status in TRANSIENT_STATUS:
        return ErrorClass.TRANSIENT
    if status == 401:
        return None
    if status == 403:
        return ErrorClass.PERMISSION
    if status == 404:
        return ErrorClass.NOT_FOUND
    return ErrorClass.INVALID if 400 <= status < 500 else None


def login_error(
    what: str, now: t.Callable[[], float], response: Response, said: ErrorDetail | None, origin: str = ""
) -> CloudwaitError:
    """Return what a refused login, or project look-up, means; `what` begins the sentence, `now` is our Unix time.

    `origin` tells where the credentials came from.
    """
    text = f"{what} was refused with HTTP {response.status}{f' ({said})' if said else ''}"
    code = said.code if said else None
    if response.status in TRANSIENT_STATUS:
        return ServiceError(f"{text}.", code=code, transient=True, wait=response.retry_after(now()))
    if response.status == 401:
        text += "; check username, password and user_domain_name, and auth_url"
        text += f"; the credentials came from {origin}" if origin else ""
        return AuthenticationError(f"{text}.", code=code)
    if response.status == 403:
        return PermissionDeniedError(
            f"{text}; the account may not do that: check its permissions, or give project_id.", code=code
        )
    if response.status >= 500:
        return ServiceError(f"{text}; check auth_url.", code=code)
    return InvalidError(f"{text}; check auth_url, user_domain_name, and project_id, project_name or region.", code=code)
