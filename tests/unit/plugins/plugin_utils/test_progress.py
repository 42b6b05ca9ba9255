# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a waiting task shows: rounds of a wait in, lines out; and its rules in any wait, in simulated time."""

from __future__ import annotations

import itertools
import random
import re
import typing as t
from dataclasses import replace

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import JobQuery, PollUpdate, Unseen
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import TargetKind
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.wait import Wait
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import ServiceError, TransportError
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import ErrorDetail, Job, State
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.group_state import clock
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.progress_lines import ProgressLines
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.simulated import World, wanted
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.simulated import job as simulated_job
from hypothesis import given
from hypothesis import strategies as st

Line = tuple[str, str]
BROKE = ErrorDetail("E.1", "It broke.")
BUSY = ServiceError("The service answers HTTP 503.", transient=True)
REFUSED = ServiceError("Not this one.")


def job(job_id: str, state: str, progress: int | None = None, step: str | None = None) -> Job:
    error = BROKE if state == "failed" else None
    return Job(job_id, "ims", State(state), progress=progress, step=step, error=error)


def at(
    elapsed: float,
    *changed: Job,
    polled: int = 1,
    left: int = 1,
    error: t.Any = None,
    next_poll: float = 4,
    unseen: tuple[int, int, int] = (0, 0, 0),
    kind: TargetKind = TargetKind.JOBS,
    to_the_end: bool = True,
    arrived: bool = False,
) -> PollUpdate:
    """A round: what changed by then, how many keys are left to wait for, and of how many nothing is known.

    `unseen`: so many are not polled yet, not found yet, and refused.
    """
    polled = 0 if error else polled
    return PollUpdate(changed, polled, left, error, next_poll, elapsed, kind, Unseen(*unseen), to_the_end, arrived)


def end(elapsed: float, *changed: Job) -> PollUpdate:
    """The last round of a wait that ends well."""
    return at(elapsed, *changed, left=0, arrived=True)


def lines_of(rounds: t.Iterable[PollUpdate], every_poll: bool = False) -> list[Line]:
    lines: list[Line] = []
    progress = ProgressLines(["ims"], lambda text, tone: lines.append((tone, text)), every_poll)
    for update in rounds:
        progress([update])
    return lines


