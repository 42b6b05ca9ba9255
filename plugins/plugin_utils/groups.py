# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of jobs, each of one provider: what a user asks for, and what became of it.

Private to this collection: it may change without notice. Knows nothing of how a group is looked at.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import one_line
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import UNTIL, State

IDS = ("job_ids", "job_id", "request_ids")
KEYS = ("provider", *IDS, "options")
# Belongs to all groups together, or to the group itself, so no group can have its own.
NOT_IN_OPTIONS = {"timeout": "is one for all groups", **dict.fromkeys(IDS, "belongs beside the options")}

# A sentence that names more jobs than this is not read any more, nor is a table with more lines.
MAX_NAMED = 5
MAX_LINES = 20
# A line of the table should fit a terminal.
MAX_ERROR = 160


class GroupError(ValueError):
    """A group that cannot be looked at. `str()` is one full sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


@dataclass(frozen=True)
class Group:
    """Jobs of one provider. `ids` holds the module's option for the ids, and `options` its other options.

    `name` is what a sentence calls the group.
    """

    provider: str
    ids: Mapping[str, list[str]]
    options: Mapping[str, t.Any] = field(default_factory=dict)
    name: str = field(default="", compare=False)

    @property
    def module(self) -> str:
        """The name of the module that looks at these jobs."""
        return f"cloudwait.jobs.{self.provider}_job_info"


@dataclass(frozen=True)
class Outcome:
    """What a module said about a group, with the states that were waited for. An empty `until` is a single look."""

    group: Group
    until: t.Sequence[str]
    result: Mapping[str, t.Any]

    @property
    def failed(self) -> bool:
        """Tell whether the module failed."""
        return self.result.get("failed") is True

    @property
    def jobs(self) -> list[dict[str, t.Any]]:
        """The jobs in the result; a module that was called wrongly has none."""
        return list(self.result.get("jobs") or [])

    @property
    def unfinished(self) -> list[str]:
        """The ids of jobs that have neither arrived nor ended; all of them when the module could not look."""
        return list(self.result.get("unfinished", [] if "jobs" in self.result else self.group.ids.get("job_ids", [])))

    @property
    def failure(self) -> dict[str, t.Any]:
        """Why the module failed, with its provider. What Ansible itself rejects has no failure of its own."""
        failure = self.result.get("failure") or {
            "kind": "invalid",
            "code": None,
            "message": self.result.get("msg") or "The module gave no reason.",
        }
        return {"provider": self.group.provider, **failure}


def parse(items: t.Sequence[t.Any]) -> list[Group]:
    """Return the groups that a user has listed. Raises GroupError for the first one that makes no sense."""
    if not items:
        raise GroupError("There is nothing to wait for, because the list of jobs is empty; name at least one group.")
    return [_group(item, f"Group {number}") for number, item in enumerate(items, 1)]


def _group(item: t.Any, name: str) -> Group:
    if not isinstance(item, Mapping):
        raise GroupError(f"{name} of the jobs must be a dictionary with a provider and job_ids, not {_kind(item)}.")
    provider = item.get("provider")
    if not isinstance(provider, str) or not provider.strip():
        raise GroupError(f"{name} of the jobs names no provider; add one, such as `provider: cph`.")
    name = f"{name} of the jobs ({provider})"
    unknown = sorted(str(key) for key in item if key not in KEYS)
    if unknown:
        raise GroupError(f"{name} has the unknown key {unknown[0]}; the keys are {', '.join(KEYS)}.")
    given = [key for key in IDS if item.get(key) is not None]
    if len(given) != 1:
        found = f"both {given[0]} and {given[1]}" if given else "none of them"
        raise GroupError(f"{name} needs exactly one of {', '.join(IDS[:-1])} and {IDS[-1]}, but has {found}.")
    options = item.get("options")
    if options is not None and not isinstance(options, Mapping):
        raise GroupError(f"{name} has options that are {_kind(options)}; they must be a dictionary.")
    for key, why in NOT_IN_OPTIONS.items():
        if key in (options or {}):
            raise GroupError(f"{name} has {key} among its options, which {why}; take it out of the options.")
    option = "request_ids" if given[0] == "request_ids" else "job_ids"
    return Group(provider, {option: _ids(item[given[0]], given[0], name)}, dict(options or {}), name)


def _ids(value: t.Any, key: str, name: str) -> list[str]:
    """Return ids as a list, with a text split at its commas, as Ansible does for a list option."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    elif isinstance(value, int) and not isinstance(value, bool):
        value = [value]
    if not isinstance(value, (list, tuple)):
        raise GroupError(f"{name} has {key} that are {_kind(value)}; they must be a list of ids.")
    if not value:
        raise GroupError(f"{name} has an empty list of {key}; leave the group out when there is nothing to wait for.")
    for each in value:
        if isinstance(each, bool) or not isinstance(each, (str, int)) or not str(each).strip():
            raise GroupError(f"{name} has {each!r} among its {key}, which is not an id.")
    return [str(each) for each in value]


def _kind(value: t.Any) -> str:
    return "nothing" if value is None else f"of type {type(value).__name__}"


