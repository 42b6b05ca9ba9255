# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Never twice: a request that changes something meets each fault at each moment, over real connections on loopback."""

from __future__ import annotations

import email.utils
import socket
import struct
import time
import typing as t

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import SENDERS
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.request import request_module
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.raw_server import (
    RawServer,
    answer,
    raw_server,
)

GOOD = answer(b'{"job_id": "j"}')
UNCLEAR = "may have been carried out"
KEYS = {"access_key": "AK-of-the-user", "secret_key": "secret-of-the-user", "project_id": "p"}
PASSWORD = {"username": "u", "password": "a-password", "user_domain_name": "d", "project_id": "p"}
TOKEN = {"token": "token-of-the-user", "project_id": "p"}
LOGIN = answer(b"{}", "201 Created", "X-Subject-Token: token-of-the-cloud\r\n")


def submit(url: str, **given: t.Any) -> dict[str, t.Any]:
    """The result of a task that submits; pauses between its attempts pass at once."""
    module = request_module("huaweicloud", SENDERS["huaweicloud"])
    options: dict[str, t.Any] = {
        "endpoint": url,
        "auth_url": url,
        "method": "POST",
        "path": "/v1/{project_id}/things",
        "body": {"a": 1},
    }
    timeout = given.pop("request_timeout", 30)
    options |= {"max_rate": 1000, "service": "ecs", **(TOKEN if "project_id" not in given else {}), **given}
    validated = ArgumentSpecValidator(**module.spec).validate(options)
    assert not validated.error_messages
    parameters = {**validated.validated_parameters, "request_timeout": timeout}
    context = TaskContext(False, {}, set(), sleep=lambda _seconds: None)
    return module.run(parameters, context).result


