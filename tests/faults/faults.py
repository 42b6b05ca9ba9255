# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults: what happens to the answer, and what that means for a wait."""

from __future__ import annotations

import enum
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from ansible_collections.cloudwait.jobs.tests.faults.changes import (
    GONE,
    Change,
    JobChange,
    as_json,
    contradicted,
    in_job,
    numbers_for_strings,
    strings_for_numbers,
    with_members,
    with_status_twice,
)
from ansible_collections.cloudwait.jobs.tests.faults.moments import (
    BRIEF,
    MOMENTS,
    USUAL,
    Moment,
)
from ansible_collections.cloudwait.jobs.tests.faults.targets import (
    CPH_BY_ID,
    CPH_REQUEST,
    PLAIN,
    SHAPES,
    TARGETS,
    UPHONE_BY_ID,
    UPHONE_LISTING,
)
from ansible_collections.cloudwait.jobs.tests.services import Facts

# Names of targets: of all whose requests differ, and of those whose answers differ, too.
HUAWEI = tuple(target.name for target in TARGETS if not target.is_ucloud)
UCLOUD = tuple(target.name for target in TARGETS if target.is_ucloud)
ALL = (*HUAWEI, *UCLOUD)
CPH = (CPH_BY_ID.name, CPH_REQUEST.name)
UPHONE = (UPHONE_BY_ID.name, UPHONE_LISTING.name)
SHAPED = (*TARGETS, *SHAPES)
EVERY_SHAPE = tuple(target.name for target in SHAPED)
# An answer tells of one job, and of which one.
ALONE = [target for target in SHAPED if not target.together and target.facts.fields.id]
ONE_JOB = tuple(target.name for target in ALONE if not target.facts.absent)
ONE_OF_A_LIST = tuple(target.name for target in ALONE if target.facts.absent)


class Effect(enum.Enum):
    """What a fault means for a wait."""

    NONE = "the answer says what it says"
    TRANSIENT = "the same request may succeed later"
    THROTTLED = "as transient, and the service says how long it wants to be left alone"
    TOO_LONG = "as throttled, for longer than anybody wants to wait"
    FATAL = "the same request will not succeed"
    NOT_FOUND = "the service says that it does not know the job"
    ABSENT = "the answer leaves the job out"
    UNREADABLE = "the job's status is not documented"
    UNDECIDED = "the answer gives the job two states"


class Meaning(t.NamedTuple):
    """The effect of a fault, and `failure.kind` where it ends the task."""

    effect: Effect
    kind: str = ""


NONE = Meaning(Effect.NONE)
ABSENT = Meaning(Effect.ABSENT)
NOT_FOUND = Meaning(Effect.NOT_FOUND)
UNREADABLE = Meaning(Effect.UNREADABLE)
UNDECIDED = Meaning(Effect.UNDECIDED)
NO_ANSWER = Meaning(Effect.TRANSIENT, "transport")
TRY_AGAIN = Meaning(Effect.TRANSIENT, "service")
THROTTLED = Meaning(Effect.THROTTLED, "service")
TOO_LONG = Meaning(Effect.TOO_LONG, "service")
AUTHENTICATION = Meaning(Effect.FATAL, "authentication")
PERMISSION = Meaning(Effect.FATAL, "permission")
INVALID = Meaning(Effect.FATAL, "invalid")
SERVICE = Meaning(Effect.FATAL, "service")
REDIRECT = Meaning(Effect.FATAL, "transport")
OF_CLASS: Mapping[str, Meaning] = {
    "not_found": NOT_FOUND,
    "transient": TRY_AGAIN,
    "authentication": AUTHENTICATION,
    "permission": PERMISSION,
    "invalid": INVALID,
    "service": SERVICE,
}


