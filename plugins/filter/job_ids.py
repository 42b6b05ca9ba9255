# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter `job_ids`: the job ids in the answers with which services accept work."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Mapping

from ansible.errors import AnsibleFilterError

from ..module_utils.model.errors import InvalidError
from ..module_utils.services.shape import check_path
from ..module_utils.services.submit_answer import MAX_DEPTH, Finding, Refusal, quote, read_answer, refusal_in
from ..module_utils.services.submit_field import read_field

# Refusals that a message names.
MAX_NAMED = 3


def job_ids(answer: t.Any, skip_refused: bool = False, field: str | None = None) -> list[str]:
    """Return the job ids in `answer`, in its order.

    `answer` is a service's submit answer, a registered result that holds one in `json` or as the text of `stdout`, a
    registered loop, or a list of any of these; of tasks that were skipped there are no ids. `field` names the key that
    holds the ids, wherever it stands, or the path to it. Raises AnsibleFilterError, with one sentence, when the service
    refused an item (unless `skip_refused`), and when there is an answer, or an item of one, without a job id.
    """
    try:
        check_path(field, "field")
        return _job_ids(answer, skip_refused, field)
    except InvalidError as exc:
        raise AnsibleFilterError(str(exc)) from None


def _job_ids(answer: t.Any, skip_refused: bool, field: str | None) -> list[str]:
    finding = Finding()
    _read(answer, "the answer", finding, field, 0)
    if finding.refusals and not skip_refused:
        raise InvalidError(_refusal_sentence(finding))
    if not finding.ids and not (finding.skipped and not finding.refusals):
        if finding.refusals:
            raise InvalidError(
                f"There is no job to wait for, because the service refused everything: {_named(finding.refusals)}."
            )
        raise InvalidError(
            "There is no job id to take, because the list of answers is empty; give the filter the answer to a request "
            "that started a job, or leave the task out, as with `when: answers | length > 0`."
        )
    return finding.ids


def _read(value: t.Any, name: str, finding: Finding, field: str | None, depth: int) -> None:
    """Read what a user may hand in: answers, registered results, and lists of them."""
    if depth > MAX_DEPTH:
        raise InvalidError(f"No job id can be taken from {name}: it is nested too deeply for a service's answer.")
    if isinstance(value, Mapping):
        if value.get("skipped") is True:
            finding.skipped += 1  # It sent nothing, so nothing is missing.
            return
        if isinstance(value.get("results"), list) and ("changed" in value or "msg" in value):
            # What `register` holds after a loop.
            for index, result in enumerate(value["results"]):
                _read(result, f"results[{index}]", finding, field, depth + 1)
        elif isinstance(value.get("job_ids"), list) and isinstance(value.get("refused"), list):
            _read_request(value, name, finding, field)
        elif "json" in value or "stdout" in value or value.get("failed") is True:
            _read_result(value, name, finding, field, depth)
        elif field:
            read_field(value, name, finding, field)
        else:
            read_answer(value, name, finding)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _read(item, f"item {index + 1} of {name}" if depth else f"answer {index + 1}", finding, field, depth + 1)
    else:
        raise InvalidError(_not_an_answer(value, name))


def _read_request(result: Mapping[str, t.Any], name: str, finding: Finding, field: str | None) -> None:
    """Read the result of a module that sends requests, which has found the ids and the refusals itself."""
    if field and isinstance(result.get("json"), Mapping):
        # It cannot know those.
        _read_result(result, name, finding, field, 1)
        return
    for refused in result["refused"]:
        finding.refuse(Refusal(*(quote(refused.get(key)) for key in ("name", "code", "message"))))
    if result["job_ids"]:
        finding.accept([str(job_id) for job_id in result["job_ids"]])
    elif result.get("failed") is True and not result["refused"]:
        finding.refuse(Refusal(name, "", quote(result.get("msg"))))
    elif result.get("status") is None:
        finding.skipped += 1  # In check mode it sent nothing.
    elif not result["refused"]:
        _read(result.get("json"), name, finding, field, 1)


def _read_result(result: Mapping[str, t.Any], name: str, finding: Finding, field: str | None, depth: int) -> None:
    """Read the answer in a task's result; a failed task is a refusal even where the service's answer is unreadable."""
    answer = result.get("json")
    if "json" not in result and result.get("failed") is not True:
        answer = _parsed(result["stdout"], name)
    if result.get("failed") is True and refusal_in(answer, name) is None:
        status = result.get("status")
        code = f"HTTP {status}" if isinstance(status, int) and status > 0 else ""
        finding.refuse(Refusal(name, code, quote(result.get("msg"))))
    else:
        _read(answer, name, finding, field, depth + 1)


def _parsed(text: t.Any, name: str) -> t.Any:
    """Return the answer that a command has printed."""
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        raise InvalidError(
            f"No job id can be taken from {name}: what the command printed is not JSON; let it print the service's "
            "whole answer as JSON, or give the filter the part that is, with `stdout | from_json`."
        ) from None


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


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return the filter by its name."""
        return {"job_ids": job_ids}
