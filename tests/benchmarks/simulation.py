# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the simulation: tables on standard output, plots and figures for the documentation."""

from __future__ import annotations

import argparse
import json
import typing as t
from pathlib import Path

from ansible_collections.cloudwait.jobs.tests.benchmarks import goals, kin, plots, rows, tables
from ansible_collections.cloudwait.jobs.tests.benchmarks.draws import SIGMA

# Columns that are drawn of one job; the table has all of them.
DRAWN = ("20 s", "5 min", "1 h")
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "docsite" / "rst" / "images"


def points(found: t.Mapping[str, rows.Row], column: str) -> list[plots.Point]:
    """The systems of one column."""
    return [
        plots.Point(name, row[column].per_job, row[column].mean, name.startswith(rows.OURS))
        for name, row in found.items()
    ]


def kin_points(case: kin.Comparison) -> list[plots.Point]:
    """Our plan, with and without what the ends of other jobs tell."""
    watched = {"without them": case.default, "without them, as many requests": case.equal, rows.OURS: case.ours}
    return [plots.Point(name, each.per_job, each.mean, each is case.ours) for name, each in watched.items()]


def tell(path: Path, figures: t.Mapping[str, t.Any]) -> bool:
    """Write the figures that the documents are made of; return whether they were there already."""
    text = json.dumps(figures, indent=1) + "\n"
    is_told = path.is_file() and path.read_text(encoding="utf-8") == text
    path.write_text(text, encoding="utf-8")
    return is_told


def main() -> int:
    """The command; 1 where a goal is to be checked and is missed."""
    parser = argparse.ArgumentParser(description="Measure the wait engine against other systems, in simulated time.")
    parser.add_argument("--check", action="store_true", help="say which goals are reached; 1 where one is missed")
    parser.add_argument("--output", type=Path, default=IMAGES, help="where plots and figures go (%(default)s)")
    arguments = parser.parse_args()
    one_job, crowd, cases = rows.one_job(), rows.crowd(), kin.cases()
    for text in (tables.one_job(one_job), tables.crowd(crowd), tables.kin(cases)):
        print(text)
    arguments.output.mkdir(parents=True, exist_ok=True)
    drawings = {
        name: {f"jobs of {column}": points(found, column) for column in DRAWN if column in next(iter(found.values()))}
        for name, found in (("waiting_one_job", one_job), ("waiting_1000_jobs", crowd))
    }
    # Jobs of 20 s leave nothing to gain: no two polls are closer than `interval`.
    drawings["waiting_one_kind"] = {name: kin_points(cases[name]) for name in kin.ONE_KIND[2:]}
    for name, panels in drawings.items():
        (arguments.output / f"{name}.svg").write_text(plots.draw(panels), encoding="utf-8")
    figures = {
        "seed": rows.SEED,
        "draws": rows.DRAWS,
        "sigma": SIGMA,
        "sigma_of_one_kind": kin.KIND_SIGMA,
        "one_job": tables.data(one_job),
        "1000_jobs": tables.data(crowd),
        "100_jobs_of_one_kind": tables.kin_data(cases),
    }
    is_told = tell(arguments.output / "waiting.json", figures)
    if not arguments.check:
        return 0
    print()
    missed = not is_told
    print(f"{'reached' if is_told else 'MISSED '}  the documents have these figures")
    for goal in goals.check(one_job, rows.rivals(), crowd, cases):
        missed = missed or not goal.reached
        print(f"{'reached' if goal.reached else 'MISSED '}  {goal.name}{': ' if goal.detail else ''}{goal.detail}")
    return 1 if missed else 0
