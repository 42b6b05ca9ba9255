# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns that several tasks share: the algorithm as a table, and the file, on a simulated clock."""

from __future__ import annotations

import errno
import math
import os
import stat
import subprocess
import sys
import threading
import typing as t
from pathlib import Path

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget import machine, opening
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.budget import BudgetError
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.limiter import SharedRateLimiter
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.machine import MachineBudget, default_folder
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.opening import check_budget, secrets_in
from ansible_collections.cloudwait.jobs.plugins.module_utils.budget.turns import (
    Turns,
    reserve,
    share_at,
    throttled,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import InvalidError
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence

NAME = (("AK-of-the-user", "secret-of-the-user"), "cph")


class Clock:
    """Seconds that pass when somebody sleeps."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


# The algorithm


def test_turns_are_as_far_apart_as_the_rate_says() -> None:
    turns, waits = Turns(), []
    for _again in range(4):
        turns, wait = reserve(turns, 100.0, 10.0, math.inf)
        waits.append(wait)
    assert waits == pytest.approx([0, 1 / 9, 2 / 9, 3 / 9])


@pytest.mark.parametrize(
    ("turns", "longest", "wait"),
    [
        # what was not used is not saved up
        (Turns(next_turn=50.0), math.inf, 0.0),
        (Turns(next_turn=103.0), math.inf, 3.0),
        (Turns(next_turn=103.0), 3.0, 3.0),
        # a turn that comes too late is not taken
        (Turns(next_turn=103.0), 2.9, None),
        (Turns(next_turn=103.0), -1.0, None),
    ],
)
def test_a_turn(turns: Turns, longest: float, wait: float | None) -> None:
    after, found = reserve(turns, 100.0, 10.0, longest)
    assert found == wait
    assert (after == turns) is (wait is None)


@pytest.mark.parametrize(
    ("seconds", "share"),
    [(0, 0.5), (9.9, 0.5), (10, 0.6), (25, 0.7), (50, 1.0), (5000, 1.0)],
)
def test_throttling_halves_and_quiet_raises(seconds: float, share: float) -> None:
    turns = throttled(Turns(), 100.0)
    assert share_at(turns, 100.0 + seconds) == pytest.approx(share)


def test_requests_that_are_refused_together_halve_once() -> None:
    turns = throttled(throttled(Turns(), 100.0), 100.9)
    assert share_at(turns, 101.0) == 0.5
    assert share_at(throttled(turns, 101.0), 101.0) == 0.25


def test_some_rate_is_always_left() -> None:
    turns = Turns()
    for moment in range(100):
        turns = throttled(turns, float(2 * moment))
    assert share_at(turns, 200.0) == 0.01


# The file


def budget(folder: Path, clock: Clock, name: t.Any = NAME) -> MachineBudget:
    return MachineBudget(str(folder / "budgets"), name, clock, clock.sleep)


def test_two_tasks_share_turns(tmp_path: Path) -> None:
    clock = Clock()
    first, second = budget(tmp_path, clock), budget(tmp_path, clock)
    waits = [each.reserve(10.0, math.inf) for each in (first, second, first, second)]
    assert waits == pytest.approx([0, 1 / 9, 2 / 9, 3 / 9])
    # another service, and another account, have turns of their own
    assert budget(tmp_path, clock, (NAME[0], "ims")).reserve(10.0, math.inf) == 0
    assert budget(tmp_path, clock, (("AK2", "s"), "cph")).reserve(10.0, math.inf) == 0


def test_throttling_is_shared(tmp_path: Path) -> None:
    clock = Clock()
    first, second = budget(tmp_path, clock), budget(tmp_path, clock)
    first.throttled()
    assert [second.reserve(10.0, math.inf) for _again in range(2)] == pytest.approx([0, 2 / 9])


def test_what_lies_there_tells_nothing(tmp_path: Path) -> None:
    budget(tmp_path, Clock()).reserve(10.0, math.inf)
    folder = tmp_path / "budgets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [path for path in folder.iterdir() if path.name != "key"]
    assert [(len(path.name), path.stat().st_size) for path in files] == [(32, machine.RECORD.size)]
    told = b"".join(path.name.encode() + path.read_bytes() for path in folder.iterdir())
    assert not any(word in told for word in (b"AK", b"secret", b"cph", b"user"))
    # nor can anybody who does not have the key tell for whom a file is
    other = tmp_path / "other"
    other.mkdir()
    budget(other, Clock()).reserve(10.0, math.inf)
    assert {path.name for path in (other / "budgets").iterdir()} & {path.name for path in files} == set()


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"short",
        b"\xff" * machine.RECORD.size,
        b"\0" * 200,
        machine.RECORD.pack(2, b"boot", 2000.0, 1.0, -1.0),
        machine.RECORD.pack(1, b"another boot", 2000.0, 1.0, -1.0),
        machine.RECORD.pack(1, b"boot", float("nan"), 1.0, -1.0),
        machine.RECORD.pack(1, b"boot", 1e12, 1.0, -1.0),
        machine.RECORD.pack(1, b"boot", 1000.0, 0.0, -1.0),
        machine.RECORD.pack(1, b"boot", 1000.0, 1.0, 5000.0),
    ],
)
def test_what_cannot_be_of_now_is_written_anew(tmp_path: Path, record: bytes) -> None:
    clock = Clock()
    one = budget(tmp_path, clock)
    one.reserve(10.0, math.inf)
    (path,) = [path for path in (tmp_path / "budgets").iterdir() if path.name != "key"]
    path.write_bytes(record)
    assert one.reserve(10.0, math.inf) == 0
    assert one.reserve(10.0, math.inf) == pytest.approx(1 / 9)


def test_files_do_not_pile_up(tmp_path: Path) -> None:
    one = budget(tmp_path, Clock())
    one.reserve(10.0, math.inf)
    old = tmp_path / "budgets" / ("0" * 32)
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    budget(tmp_path, Clock(), "another").reserve(10.0, math.inf)
    assert not old.exists()
    assert len(list((tmp_path / "budgets").iterdir())) == 3


def make_link(folder: Path) -> None:
    (folder / "elsewhere").mkdir(mode=0o700)
    (folder / "budgets").symlink_to(folder / "elsewhere")


def make_open(folder: Path) -> None:
    (folder / "budgets").mkdir()
    (folder / "budgets").chmod(0o755)


def make_file(folder: Path) -> None:
    (folder / "budgets").write_text("")


@pytest.mark.parametrize("make", [make_link, make_open, make_file])
def test_a_folder_that_others_can_use_is_not_used(tmp_path: Path, make: t.Callable[[Path], None]) -> None:
    make(tmp_path)
    with pytest.raises(BudgetError) as caught:
        budget(tmp_path, Clock())
    assert caught.value.is_quiet


def test_a_folder_that_is_not_there_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(BudgetError, match="cannot be used"):
        MachineBudget(str(tmp_path / "a" / "b"), NAME, Clock(), Clock().sleep)


def test_a_lock_that_is_held_is_not_waited_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = budget(tmp_path, Clock())
    monkeypatch.setattr(machine, "_try_lock", lambda _file: False)
    monkeypatch.setattr(machine, "LOCK_SECONDS", 0.0)
    with pytest.raises(BudgetError, match="holds the lock"):
        one.reserve(10.0, math.inf)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("os.pwrite", errno.ENOSPC),  # a full disk
        ("os.open", errno.EROFS),  # a container whose root is read-only
        ("os.open", errno.EACCES),  # a file of another user
        ("os.open", errno.ELOOP),  # a link in place of the file
        ("os.open", errno.EMFILE),
        ("fcntl.flock", errno.ENOLCK),  # a network file system without locks
        ("os.pread", errno.EIO),
    ],
)
def test_what_the_system_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int) -> None:
    one = budget(tmp_path, Clock())

    def fail(*_arguments: t.Any) -> t.NoReturn:
        raise OSError(code, os.strerror(code))

    module, _dot, name = call.partition(".")
    monkeypatch.setattr(getattr(machine, module), name, fail)
    with pytest.raises(BudgetError) as caught:
        one.reserve(10.0, math.inf)
    assert os.strerror(code) in str(caught.value)
    assert caught.value.is_quiet


def test_a_process_that_dies_with_the_lock_leaves_none(tmp_path: Path) -> None:
    one = budget(tmp_path, Clock())
    one.reserve(10.0, math.inf)
    (path,) = [path for path in (tmp_path / "budgets").iterdir() if path.name != "key"]
    hold = (
        f"import fcntl, os; fcntl.flock(os.open({str(path)!r}, os.O_RDWR), fcntl.LOCK_EX); print(flush=True); input()"
    )
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        file = os.open(path, os.O_RDWR)
        assert not machine._try_lock(file)
        os.close(file)
        holder.kill()
    assert one.reserve(10.0, math.inf) == pytest.approx(1 / 9)


def test_a_clock_that_was_set_back_reserves_nothing_for_long(tmp_path: Path) -> None:
    clock = Clock(5000.0)
    for _again in range(3):
        budget(tmp_path, clock).reserve(10.0, math.inf)
    clock.now = 1000.0
    wait = budget(tmp_path, clock).reserve(10.0, math.inf)
    assert wait is not None
    assert wait <= 4001


def test_threads_take_turns_one_by_one(tmp_path: Path) -> None:
    clock = Clock()
    waits: list[float] = []

    def take() -> None:
        one = MachineBudget(str(tmp_path / "budgets"), NAME, lambda: 1000.0, lambda _seconds: None)
        waits.extend(t.cast("float", one.reserve(10.0, math.inf)) for _again in range(20))

    budget(tmp_path, clock)
    threads = [threading.Thread(target=take) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == pytest.approx([number / 9 for number in range(160)])


@pytest.mark.parametrize(
    ("runtime", "folder"),
    [("", "cloudwait.jobs-"), ("relative", "cloudwait.jobs-"), ("/nowhere/at/all", "cloudwait.jobs-")],
)
def test_the_folder(runtime: str, folder: str) -> None:
    assert f"/{folder}{os.getuid()}" in default_folder({"XDG_RUNTIME_DIR": runtime})


def test_the_folder_of_this_login(tmp_path: Path) -> None:
    assert default_folder({"XDG_RUNTIME_DIR": str(tmp_path)}) == str(tmp_path / "cloudwait.jobs")


# The rate limiter


class Broken:
    """A budget that fails from some call on."""

    def __init__(self, good: int) -> None:
        self.good = good

    def reserve(self, rate: float, longest: float) -> float | None:
        self.good -= 1
        if self.good < 0:
            raise BudgetError("it is gone")
        return 0.0

    def throttled(self) -> None:
        self.reserve(1.0, 1.0)


def test_a_budget_that_fails_is_given_up_with_one_warning() -> None:
    clock, warnings = Clock(), []
    limiter = SharedRateLimiter(10.0, clock, clock.sleep, Broken(2), lambda text, quiet: warnings.append((text, quiet)))
    assert all(limiter.acquire() for _again in range(20))
    # the task goes on at its own pace
    assert clock.now - 1000.0 > 1.0
    ((text, quiet),) = warnings
    assert is_sentence(text)
    assert (quiet, "it is gone" in text) == (False, True)


def test_the_expected_rate_falls_where_others_wait_and_rises_again() -> None:
    clock = Clock()
    waits = [5.0] * 20 + [0.0] * 30

    class Crowded(Broken):
        def reserve(self, rate: float, longest: float) -> float | None:
            return waits.pop(0)

    limiter = SharedRateLimiter(10.0, clock, clock.sleep, Crowded(0), lambda _text, _quiet: None)
    for _again in range(20):
        limiter.acquire()
    assert limiter.rate == pytest.approx(0.2, rel=0.1)
    for _again in range(30):
        limiter.acquire()
    assert limiter.rate == pytest.approx(10.0, rel=0.1)


def test_a_task_waits_for_one_turn_at_a_time() -> None:
    clock, reserved = Clock(), []
    asleep, over = threading.Event(), threading.Event()

    class Busy(Broken):
        def reserve(self, rate: float, longest: float) -> float | None:
            reserved.append(rate)
            return 5.0

    def sleep(_seconds: float) -> None:
        asleep.set()
        over.wait(60)

    limiter = SharedRateLimiter(10.0, clock, sleep, Busy(0), lambda _text, _quiet: None)
    first = threading.Thread(target=limiter.acquire)
    first.start()
    assert asleep.wait(60)
    # the queue of the task is not passed by its deadline
    assert not limiter.acquire(deadline=clock.now)
    assert len(reserved) == 1
    over.set()
    first.join(60)
    assert limiter.acquire()
    assert len(reserved) == 2


# The option


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("machines", "must be machine, task, or a URL"),
        ("http://host", "must be machine, task, or a URL"),
        ("redis:/host", "must be machine, task, or a URL"),
        ("", "must be machine, task, or a URL"),
    ],
)
def test_what_names_no_budget_is_refused(name: str, words: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_budget(name)
    assert words in str(caught.value)
    assert is_sentence(str(caught.value))


@pytest.mark.parametrize(
    ("name", "secrets"),
    [
        ("machine", set()),
        ("redis://host:6379/0", set()),
        ("redis://user:p%40ss-word@host:6379/0", {"p%40ss-word", "p@ss-word"}),
        ("rediss://:only-a-password@host", {"only-a-password"}),
        ("redis://[broken", set()),
    ],
)
def test_the_password_of_a_url_is_a_secret(name: str, secrets: set[str]) -> None:
    assert secrets_in(name) == secrets


def test_redis_is_imported_only_for_a_url() -> None:
    program = f"import sys; import {opening.__name__}; sys.exit('redis' in sys.modules)"
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", program], check=False, env=environ).returncode == 0
