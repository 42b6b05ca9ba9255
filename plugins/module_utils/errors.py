# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exceptions of the collection.

JobsError                    any failure a user can meet; one full sentence
├── InvalidError             invalid: an option, a variable, a file or the request itself is wrong
├── AuthenticationError      authentication: the service refused the login, the token or the signature
├── PermissionDeniedError    permission: known, but not allowed (also a restricted account)
├── NotFoundError            not_found: the service knows no such job
├── ServiceError             service: the service reported an error of its own, or answered nonsense
└── TransportError           transport: no complete answer arrived (network, TLS, redirect)

`transient`: the same request may succeed later; `wait`: the seconds for which the service asked to be left alone;
`about_job`: the error is about the one job that was asked for, others may still be answered; `reason`: the service's
own words.
"""

from __future__ import annotations

import re

from ansible_collections.cloudwait.jobs.plugins.module_utils.job import Failure

# Control characters, ends of lines, and what turns the direction of a text round, so that it reads as another one.
NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


def one_line(text: str) -> str:
    """A text that quotes an id, a file's name or a variable, which can hold what no line, and no text, can."""
    return NOT_IN_A_LINE.sub(" ", text).encode("utf-8", "backslashreplace").decode()


class JobsError(Exception):
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
    ) -> None:
        super().__init__(one_line(message))
        self.code = code
        self.reason = reason
        self.transient = transient
        self.wait = wait
        self.about_job = about_job

    def as_failure(self) -> Failure:
        """This error as a result's `failure`."""
        return Failure(self.kind, self.code, str(self))


class InvalidError(JobsError):
    """An option, an environment variable, a file or the request itself is wrong."""

    kind = "invalid"


class AuthenticationError(JobsError):
    """The service refused the login, the token or the signature."""

    kind = "authentication"


class PermissionDeniedError(JobsError):
    """The service knows the caller and does not allow the request."""

    kind = "permission"


class NotFoundError(JobsError):
    """The service knows no such job."""

    kind = "not_found"


class ServiceError(JobsError):
    """The service reported an error of its own, or its answer makes no sense."""

    kind = "service"


class TransportError(JobsError):
    """No complete answer arrived."""

    kind = "transport"
