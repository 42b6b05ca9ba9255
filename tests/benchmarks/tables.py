# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables, as text and as data."""

from __future__ import annotations

import typing as t

from ansible_collections.cloudwait.jobs.tests.benchmarks.kin import Comparison
from ansible_collections.cloudwait.jobs.tests.benchmarks.rows import Row


def lines(title: str, head: t.Sequence[str], body: t.Sequence[t.Sequence[str]]) -> str:
    """A table in plain text."""
    widths = [max(map(len, column)) for column in zip(head, *body, strict=True)]
    texts = [
        "  ".join(
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (head, *body)
    ]
    return "\n".join([f"\n{title}", *texts])


def one_job(rows: t.Mapping[str, Row]) -> str:
    """Requests, mean delay and its 95th percentile."""
    columns = next(iter(rows.values()))
    return lines(
        "One job: requests / mean delay / 95th percentile of the delay, in seconds",
        ["", *columns],
        [
            [name, *(f"{cell.per_job:.0f} / {cell.mean:.1f} / {cell.p95:.1f}" for cell in row.values())]
            for name, row in rows.items()
        ],
    )


def crowd(rows: t.Mapping[str, Row]) -> str:
    """Requests per job, share of 429, mean delay, lag of the last job."""
    columns = next(iter(rows.values()))
    return lines(
        "1,000 jobs: requests per job / share of 429 / mean delay / lag of the last job, in seconds",
        ["", *columns],
        [
            [
                name,
                *(
                    f"{cell.per_job:.3g} / {cell.share_refused:.0%} / {cell.mean:.1f} / {cell.lag:.0f}"
                    for cell in row.values()
                ),
            ]
            for name, row in rows.items()
        ],
    )


def kin(cases: t.Mapping[str, Comparison]) -> str:
    """Requests per job and mean delay, with and without what the ends of other jobs tell."""
    return lines(
        "100 jobs of one kind: requests per job / mean delay in seconds",
        ["", "ours", "without them", "at equal requests", "ratio"],
        [
            [
                name,
                *(f"{cell.per_job:.3g} / {cell.mean:.1f}" for cell in (case.ours, case.default, case.equal)),
                f"{case.ratio:.2f}",
            ]
            for name, case in cases.items()
        ],
    )


def data(rows: t.Mapping[str, Row]) -> dict[str, t.Any]:
    """Rows for a file."""
    return {name: {column: cell.as_dict() for column, cell in row.items()} for name, row in rows.items()}


def kin_data(cases: t.Mapping[str, Comparison]) -> dict[str, t.Any]:
    """Comparisons for a file."""
    return {
        name: {
            "ours": case.ours.as_dict(),
            "without_other_jobs": case.default.as_dict(),
            "without_other_jobs_at_equal_requests": case.equal.as_dict(),
            "ratio": round(case.ratio, 3),
        }
        for name, case in cases.items()
    }
