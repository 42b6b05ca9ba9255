# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the calls of a wait, each on a thread of its own."""

from __future__ import annotations

import queue
import signal
import threading
import typing as t

from ..model.errors import CloudwaitError, ServiceError
from .source import Call, FetchResult

# Seconds after which the engine looks at the clock again, which a suspended machine may have moved.
LONGEST_SLEEP = 60.0
# What may end a task from outside.
SIGNALS = frozenset({signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGALRM})


def start_thread(target: t.Callable[..., None], *args: t.Any) -> threading.Thread:
    """Start a daemon thread that takes no signals: one taken there would leave the main thread, which acts, asleep."""
    thread = threading.Thread(target=target, args=args, daemon=True)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        thread.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return thread


class ThreadExecutor:
    """Runs calls on threads, so that one that hangs holds up neither the others nor the deadline nor an interrupt.

    The wait bounds the calls under way. Threads are daemons: what has not come back when the wait is over ends with
    the process.
    """

    def __init__(self, clock: t.Callable[[], float]) -> None:
        self._clock = clock
        self._results: queue.SimpleQueue[FetchResult] = queue.SimpleQueue()

    def submit(self, call: Call) -> None:
        """Start a call."""
        start_thread(self._run, call)

    def collect(self, deadline: float) -> t.Sequence[FetchResult]:
        """Wait for results, at most until `deadline` on the clock."""
        results = []
        try:
            results.append(self._results.get(timeout=min(max(0.0, deadline - self._clock()), LONGEST_SLEEP)))
            while True:
                results.append(self._results.get_nowait())
        except queue.Empty:
            return results

    def _run(self, call: Call) -> None:
        try:
            result = FetchResult(call, call.source.fetch(call.keys, call.deadline))
        except CloudwaitError as exc:
            result = FetchResult(call, {}, exc)
        except Exception as exc:  # noqa: BLE001 - a thread that dies silently would hold up the wait to its deadline
            text = f"The look-up stopped at an error of its own ({type(exc).__name__}: {exc!s:.200}); please report it."
            result = FetchResult(call, {}, ServiceError(text))
        self._results.put(result)
