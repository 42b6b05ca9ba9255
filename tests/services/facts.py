# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts of a service, as its file holds them, and the answers that follow from them.

Nothing here knows the collection's own code, so that tests can hold it against the facts. It runs on Python 3.8, as
the tests of plugins/module_utils do.
"""

from __future__ import annotations

import datetime as dt
import re
import typing as t
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlsplit

STATES = ("pending", "running", "succeeded", "partially_succeeded", "failed")
SUCCESSES = ("succeeded", "partially_succeeded")
FINAL = (*SUCCESSES, "failed")
# What stands for code and message in the body of an error.
CODE, MESSAGE = "CODE", "MESSAGE"
# Spellings of a time other than a pattern of strftime: a number of so many to the second, as it is or as a text.
NUMBERS = {"seconds": 1, "milliseconds": 1000}
DIGITS = {f"{name} as text": number for name, number in NUMBERS.items()}
ABSENT = object()
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,8})", re.ASCII)


def values_at(value: t.Any, path: str) -> list[t.Any]:
    """Return everything at a path in a JSON value: `a.b` is a key in a key's value, `a[].b` is it in every item."""
    found = [value]
    for step in path.split(".") if path else ():
        name, each = (step[:-2], True) if step.endswith("[]") else (step, False)
        found = [item[name] for item in found if isinstance(item, dict) and name in item]
        if each:
            found = [child for item in found if isinstance(item, list) for child in item]
    return found


def write_at(value: dict[str, t.Any], path: str, inner: t.Any) -> None:
    """Write into a JSON object; what is missing on the way is made.

    A last `[]` adds to a list, any other leads into its first item.
    """
    *steps, last = path.split(".")
    for step in steps:
        if step.endswith("[]"):
            items = value.setdefault(step[:-2], [])
            if not items:
                items.append({})
            value = items[0]
        else:
            value = value.setdefault(step, {})
    if last.endswith("[]"):
        value.setdefault(last[:-2], []).append(inner)
    else:
        value[last] = inner


@dataclass(frozen=True)
class Request:
    """The request for one job, as the reference writes it. Placeholders such as `{job_id}` stand in all its parts."""

    method: str
    host: str
    path: str
    query: t.Mapping[str, str]
    headers: t.Mapping[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> list[str]:
        """The texts that may hold placeholders."""
        return [self.host, self.path, *self.query.values(), *self.headers.values()]

    def filled(self, **values: str) -> Request:
        """Return the request with its placeholders filled; in the path they are percent-encoded."""
        encoded = {name: quote(value, safe="") for name, value in values.items()}
        return Request(
            self.method,
            self.host.format_map(values),
            self.path.format_map(encoded),
            {name: value.format_map(values) for name, value in self.query.items()},
            {name: value.format_map(values) for name, value in self.headers.items()},
        )


def read_request(line: str, headers: t.Mapping[str, str]) -> Request:
    """Read a request line such as `GET https://host.{region}.example.com/v1/{project_id}/jobs?id={job_id}`."""
    method, _blank, url = line.partition(" ")
    parts = urlsplit(url)
    return Request(method, parts.netloc, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), headers)


@dataclass(frozen=True)
class Fields:
    """Where a job's object has what: paths, empty where it does not tell."""

    status: str
    id: str = ""
    type: str = ""
    begin: str = ""
    end: str = ""
    code: str = ""
    message: str = ""
    progress: str = ""


@dataclass(frozen=True)
class Sample:
    """An answer of the reference, the job that it tells of, and what a result must say of it."""

    name: str
    answer: t.Any
    job: t.Mapping[str, t.Any]
    job_id: str
    raw: t.Any


@dataclass(frozen=True)
class Code:
    """An error code with an HTTP code that it comes with, and the class of errors that it belongs to."""

    code: t.Any
    http: int
    error_class: str


@dataclass(frozen=True)
class Sdk:
    """The vendor's own client: `client` of `module` has a `method` that takes a `request` made of `arguments`."""

    module: str
    client: str
    method: str
    arguments: t.Mapping[str, t.Any]
    request: str = ""


