# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A login by name and password (IAM, or Keystone: POST /v3/auth/tokens)."""

from __future__ import annotations

import json
import math
import threading
import typing as t

from ....http.client import Response
from ....http.json_body import decode_or_none
from ....http.redact import MAX_SECRET, redact
from ....model.errors import CloudwaitError, ServiceError
from ....model.json_path import first
from ....model.text import scalar_text
from ..errors import FIELDS, error_detail, login_error
from ..settings import Settings
from ..signing import Request
from .login import LEAST_LIFETIME, AuthContext, Login, renewal

# Names in the answer to a login.
IN_LOGIN = FIELDS | {"token", "project", "id", "expires_at"}


class Password(Login):
    """A token for a password, renewed when it comes to its end."""

    advice = "it accepts not even the token of a new login: check that auth_url and endpoint belong to the same cloud"

    def __init__(self, settings: Settings, auth_url: str, context: AuthContext) -> None:
        self._settings = settings
        self._url = f"{auth_url}/v3/auth/tokens"
        self._context = context
        self._lock = threading.Lock()
        self._token: str | None = None
        self._project_id: str | None = None
        self._domain_id: str | None = None
        self._renew_at = 0.0
        self._refused_at = -math.inf
        self._refused: CloudwaitError | None = None

    def project_id(self, deadline: float) -> str | None:
        """Return the project of the token's scope."""
        self._current(deadline)
        return self._project_id

    def domain_id(self, deadline: float) -> str | None:
        """Return the domain of the token's project, or of its user."""
        self._current(deadline)
        return self._domain_id

    def headers(self, request: Request, scope: t.Mapping[str, str], deadline: float) -> dict[str, str]:
        """Return the current token."""
        return {"X-Auth-Token": self._current(deadline)}

    def is_worth_repeating(self, sent: t.Mapping[str, str], refusal: Response) -> bool:
        """Return whether the next attempt has another token: not where the last refusal was a moment ago."""
        with self._lock:
            if sent["X-Auth-Token"] == self._token:
                self._token = None
                before, self._refused_at = self._refused_at, self._context.clock()
                return self._refused_at >= before + LEAST_LIFETIME
            return True

    def _current(self, deadline: float) -> str:
        with self._lock:
            if self._token is None or self._context.clock() >= self._renew_at:
                self._token = self._log_in(deadline)
            return self._token

    def _log_in(self, deadline: float) -> str:
        context = self._context
        if self._refused is not None:
            raise self._refused
        body = json.dumps({"auth": self._credentials()}).encode()
        secrets = context.secrets | {str(self._settings.password)}
        response = context.send("POST", self._url, {"Content-Type": "application/json"}, body, deadline)
        value = redact(decode_or_none(response.body), secrets, IN_LOGIN)
        if not response.ok:
            what = f"The login of {self._settings.user} at {self._url}"
            error = login_error(what, context.now, response, error_detail(value), context.origin)
            if not error.transient:
                # Calls under way at once would each try the same password.
                self._refused = error
            raise error
        token = response.headers.get("x-subject-token")
        if not token:
            raise ServiceError(f"The login at {self._url} was answered without a token; check the option auth_url.")
        if len(token) > MAX_SECRET:
            raise ServiceError(
                f"The login at {self._url} was answered with a token of more than {MAX_SECRET // 1024} KiB; check the "
                "option auth_url."
            )
        context.learn(token)
        self._project_id = scalar_text(first(value, ("token.project.id",)))
        self._domain_id = scalar_text(first(value, ("token.project.domain.id", "token.user.domain.id")))
        self._renew_at = context.clock() + renewal(first(value, ("token.expires_at",)), response, context.now())
        return token

    def _credentials(self) -> dict[str, t.Any]:
        settings = self._settings
        domain = _reference(name=settings.user_domain_name, id=settings.user_domain_id)
        user: dict[str, t.Any] = {
            **_reference(id=settings.user_id, name=settings.username),
            "password": settings.password,
        }
        if not settings.user_id:
            user["domain"] = domain
        project: dict[str, t.Any] = {"id": settings.project_id}
        if not settings.project_id:
            own = _reference(name=settings.project_domain_name, id=settings.project_domain_id) or domain
            # IAM finds a project by its name alone, Keystone does not.
            project = {"name": settings.project_name or settings.region, **({"domain": own} if own else {})}
        return {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": {"project": project}}


def _reference(**known: str | None) -> dict[str, str]:
    """Return the first way to name something that is known, as the identity service takes it."""
    return next(({way: value} for way, value in known.items() if value), {})
