# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every type of JSON in every place of every service's answers, and what it means for a wait."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping, Sequence

from ansible_collections.cloudwait.jobs.tests.faults.changes import Change, JobChange, is_hit, objects
from ansible_collections.cloudwait.jobs.tests.faults.faults import (
    ABSENT,
    INVALID,
    NONE,
    NOT_FOUND,
    OF_CLASS,
    OF_STATUS,
    SHAPED,
    TRY_AGAIN,
    UNREADABLE,
    Meaning,
    Row,
    spellings,
)
from ansible_collections.cloudwait.jobs.tests.faults.moments import DEADLINE, FIRST_ONCE, LATER_ONCE, SINGLE
from ansible_collections.cloudwait.jobs.tests.faults.targets import PLAIN, Request, Target
from ansible_collections.cloudwait.jobs.tests.services import Facts
from ansible_collections.cloudwait.jobs.tests.services.facts import CODE, values_at
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import places, put

Way = tuple[t.Any, ...]

# One value of each type of JSON, none of which any service has a meaning for.
VALUES: Mapping[str, t.Any] = {"null": None, "boolean": True, "number": 7, "string": "x", "list": [], "object": {}}
# The types of ids.
IDS = ("number", "string")
# Where the job that is hit stands in a list of jobs, wherever that is.
HIT = "the job"


def type_of(value: t.Any) -> str:
    """The type of a JSON value."""
    kinds: dict[type, str] = {type(None): "null", bool: "boolean", int: "number", float: "number"}
    return {**kinds, str: "string", list: "list", dict: "object"}[type(value)]


def fullest(facts: Facts) -> dict[str, t.Any]:
    """The job of the sample with the most in it."""
    raws = [sample.raw for sample in facts.samples if isinstance(sample.raw, dict)]
    return t.cast("dict[str, t.Any]", max(raws, key=lambda raw: len(list(places(raw)))))


def answer_of(target: Target) -> t.Any:
    """An answer with that job in it."""
    full = fullest(target.facts)
    return {"request_id": "x", "jobs": [full]} if isinstance(target, Request) else target.facts.answer(full)


def steps(path: str) -> Way:
    """The keys of a path."""
    return tuple(path.removesuffix("[]").split(".")) if path else ()


def holder_of(target: Target) -> Way:
    """Where a job stands in an answer: the way to its object, or to the list of those that were asked for."""
    if isinstance(target, Request):
        return ("jobs",)
    is_alone_in_list = "[]" in target.facts.job and not target.together
    return (*steps(target.facts.job), *([0] if is_alone_in_list else []))


def meaning_of(target: Target, way: Way, kind: str, *, at_first: bool) -> Meaning | None:
    """What a value of the wrong type in that place of an answer means; None where it names another job."""
    facts = target.facts
    holder = holder_of(target)
    inner = way[way.index(HIT) + 1 :] if HIT in way else way[len(holder) :] if way[: len(holder)] == holder else None
    status, job_id = steps(facts.fields.status), steps(facts.fields.id)
    holds_status = inner is not None and status[: len(inner)] == inner
    if facts.absent and ((way == holder[:-1] and kind == "null") or inner == job_id):
        return NOT_FOUND
    if not target.together:
        if facts.is_ucloud and way == holder and way:
            return ABSENT if kind in ("null", "list") else TRY_AGAIN
        if way == () or way == holder[: len(way)] or holds_status:
            return TRY_AGAIN if facts.is_ucloud and way in ((), ("RetCode",)) else UNREADABLE
        if way == ("RetCode",):
            return TRY_AGAIN
        # What has no id at all is the job that was asked for.
        return TRY_AGAIN if inner == job_id and job_id and kind in IDS else NONE
    # What cannot be told from others is missing where it was asked for by its id, and else nothing is complete.
    nameless = ABSENT if facts.is_ucloud and (target.name == target.provider or not at_first) else TRY_AGAIN
    if way in ((), ("RetCode",)):
        return TRY_AGAIN
    if way == holder:
        return (ABSENT if facts.is_ucloud else NOT_FOUND) if kind == "null" else TRY_AGAIN
    if HIT in way and job_id[: len(inner or ())] == inner:
        return None if kind in IDS and inner and nameless is TRY_AGAIN else nameless
    return UNREADABLE if HIT in way and holds_status else NONE


