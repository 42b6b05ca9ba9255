# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries the looks of a wait to a source and back, each call on a thread of its own."""

from __future__ import annotations

import queue
import signal
import threading
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import JobsError, ServiceError
from ansible_collections.cloudwait.jobs.plugins.module_utils.sources import Source
from ansible_collections.cloudwait.jobs.plugins.module_utils.wait import Answer

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


class ThreadCalls:
    """Calls on threads, so that one that hangs holds up neither the others nor the deadline nor an interrupt.

    The wait keeps the number of calls under way within `workers`. Threads are daemons: what has not come back when
    the wait is over ends with the process.
    """

    def __init__(self, source: Source, clock: t.Callable[[], float]) -> None:
        self.provider = source.provider
        self._source = source
        self._clock = clock
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()

    @property
    def batch_size(self) -> int:
        """Keys that one request carries at best, as far as is known now."""
        return self._source.batch_size

    @property
    def window(self) -> int:
        """Keys that `batch` wants to choose from."""
        return self._source.window

    @property
    def workers(self) -> int:
        """Calls that may be under way at once."""
        return self._source.workers

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """Those of `keys`, the first among them, that one call carries."""
        return self._source.batch(keys)

    def submit(self, call: int, keys: t.Sequence[str], until: float) -> None:
        """Start a call, which must end at `until` on the clock."""
        start_thread(self._run, call, keys, until)

    def collect(self, until: float) -> t.Sequence[Answer]:
        """Wait for answers, at most until `until` on the clock."""
        answers = []
        try:
            answers.append(self._answers.get(timeout=max(0.0, until - self._clock())))
            while True:
                answers.append(self._answers.get_nowait())
        except queue.Empty:
            return answers

    def _run(self, call: int, keys: t.Sequence[str], until: float) -> None:
        try:
            answer = Answer(call, self._source.fetch(keys, until))
        except JobsError as exc:
            answer = Answer(call, {}, exc)
        except Exception as exc:  # noqa: BLE001 - a thread that dies silently would hold up the wait to its deadline
            text = f"The look-up stopped at an error of its own ({type(exc).__name__}: {exc!s:.200}); please report it."
            answer = Answer(call, {}, ServiceError(text))
        self._answers.put(answer)
