# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No connection: names that do not resolve, ports that nobody listens at, certificates that do not verify."""

from __future__ import annotations

import dataclasses
import socket
import typing as t
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import LAST_POLL_SECONDS
from ansible_collections.cloudwait.jobs.tests.faults.checks import check_result
from ansible_collections.cloudwait.jobs.tests.faults.clock import JumpingClock
from ansible_collections.cloudwait.jobs.tests.faults.faults import NO_ANSWER, Effect, Meaning, Row
from ansible_collections.cloudwait.jobs.tests.faults.moments import DEADLINE, INTERVAL, MOMENTS, Moment
from ansible_collections.cloudwait.jobs.tests.faults.rules import expected_of_any
from ansible_collections.cloudwait.jobs.tests.faults.scene import Scene
from ansible_collections.cloudwait.jobs.tests.faults.targets import TARGETS, Target
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, running
from ansible_collections.cloudwait.jobs.tests.simulator.exchange import Answer, Call
from ansible_collections.cloudwait.jobs.tests.simulator.routes import Operation
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.certificates import self_signed

FATAL = Meaning(Effect.FATAL, "transport")


class OneAnswer(Cloud):
    """A cloud that wants a new connection for each request."""

    def answer(self, call: Call, operation: Operation | None) -> Answer:
        """Answer a request honestly, and say that it was the last one."""
        answer = super().answer(call, operation)
        answer.headers["Connection"] = "close"
        return answer


@dataclasses.dataclass
class Network:
    """Leads to another port, or to none, from some moment on."""

    clock: JumpingClock
    ports: dict[str, int]
    real: Callable[..., t.Any] = socket.getaddrinfo
    way: str = ""
    since: float = 0.0
    left: float = 0.0
    asked: int = 0

    def break_at(self, way: str, moment: Moment) -> None:
        """From then on lead to somebody else, or to nobody."""
        self.way, self.since = way, self.clock.now() + moment.since
        self.left, self.asked = moment.times or float("inf"), 0

    def getaddrinfo(self, host: str, port: int, *more: t.Any, **options: t.Any) -> t.Any:
        """What a connection asks twice: for the addresses of a name, and for the one that it leads to."""
        if self.left > 0 and self.clock.now() >= self.since:
            self.asked += 1
            self.left -= self.asked % 2 == 0
            if self.way == "nowhere":
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            port = self.ports[self.way]
        return self.real(host, port, *more, **options)


@dataclasses.dataclass(frozen=True)
class Place:
    """A cloud over plain http and over https, and the network in front of it."""

    plain: Scene
    secure: Scene
    network: Network
    authority: Path


@pytest.fixture(scope="module")
def place(clock: JumpingClock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Both clouds, and servers that pretend to be one of them."""
    ours, stranger, other = (tmp_path_factory.mktemp(name) for name in ("ours", "stranger", "other"))
    trusted = self_signed(ours)
    with ExitStack() as stack:

        def serve(tls: tuple[Path, Path] | None = None) -> Cloud:
            return stack.enter_context(running(OneAnswer(clock=clock), tls=tls))

        plain, secure = serve(), serve(trusted)
        # It is taken, so that no other cloud of these tests gets it, and does not listen.
        closed = stack.enter_context(socket.socket())
        closed.bind(("127.0.0.1", 0))
        ports = {"closed": closed.getsockname()[1]}
        pretenders = {
            "stranger": serve(self_signed(stranger)),
            "other": serve(self_signed(other, "127.0.0.2")),
            "plain": plain,
            "secure": secure,
        }
        ports.update((name, int(cloud.url.rpartition(":")[2])) for name, cloud in pretenders.items())
        network = Network(clock, ports)
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(socket, "getaddrinfo", network.getaddrinfo)
        # The certificate of the other one is trusted; its name is wrong.
        authority = ours / "authorities.pem"
        authority.write_bytes(trusted[0].read_bytes() + (other / "certificate.pem").read_bytes())
        yield Place(Scene(plain, clock), Scene(secure, clock), network, authority)


# What the network does, whether that is over https, and what it means at first and later.
FAULTS: dict[str, tuple[str, bool, Meaning, Meaning]] = {
    # before its first answer a name is most likely misspelt
    "name does not resolve": ("nowhere", False, FATAL, NO_ANSWER),
    "name does not resolve, with https": ("nowhere", True, FATAL, NO_ANSWER),
    "nobody listens": ("closed", False, NO_ANSWER, NO_ANSWER),
    "certificate of a stranger": ("stranger", True, FATAL, FATAL),
    "certificate for another name": ("other", True, FATAL, FATAL),
    "plain http instead of https": ("plain", True, NO_ANSWER, NO_ANSWER),
    "https instead of plain http": ("secure", False, NO_ANSWER, NO_ANSWER),
}


@pytest.mark.cell("faults of the connection")
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.name)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_connection(place: Place, target: Target, fault: str, moment: Moment) -> None:
    way, is_secure, at_first, later = FAULTS[fault]
    scene = place.secure if is_secure else place.plain
    job_ids = scene.begin(target)
    place.network.break_at(way, moment)
    ca_path = str(place.authority) if is_secure else None
    seen = scene.look(target, moment, job_ids, "keys", ca_path=ca_path)
    check_result(seen)
    row = Row(fault, "", at_first if moment.at_first else later)
    wanted = expected_of_any(target, row, moment, seen.result["elapsed"])
    assert (seen.states, seen.kind, seen.result["timed_out"]) == wanted, seen.result["msg"]
    if moment is DEADLINE:
        assert seen.result["elapsed"] <= INTERVAL * 2 + LAST_POLL_SECONDS
