# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a wait has to say: one line per outcome."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import Outcome
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import (
    AuthenticationError,
    CloudwaitError,
    InvalidError,
    NotFoundError,
    PermissionDeniedError,
    ServiceError,
    TransportError,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import FINAL, ErrorDetail, Failure, Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.messages import CHECKED, RESUME, sentence
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.result import GroupResult, result_of, result_of_all
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence

REFUSED = AuthenticationError("CPH refuses the credentials.", code="APIGW.0301")
DENIED = PermissionDeniedError("CPH answers HTTP 400, CPS.0006: frozen.", code="CPS.0006")
BROKEN = ServiceError("CPH answers HTTP 400, CPS.0999.", code="CPS.0999", about_job=True)
HANGS = TransportError("The server cph.example.com did not answer completely within 30 seconds.", transient=True)


def job(text: str) -> Job:
    """A job from `id:state`, `id:state:progress` or `id:state:code:message`; `request/` in front of a request's id."""
    name, state, *rest = text.split(":")
    request = name.partition("request/")[2]
    return Job(
        None if request else name,
        "cph",
        State(state),
        progress=int(rest[0]) if len(rest) == 1 else None,
        error=ErrorDetail(rest[0] or None, rest[1] or None) if len(rest) == 2 else None,
        resources={"request_id": request} if request else {},
    )


def outcome(
    jobs: str,
    *,
    until: str = "succeeded",
    error: CloudwaitError | None = None,
    refused: dict[str, CloudwaitError] | None = None,
    last_error: CloudwaitError | None = None,
    timed_out: bool = False,
    elapsed: float = 42.4,
    polls: int | None = None,
) -> Outcome:
    """How a wait for `until` stands with these jobs, which are as in `job`, with spaces between them."""
    found = [job(text) for text in jobs.split()]
    arrived = FINAL if until in ("finished", "") else {State(until)}
    open_jobs = [item for item in found if item.job_id and not item.finished and item.state not in arrived]
    missing = [item for item in found if item.state is State.NOT_FOUND]
    elsewhere = {item.job_id: item for item in found if item.finished and item.state not in arrived}
    return Outcome(
        jobs=found,
        unfinished=list(dict.fromkeys(str(item.job_id) for item in open_jobs)),
        ended_elsewhere=list(elsewhere.values()),
        missing=[item.job_id or item.resources["request_id"] for item in missing],
        refused=refused or {},
        error=error,
        last_error=last_error or error,
        timed_out=timed_out,
        elapsed=elapsed,
        polls=len(found) if polls is None else polls,
        warnings=[],
    )


def failure_of(outcome: Outcome, until: t.Sequence[str], interrupted: bool = False) -> Failure | None:
    return GroupResult("cph", [], until, 1800, outcome, interrupted=interrupted).failure


def told(outcome: Outcome, until: t.Sequence[str], interrupted: bool = False) -> str:
    place = "in region r, project p"
    return sentence(GroupResult("cph", [], until, 1800, outcome, interrupted=interrupted, place=place))


@pytest.mark.parametrize(
    ("given", "until", "text"),
    [
        # one look
        (outcome("a:running", until=""), "", "1 job: 1 running."),
        (outcome("a:running b:succeeded a:running", until=""), "", "2 jobs: 1 running, 1 succeeded."),
        (outcome("a:failed:CPS.1:Broken b:unknown", until=""), "", "2 jobs: 1 failed, 1 unknown."),
        # one look does not fail for a job that is not there
        (outcome("a:not_found", until=""), "", "1 job: 1 not found."),
        (outcome("", until=""), "", "No job matches."),
        # arrived
        (outcome("a:succeeded"), "succeeded", "1 job: 1 succeeded, after 42 s."),
        (outcome("a:failed b:succeeded", until="finished"), "finished", "2 jobs: 1 succeeded, 1 failed, after 42 s."),
        (outcome(""), "succeeded", "No job matches."),
    ],
)
def test_no_failure(given: Outcome, until: str, text: str) -> None:
    named = until.split()
    assert failure_of(given, named) is None
    assert told(given, named) == text
    assert is_sentence(text)


@pytest.mark.parametrize(
    ("given", "until", "kind", "code", "text"),
    [
        # a job ended elsewhere
        (
            outcome("a:failed:CPS.1:Broken."),
            "succeeded",
            "job_failed",
            "CPS.1",
            "Job a failed: CPS.1: Broken.",
        ),
        (
            outcome("a:succeeded b:failed::Broken. c:partially_succeeded d:running:40"),
            "succeeded",
            "job_failed",
            None,
            (
                "1 of 4 jobs failed: b (Broken); 1 ended as partially succeeded instead of succeeded: c; still "
                f"running: d (40 %); 1 succeeded. {RESUME}"
            ),
        ),
        # the same job asked for twice is one job
        (
            outcome("a:failed a:failed"),
            "succeeded",
            "job_failed",
            None,
            "Job a failed.",
        ),
        # several names are told as alternatives
        (
            outcome("a:succeeded", until="failed"),
            "failed partially_succeeded",
            "job_failed",
            None,
            "Job a ended as succeeded instead of failed or partially succeeded.",
        ),
        # job_failed goes before not_found
        (
            outcome("a:not_found b:failed"),
            "succeeded",
            "job_failed",
            None,
            "1 of 2 jobs failed: b; 1 was not found in region r, project p: a.",
        ),
        # not found
        (
            outcome("a:not_found:CPS.0011:Gone."),
            "succeeded",
            "not_found",
            "CPS.0011",
            "Job a was not found in region r, project p: CPS.0011: Gone.",
        ),
        # a request without a job
        (
            outcome("request/r1:not_found"),
            "succeeded",
            "not_found",
            None,
            "No job of request r1 was found in region r, project p.",
        ),
        # each of several is named
        (
            outcome("request/r1:not_found request/r2:not_found"),
            "succeeded",
            "not_found",
            None,
            "2 of 2 jobs were not found in region r, project p: request r1, request r2.",
        ),
        # the deadline
        (
            outcome("a:running:40 b:succeeded", timed_out=True, elapsed=1800.2),
            "succeeded",
            "timeout",
            None,
            f"Timed out after 1800 s; still running: a (40 %); 1 succeeded. {RESUME}",
        ),
        # a hang that reaches the deadline is a timeout; the last error is told
        (
            outcome("a:unknown", timed_out=True, last_error=HANGS),
            "finished",
            "timeout",
            None,
            f"Timed out after 1800 s; in an unknown state: a. The last error was: {HANGS} {RESUME}",
        ),
        # a failed job goes before the deadline
        (
            outcome("a:failed b:running", timed_out=True),
            "succeeded",
            "job_failed",
            None,
            f"Timed out after 1800 s; 1 of 2 jobs failed: a; still running: b. {RESUME}",
        ),
        # what ends the wait for all: the error, and what was learnt before it
        (
            outcome("a:running:40 b:succeeded", error=REFUSED),
            "succeeded",
            "authentication",
            "APIGW.0301",
            f"CPH refuses the credentials. The wait ended after 42 s; still running: a (40 %); 1 succeeded. {RESUME}",
        ),
        (
            outcome("a:unknown b:running", until="", error=DENIED),
            "",
            "permission",
            "CPS.0006",
            f"{DENIED} So far: 1 running, 1 unknown.",
        ),
        # it goes before a failed job, since the others will never be known
        (
            outcome("a:failed b:running", error=REFUSED),
            "succeeded",
            "authentication",
            "APIGW.0301",
            (
                "CPH refuses the credentials. The wait ended after 42 s; 1 of 2 jobs failed: a; still running: b. "
                f"{RESUME}"
            ),
        ),
        # what the service says about one job
        (
            outcome("a:unknown b:succeeded", refused={"a": BROKEN}),
            "succeeded",
            "service",
            "CPS.0999",
            f"1 of 2 jobs could not be polled: a; 1 succeeded. {BROKEN}",
        ),
        # a failed job, and one that is missing, go before it
        (
            outcome("a:unknown b:failed", refused={"a": BROKEN}),
            "succeeded",
            "job_failed",
            None,
            f"1 of 2 jobs failed: b; 1 could not be polled: a. {BROKEN}",
        ),
        (
            outcome("a:unknown b:not_found", refused={"a": BROKEN}),
            "succeeded",
            "not_found",
            None,
            f"1 of 2 jobs was not found in region r, project p: b; 1 could not be polled: a. {BROKEN}",
        ),
        # one look: nothing was learnt about one of two
        (
            outcome("a:unknown b:running", until="", refused={"a": BROKEN}),
            "",
            "service",
            "CPS.0999",
            f"1 of 2 jobs could not be polled: a; running: b. {BROKEN}",
        ),
        # the only one
        (
            outcome("a:unknown", refused={"a": BROKEN}, polls=0),
            "succeeded",
            "service",
            "CPS.0999",
            f"Job a could not be polled. {BROKEN}",
        ),
        # every state in which a job may be left, and what has arrived
        (
            outcome(
                "a:pending b:unknown c:running:6 d:pending e:succeeded f:failed g:not_found",
                until="finished",
                timed_out=True,
            ),
            "finished",
            "not_found",
            None,
            (
                "Timed out after 1800 s; 1 of 7 jobs was not found in region r, project p: g; still running: c (6 %); "
                f"still pending: a, d; in an unknown state: b; 1 succeeded, 1 failed. {RESUME}"
            ),
        ),
        # where nothing was answered there is nothing to tell of the jobs, and nothing to go on with
        (outcome("a:unknown", error=REFUSED, polls=0), "succeeded", "authentication", "APIGW.0301", str(REFUSED)),
        (
            outcome("a:unknown", error=HANGS, polls=0),
            "succeeded",
            "transport",
            None,
            f"{HANGS} There was no answer after 42 s.",
        ),
        (outcome("a:unknown", until="", error=HANGS, polls=0), "", "transport", None, str(HANGS)),
        (
            outcome("a:unknown", timed_out=True, last_error=HANGS, polls=0),
            "succeeded",
            "timeout",
            None,
            f"Timed out after 1800 s, before any answer. The last error was: {HANGS}",
        ),
    ],
)
def test_failure(given: Outcome, until: str, kind: str, code: str | None, text: str) -> None:
    named = until.split()
    failure = failure_of(given, named)
    assert failure is not None
    assert (failure.kind, failure.code) == (kind, code)
    assert is_sentence(failure.message)
    assert told(given, named) == text
    assert is_sentence(text)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (InvalidError("It is wrong."), "invalid"),
        (AuthenticationError("It is wrong."), "authentication"),
        (PermissionDeniedError("It is wrong."), "permission"),
        (NotFoundError("It is wrong."), "not_found"),
        (ServiceError("It is wrong."), "service"),
        (TransportError("It is wrong."), "transport"),
    ],
)
def test_kind_of_an_error(error: CloudwaitError, kind: str) -> None:
    for given in (outcome("a:running", error=error), outcome("a:running", refused={"a": error})):
        failure = failure_of(given, ["succeeded"])
        assert failure is not None
        assert (failure.kind, failure.message) == (kind, "It is wrong.")


