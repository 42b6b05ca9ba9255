# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to sign in to Huawei Cloud: what each adds to a request, and what it does when it is refused."""

from __future__ import annotations

import datetime as dt
import json
import threading
import typing as t
from urllib.parse import quote

from ansible_collections.cloudwait.jobs.plugins.module_utils.answers import decode, error_in, plain, values
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import (
    AuthenticationError,
    InvalidError,
    JobsError,
    PermissionDeniedError,
    ServiceError,
    TransportError,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import TRANSIENT_STATUS, Http, Response, http_date
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.credentials import Settings
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.signing import sign
from ansible_collections.cloudwait.jobs.plugins.module_utils.mask import mask_body
from ansible_collections.cloudwait.jobs.plugins.module_utils.times import Clock, read_time

# A token, or a temporary key, this near to its end is renewed beforehand; in seconds.
RENEW_BEFORE = 300.0
# What does not say when it ends is renewed as if it lived for an hour; in seconds.
ASSUMED_LIFETIME = 3600.0
# A signature's date may be wrong by 15 minutes; a clock that is off by less than this is not the reason for a refusal.
CLOCK_TOLERANCE = 60.0
SIGNATURE_DATE = "%Y%m%dT%H%M%SZ"
AGENCY_URL = "http://169.254.169.254/openstack/latest/securitykey"
AGENCY_TIMEOUT = 3.0


class Environment(t.NamedTuple):
    """What a login needs of the outside: `clock` is monotonic, `now` the Unix time, both in seconds.

    `learn` is told every secret that is obtained on the way, `warn` what the user should know.
    """

    http: Http
    clock: t.Callable[[], float]
    now: t.Callable[[], float]
    learn: t.Callable[[str], None]
    warn: t.Callable[[str], None]


class Login(t.Protocol):
    """A way to sign in. Used by several threads."""

    @property
    def advice(self) -> str:
        """What to do when it is refused, as the end of a sentence."""

    def project_id(self, until: float) -> str | None:
        """The project that the login itself is bound to, if it says so."""

    def headers(self, method: str, url: str, project_id: str | None, until: float) -> dict[str, str]:
        """What signs a request."""

    def is_worth_repeating(self, sent: t.Mapping[str, str], refusal: Response) -> bool:
        """After a refusal: whether the same request, signed anew, may be accepted."""


class GivenToken:
    """A token that the user obtained; nothing can renew it."""

    advice = "the token has expired, was revoked, or belongs to another cloud: get a new one for the option token"

    def __init__(self, token: str) -> None:
        self._token = token

    def project_id(self, until: float) -> str | None:
        """A token does not tell its project."""
        return None

    def headers(self, method: str, url: str, project_id: str | None, until: float) -> dict[str, str]:
        """The token, as it is."""
        return {"X-Auth-Token": self._token}

    def is_worth_repeating(self, sent: t.Mapping[str, str], refusal: Response) -> bool:
        """Never: it would be the same token."""
        return False


class Password:
    """A login by name and password (IAM, or Keystone: POST /v3/auth/tokens), renewed when it comes to its end."""

    advice = "it accepts not even the token of a new login: check that auth_url and endpoint belong to the same cloud"

    def __init__(self, settings: Settings, auth_url: str, environment: Environment) -> None:
        self._settings = settings
        self._url = f"{auth_url}/v3/auth/tokens"
        self._environment = environment
        self._lock = threading.Lock()
        self._token: str | None = None
        self._project_id: str | None = None
        self._renew_at = 0.0
        self._refused: JobsError | None = None

    def project_id(self, until: float) -> str | None:
        """The project of the token's scope."""
        self._current(until)
        return self._project_id

    def headers(self, method: str, url: str, project_id: str | None, until: float) -> dict[str, str]:
        """The current token."""
        return {"X-Auth-Token": self._current(until)}

    def is_worth_repeating(self, sent: t.Mapping[str, str], refusal: Response) -> bool:
        """Once per token: a second refusal in a row will not get better."""
        with self._lock:
            if sent["X-Auth-Token"] == self._token:
                self._token = None
        return True

    def _current(self, until: float) -> str:
        with self._lock:
            if self._token is None or self._environment.clock() >= self._renew_at:
                self._token = self._log_in(until)
            return self._token

    def _log_in(self, until: float) -> str:
        environment = self._environment
        if self._refused is not None:
            raise self._refused
        body = json.dumps({"auth": {"identity": self._identity(), "scope": self._scope()}}).encode()
        response = environment.http.send("POST", self._url, {"Content-Type": "application/json"}, body, until)
        response = mask_body(response, [str(self._settings.password)])
        value = read_json(response)
        if response.status != 201:
            what = f"The login of {self._settings.username} at {self._url}"
            error = login_error(response, value, what, environment.now())
            if not error.transient:
                # Calls under way at once would each try the same password.
                self._refused = error
            raise error
        token = response.headers.get("x-subject-token")
        if not token:
            raise ServiceError(f"The login at {self._url} was answered without a token; check the option auth_url.")
        environment.learn(token)
        scope = values(value, "token.project.id")
        self._project_id = plain(scope[0]) if scope else None
        expires_at = next(iter(values(value, "token.expires_at")), None)
        self._renew_at = environment.clock() + renewal(expires_at, response, environment.now())
        return token

    def _identity(self) -> dict[str, t.Any]:
        settings = self._settings
        user: dict[str, t.Any] = {"name": settings.username, "password": settings.password}
        user["domain"] = {"name": settings.user_domain_name}
        return {"methods": ["password"], "password": {"user": user}}

    def _scope(self) -> dict[str, t.Any]:
        settings = self._settings
        if settings.project_id:
            return {"project": {"id": settings.project_id}}
        name = settings.project_name or settings.region
        return {"project": {"name": name, "domain": {"name": settings.user_domain_name}}}


class ServiceClock:
    """The time of signatures: this machine's, until the service refuses it. Used by several threads."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._lock = threading.Lock()
        # The service's Unix time, and our monotonic clock at that moment, in seconds.
        self._learnt: tuple[float, float] | None = None

    def now(self) -> float:
        """The Unix time in seconds."""
        if self._learnt is None:
            return self._environment.now()
        # The machine's own time may be set right in the meantime, and must not be corrected twice.
        theirs, moment = self._learnt
        return theirs + self._environment.clock() - moment

    def correct(self, signed: float, refusal: Response) -> bool:
        """After a refusal: whether the time at which the request was `signed` was the likely reason, and is right now.

        The time is corrected once; a second time the reason would be another.
        """
        theirs = http_date(refusal.headers.get("date", ""))
        if theirs is None or abs(theirs - signed) <= CLOCK_TOLERANCE:
            return False
        with self._lock:
            offset = theirs - self.now()
            if abs(offset) <= CLOCK_TOLERANCE:
                # Another thread's refusal has corrected it since.
                return True
            if self._learnt is not None:
                return False
            self._learnt = (theirs, self._environment.clock())
        self._environment.warn(
            f"The clock of this machine is {abs(offset):.0f} seconds {'behind' if offset > 0 else 'ahead of'} the "
            "service's, which refused a signature for it; the service's time is used for the rest of this task. Set "
            "the clock of this machine."
        )
        return True


class Keys:
    """Requests signed with an access key and a secret key, permanent or temporary."""

    advice = (
        "check access_key and secret_key (with temporary keys also security_token, and whether they have expired), and "
        "that they belong to this cloud; they are not tried again, since the cloud locks a key after five refusals"
    )

    def __init__(self, settings: Settings, clock: ServiceClock) -> None:
        self._access_key = str(settings.access_key)
        self._secret_key = str(settings.secret_key)
        self._security_token = settings.security_token
        self._clock = clock

    def project_id(self, until: float) -> str | None:
        """Keys belong to no project."""
        return None

    def headers(self, method: str, url: str, project_id: str | None, until: float) -> dict[str, str]:
        """The signature, and what it covers."""
        moment = dt.datetime.fromtimestamp(self._clock.now(), dt.timezone.utc)
        headers = {"X-Sdk-Date": moment.strftime(SIGNATURE_DATE)}
        if project_id:
            headers["X-Project-Id"] = project_id
        if self._security_token:
            headers["X-Security-Token"] = self._security_token
        headers["Authorization"] = sign(method, url, headers, self._access_key, self._secret_key)
        return headers

    def is_worth_repeating(self, sent: t.Mapping[str, str], refusal: Response) -> bool:
        """Only where our clock is the likely reason: the fifth refusal in a row locks the key."""
        signed = dt.datetime.strptime(sent["X-Sdk-Date"], SIGNATURE_DATE).replace(tzinfo=dt.timezone.utc)
        return self._clock.correct(signed.timestamp(), refusal)


class AgencyKeys:
    """Temporary keys of a cloud server's agency, from the server's metadata address, renewed before they end."""

    advice = "check that the agency of this cloud server may query these jobs, and that the jobs are in the same cloud"

    def __init__(self, environment: Environment, url: str = AGENCY_URL) -> None:
        self._environment = environment
        self._url = url
        self._clock = ServiceClock(environment)
        self._lock = threading.Lock()
        self._keys: Keys | None = None
        self._renew_at = 0.0

    def project_id(self, until: float) -> str | None:
        """Keys belong to no project."""
        return None

    def headers(self, method: str, url: str, project_id: str | None, until: float) -> dict[str, str]:
        """The signature by the current keys."""
        return self._current(until).headers(method, url, project_id, until)

    def is_worth_repeating(self, sent: t.Mapping[str, str], refusal: Response) -> bool:
        """As for permanent keys."""
        return self._keys is not None and self._keys.is_worth_repeating(sent, refusal)

    def _current(self, until: float) -> Keys:
        with self._lock:
            if self._keys is None or self._environment.clock() >= self._renew_at:
                self._keys = self._fetch(until)
            return self._keys

    def _fetch(self, until: float) -> Keys:
        environment = self._environment
        end = min(until, environment.clock() + AGENCY_TIMEOUT)
        try:
            response = environment.http.send("GET", self._url, {}, None, end)
        except TransportError as exc:
            # Where it never answered there is nothing to wait for: this is no server of that cloud.
            raise TransportError(
                "The metadata address that use_agency takes temporary keys from gives no answer "
                f"({str(exc).rstrip('.')}); it exists only on servers of Huawei Cloud.",
                transient=self._keys is not None,
            ) from None
        answer = read_json(response)
        access, secret, token, expires_at = (
            next((plain(value) for value in values(answer, f"credential.{name}")), None)
            for name in ("access", "secret", "securitytoken", "expires_at")
        )
        if response.status != 200 or not (access and secret and token):
            raise InvalidError(
                f"The cloud server's metadata address answers HTTP {response.status} without temporary keys; "
                "use_agency needs a server of Huawei Cloud with an agency that may query these jobs."
            )
        for text in (access, secret, token):
            environment.learn(text)
        self._renew_at = environment.clock() + renewal(expires_at, response, environment.now())
        return Keys(Settings(access_key=access, secret_key=secret, security_token=token), self._clock)


def renewal(expires_at: t.Any, response: Response, now: float) -> float:
    """Seconds after which something that ends at `expires_at`, as its answer says, is to be renewed.

    `now` is our Unix time in seconds, for an answer without a `Date`: the server's own clock is the better one.
    """
    expires = read_time(expires_at, Clock.UTC)
    lifetime = expires.seconds - (http_date(response.headers.get("date", "")) or now) if expires else 0.0
    if lifetime <= 0:
        # Not told, or told by a clock that is wrong: it was good enough to be given out.
        lifetime = ASSUMED_LIFETIME
    return max(lifetime - RENEW_BEFORE, lifetime / 2)


def read_json(response: Response) -> t.Any:
    """The JSON value of an answer, or None where it is none."""
    try:
        return decode(response.body)
    except ValueError:
        return None


def login_error(response: Response, value: t.Any, what: str, now: float) -> JobsError:
    """What a refused login, or project look-up, means; `what` begins the sentence, `now` is our Unix time."""
    said = error_in(value)
    text = f"{what} was refused with HTTP {response.status}{f' ({said})' if said else ''}"
    code = said.code if said else None
    if response.status in TRANSIENT_STATUS:
        return ServiceError(f"{text}.", code=code, transient=True, wait=response.retry_after(now))
    if response.status == 401:
        return AuthenticationError(f"{text}; check username, password and user_domain_name, and auth_url.", code=code)
    if response.status == 403:
        return PermissionDeniedError(
            f"{text}; the account may not do that: check its permissions, or give project_id.", code=code
        )
    if response.status >= 500:
        return ServiceError(f"{text}; check auth_url.", code=code)
    return InvalidError(f"{text}; check auth_url, user_domain_name, and project_id, project_name or region.", code=code)


def query_projects(auth_url: str, name: str) -> str:
    """The URL that looks up a project by its name (IAM and Keystone: GET /v3/projects)."""
    return f"{auth_url}/v3/projects?name={quote(name, safe='~')}"
