# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An action of UCloud that a user wrote."""

from __future__ import annotations

import typing as t

from ...http.secret_names import searchable, secret_values
from ...model.text import display_text
from ..answer import Answer, answer_of
from ..connection import Connection
from ..options import Spec
from .cloud import open_exchange
from .declared import ACTION_OPTIONS, check_action
from .exchange import UNCLEAR_CODES, Exchange

OPTIONS: Spec = ACTION_OPTIONS
# How the names of actions begin that change nothing.
READING = ("Describe", "Get", "List", "Query", "Check")


def open_sender(options: t.Mapping[str, t.Any], environ: t.Mapping[str, str], connection: Connection) -> ActionSender:
    """Return what sends the action that a task's options describe; nothing is sent yet.

    Raises InvalidError where they make no sense, or do not say who signs in, or where to.
    """
    check_action(options)
    action = options["action"]
    exchange = open_exchange(action, f"UCloud {action}", {}, frozenset(), options, environ, connection)
    return ActionSender(options, exchange)


class ActionSender:
    """Sends one action."""

    def __init__(self, options: t.Mapping[str, t.Any], exchange: Exchange) -> None:
        self.title = exchange.title
        self.is_reading = options["action"].startswith(READING)
        self._action = options["action"]
        self._params = options["params"]
        self._secrets = secret_values(options["params"])
        self._exchange = exchange

    def send(self, deadline: float) -> Answer:
        """Return the answer, by `deadline` on the clock. Raises CloudwaitError where there is none."""
        reply = self._exchange.respond(self._action, self._params, deadline, searchable(self._secrets))
        response, answer = reply.response, reply.answer
        request_id = response.headers.get("x-ucloud-request-uuid") or display_text(
            answer.get("RequestUuid") or answer.get("RequestId")
        )
        # What carries no RetCode may come from anybody on the way.
        is_unclear = reply.error is not None and (
            reply.code in UNCLEAR_CODES
            or response.status in (408, *range(500, 600))
            or (not reply.code and response.ok)
        )
        is_json = bool(answer)
        return answer_of(
            response,
            answer if is_json else None,
            is_json,
            reply.secrets,
            self._secrets,
            request_id,
            reply.error,
            reply.error is None,
            is_unclear,
        )