@pytest.mark.parametrize(
    ("given", "kind", "text"),
    [
        (
            outcome("a:running b:succeeded"),
            "timeout",
            f"Interrupted after 42 s; still running: a; 1 succeeded. {RESUME}",
        ),
        (outcome("a:failed"), "job_failed", "Interrupted after 42 s; job a failed."),
        (outcome(""), "timeout", "Interrupted after 42 s, before any answer."),
    ],
)
def test_interrupted(given: Outcome, kind: str, text: str) -> None:
    failure = failure_of(given, ["succeeded"], interrupted=True)
    assert failure is not None
    assert failure.kind == kind
    assert told(given, ["succeeded"], interrupted=True) == text


@pytest.mark.parametrize(
    ("jobs", "text"),
    [
        ("a:running b:succeeded", f"2 jobs: 1 running, 1 succeeded. {CHECKED}"),
        # work that was not started gives no ids
        ("", f"There is no job to poll. {CHECKED}"),
    ],
)
def test_check_mode_is_told(jobs: str, text: str) -> None:
    assert sentence(GroupResult("cph", [], [], 1800, outcome(jobs, until=""), is_check=True)) == text


@pytest.mark.parametrize(
    ("jobs", "until", "ids"),
    [
        # failed, or not found, each once and in the order asked
        ("a:failed b:succeeded c:not_found a:failed", "succeeded", ["a", "c"]),
        # ended elsewhere, as a part of it failed, or as nobody waits for that
        ("a:partially_succeeded b:succeeded", "succeeded", ["a"]),
        ("a:succeeded b:failed", "failed", ["a", "b"]),
        # arrived, and yet failed
        ("a:failed b:succeeded c:partially_succeeded", "finished", ["a"]),
        # a single poll
        ("a:failed b:running c:not_found", "", ["a", "c"]),
        # still going on, in an unknown state, or without an id
        ("a:running b:pending c:unknown request/r1:not_found", "succeeded", []),
        ("", "succeeded", []),
    ],
)
def test_failed_ids(jobs: str, until: str, ids: list[str]) -> None:
    group = GroupResult("cph", [], until.split(), 1800, outcome(jobs, until=until))
    assert group.failed_ids == ids
    assert result_of(group, 0)["failed_ids"] == ids
    assert result_of_all([group, group], "", [], 0.0, 0, 0)["failed_ids"] == ids * 2


