# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers with which services accept work: the ids of the jobs that it starts, and what was refused."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Mapping

from ..model.errors import InvalidError
from ..model.text import coded, single_line, stray_character, trimmed

# Values that services put into an error code although nothing went wrong. DWS.0000 is DWS's "success".
NO_ERROR = (None, "", 0, "0", "DWS.0000")

# Where the services put an error: code and text. The first pair that has a code, or a text, counts.
ERROR_FIELDS = (
    ("error_code", "error_msg"),
    ("errCode", "externalMessage"),
    ("errCode", "errMsg"),
    ("errorCode", "errorMsg"),
    ("errorCode", "errorMessage"),
)

# The keys that hold ids of jobs, in one spelling, and singular and plural together. Of an object the first that is
# there counts: RDS and TaurusDB name some jobs workflow_id, CBR names its own operation_log_id.
Keys = t.Sequence[t.Collection[str]]
KEYS: Keys = (("jobid", "jobids"), ("workflowid", "workflowids"), ("operationlogid", "operationlogids"))
# UCloud's other services name theirs TaskId; Huawei Cloud's task_id is a job's in some answers, and something else in
# others.
UCLOUD_KEYS: Keys = (*KEYS, ("taskid", "taskids"))

# Answers nest their ids one or two objects deep. The limit keeps a self-referring value from being followed for ever.
MAX_DEPTH = 12

# Names and texts in a message are quoted up to this many characters.
MAX_QUOTE = 300


class Refusal(t.NamedTuple):
    """Something that the service did not accept: what it was, and the service's code and text."""

    name: str
    code: str
    message: str

    def as_dict(self) -> dict[str, str]:
        """Return one of a result's `refused`."""
        return self._asdict()

    def __str__(self) -> str:
        return f"{self.name} ({coded(self.code, self.message) or 'no reason given'})"


class Finding:
    """The ids and refusals of a walk through the answers, in their order."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.refusals: list[Refusal] = []
        self.items = 0
        self.skipped = 0

    def accept(self, ids: list[str]) -> None:
        """Note an item that has been accepted, and the ids of its jobs."""
        self.items += 1
        self.ids.extend(ids)

    def refuse(self, refusal: Refusal) -> None:
        """Note an item that has been refused."""
        self.items += 1
        self.refusals.append(refusal)


def found_in(answer: t.Any) -> Finding:
    """Return what the answer to any request tells of jobs, which may be nothing.

    Only what cannot mean anything else counts as refused: an error code, or an item of a batch without a job.
    """
    finding = Finding()
    if isinstance(answer, Mapping):
        refusal = refusal_in(answer, "the request", is_submit=False)
        if refusal:
            finding.refuse(refusal)
        else:
            # Something in it looks like a job, and is none.
            with contextlib.suppress(InvalidError):
                _read_object(answer, "the answer", finding, KEYS, 0)
    return finding


def read_answer(answer: Mapping[str, t.Any], name: str, finding: Finding, key: str = "") -> None:
    """Note what a submit answer tells, under `key` if one is named. Raises InvalidError where it holds no job id."""
    keys: Keys = ((spelling(key),),) if key else UCLOUD_KEYS if "RetCode" in answer else KEYS
    refusal = refusal_in(answer, name, keys)
    if refusal:
        finding.refuse(refusal)
    elif not _read_object(answer, name, finding, keys, 0) and not _refuse_items(answer, name, finding):
        raise InvalidError(no_id(answer, name, key))


def no_id(answer: Mapping[str, t.Any], name: str, field: str = "") -> str:
    """Return the sentence for an answer without an id, or without the `field` that is named."""
    lack = f"it has no {quote(field)} with an id" if field else "it holds none"
    way_out = "check the name of the field, or" if field else "name the key that has it with job_ids(field=...), or"
    return (
        f"No job id can be taken from {name}: {lack}, its keys are {_keys(answer)}; {way_out} give the filter the "
        "whole answer to the request that started the job."
    )


def _read_object(value: Mapping[str, t.Any], name: str, finding: Finding, keys: Keys, depth: int) -> bool:
    """Take the ids of this object, or else of the objects in it. Return whether anything was there."""
    ids = _ids_in(value, name, keys)
    if ids:
        finding.accept(ids)
        return True
    if depth >= MAX_DEPTH:
        return False
    # A batch is under `jobs`, or else in a list of which one item has an id.
    batches = [content for key, content in value.items() if spelling(key) == "jobs" and keys[0] == KEYS[0]]
    batches = [content for content in batches if isinstance(content, (list, tuple)) and content]
    for items in batches:
        _read_items(items, name, finding, keys)
    if batches:
        return True
    found = False
    for key, content in value.items():
        label = f"`{quote(key)}` of {name}"
        if _is_batch(content, keys):
            _read_items(content, label, finding, keys)
            found = True
            continue
        for inner in content if isinstance(content, (list, tuple)) else [content]:
            if not isinstance(inner, Mapping):
                continue
            # In an object that is about something else, an error is about something else, too.
            refusal = refusal_in(inner, label, keys) if _names_a_job(inner, keys) else None
            if refusal:
                finding.refuse(refusal)
            found = bool(refusal) or _read_object(inner, label, finding, keys, depth + 1) or found
    return found


def _ids_in(value: Mapping[str, t.Any], name: str, keys: Keys) -> list[str]:
    """Return the ids that stand in an object itself."""
    for spellings in keys:
        found = [content for key, content in value.items() if spelling(key) in spellings and content]
        if found:
            return ids_of(found, name)
    return []


def ids_of(contents: t.Sequence[t.Any], name: str) -> list[str]:
    """Return ids, each given alone or in a list. Raises InvalidError for what is no id."""
    each = [item for content in contents for item in (content if isinstance(content, (list, tuple)) else [content])]
    # JobId and JobIds side by side name the same job.
    return list(dict.fromkeys(_job_id(job_id, name) for job_id in each))


def _is_batch(content: t.Any, keys: Keys) -> bool:
    """Return whether this is a list of several things, of which some have got jobs."""
    return isinstance(content, (list, tuple)) and any(
        isinstance(item, Mapping) and _names_a_job(item, keys) for item in content
    )


def _read_items(items: t.Sequence[t.Any], name: str, finding: Finding, keys: Keys) -> None:
    """Take the ids of the items of a batch answer. Raises InvalidError for one with neither an id nor an error."""
    for index, item in enumerate(items):
        label = item_name(item, index, name, keys)
        # The list of jobs tells of jobs, which may have failed since; only the answer to a submit refuses one.
        refusal = None if _is_job(item, keys) else refusal_in(item, label, keys)
        ids = _ids_in(item, label, keys) if isinstance(item, Mapping) and not refusal else []
        if refusal:
            finding.refuse(refusal)
        elif ids:
            finding.accept(ids)
        else:
            raise InvalidError(without_id(label))


def _refuse_items(answer: Mapping[str, t.Any], name: str, finding: Finding) -> bool:
    """Note the refusals of a batch of which nothing was accepted. Return whether there were any."""
    before = len(finding.refusals)
    for content in answer.values():
        for index, item in enumerate(content if isinstance(content, (list, tuple)) else ()):
            refusal = refusal_in(item, item_name(item, index, name, KEYS), is_submit=False)
            if refusal:
                finding.refuse(refusal)
    return len(finding.refusals) > before


def without_id(label: str) -> str:
    """Return the sentence for an item of a batch that got no job, and no reason either."""
    return (
        f"No job id can be taken from {label}: the service lists it without a job id and without an error; submit it "
        "again, or take it out of the list."
    )


def _is_job(item: t.Any, keys: Keys) -> bool:
    """Return whether an item describes a job that has been started."""
    return isinstance(item, Mapping) and _names_a_job(item, keys) and "status" in item


def spelling(key: t.Any) -> str:
    """Return one spelling for job_id, jobId and JobId."""
    return str(key).replace("_", "").lower()


def item_name(item: t.Any, index: int, name: str, keys: Keys = KEYS) -> str:
    """Name an item of a batch by what it works on, for example by its phone_id."""
    if isinstance(item, Mapping):
        for key, content in item.items():
            spelt = spelling(key)
            is_own = spelt == "requestid" or any(spelt in spellings for spellings in keys)
            if spelt.endswith("id") and not is_own and content:
                return f"{quote(key)} {quote(content)}"
    return f"job {index + 1} of {name}"


def _job_id(value: t.Any, name: str) -> str:
    """Return one id as text; some services count their jobs with plain numbers."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and trimmed(value):
        stray = stray_character(trimmed(value))
        if stray is None:
            return trimmed(value)
        raise InvalidError(
            f"No job id can be taken from {name}: {quote(value)!r} holds the invisible character {stray}; check where "
            "the answer comes from."
        )
    raise InvalidError(f"No job id can be taken from {name}: {quote(value)!r} is not a job id.")


