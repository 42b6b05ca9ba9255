# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where jobs are looked up: from keys to the jobs behind them, with as few requests as the service allows."""

from __future__ import annotations

import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.job import Job

Jobs = t.Dict[str, t.List[Job]]

# Pages of one answer: ten thousand jobs.
MAX_PAGES = 100
# The key that stands for "all jobs that match".
LISTING = ""


class Source(t.Protocol):
    """Looks up jobs."""

    @property
    def provider(self) -> str:
        """The name of the service."""

    @property
    def batch_size(self) -> int:
        """Keys that one request carries at best, as far as is known now."""

    @property
    def window(self) -> int:
        """Keys that `batch` wants to choose from."""

    @property
    def workers(self) -> int:
        """Calls that may be under way at once."""

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """Those of `keys`, the first among them, that one call carries."""

    def fetch(self, keys: t.Sequence[str], until: float) -> Jobs:
        """The jobs behind each key, none where the service does not list it; by `until` on the clock.

        A key that the call could not tell about is left out. Raises JobsError.
        """
