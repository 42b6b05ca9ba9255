# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences in which a task tells people what became of its jobs."""

from __future__ import annotations

import typing as t

from ..engine.group import Outcome
from ..model.errors import CloudwaitError
from ..model.job import UNTIL, Job, State, once
from ..model.text import single_line
from .result import GroupResult
from .words import MAX_QUOTED, duration, name_of, number, states, words_of

# Jobs, and errors, that a sentence names one by one.
NAMED = 5
RESUME = "To keep waiting, pass `unfinished` of this result as job_ids."
CHECKED = "In check mode each job is polled once, and nothing is waited for."


class Fate(t.NamedTuple):
    """What became of a job that has not arrived. Sentences tell a lower rank first."""

    rank: int
    words: str


FAILED, NOT_POLLED = Fate(0, "failed"), Fate(3, "could not be polled")
ENDED, NOT_FOUND = 1, 2
# From this rank on the wait for a job may go on.
OPEN = 4
UNCONFIRMED = Fate(8, "not confirmed yet")
OPEN_FATES = {
    State.RUNNING: Fate(OPEN, "still running"),
    State.PENDING: Fate(5, "still pending"),
    State.UNKNOWN: Fate(6, "in an unknown state"),
    State.NOT_FOUND: Fate(7, "not found yet"),
    **dict.fromkeys((State.SUCCEEDED, State.PARTIALLY_SUCCEEDED, State.FAILED), UNCONFIRMED),
}


class Told(t.NamedTuple):
    """A job that a sentence tells about; `fate` is None where it has arrived."""

    group: GroupResult
    job: Job
    fate: Fate | None

    @property
    def is_open(self) -> bool:
        """True where the wait for it may go on."""
        return self.fate is not None and self.fate.rank >= OPEN


# One group


def sentence(group: GroupResult, resume: str = RESUME) -> str:
    """Return the `msg` of a module: which jobs, in which states, after how long, why, and how to go on."""
    outcome = group.outcome
    if outcome is None:
        return str(group.refusal)
    if group.failure is None:
        return _success(group, outcome)
    told = _told(group)
    parts = "; ".join(_parts(told, _name, len(told)))
    error, is_answered = outcome.error, outcome.polls > 0
    texts = [str(error)] if error is not None else []
    if group.interrupted or outcome.timed_out or (error is not None and is_answered and group.until):
        texts.append(_beginning([group], outcome.elapsed) + (f"; {parts}." if is_answered else ", before any answer."))
    elif error is None:
        texts.append(f"{parts[0].upper()}{parts[1:]}.")
    elif is_answered:
        texts.append(f"So far: {states(outcome.jobs)}.")
    elif error.transient and group.until:
        texts.append(f"There was no answer after {duration(outcome.elapsed)}.")
    refused = next(iter(outcome.refused.values()), None)
    if refused is not None and error is None:
        texts.append(str(refused))
    if outcome.timed_out and outcome.last_error not in (None, error, refused):
        texts.append(f"The last error was: {outcome.last_error}")
    if group.until and is_answered and any(each.is_open for each in told):
        texts.append(resume)
    return " ".join(texts)


def _success(group: GroupResult, outcome: Outcome) -> str:
    if outcome.jobs:
        spent = f", after {outcome.elapsed:.0f} s" if group.until else ""
        text = f"{number(len(once(outcome.jobs)))}: {states(outcome.jobs)}{spent}."
    else:
        text = "There is no job to poll." if group.is_check else "No job matches."
    return f"{text} {CHECKED}" if group.is_check else text


def _beginning(groups: t.Sequence[GroupResult], elapsed: float) -> str:
    """Return how a wait ended before its jobs did: interrupted, at its deadline, or by an error."""
    if any(group.interrupted for group in groups):
        return f"Interrupted after {duration(elapsed)}"
    if any(group.outcome is not None and group.outcome.timed_out for group in groups):
        text = f"Timed out after {groups[0].timeout:.0f} s"
        # Only the service knows such words, and a slip in one looks like a job that goes on.
        own_words = [word for group in groups for word in group.until if word not in UNTIL]
        return f"{text} of waiting for {' or '.join(dict.fromkeys(own_words))}" if own_words else text
    return f"The wait ended after {duration(elapsed)}"


# Several groups