@dataclass(frozen=True)
class Row:
    """One fault.

    `kind` and `options` are an order for the embedded cloud; `change_job` changes what it says of the job with an id.
    `meaning` is the same for all `targets`. `once` is its meaning where it strikes once, if that is another one.
    """

    name: str
    kind: str
    meaning: Meaning
    options: Mapping[str, t.Any] = field(default_factory=dict)
    targets: Sequence[str] = ALL
    login: str = "keys"
    moments: Sequence[Moment] = USUAL
    once: Meaning | None = None
    change_job: JobChange | None = None

    @property
    def is_lasting(self) -> bool:
        """Whether it stays, though it strikes once."""
        return self.kind == "revoke_tokens"

    def options_for(self, facts: Facts, second: str, elsewhere: str) -> dict[str, t.Any]:
        """The order's options; `second` is the id of the service's second job, `elsewhere` where redirects lead to."""
        options = dict(self.options)
        if self.kind == "redirect":
            options.setdefault("location", elsewhere)
        if self.change_job:
            options["change"] = self.change_job(facts, second)
        return options


def on_the_wire() -> Iterator[Row]:
    """No answer, or none that is complete."""
    for kind in ("reset", "close", "bad_chunks", "bad_gzip", "brotli", "not_http", "endless_headers"):
        yield Row(kind, kind, NO_ANSWER)
    yield Row("gzip bomb", "gzip_bomb", NO_ANSWER, {"bytes": 2**24})
    yield Row("cut after the headers", "cut", NO_ANSWER, {"bytes": 0})
    yield Row("cut in mid-body", "cut", NO_ANSWER)
    yield Row("reset after the headers", "cut", NO_ANSWER, {"bytes": 0, "reset": True})
    yield Row("reset in mid-body", "cut", NO_ANSWER, {"reset": True})
    yield Row("length too long", "wrong_length", NO_ANSWER, {"by": 10})
    # what is left of the body is no JSON
    yield Row("length too short", "wrong_length", TRY_AGAIN, {"by": -10})
    yield Row("length 0", "wrong_length", TRY_AGAIN, {"by": -100_000})
    yield Row("endless body", "endless", NO_ANSWER)
    yield Row("endless list", "endless", NO_ANSWER, {"json": True})
    for kind in ("hang", "stall", "stall_headers", "endless_continue", "drip_headers", "drip_body"):
        yield Row(kind, kind, NO_ANSWER)
    for kind in ("gzip", "deflate", "early_hints"):
        yield Row(kind, kind, NONE)
    yield Row("late", "late", NONE, {"seconds": 1})
    yield Row("piece by piece", "drip", NONE, {"bytes": 64, "seconds": 0.001})


def by_status() -> Iterator[Row]:
    """A status without a word of explanation, or in HTML."""
    for status in (408, 429, 500, 502, 503, 504):
        yield _status(status, TRY_AGAIN)
    yield _status(501, SERVICE)
    yield _status(401, AUTHENTICATION, targets=HUAWEI)
    yield _status(403, PERMISSION, targets=HUAWEI)
    # UCloud refuses with 200 and a RetCode; this is somebody on the way, or somebody else
    for status in (401, 403):
        yield _status(status, SERVICE, targets=UCLOUD)
    yield _status(400, INVALID, targets=HUAWEI)
    yield _status(400, SERVICE, targets=UCLOUD)
    # UCloud has one address for everything: what is not found is the address
    yield _status(404, NOT_FOUND, targets=HUAWEI)
    yield _status(404, SERVICE, targets=UCLOUD)
    # a code of success says nothing without a body
    for status in (201, 202, 203, 204, 206):
        yield _status(status, TRY_AGAIN, moments=BRIEF)
    for status in (505, 520):
        yield _status(status, SERVICE, moments=BRIEF)
    for status in (405, 409, 410, 413, 415, 422, 451):
        yield _status(status, INVALID, targets=HUAWEI, moments=BRIEF)
        yield _status(status, SERVICE, targets=UCLOUD, moments=BRIEF)
    yield Row("200 in HTML", "html", TRY_AGAIN, {"status": 200})
    yield Row("502 in HTML", "html", TRY_AGAIN, {"status": 502})
    for status in (500, 503, 504):
        yield Row(f"{status} in HTML", "html", TRY_AGAIN, {"status": status}, moments=BRIEF)
    yield Row("403 in HTML", "html", PERMISSION, {"status": 403}, HUAWEI, moments=BRIEF)
    yield Row("302 to another host", "redirect", REDIRECT, {"status": 302})
    yield Row("307 to another host", "redirect", REDIRECT, {"status": 307})
    for status in (300, 301, 303, 308):
        yield Row(f"{status} to another host", "redirect", REDIRECT, {"status": status}, moments=BRIEF)
    yield Row("302 to the same host", "redirect", REDIRECT, {"location": "/v1/elsewhere"}, moments=BRIEF)
    yield _status(304, REDIRECT, moments=BRIEF)


