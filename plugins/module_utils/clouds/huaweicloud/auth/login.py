# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A way to sign in to Huawei Cloud: its part of a request, and its answer to a refusal."""

from __future__ import annotations

import typing as t

from ....http.client import Response, http_date
from ....model.times import TimeFormat, read_time
from ..signing import Request

# A token, or a temporary key, this near to its end is renewed beforehand; in seconds.
RENEW_BEFORE = 300.0
# What does not say when it ends is renewed as if it lived for an hour; in seconds.
ASSUMED_LIFETIME = 3600.0
# Where tokens live for seconds, no more logins than this: every poll would make one.
LEAST_LIFETIME = 5.0


# Sends a request at the account's rate: method, URL, headers, body and deadline; see HttpClient.send.
Send = t.Callable[[str, str, t.Mapping[str, str], t.Optional[bytes], float], Response]


class AuthContext(t.NamedTuple):
    """The surroundings of a login: `clock` is monotonic, `now` the Unix time, both in seconds.

    `learn` is told every secret that is obtained on the way, `warn` what the user should know; `secrets` are those of
    the task, `origin` tells where the credentials came from.
    """

    send: Send
    clock: t.Callable[[], float]
    now: t.Callable[[], float]
    learn: t.Callable[[str], None]
    warn: t.Callable[[str], None]
    secrets: t.AbstractSet[str] = frozenset()
    origin: str = ""


class Login:
    """A way to sign in. Used by several threads. `advice`: what to do when it is refused, as the end of a sentence."""

    advice = ""

    def project_id(self, deadline: float) -> str | None:
        """Return the project that the login itself is bound to, if it says so."""
        return None

    def domain_id(self, deadline: float) -> str | None:
        """Return the domain (account) that the login itself belongs to, if it says so."""
        return None

    def headers(self, request: Request, scope: t.Mapping[str, str], deadline: float) -> dict[str, str]:
        """Return the headers that authenticate a request; `scope` are those that name a project or a domain."""
        raise NotImplementedError

    def is_worth_repeating(self, sent: t.Mapping[str, str], refusal: Response) -> bool:
        """Return whether the same request, signed anew, may be accepted after this refusal."""
        return False


def renewal(expires_at: t.Any, response: Response, now: float) -> float:
    """Return the seconds after which something that ends at `expires_at`, as its answer says, is to be renewed.

    `now` is our Unix time in seconds, for an answer without a `Date`: the server's own clock is the better one.
    """
    expires = read_time(expires_at, TimeFormat.UTC)
    lifetime = expires.seconds - (http_date(response.headers.get("date", "")) or now) if expires else 0.0
    if lifetime <= 0:
        # Not told, or told by a clock that is wrong: it was good enough to be given out.
        lifetime = ASSUMED_LIFETIME
    return max(lifetime - RENEW_BEFORE, lifetime / 2, LEAST_LIFETIME)
