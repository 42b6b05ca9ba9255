# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exceptions of the collection.

CloudwaitError               any failure a user can meet; one full sentence
├── InvalidError             invalid: an option, a variable, a file or the request itself is wrong
├── AuthenticationError      authentication: the service refused the login, the token or the signature
├── PermissionDeniedError    permission: known, but not allowed (also a restricted account)
├── NotFoundError            not_found: the service knows no such job
├── ServiceError             service: the service reported an error of its own, or answered nonsense
└── TransportError           transport: no complete answer arrived (network, TLS, redirect)

`transient`: the same request may succeed later; `wait`: the seconds for which the service asked to be left alone;
`retry_safe`: it is certain that the service has not acted on the request;
`about_job`: the error is about the one job that was asked for, others may still be answered; `reason`: the service's
own words.
"""

from __future__ import annotations

from .job import Failure
from .text import single_line

# Characters of a message, in which texts of the service and ids are quoted.
MAX_MESSAGE = 3000


class CloudwaitError(Exception):
    """A failure that a user can meet. `str()` is one full sentence; `code` is the service's own, if it gave one."""

    kind = "service"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        reason: str | None = None,
        transient: bool = False,
        wait: float | None = None,
        about_job: bool = False,
        retry_safe: bool = False,
    ) -> None:
        super().__init__(single_line(message, MAX_MESSAGE))
        self.code = code
        self.reason = reason
        self.transient = transient
        self.wait = wait
        self.about_job = about_job
        self.retry_safe = retry_safe

    def as_failure(self) -> Failure:
        """Return this error as a result's `failure`."""
        return Failure(self.kind, self.code, str(self))


class InvalidError(CloudwaitError):
    """An option, an environment variable, a file or the request itself is wrong."""

    kind = "invalid"


class AuthenticationError(CloudwaitError):
    """The service refused the login, the token or the signature."""

    kind = "authentication"


class PermissionDeniedError(CloudwaitError):
    """The service knows the caller and does not allow the request."""

    kind = "permission"


class NotFoundError(CloudwaitError):
    """The service knows no such job."""

    kind = "not_found"


class ServiceError(CloudwaitError):
    """The service reported an error of its own, or its answer makes no sense."""

    kind = "service"


class TransportError(CloudwaitError):
    """No complete answer arrived."""

    kind = "transport"