def _status(status: int, meaning: Meaning, **more: t.Any) -> Row:
    return Row(f"{status} without a body", "status", meaning, {"status": status, "text": ""}, **more)


def with_retry_after() -> Iterator[Row]:
    """A request to come back later: in seconds, as a date, and in ways that mean nothing."""
    yield _after(429, 7, THROTTLED)
    yield _after(503, 7, THROTTLED)
    yield _after(429, 0, THROTTLED)
    yield _after(429, 86_400, TOO_LONG)
    yield _after(503, "Fri, 01 Jan 2999 00:00:00 GMT", TOO_LONG)
    yield _after(503, "Sat, 01 Jan 2000 00:00:00 GMT", THROTTLED, BRIEF)
    for after in ("soon", "-5", "1e9", "7.5", "", "9" * 30):
        yield _after(429, after, TRY_AGAIN, BRIEF)
    yield Row("throttled by the gateway", "throttle", THROTTLED, targets=HUAWEI)
    yield Row("throttled by the gateway with Retry-After", "throttle", THROTTLED, {"retry_after": 7}, HUAWEI)


def _after(status: int, after: t.Any, meaning: Meaning, moments: Sequence[Moment] = USUAL) -> Row:
    answer = {"status": status, "text": "", "headers": {"Retry-After": str(after)}}
    return Row(f"{status} with Retry-After {after}", "status", meaning, answer, moments=moments)


def by_gateway() -> Iterator[Row]:
    """Huawei Cloud's gateway explains itself."""
    codes: list[tuple[int, str, Meaning]] = [
        *((404, code, SERVICE) for code in ("APIGW.0101", "APIGW.0103", "APIG.0101")),
        *((status, "APIGW.0201", INVALID) for status in (400, 413, 414, 494)),
        *((status, "APIGW.0201", TRY_AGAIN) for status in (502, 504)),
        *((401, f"APIGW.{code}", AUTHENTICATION) for code in ("0301", "0303", "0305", "0307")),
        (401, "APIG.0301", AUTHENTICATION),
        *(
            (403, f"APIGW.{code}", PERMISSION)
            for code in ["0302", "0304", "0306", "0310", "0401", "0402", "0404", "0801", "0802"]
        ),
        (429, "APIGW.0308", TRY_AGAIN),
        (429, "APIG.0308", TRY_AGAIN),
        *((500, f"APIGW.{code}", TRY_AGAIN) for code in ("0601", "0602", "0605")),
        (502, "APIGW.0610", TRY_AGAIN),
        (503, "APIGW.0613", TRY_AGAIN),
    ]
    for status, code, meaning in codes:
        body = {"error_code": code, "error_msg": "Refused.", "request_id": "0" * 32}
        yield Row(f"{status} {code}", "status", meaning, {"status": status, "body": body}, HUAWEI, moments=BRIEF)