@dataclass(frozen=True, eq=False)
class Facts:
    """What the reference says of a service.

    `job` is the path of the job's object in an answer, `options` are values for the placeholders of the request that
    only this service has, `hosts` the hosts of single regions, `verdict` further places on which a state depends.
    `absent`: a good answer without a job tells of an unknown one. `time` and `progress` tell how times and 60 % are
    written; README.md describes both.
    """

    provider: str
    request: Request
    options: t.Mapping[str, str]
    hosts: t.Mapping[str, str]
    job: str
    fields: Fields
    verdict: t.Sequence[str]
    absent: bool
    type: str | None
    time: str
    zone: str
    progress: t.Any
    states: t.Mapping[str, t.Sequence[t.Any]]
    error: t.Any
    codes: t.Sequence[Code]
    samples: t.Sequence[Sample]
    sdk: Sdk | None

    @property
    def is_ucloud(self) -> bool:
        """Whether the request is one of UCloud's actions."""
        return "Action" in self.request.query

    @property
    def shape(self) -> tuple[bool, str, str]:
        """What services differ in for whoever asks: the cloud, and the places of the id and of the job's object."""
        place = "path" if "{job_id}" in self.request.path else "query"
        return self.is_ucloud, place, "list" if "[]" in self.job else "object" if self.job else "answer"

    @property
    def has_numbers_as_ids(self) -> bool:
        """Whether the ids of jobs are numbers, as in the samples."""
        return bool(self.samples) and all(sample.job_id.isdigit() for sample in self.samples)

    @property
    def words(self) -> dict[t.Any, str]:
        """Every value of the status with its state."""
        return {value: state for state, values in self.states.items() for value in values}

    @property
    def unknown_job(self) -> Code:
        """How the service refuses a job that it does not know."""
        return next((code for code in self.codes if code.error_class == "not_found"), Code(404, 404, "not_found"))

    # What answers say

    def jobs_in(self, answer: t.Any) -> list[t.Any]:
        """Return the objects in an answer that tell of jobs."""
        return values_at(answer, self.job)

    def value_in(self, job: t.Any, path: str) -> t.Any:
        """Return what a job's object has at the path of a field, ABSENT where it has nothing there."""
        found = values_at(job, path) if path else []
        return found[0] if found else ABSENT

    def state_of(self, status: t.Any) -> str:
        """Return the state that a status stands for; `unknown` where the reference has no such value."""
        words = self.words
        if isinstance(status, str) and status not in words and INTEGER.fullmatch(status):
            # A number in a text is that number, where it is written as JSON writes it.
            status = int(status)
        return words.get(status, "unknown") if type(status) in (int, str) else "unknown"

    # Answers that follow from them

    def status_for(self, state: str, default: t.Any = None) -> t.Any:
        """Return the service's first value for a state."""
        return next(iter(self.states.get(state, ())), default)

    def job_object(self, **values: t.Any) -> dict[str, t.Any]:
        """Return a job's object with these values of fields; one that the service does not tell is left out."""
        made: dict[str, t.Any] = {}
        for name, value in values.items():
            path = getattr(self.fields, name)
            if path and value is not ABSENT:
                write_at(made, path, value)
        for path in self.verdict:
            parts, of_a_part, _place = path.partition("[]")
            # A part that tells anything has a status, too: that of the job.
            if of_a_part and values_at(made, parts) and values.get("status", ABSENT) is not ABSENT:
                write_at(made, path, values["status"])
        return made

    def answer(self, *jobs: t.Any) -> t.Any:
        """Return an answer that tells of these jobs; of no more than one unless they stand in a list."""
        head = {"RetCode": 0, "Action": f"{self.request.query['Action']}Response"} if self.is_ucloud else {}
        if not self.job:
            return {**head, **jobs[0]} if jobs and isinstance(jobs[0], dict) else jobs[0] if jobs else head
        made: dict[str, t.Any] = {**head, "TotalCount": len(jobs)} if head and "[]" in self.job else dict(head)
        for job in jobs:
            write_at(made, self.job, job)
        if not jobs:
            write_at(made, self.job.replace("[]", ""), [] if "[]" in self.job else {})
        return made

    def error_body(self, code: t.Any, message: str) -> t.Any:
        """Return an error as the service words it."""
        told = {CODE: int(code) if self.is_ucloud else str(code), MESSAGE: message}

        def filled(value: t.Any) -> t.Any:
            if isinstance(value, dict):
                return {name: filled(inner) for name, inner in value.items()}
            return told.get(value, value) if isinstance(value, str) else value

        return filled(self.error)

    def write_time(self, unix: float) -> t.Any:
        """Return a Unix time as the service writes it."""
        if self.time in NUMBERS:
            return int(unix * NUMBERS[self.time])
        if self.time in DIGITS:
            return str(int(unix * DIGITS[self.time]))
        moment = dt.datetime.fromtimestamp(unix, dt.timezone.utc)
        return moment.strftime(self.time.replace("%f", f"{moment.microsecond // 1000:03}"))

    def write_progress(self, percent: float | None) -> t.Any:
        """Return a progress as the service writes it; where there is none, an empty text or nothing."""
        if isinstance(self.progress, str):
            return "" if percent is None else f"{int(percent)}{'%' if self.progress.endswith('%') else ''}"
        if percent is None:
            return ABSENT
        return round(percent / 100, 4) if isinstance(self.progress, float) else int(percent)
