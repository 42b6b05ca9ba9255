# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a set of credentials in one task, whichever of its services uses them."""

from __future__ import annotations

import contextlib
import threading
import typing as t

from ..model.errors import AuthenticationError

# Requests under way at once with credentials that were never accepted: the vendors lock a key after five refusals.
MAX_UNPROVEN = 4


class Account:
    """A set of credentials. Used by several threads.

    Until they were accepted once, one request per service and MAX_UNPROVEN in all are under way with them. A refusal is
    remembered: for every service, unless it comes from one that never accepted what others accept.
    """

    def __init__(self, clock: t.Callable[[], float]) -> None:
        self._clock = clock
        self._change = threading.Condition()
        self._accepted_by: set[str] = set()
        self._trying: set[str] = set()
        self._refusals: dict[str, AuthenticationError] = {}

    @contextlib.contextmanager
    def turn(self, service: str, deadline: float) -> t.Iterator[None]:
        """Hold a service's turn to use the credentials; take note when it ends in an AuthenticationError.

        Waits for the turn until `deadline` on the clock. Raises AuthenticationError where they were refused before.
        """
        is_unproven = self._enter(service, deadline)
        try:
            yield
        except AuthenticationError as exc:
            self._refuse(service, exc)
            raise
        finally:
            if is_unproven:
                with self._change:
                    self._trying.discard(service)
                    self._change.notify_all()

    def accept(self, service: str) -> None:
        """Take note that a service accepted the credentials."""
        if service not in self._accepted_by:
            with self._change:
                self._accepted_by.add(service)
                self._change.notify_all()

    def _enter(self, service: str, deadline: float) -> bool:
        """Return whether the turn is one of credentials that were never accepted."""
        with self._change:
            while not self._accepted_by and self._must_wait(service):
                if not self._change.wait(max(0.0, deadline - self._clock())):
                    break
            refusal = self._refusal(service)
            if refusal is not None:
                raise refusal
            if self._accepted_by:
                return False
            self._trying.add(service)
            return True

    def _must_wait(self, service: str) -> bool:
        # After a refusal, an attempt of another service that is under way may still be accepted.
        return service in self._trying or len(self._trying) >= MAX_UNPROVEN or bool(self._refusals and self._trying)

    def _refusal(self, service: str) -> AuthenticationError | None:
        for refusing, refusal in self._refusals.items():
            if refusing == service or refusing in self._accepted_by or not self._accepted_by:
                return refusal
        return None

    def _refuse(self, service: str, refusal: AuthenticationError) -> None:
        with self._change:
            self._refusals[service] = refusal
