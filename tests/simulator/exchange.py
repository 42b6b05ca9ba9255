# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests and answers as plain data, so that the services need no web server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote


@dataclass
class Call:
    """One HTTP request. ``target`` is the request target as it stood on the wire."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @cached_property
    def path(self) -> str:
        """The path, still percent-encoded."""
        return self.target.partition("?")[0]

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """The query's pairs, decoded, in their order."""
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The query as a dict; of a repeated name the last one counts."""
        return dict(self.query)

    @cached_property
    def form(self) -> dict[str, str]:
        """The form of the body, decoded; broken UTF-8 is replaced."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def segments(self, base_path: str) -> list[str] | None:
        """Return the decoded path segments below ``base_path``; None for a path outside of it."""
        if not self.path.startswith(base_path + "/") and self.path != base_path:
            return None
        return [unquote(segment) for segment in self.path[len(base_path) :].split("/")[1:]]


@dataclass
class Answer:
    """One HTTP answer; ``body`` is sent as JSON unless it is bytes."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        """Return the body's bytes."""
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()