def by_code() -> Iterator[Row]:
    """The services explain themselves: every code of their references, and some that no reference has."""
    codes: list[tuple[Sequence[str], str, int, Meaning]] = [
        *(
            ((target.name,), str(code.code), code.http, OF_CLASS[code.error_class])
            for target in SHAPED
            for code in target.facts.codes
        ),
        *((HUAWEI, "X.0001", status, meaning) for status, meaning in OF_STATUS.items()),
        # also without their dot, and with an HTTP code that is not theirs
        (CPH, "CPS0003", 400, TRY_AGAIN),
        (CPH, "CPS0011", 404, NOT_FOUND),
        (CPH, "CPS0001", 403, PERMISSION),
        (CPH, "CPS.0003", 500, TRY_AGAIN),
        # an error in spite of HTTP 200 is still an error
        (CPH, "CPS.0003", 200, TRY_AGAIN),
        (CPH, "CPS.0011", 200, NOT_FOUND),
        (CPH, "CPS.0001", 200, PERMISSION),
        (CPH, "CPS.9999", 200, SERVICE),
        *((UCLOUD, str(code), 200, SERVICE) for code in (-1, 230, 2001, 8039, 999_999)),
        # with an HTTP error, too, the code counts
        (UCLOUD, "153", 429, TRY_AGAIN),
        (UCLOUD, "171", 401, AUTHENTICATION),
        (UCLOUD, "299", 403, PERMISSION),
        (UCLOUD, "2001", 500, TRY_AGAIN),
    ]
    for targets, code, status, meaning in codes:
        yield Row(f"{status} {code}", "error", meaning, {"code": code, "status": status}, targets, moments=BRIEF)
    known = next((code for code in PLAIN.facts.codes if code.error_class == "not_found"), None)
    for name, body in spellings(str(known.code)).items() if known else ():
        answer = {"status": 400, "body": body}
        yield Row(f"a code under {name}", "status", NOT_FOUND, answer, (PLAIN.name,), moments=BRIEF)


# What an HTTP code of Huawei Cloud means where nobody knows the code of the error.
OF_STATUS = {
    400: INVALID,
    401: AUTHENTICATION,
    403: PERMISSION,
    404: NOT_FOUND,
    429: TRY_AGAIN,
    500: TRY_AGAIN,
    503: TRY_AGAIN,
}


def spellings(code: str) -> dict[str, t.Any]:
    """Bodies of an error in every spelling that there is."""
    return {
        "errCode": {"errCode": code, "externalMessage": "Gone."},
        "both": {"error_code": code, "errCode": code, "error_msg": "", "externalMessage": None},
        "code": {"code": code, "message": "Gone."},
        "errorCode": {"errorCode": code, "errorMsg": "Gone."},
        "error": {"error": {"code": code, "title": "Gone."}},
    }


def by_login() -> Iterator[Row]:
    """The credentials are refused, for each way to sign in."""
    for login in ("keys", "token", "password"):
        # A new login may help.
        renewed = NONE if login == "password" else None
        yield Row(f"401 for {login}", "expired_token", AUTHENTICATION, {}, HUAWEI, login, once=renewed)
        # The gateway's code counts, even where it comes with a status that it does not belong to.
        for status, once in ((401, renewed), (403, renewed), (500, None)):
            quoted = {"status": status}
            yield Row(f"{status} that quotes {login}", "echo", AUTHENTICATION, quoted, HUAWEI, login, BRIEF, once)
        yield Row(f"403 for {login}", "status", PERMISSION, {"status": 403, "text": ""}, HUAWEI, login, BRIEF)
    yield Row("RetCode 171 that quotes the keys", "echo", AUTHENTICATION, targets=UCLOUD)
    yield Row("all tokens are revoked", "revoke_tokens", AUTHENTICATION, {}, HUAWEI, "token")
    yield Row("a clock that is off", "clock_skew", NONE, {"seconds": 7200}, HUAWEI)


