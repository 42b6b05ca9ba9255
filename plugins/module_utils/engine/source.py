# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The port of the wait engine: sources that know jobs, and an executor that carries calls to them."""

from __future__ import annotations

import enum
import typing as t

from ..model.errors import CloudwaitError
from ..model.job import Job
from ..model.place import Place

Jobs = t.Dict[str, t.List[Job]]

# The key that stands for "all jobs that match".
LISTING = ""


class TargetKind(enum.Enum):
    """The kind of thing that the keys of a query name."""

    JOBS = "jobs"
    REQUESTS = "requests"  # every job that appears under the key belongs to it
    LISTING = "listing"  # the jobs of the first answer become targets of their own


class RateLimiter(t.Protocol):
    """A bound on the requests of one or several sources; `rate` in requests per second."""

    rate: float


class Source(t.Protocol):
    """A place where the jobs of one service, `provider`, are looked up.

    `batch_size` is how many keys one request carries at best, as far as is known now; `window` how many keys `batch`
    wants to choose from; `max_in_flight` how many calls may be under way at once; `place` is where it looks.
    """

    provider: str
    batch_size: int
    window: int
    max_in_flight: int

    @property
    def place(self) -> Place:
        """Where it looks."""

    @property
    def rate_limiter(self) -> RateLimiter:
        """The rate limiter of its requests, which other sources may share."""

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
    """The end of one call: the jobs of each key that was answered, or the error."""

    call: Call
    jobs: t.Mapping[str, t.Sequence[Job]]
    error: CloudwaitError | None = None


class Executor(t.Protocol):
    """Carries calls to sources and results back. The engine sleeps in it."""

    def submit(self, call: Call) -> None:
        """Start a call."""

    def collect(self, deadline: float) -> t.Sequence[FetchResult]:
        """Wait for results, at most until `deadline` on the clock."""
