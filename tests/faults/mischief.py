# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that the embedded cloud does not offer, and the moment at which one strikes."""

from __future__ import annotations

import asyncio
import itertools
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pytest
from ansible_collections.cloudwait.jobs.tests.faults.clock import JumpingClock
from ansible_collections.cloudwait.jobs.tests.simulator import misbehaviour
from ansible_collections.cloudwait.jobs.tests.simulator.exchange import Answer
from ansible_collections.cloudwait.jobs.tests.simulator.faults import Fault
from ansible_collections.cloudwait.jobs.tests.simulator.misbehaviour import Scene, head
from ansible_collections.cloudwait.jobs.tests.simulator.routes import Operation

# Seconds between two pieces of an answer that drips, and where the time is the real one.
PAUSE = 4.0
REAL_PAUSE = 0.05


@dataclass
class TimedFault(Fault):
    """An order that counts from a moment on; `clock` tells the seconds."""

    since: float = 0.0
    clock: Callable[[], float] = lambda: 0.0

    def hit(self, operation: Operation) -> bool:
        """Say whether this request is hit, and count it."""
        return self.clock() >= self.since and super().hit(operation)


def changed(scene: Scene) -> Answer:
    """The honest answer after a change."""
    answer = scene.honest()
    answer.body = scene.options["change"](json.loads(answer.content()))
    return answer


async def stay_silent(scene: Scene) -> None:
    """Send nothing more on an open connection, until the client has gone."""
    if isinstance(scene.cloud.clock, JumpingClock):
        scene.cloud.clock.silent = True
    await asyncio.sleep(misbehaviour.HANG_SECONDS)


async def hang(scene: Scene, transport: asyncio.Transport) -> None:
    """Nothing at all."""
    await stay_silent(scene)


async def stall(scene: Scene, transport: asyncio.Transport) -> None:
    """Half of the honest body, then nothing more."""
    answer = scene.honest()
    transport.write(head(answer) + answer.content()[: len(answer.content()) // 2])
    await stay_silent(scene)


async def stall_headers(scene: Scene, transport: asyncio.Transport) -> None:
    """Half of the headers, then nothing more."""
    transport.write(b"HTTP/1.1 200 OK\r\nContent-Ty")
    await stay_silent(scene)


async def late(scene: Scene, transport: asyncio.Transport) -> None:
    """The honest answer, after some time."""
    clock = scene.cloud.clock
    if isinstance(clock, JumpingClock):
        clock.jump(scene.seconds(1.0))
    else:
        await asyncio.sleep(REAL_PAUSE)
    answer = scene.honest()
    transport.write(head(answer) + answer.content())


async def trickle(scene: Scene, transport: asyncio.Transport, pieces: Iterable[bytes]) -> None:
    """One piece every few seconds, or in real time every now and then."""
    clock = scene.cloud.clock
    for piece in pieces:
        if isinstance(clock, JumpingClock):
            await until_hungry(scene, clock, transport)
        else:
            await asyncio.sleep(REAL_PAUSE)
        if transport.is_closing():
            return
        transport.write(piece)


async def until_hungry(scene: Scene, clock: JumpingClock, transport: asyncio.Transport) -> None:
    """Let a pause pass as soon as the client has read everything, or all the rest of its time."""
    clock.hungry = False
    while not clock.hungry and not transport.is_closing():
        await asyncio.sleep(0.001)
    if clock.hungry and clock.monotonic() + PAUSE > clock.patience:
        await stay_silent(scene)
    elif clock.hungry:
        clock.jump(PAUSE)


async def drip_headers(scene: Scene, transport: asyncio.Transport) -> None:
    """The honest answer from its first byte, byte by byte."""
    answer = scene.honest()
    await trickle(scene, transport, (bytes([byte]) for byte in head(answer) + answer.content()))


async def drip_body(scene: Scene, transport: asyncio.Transport) -> None:
    """The headers, then the body byte by byte."""
    answer = scene.honest()
    transport.write(head(answer))
    await trickle(scene, transport, (bytes([byte]) for byte in answer.content()))


async def endless_headers(scene: Scene, transport: asyncio.Transport) -> None:
    """Headers without an end."""
    transport.write(b"HTTP/1.1 200 OK\r\n")
    await trickle(scene, transport, itertools.repeat(b"X-More: and more\r\n" * 100))


async def endless_continue(scene: Scene, transport: asyncio.Transport) -> None:
    """Announcements of an answer that never comes."""
    await trickle(scene, transport, itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 100))


async def not_http(scene: Scene, transport: asyncio.Transport) -> None:
    """Something else than HTTP."""
    transport.write(b"220 mail.example.com ESMTP\r\n")


async def early_hints(scene: Scene, transport: asyncio.Transport) -> None:
    """The honest answer behind two that announce it."""
    answer = scene.honest()
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
    transport.write(early + head(answer) + answer.content())


async def deflate(scene: Scene, transport: asyncio.Transport) -> None:
    """The honest answer, compressed in the other way."""
    answer = scene.honest()
    content = zlib.compress(answer.content())
    transport.write(head(answer, Content_Encoding="deflate", Content_Length=str(len(content))) + content)


async def brotli(scene: Scene, transport: asyncio.Transport) -> None:
    """An answer that says it is compressed in a way that nobody asked for."""
    answer = scene.honest()
    transport.write(head(answer, Content_Encoding="br") + answer.content())


SILENT = (hang, stall, stall_headers, late, drip_headers, drip_body, endless_headers, endless_continue)
ACTS = (*SILENT, not_http, early_hints, deflate, brotli)
ON_THE_WIRE = {act.__name__: act for act in ACTS}
INSTEAD = {"changed": changed}


@pytest.fixture(scope="session")
def mischief() -> Iterator[None]:
    """All of it, for every cloud of this process."""
    with pytest.MonkeyPatch.context() as patch:
        for table, more in ((misbehaviour.ON_THE_WIRE, ON_THE_WIRE), (misbehaviour.INSTEAD, INSTEAD)):
            for kind, act in more.items():
                patch.setitem(table, kind, act)
        yield
