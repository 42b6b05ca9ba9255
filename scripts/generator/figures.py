# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: RUF001
"""The tables of what the benchmarks have measured, in both languages, beside the plots of the same figures."""

from __future__ import annotations

import functools
import typing as t

from .sources import ROOT, load

IMAGES = ROOT / "docs" / "docsite" / "rst" / "images"
# The cases of jobs of one kind that are drawn.
KINDS = ("5 min, 1 id a request", "5 min, 100 ids a request", "1 h, 1 id a request", "1 h, 100 ids a request")
WATCHED = ("ours", "without_other_jobs", "without_other_jobs_at_equal_requests")
WORDS = {
    "en": {
        "rule": "Rule",
        "machines": "Machines and budget",
        "jobs": "Jobs",
        "requests": "requests per job",
        "refused": "refused",
        "delay": "mean delay",
        "both": "The cells hold the requests per job and the mean delay in seconds.",
        "ours": "with what other jobs tell",
        "without_other_jobs": "without it",
        "without_other_jobs_at_equal_requests": "without it, at as many requests",
    },
    "zh": {
        "rule": "规则",
        "machines": "机器与预算",
        "jobs": "作业",
        "requests": "每个作业的请求数",
        "refused": "被拒绝",
        "delay": "平均延迟",
        "both": "每格依次是每个作业的请求数和平均延迟（秒）。",
        "ours": "参考其他作业",
        "without_other_jobs": "不参考",
        "without_other_jobs_at_equal_requests": "不参考，但请求数相同",
    },
}
# Names that are no proper names, in Chinese; longer ones first.
CHINESE = {
    "fixed 10 s, one job after the other": "固定 10 秒，逐个作业等待",
    "fixed ": "固定 ",
    "a tenth of the elapsed time (1.0.0)": "已用时间的十分之一（1.0.0）",
    ", progress told": "，服务告知进度",
    ", max_interval ": "，max_interval ",
    ", 1 id a request": "，每次请求 1 个 ID",
    ", 25 ids a request": "，每次请求 25 个 ID",
    ", 100 ids a request": "，每次请求 100 个 ID",
    "1 machine, ": "1 台机器，",
    "10 machines, ": "10 台机器，",
    "50 machines, ": "50 台机器，",
    "budget of each": "各自的预算",
    "budget of all": "共享的预算",
    "1,000 jobs": "1,000 个作业",
    "10,000 jobs": "10,000 个作业",
    "20 min": "20 分钟",
    "5 min": "5 分钟",
    "1 min": "1 分钟",
    "20 s": "20 秒",
    "10 s": "10 秒",
    "30 s": "30 秒",
    "5 s": "5 秒",
    "1 h": "1 小时",
}

Figures = t.Mapping[str, t.Any]


@functools.cache
def figures(name: str) -> dict[str, t.Any]:
    """Return what a benchmark has written."""
    return load(IMAGES / f"{name}.json")


def parts() -> dict[str, dict[str, str]]:
    """Return the tables, by document and by the name in their markers."""
    return {
        f"docs/docsite/rst/guide_waiting{ending}.rst": {
            "one_account": accounts(language),
            "one_job": one_job(language),
            "1000_jobs": crowd(language),
            "one_kind": one_kind(language),
        }
        for language, ending in (("en", ""), ("zh", "_zh"))
    }


def one_job(language: str) -> str:
    """Return the table of one job in each wait."""
    rows = figures("waiting")["one_job"]
    words, columns = WORDS[language], list(next(iter(rows.values())))
    head = [words["rule"], *(_name(column, language) for column in columns)]
    body = [[_name(name, language), *(_pair(row[column]) for column in columns)] for name, row in rows.items()]
    return table(head, body, f"{words['both']}\n")


def crowd(language: str) -> str:
    """Return the table of a thousand jobs on one account."""
    return _with_refused(figures("waiting")["1000_jobs"], WORDS[language]["rule"], language)


def accounts(language: str) -> str:
    """Return the table of one account on several machines."""
    return _with_refused(figures("accounts"), WORDS[language]["machines"], language)


def _with_refused(rows: Figures, first: str, language: str) -> str:
    words, columns = WORDS[language], list(next(iter(rows.values())))
    told = ("requests", "refused", "delay")
    comma = "，" if language == "zh" else ": "
    head = [first, *(f"{_name(column, language)}{comma}{words[each]}" for column in columns for each in told)]
    body = [
        [_name(name, language), *(cell for column in columns for cell in _three(row[column], language))]
        for name, row in rows.items()
    ]
    return table(head, body)


def one_kind(language: str) -> str:
    """Return the table of a hundred jobs of one kind."""
    cases, words = figures("waiting")["100_jobs_of_one_kind"], WORDS[language]
    head = [words["jobs"], *(words[name] for name in WATCHED)]
    body = [[_name(case, language), *(_pair(cases[case][name]) for name in WATCHED)] for case in KINDS]
    return table(head, body, f"{words['both']}\n")


def table(head: t.Sequence[str], body: t.Sequence[t.Sequence[str]], before: str = "") -> str:
    """Return a table as reStructuredText."""
    rows = "".join(
        "".join(f"   {' ' if place else '*'} - {cell}\n" for place, cell in enumerate(row)) for row in [head, *body]
    )
    return f"\n{before}{before and chr(10)}.. list-table::\n   :header-rows: 1\n\n{rows}\n"


def number(value: float) -> str:
    """Return a figure with two digits, or with all before the point."""
    return f"{value:,.0f}" if value >= 9.95 else f"{value:.1f}"


def _pair(cell: Figures) -> str:
    return f"{number(cell['requests_per_job'])} / {number(cell['mean_delay'])}"


def _three(cell: Figures, language: str) -> tuple[str, str, str]:
    unit = "秒" if language == "zh" else "s"
    return (
        number(cell["requests_per_job"]),
        f"{cell['share_of_429']:.0%}".replace("%", " %"),
        f"{number(cell['mean_delay'])} {unit}",
    )


def _name(name: str, language: str) -> str:
    if language == "zh":
        for english, chinese in CHINESE.items():
            name = name.replace(english, chinese)
    return name
