# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client for Huawei Cloud: signed GET requests, the project they go to, and what a refusal means."""

from __future__ import annotations

import re
import threading
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.answers import decode, error_in, plain, values
from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import Trouble
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import (
    AuthenticationError,
    InvalidError,
    JobsError,
    NotFoundError,
    PermissionDeniedError,
    ServiceError,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import TRANSIENT_STATUS, Http, Response
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.login import (
    Login,
    login_error,
    query_projects,
    read_json,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.signing import percent_encode
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import JobError
from ansible_collections.cloudwait.jobs.plugins.module_utils.mask import mask_body
from ansible_collections.cloudwait.jobs.plugins.module_utils.parse import NO_ERROR

# The gateway's codes (API Gateway, "Error Codes"), without their prefix APIGW. or APIG.
GATEWAY = re.compile(r"APIG(?:W)?\.(\d{4})", re.ASCII)
GATEWAY_NO_SUCH_API = frozenset({"0101", "0103"})
GATEWAY_REFUSES_LOGIN = frozenset({"0301", "0303", "0305", "0307"})
GATEWAY_DENIES = frozenset({"0302", "0304", "0306", "0310", "0401", "0402", "0404", "0801", "0802"})
GATEWAY_THROTTLES = "0308"
SECRET_HEADERS = ("X-Auth-Token", "X-Security-Token", "Authorization")
# A code such as CPS.0005 also occurs as CPS0005.
UNDOTTED = re.compile(r"([A-Z]{2,5})(\d{4,5})", re.ASCII)
THROTTLE = re.compile(r"limit:(\d{1,6}),time:(\d{1,4}) ?(second|minute|hour|day)", re.ASCII | re.IGNORECASE)
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


class HuaweiCloud:
    """Sends signed requests to one service of one project. Used by several threads."""

    def __init__(
        self,
        http: Http,
        login: Login,
        *,
        title: str,
        base_url: str,
        auth_url: str,
        project_id: str | None,
        project_name: str | None,
        now: t.Callable[[], float],
        slow_down: t.Callable[[float], None],
    ) -> None:
        self._http = http
        self._login = login
        self._title = title
        self._base_url = base_url
        self._auth_url = auth_url
        self._project_id = project_id
        self._project_name = project_name
        self._now = now
        self._slow_down = slow_down
        self._lock = threading.Lock()
        self._proven = False
        self._refused: AuthenticationError | None = None

    def get(
        self,
        path: str,
        query: t.Mapping[str, str],
        fill: t.Mapping[str, str],
        codes: t.Mapping[str, Trouble],
        until: float,
    ) -> t.Any:
        """The JSON value that a GET answers.

        `path` and `query` are filled with the project's id and `fill`, each value as one percent-encoded segment.
        Raises JobsError: NotFoundError where the service knows no such job, transient where the same request may
        succeed later.
        """
        project_id = self._project(until)
        filled = {name: percent_encode(value) for name, value in fill.items()}
        filled["project_id"] = percent_encode(project_id)
        url = self._base_url + path.format_map(filled)
        if query:
            url += "?" + "&".join(f"{percent_encode(key)}={value.format_map(filled)}" for key, value in query.items())
        response = self._send(url, project_id, codes, until)
        try:
            value = decode(response.body)
        except ValueError as exc:
            value, nonsense = None, str(exc)
        else:
            nonsense = ""
        if response.status != 200:
            raise self._error(response, error_in(value), codes)
        if nonsense:
            raise ServiceError(f"{self._title} gave an answer that is not JSON ({nonsense}).", transient=True)
        return value

    def error_in(self, value: t.Any, codes: t.Mapping[str, Trouble]) -> JobsError | None:
        """The error that an answer with HTTP 200 holds in place of a job, or None."""
        said = error_in(value)
        if said is None or said.code is None or said.code in NO_ERROR:
            return None
        return self._error(Response(200, {}, b""), said, codes)

    # Signing in

    def _project(self, until: float) -> str:
        with self._lock:
            if self._project_id is None:
                self._project_id = self._login.project_id(until) or self._look_up_project(until)
            if not self._project_id.strip("."):
                # In a path it would be a step upwards.
                raise InvalidError(
                    f"The project's id is {self._project_id!r}, which is made of dots only and can be no id; check the "
                    "option project_id, or the environment variable or file that it comes from."
                )
            return self._project_id

    def _look_up_project(self, until: float) -> str:
        name = self._project_name
        if not name:
            raise InvalidError(
                "The project is not known: give one of the options project_id, project_name and region (or set "
                "HW_PROJECT_ID or HW_REGION_NAME in the environment)."
            )
        if not self._auth_url:
            raise InvalidError(
                "The project cannot be looked up without the address of the identity service: give project_id, or "
                "region, or auth_url."
            )
        response = self._repeat_once(query_projects(self._auth_url, name), None, {}, until)
        value = read_json(response)
        if response.status != 200:
            what = f"The look-up of the project {name} at {self._auth_url}"
            raise login_error(response, value, what, self._now())
        if not isinstance(value, dict) or not isinstance(value.get("projects"), list):
            raise ServiceError(
                f"The look-up of the project {name} at {self._auth_url} gave no list of projects; check auth_url, or "
                "give project_id.",
                transient=value is None,
            )
        found = [plain(project_id) for project_id in values(value, "projects[].id")]
        ids = sorted({project_id for project_id in found if project_id})
        if len(ids) != 1:
            raise InvalidError(
                f"There {'are several projects' if ids else 'is no project'} named {name}"
                f"{' (' + ', '.join(ids[:5]) + ')' if ids else ''}; check region or project_name, or give project_id."
            )
        return ids[0]

    def _send(self, url: str, project_id: str, codes: t.Mapping[str, Trouble], until: float) -> Response:
        if self._proven:
            return self._repeat_once(url, project_id, codes, until)
        # Until one request was accepted, others wait: several at once with a wrong key would lock it.
        with self._lock:
            return self._repeat_once(url, project_id, codes, until)

    def _repeat_once(self, url: str, project_id: str | None, codes: t.Mapping[str, Trouble], until: float) -> Response:
        """Send a request; after a refusal of the login send it once more where that may help."""
        if self._refused is not None:
            raise self._refused
        response, sent = self._exchange(url, project_id, until)
        if self._is_refusal(response, codes):
            if self._login.is_worth_repeating(sent, response):
                response, sent = self._exchange(url, project_id, until)
            if self._is_refusal(response, codes):
                self._refused = self._refusal(response)
                raise self._refused
        self._proven = self._proven or (response.status < 500 and response.status not in (401, 403))
        return response

    def _exchange(self, url: str, project_id: str | None, until: float) -> tuple[Response, dict[str, str]]:
        sent = self._login.headers("GET", url, project_id, until)
        response = self._http.send("GET", url, sent, None, until)
        return mask_body(response, [sent[name] for name in SECRET_HEADERS if name in sent]), sent

    def _is_refusal(self, response: Response, codes: t.Mapping[str, Trouble]) -> bool:
        if response.status not in (401, 403):
            return False
        said = error_in(read_json(response))
        gateway = gateway_code(said)
        if gateway:
            return gateway in GATEWAY_REFUSES_LOGIN
        # A service's own code may say "not found" with 401.
        return response.status == 401 and service_code(said) not in codes

    def _refusal(self, response: Response) -> AuthenticationError:
        said = error_in(read_json(response))
        return AuthenticationError(
            f"{self._title} refuses the credentials with HTTP {response.status}{f' ({said})' if said else ''}; "
            f"{self._login.advice}.",
            code=said.code if said else None,
        )

    # What an error means

    def _error(self, response: Response, said: JobError | None, codes: t.Mapping[str, Trouble]) -> JobsError:
        status = response.status
        known = codes.get(service_code(said))
        gateway = gateway_code(said)
        text = f"{self._title} answers HTTP {status}{f', {said}'.rstrip('. ') if said else ''}"
        wait = response.retry_after(self._now())
        if known is None:
            known = self._trouble(status, gateway)
        if known is Trouble.TRY_AGAIN:
            if gateway == GATEWAY_THROTTLES:
                wait = max(filter(None, (wait, self._throttled(said))), default=None)
            return self._explained(ServiceError, text, said, transient=True, wait=wait)
        if known is Trouble.NOT_FOUND:
            return self._explained(NotFoundError, text, said, about_job=True)
        if known is Trouble.NOT_ALLOWED:
            text += "; the account may not query these jobs: check its permissions, its state, and the project"
            return self._explained(PermissionDeniedError, text, said)
        if known is Trouble.MISTAKE:
            text += "; check the job's id and the project"
            return self._explained(InvalidError, text, said, about_job=True)
        if gateway in GATEWAY_NO_SUCH_API:
            return self._explained(ServiceError, f"{text}; check region, cloud and endpoint", said)
        if gateway in GATEWAY_REFUSES_LOGIN or status == 401:
            return self._explained(AuthenticationError, f"{text}; check the credentials", said)
        advice = "look the code up in its reference" if said and said.code else "check region, cloud and endpoint"
        return self._explained(ServiceError, f"{text}; {advice}", said, about_job=True)

    def _trouble(self, status: int, gateway: str) -> Trouble | None:
        """What an error means that the service itself gives no known code for."""
        # The gateway's code says more than the HTTP code that comes with it.
        if gateway in GATEWAY_NO_SUCH_API or gateway in GATEWAY_REFUSES_LOGIN:
            return None
        if gateway in GATEWAY_DENIES:
            return Trouble.NOT_ALLOWED
        if gateway == GATEWAY_THROTTLES or gateway.startswith("06") or status in TRANSIENT_STATUS:
            return Trouble.TRY_AGAIN
        if status == 401:
            return None
        if status == 403:
            return Trouble.NOT_ALLOWED
        if status == 404:
            return Trouble.NOT_FOUND
        return Trouble.MISTAKE if 400 <= status < 500 else None

    def _explained(self, kind: type[JobsError], text: str, said: JobError | None, **facts: t.Any) -> JobsError:
        return kind(f"{text}.", code=said.code if said else None, reason=said.message if said else None, **facts)

    def _throttled(self, said: JobError | None) -> float | None:
        """Keep to the limit that a throttle names, such as `limit:200,time:5 minute`; the seconds for one request."""
        match = THROTTLE.search((said.message if said else None) or "")
        if not match or int(match.group(1)) == 0:
            return None
        seconds = int(match.group(2)) * UNITS[match.group(3).lower()] / int(match.group(1))
        if seconds > 0:
            self._slow_down(1 / seconds)
        return seconds


def gateway_code(said: JobError | None) -> str:
    """The four digits of an error of the gateway's own, or an empty text."""
    match = GATEWAY.fullmatch((said.code if said else None) or "")
    return match.group(1) if match else ""


def service_code(said: JobError | None) -> str:
    """An error's code as the services' tables spell it, or an empty text."""
    code = (said.code if said else None) or ""
    undotted = UNDOTTED.fullmatch(code)
    return f"{undotted.group(1)}.{undotted.group(2)}" if undotted else code
