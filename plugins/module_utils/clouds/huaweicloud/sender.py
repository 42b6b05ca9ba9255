# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request to Huawei Cloud that a user wrote."""

from __future__ import annotations

import json
import typing as t

from ...http.secret_names import searchable, secret_values
from ...model.errors import CloudwaitError, InvalidError, NotFoundError
from ...model.json_path import first
from ...model.place import Place
from ...model.text import display_text
from ...services.placeholders import fill, fill_encoded
from ..answer import Answer, answer_of
from ..connection import Connection
from ..options import Spec
from .cloud import Peer, open_exchange
from .declared import SERVICE_OPTIONS, title_of
from .errors import OF_A_REQUEST
from .exchange import Exchange, Reply
from .request_parts import METHODS, READING, check_placeholders, headers_of, path_of, query_of
from .scope import Scope
from .signing import Request

OPTIONS: Spec = {
    **SERVICE_OPTIONS,
    "method": {"type": "str", "default": "GET"},
    "body": {"type": "raw", "no_log": True},
    "status_code": {"type": "list", "elements": "int"},
}
PLACEHOLDERS = ("project_id", "domain_id")
MAX_BODY = 8 * 1024 * 1024
# After these the service may have acted on the request (RFC 9110, section 15): a redirect is never followed.
UNCLEAR = (*range(300, 400), 408, *range(500, 600))


def open_sender(options: t.Mapping[str, t.Any], environ: t.Mapping[str, str], connection: Connection) -> RequestSender:
    """Return what sends the request that a task's options describe; nothing is sent yet.

    Raises InvalidError where they make no sense, or do not say who signs in, or where to.
    """
    host = options["service"] or ""
    peer = Peer(host or "huaweicloud", title_of(options), host, {}, advice=OF_A_REQUEST)
    exchange, scope = open_exchange(peer, options, environ, connection)
    return RequestSender(template_of(options, exchange.base_url), options["status_code"] or (), exchange, scope)


class RequestSender:
    """Sends one request. `template` is not filled yet."""

    def __init__(self, template: Request, status_codes: t.Sequence[int], exchange: Exchange, scope: Scope) -> None:
        self.title = exchange.title
        self.is_reading = template.method in READING
        self._template = template
        self._status_codes = status_codes
        self._exchange = exchange
        self._scope = scope
        texts = [template.path, *(text for _name, text in template.query), *template.headers.values()]
        self._names = check_placeholders(texts, PLACEHOLDERS)

    def send(self, deadline: float) -> Answer:
        """Return the answer, by `deadline` on the clock. Raises CloudwaitError where there is none."""
        template = self._template
        try:
            values, scope = self._scope.find(self._names, deadline)
        except CloudwaitError as exc:
            # Nothing of this request has been sent.
            exc.retry_safe = True
            raise
        request = template._replace(
            path=fill_encoded(template.path, values),
            query=[(name, fill(text, values)) for name, text in template.query],
            headers={name: fill_encoded(text, values) for name, text in template.headers.items()},
            secrets=searchable(template.secrets),
        )
        reply = self._exchange.respond(request, scope, deadline, self._status_codes)
        status, is_json = reply.response.status, not reply.nonsense
        request_id = reply.response.headers.get("x-request-id") or display_text(
            first(reply.value, ("request_id", "requestId", "error.request_id"))
        )
        error = self._error(reply)
        is_accepted = reply.response.ok or error is None
        is_unclear = error is not None and status in UNCLEAR
        return answer_of(
            reply.response,
            reply.value,
            is_json,
            reply.secrets,
            template.secrets,
            request_id,
            error,
            is_accepted,
            is_unclear,
        )

    def _error(self, reply: Reply) -> CloudwaitError | None:
        """Return why an answer is no success; a code that the user named is one."""
        status = reply.response.status
        if status in self._status_codes or (reply.response.ok and not self._status_codes):
            return None
        if reply.response.ok:
            named = ", ".join(map(str, self._status_codes))
            return InvalidError(f"{self.title} answers HTTP {status}, which is not in status_code ({named}).")
        error = reply.refusal or self._exchange.error(reply)
        if isinstance(error, NotFoundError):
            text = f"{str(error).rstrip('.')}, {self._place}."
            return NotFoundError(text, code=error.code, reason=error.reason, about_job=True)
        return error

    @property
    def _place(self) -> str:
        exchange = self._exchange
        return str(Place(exchange.region, self._scope.words(self._names), exchange.base_url))


def template_of(options: t.Mapping[str, t.Any], base_url: str) -> Request:
    """Return the request that a task's options describe, with its placeholders. Raises InvalidError."""
    method = options["method"].upper()
    if method not in METHODS:
        raise InvalidError(
            f"The option method holds {options['method']!r:.80}; it must be one of {', '.join(METHODS)}."
        )
    query, headers = query_of(options["query"]), headers_of(options["headers"])
    check_placeholders(
        [options["path"], *(text for values in query.values() for text in values), *headers.values()], PLACEHOLDERS
    )
    body, content_type = body_of(options["body"])
    if content_type and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = content_type
    return Request(
        method,
        base_url,
        path_of(options["path"]),
        [(name, text) for name, values in query.items() for text in values],
        headers,
        body,
        frozenset().union(*(secret_values(options[name]) for name in ("body", "query", "headers"))),
    )


def body_of(body: t.Any) -> tuple[bytes, str]:
    """Return the bytes of a body, and their content type: JSON for what is no text. Raises InvalidError."""
    if body is None:
        return b"", ""
    if isinstance(body, str):
        content, content_type = body.encode(), "text/plain; charset=utf-8"
    else:
        content, content_type = json.dumps(body, ensure_ascii=False).encode(), "application/json"
    if len(content) > MAX_BODY:
        raise InvalidError(f"The option body takes more than {MAX_BODY // (1024 * 1024)} MiB; send a smaller one.")
    return content, content_type
