# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer to a request that a user wrote, and what sends such a request."""

from __future__ import annotations

import typing as t

from ..http.client import Response
from ..http.redact import redact
from ..http.secret_names import is_secret_name, masked
from ..model.errors import CloudwaitError
from ..model.text import single_line

# What authenticates somebody, beside headers with a secret's name.
AUTHENTICATES = frozenset({"authorization", "cookie", "set-cookie"})


class Answer(t.NamedTuple):
    """An answer, without the request's own secrets.

    `headers` have lower-case names; `value` is the JSON value of the body, `content` the text of one that is no JSON.
    `is_accepted`: the service says that it took the request on; `error`: why the answer is no success; `is_unclear`:
    the request may have been carried out in spite of that.
    """

    status: int
    headers: t.Mapping[str, str]
    value: t.Any
    content: str | None
    request_id: str | None
    is_accepted: bool
    error: CloudwaitError | None
    is_unclear: bool


class Sender(t.Protocol):
    """One request that a user wrote. `is_reading`: it changes nothing."""

    title: str
    is_reading: bool

    def send(self, deadline: float) -> Answer:
        """Return the answer, by `deadline` on the clock.

        Raises CloudwaitError where there is none; it is `retry_safe` where the service has not acted on the request.
        """


def answer_of(
    response: Response,
    value: t.Any,
    is_json: bool,
    secrets: t.Collection[str],
    content_secrets: t.Collection[str],
    request_id: str | None,
    error: CloudwaitError | None,
    is_accepted: bool,
    is_unclear: bool,
) -> Answer:
    """Return an answer as it can be told; `content_secrets` are those of the request's content, by their names."""
    headers = {
        name: redact(single_line(text), secrets)
        for name, text in response.headers.items()
        if name not in AUTHENTICATES and not is_secret_name(name)
    }
    content = None if is_json else redact(response.body.decode("utf-8", "replace"), secrets)
    return Answer(
        response.status, headers, masked(value, content_secrets), content, request_id, is_accepted, error, is_unclear
    )
