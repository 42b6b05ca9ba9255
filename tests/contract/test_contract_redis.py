# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The budget that machines share, judged by a real Redis or Valkey."""

from __future__ import annotations

import math
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget import server as module
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.budget import BudgetError
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.limiter import SharedRateLimiter
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.server import ServerBudget
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.turns import USED, Turns, reserve, throttled

NAME = (("AK-of-the-user", "secret-of-the-user"), "cph")
PASSWORD = "Pass-word-of-the-server"


@dataclass
class Server:
    """A server of its own, reached by a socket."""

    folder: Path
    program: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://:{PASSWORD}@{self.folder}/socket"

    @property
    def client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=f"{self.folder}/socket", password=PASSWORD)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ["--port", "0", "--unixsocket", f"{self.folder}/socket", "--save", "", "--requirepass", PASSWORD]
        self.process = subprocess.Popen([self.program, *options, "--dir", str(self.folder)], stdout=subprocess.DEVNULL)
        for _again in range(500):
            try:
                self.client.ping()
            except redis.exceptions.ConnectionError:
                time.sleep(0.01)
            else:
                return
        raise AssertionError("the server does not start")

    def stop(self) -> None:
        """End it."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        assert not os.environ.get("NEEDS_REDIS"), "neither redis-server nor valkey-server is installed"
        pytest.skip("neither redis-server nor valkey-server is installed: the shared budget was not judged")
    started = Server(tmp_path, program)
    started.start()
    yield started
    started.stop()


def test_two_machines_share_turns(server: Server) -> None:
    first, second = ServerBudget(server.url, NAME), ServerBudget(server.url, NAME)
    waits = [each.reserve(1.0, math.inf) for each in (first, second, first, second)]
    # the server's clock moves a little from one to the next
    assert waits == pytest.approx([number / USED for number in range(4)], abs=0.5)
    assert ServerBudget(server.url, (NAME[0], "ims")).reserve(1.0, math.inf) == 0


def test_a_turn_that_comes_too_late_is_not_taken(server: Server) -> None:
    budget = ServerBudget(server.url, NAME)
    assert budget.reserve(0.01, math.inf) == 0
    assert [budget.reserve(0.01, 5.0) for _again in range(3)] == [None] * 3
    assert budget.reserve(0.01, math.inf) == pytest.approx(100 / USED, abs=2)


def test_the_script_does_what_the_algorithm_says(server: Server) -> None:
    """Every step side by side: the file's algorithm gets the server's own time."""
    budget, turns = ServerBudget(server.url, NAME), Turns()
    for step in ("reserve", "throttled", "reserve", "reserve", "throttled", "reserve"):
        seconds, micro = server.client.time()
        now = seconds + micro / 1e6
        if step == "throttled":
            budget.throttled()
            turns = throttled(turns, now)
        else:
            turns, wait = reserve(turns, now, 0.5, math.inf)
            assert budget.reserve(0.5, math.inf) == pytest.approx(wait, abs=0.5)


def test_what_lies_there_tells_nothing_and_is_forgotten(server: Server) -> None:
    budget = ServerBudget(server.url, NAME)
    budget.reserve(1.0, math.inf)
    budget.throttled()
    keys: Any = server.client.keys("*")
    (key,) = keys
    assert key.startswith(b"cloudwait.jobs:")
    assert 0 < server.client.ttl(key) <= module.FORGOTTEN
    fields: Any = server.client.hgetall(key)
    told = key + b"".join(part for pair in fields.items() for part in pair)
    assert not any(word in told for word in (b"AK-of", b"secret", b"cph"))


def test_many_threads_and_machines_get_turns_of_their_own(server: Server) -> None:
    waits: list[float] = []

    def take() -> None:
        budget = ServerBudget(server.url, NAME)
        waits.extend(budget.reserve(1.0, math.inf) or 0.0 for _again in range(10))

    threads = [threading.Thread(target=take) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == pytest.approx([number / USED for number in range(80)], abs=3)


def gone(server: Server) -> None:
    server.stop()


def full(server: Server) -> None:
    server.client.config_set("maxmemory", "1")


def read_only(server: Server) -> None:
    server.client.replicaof("127.0.0.1", "1")


def silent(server: Server) -> None:
    assert server.process is not None
    server.process.send_signal(signal.SIGSTOP)


def other_password(server: Server) -> None:
    client = server.client
    client.config_set("requirepass", "another")
    client.client_kill_filter(_type="normal", skipme=True)


@pytest.mark.parametrize("trouble", [gone, full, read_only, silent, other_password])
def test_trouble_in_mid_wait_is_told_once(
    server: Server, trouble: Callable[[Server], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A second of real time is not waited for in a test.
    monkeypatch.setattr(module, "TIMEOUT", 0.2)
    warnings: list[tuple[str, bool]] = []
    budget = ServerBudget(server.url, NAME)
    limiter = SharedRateLimiter(
        1000.0, time.monotonic, lambda _seconds: None, budget, lambda *told: warnings.append(told)
    )
    assert limiter.acquire()
    trouble(server)
    assert all(limiter.acquire() for _again in range(5))
    ((text, is_quiet),) = warnings
    assert not is_quiet
    assert PASSWORD not in text
    assert "paces itself alone" in text


def test_a_server_that_was_restarted_goes_on(server: Server) -> None:
    budget = ServerBudget(server.url, NAME)
    budget.reserve(1.0, math.inf)
    server.stop()
    with pytest.raises(BudgetError):
        budget.reserve(1.0, math.inf)
    server.start()
    assert ServerBudget(server.url, NAME).reserve(1.0, math.inf) == 0


@pytest.mark.parametrize(
    "url", ["redis://host:port/0", "redis://[broken/0", f"redis://:{PASSWORD}@host:99999999/0", "redis://host/0?db=x"]
)
def test_a_url_that_cannot_be_read_is_not_quoted(url: str) -> None:
    with pytest.raises(BudgetError) as caught:
        ServerBudget(url, NAME).reserve(1.0, math.inf)
    assert PASSWORD not in str(caught.value)
    assert "host" not in str(caught.value).replace("HOST", "")
