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
# A refusal of what was accepted before may be a whim of the service: one more try after so many seconds, and no other
# within so many, keeps far away from the vendors' lock.
SECOND_TRY_AFTER = 10.0
SECOND_TRY_EVERY = 900.0


class Account:
    """A set of credentials. Used by several threads.

    Until they were accepted once, one request per service and MAX_UNPROVEN in all are under way with them. A refusal is
    remembered: for every service, unless it comes from one that never accepted what others accept. What was accepted
    before has a second try, for which everything else waits.
    """

    def __init__(self, clock: t.Callable[[], float], credentials: t.Hashable = None) -> None:
        self.credentials = credentials
        self._clock = clock
        self._change = threading.Condition()
        self._accepted_by: set[str] = set()
        self._trying: set[str] = set()
        self._refusals: dict[str, AuthenticationError] = {}
        self._second_try_at: float | None = None

    @contextlib.contextmanager
    def turn(self, service: str, deadline: float) -> t.Iterator[None]:
        """Hold a service's turn to use the credentials; take note when it ends in an AuthenticationError.

        Waits for the turn until `deadline` on the clock. Raises AuthenticationError where they were refused before, a
        transient one while a second try is ahead.
        """
        is_unproven = self._enter(service, deadline)
        try:
            yield
        except AuthenticationError as exc:
            self.refuse(service, exc)
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
                # What was under way at a refusal proves nothing against it.
                if self._pause() <= 0:
                    self._accepted_by.add(service)
                    self._change.notify_all()

    def refuse(self, service: str, refusal: AuthenticationError) -> None:
        """Take note that a service refused the credentials, unless they have a second try."""
        if not refusal.transient:
            with self._change:
                self._refusals[service] = refusal

    def second_try(self, service: str) -> float | None:
        """Return the seconds after which what a service has just refused is tried again; None where it is not."""
        with self._change:
            now = self._clock()
            is_early = self._second_try_at is not None and now < self._second_try_at + SECOND_TRY_EVERY
            if service not in self._accepted_by or is_early:
                return None
            self._accepted_by.clear()
            self._second_try_at = now + SECOND_TRY_AFTER
            return SECOND_TRY_AFTER

    def _pause(self) -> float:
        return 0.0 if self._second_try_at is None else self._second_try_at - self._clock()

    def _enter(self, service: str, deadline: float) -> bool:
        """Return whether the turn is one of credentials that were never accepted."""
        with self._change:
            while not self._accepted_by and self._must_wait(service):
                if not self._change.wait(max(0.0, deadline - self._clock())):
                    break
            refusal = self._refusal(service)
            if refusal is not None:
                raise refusal
            if self._pause() > 0:
                raise AuthenticationError(
                    "Credentials that had been accepted were refused, and are tried once more in a moment.",
                    transient=True,
                    wait=self._pause(),
                )
            if self._accepted_by:
                return False
            self._trying.add(service)
            return True

    def _must_wait(self, service: str) -> bool:
        # After a refusal, an attempt of another service that is under way may still be accepted.
        most = MAX_UNPROVEN if self._second_try_at is None and not self._refusals else 1
        return service in self._trying or len(self._trying) >= most

    def _refusal(self, service: str) -> AuthenticationError | None:
        for refusing, refusal in self._refusals.items():
            if refusing == service or refusing in self._accepted_by or not self._accepted_by:
                return refusal
        return None
