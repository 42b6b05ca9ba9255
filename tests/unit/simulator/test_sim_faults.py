# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on order, over a real connection."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, FaultError, credentials
from ansible_collections.cloudwait.jobs.tests.simulator.faults import KINDS, Faults, parse
from ansible_collections.cloudwait.jobs.tests.simulator.routes import Operation
from ansible_collections.cloudwait.jobs.tests.simulator.server import start, stop
from ansible_collections.cloudwait.jobs.tests.unit.simulator.asking import job_target

JOB_ID = "ff8080814dbd65d7014dbe0d84db0013"
TARGET = job_target("ims", JOB_ID)
HEADERS = {"X-Auth-Token": credentials.TOKEN}

Check = Callable[[requests.Response], bool]


def ask(cloud: Cloud, target: str = TARGET) -> requests.Response:
    """Ask on a connection of its own, as a fault may end it."""
    return requests.get(cloud.url + target, headers=HEADERS, timeout=10, allow_redirects=False)


def honest(response: requests.Response) -> bool:
    """Say whether this is the true answer for the job asked for."""
    return response.status_code == 200 and bool(response.json()["job_id"] == JOB_ID)


# Faults that give an answer: kind, options, what is true of it.
ANSWERS: list[tuple[str, dict[str, Any], Check]] = [
    ("status", {}, lambda r: r.status_code == 500 and r.json()["error_code"] == "APIGW.0601"),
    ("status", {"status": 503, "retry_after": 7}, lambda r: r.status_code == 503 and r.headers["Retry-After"] == "7"),
    ("status", {"status": 403, "body": {"a": 1}}, lambda r: r.status_code == 403 and r.json() == {"a": 1}),
    ("status", {"status": 400, "text": "no"}, lambda r: r.text == "no"),
    ("status", {"status": 204}, lambda r: r.status_code == 204 and r.content == b""),
    ("status", {"headers": {"X-Odd": 5}}, lambda r: r.headers["X-Odd"] == "5"),
    ("error", {"code": "IMG.0023"}, lambda r: r.status_code == 400 and r.json()["error"]["code"] == "IMG.0023"),
    ("error", {"code": "IMG.0023", "status": 500}, lambda r: r.status_code == 500),
    ("throttle", {}, lambda r: r.status_code == 429 and "limit:200,time:1 minute" in r.json()["error_msg"]),
    ("throttle", {"retry_after": 3, "limit": 9}, lambda r: r.headers["Retry-After"] == "3" and "limit:9" in r.text),
    ("json", {"body": [1]}, lambda r: r.status_code == 200 and r.json() == [1]),
    ("merge", {"body": {"entities": {"x": 1}}}, lambda r: set(r.json()["entities"]) == {"x", "image_id"}),
    ("merge", {"body": {"status": None}}, lambda r: r.json()["status"] is None and r.json()["job_id"] == JOB_ID),
    ("text", {"text": '{"a":1,"a":1e400}'}, lambda r: r.text == '{"a":1,"a":1e400}'),
    (
        "text",
        {"text": "x", "status": 502, "content_type": "text/plain"},
        lambda r: r.headers["Content-Type"] == "text/plain",
    ),
    ("not_json", {}, lambda r: r.status_code == 200 and r.text.startswith("this is not JSON")),
    ("empty", {}, lambda r: (r.status_code, r.content) == (200, b"")),
    ("html", {}, lambda r: r.status_code == 502 and "<h1>502 Bad Gateway</h1>" in r.text),
    ("html", {"status": 200}, lambda r: r.status_code == 200 and r.headers["Content-Type"] == "text/html"),
    ("broken_utf8", {}, lambda r: b"\xff" in r.content),
    ("redirect", {"location": "http://else.invalid/"}, lambda r: r.headers["Location"] == "http://else.invalid/"),
    ("redirect", {"location": "/x", "status": 307}, lambda r: r.status_code == 307),
    ("expired_token", {}, lambda r: r.status_code == 401 and r.json()["error_msg"].endswith("decrypt token fail")),
    ("echo", {}, lambda r: r.status_code == 401 and credentials.TOKEN in r.text),
    ("gzip", {}, lambda r: honest(r) and r.headers["Content-Encoding"] == "gzip"),
    ("gzip_bomb", {"bytes": 2**21}, lambda r: len(r.content) == 2**21 and int(r.headers["Content-Length"]) < 2**13),
    ("endless", {"bytes": 2**18}, lambda r: len(r.content) == 2**18 and "Content-Length" not in r.headers),
    ("endless", {"bytes": 2**18, "json": True}, lambda r: r.text.startswith('{"jobs":[{"a":1},')),
    ("drip", {"bytes": 9, "seconds": 0}, honest),
    ("slow_headers", {"seconds": 0}, honest),
    (
        "wrong_length",
        {"by": -5},
        lambda r: len(r.content) == int(r.headers["Content-Length"]) and r.content[-1:] != b"}",
    ),
]


