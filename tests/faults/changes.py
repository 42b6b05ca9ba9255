# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be changed in an honest answer."""

from __future__ import annotations

import json
import re
import typing as t
from collections.abc import Callable, Iterator, Mapping

from ansible_collections.cloudwait.jobs.tests.services import FACTS, Facts
from ansible_collections.cloudwait.jobs.tests.services.facts import values_at, write_at

# Changes an honest answer's JSON value; what it gives is sent as JSON, or as it is where it is bytes.
Change = Callable[[t.Any], t.Any]
# Makes a change of what a service says of the job with an id.
JobChange = Callable[[Facts, str], Change]
# A field that is taken away.
GONE = ...
# Fields by which a job is told from others, and its state from other states.
TELLING = {
    "request_id",
    *(path.split(".")[-1] for facts in FACTS.values() for path in (facts.fields.id, facts.fields.status)),
}


def as_json(value: t.Any) -> bytes:
    """JSON, with 1e400 for infinity."""
    return json.dumps(value).replace("Infinity", "1e400").encode()


def objects(facts: Facts, value: t.Any) -> Iterator[dict[str, t.Any]]:
    """The jobs in an answer, or in the list of all jobs of a request."""
    yield from values_at(value, "jobs[]") if "jobs" in value and not facts.job else facts.jobs_in(value)


def is_hit(facts: Facts, job: t.Any, job_id: str) -> bool:
    """Whether a job in an answer is the one with an id; an answer that tells no id is about the one asked for."""
    return not facts.fields.id or facts.value_in(job, facts.fields.id) == job_id


def in_job(change: Mapping[str, t.Any]) -> JobChange:
    """Other values for the status and the id of one job, `{id}` being its own; other names are fields."""

    def for_job(facts: Facts, job_id: str) -> Change:
        def changed(value: t.Any) -> bytes:
            for job in objects(facts, value):
                if is_hit(facts, job, job_id):
                    for name, wrong in change.items():
                        _set(job, {"id": facts.fields.id, "status": facts.fields.status}.get(name, name), wrong, job_id)
            return as_json(value)

        return changed

    return for_job


def _set(job: dict[str, t.Any], path: str, wrong: t.Any, job_id: str) -> None:
    if wrong is GONE:
        *steps, last = path.split(".")
        for step in steps:
            job = job[step]
        del job[last]
    else:
        write_at(job, path, wrong.format(id=job_id) if isinstance(wrong, str) else wrong)


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


def contradicted(facts: Facts, job_id: str, *, success_first: bool) -> Change:
    """One job listed twice, as running and as having succeeded."""

    def changed(value: t.Any) -> t.Any:
        jobs: list[t.Any] = []
        for job in facts.jobs_in(value):
            pair = [{**job, facts.fields.status: facts.status_for(state)} for state in ("running", "succeeded")]
            jobs += [job] if not is_hit(facts, job, job_id) else reversed(pair) if success_first else pair
        return {**value, facts.job[:-2]: jobs}

    return changed


def with_members(value: t.Any, members: str) -> bytes:
    """Further members, spelt in JSON, at the beginning of the answer."""
    return b"{" + members.encode() + b"," + as_json(value)[1:]


def with_status_twice(facts: Facts, _job_id: str, *, success_first: bool) -> Change:
    """A second status for every job, which is a success."""
    name, success = facts.fields.status.split(".")[-1], json.dumps(facts.status_for("succeeded"))

    def changed(value: t.Any) -> bytes:
        def twice(match: re.Match[str]) -> str:
            pair = [f'"{name}": {success}', match[0]]
            return ", ".join(pair if success_first else reversed(pair))

        return re.sub(rf'"{name}": ([^,}}]+)', twice, as_json(value).decode()).encode()

    return changed
