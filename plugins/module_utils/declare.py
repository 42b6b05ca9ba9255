# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service declares of itself: its request, where its answer says what, and its error codes. Plain data.

A path names a place in an answer: `entities.image_id` goes into objects, `results[].image_id` into every item of a
list. Where several paths are given, the first one that holds something counts.
"""

from __future__ import annotations

import enum
import typing as t
from dataclasses import dataclass, field

from ansible_collections.cloudwait.jobs.plugins.module_utils.job import State
from ansible_collections.cloudwait.jobs.plugins.module_utils.times import Clock

Paths = t.Sequence[str]


class Scale(enum.Enum):
    """How a service tells its progress."""

    PERCENT = "0..100, as a number or as text with or without %"
    FRACTION = "0..1"


@dataclass(frozen=True)
class Progress:
    """Where the progress is, and in which scale."""

    path: str
    scale: Scale


@dataclass(frozen=True)
class Parts:
    """The parts of a job: where they are, and their own shape."""

    path: str
    shape: Shape


@dataclass(frozen=True)
class Shape:
    """Where a job's object says what.

    `progress_from_parts` takes the ended parts over all parts as the progress. `resources` maps a name to paths;
    a name that ends in `_ids` holds the list of all values, any other the one value. `error_from_parts` takes the
    error's message from the failed parts.
    """

    job_id: str
    status: Paths
    states: t.Mapping[t.Any, State]
    type: str = ""
    progress: Progress | None = None
    progress_from_parts: bool = False
    step: str = ""
    begin_time: str = ""
    end_time: str = ""
    clock: Clock = Clock.UTC
    error_code: Paths = ()
    error_message: Paths = ()
    error_from_parts: bool = False
    resources: t.Mapping[str, Paths] = field(default_factory=dict)
    parts: Parts | None = None


class Trouble(enum.Enum):
    """What an error code of a service means for the wait."""

    NOT_FOUND = "not_found"
    TRY_AGAIN = "transient"
    NOT_ALLOWED = "permission"
    MISTAKE = "invalid"


class Cloud(t.Protocol):
    """What the services of one cloud share; a module of Python serves as one."""

    def argument_spec(self, service: t.Any) -> dict[str, t.Any]:
        """The keyword arguments that describe a service's module to AnsibleModule."""

    def connect(
        self, service: t.Any, options: t.Mapping[str, t.Any], environ: t.Mapping[str, str], tools: t.Any
    ) -> t.Any:
        """The source of a service's jobs; `tools` are those of connect.py."""


@dataclass(frozen=True)
class RequestList:
    """A query that answers for several requests (batches of jobs) at once, page by page."""

    path: str
    ids: str  # the query parameter that takes the request ids, joined by commas
    jobs: str  # the field of the answer that holds the jobs
    request_id: str  # where a job names its request, if it does
    per_call: int  # request ids in one call
    page: int  # jobs in one answer


@dataclass(frozen=True)
class RestService:
    """One service of Huawei Cloud whose jobs are looked up by a GET with the job's id.

    `{project_id}` and `{job_id}` are filled in `path` and `query`; `job` is the path of the job's object in the
    answer, empty where the answer is the object.
    """

    cloud: Cloud
    provider: str
    title: str
    host: str
    path: str
    shape: Shape
    codes: t.Mapping[str, Trouble]
    query: t.Mapping[str, str] = field(default_factory=dict)
    job: str = ""
    request_list: RequestList | None = None


@dataclass(frozen=True)
class ActionService:
    """One service of UCloud whose jobs are looked up by an action that takes many ids.

    `legacy` is the path whose presence at the top of an answer makes the answer itself the job.
    """

    cloud: Cloud
    provider: str
    title: str
    action: str
    ids: str
    jobs: str
    legacy: str
    per_call: int
    shape: Shape
    codes: t.Mapping[str, Trouble]
    not_found_grace: int


Service = t.Union[RestService, ActionService]