def in_the_body() -> Iterator[Row]:
    """A complete answer that is not what it should be."""
    yield Row("empty", "empty", TRY_AGAIN, targets=EVERY_SHAPE)
    yield Row("not JSON", "not_json", TRY_AGAIN, targets=EVERY_SHAPE)
    yield Row("broken UTF-8", "broken_utf8", TRY_AGAIN, targets=EVERY_SHAPE)
    no_json: dict[str, Change] = {
        "a broken byte": lambda value: as_json(value).replace(b'"', b'"\xff', 1),
        "UTF-16": lambda value: as_json(value).decode().encode("utf-16"),
        "a byte missing": lambda value: as_json(value)[:-1],
        "a byte too many": lambda value: as_json(value) + b"}",
        "twice the same": lambda value: as_json(value) * 2,
        "single quotes": lambda value: as_json(value).replace(b'"', b"'"),
        "NaN": lambda value: with_members(value, '"more": NaN'),
        "Infinity": lambda value: with_members(value, '"more": -Infinity'),
        "lists nested 100,000 deep": lambda value: with_members(value, '"more": ' + "[" * 100_000 + "]" * 100_000),
        "lists nested 500 deep": lambda value: with_members(value, '"more": ' + "[" * 500 + "]" * 500),
        "objects nested 500 deep": lambda value: with_members(value, '"more": ' + '{"a":' * 500 + "1" + "}" * 500),
        "400,000 values": lambda value: with_members(value, f'"more": [{"0, " * 400_000}0]'),
        "a key twice": lambda value: with_members(value, '"more": 1, "more": 2'),
        "a key twice further in": lambda value: with_members(value, '"more": [{"a": 1, "a": 1}]'),
    }
    for name, change in no_json.items():
        usual = "twice" in name or name == "lists nested 500 deep"
        yield _answer(name, TRY_AGAIN, change, moments=USUAL if usual else BRIEF)
    for first in (True, False):
        # a parser that takes one of the two would see a success
        twice = partial(with_status_twice, success_first=first)
        name = f"status twice, success {'first' if first else 'last'}"
        yield Row(name, "changed", TRY_AGAIN, targets=EVERY_SHAPE, change_job=twice)
    harmless: dict[str, Change] = {
        "BOM": lambda value: b"\xef\xbb\xbf" + as_json(value),
        "blanks": lambda value: b" \r\n\t" + as_json(value) + b"\n",
        "1e400": lambda value: with_members(value, '"more": 1e400, "less": -1e400'),
        "an integer of 5,000 digits": lambda value: with_members(value, '"more": ' + "9" * 5000),
        "half a surrogate pair": lambda value: with_members(value, r'"more": "\ud800"'),
        "control characters": lambda value: with_members(value, r'"more": "\u0000\u001b[31m"'),
        "a long text": lambda value: with_members(value, f'"more": "{"x" * 100_000}"'),
        "an unknown field": lambda value: with_members(value, '"more": {"status": "SUCCESS", "State": "SUCCESS"}'),
        "fields in upper case": lambda value: with_members(value, '"STATUS": 2, "STATE": "SUCCESS", "JOBS": []'),
        "numbers as strings": strings_for_numbers,
        "strings as numbers": numbers_for_strings,
    }
    for name, change in harmless.items():
        usual = name in ("1e400", "numbers as strings", "strings as numbers")
        yield _answer(name, NONE, change, EVERY_SHAPE, USUAL if usual else BRIEF)