def test_what_is_refused_has_not_failed() -> None:
    assert GroupResult("cph", ["a"], ["succeeded"], 1800, refusal=REFUSED).failed_ids == []


@pytest.mark.parametrize("include_raw", [True, False])
def test_what_the_service_said_can_be_left_out(include_raw: bool) -> None:
    group = GroupResult("cph", [], [], 1800, outcome("a:failed"), include_raw=include_raw)
    for result in (result_of(group, 0), result_of_all([group], "", [], 0.0, 0, 0)):
        assert [("raw" in job, job["state"]) for job in result["jobs"]] == [(include_raw, "failed")]


MANY: list[tuple[str, dict[str, t.Any]]] = [
    ("failed:CPS.1:Broken", {}),
    ("running:40", {"timed_out": True}),
    ("not_found", {}),
    ("running", {"error": REFUSED}),
    ("unknown", {"refused": {"0": BROKEN}}),
]


@pytest.mark.parametrize(("each", "facts"), MANY, ids=lambda value: value if isinstance(value, str) else "")
def test_a_thousand_jobs_stay_readable(each: str, facts: dict[str, t.Any]) -> None:
    # five are named, the rest is counted
    given = outcome(" ".join(f"6837531fd3f54550927b93018{number:07}:{each}" for number in range(1000)), **facts)
    text = told(given, ["succeeded"])
    assert len(text) < 700
    assert text.count("6837531fd3f54550927b93018") == 5
    assert "and 995 more" in text
    assert is_sentence(text)


def test_what_a_service_says_at_length_stays_bounded() -> None:
    # the longest message that the parser lets through, a thousand times
    jobs = [
        Job(f"job-{number}", "cph", State.FAILED, error=ErrorDetail("C" * 500, "x" * 500)) for number in range(1000)
    ]
    given = outcome("")
    given = Outcome(**{**vars(given), "jobs": jobs, "ended_elsewhere": jobs})
    assert len(told(given, ["succeeded"])) < 6000
