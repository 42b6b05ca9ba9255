# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each kind of fault is carried out on the wire."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import struct
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from . import iam
from .actions import refuse
from .exchange import Answer, Call
from .services import answer_from

if TYPE_CHECKING:
    from .cloud import Cloud
    from .routes import Operation

ENDLESS_BYTES = 200 * 2**20
HANG_SECONDS = 600.0
CHUNK = 64 * 2**10
HTML = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"


@dataclass
class Scene:
    """What a misbehaviour works with; ``honest`` makes the answer that would have been given."""

    cloud: Cloud
    call: Call
    operation: Operation
    options: Mapping[str, Any]
    honest: Callable[[], Answer]

    def seconds(self, default: float) -> float:
        """Return the real seconds that the order names."""
        return float(self.options.get("seconds", default))


Act = Callable[[Scene, asyncio.Transport], Awaitable[None]]


class RawResponse(web.StreamResponse):
    """A response that writes to the transport itself and ends the connection."""

    def __init__(self, act: Act, scene: Scene) -> None:
        super().__init__()
        self._act, self._scene = act, scene

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        transport = request.transport
        if isinstance(transport, asyncio.Transport) and not transport.is_closing():
            await self._act(self._scene, transport)
            transport.close()
        raise ConnectionResetError("the connection was ended on order")


def reason(status: int) -> str:
    """Return the phrase that belongs to a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def head(answer: Answer, **replaced: str | None) -> bytes:
    """Return status line and headers of an answer; a header that is replaced by None is left out."""
    headers: dict[str, str | None] = {
        "Content-Type": "application/json",
        "Content-Length": str(len(answer.content())),
        "Connection": "close",
        **answer.headers,
        **{name.replace("_", "-"): value for name, value in replaced.items()},
    }
    lines = [f"HTTP/1.1 {answer.status} {reason(answer.status)}"]
    lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def drained(transport: asyncio.Transport) -> bool:
    """Wait until little is left to send; False when the client has gone."""
    while transport.get_write_buffer_size() > 4 * CHUNK and not transport.is_closing():
        await asyncio.sleep(0.001)
    return not transport.is_closing()


def abort(transport: asyncio.Transport) -> None:
    """End the connection with a reset instead of an orderly close."""
    sock = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def reset(scene: Scene, transport: asyncio.Transport) -> None:
    abort(transport)


async def close(scene: Scene, transport: asyncio.Transport) -> None:
    transport.close()


async def cut(scene: Scene, transport: asyncio.Transport) -> None:
    """Send headers and the first bytes of the body (default: half of it), then nothing more."""
    answer = scene.honest()
    content = answer.content()
    transport.write(head(answer) + content[: int(scene.options.get("bytes", len(content) // 2))])
    if scene.options.get("reset"):
        while transport.get_write_buffer_size():
            await asyncio.sleep(0.001)
        # Bytes that were sent must arrive before the reset overtakes them.
        await asyncio.sleep(0.02)
        abort(transport)


async def hang(scene: Scene, transport: asyncio.Transport) -> None:
    await asyncio.sleep(scene.seconds(HANG_SECONDS))


async def drip(scene: Scene, transport: asyncio.Transport) -> None:
    """Send the body a few bytes at a time."""
    answer = scene.honest()
    content = answer.content()
    size = int(scene.options.get("bytes", 1))
    transport.write(head(answer))
    for start in range(0, len(content), size):
        await asyncio.sleep(scene.seconds(1.0))
        if transport.is_closing():
            return
        transport.write(content[start : start + size])


async def endless(scene: Scene, transport: asyncio.Transport) -> None:
    """Send a body without a length until the client has had enough."""
    piece = (b'{"a":1},' if scene.options.get("json") else b"endless ") * (CHUNK // 8)
    transport.write(head(Answer(200), Content_Length=None))
    if scene.options.get("json"):
        transport.write(b'{"jobs":[')
    for _piece in range(max(1, int(scene.options.get("bytes", ENDLESS_BYTES)) // len(piece))):
        if not await drained(transport):
            return
        transport.write(piece)


async def wrong_length(scene: Scene, transport: asyncio.Transport) -> None:
    """Announce more bytes than there are (``by`` above 0), or fewer."""
    answer = scene.honest()
    content = answer.content()
    transport.write(head(answer, Content_Length=str(max(0, len(content) + int(scene.options.get("by", 10))))) + content)


async def compressed(scene: Scene, transport: asyncio.Transport) -> None:
    answer = scene.honest()
    content = gzip.compress(answer.content())
    transport.write(head(answer, Content_Encoding="gzip", Content_Length=str(len(content))) + content)


async def bad_gzip(scene: Scene, transport: asyncio.Transport) -> None:
    transport.write(head(scene.honest(), Content_Encoding="gzip") + scene.honest().content())


async def gzip_bomb(scene: Scene, transport: asyncio.Transport) -> None:
    """Send few bytes that unpack to many."""
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(2**20)
    content = b"".join(
        packer.compress(zeros) for _packed in range(int(scene.options.get("bytes", ENDLESS_BYTES)) // len(zeros))
    )
    content += packer.flush()
    transport.write(head(Answer(200), Content_Encoding="gzip", Content_Length=str(len(content))) + content)


async def bad_chunks(scene: Scene, transport: asyncio.Transport) -> None:
    answer = scene.honest()
    transport.write(head(answer, Content_Length=None, Transfer_Encoding="chunked"))
    transport.write(b"zz\r\n" + answer.content() + b"\r\n")


ON_THE_WIRE: dict[str, Act] = {
    "reset": reset,
    "close": close,
    "cut": cut,
    "hang": hang,
    "drip": drip,
    "endless": endless,
    "wrong_length": wrong_length,
    "gzip": compressed,
    "bad_gzip": bad_gzip,
    "gzip_bomb": gzip_bomb,
    "bad_chunks": bad_chunks,
}


def html(scene: Scene) -> Answer:
    status = int(scene.options.get("status", 502))
    page = HTML.format(f"{status} {reason(status)}").encode()
    return Answer(status, page, {"Content-Type": "text/html"})


def status_code(scene: Scene) -> Answer:
    """Answer with a status; without a body of its own in the gateway's shape."""
    status = int(scene.options.get("status", 500))
    answer = answer_from({**scene.options, "status": status})
    if not {"body", "text"} & set(scene.options):
        answer.body = scene.cloud.gateway.error(scene.cloud, status, "0601", "Internal server error").body
    if "retry_after" in scene.options:
        answer.headers["Retry-After"] = str(scene.options["retry_after"])
    return answer