def of_the_job() -> Iterator[Row]:
    """The status, and what else is said of the very job."""
    wrong: list[t.Any] = [
        None,
        True,
        False,
        2.5,
        99,
        "",
        "99",
        "DONE",
        "success",
        " SUCCESS",
        "2.0",
        [],
        ["SUCCESS"],
        {},
    ]
    for status in wrong:
        moments = USUAL if status in (None, True, "DONE") else BRIEF
        # each is a status of none of these services
        nobody = [target.name for target in SHAPED if target.facts.state_of(status) == "unknown"]
        yield _job(f"status {status!r}", UNREADABLE, {"status": status}, nobody, moments)
    yield _job("status 2.0", UNREADABLE, {"status": 2.0})
    for status in ("SUCCESS", 2):
        others = [target.name for target in SHAPED if target.facts.state_of(status) == "unknown"]
        yield _job(f"status {status} of another service", UNREADABLE, {"status": status}, others)
    yield _job("status 1e400", UNREADABLE, {"status": float("inf")})
    yield _job("status of 4,000 digits", UNREADABLE, {"status": 10**4000})
    yield _job("no status", UNREADABLE, {"status": GONE})
    yield _job("status in upper case", UNREADABLE, {"status": GONE, "STATUS": 2, "STATE": "SUCCESS"})
    several = [target.name for target in SHAPED if target.together and target.name == target.provider]
    for name, job_id in (("another job", "another-job"), ("a job with a similar id", "{id} ")):
        yield _job(name, TRY_AGAIN, {"id": job_id}, ONE_JOB)
        yield _job(name, NOT_FOUND, {"id": job_id}, ONE_OF_A_LIST, BRIEF)
        yield _job(name, ABSENT, {"id": job_id}, several)
    for first in (True, False):
        name = f"two states at once, success {'first' if first else 'last'}"
        yield Row(name, "changed", UNDECIDED, targets=UPHONE, change_job=partial(contradicted, success_first=first))
    nothings: list[t.Any] = [[], None]
    for nothing in nothings:
        yield _answer(f"Jobs {nothing}", ABSENT, partial(_listing, listed=nothing), UPHONE)
        yield _answer(f"jobs {nothing}", NOT_FOUND, partial(_with, jobs=nothing), (CPH_REQUEST.name,))
    crowd: list[t.Any] = [{}] * 10_001
    yield _answer("10,001 jobs", TRY_AGAIN, partial(_with, Jobs=crowd), UPHONE, BRIEF)
    yield _answer("10,001 jobs", TRY_AGAIN, partial(_with, jobs=crowd), (CPH_REQUEST.name,), BRIEF)
    for count in (0, 10**9, -1, "1"):
        yield _answer(f"TotalCount {count!r}", NONE, partial(_with, TotalCount=count), UPHONE)


def _answer(
    name: str, meaning: Meaning, change: Change, targets: Sequence[str] = EVERY_SHAPE, moments: Sequence[Moment] = USUAL
) -> Row:
    return Row(name, "changed", meaning, {"change": change}, targets, moments=moments)


def _listing(value: t.Any, listed: t.Any) -> t.Any:
    """An answer with something else in the place of its list."""
    return {name: listed if isinstance(inner, list) else inner for name, inner in value.items()} | {"TotalCount": 0}


def _with(value: t.Any, **members: t.Any) -> t.Any:
    return {**value, **members}


def _job(
    name: str,
    meaning: Meaning,
    change: Mapping[str, t.Any],
    targets: Sequence[str] = EVERY_SHAPE,
    moments: Sequence[Moment] = USUAL,
) -> Row:
    return Row(name, "changed", meaning, targets=targets, moments=moments, change_job=in_job(change))


# One of each effect.
EXEMPLARS = (
    *("reset", "hang", "late", "502 in HTML", "not JSON", "429 with Retry-After 7", "429 with Retry-After 86400"),
    *("403 without a body", "404 without a body", "302 to another host", "status 'DONE'", "Jobs []", "jobs []"),
    *("two states at once, success first", "two states at once, success last", "401 for keys", "401 for password"),
)
ROWS = tuple(
    replace(row, moments=MOMENTS) if row.name in EXEMPLARS else row
    for rows in (on_the_wire, by_status, with_retry_after, by_gateway, by_code, by_login, in_the_body, of_the_job)
    for row in rows()
)