@pytest.mark.parametrize(("kind", "options", "check"), ANSWERS)
def test_faults_that_answer(served: Cloud, kind: str, options: dict[str, Any], check: Check) -> None:
    served.fault(kind, **options)
    assert check(ask(served))
    assert served.requests[-1].fault == kind
    assert honest(ask(served))


BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("reset", {}, "reset by peer"),
    ("close", {}, "closed connection without response"),
    ("hang", {"seconds": 0}, "closed connection without response"),
    ("cut", {}, "IncompleteRead"),
    ("cut", {"bytes": 0}, "IncompleteRead(0 bytes read"),
    ("cut", {"bytes": 5}, "IncompleteRead(5 bytes read"),
    ("cut", {"bytes": 5, "reset": True}, "reset by peer"),
    ("wrong_length", {}, "10 more expected"),
    ("bad_gzip", {}, "failed to decode"),
    ("bad_chunks", {}, "InvalidChunkLength"),
]


@pytest.mark.parametrize(("kind", "options", "says"), BROKEN)
def test_faults_that_break_off(served: Cloud, kind: str, options: dict[str, Any], says: str) -> None:
    served.fault(kind, **options)
    with pytest.raises(requests.RequestException, match=re.escape(says)):
        ask(served)
    assert honest(ask(served))


def test_every_kind_is_tested() -> None:
    tested = {row[0] for row in ANSWERS} | {row[0] for row in BROKEN}
    assert tested | {"revoke_tokens", "clock_skew"} == set(KINDS)


def test_revoke_tokens_holds_for_this_request_and_the_next(served: Cloud) -> None:
    served.fault("revoke_tokens")
    assert [ask(served).status_code for _request in range(2)] == [401, 401]


def test_clock_skew_stays(served: Cloud) -> None:
    before = ask(served).headers["Date"]
    served.fault("clock_skew", seconds=3600)
    assert (before, ask(served).headers["Date"]) == ("Fri, 02 Jan 2026 03:04:05 GMT", "Fri, 02 Jan 2026 04:04:05 GMT")


@pytest.mark.parametrize(
    ("provider", "target", "shape"),
    [
        ("cph", job_target("cph", "x"), {"error_code": "CPS.0003", "error_msg": "Later."}),
        ("dws", job_target("dws", "x"), {"error_code": "CPS.0003", "error_msg": "Later."}),
        ("iam", "/v3/projects", {"error": {"code": 400, "message": "Later.", "title": "Bad Request"}}),
    ],
)
def test_errors_have_the_services_mapping(served: Cloud, provider: str, target: str, shape: dict[str, Any]) -> None:
    served.fault("error", service=provider, code="CPS.0003", message="Later.")
    response = ask(served, target)
    assert response.status_code == 400
    assert response.json() | shape == response.json()


