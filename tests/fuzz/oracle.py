# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the text of an answer says of jobs, read a second time, without any code or table of the collection.

Written after the API references; the judge of what the collection makes of the same text.
"""

from __future__ import annotations

import functools
import json
import re
import typing as t

MEANINGS: dict[str, dict[t.Any, str]] = {
    "cph": {1: "running", 2: "succeeded", -1: "failed"},
    "ims": {"INIT": "pending", "RUNNING": "running", "SUCCESS": "succeeded", "FAIL": "failed"},
    "dws": {
        "INIT": "pending",
        "WAITING": "pending",
        "DELAY_SCHEDULED": "pending",
        "RUNNING": "running",
        "SUCCESS": "succeeded",
        "FAIL": "failed",
        "STOP": "failed",
    },
    "uphone": {
        "PENDING": "pending",
        "RUNNING": "running",
        "SUCCESS": "succeeded",
        "PARTIAL_SUCCESS": "partially_succeeded",
        "FAILED": "failed",
    },
}
NOT_FOUND = re.compile(r"CPS\.?(0011|0050)|DWS\.?(0015|0047|3027|10101)", re.ASCII)
MISSING = object()


class Claim(t.NamedTuple):
    """What one object of an answer says: its job (None: it does not name one), the state, and all of it."""

    job_id: str | None
    state: str
    status: t.Any
    raw: t.Any


class Text(t.NamedTuple):
    """An answer. `value` is MISSING where it is no JSON; `strict` where RFC 8259 leaves no doubt what it says."""

    value: t.Any
    strict: bool


@functools.lru_cache(maxsize=512)
def read(body: bytes) -> Text:
    """Read a body by Python's own rules."""
    doubts: list[str] = []

    def members(pairs: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
        if len({name for name, _value in pairs}) < len(pairs):
            doubts.append("a name occurs twice")
        return dict(pairs)

    def constant(name: str) -> str:
        doubts.append(name)
        return name

    def integer(digits: str) -> t.Any:
        return int(digits) if len(digits) <= 100 else digits

    def number(digits: str) -> t.Any:
        return digits if abs(float(digits)) == float("inf") else float(digits)

    try:
        text = body.decode("utf-8-sig")
        value = json.loads(
            text, object_pairs_hook=members, parse_constant=constant, parse_int=integer, parse_float=number
        )
    except (ValueError, RecursionError):
        return Text(MISSING, strict=False)
    return Text(value, strict=not doubts and depth(value) <= 30 and not re.search(r"\\u[dD][89a-fA-F]", text))


def depth(value: t.Any) -> int:
    """How deep arrays and objects nest, as far as 100."""
    level, deep = [value], 0
    while level and deep < 100:
        deep += 1
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
        ]
    return deep


def text_of(value: t.Any) -> str | None:
    """A name, or a number in place of one."""
    if isinstance(value, bool) or not isinstance(value, (str, int)) or not str(value).strip():
        return None
    # Half of a surrogate pair can be written in JSON, and nowhere else.
    return str(value).encode("utf-8", "replace").decode()


def meaning(provider: str, status: t.Any) -> str:
    """The state that a status stands for, `unknown` where the reference has no such value."""
    if isinstance(status, str) and provider == "cph" and re.fullmatch(r"0|-?[1-9][0-9]{0,5}", status, re.ASCII):
        status = int(status)
    if type(status) not in (int, str):
        return "unknown"
    return MEANINGS[provider].get(status, "unknown")


def claim(provider: str, raw: t.Any) -> Claim:
    """What one object says."""
    fields = raw if isinstance(raw, dict) else {}
    if provider == "uphone":
        status = fields.get("State", fields.get("Status"))
        job_id = fields.get("JobId")
    else:
        status, job_id = fields.get("status"), fields.get("job_id")
    return Claim(text_of(job_id), meaning(provider, status), status, raw)


def claims(provider: str, value: t.Any, listed: bool) -> list[Claim]:
    """What an answer says; `listed`: it is the list of CPH's requests."""
    if value is MISSING:
        return []
    if provider != "uphone" and not listed:
        return [claim(provider, value)]
    if not isinstance(value, dict):
        return []
    name = "jobs" if listed else "Jobs"
    if name == "Jobs":
        if text_of(value.get("RetCode")) != "0":
            return []
        if name not in value and "JobId" in value:
            return [claim(provider, value)]
    raws = value.get(name)
    return [claim(provider, raw) for raw in raws] if isinstance(raws, list) else []


def same(one: t.Any, two: t.Any) -> bool:
    """Whether two JSON values are the same, and not merely equal (as 1 and true are in Python)."""
    return one is two or canonical(one) == canonical(two)


def canonical(value: t.Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace").decode()
