# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several groups of jobs: the one result and the one sentence that are made of them."""

from __future__ import annotations

import typing as t
from dataclasses import replace

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import Outcome
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import (
    AuthenticationError,
    CloudwaitError,
    InvalidError,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import UNTIL, ErrorDetail, Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.messages import CHECKED, RESUME, sentence_of_all
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.result import GroupResult, result_of_all
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.table import table
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.words import duration


def job(provider: str, job_id: str | None, state: str, **more: t.Any) -> Job:
    return Job(job_id, provider, State(state), **more)


def outcome(
    provider: str, *jobs: Job, until: str = "succeeded", error: CloudwaitError | None = None, timed_out: bool = False
) -> GroupResult:
    """What became of a group; the jobs themselves tell what failed."""
    wanted = UNTIL[until]
    settled = Outcome(
        jobs=jobs,
        unfinished=[str(one.job_id) for one in jobs if not one.finished and one.job_id],
        ended_elsewhere=[one for one in jobs if one.finished and one.state not in wanted],
        missing=[one.job_id or one.resources["request_id"] for one in jobs if one.state is State.NOT_FOUND],
        refused={},
        error=error,
        last_error=error,
        timed_out=timed_out,
        elapsed=42.0,
        polls=len(jobs),
        warnings=[],
    )
    return GroupResult(provider, [], [until], 60, settled)


def combine(groups: list[GroupResult], elapsed: float) -> dict[str, t.Any]:
    lines = table(one for group in groups for one in group.jobs)
    return result_of_all(groups, sentence_of_all(groups, elapsed), lines, elapsed, 7, 0)


ELB = ErrorDetail("DWS.0114", "ELB private IP is not configured.")
ARRIVED = outcome("cph", job("cph", "j1", "succeeded", duration=6.0), job("cph", "j2", "succeeded", duration=75.0))
BROKEN = outcome("dws", job("dws", "d1", "failed", error=ELB), job("dws", "d2", "succeeded"))
LATE = outcome("ims", job("ims", "i1", "running", progress=45), job("ims", "i2", "unknown"), timed_out=True)
REFUSED = outcome(
    "uphone",
    job("uphone", "u1", "unknown"),
    error=AuthenticationError("UCloud refused the signature.", code="171"),
)
# nothing could be asked: no jobs
REJECTED = GroupResult("ims", ["i8", "i9"], ["succeeded"], 60, refusal=InvalidError("There are no credentials."))


@pytest.mark.parametrize(
    ("outcomes", "msg"),
    [
        ([ARRIVED], "2 jobs after 42 s: 2 succeeded."),
        ([outcome("cph", job("cph", "j1", "succeeded"))], "1 job after 42 s: 1 succeeded."),
        (
            [outcome("cph", job("cph", "j1", "failed"), job("cph", "j2", "partially_succeeded"), until="finished")],
            "2 jobs after 42 s: 1 partially succeeded, 1 failed.",
        ),
        ([outcome("uphone")], "0 jobs after 42 s: nothing was found."),
        # one sentence names what did not arrive, and why
        (
            [ARRIVED, BROKEN, LATE],
            (
                "Timed out after 60 s; 1 of 6 jobs failed: dws job d1 (DWS.0114: ELB private IP is not configured); "
                "still running: ims job i1 (45 %); in an unknown state: ims job i2; 3 succeeded."
            ),
        ),
        # a group that could not be looked at: in the words of its failure
        (
            [ARRIVED, REFUSED],
            "The wait ended after 42 s; 2 succeeded; uphone: UCloud refused the signature.",
        ),
        (
            [BROKEN, REJECTED, REFUSED],
            (
                "1 of 3 jobs failed: dws job d1 (DWS.0114: ELB private IP is not configured); 1 succeeded; ims: There "
                "are no credentials; uphone: UCloud refused the signature."
            ),
        ),
        # what two groups fail for is told once
        (
            [REJECTED, replace(REJECTED, provider="cph")],
            "The wait ended after 42 s; ims and cph: There are no credentials.",
        ),
        # two groups of one provider are told apart
        (
            [ARRIVED, replace(BROKEN, name="dws r2")],
            "1 of 4 jobs failed: dws r2 job d1 (DWS.0114: ELB private IP is not configured); 3 succeeded.",
        ),
        # one group alone needs no name
        ([REJECTED], "There are no credentials."),
        ([LATE], f"Timed out after 60 s; still running: i1 (45 %); in an unknown state: i2. {RESUME}"),
        # check mode fails for no job
        ([replace(ARRIVED, is_check=True)], f"2 jobs after 42 s: 2 succeeded. {CHECKED}"),
        # a job that ended well where a failure was waited for
        (
            [
                outcome(
                    "cph",
                    job("cph", "j1", "succeeded"),
                    until="failed",
                )
            ],
            "Job j1 ended as succeeded instead of failed.",
        ),
        (
            [
                outcome(
                    "cph",
                    job("cph", "j1", "not_found"),
                    job("cph", None, "not_found", resources={"request_id": "r1"}),
                    job("cph", None, "not_found", resources={"request_id": "r2"}),
                ),
                outcome("ims", job("ims", "i1", "succeeded")),
            ],
            ("3 of 4 jobs were not found: cph job j1, cph request r1, cph request r2; 1 succeeded."),
        ),
        # many jobs are not all named
        (
            [
                outcome(
                    "cph",
                    *(job("cph", f"j{n}", "pending") for n in range(8)),
                    timed_out=True,
                )
            ],
            f"Timed out after 60 s; still pending: j0, j1, j2, j3, j4, and 3 more. {RESUME}",
        ),
    ],
)
def test_the_message_is_one_sentence(outcomes: list[GroupResult], msg: str) -> None:
    assert combine(outcomes, 42.0)["msg"].endswith(msg)


def test_one_result_is_made_of_all_groups() -> None:
    result = combine([ARRIVED, BROKEN, LATE, REFUSED, REJECTED], 42.1234)
    assert [one["job_id"] for one in result["jobs"]] == ["j1", "j2", "d1", "d2", "i1", "i2", "u1"]
    assert result["summary"] == {
        "total": 7,
        "pending": 0,
        "running": 1,
        "succeeded": 3,
        "partially_succeeded": 0,
        "failed": 1,
        "unknown": 2,
        "not_found": 0,
    }
    # What could not be looked at has not arrived either.
    assert result["unfinished"] == ["i1", "i2", "u1", "i8", "i9"]
    assert (result["failed"], result["changed"], result["timed_out"], result["elapsed"]) == (True, False, True, 42.123)
    assert result["failures"] == [
        {"provider": "dws", "kind": "job_failed", **ELB.as_dict()},
        {
            "provider": "ims",
            "kind": "timeout",
            "code": None,
            "message": "The time was up before every job had arrived.",
        },
        {"provider": "uphone", "kind": "authentication", "code": "171", "message": "UCloud refused the signature."},
        {"provider": "ims", "kind": "invalid", "code": None, "message": "There are no credentials."},
    ]


def test_a_result_without_failures() -> None:
    result = combine([ARRIVED], 1.0)
    assert (result["failed"], result["failures"], result["unfinished"]) == (False, [], [])


def test_a_job_in_two_groups_counts_once_with_its_last_state() -> None:
    again = outcome("cph", job("cph", "j1", "running"))
    result = combine([again, ARRIVED], 1.0)
    assert (result["summary"]["total"], result["summary"]["succeeded"], len(result["jobs"])) == (2, 2, 3)
    assert result["table"] == ["cph  j1  succeeded  6.0 s", "cph  j2  succeeded  1 min 15 s"]
    # The same id at another provider is another job.
    assert combine([ARRIVED, outcome("dws", job("dws", "j1", "succeeded"))], 1.0)["summary"]["total"] == 3


def test_few_jobs_are_shown_one_by_one() -> None:
    assert combine([ARRIVED, BROKEN, LATE], 1.0)["table"] == [
        "cph  j1  succeeded  6.0 s",
        "cph  j2  succeeded  1 min 15 s",
        "dws  d1  failed     DWS.0114: ELB private IP is not configured.",
        "dws  d2  succeeded",
        "ims  i1  running    45 %",
        "ims  i2  unknown",
    ]


def test_an_id_of_the_services_stays_on_its_line() -> None:
    result = combine([outcome("cph", job("cph", "j\n1\x1b[31m", "failed"))], 1.0)
    assert result["table"] == ["cph  j 1 [31m  failed"]
    assert "Job j 1 [31m failed" in result["msg"]
    assert result["jobs"][0]["job_id"] == "j\n1\x1b[31m"


def test_many_jobs_are_counted() -> None:
    many = outcome("cph", *(job("cph", f"j{n}", "failed" if n % 7 == 0 else "succeeded") for n in range(30)))
    assert combine([many, LATE], 1.0)["table"] == [
        "cph  30 jobs  25 succeeded, 5 failed",
        "ims  2 jobs   1 running, 1 unknown",
    ]


def test_no_jobs_make_no_table() -> None:
    assert combine([REJECTED], 1.0)["table"] == []


def test_long_errors_are_cut() -> None:
    noisy = outcome("cph", job("cph", "j1", "failed", error=ErrorDetail("E", "a\nb " + "x" * 500)))
    (line,) = combine([noisy], 1.0)["table"]
    assert "E: a b xxx" in line
    assert len(line) < 200


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0 s"), (4.25, "4.2 s"), (10, "10 s"), (59.4, "59 s"), (750, "12 min 30 s"), (7500, "2 h 5 min")],
)
def test_times_are_written_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text
