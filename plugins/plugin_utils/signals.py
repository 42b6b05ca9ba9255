# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ends of a worker's task from outside: Ctrl-C, SIGTERM, the alarm of the task's `timeout`, a dead main process.

Private to this collection: it may change without notice.

To these signals a worker of ansible-core 2.16 to 2.18 reacts as any Python program, a later one ends itself and its
process group. The alarm raises an exception of ansible-core's own, in every version.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import typing as t

from ..module_utils.engine.threads import start_thread
from ..module_utils.task.run import Interrupted

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
# How often to see whether the main process is still there, in seconds.
PARENT_CHECK = 2.0
# How long it may take to tell what is known, in seconds.
GRACE = 5


class Interruption:
    """While it is entered, the first of these signals calls `stop`; `deliver` later does what it was to do.

    In between, further ones wait, for GRACE seconds at most: an interrupted main process sends a second one at once.
    """

    def __init__(self, stop: t.Callable[[int], None]) -> None:
        self.signal: int | None = None
        self._stop = stop
        self._before: dict[int, t.Any] = {}

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                # Without a handler of Ansible's, there is no alarm to expect.
                if number != signal.SIGALRM or callable(signal.getsignal(number)):
                    self._before[number] = signal.signal(number, self._take)

    def __exit__(self, *_exc: object) -> None:
        if self.signal is None:
            self._restore()

    def deliver(self) -> None:
        """Do what the signal was to do: end this process, or raise an exception."""
        if self.signal is not None:
            signal.alarm(0)
            self._restore()
            signal.raise_signal(self.signal)

    def _take(self, number: int, _frame: t.Any) -> None:
        self.signal = number
        if number == signal.SIGALRM:
            self._restore()
        else:
            signal.signal(signal.SIGINT, _ignore)
            signal.signal(signal.SIGTERM, _ignore)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(GRACE)
        self._stop(number)

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def _ignore(_number: int, _frame: t.Any) -> None:
    """Ignore a signal, without passing that on to new processes as SIG_IGN does."""


def stop_wait(_number: int) -> None:
    """End the wait in this process."""
    raise Interrupted


def stop_children(number: int) -> None:
    """End the processes of the task, so that what a module in them knows can still be read."""
    if os.getpgrp() == os.getpid():
        handler = signal.signal(signal.SIGTERM, _ignore)
        os.killpg(os.getpid(), signal.SIGTERM)
        signal.signal(signal.SIGTERM, handler)
    elif number != signal.SIGINT:
        # The group is the main process's: nobody else but this process was meant. Ctrl-C has reached them all.
        raise Interrupted


@contextlib.contextmanager
def bound_to_parent() -> t.Iterator[None]:
    """Treat the end of the main process as SIGTERM, which nobody sends where it was killed alone."""
    parent = os.getppid()
    done = threading.Event()

    def guard() -> None:
        while not done.wait(PARENT_CHECK):
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)
                return

    thread = start_thread(guard)
    try:
        yield
    finally:
        done.set()
        thread.join()
