# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON values, broken answers and broken texts that chance makes up."""

from __future__ import annotations

import copy
import json
import random
import typing as t

from ansible_collections.cloudwait.jobs.tests.fuzz.samples import ASKED, CPH_LIST, ERRORS, OTHER, REQUEST, SAMPLES
from ansible_collections.cloudwait.jobs.tests.services import FACTS
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import dropped, places, put
from hypothesis import strategies as st

# Names that mean something to one of the services, so that chance meets them: those of all answers and errors.
ANSWERS = [answer for answers in SAMPLES.values() for answer in answers] + [CPH_LIST, *ERRORS]
NAMES = sorted({step for answer in ANSWERS for way in places(answer) for step in way if isinstance(step, str)})
# Words and numbers that mean something, or nearly.
TOKENS: list[t.Any] = [
    *(0, 1, 2, -1, "0", "1", "2", "-1", " 2", "2 ", "+2", "02", "2.0", 2.0, 1.0, "2e0", "٢", "\uff12", True, False),
    *sorted({value for facts in FACTS.values() for value in facts.words if isinstance(value, str)}),
    *("success", "Success", "SUCCESS ", "SUCCESS\x00", "ＳＵＣＣＥＳＳ", "DONE", "OK", "", " ", "null", "None", None),
    *(ASKED, OTHER, REQUEST, "request-2", f" {ASKED}", f"{ASKED}\n", ASKED.upper(), f"{ASKED}\ud800", [ASKED]),
    *("9%", "100%", "101%", "-1%", "1e2%", "0.5", 0.999999999, 1.0000001, -0.0, 5e-324, 1.7976931348623157e308),
    *("2019-04-26T07:00:06Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:60+99:99", "31-Feb-2015 25:61:61:999"),
    *("1667996700", 10**15, -(10**15), 2**63, 10**99, 10**100, -(10**400), "9" * 400, "x" * 5000, "é" * 600),
    *("CPS.0011", "CPS0050", "CPS.0003", "IMG.0023", "DWS.0047", "DWS.0000", "APIGW.0301", "APIGW.0308", 171, 153),
    *("limit:1,time:1 day", "limit:0,time:9999 day", "limit:999999,time:1 second"),
    *("a\u2028b", "a\x85b", "\x1b[31mred\x1b[0m", "\u202eesrever", "\r\n- fake: line", "\x00", "\ud800", "\U0010ffff"),
    *([], {}, [[]], [{}], {"": ""}, [None], *ERRORS),
]
KEYS = st.sampled_from(NAMES) | st.text(max_size=8)
SCALARS = st.one_of(
    st.sampled_from(TOKENS),
    st.integers(-3, 3),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.text(alphabet=st.characters(categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Co", "Cn"]), max_size=8),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)
SEEDS = st.integers(0, 2**32)
# What is inserted into a text.
SHARDS = [
    *(b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b" ", b"\n", b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\\u"),
    *(b"\\ud800", b"NaN", b"Infinity", b"-", b"1e400", b"1" * 5000, b"null", b"//", b"<html>", b"\xef\xbb\xbf", b"0"),
    *(b'"status":2,', b'"status":"SUCCESS",', b'"State":"SUCCESS",', b'"job_id":"job-2",', b'"JobId":"job-2",'),
    *(b"[" * 40 + b"]" * 40, b"[" * 5000, b'{"x":' * 2000, b'"Jobs":[],', b'"RetCode":0,', b'"RetCode":1,'),
]


def wrapped(value: t.Any, levels: int) -> t.Any:
    """A value deep within arrays and objects."""
    for level in range(levels):
        value = [value] if level % 2 else {"x": value}
    return value


def retyped(value: t.Any, chance: random.Random) -> t.Any:
    """A value in another type of JSON that looks like it."""
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, (int, float)):
        return chance.choice([str(value), float(value) if abs(value) < 10**300 else str(value), value + 1])
    if isinstance(value, str):
        return (
            int(value) if value.isascii() and value.isdecimal() and len(value) < 300 else chance.choice([[value], {}])
        )
    if isinstance(value, list):
        return {str(index): item for index, item in enumerate(value)} if chance.random() < 0.5 else value * 2
    return list(value.values()) if chance.random() < 0.5 else [list(item) for item in value.items()]


def at(value: t.Any, way: tuple[t.Any, ...]) -> t.Any:
    """What is in one place of a value."""
    for step in way:
        value = value[step]
    return value


def broken(value: t.Any, way: tuple[t.Any, ...], other: t.Any, chance: random.Random) -> t.Any:
    """A value that is wrong in one place: most often `other` stands there."""
    dice = chance.random()
    if dice < 0.66:
        return put(value, way, other)
    if dice < 0.74:
        return dropped(value, way)
    if dice < 0.80:
        return put(value, way, retyped(at(value, way), chance))
    if dice < 0.85:
        return put(value, way, wrapped(at(value, way), chance.choice([1, 2, 3, 28, 33, 60])))
    if dice < 0.90:
        # Something else of the same answer.
        return put(value, way, at(value, chance.choice(list(places(value)))))
    parent = at(value, way[:-1]) if way else None
    if isinstance(parent, list):
        # The same item again, or several times, with `other` among them.
        copies = [copy.copy(parent[way[-1]]) for _copy in range(chance.choice([1, 1, 1, 2, 150]))]
        return put(value, way[:-1], [*parent, *copies, other])
    if isinstance(parent, dict):
        return put(value, way[:-1], {chance.choice(NAMES): other, **parent})
    return [value, other]


def sweep(value: t.Any, other: t.Any, seed: int, at_most: int = 24) -> t.Iterator[t.Any]:
    """A value broken in each of its places, one after the other."""
    chance = random.Random(seed)
    ways = list(places(value))
    for way in ways if len(ways) <= at_most else chance.sample(ways, at_most):
        answer = broken(value, way, other, chance)
        if chance.random() < 0.5:
            answer = broken(answer, chance.choice(list(places(answer))), chance.choice(TOKENS), chance)
        yield answer


def written(value: t.Any, chance: random.Random) -> bytes:
    """A JSON value as text, in one of the ways to write it."""
    dice = chance.random()
    if dice < 0.6:
        return json.dumps(value, separators=(",", ":")).encode()
    if dice < 0.8:
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if dice < 0.9:
        return b"\xef\xbb\xbf" + json.dumps(value, indent=1).encode() + b"\r\n"
    # every letter escaped
    return json.dumps(value).replace("S", "\\u0053").encode()


def torn(body: bytes, shard: bytes, seed: int, count: int = 12) -> t.Iterator[bytes]:
    """A text cut, doubled, or with something else in it, in several places."""
    chance = random.Random(seed)
    for _copy in range(count):
        here = chance.randrange(len(body) + 1)
        there = min(len(body), here + chance.choice([0, 0, 0, 1, 2, 8]))
        dice = chance.random()
        if dice < 0.75:
            yield body[:here] + shard + body[there:]
        elif dice < 0.9:
            yield body[:here]
        else:
            yield body[:here] + body
