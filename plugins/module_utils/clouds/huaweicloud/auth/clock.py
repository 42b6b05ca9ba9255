# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock of signatures, which a service may refuse."""

from __future__ import annotations

import threading

from ....http.client import Response, http_date
from .login import AuthContext

# A signature's date may be wrong by 15 minutes; a clock that is off by less than this is not the reason for a refusal.
CLOCK_TOLERANCE = 60.0


class ServiceClock:
    """The time of signatures: this machine's, until the service refuses it. Used by several threads."""

    def __init__(self, context: AuthContext) -> None:
        self._context = context
        self._lock = threading.Lock()
        # The service's Unix time, and our monotonic clock at that moment, in seconds.
        self._learnt: tuple[float, float] | None = None

    def now(self) -> float:
        """Return the Unix time in seconds."""
        if self._learnt is None:
            return self._context.now()
        # The machine's own time may be set right in the meantime, and must not be corrected twice.
        theirs, moment = self._learnt
        return theirs + self._context.clock() - moment

    def correct(self, signed: float, refusal: Response) -> bool:
        """Return whether the time of signature was the likely reason for this refusal, and is right now.

        `signed` is the Unix time in the request. The time is corrected once; a second time the reason would be another.
        """
        theirs = http_date(refusal.headers.get("date", ""))
        if theirs is None or abs(theirs - signed) <= CLOCK_TOLERANCE:
            return False
        with self._lock:
            offset = theirs - self.now()
            if abs(offset) <= CLOCK_TOLERANCE:
                # Another thread's refusal has corrected it since.
                return True
            if self._learnt is not None:
                return False
            self._learnt = (theirs, self._context.clock())
        self._context.warn(
            f"The clock of this machine is {abs(offset):.0f} seconds {'behind' if offset > 0 else 'ahead of'} the "
            "service's, which refused a signature for it; the service's time is used for the rest of this task. Set "
            "the clock of this machine."
        )
        return True
