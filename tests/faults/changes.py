# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be changed in an honest answer."""

from __future__ import annotations

import json
import re
import typing as t
from collections.abc import Callable, Iterator, Mapping

# Changes an honest answer's JSON value; what it gives is sent as JSON, or as it is where it is bytes.
Change = Callable[[t.Any], t.Any]
# A field that is taken away.
GONE = ...
# Fields by which a job is told from others, and its state from other states.
TELLING = ("job_id", "JobId", "request_id", "status", "State")
SUCCESSES = {"status": 2, "State": "SUCCESS"}


def as_json(value: t.Any) -> bytes:
    """JSON, with 1e400 for infinity."""
    return json.dumps(value).replace("Infinity", "1e400").encode()


def objects(value: t.Any) -> Iterator[dict[str, t.Any]]:
    """The jobs in an answer."""
    listed = next((value[name] for name in ("jobs", "Jobs") if name in value), [value])
    yield from listed or []


def in_job(change: Mapping[str, t.Any]) -> Callable[[str], Change]:
    """Other values for the status and the id of one job, `{id}` being its own; other names are fields."""

    def for_job(job_id: str) -> Change:
        def changed(value: t.Any) -> bytes:
            for job in objects(value):
                names = {"id": "JobId", "status": "State"} if "JobId" in job else {"id": "job_id", "status": "status"}
                if job[names["id"]] == job_id:
                    for name, wrong in change.items():
                        _set(job, names.get(name, name), wrong, job_id)
            return as_json(value)

        return changed

    return for_job


def _set(job: dict[str, t.Any], name: str, wrong: t.Any, job_id: str) -> None:
    if wrong is GONE:
        del job[name]
    else:
        job[name] = wrong.format(id=job_id) if isinstance(wrong, str) else wrong


def strings_for_numbers(value: t.Any) -> t.Any:
    """Every number as the string that shows it."""
    if isinstance(value, dict):
        return {name: strings_for_numbers(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [strings_for_numbers(inner) for inner in value]
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def numbers_for_strings(value: t.Any) -> t.Any:
    """A number in place of every string that is neither an id nor a status."""
    if isinstance(value, dict):
        return {name: inner if name in TELLING else numbers_for_strings(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [numbers_for_strings(inner) for inner in value]
    return 7 if isinstance(value, str) else value


def contradicted(job_id: str, *, success_first: bool) -> Change:
    """One job of UCloud's listed twice, as running and as having succeeded."""

    def changed(value: t.Any) -> t.Any:
        jobs: list[dict[str, t.Any]] = []
        for job in value["Jobs"]:
            pair = [{**job, "State": "RUNNING"}, {**job, "State": "SUCCESS"}]
            jobs += [job] if job["JobId"] != job_id else reversed(pair) if success_first else pair
        return {**value, "Jobs": jobs}

    return changed


def with_members(value: t.Any, members: str) -> bytes:
    """Further members, spelt in JSON, at the beginning of the answer."""
    return b"{" + members.encode() + b"," + as_json(value)[1:]


def with_status_twice(value: t.Any, *, success_first: bool) -> bytes:
    """A second status for every job, which is a success."""

    def twice(match: re.Match[str]) -> str:
        success = json.dumps(2 if match[1] == "status" and match[2].lstrip("-").isdigit() else "SUCCESS")
        pair = [f'"{match[1]}": {success}', match[0]]
        return ", ".join(pair if success_first else reversed(pair))

    return re.sub(r'"(status|State)": ([^,}]+)', twice, as_json(value).decode()).encode()