def combine(outcomes: t.Sequence[Outcome], elapsed: float) -> dict[str, t.Any]:
    """Return one result for all groups, in the shape of a module's. `elapsed` is in seconds."""
    failed = [outcome for outcome in outcomes if outcome.failed]
    jobs = [job for outcome in outcomes for job in outcome.jobs]
    return {
        "changed": False,
        "failed": bool(failed),
        "msg": _sentence(outcomes, elapsed),
        "jobs": jobs,
        "summary": _summary(jobs),
        "unfinished": [job_id for outcome in outcomes for job_id in outcome.unfinished],
        "timed_out": any(outcome.result.get("timed_out") is True for outcome in outcomes),
        "elapsed": round(elapsed, 3),
        "failures": [outcome.failure for outcome in failed],
        "table": _table(jobs),
    }


def _once(jobs: t.Iterable[Mapping[str, t.Any]]) -> list[Mapping[str, t.Any]]:
    """Return the jobs without repetitions. The last word about a job is the latest."""
    once: dict[t.Any, Mapping[str, t.Any]] = {}
    for number, job in enumerate(jobs):
        # A request without any job stands in the list as a job without an id.
        once[(job["provider"], job["job_id"]) if job["job_id"] is not None else number] = job
    return list(once.values())


def _summary(jobs: t.Iterable[Mapping[str, t.Any]]) -> dict[str, int]:
    """Return `total` and a count per state; a job that is listed several times counts once."""
    counts = dict.fromkeys(["total", *(state.value for state in State)], 0)
    for job in _once(jobs):
        counts["total"] += 1
        counts[job["state"]] += 1
    return counts


def _sentence(outcomes: t.Sequence[Outcome], elapsed: float) -> str:
    """Return what became of all groups: one sentence that names what did not arrive, and why."""
    jobs = _once(job for outcome in outcomes for job in outcome.jobs)
    time = f"after {duration(elapsed)}"
    if not any(outcome.failed for outcome in outcomes):
        states = [f"{count} {_words(state)}" for state, count in _summary(jobs).items() if state != "total" and count]
        return f"{_count(len(jobs))} {time}: {', '.join(states) or 'nothing was found'}."
    reasons: list[str] = []
    for outcome in outcomes:
        if outcome.failed:
            reasons.extend(_reasons(outcome))
    more = len(reasons) - MAX_NAMED
    named = "; ".join(reasons[:MAX_NAMED]) + (f"; and {more} more" if more > 0 else "")
    return f"Not everything arrived {time}: {named}."


def _reasons(outcome: Outcome) -> list[str]:
    """Return why a group failed: job by job where that is the reason, else in the words of the failure."""
    failure = outcome.failure
    reason = f"{outcome.group.provider}: {str(failure['message']).rstrip('.')}"
    if failure["kind"] in ("job_failed", "timeout", "not_found"):
        wanted = {state.value for name in outcome.until for state in UNTIL.get(name, ())}
        jobs = [describe(job) for job in _once(outcome.jobs) if job["state"] not in wanted]
        if jobs:
            return [reason, *jobs] if failure["kind"] == "timeout" else jobs
    return [reason]


def describe(job: Mapping[str, t.Any]) -> str:
    """Return what a job is doing, such as `dws job 2c90 failed (DWS.0114: ELB private IP is not configured)`."""
    verb = {
        "pending": "is still pending",
        "running": "is still running",
        "unknown": "is in an unknown state",
        "not_found": "is not known to the service",
    }.get(job["state"], _words(job["state"]))
    detail = error_text(job) or (f"{job['progress']}%" if job.get("progress") is not None else "")
    return f"{job['provider']} {_name(job)} {verb}" + (f" ({detail.rstrip('.')})" if detail else "")


def _name(job: Mapping[str, t.Any]) -> str:
    if job["job_id"] is not None:
        return f"job {_id(job)}"
    return _id(job)


def _id(job: Mapping[str, t.Any]) -> str:
    """Return a job's id, which may come from a service, fit for one line; where there is none, the request's."""
    return one_line(job["job_id"] or f"request {(job.get('resources') or {}).get('request_id')}")


def error_text(job: Mapping[str, t.Any]) -> str:
    """Return code and message of a job's error on one line, or nothing."""
    error = job.get("error") or {}
    text = " ".join(": ".join(str(error[key]) for key in ("code", "message") if error.get(key)).split())
    return text if len(text) <= MAX_ERROR else text[:MAX_ERROR] + "…"


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


def _count(number: int) -> str:
    return f"{number} job" if number == 1 else f"{number} jobs"


def _table(jobs: t.Iterable[Mapping[str, t.Any]]) -> list[str]:
    """Return a line per job when they are few, else a line per provider with a count per state."""
    once = _once(jobs)
    if len(once) > MAX_LINES:
        rows = []
        for provider in dict.fromkeys(job["provider"] for job in once):
            counts = _summary(job for job in once if job["provider"] == provider)
            total = _count(counts.pop("total"))
            rows.append(
                [provider, total, ", ".join(f"{count} {_words(state)}" for state, count in counts.items() if count)]
            )
    else:
        rows = [[job["provider"], _id(job), _words(job["state"]), _detail(job)] for job in once]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]


def _detail(job: Mapping[str, t.Any]) -> str:
    """Return what is worth saying beside a job's state: its error, its progress, or how long it took."""
    if error_text(job):
        return error_text(job)
    if not job.get("finished"):
        return f"{job['progress']}%" if job.get("progress") is not None else ""
    return duration(job["duration"]) if job.get("duration") is not None else ""
