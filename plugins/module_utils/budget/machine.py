# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A budget for all tasks of one user on one machine: a small file for each account and service.

The files lie in a folder that only the user can read: `cloudwait.jobs` in XDG_RUNTIME_DIR, else
`cloudwait.jobs-UID` in the system's folder for temporary files. Their names are hashes with a random key that lies
beside them, and so tell nothing. Each holds RECORD: a version, what tells this boot of the machine from others, and the
Turns. A task locks the file for as long as it takes to read and write RECORD.

- After a reboot the machine's clock begins anew, and the files count no more.
- That clock goes on while the machine is suspended, and nobody can set it. A turn far ahead, or a throttled request in
  the future, is of another clock: the file is written anew.
- When a process dies, the kernel releases its lock. A lock that another process holds is waited for one second.
- Two versions of the collection that write different records pace themselves apart.
- On a full disk, below a read-only root, on a network file system without locks, or where the folder belongs to
  somebody else or is a link, there is no budget: BudgetError says why, and the task paces itself alone.
- Files that nobody has used for a day are removed.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import math
import os
import stat
import struct
import tempfile
import time
import typing as t

from .budget import BudgetError
from .turns import Turns, reserve, throttled

VERSION = 1
# Version, boot, next turn, share, last throttled.
RECORD = struct.Struct("!I16sddd")
BOOT_ID = "/proc/sys/kernel/random/boot_id"
KEY = "key"
KEY_BYTES = 32
# Seconds for which a lock is waited for.
LOCK_SECONDS = 1.0
LOCK_PAUSE = 0.005
# Files that nobody has used for so many seconds are removed, of so many that are looked at.
UNUSED = 24 * 3600.0
LOOKED_AT = 1000
# A turn that lies further ahead was reserved by another clock.
FURTHEST = 24 * 3600.0


def default_folder(environ: t.Mapping[str, str]) -> str:
    """Return the folder of this user's budgets."""
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime) and os.path.isdir(runtime):
        return os.path.join(runtime, "cloudwait.jobs")
    return os.path.join(tempfile.gettempdir(), f"cloudwait.jobs-{os.getuid()}")


class MachineBudget:
    """The turns of one account at one service, shared through a file; `clock` is the machine's."""

    def __init__(
        self, folder: str, name: t.Hashable, clock: t.Callable[[], float], sleep: t.Callable[[float], None]
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._boot = _boot()
        try:
            _prepare(folder)
            key = _key(folder)
            digest = hashlib.blake2b(repr(name).encode("utf-8", "surrogatepass"), key=key, digest_size=16).hexdigest()
            self._path = os.path.join(folder, digest)
            _remove_unused(folder)
        except OSError as exc:
            raise _error(folder, exc) from None

    def reserve(self, rate: float, longest: float) -> float | None:
        """Take the next turn at so many requests per second; return the seconds until it comes, or None."""
        return self._change(lambda turns, now: reserve(turns, now, rate, longest))

    def throttled(self) -> None:
        """Take note that the service refused a request for coming too soon."""
        self._change(lambda turns, now: (throttled(turns, now), None))

    def _change(self, change: t.Callable[[Turns, float], tuple[Turns, float | None]]) -> float | None:
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                self._lock(file)
                now = self._clock()
                turns, wait = change(self._read(os.pread(file, RECORD.size, 0), now), now)
                os.pwrite(file, RECORD.pack(VERSION, self._boot, *turns), 0)
            finally:
                os.close(file)
        except OSError as exc:
            raise _error(os.path.dirname(self._path), exc) from None
        return wait

    def _lock(self, file: int) -> None:
        end = time.monotonic() + LOCK_SECONDS
        while not _try_lock(file):
            if time.monotonic() >= end:
                raise TimeoutError(errno.ETIMEDOUT, "another process holds the lock")
            self._sleep(LOCK_PAUSE)

    def _read(self, record: bytes, now: float) -> Turns:
        if len(record) != RECORD.size:
            return Turns()
        version, boot, *numbers = RECORD.unpack(record)
        turns = Turns(*numbers)
        is_sound = version == VERSION and boot == self._boot and 0 < turns.share <= 1 and turns.throttled_at <= now
        return turns if is_sound and -math.inf < turns.next_turn < now + FURTHEST else Turns()


def _try_lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _boot() -> bytes:
    """Return what tells this boot of the machine from others."""
    try:
        with open(BOOT_ID, encoding="ascii") as file:
            text = file.read(64)
    except (OSError, UnicodeError):
        text = ""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _prepare(folder: str) -> None:
    """Make the folder, and refuse one that others can use."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise BudgetError(
            f"the folder {folder} is no folder of this user's that others cannot read; remove it, or set "
            "CLOUDWAIT_BUDGET to task",
            is_quiet=True,
        )


def _key(folder: str) -> bytes:
    """Return the key of the names in a folder, made by whoever comes first."""
    path = os.path.join(folder, KEY)
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        file = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        key = os.pread(file, KEY_BYTES, 0)
        if len(key) != KEY_BYTES:
            key = os.urandom(KEY_BYTES)
            os.pwrite(file, key, 0)
        return key
    finally:
        os.close(file)


def _remove_unused(folder: str) -> None:
    oldest = time.time() - UNUSED
    with os.scandir(folder) as entries:
        for _number, entry in zip(range(LOOKED_AT), entries):
            # Somebody else may be faster.
            with contextlib.suppress(FileNotFoundError):
                if entry.name != KEY and entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < oldest:
                    os.unlink(entry.path)


def _error(folder: str, exc: OSError) -> BudgetError:
    return BudgetError(f"files in {folder} cannot be used ({exc.strerror})", is_quiet=True)
