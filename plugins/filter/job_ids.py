# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter `job_ids`: the job ids in the answers with which services accept work."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Mapping

from ansible.errors import AnsibleFilterError

from ..module_utils.model.text import single_line, stray_character, trimmed

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

# Names and texts in a message are quoted up to this many characters, and at most this many refusals are named.
MAX_QUOTE = 300
MAX_NAMED = 3


class Refusal(t.NamedTuple):
    """Something that the service did not accept: what it was, and the service's code and text."""

    name: str
    code: str
    message: str

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


def job_ids(answer: t.Any, skip_refused: bool = False) -> list[str]:
    """Return the job ids in `answer`, in its order.

    `answer` is a service's submit answer, a registered result that holds one in `json` or as the text of `stdout`, a
    registered loop, or a list of any of these; of tasks that were skipped there are no ids. Raises AnsibleFilterError,
    with one sentence, when the service refused an item (unless `skip_refused`), and when there is an answer, or an item
    of one, without a job id.
    """
    finding = Finding()
    _read(answer, "the answer", finding, 0)
    if finding.refusals and not skip_refused:
        raise AnsibleFilterError(_refusal_sentence(finding))
    if not finding.ids and not (finding.skipped and not finding.refusals):
        if finding.refusals:
            raise AnsibleFilterError(
                f"There is no job to wait for, because the service refused everything: {_named(finding.refusals)}."
            )
        raise AnsibleFilterError(
            "There is no job id to take, because the list of answers is empty; give the filter the answer to a request "
            "that started a job."
        )
    return finding.ids


def _read(value: t.Any, name: str, finding: Finding, depth: int) -> None:
    """Read what a user may hand in: answers, registered results, and lists of them."""
    if depth > MAX_DEPTH:
        raise AnsibleFilterError(f"No job id can be taken from {name}: it is nested too deeply for a service's answer.")
    if isinstance(value, Mapping):
        if value.get("skipped") is True:
            finding.skipped += 1  # It sent nothing, so nothing is missing.
            return
        if isinstance(value.get("results"), list) and ("changed" in value or "msg" in value):
            # What `register` holds after a loop.
            for index, result in enumerate(value["results"]):
                _read(result, f"results[{index}]", finding, depth + 1)
        elif "json" in value or "stdout" in value or value.get("failed") is True:
            _read_result(value, name, finding, depth)
        else:
            _read_answer(value, name, finding)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _read(item, f"item {index + 1} of {name}" if depth else f"answer {index + 1}", finding, depth + 1)
    else:
        raise AnsibleFilterError(_not_an_answer(value, name))


def _read_result(result: Mapping[str, t.Any], name: str, finding: Finding, depth: int) -> None:
    """Read the answer in a task's result; a failed task is a refusal even where the service's answer is unreadable."""
    answer = result.get("json")
    if "json" not in result and result.get("failed") is not True:
        answer = _parsed(result["stdout"], name)
    if result.get("failed") is True and _refusal(answer, name) is None:
        status = result.get("status")
        code = f"HTTP {status}" if isinstance(status, int) and status > 0 else ""
        finding.refuse(Refusal(name, code, _quote(result.get("msg"))))
    else:
        _read(answer, name, finding, depth + 1)


def _parsed(text: t.Any, name: str) -> t.Any:
    """Return the answer that a command has printed."""
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        raise AnsibleFilterError(
            f"No job id can be taken from {name}: what the command printed is not JSON; let it print the service's "
            "whole answer as JSON, or give the filter the part that is, with `stdout | from_json`."
        ) from None


