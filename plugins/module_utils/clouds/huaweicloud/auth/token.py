# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token that the user obtained."""

from __future__ import annotations

import typing as t

from ..signing import Request
from .login import Login


class GivenToken(Login):
    """A token that nothing can renew."""

    advice = "the token has expired, was revoked, or belongs to another cloud: get a new one for the option token"

    def __init__(self, token: str) -> None:
        self._token = token

    def headers(self, request: Request, scope: t.Mapping[str, str], deadline: float) -> dict[str, str]:
        """Return the token, as it is."""
        return {"X-Auth-Token": self._token}
