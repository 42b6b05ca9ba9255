# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of a service, as plain data: its requests, its answers, its error codes and its options.

A path names a place in an answer, see model/json_path.py. Where several paths are given, the first one that holds
something counts.
"""

from __future__ import annotations

import enum
import typing as t
from dataclasses import dataclass, field, fields, is_dataclass

from ..model.job import State
from ..model.times import TimeFormat

Paths = t.Sequence[str]


class Scale(enum.Enum):
    """A scale in which services tell progress."""

    PERCENT = "0..100, as a number or as text with or without %"
    FRACTION = "0..1"


@dataclass(frozen=True)
class Progress:
    """The place of the progress, and its scale. Of several values, as in a list of parts, the mean counts.

    With `total`, `path` leads to a number of things done out of so many.
    """

    path: str
    scale: Scale = Scale.PERCENT
    total: str = ""


@dataclass(frozen=True)
class SubJobs:
    """The parts of a job: where they are, in one list or in several, and their own mapping."""

    path: str | Paths
    mapping: JobMapping


@dataclass(frozen=True)
class JobMapping:
    """The places of a job's values in its object.

    Each is one path, or several, of which the first that holds something counts.
    `falls_through`: of several places of the status the first counts whose value stands in `states`. `folded`: the
    values whose state is that of all parts together, if there are any. `partial_if`: places whose number above 0, or
    list with something in it, makes a success a partial one. Of several times the earliest is the begin, and the latest
    the end, which counts only once the job has ended. `progress_from_sub_jobs` takes the share of the sub jobs that
    have ended as the progress, `error_from_sub_jobs` the error's message from those that failed. `resources` maps a
    name to paths; a name that ends in `_ids`, or stands in `lists`, holds the list of all values, any other the one
    value. `step` is what the job is doing right now. `last_message`: of several error messages at a place, as in a log,
    the last counts. `more_statuses`: the service has further values that nobody documents.
    """

    job_id: str | Paths
    status: Paths
    states: t.Mapping[t.Any, State]
    type: str | Paths = ""
    progress: Progress | None = None
    progress_from_sub_jobs: bool = False
    step: str | Paths = ""
    begin_time: str | Paths = ""
    end_time: str | Paths = ""
    time_format: TimeFormat = TimeFormat.UTC
    error_code: Paths = ()
    error_message: Paths = ()
    error_from_sub_jobs: bool = False
    last_message: bool = False
    resources: t.Mapping[str, Paths] = field(default_factory=dict)
    sub_jobs: SubJobs | None = None
    falls_through: bool = False
    folded: t.Collection[str] = ()
    partial_if: Paths = ()
    lists: t.Collection[str] = ()
    more_statuses: bool = False


def as_paths(paths: str | Paths) -> Paths:
    """Return one path, or several, as a sequence; an empty one is none."""
    return (paths,) if isinstance(paths, str) and paths else paths or ()


class ErrorClass(enum.Enum):
    """The meaning of a service's error code for the wait."""

    NOT_FOUND = "not_found"
    TRANSIENT = "transient"
    AUTHENTICATION = "authentication"
    PERMISSION = "permission"
    INVALID = "invalid"


# By error code, or by one together with the HTTP code that it comes with.
ErrorCodes = t.Mapping[t.Any, ErrorClass]


def class_of(codes: ErrorCodes, code: str, status: int) -> ErrorClass | None:
    """Return the meaning of a code that comes with an HTTP code, or None."""
    return codes.get((code, status)) or codes.get(code)


@dataclass(frozen=True)
class Option:
    """An option of the service's module whose value, of Ansible's type `kind`, goes into the request; `many`: a list.

    For UCloud it goes into the request as `parameter`, else in place of the placeholder of its name.
    """

    name: str
    parameter: str = ""
    choices: t.Sequence[str] = ()
    many: bool = False
    required: bool = False
    kind: str = "str"