def test_errors_of_uphone_are_retcodes(served: Cloud) -> None:
    served.fault("error", service="uphone", code=150, message="Later.")
    response = ask(served, "/?Action=DescribeUPhoneJob")
    assert (response.status_code, response.json()["RetCode"], response.json()["Message"]) == (200, 150, "Later.")


@pytest.mark.parametrize(
    ("order", "hits"),
    [
        ({}, [1]),
        ({"skip": 1}, [2]),
        ({"skip": 2, "times": 2}, [3, 4]),
        ({"times": None}, [1, 2, 3, 4, 5, 6]),
        ({"times": None, "every": 2}, [2, 4, 6]),
        ({"times": None, "every": 2, "skip": 1}, [3, 5]),
        ({"times": 0}, []),
        ({"service": "ims", "times": None}, [1, 2, 3, 4, 5, 6]),
        ({"service": "cph", "times": None}, []),
        ({"operation": "show_job"}, [1]),
        ({"operation": "list_jobs"}, []),
        ({"job_id": "b", "times": None}, [2, 4, 6]),
        ({"job_id": "b", "skip": 1}, [4]),
    ],
)
def test_which_requests_are_hit(order: dict[str, Any], hits: list[int]) -> None:
    fault = parse({"kind": "reset", **order})
    asked = [Operation("ims", "show_job", "p", ("ab"[number % 2 == 0],)) for number in range(1, 7)]
    assert [number for number, operation in enumerate(asked, 1) if fault.hit(operation)] == hits


@pytest.mark.parametrize(("chance", "hits"), [(1.0, 6), (0.5, 3), (0.3, 2), (0.05, 0)])
def test_chance_is_the_share_of_requests_that_an_order_sees(chance: float, hits: int) -> None:
    faults = Faults(iter([0.9, 0.1, 0.4, 0.6, 0.2, 0.8]).__next__)
    faults.add(parse({"kind": "reset", "times": None, "chance": chance}))
    operation = Operation("ims", "show_job", "p", ("a",))
    assert sum(faults.take(operation) is not None for _request in range(6)) == hits


def test_chance_is_the_same_for_the_same_seed() -> None:
    def drawn(seed: int) -> list[bool]:
        cloud = Cloud(seed=seed)
        cloud.fault("reset", times=None, chance=0.5)
        operation = Operation("ims", "show_job", "p", ("a",))
        return [cloud.faults.take(operation) is not None for _request in range(64)]

    assert drawn(1) == drawn(1) != drawn(2)


def test_orders_wait_in_line(served: Cloud) -> None:
    served.fault("status", status=501)
    served.fault("status", status=502)
    assert [ask(served).status_code for _request in range(3)] == [501, 502, 200]


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (None, "needs a kind"),
        ({"kind": "explode"}, "needs a kind"),
        ({"kind": "reset", "status": 500}, "status"),
        ({"kind": "status", "status": 100}, "status must be an HTTP status"),
        ({"kind": "status", "skip": -1}, "skip must be"),
        ({"kind": "status", "every": 0}, "every must be"),
        ({"kind": "status", "chance": 0}, "chance must be"),
        ({"kind": "cut", "bytes": "half"}, "bytes must be"),
        ({"kind": "redirect"}, "needs location"),
        ({"kind": "error"}, "needs code"),
    ],
)
def test_orders_that_cannot_be_carried_out(order: Any, says: str) -> None:
    with pytest.raises(FaultError, match=says):
        parse(order)


def test_a_client_that_gives_up_frees_the_server(cloud: Cloud) -> None:
    async def story() -> None:
        runner = await start(cloud)
        before = len(asyncio.all_tasks())
        _reader, writer = await asyncio.open_connection("127.0.0.1", int(cloud.url.rpartition(":")[2]))
        writer.write(f"GET {TARGET} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while not cloud.requests:
            await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) > before
        writer.close()
        async with asyncio.timeout(10):
            while len(asyncio.all_tasks()) > before:
                await asyncio.sleep(0)
        await stop(runner)

    cloud.fault("hang")
    asyncio.run(story())
