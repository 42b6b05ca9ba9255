# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers with which services accept work: the ids of the jobs that it starts, and what was refused."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Mapping

from ..model.errors import InvalidError
from ..model.text import single_line, stray_character, trimmed

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
        reason = ": ".join(part for part in (self.code, self.message) if part)
        return f"{self.name} ({reason or 'no reason given'})"


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
                _read_object(answer, "the answer", finding, 0)
    return finding


def read_answer(answer: Mapping[str, t.Any], name: str, finding: Finding) -> None:
    """Note what one submit answer tells. Raises InvalidError where it holds no job id."""
    refusal = refusal_in(answer, name)
    if refusal:
        finding.refuse(refusal)
    elif not _read_object(answer, name, finding, 0):
        raise InvalidError(
            f"No job id can be taken from {name}: it holds none, its keys are {_keys(answer)}; give the filter the "
            "whole answer to the request that started the job."
        )


def _read_object(value: Mapping[str, t.Any], name: str, finding: Finding, depth: int) -> bool:
    """Take the ids of this object, or else of the objects in it. Return whether anything was there."""
    ids: list[str] = []
    items: list[t.Any] = []
    for key, content in value.items():
        if _spelling(key) in ("jobid", "jobids") and content:
            each = content if isinstance(content, (list, tuple)) else [content]
            ids.extend(_job_id(job_id, name) for job_id in each)
        elif _spelling(key) == "jobs" and isinstance(content, (list, tuple)):
            items.extend(content)
    if ids:
        # JobId and JobIds side by side name the same job.
        finding.accept(list(dict.fromkeys(ids)))
        return True
    for index, item in enumerate(items):
        _read_item(item, index, name, finding)
    if items or depth >= MAX_DEPTH:
        return bool(items)
    found = False
    for key, content in value.items():
        for inner in content if isinstance(content, (list, tuple)) else [content]:
            if not isinstance(inner, Mapping):
                continue
            label = f"`{quote(key)}` of {name}"
            # In an object that is about something else, an error is about something else, too.
            refusal = refusal_in(inner, label) if _names_a_job(inner) else None
            if refusal:
                finding.refuse(refusal)
            found = bool(refusal) or _read_object(inner, label, finding, depth + 1) or found
    return found


def _read_item(item: t.Any, index: int, name: str, finding: Finding) -> None:
    """Take the id of one item of a batch answer."""
    label = _item_name(item, index, name)
    # The list of jobs tells of jobs, which may have failed since; only the answer to a submit refuses one.
    refusal = None if _is_job(item) else refusal_in(item, label)
    if refusal:
        finding.refuse(refusal)
        return
    for key, content in item.items() if isinstance(item, Mapping) else ():
        if _spelling(key) == "jobid" and content:
            finding.accept([_job_id(content, label)])
            return
    raise InvalidError(
        f"No job id can be taken from {label}: the service lists it without a job id and without an error; submit it "
        "again, or take it out of the list."
    )


def _is_job(item: t.Any) -> bool:
    """Return whether an item describes a job that has been started."""
    return isinstance(item, Mapping) and _names_a_job(item) and "status" in item


def _spelling(key: t.Any) -> str:
    """Return one spelling for job_id, jobId and JobId."""
    return str(key).replace("_", "").lower()


def _item_name(item: t.Any, index: int, name: str) -> str:
    """Name an item of a batch by what it works on, for example by its phone_id."""
    if isinstance(item, Mapping):
        for key, content in item.items():
            spelling = _spelling(key)
            if spelling.endswith("id") and spelling not in ("jobid", "requestid") and content:
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


def refusal_in(value: t.Any, name: str, is_submit: bool = True) -> Refusal | None:
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
    if _names_a_job(value) or not is_submit:
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


def _names_a_job(value: Mapping[str, t.Any]) -> bool:
    return any(_spelling(key) in ("jobid", "jobids", "jobs") and value[key] for key in value)


def _keys(value: Mapping[str, t.Any]) -> str:
    keys = sorted(quote(key) for key in value)
    return (", ".join(keys[:10]) + (", …" if len(keys) > 10 else "")) or "none"


def quote(value: t.Any) -> str:
    """Return a text of the service on one line, cut to a readable length."""
    return single_line("" if value is None else str(value), MAX_QUOTE)