def error(scene: Scene) -> Answer:
    """Refuse with a code and a message in the service's own shape; IAM's code is the HTTP status."""
    service = scene.cloud.services.get(scene.operation.service)
    message = str(scene.options.get("message", "Refused on order."))
    if service is None:
        return iam.IamError(int(scene.options.get("status", 400)), message).answer()
    status = {"status": int(scene.options["status"])} if "status" in scene.options else {}
    return service.error(scene.cloud, str(scene.options["code"]), message, **status)


def throttle(scene: Scene) -> Answer:
    answer = scene.cloud.throttled(int(scene.options.get("limit", 200)), str(scene.options.get("time", "1 minute")))
    if "retry_after" in scene.options:
        answer.headers["Retry-After"] = str(scene.options["retry_after"])
    return answer


def text(scene: Scene) -> Answer:
    kind = str(scene.options.get("content_type", "application/json"))
    answer = answer_from({"text": "", **scene.options})
    answer.headers.setdefault("Content-Type", kind)
    return answer


def merge(scene: Scene) -> Answer:
    """Change keys of the honest answer: mappings are merged, a list of mappings gets the change in each item."""
    answer = scene.honest()
    answer.body = merged(json.loads(answer.content()), scene.options.get("body", {}))
    return answer


def merged(old: Any, change: Any) -> Any:
    """Return ``old`` with a change laid over it."""
    if isinstance(old, dict) and isinstance(change, Mapping):
        return old | {key: merged(old.get(key), value) for key, value in change.items()}
    if isinstance(old, list) and isinstance(change, Mapping):
        return [merged(item, change) for item in old]
    return change


def redirect(scene: Scene) -> Answer:
    return Answer(int(scene.options.get("status", 302)), b"", {"Location": str(scene.options["location"])})


def expired_token(scene: Scene) -> Answer:
    cloud = scene.cloud
    return cloud.gateway.error(cloud, 401, "0301", "Incorrect IAM authentication information: decrypt token fail")


def revoke_tokens(scene: Scene) -> Answer:
    scene.cloud.tokens.revoke()
    return scene.honest()


def clock_skew(scene: Scene) -> Answer:
    scene.cloud.skew = scene.seconds(3600.0)
    return scene.honest()


def echo(scene: Scene) -> Answer:
    """Refuse with a text that repeats every credential that came, as careless services do."""
    received = [*scene.call.headers.items(), *scene.call.query, *scene.call.form.items()]
    secret = ("X-Auth-Token", "Authorization", "X-Security-Token", "Signature", "PublicKey", "SecurityToken")
    quoted = " ".join(f"{name}={value}" for name, value in received if name in secret)
    cloud = scene.cloud
    if scene.operation.is_action:
        action = scene.operation.parameters.get("Action", "")
        answer = refuse(171, f"Signature VerifyAC Error, refused {quoted}", action)
        answer.status = int(scene.options.get("status", 200))
        return answer
    status = int(scene.options.get("status", 401))
    return cloud.gateway.error(cloud, status, "0301", f"Incorrect IAM authentication information: refused {quoted}")


INSTEAD: dict[str, Callable[[Scene], Answer]] = {
    "status": status_code,
    "error": error,
    "throttle": throttle,
    "json": lambda scene: Answer(200, scene.options.get("body"), dict(scene.options.get("headers", {}))),
    "merge": merge,
    "text": text,
    "not_json": lambda scene: Answer(200, b"this is not JSON {"),
    "empty": lambda scene: Answer(int(scene.options.get("status", 200)), b""),
    "html": html,
    "broken_utf8": lambda scene: Answer(200, b'{"status": "\xff\xfe\xc3\x28"}'),
    "redirect": redirect,
    "expired_token": expired_token,
    "revoke_tokens": revoke_tokens,
    "clock_skew": clock_skew,
    "echo": echo,
}
