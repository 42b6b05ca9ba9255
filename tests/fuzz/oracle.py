# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the text of an answer says of jobs, read a second time, without any code or table of the collection.

It goes by the facts of the API references, and is the judge of what the collection makes of the same text.
"""

from __future__ import annotations

import functools
import json
import re
import typing as t

from ansible_collections.cloudwait.jobs.tests.services import FACTS
from ansible_collections.cloudwait.jobs.tests.services.facts import ABSENT, values_at

# Codes of unknown jobs, with and without their dot.
NOT_FOUND = re.compile(
    "|".join(
        re.escape(str(code.code)).replace(r"\.", r"\.?")
        for facts in FACTS.values()
        for code in facts.codes
        if code.error_class == "not_found"
    )
)
# Where UPhone's older answers have the status.
OLDER_STATUS = "Status"
MISSING = object()


class Claim(t.NamedTuple):
    """What one object of an answer says: its job (None: it does not name one), the state, and all of it."""

    job_id: str | None
    state: str
    status: t.Any
    raw: t.Any
    is_open: bool = False


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


def claim(provider: str, raw: t.Any) -> Claim:
    """What one object says."""
    facts = FACTS[provider]
    status = facts.value_in(raw, facts.fields.status)
    if status is ABSENT and provider == "uphone":
        status = facts.value_in(raw, OLDER_STATUS)
    status = None if status is ABSENT else status
    job_id = facts.value_in(raw, facts.fields.id)
    # Further places have a say in the state.
    is_open = any(values_at(raw, path[: path.rfind("[]") + 2] if "[]" in path else path) for path in facts.verdict)
    return Claim(None if job_id is ABSENT else text_of(job_id), facts.state_of(status), status, raw, is_open)


def claims(provider: str, value: t.Any, listed: bool) -> list[Claim]:
    """What an answer says; `listed`: it is the list of CPH's requests."""
    facts = FACTS[provider]
    if value is MISSING:
        return []
    if facts.is_ucloud:
        if not isinstance(value, dict) or text_of(value.get("RetCode")) != "0":
            return []
        if provider == "uphone" and "Jobs" not in value and "JobId" in value:
            return [claim(provider, value)]
    raws = values_at(value, "jobs[]") if listed else facts.jobs_in(value)
    return [claim(provider, raw) for raw in raws]


def same(one: t.Any, two: t.Any) -> bool:
    """Whether two JSON values are the same, and not merely equal (as 1 and true are in Python)."""
    return one is two or canonical(one) == canonical(two)


def canonical(value: t.Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace").decode()
