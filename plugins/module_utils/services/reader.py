# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a service's answer to a Job. Total: any JSON value gives a Job, and never a verdict that it does not hold."""

from __future__ import annotations

import typing as t

from ..model.job import FINAL, ErrorDetail, Job, State, SubJob
from ..model.json_path import first, values
from ..model.text import MAX_TEXT, display_text, scalar_text, single_line
from ..model.times import Time, TimeFormat, read_time
from .declaration import JobMapping, Paths, as_paths
from .kept import KeptAnswers
from .progress import read_progress, share_ended
from .verdict import read_state, read_status, verdict

UNDER_WAY = frozenset({State.PENDING, State.RUNNING})
# DWS.0000 is documented as success; the others are what an empty field looks like.
NO_ERROR = frozenset({"DWS.0000", "0", "null", "None"})
# Failed sub jobs that an error message quotes.
QUOTED_SUB_JOBS = 3


def objects(answer: t.Any, path: str) -> tuple[list[t.Any], bool]:
    """Return the objects that a path leads to in an answer, and whether they are the items of a list.

    An empty path leads to the answer itself, which is no list of jobs.
    """
    if not path:
        return [answer], False
    found = [value for value in values(answer, path) if value is not None]
    if len(found) == 1 and isinstance(found[0], list):
        return found[0], True
    return found, "[]" in path


class JobReader:
    """Reads the jobs of one source; most of them are as they were at the last poll, and not read again."""

    def __init__(self, mapping: JobMapping, provider: str, kept: KeptAnswers | None = None) -> None:
        self._mapping = mapping
        self._provider = provider
        self._kept = kept or KeptAnswers()
        self._last: dict[str, Job] = {}
        self._sizes: dict[str, int] = {}
        self._id, self._type, self._step = (as_paths(p) for p in (mapping.job_id, mapping.type, mapping.step))
        self._begin, self._end = as_paths(mapping.begin_time), as_paths(mapping.end_time)

    def read(self, raw: t.Any, asked_id: str | None = None) -> Job:
        """Return the job that `raw` describes; `asked_id` stands in where the object does not name its id.

        Raises ServiceError where the task would keep too much.
        """
        mapping = self._mapping
        job_id = scalar_text(first(raw, self._id)) or asked_id
        status = read_status(raw, mapping)
        last = self._last.get(job_id or "")
        # For Python 1 and true are equal, for a status they are not.
        if last is not None and last.raw == raw and type(last.status) is type(status):
            return last
        self._sizes[job_id or ""] = self._kept.replace(self._sizes.get(job_id or "", 0), raw)
        sub_jobs = self._sub_jobs(raw)
        state = verdict(mapping, raw, status, sub_jobs)
        times = [_times(raw, paths, mapping.time_format) for paths in (self._begin, self._end)]
        begin = min(times[0], key=lambda each: each.seconds, default=None)
        # What changed last is an end only once the job has ended.
        end = max(times[1], key=lambda each: each.seconds, default=None) if state in FINAL else None
        progress = None
        if mapping.progress_from_sub_jobs:
            progress = share_ended(sub_jobs)
        elif mapping.progress is not None:
            progress = read_progress(raw, mapping.progress)
        job = Job(
            job_id=job_id,
            provider=self._provider,
            state=state,
            status=status,
            type=scalar_text(first(raw, self._type)),
            progress=progress,
            begin_time=begin.text if begin else None,
            end_time=end.text if end else None,
            duration=round(end.seconds - begin.seconds, 3) if begin and end and end.seconds >= begin.seconds else None,
            error=_error(mapping, raw, state, sub_jobs),
            resources=_resources(mapping, raw),
            sub_jobs=sub_jobs,
            raw=raw,
            step=_text(raw, self._step),
        )
        if job_id is not None:
            self._last[job_id] = job
        return job

    def _sub_jobs(self, raw: t.Any) -> list[SubJob]:
        parts = self._mapping.sub_jobs
        if parts is None:
            return []
        return [_read_sub_job(parts.mapping, part) for path in as_paths(parts.path) for part in values(raw, path)]


def _times(raw: t.Any, paths: Paths, time_format: TimeFormat) -> list[Time]:
    """Return the times that the first path that holds any leads to."""
    for path in paths:
        found = [time for time in (read_time(value, time_format) for value in values(raw, path)) if time is not None]
        if found:
            return found
    return []


def _read_sub_job(mapping: JobMapping, raw: t.Any) -> SubJob:
    state = read_state(read_status(raw, mapping), mapping.states)
    error = _error(mapping, raw, state, [])
    return SubJob(scalar_text(first(raw, as_paths(mapping.job_id))), state, error, _resources(mapping, raw))


def _text(raw: t.Any, paths: Paths, is_last: bool = False) -> str | None:
    for path in paths:
        found = values(raw, path)
        for value in reversed(found) if is_last else found:
            text = display_text(value)
            if text and text not in NO_ERROR:
                return text
    return None


def _error(mapping: JobMapping, raw: t.Any, state: State, sub_jobs: t.Sequence[SubJob]) -> ErrorDetail | None:
    if state is State.SUCCEEDED:
        return None
    code, message = _text(raw, mapping.error_code), _text(raw, mapping.error_message, mapping.last_message)
    if state in UNDER_WAY and not code:
        # It tells what the job is doing.
        message = None
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
        if name.endswith("_ids") or name in mapping.lists:
            if found:
                resources[name] = list(found)
        elif len(found) == 1:
            resources[name] = next(iter(found))
    return resources
