# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts of a task for people: its sentences, and the table of its jobs."""

from __future__ import annotations

import typing as t

from ..model.job import Job, State, once, summarise
from ..model.text import single_line
from .result import GroupResult

# Jobs that a sentence names one by one, and lines of a table that are still read.
NAMED = 5
MAX_LINES = 20
# Characters of a job's name, and of its error, that a sentence quotes; the result has them whole.
MAX_QUOTED = 200
# Characters of an error in a line of the table, which should fit a terminal.
MAX_IN_TABLE = 160


def sentence(group: GroupResult) -> str:
    """Return the `msg` of a module: which jobs, in which states, after how long, why, and how to go on."""
    outcome = group.outcome
    if outcome is None:
        return str(group.refusal)
    until = group.until
    total = summarise(outcome.jobs)["total"]
    wanted = " or ".join(until)
    spent = f"{outcome.elapsed:.0f} s"
    counts = _counts(outcome.jobs)
    if group.failure is None:
        if not outcome.jobs:
            return "No job matches."
        return f"{counts}, after {spent}." if until else f"{counts}."
    if group.interrupted:
        text = f"The wait was interrupted after {spent}"
    elif outcome.error is not None:
        text = f"{outcome.error} After {spent}"
    elif outcome.timed_out:
        text = f"Not every job had arrived at {wanted} within {group.timeout:.0f} s"
    elif outcome.ended_elsewhere and total > 1:
        text = f"{len(outcome.ended_elsewhere)} of {total} jobs can no longer arrive at {wanted}"
    elif outcome.ended_elsewhere:
        text = f"The job did not arrive at {wanted}"
    elif outcome.missing:
        text = "The service does not know every job"
    else:
        text = "The service does not answer for every job"
    text += f": {_named(group)}" if outcome.jobs else ", nothing was learnt"
    if total > 1:
        text += f" ({counts} in all)"
    text += "."
    refused = next(iter(outcome.refused.values()), None)
    if refused is not None and outcome.error is None:
        text += f" {refused}"
    if outcome.last_error is not None and outcome.last_error not in (outcome.error, refused) and outcome.timed_out:
        text += f" The last error was: {outcome.last_error}"
    if outcome.unfinished and (until or outcome.error is not None):
        count = len(outcome.unfinished)
        text += f" To go on, call again with the {count} id{'s' if count > 1 else ''} in unfinished."
    return text


def _counts(jobs: t.Sequence[Job]) -> str:
    counts = summarise(jobs)
    told = ", ".join(f"{counts[state.value]} {state.value}" for state in State if counts[state.value])
    return f"{_number(counts['total'])}: {told}"


def _number(jobs: int) -> str:
    return f"{jobs} job" if jobs == 1 else f"{jobs} jobs"


def _named(group: GroupResult) -> str:
    """Return the jobs that matter most, by name: those that ended elsewhere, those not there, those that go on."""
    unfinished = set(group.unfinished)
    outcome = t.cast("t.Any", group.outcome)
    troubled = {_name(job): job for job in outcome.ended_elsewhere}
    for job in group.jobs:
        if job.job_id in unfinished or job.state is State.NOT_FOUND:
            troubled.setdefault(_name(job), job)
    if not troubled:
        return _counts(group.jobs)
    named = [_describe(job) for job in list(troubled.values())[:NAMED]]
    if len(troubled) > NAMED:
        named.append(f"and {len(troubled) - NAMED} more")
    return ", ".join(named)


def _describe(job: Job) -> str:
    text = f"{_name(job)} is {job.state.value}"
    if job.progress is not None and not job.finished:
        text += f" ({job.progress} %)"
    if job.error is not None and (job.finished or job.state is State.NOT_FOUND):
        text += f" ({single_line(str(job.error).rstrip('. '), MAX_QUOTED)})"
    return text


def _name(job: Job) -> str:
    return single_line(job.job_id or f"request {job.resources.get('request_id')}", MAX_QUOTED)


# Several groups


def sentence_of_all(groups: t.Sequence[GroupResult], elapsed: float) -> str:
    """Return the `msg` for several groups: what did not arrive, and why. `elapsed` is in seconds."""
    spent = f"after {duration(elapsed)}"
    if not any(group.failure for group in groups):
        counts = summarise(job for group in groups for job in group.jobs)
        total = counts.pop("total")
        told = [f"{count} {_words(state)}" for state, count in counts.items() if count]
        return f"{_number(total)} {spent}: {', '.join(told) or 'nothing was found'}."
    reasons = [reason for group in groups for reason in _reasons(group)]
    more = len(reasons) - NAMED
    return f"Not everything arrived {spent}: {'; '.join(reasons[:NAMED])}{f'; and {more} more' if more > 0 else ''}."


def _reasons(group: GroupResult) -> list[str]:
    """Return why a group failed: job by job where that is the reason, else in the words of the failure."""
    failure = group.failure
    if failure is None:
        return []
    reason = f"{group.provider}: {failure.message.rstrip('.')}"
    if failure.kind in ("job_failed", "timeout", "not_found"):
        outcome = t.cast("t.Any", group.outcome)
        troubled = {*outcome.unfinished, *(job.job_id for job in outcome.ended_elsewhere), None}
        listed = [job for job in once(group.jobs) if job.job_id in troubled or job.state is State.NOT_FOUND]
        jobs = [_describe_of_all(job) for job in listed]
        if jobs:
            return [reason, *jobs] if failure.kind == "timeout" else jobs
    return [reason]


def _describe_of_all(job: Job) -> str:
    """Return what a job is doing, such as `dws job 2c90 failed (DWS.0114: ELB private IP is not configured)`."""
    verb = {
        State.PENDING: "is still pending",
        State.RUNNING: "is still running",
        State.UNKNOWN: "is in an unknown state",
        State.NOT_FOUND: "is not known to the service",
    }.get(job.state, _words(job.state.value))
    detail = _error(job) or (f"{job.progress}%" if job.progress is not None else "")
    name = f"job {_name(job)}" if job.job_id is not None else _name(job)
    return f"{job.provider} {name} {verb}" + (f" ({detail.rstrip('.')})" if detail else "")


def _error(job: Job) -> str:
    return single_line(str(job.error), MAX_IN_TABLE) if job.error else ""


def duration(seconds: float) -> str:
    """Return a time for people: `4.2 s`, `42 s`, `12 min 30 s`, `2 h 5 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _words(state: str) -> str:
    return state.replace("_", " ")


def table(jobs: t.Iterable[Job]) -> list[str]:
    """Return a line per job when they are few, else a line per provider with a count per state."""
    listed = once(jobs)
    if len(listed) > MAX_LINES:
        rows = [_row_of_provider(provider, listed) for provider in dict.fromkeys(job.provider for job in listed)]
    else:
        rows = [[job.provider, _name(job), _words(job.state.value), _detail(job)] for job in listed]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]


def _row_of_provider(provider: str, jobs: t.Sequence[Job]) -> list[str]:
    counts = summarise(job for job in jobs if job.provider == provider)
    total = _number(counts.pop("total"))
    return [provider, total, ", ".join(f"{count} {_words(state)}" for state, count in counts.items() if count)]


def _detail(job: Job) -> str:
    """Return what is worth saying beside a job's state: its error, its progress, or how long it took."""
    if job.error:
        return _error(job)
    if not job.finished:
        return f"{job.progress}%" if job.progress is not None else ""
    return duration(job.duration) if job.duration is not None else ""