CASES: list[tuple[str, list[PollUpdate], list[Line]]] = [
    (
        "one job: its state, its percentage, how long it takes already",
        [at(0, job("j1", "running", 5))],
        [("calm", "0:00  ims: job j1 is running, 5 %")],
    ),
    (
        "no percentage where the service tells none",
        [at(0, job("j1", "pending"))],
        [("calm", "0:00  ims: job j1 is pending")],
    ),
    (
        "its current task where the service tells one",
        [at(0, job("j1", "running", 5, "Taking a snapshot"))],
        [("calm", "0:00  ims: job j1 is running, 5 %, Taking a snapshot")],
    ),
    (
        "the remaining time, from the progress since the first look: 25 % in 100 s, 50 % are left",
        [at(0, job("j1", "running", 25)), at(100, job("j1", "running", 50))],
        [
            ("calm", "0:00  ims: job j1 is running, 25 %"),
            ("calm", "1:40  ims: job j1 is running, 50 %, about 3:20 left"),
        ],
    ),
    (
        "no remaining time as long as too little progress was seen",
        [at(0, job("j1", "running", 25)), at(10, job("j1", "running", 27))],
        [("calm", "0:00  ims: job j1 is running, 25 %"), ("calm", "0:10  ims: job j1 is running, 27 %")],
    ),
    (
        "nor where the progress goes back",
        [at(0, job("j1", "running", 25)), at(10, job("j1", "running", 5))],
        [("calm", "0:00  ims: job j1 is running, 25 %"), ("calm", "0:10  ims: job j1 is running, 5 %")],
    ),
    (
        "nothing where nothing changed",
        [at(0, job("j1", "running")), at(10), at(20), at(30)],
        [("calm", "0:00  ims: job j1 is running")],
    ),
    (
        "a change waits until five seconds have passed, and the line tells what holds then",
        [at(0, job("j1", "running", 1)), at(2, job("j1", "running", 2)), at(4, job("j1", "running", 3)), at(5)],
        [("calm", "0:00  ims: job j1 is running, 1 %"), ("calm", "0:05  ims: job j1 is running, 3 %")],
    ),
    (
        "a heartbeat each minute, counted from the last line",
        [at(0, job("j1", "running")), at(59.9), at(60), at(119), at(120)],
        [
            ("calm", "0:00  ims: job j1 is running"),
            ("calm", "1:00  ims: job j1 is running"),
            ("calm", "2:00  ims: job j1 is running"),
        ],
    ),
    (
        "a heartbeat also before the first answer",
        [at(0, polled=0), at(30, polled=0), at(60, polled=0)],
        [("calm", "1:00  ims: no answer yet")],
    ),
    (
        "and where the service answers, but does not know the jobs yet",
        [at(0), at(30), at(60)],
        [("calm", "1:00  ims: no job found yet")],
    ),
    (
        "one line at the end of a wait that ends well, however soon after the last",
        [at(0, job("j1", "running")), end(1, job("j1", "succeeded"))],
        [("calm", "0:00  ims: job j1 is running"), ("calm", "0:01  ims: job j1 succeeded")],
    ),
    (
        "also where it was the only one",
        [end(4, *(job(f"j{n}", "succeeded") for n in range(12)))],
        [("calm", "0:04  ims: 12 jobs: 12 succeeded")],
    ),
    (
        "a job that arrives in another state than a final one",
        [end(4, job("j1", "running", 40))],
        [("calm", "0:04  ims: job j1 is running, 40 %")],
    ),
    (
        "a listing of nothing",
        [at(0, left=0, arrived=True)],
        [("calm", "0:00  ims: no job found")],
    ),
    (
        "no line at the end of one that does not: the task's message comes next",
        [at(0, job("j1", "running")), at(10, job("j1", "unknown"), left=0)],
        [("calm", "0:00  ims: job j1 is running")],
    ),
    (
        "how many jobs there are, from the first line on",
        [
            at(0, unseen=(30, 0, 0), polled=0, left=30),
            at(1, job("j1", "running", 50), unseen=(29, 0, 0), left=30),
            at(8, job("j2", "succeeded"), unseen=(26, 2, 0), left=29),
        ],
        [
            ("calm", "0:01  ims: 30 jobs: 1 running, 29 not polled yet"),
            ("calm", "0:08  ims: 30 jobs: 1 running, 1 succeeded, 26 not polled yet, 2 not found yet"),
        ],
    ),
    (
        "also before the first answer, and where no job is found yet",
        [at(0, unseen=(3, 0, 0), error=BUSY), at(5, unseen=(2, 1, 0)), at(65, unseen=(0, 3, 0))],
        [
            ("trouble", "0:00  ims: 3 jobs: no answer yet - The service answers HTTP 503. Trying again in 0:04."),
            ("calm", "0:05  ims: 3 jobs: 2 not polled yet, 1 not found yet"),
            ("calm", "1:05  ims: 3 jobs: 3 not found yet"),
        ],
    ),
    (
        "the failed job by name where the others are not known",
        [at(0, job("j1", "failed"), unseen=(2, 0, 0))],
        [("failure", "0:00  ims: 3 jobs: 1 failed, 2 not polled yet - j1 failed (E.1: It broke)")],
    ),
    (
        "no time is left when it is over, whatever is left of the job",
        [at(0, job("j1", "pending", 5)), at(9, job("j1", "pending", 20)), end(10, job("j1", "running", 25))],
        [
            ("calm", "0:00  ims: job j1 is pending, 5 %"),
            ("calm", "0:09  ims: job j1 is pending, 20 %, about 0:48 left"),
            ("calm", "0:10  ims: job j1 is running, 25 %"),
        ],
    ),
    (
        "nor where jobs are not waited for to their end",
        [at(0, job("j1", "pending", 5)), at(9, job("j1", "pending", 20), to_the_end=False)],
        [("calm", "0:00  ims: job j1 is pending, 5 %"), ("calm", "0:09  ims: job j1 is pending, 20 %")],
    ),
    (
        "a refusal is an answer",
        [at(0, unseen=(2, 0, 1), error=REFUSED)],
        [("trouble", "0:00  ims: 3 jobs: 2 not polled yet, 1 refused - Not this one.")],
    ),
    (
        "a job for which the service will not answer",
        [at(0, job("j1", "running"), unseen=(0, 0, 1))],
        [("calm", "0:00  ims: 2 jobs: 1 running, 1 refused")],
    ),
    (
        "how many jobs a request has, nobody knows before it was polled",
        [
            at(0, polled=0, unseen=(3, 0, 0), kind=TargetKind.REQUESTS),
            at(60, unseen=(2, 1, 0), kind=TargetKind.REQUESTS),
            at(70, job("j1", "running"), job("j2", "running"), unseen=(1, 1, 0), kind=TargetKind.REQUESTS),
        ],
        [
            ("calm", "1:00  ims: 2 requests not polled yet, 1 request without a job yet"),
            ("calm", "1:10  ims: 2 jobs: 2 running, 1 request not polled yet, 1 request without a job yet"),
        ],
    ),
    (
        "one job of one of two requests",
        [at(0, job("j1", "running"), unseen=(1, 0, 0), kind=TargetKind.REQUESTS)],
        [("calm", "0:00  ims: 1 job: 1 running, 1 request not polled yet")],
    ),
    (
        "a request that is alone, and never found",
        [at(0, replace(job("", "not_found"), job_id=None, resources={"request_id": "r1"}))],
        [("failure", "0:00  ims: a job of request r1 was not found")],
    ),
    (
        "and before any answer",
        [at(60, polled=0, unseen=(3, 0, 0), kind=TargetKind.REQUESTS)],
        [("calm", "1:00  ims: 3 requests: no answer yet")],
    ),
    (
        "no 100 % before the end, nor 0:00 left",
        [
            at(0, job("j1", "running", 20)),
            at(10, job("j1", "running", 99)),
            at(20, job("j1", "running", 100)),
        ],
        [
            ("calm", "0:00  ims: job j1 is running, 20 %"),
            ("calm", "0:10  ims: job j1 is running, 99 %"),
            ("calm", "0:20  ims: job j1 is running"),
        ],
    ),
    (
        "nor where only a little of many is left to do",
        [at(0, *(job(f"j{n}", "succeeded") for n in range(199)), job("last", "running", 90), polled=200)],
        [("calm", "0:00  ims: 200 jobs: 1 running, 199 succeeded, 99 %")],
    ),
    (
        "but always one when a job fails",
        [at(0, job("j1", "running")), at(3, job("j1", "failed"), left=0)],
        [("calm", "0:00  ims: job j1 is running"), ("failure", "0:03  ims: job j1 failed (E.1: It broke)")],
    ),
    (
        "a success that is to be confirmed is shown as what it is",
        [at(0, job("j1", "succeeded", 100))],
        [("calm", "0:00  ims: job j1 succeeded")],
    ),
    (
        "an unknown status is no verdict",
        [at(0, job("j1", "unknown"))],
        [("calm", "0:00  ims: job j1 is unknown")],
    ),
    (
        "many jobs: one line with a count per state, and the mean of their percentages",
        [
            at(0, job("j1", "pending", 0), job("j2", "running", 20), job("j3", "succeeded"), polled=3, left=2),
        ],
        [("calm", "0:00  ims: 3 jobs: 1 pending, 1 running, 1 succeeded, 40 %")],
    ),
    (
        "no mean where one of the running jobs tells no percentage",
        [at(0, job("j1", "running", 50), job("j2", "running"), polled=2, left=2)],
        [("calm", "0:00  ims: 2 jobs: 2 running")],
    ),
    (
        "the remaining time of many jobs, from their mean",
        [
            at(0, job("j1", "running", 0), job("j2", "running", 0), polled=2, left=2),
            at(60, job("j1", "running", 40), job("j2", "running", 20), polled=2, left=2),
        ],
        [
            ("calm", "0:00  ims: 2 jobs: 2 running, 0 %"),
            ("calm", "1:00  ims: 2 jobs: 2 running, 30 %, about 2:20 left"),
        ],
    ),
    (
        "states of two words",
        [at(0, job("j1", "partially_succeeded"), job("j2", "running"), polled=2)],
        [("calm", "0:00  ims: 2 jobs: 1 running, 1 partially succeeded")],
    ),
    (
        "those that failed by name and reason, within the five seconds, too",
        [
            at(0, job("j1", "running"), job("j2", "running"), polled=2, left=2),
            at(2, job("j1", "failed"), polled=2),
        ],
        [
            ("calm", "0:00  ims: 2 jobs: 2 running"),
            ("failure", "0:02  ims: 2 jobs: 1 running, 1 failed - j1 failed (E.1: It broke)"),
        ],
    ),
    (
        "failures one after the other: a second apart, and none is lost",
        [
            at(0, job("j1", "failed"), job("j2", "running"), job("j3", "running"), polled=3, left=2),
            at(0.4, job("j2", "failed"), left=1),
            at(0.8, job("j3", "unknown")),
            at(1.1),
        ],
        [
            ("failure", "0:00  ims: 3 jobs: 2 running, 1 failed - j1 failed (E.1: It broke)"),
            ("failure", "0:01  ims: 3 jobs: 2 failed, 1 unknown - j2 failed (E.1: It broke)"),
        ],
    ),
    (
        "a failure that comes with the end is not lost either",
        [
            at(0, job("j1", "failed"), job("j2", "running"), polled=2),
            at(0.5, job("j2", "failed"), left=0),
        ],
        [
            ("failure", "0:00  ims: 2 jobs: 1 running, 1 failed - j1 failed (E.1: It broke)"),
            ("failure", "0:00  ims: 2 jobs: 2 failed - j2 failed (E.1: It broke)"),
        ],
    ),
    (
        "many failures at once: five by name",
        [at(0, *(job(f"j{n}", "failed") for n in range(8)), polled=8)],
        [
            (
                "failure",
                "0:00  ims: 8 jobs: 8 failed - "
                + "; ".join(f"j{n} failed (E.1: It broke)" for n in range(5))
                + "; and 3 more",
            )
        ],
    ),
    (
        "a job that is not there counts as failed; without a reason, none is shown",
        [at(0, job("j1", "running"), job("j2", "not_found"), polled=2)],
        [("failure", "0:00  ims: 2 jobs: 1 running, 1 not found - j2 was not found")],
    ),
    (
        "a request without jobs has no job id",
        [at(0, replace(job("", "not_found"), job_id=None, resources={"request_id": "r1"}), job("j1", "running"))],
        [("failure", "0:00  ims: 2 jobs: 1 running, 1 not found - a job of request r1 was not found")],
    ),
    (
        "a failed call: why, and when it goes on",
        [at(0, error=BUSY, next_poll=2)],
        [("trouble", "0:00  ims: no answer yet - The service answers HTTP 503. Trying again in 0:02.")],
    ),
    (
        "a refusal of one job, which is not tried again",
        [at(0, job("j1", "running")), at(6, error=REFUSED)],
        [("calm", "0:00  ims: job j1 is running"), ("trouble", "0:06  ims: job j1 is running - Not this one.")],
    ),
    (
        "no line for a failed call that ends the wait: the task's message comes next",
        [at(0, error=REFUSED, left=0)],
        [],
    ),
    (
        "the same trouble again is nothing new; that it is over, is",
        [
            at(0, job("j1", "running")),
            at(6, error=BUSY),
            at(12, error=BUSY),
            at(18, error=BUSY),
            at(24),
            at(30),
        ],
        [
            ("calm", "0:00  ims: job j1 is running"),
            ("trouble", "0:06  ims: job j1 is running - The service answers HTTP 503. Trying again in 0:04."),
            ("calm", "0:24  ims: job j1 is running"),
        ],
    ),
    (
        "another trouble is new",
        [at(0, error=BUSY), at(6, error=TransportError("Cut.", transient=True))],
        [
            ("trouble", "0:00  ims: no answer yet - The service answers HTTP 503. Trying again in 0:04."),
            ("trouble", "0:06  ims: no answer yet - Cut. Trying again in 0:04."),
        ],
    ),
    (
        "nothing that a service says can move the cursor, change colours or fill the screen",
        [
            at(
                0,
                replace(job("j\x1b[2J1", "failed"), error=ErrorDetail("E\r", "bro\nke\u202e" + "x" * 900)),
                job("j2", "running"),
                polled=2,
            )
        ],
        [
            (
                "failure",
                f"0:00  ims: 2 jobs: 1 running, 1 failed - j [2J1 failed (E : bro ke {'x' * 188}…)",
            )
        ],
    ),
]


