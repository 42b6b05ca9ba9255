# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults of a soak: one answer in five goes wrong, in every way that the embedded cloud knows."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.cloudwait.jobs.tests.load.courses import PROVIDERS
from ansible_collections.cloudwait.jobs.tests.services import FACTS

# Share of the answers that go wrong, and of those that may end a wait where the weather is rough.
SHARE = 0.2
ROUGH_SHARE = 0.01
# Seconds after which a request is given up, and how long something takes that is too late for it, or just in time.
REQUEST_TIMEOUT = 1.0
TOO_LATE, IN_TIME = 1.3, 0.3
HUAWEI = tuple(provider for provider in PROVIDERS if not FACTS[provider].is_ucloud)
UCLOUD = tuple(provider for provider in PROVIDERS if FACTS[provider].is_ucloud)
ALL = (*HUAWEI, *UCLOUD)
TWO_STATES = '{"status": "SUCCESS", "status": "RUNNING", "RetCode": 0}'


@dataclass(frozen=True)
class Strike:
    """A fault; where a wait may end with it, `kinds` are the failures that it may tell.

    `everywhere`: it hits the identity service, too.
    """

    kind: str
    options: t.Mapping[str, t.Any] = field(default_factory=dict)
    services: t.Sequence[str] = ALL
    kinds: frozenset[str] = frozenset()
    everywhere: bool = False


def _wire(kind: str, **options: t.Any) -> Strike:
    return Strike(kind, options, everywhere=True)


# A wait comes through all of these, and tells what is true.
GENTLE = (
    _wire("reset"),
    _wire("close"),
    _wire("cut"),
    _wire("cut", bytes=0),
    _wire("cut", reset=True),
    _wire("hang", seconds=TOO_LATE),
    _wire("hang", seconds=IN_TIME),
    _wire("slow_headers", seconds=IN_TIME),
    _wire("slow_headers", seconds=TOO_LATE),
    _wire("drip", bytes=64, seconds=0.005),
    _wire("drip", bytes=1, seconds=0.05),
    _wire("endless"),
    _wire("endless", json=True),
    _wire("wrong_length", by=10),
    _wire("wrong_length", by=-10),
    _wire("gzip"),
    _wire("bad_gzip"),
    _wire("gzip_bomb", bytes=2**20),
    _wire("bad_chunks"),
    *(_wire("status", status=status) for status in (408, 429, 500, 502, 503, 504)),
    _wire("status", status=503, retry_after=1),
    _wire("html", status=502),
    Strike("html", {"status": 200}),
    Strike("throttle", {"limit": 200, "time": "1 second"}, HUAWEI),
    Strike("throttle", {"retry_after": 1, "limit": 200, "time": "1 second"}, HUAWEI),
    Strike("not_json"),
    Strike("empty"),
    Strike("broken_utf8"),
    Strike("text", {"text": TWO_STATES}),
    Strike("text", {"text": "[" * 100_000}),
    Strike("json", {"body": []}),
    Strike("merge", {"body": {"status": 99, "jobs": {"status": 99}}}, HUAWEI),
    Strike("merge", {"body": {"Jobs": {"State": "DONE"}}}, UCLOUD),
    Strike("status", {"status": 404}, HUAWEI),
    Strike("error", {"code": "CPS.0003"}, ("cph",)),
    Strike("error", {"code": "CPS.0011"}, ("cph",)),
    Strike("error", {"code": "IMG.0023"}, ("ims",)),
    Strike("error", {"code": "DWS.9999", "status": 500}, ("dws",)),
    *(Strike("error", {"code": code}, UCLOUD) for code in (110, 130, 150, 153)),
)


def _fatal(kind: str, *kinds: str, services: t.Sequence[str] = HUAWEI, **options: t.Any) -> Strike:
    return Strike(kind, options, services, frozenset(kinds))


# These may end a wait, which then tells so, and can be taken up again.
ROUGH = (
    _fatal("status", "invalid", status=400),
    _fatal("status", "authentication", status=401, text=""),
    _fatal("status", "permission", status=403, text=""),
    _fatal("status", "service", status=501),
    *(_fatal("status", "service", services=UCLOUD, status=status) for status in (400, 401, 403, 404)),
    _fatal("redirect", "transport", services=ALL, location="http://127.0.0.1:9/elsewhere"),
    _fatal("echo", "authentication", services=ALL),
    _fatal("expired_token", "authentication"),
    _fatal("revoke_tokens", "authentication"),
    _fatal("clock_skew", "authentication", seconds=7200),
    _fatal("clock_skew", "authentication", seconds=0),
    _fatal("error", "permission", services=("cph",), code="CPS.0001"),
    _fatal("error", "invalid", services=("ims",), code="IMG.0024"),
    _fatal("error", "invalid", services=("dws",), code="DWS.0001"),
    _fatal("error", "authentication", services=UCLOUD, code=171),
    _fatal("error", "permission", services=UCLOUD, code=299),
    _fatal("error", "service", services=UCLOUD, code=2001),
)


def orders(provider: str, rough: bool) -> tuple[list[Strike], list[dict[str, t.Any]]]:
    """The faults that may hit a service, and the orders for the embedded cloud, in the same order."""
    gentle = [strike for strike in GENTLE if provider in strike.services]
    heavy = [strike for strike in ROUGH if provider in strike.services] if rough else []
    made, left = [], 1.0
    for strike in [*heavy, *gentle]:
        share = ROUGH_SHARE / len(heavy) if strike.kinds else SHARE / len(gentle)
        place = {} if strike.everywhere else {"service": provider}
        # What an earlier order hits, a later one does not see.
        made.append({"kind": strike.kind, "times": None, "chance": share / left, **place, **strike.options})
        left -= share
    return [*heavy, *gentle], made
