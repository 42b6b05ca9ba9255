# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signals that are held back until what is known was told, and the main process that is watched."""

from __future__ import annotations

import os
import signal
import threading
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.threads import start_thread
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import Interrupted
from ansible_collections.cloudwait.jobs.plugins.plugin_utils import signals as subject
from ansible_collections.cloudwait.jobs.plugins.plugin_utils import stderr as terminal
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.signals import (
    GRACE,
    Interruption,
    bound_to_parent,
    stop_wait,
)

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)


@pytest.fixture
def received() -> t.Iterator[list[int]]:
    """The signals that reach the handlers which were there before."""
    numbers: list[int] = []
    before = {number: signal.signal(number, lambda number, _frame: numbers.append(number)) for number in SIGNALS}
    yield numbers
    signal.alarm(0)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_the_wait_first_and_does_its_work_when_it_is_delivered(number: int, received: list[int]) -> None:
    interruption = Interruption(stop_wait)
    with pytest.raises(Interrupted), interruption:
        signal.raise_signal(number)
    assert interruption.signal == number
    assert received == []
    # it does not take for ever to tell what is known
    assert 0 < signal.alarm(0) <= GRACE
    interruption.deliver()
    assert received == [number]
    assert [callable(signal.getsignal(other)) for other in SIGNALS] == [True] * 3


def test_further_signals_wait(received: list[int]) -> None:
    """An interrupted main process ends its workers by a second signal at once."""
    interruption = Interruption(stop_wait)
    with pytest.raises(Interrupted), interruption:
        signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGINT)
    assert received == []
    interruption.deliver()
    assert received == [signal.SIGINT]
    # afterwards, everything is as it was
    signal.raise_signal(signal.SIGTERM)
    assert received == [signal.SIGINT, signal.SIGTERM]


def test_without_a_signal_nothing_changes(received: list[int]) -> None:
    interruption = Interruption(stop_wait)
    with interruption:
        pass
    interruption.deliver()
    for number in SIGNALS:
        signal.raise_signal(number)
    assert received == list(SIGNALS)


def test_no_alarm_is_expected_where_ansible_set_none(received: list[int]) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with Interruption(stop_wait):
        assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


def test_only_the_main_thread_takes_signals(received: list[int]) -> None:
    """In another one, a task is not interrupted, but it runs."""
    ran: list[bool] = []

    def work() -> None:
        with Interruption(stop_wait):
            ran.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ran == [True]


def test_threads_that_we_start_block_signals() -> None:
    """One taken there would not wake the main thread: it would go on sleeping until its next event."""
    blocked: list[set[int]] = []
    start_thread(lambda: blocked.append({*map(int, signal.pthread_sigmask(signal.SIG_BLOCK, ()))})).join()
    assert set(map(int, SIGNALS)) <= blocked[0]
    assert not set(map(int, SIGNALS)) & {*map(int, signal.pthread_sigmask(signal.SIG_BLOCK, ()))}


def test_the_end_of_the_main_process_is_a_sigterm(monkeypatch: pytest.MonkeyPatch, received: list[int]) -> None:
    arrived = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: arrived.set())
    monkeypatch.setattr(subject, "PARENT_CHECK", 0.001)
    parents = iter([1, 1, 1])
    monkeypatch.setattr(os, "getppid", lambda: next(parents, 2))
    with bound_to_parent():
        assert arrived.wait(30)


def test_the_watch_over_the_main_process_ends_with_the_task() -> None:
    before = threading.active_count()
    with bound_to_parent():
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_the_last_line_goes_to_the_controllers_own_descriptor(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    monkeypatch.setattr(terminal, "STDERR", writer)
    terminal.write("j\u00f6b \ud800")
    os.close(writer)
    assert os.read(reader, 100) == "j\u00f6b ?\n".encode()
    os.close(reader)
    # and where there is none, or nobody reads it, nothing happens
    terminal.write("lost")
    monkeypatch.setattr(terminal, "STDERR", None)
    terminal.write("lost")
