# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Temporary keys of a cloud server's agency."""

from __future__ import annotations

import math
import threading
import typing as t

from ....http.client import Response
from ....http.json_body import decode_or_none
from ....http.redact import MAX_SECRET
from ....model.errors import InvalidError, TransportError
from ....model.json_path import values
from ....model.text import scalar_text
from ..settings import Settings
from ..signing import Request
from .clock import ServiceClock
from .keys import AccessKeys
from .login import LEAST_LIFETIME, AuthContext, Login, renewal

AGENCY_URL = "http://169.254.169.254/openstack/latest/securitykey"
AGENCY_TIMEOUT = 3.0


class AgencyKeys(Login):
    """Keys from the server's metadata address, renewed before they end."""

    advice = "check that the agency of this cloud server may query these jobs, and that the jobs are in the same cloud"

    def __init__(self, context: AuthContext, url: str = AGENCY_URL) -> None:
        self._context = context
        self._url = url
        self._clock = ServiceClock(context)
        self._lock = threading.Lock()
        self._keys: AccessKeys | None = None
        self._renew_at = 0.0
        self._refused_at = -math.inf

    def headers(self, request: Request, scope: t.Mapping[str, str], deadline: float) -> dict[str, str]:
        """Return the signature by the current keys."""
        return self._current(deadline).headers(request, scope, deadline)

    def is_worth_repeating(self, sent: t.Mapping[str, str], refusal: Response) -> bool:
        """Return whether our clock is the likely reason, or other keys are fetched for the next attempt."""
        with self._lock:
            if self._keys is not None and self._keys.is_worth_repeating(sent, refusal):
                return True
            if self._keys is not None and sent.get("X-Security-Token") == self._keys.security_token:
                self._keys = None
                before, self._refused_at = self._refused_at, self._context.clock()
                return self._refused_at >= before + LEAST_LIFETIME
            return True

    def _current(self, deadline: float) -> AccessKeys:
        with self._lock:
            if self._keys is None or self._context.clock() >= self._renew_at:
                self._keys = self._fetch(deadline)
            return self._keys

    def _fetch(self, deadline: float) -> AccessKeys:
        context = self._context
        end = min(deadline, context.clock() + AGENCY_TIMEOUT)
        try:
            response = context.send("GET", self._url, {}, None, end)
        except TransportError as exc:
            # Where it never answered there is nothing to wait for: this is no server of that cloud.
            raise TransportError(
                "The metadata address that use_agency takes temporary keys from gives no answer "
                f"({str(exc).rstrip('.')}); it exists only on servers of Huawei Cloud.",
                transient=self._keys is not None,
            ) from None
        answer = decode_or_none(response.body)
        access, secret, token, expires_at = (
            next((scalar_text(value) for value in values(answer, f"credential.{name}")), None)
            for name in ("access", "secret", "securitytoken", "expires_at")
        )
        is_short = all(len(text or "") <= MAX_SECRET for text in (access, secret, token))
        if not response.ok or not (access and secret and token and is_short):
            raise InvalidError(
                f"The cloud server's metadata address answers HTTP {response.status} without temporary keys; "
                "use_agency needs a server of Huawei Cloud with an agency that may query these jobs."
            )
        for text in (access, secret, token):
            context.learn(text)
        self._renew_at = context.clock() + renewal(expires_at, response, context.now())
        return AccessKeys(Settings(access_key=access, secret_key=secret, security_token=token), self._clock)
