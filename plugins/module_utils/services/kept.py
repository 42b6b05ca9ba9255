# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bound on what a task keeps of the answers about its jobs."""

from __future__ import annotations

import json
import threading
import typing as t

from ..model.errors import ServiceError

# A hundred UPhone jobs with their tasks take about 100 KiB.
MAX_KEPT = 32 * 1024 * 1024
# What a job takes besides its text.
PER_JOB = 512


class KeptAnswers:
    """The size of all jobs that a task keeps, in bytes of JSON. Used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._total = 0

    def replace(self, before: int, raw: t.Any) -> int:
        """Return the size of a job's object, which takes the place of one of size `before`.

        Raises ServiceError where that is too much in all.
        """
        size = len(json.dumps(raw, ensure_ascii=False, check_circular=False)) + PER_JOB
        with self._lock:
            self._total += size - before
            if self._total > MAX_KEPT:
                raise ServiceError(
                    f"The answers about the jobs of this task take more than {MAX_KEPT // (1024 * 1024)} MiB; ask for "
                    "fewer jobs at once."
                )
        return size
