# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What processes use: memory, threads, file descriptors, sockets and processor time."""

from __future__ import annotations

import contextlib
import os
import resource
import statistics
import threading
import typing as t

import psutil

MIB = 2**20
# Seconds between two samples.
EVERY = 0.25


class Use(t.NamedTuple):
    """What one process, or the largest of several, uses; memory in MiB."""

    memory: float = 0.0
    threads: int = 0
    files: int = 0
    sockets: int = 0


def use_of(process: psutil.Process) -> Use:
    """What a process uses now; nothing where it has ended."""
    try:
        with process.oneshot():
            memory, threads = process.memory_info().rss / MIB, process.num_threads()
        opened = list(open_files(process.pid))
    except (psutil.Error, OSError):
        return Use()
    return Use(memory, threads, len(opened), sum(name.startswith("socket:") for name in opened))


def open_files(pid: int) -> t.Iterator[str]:
    """What the file descriptors of a process lead to (Linux)."""
    folder = f"/proc/{pid}/fd"
    for name in os.listdir(folder):
        # It may have been closed meanwhile, as the one that this listing itself needed.
        with contextlib.suppress(FileNotFoundError):
            yield os.readlink(f"{folder}/{name}")


def larger(first: Use, second: Use) -> Use:
    """The larger of each."""
    return Use(
        max(first.memory, second.memory),
        max(first.threads, second.threads),
        max(first.files, second.files),
        max(first.sockets, second.sockets),
    )


class Watch:
    """Samples processes and their children for the length of a `with` block; `peak` is of one process, each."""

    def __init__(self) -> None:
        self.peak = Use()
        self.processes = 0
        self.all_memory = 0.0
        self.cpu = 0.0
        self._roots: list[psutil.Process] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def add(self, pid: int) -> None:
        """Watch a process, too."""
        self._roots.append(psutil.Process(pid))

    def __enter__(self) -> t.Self:
        self._cpu_before = children_seconds()
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._over.set()
        self._thread.join()
        self.cpu = children_seconds() - self._cpu_before

    def _run(self) -> None:
        while not self._over.wait(EVERY):
            uses = [use_of(process) for process in self._tree()]
            for use in uses:
                self.peak = larger(self.peak, use)
            self.processes = max(self.processes, len(uses))
            self.all_memory = max(self.all_memory, sum(use.memory for use in uses))

    def _tree(self) -> list[psutil.Process]:
        found: list[psutil.Process] = []
        for root in list(self._roots):
            try:
                found += [root, *root.children(recursive=True)]
            except psutil.Error:
                continue
        return found


def children_seconds() -> float:
    """Processor seconds of the processes that have ended and been waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def thirds(values: t.Sequence[float]) -> tuple[float, float]:
    """The medians of the first and of the last third."""
    size = max(1, len(values) // 3)
    return statistics.median(values[:size]), statistics.median(values[-size:])


def has_grown(values: t.Sequence[float], slack: float) -> bool:
    """Whether the last third lies above the first by more than `slack`, as told by their medians."""
    first, last = thirds(values)
    return last > first + slack
