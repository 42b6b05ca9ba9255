# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests signed with an access key."""

from __future__ import annotations

import datetime as dt
import typing as t

from ....http.client import Response
from ..credentials import Settings
from ..signing import Request, sign
from .clock import ServiceClock
from .login import Login

SIGNATURE_DATE = "%Y%m%dT%H%M%SZ"


class AccessKeys(Login):
    """An access key and a secret key, permanent or temporary."""

    advice = (
        "check access_key and secret_key (with temporary keys also security_token, and whether they have expired), and "
        "that they belong to this cloud; they are not tried again, since the cloud locks a key after five refusals"
    )

    def __init__(self, settings: Settings, clock: ServiceClock) -> None:
        self._access_key = str(settings.access_key)
        self._secret_key = str(settings.secret_key)
        self.security_token = settings.security_token
        self._clock = clock

    def headers(self, request: Request, scope: t.Mapping[str, str], deadline: float) -> dict[str, str]:
        """Return the signature, and what it covers."""
        moment = dt.datetime.fromtimestamp(self._clock.now(), dt.timezone.utc)
        headers = {"X-Sdk-Date": moment.strftime(SIGNATURE_DATE), **scope}
        if self.security_token:
            headers["X-Security-Token"] = self.security_token
        signed = {**request.headers, **headers}
        headers["Authorization"] = sign(request, signed, self._access_key, self._secret_key)
        return headers

    def is_worth_repeating(self, sent: t.Mapping[str, str], refusal: Response) -> bool:
        """Return whether our clock is the likely reason: the fifth refusal in a row locks the key."""
        signed = dt.datetime.strptime(sent["X-Sdk-Date"], SIGNATURE_DATE).replace(tzinfo=dt.timezone.utc)
        return self._clock.correct(signed.timestamp(), refusal)