def refusal_in(value: t.Any, name: str, keys: Keys = KEYS, is_submit: bool = True) -> Refusal | None:
    """Return why the service refused this object, or None when it says no such thing.

    In the answer to a submit, less clear signs of an error than a code are signs enough where there is no job.
    """
    if not isinstance(value, Mapping):
        return None
    if "RetCode" in value:
        # UCloud answers HTTP 200 to everything, so nothing but RetCode 0 is a success.
        code = value["RetCode"]
        accepted = not isinstance(code, bool) and str(code).strip() == "0"
        return None if accepted else Refusal(name, f"RetCode {quote(str(code))}", quote(value.get("Message")))
    for code_key, message_key in ERROR_FIELDS:
        if value.get(code_key) not in NO_ERROR:
            return Refusal(name, quote(value[code_key]), quote(value.get(message_key)))
    if _names_a_job(value, keys) or not is_submit:
        return None
    error = value.get("error")
    if isinstance(error, Mapping):
        return Refusal(name, quote(error.get("code")), quote(error.get("message") or error.get("title")))
    if isinstance(error, str) and error:
        return Refusal(name, "", quote(error))
    for code_key, message_key in (*ERROR_FIELDS, ("code", "message")):
        if value.get(message_key):
            return Refusal(name, quote(value.get(code_key)), quote(value[message_key]))
    return None


def _names_a_job(value: Mapping[str, t.Any], keys: Keys) -> bool:
    named = {each for spellings in keys for each in spellings} | ({"jobs"} if keys[0] == KEYS[0] else set())
    return any(spelling(key) in named and value[key] for key in value)


def _keys(value: Mapping[str, t.Any]) -> str:
    keys = sorted(quote(key) for key in value)
    return (", ".join(keys[:10]) + (", …" if len(keys) > 10 else "")) or "none"


def quote(value: t.Any) -> str:
    """Return a text of the service on one line, cut to a readable length."""
    return single_line("" if value is None else str(value), MAX_QUOTE)
