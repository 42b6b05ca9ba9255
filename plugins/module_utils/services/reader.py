# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a service's answer to a Job. Total: any JSON value gives a Job, and never a verdict that it does not hold."""

from __future__ import annotations

import math
import re
import typing as t

from ..model.job import FINAL, ErrorDetail, Job, State, SubJob
from ..model.json_path import first, only, values
from ..model.text import MAX_TEXT, display_text, scalar_text, single_line
from ..model.times import read_time
from .declaration import JobMapping, Paths, Scale
from .kept import KeptAnswers

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,8})", re.ASCII)
PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,17})?) ?%?", re.ASCII)
FRACTION = re.compile(r"(\d(?:\.\d{1,17})?)", re.ASCII)
# DWS.0000 is documented as success; the others are what an empty field looks like.
NO_ERROR = frozenset({"DWS.0000", "0", "null", "None"})
# Failed sub jobs that an error message quotes.
QUOTED_SUB_JOBS = 3


def objects(answer: t.Any, path: str) -> tuple[list[t.Any], bool]:
    """Return the objects that a path leads to in an answer, and whether they are the items of a list."""
    found = [value for value in values(answer, path) if value is not None]
    if len(found) == 1 and isinstance(found[0], list):
        return found[0], True
    return found, "[]" in path


def read_state(status: t.Any, states: t.Mapping[t.Any, State]) -> State:
    """Return the state that a service's own value stands for; unknown where the table has no such value."""
    if isinstance(status, bool) or not isinstance(status, (int, str)):
        return State.UNKNOWN
    if isinstance(status, str) and status not in states and INTEGER.fullmatch(status):
        status = int(status)
    return states.get(status, State.UNKNOWN)


class JobReader:
    """Reads the jobs of one source; most of them are as they were at the last poll, and not read again."""

    def __init__(self, mapping: JobMapping, provider: str, kept: KeptAnswers | None = None) -> None:
        self._mapping = mapping
        self._provider = provider
        self._kept = kept or KeptAnswers()
        self._last: dict[str, Job] = {}
        self._sizes: dict[str, int] = {}

    def read(self, raw: t.Any, asked_id: str | None = None) -> Job:
        """Return the job that `raw` describes; `asked_id` stands in where the object does not name its id.

        Raises ServiceError where the task would keep too much.
        """
        mapping = self._mapping
        job_id = scalar_text(first(raw, (mapping.job_id,))) or asked_id
        status = only(raw, mapping.status)
        last = self._last.get(job_id or "")
        # For Python 1 and true are equal, for a status they are not.
        if last is not None and last.raw == raw and type(last.status) is type(status):
            return last
        self._sizes[job_id or ""] = self._kept.replace(self._sizes.get(job_id or "", 0), raw)
        parts = mapping.sub_jobs
        sub_jobs = [_read_sub_job(parts.mapping, part) for part in values(raw, parts.path)] if parts else []
        state = read_state(status, mapping.states)
        begin = read_time(first(raw, (mapping.begin_time,)), mapping.time_format)
        end = read_time(first(raw, (mapping.end_time,)), mapping.time_format)
        progress = None
        if mapping.progress_from_sub_jobs:
            progress = _share_ended(sub_jobs)
        elif mapping.progress is not None:
            progress = _percent(first(raw, (mapping.progress.path,)), mapping.progress.scale)
        job = Job(
            job_id=job_id,
            provider=self._provider,
            state=state,
            status=status,
            type=scalar_text(first(raw, (mapping.type,))),
            progress=progress,
            begin_time=begin.text if begin else None,
            end_time=end.text if end else None,
            duration=round(end.seconds - begin.seconds, 3) if begin and end and end.seconds >= begin.seconds else None,
            error=None if state is State.SUCCEEDED else _error(mapping, raw, sub_jobs),
            resources=_resources(mapping, raw),
            sub_jobs=sub_jobs,
            raw=raw,
            step=_text(raw, (mapping.step,)) if mapping.step else None,
        )
        if job_id is not None:
            self._last[job_id] = job
        return job


def _read_sub_job(mapping: JobMapping, raw: t.Any) -> SubJob:
    state = read_state(first(raw, mapping.status), mapping.states)
    error = None if state is State.SUCCEEDED else _error(mapping, raw, [])
    return SubJob(scalar_text(first(raw, (mapping.job_id,))), state, error, _resources(mapping, raw))


def _text(raw: t.Any, paths: Paths) -> str | None:
    for path in paths:
        for value in values(raw, path):
            text = display_text(value)
            if text and text not in NO_ERROR:
                return text
    return None


def _error(mapping: JobMapping, raw: t.Any, sub_jobs: t.Sequence[SubJob]) -> ErrorDetail | None:
    code, message = _text(raw, mapping.error_code), _text(raw, mapping.error_message)
    if mapping.error_from_sub_jobs and not message:
        message = _message_of(sub_jobs)
    return ErrorDetail(code, message) if code or message else None


def _message_of(sub_jobs: t.Sequence[SubJob]) -> str | None:
    failed = [part for part in sub_jobs if part.state is State.FAILED and part.error]
    quoted = [f"{part.id}: {part.error}" if part.id else str(part.error) for part in failed[:QUOTED_SUB_JOBS]]
    if len(failed) > QUOTED_SUB_JOBS:
        quoted.append(f"and {len(failed) - QUOTED_SUB_JOBS} more")
    return single_line("; ".join(quoted), MAX_TEXT) or None


def _resources(mapping: JobMapping, raw: t.Any) -> dict[str, t.Any]:
    resources: dict[str, t.Any] = {}
    for name, paths in mapping.resources.items():
        found = dict.fromkeys(text for path in paths for text in map(scalar_text, values(raw, path)) if text)
        if name.endswith("_ids"):
            if found:
                resources[name] = list(found)
        elif len(found) == 1:
            resources[name] = next(iter(found))
    return resources


def _share_ended(sub_jobs: t.Sequence[SubJob]) -> int | None:
    """Return the share of the sub jobs that have ended, in percent."""
    return 100 * sum(part.state in FINAL for part in sub_jobs) // len(sub_jobs) if sub_jobs else None


def _percent(value: t.Any, scale: Scale) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str):
        match = (PERCENT if scale is Scale.PERCENT else FRACTION).fullmatch(value.strip())
        if match is None:
            return None
        value = match.group(1)
    try:
        number = float(value)
    except OverflowError:
        return None
    percent = number * 100 if scale is Scale.FRACTION else number
    return math.floor(round(percent, 6)) if 0 <= percent <= 100 else None