def _read_answer(answer: Mapping[str, t.Any], name: str, finding: Finding) -> None:
    """Read one submit answer."""
    refusal = _refusal(answer, name)
    if refusal:
        finding.refuse(refusal)
    elif not _read_object(answer, name, finding, 0):
        raise AnsibleFilterError(
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
            label = f"`{_quote(key)}` of {name}"
            # In an object that is about something else, an error is about something else, too.
            refusal = _refusal(inner, label) if _names_a_job(inner) else None
            if refusal:
                finding.refuse(refusal)
            found = bool(refusal) or _read_object(inner, label, finding, depth + 1) or found
    return found


def _read_item(item: t.Any, index: int, name: str, finding: Finding) -> None:
    """Take the id of one item of a batch answer."""
    label = _item_name(item, index, name)
    # The list of jobs tells of jobs, which may have failed since; only the answer to a submit refuses one.
    refusal = None if _is_job(item) else _refusal(item, label)
    if refusal:
        finding.refuse(refusal)
        return
    for key, content in item.items() if isinstance(item, Mapping) else ():
        if _spelling(key) == "jobid" and content:
            finding.accept([_job_id(content, label)])
            return
    raise AnsibleFilterError(
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
                return f"{_quote(key)} {_quote(content)}"
    return f"job {index + 1} of {name}"


def _job_id(value: t.Any, name: str) -> str:
    """Return one id as text; some services count their jobs with plain numbers."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and trimmed(value):
        stray = stray_character(trimmed(value))
        if stray is None:
            return trimmed(value)
        raise AnsibleFilterError(
            f"No job id can be taken from {name}: {_quote(value)!r} holds the invisible character {stray}; check where "
            "the answer comes from."
        )
    raise AnsibleFilterError(f"No job id can be taken from {name}: {_quote(value)!r} is not a job id.")


def _refusal(value: t.Any, name: str) -> Refusal | None:
    """Return why the service refused this object, or None when it says no such thing."""
    if not isinstance(value, Mapping):
        return None
    if "RetCode" in value:
        # UCloud answers HTTP 200 to everything, so nothing but RetCode 0 is a success.
        code = value["RetCode"]
        accepted = not isinstance(code, bool) and str(code).strip() == "0"
        return None if accepted else Refusal(name, f"RetCode {_quote(str(code))}", _quote(value.get("Message")))
    for code_key, message_key in ERROR_FIELDS:
        if value.get(code_key) not in NO_ERROR:
            return Refusal(name, _quote(value[code_key]), _quote(value.get(message_key)))
    if _names_a_job(value):
        return None
    # Without a job, less clear signs of an error are signs enough.
    error = value.get("error")
    if isinstance(error, Mapping):
        return Refusal(name, _quote(error.get("code")), _quote(error.get("message") or error.get("title")))
    if isinstance(error, str) and error:
        return Refusal(name, "", _quote(error))
    for code_key, message_key in (*ERROR_FIELDS, ("code", "message")):
        if value.get(message_key):
            return Refusal(name, _quote(value.get(code_key)), _quote(value[message_key]))
    return None


def _names_a_job(value: Mapping[str, t.Any]) -> bool:
    return any(_spelling(key) in ("jobid", "jobids", "jobs") and value[key] for key in value)


def _refusal_sentence(finding: Finding) -> str:
    refused, items = len(finding.refusals), finding.items
    share = f"{refused} of {items} items" if items > 1 else "the request"
    way_out = (
        "submit again what was refused, or use job_ids(skip_refused=true) to go on with the rest"
        if finding.ids
        else "correct the request and submit it again"
    )
    return f"The service refused {share} at submit: {_named(finding.refusals)}; {way_out}."


def _named(refusals: list[Refusal]) -> str:
    names = ", ".join(str(refusal) for refusal in refusals[:MAX_NAMED])
    more = len(refusals) - MAX_NAMED
    return f"{names} and {more} more" if more > 0 else names


def _not_an_answer(value: t.Any, name: str) -> str:
    # An undefined variable raises Jinja's own error, which names it, as soon as its text is asked for.
    text = str(value)
    if isinstance(value, str):
        hint = "parse it with from_json first" if text.lstrip()[:1] in ("{", "[") else "use the answer itself"
        return f"No job id can be taken from {name}: a service's answer is an object, not text; {hint}."
    kind = "nothing" if value is None else f"a value of type {type(value).__name__}"
    return f"No job id can be taken from {name}: a service's answer is an object or a list of objects, not {kind}."


def _keys(value: Mapping[str, t.Any]) -> str:
    keys = sorted(_quote(key) for key in value)
    return (", ".join(keys[:10]) + (", …" if len(keys) > 10 else "")) or "none"


def _quote(value: t.Any) -> str:
    """Return a text of the service on one line, cut to a readable length."""
    return single_line("" if value is None else str(value), MAX_QUOTE)


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return the filter by its name."""
        return {"job_ids": job_ids}
