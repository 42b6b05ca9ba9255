# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a service's answer to a Job. Total: any JSON value gives a Job, and never a verdict that it does not hold."""

from __future__ import annotations

import math
import re
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.answers import plain, quote, values, words
from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import Paths, Progress, Scale, Shape
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import FINAL, Job, JobError, State, Task
from ansible_collections.cloudwait.jobs.plugins.module_utils.times import read_time

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,8})", re.ASCII)
PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,17})?) ?%?", re.ASCII)
FRACTION = re.compile(r"\d(?:\.\d{1,17})?", re.ASCII)
# DWS.0000 is documented as success; the others are what an empty field looks like.
NO_ERROR = frozenset({"DWS.0000", "0", "null", "None"})
# Failed parts that an error message quotes.
QUOTED_PARTS = 3
# Jobs that a reader remembers.
MAX_REMEMBERED = 10_000


def read_state(status: t.Any, states: t.Mapping[t.Any, State]) -> State:
    """The state that a service's own value stands for; unknown where the table has no such value."""
    if isinstance(status, bool) or not isinstance(status, (int, str)):
        return State.UNKNOWN
    if isinstance(status, str) and status not in states and INTEGER.fullmatch(status):
        status = int(status)
    return states.get(status, State.UNKNOWN)


class JobReader:
    """Reads the jobs of one source; most of them are as they were at the last look, and not read again."""

    def __init__(self, shape: Shape, provider: str) -> None:
        self._shape = shape
        self._provider = provider
        self._last: dict[str, Job] = {}

    def read(self, raw: t.Any, asked_id: str | None = None) -> Job:
        """The job that `raw` describes, as `read_job` does."""
        job_id = plain(_first(raw, (self._shape.job_id,))) or asked_id
        last = self._last.get(job_id or "")
        # For Python 1 and true are equal, for a status they are not.
        if last is not None and last.raw == raw and type(last.status) is type(_status(raw, self._shape)):
            return last
        job = read_job(self._shape, self._provider, raw, asked_id)
        if job.job_id is not None and (job.job_id in self._last or len(self._last) < MAX_REMEMBERED):
            self._last[job.job_id] = job
        return job


def read_job(shape: Shape, provider: str, raw: t.Any, asked_id: str | None = None) -> Job:
    """The job that `raw` describes; `asked_id` stands in where the object does not name its id."""
    tasks = [_read_task(shape.parts.shape, part) for part in values(raw, shape.parts.path)] if shape.parts else []
    status = _status(raw, shape)
    state = read_state(status, shape.states)
    begin = read_time(_first(raw, (shape.begin_time,)), shape.clock)
    end = read_time(_first(raw, (shape.end_time,)), shape.clock)
    return Job(
        job_id=plain(_first(raw, (shape.job_id,))) or asked_id,
        provider=provider,
        state=state,
        status=status,
        type=plain(_first(raw, (shape.type,))) if shape.type else None,
        progress=_ended(tasks) if shape.progress_from_parts else _progress(shape.progress, raw),
        begin_time=begin.text if begin else None,
        end_time=end.text if end else None,
        duration=round(end.seconds - begin.seconds, 3) if begin and end and end.seconds >= begin.seconds else None,
        error=_error(shape, raw, state, tasks),
        resources=_resources(shape, raw),
        tasks=tasks,
        raw=raw,
        step=_text(raw, (shape.step,)) if shape.step else None,
    )


def _read_task(shape: Shape, raw: t.Any) -> Task:
    state = read_state(_status(raw, shape), shape.states)
    return Task(plain(_first(raw, (shape.job_id,))), state, _error(shape, raw, state, []), _resources(shape, raw))


def _status(raw: t.Any, shape: Shape) -> t.Any:
    for path in shape.status:
        found = values(raw, path)
        if found:
            return found[0]
    return None


def _first(raw: t.Any, paths: Paths) -> t.Any:
    for path in paths:
        for value in values(raw, path) if path else ():
            if value not in (None, "", [], {}):
                return value
    return None


def _text(raw: t.Any, paths: Paths) -> str | None:
    for path in paths:
        for value in values(raw, path):
            text = words(value)
            if text and text not in NO_ERROR:
                return text
    return None


def _error(shape: Shape, raw: t.Any, state: State, tasks: t.Sequence[Task]) -> JobError | None:
    if state is State.SUCCEEDED:
        return None
    code, message = _text(raw, shape.error_code), _text(raw, shape.error_message)
    if shape.error_from_parts and not message:
        message = _message_of(tasks)
    return JobError(code, quote(message) if message else None) if code or message else None


def _message_of(tasks: t.Sequence[Task]) -> str | None:
    failed = [task for task in tasks if task.state is State.FAILED and task.error]
    quoted = [f"{task.id}: {task.error}" if task.id else str(task.error) for task in failed[:QUOTED_PARTS]]
    if len(failed) > QUOTED_PARTS:
        quoted.append(f"and {len(failed) - QUOTED_PARTS} more")
    return "; ".join(quoted) or None


def _resources(shape: Shape, raw: t.Any) -> dict[str, t.Any]:
    resources: dict[str, t.Any] = {}
    for name, paths in shape.resources.items():
        found = dict.fromkeys(text for path in paths for text in map(plain, values(raw, path)) if text)
        if name.endswith("_ids"):
            if found:
                resources[name] = list(found)
        elif len(found) == 1:
            resources[name] = next(iter(found))
    return resources


def _ended(tasks: t.Sequence[Task]) -> int | None:
    """The share of the parts that have ended, in percent."""
    return 100 * sum(task.state in FINAL for task in tasks) // len(tasks) if tasks else None


def _progress(progress: Progress | None, raw: t.Any) -> int | None:
    if progress is None:
        return None
    value = _first(raw, (progress.path,))
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    pattern = PERCENT if progress.scale is Scale.PERCENT else FRACTION
    match = pattern.fullmatch(str(value).strip()) if isinstance(value, str) else None
    if isinstance(value, str) and not match:
        return None
    try:
        number = float(match.group(1) if match and match.groups() else value)
    except OverflowError:
        return None
    percent = number * 100 if progress.scale is Scale.FRACTION else number
    return math.floor(round(percent, 6)) if 0 <= percent <= 100 else None