@dataclass(frozen=True)
class BatchQuery:
    """A query that answers for several requests (batches of jobs) at once, page by page."""

    path: str
    ids: str  # the query parameter that takes the request ids, joined by commas
    jobs: str  # the field of the answer that holds the jobs
    request_id: str  # where a job names its request, if it does
    per_call: int  # request ids in one call
    page: int  # jobs in one answer


@dataclass(frozen=True)
class HuaweiCloudService:
    """A service of Huawei Cloud whose jobs are looked up by a GET with the job's id.

    `host` is the label before region and cloud, or a whole host with `{region}` and `{cloud}`; `hosts` has it for
    single regions and clouds. `{project_id}`, `{domain_id}`, `{job_id}`, `{day_before}` (a day before the wait
    began, in UTC) and the names of `options` are filled in `path`, `query` and `headers`; what names an option that
    is not set is left out. `job` is the path of the job's object in the answer, or of a list that holds it; empty
    where the answer is the object. `missing_is_not_found`: a good answer without the object says that there is no
    such job; `absent`: the final state that this stands for. `containers`: codes that say that what an option names
    is not there. `max_rate`: the documented requests per second of an account; `retention`: how long jobs are kept, in
    words such as `a month`, where that is documented.
    """

    provider: str
    title: str
    host: str
    path: str
    mapping: JobMapping
    codes: ErrorCodes
    query: t.Mapping[str, str | t.Sequence[str]] = field(default_factory=dict)
    job: str = ""
    headers: t.Mapping[str, str] = field(default_factory=dict)
    missing_is_not_found: bool = False
    absent: State | None = None
    batch_query: BatchQuery | None = None
    options: t.Sequence[Option] = ()
    hosts: t.Mapping[str, str] = field(default_factory=dict)
    containers: t.Mapping[str, str] = field(default_factory=dict)
    max_rate: float | None = None
    retention: str = ""
    not_found_grace: int = 60
    numeric_ids: bool = False
    cloud: str = "huaweicloud"


@dataclass(frozen=True)
class UCloudService:
    """A service of UCloud whose jobs are looked up by an action that takes many ids, or that lists all jobs.

    `params` and `options` go into every request, `filters` only into the one that lists all jobs, as does one state of
    the option `states` as `state_parameter`, in the service's own word. `jobs` is the path of the list of jobs, or of
    the one job; `legacy_id` the field whose presence at the top of an answer makes the answer itself the job.
    `missing_is_not_found`: a good answer without a job says that there is no such job; `absent`: the final state that
    this stands for.
    """

    provider: str
    title: str
    action: str
    ids: str
    jobs: str
    per_call: int
    mapping: JobMapping
    legacy_id: str = ""
    params: t.Mapping[str, t.Any] = field(default_factory=dict)
    codes: ErrorCodes = field(default_factory=dict)
    missing_is_not_found: bool = False
    absent: State | None = None
    options: t.Sequence[Option] = ()
    filters: t.Sequence[Option] = ()
    state_parameter: str = ""
    max_rate: float | None = None
    retention: str = ""
    not_found_grace: int = 60
    numeric_ids: bool = False
    cloud: str = "ucloud"

    @property
    def lists_jobs(self) -> bool:
        """True where the action lists all jobs that match."""
        return bool(self.filters or self.state_parameter)


Service = t.Union[HuaweiCloudService, UCloudService]


def words_of(declaration: t.Any) -> frozenset[str]:
    """Return the names and values that a declaration knows, such as `status` and `SUCCESS`: they are no secrets."""
    if isinstance(declaration, str):
        return frozenset({declaration, *declaration.replace("[]", "").split(".")})
    parts: list[t.Any] = []
    if is_dataclass(declaration):
        parts = [getattr(declaration, each.name) for each in fields(declaration)]
    elif isinstance(declaration, t.Mapping):
        parts = [*declaration, *declaration.values()]
    elif isinstance(declaration, (list, tuple)):
        parts = list(declaration)
    return frozenset().union(*map(words_of, parts))
