# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tokens that IAM has issued."""

from __future__ import annotations

from dataclasses import dataclass

from .credentials import PROJECT_ID, TOKEN


@dataclass(frozen=True)
class Token:
    """A token: what it is bound to, and the Unix time at which it ends."""

    value: str
    project_id: str | None
    expires_at: float


class Tokens:
    """All tokens by value; the constant one of credentials.py is among them and has no end."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {TOKEN: Token(TOKEN, PROJECT_ID, float("inf"))}
        self._issued = 0

    def issue(self, project_id: str | None, expires_at: float) -> Token:
        """Return a new token; each one differs, and none can be taken for another word."""
        self._issued += 1
        token = Token(f"MIIsimulatedIssuedToken{self._issued:06}of{project_id or 'nothing'}", project_id, expires_at)
        self._tokens[token.value] = token
        return token

    def valid(self, value: str, wall: float) -> Token | None:
        """Return the token while it is valid."""
        token = self._tokens.get(value)
        return token if token is not None and wall < token.expires_at else None

    def revoke(self, value: str | None = None) -> None:
        """Make one token, or all of them, invalid."""
        if value is None:
            self._tokens.clear()
        else:
            self._tokens.pop(value, None)

    @property
    def issued(self) -> int:
        """How many tokens were issued so far: the number of logins."""
        return self._issued

    def values(self) -> list[str]:
        """Return the values of all tokens that were not revoked."""
        return list(self._tokens)
