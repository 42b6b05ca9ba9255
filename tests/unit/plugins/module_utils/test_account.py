# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account: how many requests use credentials that nobody has accepted yet, and who hears of a refusal."""

from __future__ import annotations

import threading
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.account import MAX_UNPROVEN, Account
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import AuthenticationError

# Far enough away; on the account's clock it is always 0.
DEADLINE = 60.0
REFUSAL = AuthenticationError("The service refuses the key.")


def account() -> Account:
    """An account on a clock that stands still."""
    return Account(lambda: 0.0)


def use(credentials: Account, service: str, ends: str) -> str:
    """Use the credentials at a service, which accepts them, refuses them, or is silent; return what became of it."""
    try:
        with credentials.turn(service, DEADLINE):
            if ends == "refused":
                raise REFUSAL
            if ends == "accepted":
                credentials.accept(service)
    except AuthenticationError:
        return "refused"
    return ends


@pytest.mark.parametrize(
    ("uses", "became"),
    [
        # a refusal holds for every service of the account, none of which asks again
        ([("a", "refused"), ("a", "accepted"), ("b", "accepted")], ["refused", "refused", "refused"]),
        # no answer is no verdict
        ([("a", "silent"), ("a", "accepted"), ("b", "accepted")], ["silent", "accepted", "accepted"]),
        # a service that refuses what another has accepted stands alone
        (
            [("a", "accepted"), ("b", "refused"), ("a", "accepted"), ("b", "accepted")],
            ["accepted", "refused", "accepted", "refused"],
        ),
        ([("a", "accepted"), ("b", "refused"), ("c", "accepted")], ["accepted", "refused", "accepted"]),
        # one that had accepted them has withdrawn them for all
        ([("a", "accepted"), ("a", "refused"), ("b", "accepted")], ["accepted", "refused", "refused"]),
    ],
)
def test_who_hears_of_a_refusal(uses: list[tuple[str, str]], became: list[str]) -> None:
    credentials = account()
    assert [use(credentials, service, ends) for service, ends in uses] == became


class Turns:
    """Threads that each take a turn at a service, and keep it until they are told to end."""

    def __init__(self, credentials: Account) -> None:
        self._credentials = credentials
        self._end: dict[str, threading.Event] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._entered: dict[str, threading.Event] = {}
        self._ends: dict[str, str] = {}
        self.order: list[str] = []

    def begin(self, name: str, waits: bool = False) -> None:
        """Let a thread ask for a turn at the service that its name begins with; wait until it has it, or must wait."""
        self._end[name], self._entered[name] = threading.Event(), threading.Event()
        self._threads[name] = threading.Thread(target=self._hold, args=(name,), daemon=True)
        self._threads[name].start()
        if not waits:
            assert self._entered[name].wait(10)

    def end(self, name: str, ends: str) -> None:
        """End a turn, and wait until its thread has."""
        self._ends[name] = ends
        self.order.append(f"{name} {ends}")
        self._end[name].set()
        self._threads[name].join(10)

    def join(self, name: str) -> None:
        """Wait until a thread has its turn, or was refused one."""
        assert self._entered[name].wait(10)

    def _hold(self, name: str) -> None:
        try:
            with self._credentials.turn(name[0], DEADLINE):
                self.order.append(f"{name} enters")
                self._entered[name].set()
                assert self._end[name].wait(10)
                if self._ends[name] == "refused":
                    raise REFUSAL
                self._credentials.accept(name[0])
        except AuthenticationError:
            if not self._entered[name].is_set():
                self.order.append(f"{name} hears of it")
            self._entered[name].set()


def test_one_unproven_request_of_each_service() -> None:
    turns = Turns(account())
    turns.begin("a1")
    turns.begin("a2", waits=True)
    turns.begin("b1")
    turns.end("a1", "accepted")
    turns.join("a2")
    assert turns.order == ["a1 enters", "b1 enters", "a1 accepted", "a2 enters"]
    for name in ("a2", "b1"):
        turns.end(name, "accepted")


def test_a_few_unproven_requests_in_all() -> None:
    turns = Turns(account())
    first = [f"{letter}1" for letter in "abcdefgh"[:MAX_UNPROVEN]]
    for name in first:
        turns.begin(name)
    turns.begin("z1", waits=True)
    turns.end("a1", "accepted")
    turns.join("z1")
    assert turns.order[-2:] == ["a1 accepted", "z1 enters"]
    for name in (*first[1:], "z1"):
        turns.end(name, "accepted")


def test_whoever_waits_hears_of_the_refusal() -> None:
    turns = Turns(account())
    turns.begin("a1")
    turns.begin("a2", waits=True)
    turns.end("a1", "refused")
    turns.join("a2")
    assert turns.order == ["a1 enters", "a1 refused", "a2 hears of it"]


def test_proven_credentials_wait_for_nobody() -> None:
    turns = Turns(account())
    turns.begin("a1")
    turns.end("a1", "accepted")
    names = [f"a{number}" for number in range(2, 3 * MAX_UNPROVEN)]
    for name in names:
        turns.begin(name)
    assert turns.order[2:] == [f"{name} enters" for name in names]
    for name in names:
        turns.end(name, "accepted")


def test_nobody_waits_beyond_the_deadline() -> None:
    """The turn comes, and the client then finds that no time is left."""
    credentials = Account(lambda: DEADLINE)
    entered: list[t.Any] = []
    with credentials.turn("a", DEADLINE), credentials.turn("a", DEADLINE):
        entered.append("a")
    assert entered == ["a"]