def sentence_of_all(groups: t.Sequence[GroupResult], elapsed: float) -> str:
    """Return the `msg` for several groups: what did not arrive, and why. `elapsed` is in seconds."""
    jobs = [job for group in groups for job in group.jobs]
    if not any(group.failure for group in groups):
        counts = states(jobs) or "nothing was found"
        text = f"{number(len(once(jobs)))} after {duration(elapsed)}: {counts}."
        return f"{text} {CHECKED}" if any(group.is_check for group in groups) else text
    if len(groups) == 1:
        return sentence(groups[0])
    told = [each for group in groups for each in _told(group)]
    # Where a group has ended by an error, that tells why its jobs have not.
    named = [each for each in told if _error(each.group) is None or not each.is_open]
    parts = _parts(named, _name_in_group, len(told))
    is_cut = any(group.interrupted or (group.outcome is not None and group.outcome.timed_out) for group in groups)
    if is_cut or all(each.fate is None or each.is_open for each in told):
        parts = [_beginning(groups, elapsed), *parts]
    text = "; ".join([*parts, *_errors(groups)])
    return f"{text[0].upper()}{text[1:]}."


def _errors(groups: t.Sequence[GroupResult]) -> list[str]:
    """Return the errors that are not about a single job, each once, with the names of its groups."""
    names: dict[str, list[str]] = {}
    for group in groups:
        error, outcome = _error(group), group.outcome
        if error is None and outcome is not None:
            error = next(iter(outcome.refused.values()), outcome.last_error if outcome.timed_out else None)
        if error is not None:
            names.setdefault(str(error).rstrip("."), []).append(group.title)
    return _some([f"{' and '.join(named)}: {text}" for text, named in names.items()])


def _error(group: GroupResult) -> CloudwaitError | None:
    """Return the error that has ended the wait for a whole group, if any."""
    return group.refusal if group.outcome is None else group.outcome.error


# Jobs


def _told(group: GroupResult) -> list[Told]:
    """Return each job of a group, with what became of it."""
    outcome = group.outcome
    if outcome is None:
        return []
    elsewhere = {job.job_id for job in outcome.ended_elsewhere}
    missing, unfinished = set(outcome.missing), set(outcome.unfinished)
    wanted = " or ".join(map(words_of, group.until))
    absent = Fate(NOT_FOUND, f"was not found {group.place}" if group.place else "was not found")

    def fate_of(job: Job) -> Fate | None:
        key = job.job_id or job.resources.get("request_id")
        if job.job_id is not None and job.job_id in elsewhere:
            ended = Fate(ENDED, f"ended as {words_of(job.state.value)} instead of {wanted}")
            return FAILED if job.state is State.FAILED else ended
        if key in missing:
            return absent
        if key in outcome.refused:
            return NOT_POLLED
        return OPEN_FATES[job.state] if job.job_id is None or job.job_id in unfinished else None

    return [Told(group, job, fate_of(job)) for job in once(outcome.jobs)]


def _parts(told: t.Sequence[Told], name: t.Callable[[Told], str], total: int) -> list[str]:
    """Return what became of jobs, out of `total`: those that have not arrived by name, the others by number."""
    parts: list[str] = []
    for fate in sorted({each.fate for each in told if each.fate is not None}):
        chosen = [each for each in told if each.fate == fate]
        names = ", ".join(_some([f"{name(each)}{_in_brackets(each)}" for each in chosen]))
        if fate.rank >= OPEN:
            parts.append(f"{fate.words if chosen[0].group.until else fate.words.replace('still ', '')}: {names}")
        elif total == 1:
            parts.append(_only(chosen[0], fate, name))
        else:
            words = fate.words.replace("was ", "were ", 1) if len(chosen) > 1 else fate.words
            parts.append(f"{len(chosen)}{'' if parts else f' of {total} jobs'} {words}: {names}")
    arrived = [each.job for each in told if each.fate is None]
    return [*parts, states(arrived)] if arrived else parts


def _only(told: Told, fate: Fate, name: t.Callable[[Told], str]) -> str:
    """Return what became of a job that is the only one, and has ended."""
    error = _error_of(told)
    if told.job.job_id is None:
        text = f"no job of {name(told)} {fate.words.replace('was not ', 'was ', 1)}"
    else:
        text = f"{'job ' if name is _name else ''}{name(told)} {fate.words}"
    return f"{text}: {error}" if error else text


def _in_brackets(told: Told) -> str:
    job = told.job
    detail = (f"{job.progress} %" if job.progress is not None else "") if told.is_open else _error_of(told)
    return f" ({detail})" if detail else ""


def _error_of(told: Told) -> str:
    """Return what the service said of a job; why one could not be polled is told apart."""
    is_told = told.job.error is not None and told.fate != NOT_POLLED
    return single_line(str(told.job.error).rstrip(". "), MAX_QUOTED) if is_told else ""


def _name(told: Told) -> str:
    return name_of(told.job)


def _name_in_group(told: Told) -> str:
    job = told.job
    return f"{told.group.title} {'job ' if job.job_id is not None else ''}{name_of(job)}"


def _some(items: t.Sequence[str]) -> list[str]:
    more = len(items) - NAMED
    return [*items[:NAMED], *([f"and {more} more"] if more > 0 else [])]
