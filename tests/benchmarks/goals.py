# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The goals, each as a question that the figures answer."""

from __future__ import annotations

import math
import typing as t

from ansible_collections.cloudwait.jobs.tests.benchmarks import published
from ansible_collections.cloudwait.jobs.tests.benchmarks.figures import Watched
from ansible_collections.cloudwait.jobs.tests.benchmarks.kin import ONE_KIND, Comparison
from ansible_collections.cloudwait.jobs.tests.benchmarks.rows import (
    LIFTED_MAX_INTERVAL,
    OURS,
    PROGRESS,
    UNCAPPED,
    Row,
)

# Two sets of a thousand draws differ by this share.
NOISE = 0.05
# A thousand jobs in one wait are a single draw, and their last jobs, which decide, differ most.
NOISE_OF_CROWD = 0.1
NOISE_OF_LEAST = 0.2
# The defaults of `interval` and `max_interval`, in seconds, and the promised share of the duration.
INTERVAL, MAX_INTERVAL = 2.0, 30.0
# What a request is worth in the plan, in seconds of delay.
PRICE = 1 / 8
# No plan that grows can beat a fixed interval that was chosen for the very duration; these are what people write.
FIXED = ("fixed 5 s", "fixed 10 s", "fixed 30 s")
TABLE = (*FIXED, "Terraform", "Smithy waiter", "GCP core")
# The longest interval, in seconds, after one second of waiting; it grows with the root of the time.
LONGEST = 0.55

Mark = t.Sequence["float | None"]


class Goal(t.NamedTuple):
    """A goal, whether it is reached, and the figures that say so."""

    name: str
    reached: bool
    detail: str


def half_digit(figure: float) -> float:
    """What rounding may have taken off a printed figure: half a unit of its last digit."""
    text = f"{figure:g}"
    return 0.5 * 10.0 ** -(len(text.partition(".")[2]))


def one_job_figures(watched: Watched) -> dict[str, float]:
    """The figures of one job that have marks, in their order."""
    return {"requests": watched.per_job, "mean delay": watched.mean, "95th percentile": watched.p95}


def crowd_figures(watched: Watched) -> dict[str, float]:
    """The figures of a thousand jobs that have marks, in their order."""
    return {"requests": watched.per_job, "share of 429": watched.share_refused, "mean delay": watched.mean}


def against(
    rows: t.Mapping[str, Row],
    marks: t.Mapping[str, t.Sequence[Mark]],
    figures: t.Callable[[Watched], dict[str, float]],
    noise: float,
    both_ways: bool = False,
) -> list[str]:
    """The figures that are above their marks (or, `both_ways`, differ from them) by more than noise and rounding."""
    missed = []
    for name, row_marks in marks.items():
        for (column, watched), mark in zip(rows[name].items(), row_marks, strict=True):
            for (label, value), figure in zip(figures(watched).items(), mark, strict=True):
                room = half_digit(figure) + noise * figure if figure is not None else 0.0
                if figure is not None and (value > figure + room or (both_ways and value < figure - room)):
                    missed.append(f"{name}, {column}: {label} {value:.3g} against {figure:g}")
    return missed


def dearer(rows: t.Mapping[str, Row], marks: t.Mapping[str, t.Sequence[Mark]]) -> list[str]:
    """Rows whose requests and mean delay cost more than those of their marks, a request at PRICE."""
    missed = []
    for name, row_marks in marks.items():
        for (column, watched), (requests, _share, delay) in zip(rows[name].items(), row_marks, strict=True):
            ours = watched.mean + PRICE * watched.per_job
            theirs = t.cast(float, delay) + PRICE * t.cast(float, requests)
            if ours > theirs * (1 + NOISE_OF_CROWD):
                missed.append(f"{name}, {column}: {ours:.3g} s against {theirs:.3g} s")
    return missed