def rows() -> Iterator[Row]:
    """A row for each place and type."""
    for target in SHAPED:
        answer = answer_of(target)
        holder = holder_of(target)
        for way in places(answer):
            # The one job in a list of the sample is the one that is hit.
            is_listed = target.together and way[: len(holder)] == holder and len(way) > len(holder)
            marked = (*holder, HIT, *way[len(holder) + 1 :]) if is_listed else way
            there = value_at(answer, way)
            for kind, wrong in VALUES.items():
                if kind != type_of(there):
                    yield from _rows(target, marked, kind, wrong)


def _rows(target: Target, way: Way, kind: str, wrong: t.Any) -> Iterator[Row]:
    name = f"{'.'.join(map(str, way)) or 'answer'}: {kind}"
    names = (target.name,)
    for moments, at_first in (((SINGLE, FIRST_ONCE), True), ((LATER_ONCE, DEADLINE), False)):
        meaning = meaning_of(target, way, kind, at_first=at_first)
        if meaning is None:
            continue
        # Where it changes nothing, one moment says all that there is to say.
        chosen = [moment for moment in moments if meaning is not NONE or moment is SINGLE]
        if not target.together or HIT in way:
            yield Row(name, "changed", meaning, targets=names, moments=chosen, change_job=in_job(way, wrong))
        else:
            yield Row(name, "changed", meaning, {"change": in_answer(way, wrong)}, names, moments=chosen)


def value_at(value: t.Any, way: Sequence[t.Any]) -> t.Any:
    """What stands in a place of a JSON value."""
    for step in way:
        value = value[step]
    return value


def in_answer(way: Way, wrong: t.Any) -> Change:
    """Something else in one place of an answer."""
    return lambda value: put(value, way, wrong)


def in_job(way: Way, wrong: t.Any) -> JobChange:
    """Something else in one place of an answer whose job has all the fields of a sample."""

    def for_job(facts: Facts, job_id: str) -> Change:
        def changed(value: t.Any) -> t.Any:
            jobs = list(objects(facts, value))
            place = next((number for number, job in enumerate(jobs) if is_hit(facts, job, job_id)), None)
            if place is None:
                return value
            full = fullest(facts)
            for path in (facts.fields.id, facts.fields.status):
                for told in values_at(jobs[place], path)[:1] if path else ():
                    full = put(full, steps(path), told)
            if HIT not in way:
                return put(facts.answer(full), way, wrong)
            holder = way[: way.index(HIT)]
            return put(value, (*holder, place), put(full, way[len(holder) + 1 :], wrong))

        return changed

    return for_job


class Told(t.NamedTuple):
    """An error: for whom, its HTTP code and its body, where the code is, and what it means with and without it."""

    targets: Sequence[str]
    status: int
    body: t.Any
    code: Way
    told: Meaning
    untold: Meaning


def errors() -> Iterator[Told]:
    """An error of each service whose code says more than its HTTP code, and every spelling of one."""
    for target in SHAPED:
        facts = target.facts
        place, *_others = (way for way in places(facts.error) if value_at(facts.error, way) == CODE)
        for code in facts.codes:
            told, untold = (
                OF_CLASS[code.error_class],
                TRY_AGAIN if facts.is_ucloud else OF_STATUS.get(code.http, INVALID),
            )
            if told != untold:
                yield Told((target.name,), code.http, facts.error_body(code.code, "x"), place, told, untold)
                break
    unknown, *_more = (code for code in PLAIN.facts.codes if code.error_class == "not_found")
    for body in spellings(str(unknown.code)).values():
        ways = [way for way in places(body) if value_at(body, way) == unknown.code]
        if len(ways) == 1:
            yield Told((PLAIN.name,), 400, body, ways[0], NOT_FOUND, INVALID)


def rows_of_errors() -> Iterator[Row]:
    """A row for each place and type of an error."""
    for targets, status, body, code, told, untold in errors():
        for way in places(body):
            for kind, wrong in VALUES.items():
                if kind != type_of(value_at(body, way)):
                    name = f"{status} {'.'.join(way) or 'error'}: {kind}"
                    # Whatever stands on the way to the code takes the code away.
                    meaning = untold if code[: len(way)] == way else told
                    answer = {"status": status, "body": put(body, way, wrong)}
                    yield Row(name, "status", meaning, answer, targets, moments=(SINGLE, LATER_ONCE, DEADLINE))
