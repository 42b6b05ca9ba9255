# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user may expect of each fault at each moment, derived from what the fault means."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.cloudwait.jobs.tests.faults.faults import AUTHENTICATION, NONE, Effect, Meaning, Row
from ansible_collections.cloudwait.jobs.tests.faults.moments import Moment
from ansible_collections.cloudwait.jobs.tests.faults.targets import RUNS_FOR, Listing, Request, Target

# The state that a single look finds: it depends on how long the look takes.
HONEST = "honest"
# Those that the whole answer suffers from.
NO_ANSWER = (Effect.TRANSIENT, Effect.THROTTLED, Effect.TOO_LONG, Effect.FATAL)


class Verdict(t.NamedTuple):
    """The state of the job that was hit, `failure.kind` (empty: no failure), and whether the time was up."""

    state: str
    kind: str = ""
    timed_out: bool = False


def verdict(meaning: Meaning, moment: Moment, known: str, is_listing: bool = False) -> Verdict:
    """What is expected of the job that is hit; `known` is its state as it was last told."""
    effect, kind = meaning
    if effect is Effect.NONE:
        return Verdict("succeeded" if moment.waits else HONEST)
    if not moment.waits:
        return _of_single_look(meaning, moment, is_listing)
    if effect is Effect.FATAL:
        return Verdict(known, kind)
    if is_listing and moment.at_first and effect is Effect.ABSENT:
        # Nothing was found, so nothing is waited for.
        return Verdict("nothing")
    if not moment.for_good:
        # Whatever it was, it is over.
        return Verdict("succeeded")
    state = {Effect.UNREADABLE: "unknown", Effect.UNDECIDED: "running"}.get(effect, known)
    if moment.at_deadline:
        return Verdict(state, "timeout", timed_out=True)
    if effect is Effect.TRANSIENT:
        return Verdict(state, kind)
    if effect in (Effect.NOT_FOUND, Effect.ABSENT):
        return Verdict("not_found", "not_found")
    # Silence that the service asked for is no failure of its own, and neither is a status that nobody can read.
    return Verdict(state, "timeout", timed_out=True)


def _of_single_look(meaning: Meaning, moment: Moment, is_listing: bool) -> Verdict:
    effect, kind = meaning
    if effect in (Effect.TRANSIENT, Effect.THROTTLED) and not moment.for_good:
        # There are three tries.
        return Verdict(HONEST)
    if effect in NO_ANSWER:
        return Verdict("unknown", kind)
    if effect is Effect.ABSENT and is_listing:
        return Verdict("nothing")
    return Verdict({Effect.NOT_FOUND: "not_found", Effect.UNDECIDED: "running"}.get(effect, "unknown"))


def has_second_try(target: Target, row: Row, moment: Moment) -> bool:
    """Whether the credentials that are refused were accepted before, for the other job or at the look before."""
    if row.meaning != AUTHENTICATION or row.login == "password" or row.options.get("status") == 500:
        # A password has a new login instead, and a code is believed where the service has trouble of its own.
        return False
    return not (moment.at_first and target.together)


class Expected(t.NamedTuple):
    """States by job (first, second; `nothing` where the result does not name them), and the failure."""

    states: tuple[str, ...]
    kind: str
    timed_out: bool


def expected(target: Target, row: Row, moment: Moment, elapsed: float, *, is_login: bool = False) -> Expected:
    """What is expected of both jobs after so many seconds; a login that is refused has no second try."""
    meaning = row.once if row.once and not moment.for_good else row.meaning
    if meaning == AUTHENTICATION and has_second_try(target, row, moment) and not is_login:
        # Unless they are gone for good, one refusal is like any other trouble of a moment.
        is_fatal = row.is_lasting and not moment.at_deadline
        meaning = meaning._replace(effect=Effect.FATAL if is_fatal else Effect.TRANSIENT)
    # The first look told of both jobs, unless it was the one that is hit.
    unlearnt = moment.at_first and target.together and (row.change_job is None or meaning.effect in NO_ANSWER)
    second = verdict(meaning, moment, "unknown" if moment.at_first else "running", isinstance(target, Listing))
    if second.state == HONEST:
        second = Verdict("running" if elapsed < RUNS_FOR else "succeeded")
    first = "succeeded"
    if unlearnt and meaning is not NONE and second.state not in ("running", "succeeded"):
        first = second.state
    # Where the service has no word for a job that runs, the embedded cloud takes the nearest.
    is_pending = second.state == "running" and "running" not in target.facts.states
    states: tuple[str, ...] = (first, "pending" if is_pending else second.state)
    if first == second.state != "succeeded":
        if isinstance(target, Listing):
            states = () if meaning.effect in (*NO_ANSWER, Effect.ABSENT) else states
        elif isinstance(target, Request):
            # One request of which nothing is known.
            states = states[:1]
    return Expected(states, second.kind, second.timed_out)


def expected_of_any(target: Target, row: Row, moment: Moment, elapsed: float) -> Expected:
    """What is expected where the fault hits whatever request comes first, and not those for the second job alone."""
    told = expected(replace(target, together=True), row, moment, elapsed)
    if row.meaning.effect is Effect.FATAL and moment.at_first and not moment.for_good and target.side_by_side:
        # The second answer comes together with the end of the first request, and counts.
        return told._replace(states=("unknown", "running"))
    return told
