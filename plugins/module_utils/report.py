# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a wait has to say: one sentence for people, and the failure for playbooks. Knows neither HTTP nor Ansible."""

from __future__ import annotations

import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import one_line
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import Failure, Job, State, summarise
from ansible_collections.cloudwait.jobs.plugins.module_utils.wait import Outcome

# Jobs that a sentence names one by one.
NAMED = 5
# Characters of a job's name, and of its error, that a sentence quotes; the result has them whole.
MAX_QUOTED = 200


def failure_of(outcome: Outcome, until: t.Sequence[str], interrupted: bool = False) -> Failure | None:
    """Why the task fails, or None. `until`: the names waited for, empty for a single look."""
    error = outcome.error or next(iter(outcome.refused.values()), None)
    if outcome.error is not None:
        return outcome.error.as_failure()
    if outcome.ended_elsewhere:
        first = outcome.ended_elsewhere[0]
        message = (
            first.error.message if first.error and first.error.message else f"The job ended as {first.state.value}."
        )
        return Failure("job_failed", first.error.code if first.error else None, message)
    if outcome.missing and until:
        job = next(job for job in outcome.jobs if job.state is State.NOT_FOUND)
        message = job.error.message if job.error and job.error.message else "The service does not know the job."
        return Failure("not_found", job.error.code if job.error else None, message)
    if error is not None:
        return error.as_failure()
    if outcome.timed_out or interrupted:
        last = outcome.last_error
        message = f"The last request failed: {last}" if last else "The time was up before every job had arrived."
        return Failure("timeout", last.code if last else None, message)
    return None


def sentence(outcome: Outcome, until: t.Sequence[str], timeout: float, interrupted: bool = False) -> str:
    """The result's `msg`: which jobs, in which states, after how long, why, and how to go on."""
    total = summarise(outcome.jobs)["total"]
    wanted = " or ".join(until)
    spent = f"{outcome.elapsed:.0f} s"
    counts = _counts(outcome.jobs)
    if failure_of(outcome, until, interrupted) is None:
        if not outcome.jobs:
            return "No job matches."
        return f"{counts}, after {spent}." if until else f"{counts}."
    if interrupted:
        text = f"The wait was interrupted after {spent}"
    elif outcome.error is not None:
        text = f"{outcome.error} After {spent}"
    elif outcome.timed_out and until:
        text = f"Not every job had arrived at {wanted} within {timeout:.0f} s"
    elif outcome.timed_out:
        text = f"Not every job was answered for within {timeout:.0f} s"
    elif outcome.ended_elsewhere and total > 1:
        text = f"{len(outcome.ended_elsewhere)} of {total} jobs can no longer arrive at {wanted}"
    elif outcome.ended_elsewhere:
        text = f"The job did not arrive at {wanted}"
    elif outcome.missing:
        text = "The service does not know every job"
    else:
        text = "The service does not answer for every job"
    text += f": {_named(outcome)}" if outcome.jobs else ", nothing was learnt"
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
    return f"{counts['total']} job{'s' if counts['total'] != 1 else ''}: {told}"


def _named(outcome: Outcome) -> str:
    """The jobs that matter most, by name: those that ended elsewhere, those not there, those that go on."""
    unfinished = set(outcome.unfinished)
    troubled = {_name(job): job for job in outcome.ended_elsewhere}
    for job in outcome.jobs:
        if job.job_id in unfinished or job.state is State.NOT_FOUND:
            troubled.setdefault(_name(job), job)
    if not troubled:
        return _counts(outcome.jobs)
    named = [_describe(job) for job in list(troubled.values())[:NAMED]]
    if len(troubled) > NAMED:
        named.append(f"and {len(troubled) - NAMED} more")
    return ", ".join(named)


def _describe(job: Job) -> str:
    text = f"{_name(job)} is {job.state.value}"
    if job.progress is not None and not job.finished:
        text += f" ({job.progress} %)"
    if job.error is not None and job.finished:
        text += f" ({_cut(str(job.error).rstrip('. '))})"
    return text


def _name(job: Job) -> str:
    return _cut(one_line(job.job_id or f"request {job.resources.get('request_id')}"))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_QUOTED else f"{text[: MAX_QUOTED - 1]}…"
