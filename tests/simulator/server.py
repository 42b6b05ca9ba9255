# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server: from aiohttp's requests to answers, faults on order included."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import formatdate
from pathlib import Path

from aiohttp import web

from . import control
from .cloud import Cloud
from .exchange import Answer, Call
from .misbehaviour import INSTEAD, ON_THE_WIRE, RawResponse, Scene
from .requestlog import Request
from .routes import Operation


class Handler:
    """Answers the requests of one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        cloud = self.cloud
        call = Call(request.method, request.raw_path, request.headers, await request.read())
        operation = cloud.operation(call)
        if operation is not None and operation.service == "control":
            return self.response(control.answer(cloud, call, operation.name))
        record = self.record(call, operation)
        fault = cloud.faults.take(operation) if operation else None
        if operation is None or fault is None:
            answer = cloud.answer(call, operation)
        else:
            record.fault = fault.kind
            scene = Scene(cloud, call, operation, fault.options, lambda: cloud.answer(call, operation))
            if fault.kind in ON_THE_WIRE:
                return RawResponse(ON_THE_WIRE[fault.kind], scene)
            if fault.kind == "slow_headers":
                await asyncio.sleep(scene.seconds(1.0))
                answer = scene.honest()
            else:
                answer = INSTEAD[fault.kind](scene)
        record.status = answer.status
        return self.response(answer)

    def record(self, call: Call, operation: Operation | None) -> Request:
        """Write a request into the record."""
        clock, log = self.cloud.clock, self.cloud.log
        request = Request(
            number=log.total + 1,
            time=clock.now(),
            real=clock.real(),
            service=operation.service if operation else "unknown",
            operation=operation.name if operation else "unknown",
            job_ids=operation.job_ids if operation else (),
            method=call.method,
            target=call.target,
            headers=dict(call.headers),
            body=call.body.decode("utf-8", "replace"),
        )
        log.add(request)
        return request

    def response(self, answer: Answer) -> web.Response:
        """Return an answer as aiohttp sends it, dated by the cloud's clock."""
        headers = {
            "Content-Type": "application/json",
            "Date": formatdate(self.cloud.wall(), usegmt=True),
            **answer.headers,
        }
        return web.Response(status=answer.status, body=answer.content(), headers=headers)


async def start(cloud: Cloud, port: int = 0, tls: tuple[Path, Path] | None = None) -> web.ServerRunner:
    """Serve a cloud on loopback and set its ``url``; port 0 takes a free one. Returns the runner, for ``stop()``.

    Raises OSError for a port that is taken and for unreadable files, ssl.SSLError for useless ones.
    """
    context = None
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
    # A client that hangs up cancels its handler, else a hang on order would outlive the test that ordered it.
    server = web.Server(Handler(cloud), handler_cancellation=True, access_log=None)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port, ssl_context=context, backlog=1024)
        await site.start()
    except BaseException:
        await runner.cleanup()
        raise
    cloud.url = f"{'https' if tls else 'http'}://127.0.0.1:{runner.addresses[0][1]}{cloud.base_path}"
    return runner


async def stop(runner: web.ServerRunner) -> None:
    """Close every connection, also those over TLS whose clients do not take part in closing them."""
    # First, as a transport over TLS that was closed twice has forgotten what to abort. Python 3.11 then trips over it.
    for handler in runner.server.connections if runner.server else []:
        if handler.transport:
            with suppress(AttributeError):
                handler.transport.abort()
    await runner.cleanup()
    # What was aborted is closed by the loop when its turn comes.
    for _turn in range(3):
        await asyncio.sleep(0)


@contextmanager
def running(cloud: Cloud, port: int = 0, tls: tuple[Path, Path] | None = None) -> Iterator[Cloud]:
    """Serve a cloud from a thread of its own as long as the ``with`` block lasts."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="simulator", daemon=True)
    thread.start()
    try:
        runner = asyncio.run_coroutine_threadsafe(start(cloud, port, tls), loop).result()
        try:
            yield cloud
        finally:
            asyncio.run_coroutine_threadsafe(stop(runner), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
