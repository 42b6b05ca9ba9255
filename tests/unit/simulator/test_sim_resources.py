# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources that are there without a job."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from ansible_collections.cloudwait.jobs.tests.simulator import ManualClock, credentials
from ansible_collections.cloudwait.jobs.tests.simulator.exchange import Answer, Call
from ansible_collections.cloudwait.jobs.tests.simulator.resources import HOSTS, PEERINGS
from ansible_collections.cloudwait.jobs.tests.unit.simulator.asking import Caller, sign_ucloud

PATH = "/v2.0/vpc/peerings"


def ask(caller: Caller, method: str, target: str, body: Any = None) -> Answer:
    content = b"" if body is None else json.dumps(body).encode()
    return caller.send(Call(method, target, {"X-Auth-Token": credentials.TOKEN}, content))


def test_a_peering_from_beginning_to_end(caller: Caller, clock: ManualClock) -> None:
    created = ask(caller, "POST", PATH, {"peering": {"name": "between-two"}})
    target = f"{PATH}/{created.body['peering']['id']}"
    seen = [(created.status, created.body["peering"]["status"])]
    for method, seconds in (("GET", 1), ("GET", 1), ("DELETE", 0), ("GET", 1), ("GET", 1)):
        clock.advance(seconds)
        answer = ask(caller, method, target)
        seen.append((answer.status, answer.body["peering"]["status"] if answer.status == 200 else None))
    waiting, active = (200, "PENDING_ACCEPTANCE"), (200, "ACTIVE")
    assert seen == [(201, "PENDING_ACCEPTANCE"), waiting, active, (204, None), active, (404, None)]


def test_peerings_are_listed_by_their_name(caller: Caller) -> None:
    ids = [ask(caller, "POST", PATH, {"peering": {"name": name}}).body["peering"]["id"] for name in ("one", "two")]
    for query, found in (("?name=two", ids[1:]), ("?name=three", []), ("", ids)):
        assert [peering["id"] for peering in ask(caller, "GET", PATH + query).body["peerings"]] == found


def test_a_peering_needs_a_name(caller: Caller) -> None:
    answer = ask(caller, "POST", PATH, {"peering": {}})
    assert (answer.status, answer.body["error_code"]) == (400, "VPC.0002")


def test_the_sample_is_there(caller: Caller) -> None:
    assert ask(caller, "GET", f"{PATH}/{PEERINGS[0]}").status == 200


def test_hosts(caller: Caller, clock: ManualClock) -> None:
    parameters = {
        "Action": "DescribeUHostInstance",
        "UHostIds.0": HOSTS[0],
        "UHostIds.1": "none",
        "UHostIds.2": HOSTS[1],
    }

    def states() -> list[tuple[str, str]]:
        answer = caller.send(Call("POST", "/", {}, urlencode(sign_ucloud(parameters)).encode()))
        return [(host["UHostId"], host["State"]) for host in answer.body["UHostSet"]]

    assert states() == [(host, "Starting") for host in HOSTS]
    clock.advance(4)
    assert states() == [(host, "Running") for host in HOSTS]


def test_hosts_without_ids(caller: Caller) -> None:
    parameters = sign_ucloud({"Action": "DescribeUHostInstance"})
    answer = caller.send(Call("POST", "/", {}, urlencode(parameters).encode()))
    assert (answer.body["RetCode"], answer.body["UHostSet"]) == (0, [])