def over_bound(row: Row, max_interval: float) -> list[str]:
    """Draws whose delay is above what is promised."""
    return [
        f"{column}: {delay:.1f} s late after {duration:.1f} s"
        for column, watched in row.items()
        for duration, delay in zip(watched.durations, watched.delays, strict=True)
        if delay > min(max(INTERVAL, LONGEST * math.sqrt(duration)), max_interval) + 1e-6
    ]


def dominating_somewhere(rows: t.Mapping[str, Row], ours: Row) -> list[str]:
    """Rows that are at least as good as ours on requests and on delay in some column, with the column."""
    return [
        f"{name}, {column}"
        for name, row in rows.items()
        for column, theirs in row.items()
        if theirs.per_job <= ours[column].per_job and theirs.mean <= ours[column].mean
    ]


def dominating(rows: t.Mapping[str, Row], ours: Row) -> list[str]:
    """Rows that are at least as good as ours on requests and on delay in every column."""
    return [
        name
        for name, row in rows.items()
        if all(
            theirs.per_job <= mine.per_job and theirs.mean <= mine.mean
            for theirs, mine in zip(row.values(), ours.values(), strict=True)
        )
    ]


def mean_share(watched: Watched) -> float:
    """Mean of the delay as a share of the job's own duration."""
    shares = [delay / duration for duration, delay in zip(watched.durations, watched.delays, strict=True)]
    return sum(shares) / len(shares)


def check(
    one_job: t.Mapping[str, Row],
    rivals: t.Mapping[str, Row],
    crowd: t.Mapping[str, Row],
    kin: t.Mapping[str, Comparison],
) -> t.Iterator[Goal]:
    """All goals."""

    def goal(name: str, missed: t.Sequence[str], reached: str = "") -> Goal:
        return Goal(name, not missed, "; ".join(missed[:4]) if missed else reached)

    yield goal(
        "the simulation reproduces the published figures of the other systems",
        against(one_job, published.ONE_JOB, one_job_figures, NOISE, both_ways=True)
        + against(crowd, published.CROWD, crowd_figures, NOISE_OF_CROWD, both_ways=True),
    )
    yield goal(
        "one job: not worse than the marks anywhere",
        against(one_job, published.MARKS_ONE_JOB, one_job_figures, NOISE),
    )
    yield goal("1,000 jobs: requests and delay cost no more than the marks", dearer(crowd, published.MARKS_CROWD))
    for name, max_interval in ((OURS, MAX_INTERVAL), (PROGRESS, MAX_INTERVAL), (UNCAPPED, LIFTED_MAX_INTERVAL)):
        yield goal(f"{name}: every draw within its bound", over_bound(one_job[name], max_interval))
    yield goal(
        "no system of the published table is as good on requests and delay in any column",
        dominating_somewhere({name: one_job[name] for name in TABLE}, one_job[OURS]),
    )
    yield goal("no other growth or cap is as good on both in all columns", dominating(rivals, one_job[OURS]))
    shares = {column: mean_share(one_job[PROGRESS][column]) for column in ("5 min", "1 h")}
    yield goal(
        "progress told: mean delay at most 1 % of the duration from 5 min up",
        [f"{column}: {share:.1%}" for column, share in shares.items() if share > 0.01],
        ", ".join(f"{column}: {share:.2%}" for column, share in shares.items()),
    )
    # Polls are never closer than `interval`, so no plan can bring the mean below half of it.
    compared = {name: kin[name] for name in ONE_KIND}
    halved = {
        name: case
        for name, case in compared.items()
        if case.ratio <= 0.5 or case.ours.mean <= (1 + NOISE_OF_LEAST) * INTERVAL / 2
    }
    yield goal(
        "100 jobs of one kind: half the delay of one job's plan at its cost, or the least that interval allows",
        [f"{name}: {case.ratio:.2f}" for name, case in compared.items() if name not in halved],
        ", ".join(f"{name}: {case.ratio:.2f}" for name, case in halved.items()),
    )
    refused = {
        f"{name}, {column}": row.refused for name in published.MARKS_CROWD for column, row in crowd[name].items()
    }
    yield goal("1,000 jobs: no 429", [f"{name}: {count}" for name, count in refused.items() if count])
