# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the wait engine needs of the outside: sources that know jobs, and an executor that carries calls to them."""

from __future__ import annotations

import typing as t

from ..model.errors import CloudwaitError
from ..model.job import Job

Jobs = t.Dict[str, t.List[Job]]

# The key that stands for "all jobs that match".
LISTING = ""


class RateLimiter(t.Protocol):
    """Tells how many requests one or several sources may send."""

    @property
    def rate(self) -> float:
        """Requests per second."""


class Source(t.Protocol):
    """Looks up the jobs of one service."""

    @property
    def provider(self) -> str:
        """The name of the service."""

    @property
    def rate_limiter(self) -> RateLimiter:
        """What its requests keep to, perhaps together with other sources."""

    @property
    def batch_size(self) -> int:
        """Keys that one request carries at best, as far as is known now."""

    @property
    def window(self) -> int:
        """Keys that `batch` wants to choose from."""

    @property
    def max_in_flight(self) -> int:
        """Calls that may be under way at once."""

    def batch(self, keys: t.Sequence[str]) -> t.Sequence[str]:
        """Return those of `keys`, the first among them, that one call carries."""

    def fetch(self, keys: t.Sequence[str], deadline: float) -> Jobs:
        """Return the jobs behind each key, none where the service does not list it; by `deadline` on the clock.

        A key that the call could not tell about is left out. Raises CloudwaitError.
        """


class Call(t.NamedTuple):
    """One call of a source for some keys, which must end at `deadline` on the clock."""

    number: int
    source: Source
    keys: t.Sequence[str]
    deadline: float


class FetchResult(t.NamedTuple):
    """What came back for one call: the jobs of each key that was answered, or the error."""

    call: Call
    jobs: t.Mapping[str, t.Sequence[Job]]
    error: CloudwaitError | None = None


class Executor(t.Protocol):
    """Carries calls to sources and results back. The engine sleeps in it."""

    def submit(self, call: Call) -> None:
        """Start a call."""

    def collect(self, deadline: float) -> t.Sequence[FetchResult]:
        """Wait for results, at most until `deadline` on the clock."""