def reset(connection: socket.socket) -> None:
    """Cut the connection so that the other side notices at once."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def cut_after(begin: bytes) -> t.Callable[[socket.socket], None]:
    """The beginning of an answer, and then nothing more."""

    def write(connection: socket.socket) -> None:
        connection.sendall(begin)

    return write


def hang(connection: socket.socket) -> None:
    """No answer, until the client has had enough."""
    connection.recv(1)


def sent(server: RawServer, method: bytes = b"POST /v1") -> int:
    """How many requests of this kind the service saw."""
    return sum(request.startswith(method) for request in server.requests)


@pytest.mark.parametrize(
    ("reply", "given", "seen", "kind", "words"),
    [
        # the request has reached the service, and nobody knows what became of it
        (reset, {}, 1, "transport", UNCLEAR),
        (cut_after(b""), {}, 1, "transport", UNCLEAR),
        (cut_after(b"HTTP/1.1 20"), {}, 1, "transport", UNCLEAR),
        (cut_after(b"HTTP/1.1 200 OK\r\nContent-Le"), {}, 1, "transport", UNCLEAR),
        (cut_after(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), {}, 1, "transport", UNCLEAR),
        (cut_after(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"), {}, 1, "transport", UNCLEAR),
        (b"nonsense\r\n\r\n", {}, 1, "transport", UNCLEAR),
        (hang, {"request_timeout": 0.2}, 1, "transport", UNCLEAR),
        (answer(b"{}", "408 X"), {}, 1, "service", UNCLEAR),
        (answer(b"{}", "500 X"), {}, 1, "service", UNCLEAR),
        (answer(b"{}", "503 X", "Retry-After: 0\r\n"), {}, 1, "service", UNCLEAR),
        (answer(b"", "301 X", "Location: https://elsewhere/\r\n"), {}, 1, "transport", UNCLEAR),
        (answer(b"", "307 X", "Location: /v2\r\n"), {}, 1, "transport", UNCLEAR),
        (answer(b"", "308 X"), {}, 1, "transport", UNCLEAR),
        # the service has certainly not acted on it
        (answer(b"{}", "429 X"), {}, 3, "service", "HTTP 429"),
        (answer(b'{"error_code": "APIGW.0308"}', "403 X"), {}, 3, "service", "APIGW.0308"),
        (answer(b"{}", "400 X"), {}, 1, "invalid", "HTTP 400"),
        (answer(b"{}", "409 X"), {}, 1, "invalid", "HTTP 409"),
        # a given token or key never goes out again
        (answer(b"{}", "401 X"), {}, 1, "authentication", "the token has expired"),
        (answer(b"{}", "401 X"), KEYS, 1, "authentication", "not tried again"),
    ],
)
def test_a_fault(reply: t.Any, given: dict[str, t.Any], seen: int, kind: str, words: str) -> None:
    with raw_server(reply) as server:
        result = submit(server.url, **given)
    assert (sent(server), result["failure"]["kind"]) == (seen, kind), result["msg"]
    assert words in result["msg"]
    assert result["changed"] is (words == UNCLEAR)
    assert (UNCLEAR in result["msg"]) is (words == UNCLEAR)


@pytest.mark.parametrize("reply", [reset, cut_after(b"HTTP/1.1 20"), answer(b"{}", "500 X"), answer(b"{}", "429 X")])
def test_what_changes_nothing_is_sent_again(reply: t.Any) -> None:
    with raw_server(reply, reply, GOOD) as server:
        result = submit(server.url, method="GET", body=None)
    assert (sent(server, b"GET /v1"), result["status"], result["changed"]) == (3, 200, False), result["msg"]


@pytest.mark.parametrize(
    ("replies", "seen"),
    [((answer(b"{}", "429 X"), GOOD), 2), ((answer(b"{}", "429 X"), answer(b"{}", "429 X"), GOOD), 3)],
)
def test_a_throttled_request_is_sent_again(replies: tuple[t.Any, ...], seen: int) -> None:
    with raw_server(*replies) as server:
        result = submit(server.url)
    assert (sent(server), result["job_ids"], result["changed"]) == (seen, ["j"], True), result["msg"]


def test_a_connection_that_cannot_be_opened_is_tried_three_times() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    pauses: list[float] = []
    module = request_module("huaweicloud", SENDERS["huaweicloud"])
    options = {**TOKEN, "endpoint": f"http://127.0.0.1:{port}", "service": "ecs", "method": "DELETE", "path": "/v1"}
    validated = ArgumentSpecValidator(**module.spec).validate({**options, "max_rate": 1000})
    result = module.run(validated.validated_parameters, TaskContext(False, {}, set(), sleep=pauses.append)).result
    assert (result["failure"]["kind"], result["changed"], result["status"]) == ("transport", False, None)
    assert UNCLEAR not in result["msg"]
    assert len([pause for pause in pauses if pause >= 0.5]) == 2


def test_a_name_that_does_not_resolve_has_sent_nothing() -> None:
    result = submit("https://nowhere.invalid")
    assert (result["failure"]["kind"], result["changed"]) == ("transport", False)
    assert UNCLEAR not in result["msg"]


def test_a_login_that_fails_has_sent_nothing() -> None:
    with raw_server(reset) as server:
        result = submit(server.url, **PASSWORD)
    assert (sent(server), result["failure"]["kind"], result["changed"]) == (0, "transport", False)
    assert UNCLEAR not in result["msg"]


def test_a_refused_token_leads_to_one_new_login_and_one_more_request() -> None:
    refusal = answer(b"{}", "401 X")
    with raw_server(LOGIN, refusal, LOGIN, GOOD) as server:
        result = submit(server.url, **PASSWORD)
    assert (sent(server), result["job_ids"], result["changed"]) == (2, ["j"], True), result["msg"]
    with raw_server(LOGIN, refusal, LOGIN, refusal, LOGIN, GOOD) as server:
        result = submit(server.url, **PASSWORD)
    assert (sent(server), result["failure"]["kind"], result["changed"]) == (2, "authentication", False)


def test_a_clock_that_was_wrong_leads_to_one_more_request() -> None:
    date = email.utils.formatdate(time.time() + 3600, usegmt=True)
    refusal = answer(b"{}", "401 X", f"Date: {date}\r\n")
    with raw_server(refusal, GOOD) as server:
        result = submit(server.url, **KEYS)
    assert (sent(server), result["job_ids"]) == (2, ["j"]), result["msg"]
    with raw_server(refusal, refusal, GOOD) as server:
        result = submit(server.url, **KEYS)
    assert (sent(server), result["failure"]["kind"], result["changed"]) == (2, "authentication", False)