@pytest.mark.parametrize(("rounds", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_rounds_become_lines(rounds: list[PollUpdate], expected: list[Line]) -> None:
    assert lines_of(rounds) == expected


IMS = "ims"
CPH = "cph"
NOTHING = at(0, polled=0)

SEVERAL: list[tuple[str, list[list[PollUpdate]], list[Line]]] = [
    (
        "one line tells of all groups",
        [
            [
                at(0, *(job(f"c{n}", "running" if n < 3 else "succeeded") for n in range(12))),
                at(0, job("i1", "running", 40)),
            ]
        ],
        [("calm", "0:00  cph: 3 of 12 running; ims: running, 40 %")],
    ),
    (
        "a group without an answer, and one whose jobs are not there yet",
        [[NOTHING, at(0)], [at(60, polled=0), at(60)]],
        [("calm", "1:00  cph: no answer yet; ims: no job found yet")],
    ),
    (
        "a group that has ended is told of no more",
        [
            [at(0, job("c1", "running")), at(0, job("i1", "running"))],
            [at(7, job("c1", "succeeded"), left=0), at(7)],
        ],
        [("calm", "0:00  cph: running; ims: running"), ("calm", "0:07  ims: running")],
    ),
    (
        "several states of one group",
        [[at(0, job("c1", "running"), job("c2", "pending"), job("c3", "pending")), at(0, job("i1", "pending"))]],
        [("calm", "0:00  cph: 2 of 3 pending, 1 running; ims: pending")],
    ),
    (
        "the time left of a group",
        [
            [at(0, job("c1", "running")), at(0, job("i1", "running", 20))],
            [at(10), at(10, job("i1", "running", 60))],
        ],
        [
            ("calm", "0:00  cph: running; ims: running, 20 %"),
            ("calm", "0:10  cph: running; ims: running, 60 %, about 0:10 left"),
        ],
    ),
    (
        "a failed job is named with its group",
        [[at(0, job("c1", "failed"), left=0), at(0, job("i1", "running"))]],
        [("failure", "0:00  ims: running - cph: c1 failed (E.1: It broke.)".replace(".)", ")"))],
    ),
    (
        "an error is told with its group",
        [[at(0, error=BUSY), at(0, job("i1", "running"))]],
        [
            (
                "trouble",
                "0:00  cph: no answer yet; ims: running - cph: The service answers HTTP 503. Trying again in 0:04.",
            )
        ],
    ),
    (
        "one line at the end tells of all groups",
        [[end(4, job("c1", "succeeded"), job("c2", "partially_succeeded")), end(4, job("i1", "succeeded"))]],
        [("calm", "0:04  cph: 1 succeeded, 1 partially succeeded; ims: succeeded")],
    ),
    (
        "none where one of them does not end well",
        [[at(0, job("c1", "unknown"), left=0), end(0, job("i1", "succeeded"))]],
        [],
    ),
    (
        "how many jobs each has",
        [
            [
                at(0, job("c1", "running"), unseen=(28, 0, 1), left=30),
                at(0, unseen=(2, 1, 0)),
            ]
        ],
        [
            (
                "calm",
                "0:00  cph: 1 of 30 running, 28 not polled yet, 1 refused; ims: 2 of 3 not polled yet, 1 not found yet",
            )
        ],
    ),
    (
        "all jobs of one have succeeded, and are polled once more",
        [[at(0, job("c1", "succeeded"), job("c2", "succeeded"), left=2), at(0, job("i1", "running"))]],
        [("calm", "0:00  cph: 0 of 2 running; ims: running")],
    ),
    (
        "requests",
        [
            [
                at(0, job("c1", "running"), job("c2", "running"), unseen=(1, 0, 0), kind=TargetKind.REQUESTS),
                at(0, unseen=(2, 1, 0), kind=TargetKind.REQUESTS),
            ]
        ],
        [
            (
                "calm",
                (
                    "0:00  cph: 2 running, 1 request not polled yet; "
                    "ims: 2 requests not polled yet, 1 request without a job yet"
                ),
            )
        ],
    ),
    (
        "a group that was refused",
        [[at(4, unseen=(0, 0, 1), left=0), at(4, job("i1", "failed"), left=0)]],
        [("failure", "0:04  cph: refused; ims: failed - ims: i1 failed (E.1: It broke)")],
    ),
    (
        "all known jobs of some requests have ended",
        [
            [
                at(0, job("c1", "succeeded"), unseen=(1, 0, 0), kind=TargetKind.REQUESTS),
                at(0, job("i1", "running")),
            ]
        ],
        [("calm", "0:00  cph: 1 request not polled yet; ims: running")],
    ),
    (
        "the last failure names its group",
        [[at(4, job("c1", "failed"), left=0), end(4, job("i1", "succeeded"))]],
        [("failure", "0:04  cph: failed; ims: succeeded - cph: c1 failed (E.1: It broke)")],
    ),
]


@pytest.mark.parametrize(("rounds", "expected"), [case[1:] for case in SEVERAL], ids=[case[0] for case in SEVERAL])
def test_several_groups_share_a_line(rounds: list[list[PollUpdate]], expected: list[Line]) -> None:
    lines: list[Line] = []
    progress = ProgressLines([CPH, IMS], lambda text, tone: lines.append((tone, text)))
    for updates in rounds:
        progress(updates)
    assert lines == expected


def test_more_than_six_groups_are_counted() -> None:
    lines: list[str] = []
    progress = ProgressLines([f"g{n}" for n in range(9)], lambda text, _tone: lines.append(text))
    progress([at(0, job("j", "running")) for _n in range(9)])
    progress([end(4, job("j", "succeeded"), job("k", "partially_succeeded")) for _n in range(9)])
    assert lines == [
        f"0:00  {'; '.join(f'g{n}: running' for n in range(6))}; and 3 more groups",
        "0:04  9 groups, 18 jobs: 9 succeeded, 9 partially succeeded",
    ]


def test_at_the_end_of_more_than_six_groups_nothing_is_left_out() -> None:
    lines = []
    progress = ProgressLines([f"g{n}" for n in range(7)], lambda text, _tone: lines.append(text), every_poll=True)
    progress([at(4, unseen=(0, 0, 1), left=0), *(end(4, job(f"j{n}", "succeeded")) for n in range(6))])
    progress([end(5) for _n in range(7)])
    assert lines == ["0:04  7 groups, 6 jobs: 6 succeeded, 1 refused", "0:05  7 groups, 6 jobs: 6 succeeded"]


def test_a_line_for_each_poll_where_it_was_asked_for() -> None:
    """One line per poll: also where nothing changed, where the last line was a second ago, and at the end."""
    rounds = [
        at(0, job("j1", "running")),
        at(1),
        at(2, polled=0),
        at(3, job("j1", "running", 7)),
        end(4, job("j1", "succeeded")),
    ]
    assert [text for _tone, text in lines_of(rounds, every_poll=True)] == [
        "0:00  ims: job j1 is running",
        "0:01  ims: job j1 is running",
        "0:03  ims: job j1 is running, 7 %",
        "0:04  ims: job j1 succeeded",
    ]


def test_a_wait_that_an_error_ends_shows_no_next_try() -> None:
    lines: list[str] = []
    world = World({"a": [(0, REFUSED)], "b": [(0, "running")]}, batch_size=2)
    progress = ProgressLines(["ims"], lambda text, _tone: lines.append(text))
    query = JobQuery(world, TargetKind.JOBS, ["a", "b"], wanted())
    (outcome,) = Wait([query], 1800, world, world.clock, lambda: 0.5, progress).run()
    assert outcome.error is REFUSED
    assert lines == []


# rounds, and what is shown when somebody ends the wait after 75 s
STOPS: list[tuple[str, list[PollUpdate], str]] = [
    ("nothing is known", [], "1:15  ims: stopped, no answer yet"),
    ("one job", [at(0, job("j1", "running", 7))], "1:15  ims: stopped, job j1 is running, 7 %"),
    (
        "several, with those worth asking for again",
        [at(0, job("j1", "succeeded"), job("j2", "running"), job("j3", "unknown"), job("j4", "failed"))],
        "1:15  ims: stopped, 4 jobs: 1 running, 1 succeeded, 1 failed, 1 unknown; not finished: j2, j3",
    ),
    (
        "many",
        [at(0, *(job(f"j{n}", "running") for n in range(7)))],
        "1:15  ims: stopped, 7 jobs: 7 running; not finished: j0, j1, j2, j3, j4, and 2 more",
    ),
    (
        "one of which something is known",
        [at(0, job("j1", "running"), unseen=(2, 1, 1))],
        (
            "1:15  ims: stopped, 5 jobs: 1 running, 2 not polled yet, 1 not found yet, 1 refused; "
            "not finished: j1, and 3 more"
        ),
    ),
]


@pytest.mark.parametrize(("rounds", "expected"), [case[1:] for case in STOPS], ids=[case[0] for case in STOPS])
def test_what_is_known_when_the_wait_is_stopped(rounds: list[PollUpdate], expected: str) -> None:
    lines: list[Line] = []
    progress = ProgressLines(["ims"], lambda text, tone: lines.append((tone, text)))
    for update in rounds:
        progress([update])
    progress.stopped(75)
    assert lines[-1] == ("trouble", expected)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (9.6, "0:10"),
        (59.6, "1:00"),
        (125, "2:05"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (90061, "25:01:01"),
    ],
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_the_next_call_comes_when_a_line_is_due() -> None:
    progress = ProgressLines(["ims"], lambda _text, _tone: None)
    # before any answer, the heartbeat
    assert progress([at(0, polled=0)]) == 60
    assert progress([at(10, job("j1", "running"), job("j2", "running"))]) == 60
    assert progress([at(11)]) == 59
    # a change that has to wait
    assert progress([at(12, job("j1", "running", 1))]) == 3
    # a failure is shown at once; the next one waits a second
    assert progress([at(13, job("j1", "failed"))]) == 60
    assert progress([at(13.25, job("j2", "failed"))]) == 0.75


# Waits of any course

STATES = ("pending", "running", "unknown", "succeeded", "failed")


@st.composite
def timetables(draw: st.DrawFn) -> dict[str, list[tuple[float, t.Any]]]:
    """Up to eight jobs, each with a few states and percentages over up to ten minutes, and calls that fail."""
    tables: dict[str, list[tuple[float, t.Any]]] = {}
    for number in range(draw(st.integers(1, 8))):
        moments = sorted(draw(st.sets(st.integers(1, 600), max_size=6)))
        tables[f"j{number}"] = [
            (
                moment,
                draw(
                    st.one_of(
                        st.just(BUSY),
                        st.builds(
                            simulated_job,
                            st.just(f"j{number}"),
                            st.sampled_from(STATES),
                            st.one_of(st.none(), st.integers(0, 100)),
                        ),
                    )
                ),
            )
            for moment in (0, *moments)
        ]
    return tables


@given(timetables(), st.integers(0, 99), st.booleans())
def test_the_rules_hold_whatever_happens(
    tables: dict[str, list[tuple[float, t.Any]]], seed: int, fail_fast: bool
) -> None:
    """Never two lines within five seconds, a failure apart; never a minute without one; every failure is shown."""
    world = World(tables, max_in_flight=4, round_trip=0.2)
    lines: list[tuple[float, str, str]] = []
    progress = ProgressLines(["sim"], lambda text, tone: lines.append((world.now - world.start, tone, text)))
    query = JobQuery(world, TargetKind.JOBS, list(tables), wanted(fail_fast=fail_fast))
    (outcome,) = Wait([query], 900, world, world.clock, random.Random(seed).random, progress).run()
    for (before, tone_before, _text), (moment, tone, _text2) in itertools.pairwise(lines):
        assert moment - before <= 60.001
        # nothing holds back a failure, nor the last line of a wait that ends well
        is_last = moment >= outcome.elapsed - 0.001
        if tone != "failure":
            assert is_last or moment - before >= 4.998
        elif tone_before == "failure" and not is_last:
            assert moment - before >= 0.998
    assert not lines or outcome.elapsed - lines[-1][0] <= 60.001
    shown = " ".join(text for _moment, _tone, text in lines)
    for job_ in outcome.jobs:
        if job_.state is State.FAILED:
            assert re.search(rf"\b{job_.job_id} failed \(E\.1: It broke\)|and \d+ more", shown)
    # and not a line more than there is to tell
    assert len(lines) <= 3 + outcome.elapsed / 5 + len(tables)
    if all(job_.state is State.SUCCEEDED for job_ in outcome.jobs):
        last = "job j0 succeeded" if len(tables) == 1 else f"{len(tables)} jobs: {len(tables)} succeeded"
        assert lines[-1] == (outcome.elapsed, "calm", f"{clock(outcome.elapsed)}  sim: {last}")
