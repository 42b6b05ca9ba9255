# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends a request of the user's: once, and again only where the service has certainly not acted on it."""

from __future__ import annotations

import itertools
import typing as t

from ..clouds.answer import Answer, Sender
from ..engine import schedule
from ..engine.group import OVERDUE_SECONDS, TRIES
from ..engine.source import Call, Jobs, RateLimiter
from ..model.errors import CloudwaitError, TransportError
from ..model.place import Place
from .run import TaskContext

UNCLEAR = " The request may have been carried out: look before you send it again."


class Submission(t.NamedTuple):
    """The end of a request: its answer, if one came, and why it was not accepted, if it was not.

    `is_unclear`: it may have been carried out in spite of the error.
    """

    answer: Answer | None
    error: CloudwaitError | None
    is_unclear: bool


class SenderAsSource:
    """A sender in place of a source, for the executor of calls; it keeps the answer."""

    provider = ""
    place = Place(None, (), "")
    batch_size = window = max_in_flight = 1

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self.answer: Answer | None = None

    @property
    def rate_limiter(self) -> RateLimiter:
        """Be asked by nobody: the sender keeps to its own."""
        raise NotImplementedError

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """Return the keys."""
        return keys

    def fetch(self, keys: t.Sequence[str], deadline: float) -> Jobs:
        """Send the request; there are no jobs."""
        self.answer = self._sender.send(deadline)
        return {}


def submit(
    sender: Sender, context: TaskContext, deadline: float, call_timeout: float, error_grace: float | None
) -> Submission:
    """Send a request by `deadline` on the clock; one attempt may take `call_timeout` seconds.

    What changes nothing is tried for `error_grace` seconds, and three times where that is None. What changes something
    is tried again where the service has not acted on it, three times at most.
    """
    started = context.clock()
    for tries in itertools.count(1):
        submission = _attempt(sender, context, min(deadline, context.clock() + call_timeout))
        error = submission.error
        if error is None or not error.transient or not (sender.is_reading or error.retry_safe):
            return submission
        pause = max(schedule.back_off(tries, schedule.MAX_BACK_OFF, context.random()), error.wait or 0.0)
        now = context.clock()
        has_tries = tries < TRIES if error_grace is None or not sender.is_reading else now - started < error_grace
        if not has_tries or now + pause >= deadline or (error_grace is None and pause > schedule.MAX_BACK_OFF):
            return submission
        context.sleep(pause)
    raise AssertionError("unreachable")


def _attempt(sender: Sender, context: TaskContext, deadline: float) -> Submission:
    """Send the request once, on a thread: a name server that hangs must not outlast the deadline."""
    source = SenderAsSource(sender)
    executor = context.executor(context.clock)
    executor.submit(Call(0, source, (), deadline))
    results = executor.collect(deadline + OVERDUE_SECONDS)
    while not results and context.clock() < deadline + OVERDUE_SECONDS:
        results = executor.collect(deadline + OVERDUE_SECONDS)
    error = results[0].error if results else TransportError(f"{sender.title} did not answer in time.", transient=True)
    answer = source.answer if results else None
    if answer is not None:
        return Submission(answer, answer.error, answer.is_unclear and not sender.is_reading)
    is_unclear = error is not None and error.kind == "transport" and not error.retry_safe and not sender.is_reading
    return Submission(None, error, is_unclear)
