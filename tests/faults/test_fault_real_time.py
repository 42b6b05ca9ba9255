# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hangs in real time, with the threads and the clock that users have: the deadline holds."""

from __future__ import annotations

import socket
import time
import typing as t
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine import group
from ansible_collections.cloudwait.jobs.tests.faults.checks import check_result
from ansible_collections.cloudwait.jobs.tests.faults.scene import Seen, play
from ansible_collections.cloudwait.jobs.tests.faults.targets import TARGETS, Target
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, running

# Seconds: the whole wait, what the looks at the deadline may take, and how much a busy machine may add.
TIMEOUT = 2.0
LAST_LOOK = 0.5
BUSY = 20.0
# What the cloud does from the second look on.
IN_MID_WAIT: dict[str, tuple[str, dict[str, t.Any]]] = {
    "hang": ("hang", {}),
    "drip": ("drip", {"seconds": 0.1}),
    "endless": ("endless", {"bytes": 2**36}),
}
# From the beginning a server that takes connections and never says a word.
MUTE = ("http", "https")

Wait = tuple[Seen, float]


def wait_for(target: Target, cloud: Cloud, asked: dict[str, t.Any]) -> Wait:
    """A wait that will not arrive, and how long it took in seconds."""
    started = time.monotonic()
    seen = play(
        target, cloud, until=["succeeded"], timeout=TIMEOUT, interval=0.2, max_interval=0.4, max_rate=1000, **asked
    )
    return seen, time.monotonic() - started


@pytest.fixture(scope="module")
def waits() -> Iterator[dict[tuple[str, Target], Future[Wait]]]:
    """All waits at once, since they have little to do."""
    number = len(TARGETS) * (len(IN_MID_WAIT) + len(MUTE))
    with ExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setattr(group, "LAST_POLL_SECONDS", LAST_LOOK)
        mute = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=number))
        pool = stack.enter_context(ThreadPoolExecutor(number))
        begun: dict[tuple[str, Target], Future[Wait]] = {}
        for target in TARGETS:
            for name, (kind, options) in IN_MID_WAIT.items():
                cloud = stack.enter_context(running(Cloud()))
                asked = target.asked(cloud, target.submit(cloud))
                # One look tells of both jobs, by one request or by two.
                cloud.fault(kind, skip=1 if target.together else 2, times=None, **options)
                begun[name, target] = pool.submit(wait_for, target, cloud, asked)
            for scheme in MUTE:
                cloud = Cloud()
                cloud.url = f"{scheme}://127.0.0.1:{mute.getsockname()[1]}"
                begun[scheme, target] = pool.submit(wait_for, target, cloud, target.asked(cloud, target.submit(cloud)))
        yield begun


@pytest.mark.cell("waits in real time")
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@pytest.mark.parametrize("fault", [*IN_MID_WAIT, *MUTE])
def test_the_deadline_holds(waits: dict[tuple[str, Target], Future[Wait]], fault: str, target: Target) -> None:
    seen, seconds = waits[fault, target].result()
    check_result(seen)
    assert seen.kind == "timeout"
    assert TIMEOUT <= seconds < TIMEOUT + LAST_LOOK + BUSY
    if fault in IN_MID_WAIT:
        assert seen.states == ("succeeded", "running")
    else:
        assert set(seen.states) <= {"unknown"}
