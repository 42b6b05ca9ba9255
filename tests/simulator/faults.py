# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on order: which request is hit, and by what."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .checks import ANYTHING, COUNT, FLAG, FROM_ONE, MAPPING, NOTHING, NUMBER, SHARE, STATUS, TEXT, check, either
from .routes import Operation


class FaultError(ValueError):
    """A fault that cannot be ordered; the message is a full sentence."""


MATCHING = {
    "service": TEXT,
    "operation": TEXT,
    "job_id": TEXT,
    "skip": COUNT,
    "times": either(COUNT, NOTHING),
    "every": FROM_ONE,
    "chance": SHARE,
}
OPTIONS = {
    "status": STATUS,
    "headers": MAPPING,
    "body": ANYTHING,
    "text": TEXT,
    "retry_after": either(TEXT, NUMBER),
    "code": either(TEXT, COUNT),
    "message": TEXT,
    "limit": FROM_ONE,
    "time": TEXT,
    "content_type": TEXT,
    "location": TEXT,
    "seconds": NUMBER,
    "bytes": COUNT,
    "reset": FLAG,
    "json": FLAG,
    "by": NUMBER,
}
# What an order of a kind cannot do without.
NEEDED = {"redirect": "location", "error": "code", "json": "body", "merge": "body", "text": "text"}
# Kinds and the keys that each of them takes beside the matching ones.
KINDS: dict[str, tuple[str, ...]] = {
    "status": ("status", "headers", "body", "text", "retry_after"),
    "error": ("code", "message", "status"),
    "throttle": ("retry_after", "limit", "time"),
    "json": ("body", "headers"),
    "merge": ("body",),
    "text": ("text", "status", "content_type", "headers"),
    "not_json": (),
    "empty": ("status",),
    "html": ("status",),
    "broken_utf8": (),
    "redirect": ("location", "status"),
    "expired_token": (),
    "revoke_tokens": (),
    "clock_skew": ("seconds",),
    "echo": ("status",),
    "reset": (),
    "close": (),
    "cut": ("bytes", "reset"),
    "hang": ("seconds",),
    "slow_headers": ("seconds",),
    "drip": ("bytes", "seconds"),
    "endless": ("bytes", "json"),
    "wrong_length": ("by",),
    "gzip": (),
    "bad_gzip": (),
    "gzip_bomb": ("bytes",),
    "bad_chunks": (),
}


@dataclass
class Fault:
    """One order: ``skip`` matching requests pass, then every ``every``-th is hit, ``times`` in all (None: no end).

    With a ``chance`` below 1 it sees that share of the requests alone, at random.
    """

    kind: str
    service: str | None = None
    operation: str | None = None
    job_id: str | None = None
    skip: int = 0
    times: int | None = 1
    every: int = 1
    chance: float = 1.0
    options: Mapping[str, Any] = field(default_factory=dict)
    seen: int = 0
    hits: int = 0

    def hit(self, operation: Operation) -> bool:
        """Say whether this request is hit, and count it."""
        if self.times is not None and self.hits >= self.times:
            return False
        if self.service not in (None, operation.service) or self.operation not in (None, operation.name):
            return False
        if self.job_id is not None and self.job_id not in operation.job_ids:
            return False
        self.seen += 1
        if self.seen <= self.skip or (self.seen - self.skip) % self.every:
            return False
        self.hits += 1
        return True

    def as_dict(self) -> dict[str, Any]:
        """Return the order as it can be given again, with its counts."""
        shown = {name: getattr(self, name) for name in ("kind", *MATCHING, "seen", "hits")}
        return shown | dict(self.options)


def parse(data: Any) -> Fault:
    """Return the fault that a mapping orders.

    Raises FaultError.
    """
    if not isinstance(data, Mapping) or data.get("kind") not in KINDS:
        kind = data.get("kind") if isinstance(data, Mapping) else data
        raise FaultError(f"A fault needs a kind, one of {', '.join(KINDS)}; it names {kind!r}.")
    values = dict(data)
    kind = values.pop("kind")
    where = f"a fault of kind {kind}"
    try:
        check(where, values, MATCHING | {name: OPTIONS[name] for name in KINDS[kind]})
    except ValueError as error:
        raise FaultError(str(error)) from error
    if kind in NEEDED and NEEDED[kind] not in values:
        raise FaultError(f"A fault of kind {kind} needs {NEEDED[kind]}.")
    matching = {name: values.pop(name) for name in MATCHING if name in values}
    return Fault(kind, options=values, **matching)


class Faults:
    """The orders in their queue; of those that match, the first one hits. ``chance`` draws numbers from 0 to 1."""

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self._orders: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Queue an order."""
        with self._lock:
            self._orders.append(fault)

    def take(self, operation: Operation) -> Fault | None:
        """Return the order that hits this request, None when none does."""
        if not self._orders:
            return None
        with self._lock:
            return next((fault for fault in self._orders if self._sees(fault) and fault.hit(operation)), None)

    def _sees(self, fault: Fault) -> bool:
        return fault.chance >= 1 or self._chance() < fault.chance

    def clear(self) -> None:
        """Forget all orders."""
        with self._lock:
            self._orders.clear()

    def orders(self) -> list[dict[str, Any]]:
        """Return all orders, spent ones included."""
        with self._lock:
            return [fault.as_dict() for fault in self._orders]
