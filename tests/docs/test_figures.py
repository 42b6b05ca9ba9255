# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures in the text are those that the benchmarks have written, and what the text concludes follows from them.

The benchmarks themselves fail when the files are out of date. The tables of the guide are generated from the files.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudwait.jobs.scripts.generator.figures import KINDS
from ansible_collections.cloudwait.jobs.tests.docs.examples import COLLECTION, GUIDES

OURS, PROGRESS = "cloudwait.jobs", "cloudwait.jobs, progress told"


def figures(name: str) -> Any:
    return json.loads(GUIDES.joinpath("images", f"{name}.json").read_text(encoding="utf-8"))


WAITING, ACCOUNTS = figures("waiting"), figures("accounts")
ONE_JOB, CROWD, KIN = WAITING["one_job"], WAITING["1000_jobs"], WAITING["100_jobs_of_one_kind"]
OURS_OF_CROWD = f"{OURS}, 1 id a request"


def told(cell: dict[str, float]) -> dict[str, Any]:
    """What the text says of one cell, rounded as it says it."""
    requests, delay = cell["requests_per_job"], cell["mean_delay"]
    return {
        "requests": f"{requests:.0f}" if requests >= 9.95 else f"{requests:.1f}",
        "refused": f"{cell['share_of_429']:.0%}".replace("%", " %"),
        "delay": f"{delay:.0f}" if delay >= 9.95 else f"{delay:.1f}",
        "minutes": f"{delay / 60:.0f}",
    }


FIVE, HOUR = (told(CROWD["fixed 10 s"][column]) for column in ("5 min", "1 h"))
MY_FIVE, MY_HOUR = (told(CROWD[OURS_OF_CROWD][column]) for column in ("5 min", "1 h"))
TURNS = told(CROWD["fixed 10 s, one job after the other"]["5 min"])
ONE, MY_ONE = (told(ONE_JOB[name]["5 min"]) for name in ("fixed 10 s", OURS))
FAST, MINE, SHOWN = (told(ONE_JOB[name]["1 h"]) for name in ("fixed 5 s", OURS, PROGRESS))
EACH_10, ALL_10, EACH_50, ALL_50 = (
    told(ACCOUNTS[f"{machines} machines, budget of {whose}"]["1,000 jobs"])
    for machines in (10, 50)
    for whose in ("each", "all")
)
RATIOS = {"least": min(KIN[case]["ratio"] for case in KINDS), "most": max(KIN[case]["ratio"] for case in KINDS)}
ENGLISH, CHINESE = "README.md", "README.zh-CN.md"
GUIDE, GUIDE_ZH = "docs/docsite/rst/guide_waiting.rst", "docs/docsite/rst/guide_waiting_zh.rst"
# What a document says, and the figures in it.
CLAIMS: list[tuple[str, str, dict[str, Any]]] = [
    (ENGLISH, "| {requests} requests per job, of which {refused} are refused; an end is noticed after {delay} s", FIVE),
    (ENGLISH, "| {requests} requests per job, none refused; an end is noticed after {delay} s |", MY_FIVE),
    (ENGLISH, "| {requests} requests per job, {refused} refused; {delay} s |", HOUR),
    (ENGLISH, "| {requests} requests per job, none refused; {delay} s |", MY_HOUR),
    (ENGLISH, "| {requests} requests per job, none refused; {minutes} minutes |", TURNS),
    (ENGLISH, "| {requests} requests; an end is noticed after {delay} s |", ONE),
    (ENGLISH, "| {requests} requests; {delay} s |", MY_ONE),
    (CHINESE, "| 每个作业 {requests} 次请求，其中 {refused} 被拒绝；平均 {delay} 秒后才发现作业结束 |", FIVE),
    (CHINESE, "| 每个作业 {requests} 次请求，无一被拒绝；平均 {delay} 秒后发现 |", MY_FIVE),
    (CHINESE, "| 每个作业 {requests} 次请求，{refused} 被拒绝；{delay} 秒 |", HOUR),
    (CHINESE, "| 每个作业 {requests} 次请求，无一被拒绝；{delay} 秒 |", MY_HOUR),
    (CHINESE, "| 每个作业 {requests} 次请求，无一被拒绝；{minutes} 分钟 |", TURNS),
    (CHINESE, "| {requests} 次请求；{delay} 秒后发现作业结束 |", ONE),
    (CHINESE, "| {requests} 次请求；{delay} 秒 |", MY_ONE),
    (
        GUIDE,
        "ten machines have {refused} of their requests refused for 1,000 jobs, and notice an end after {delay} s",
        EACH_10,
    ),
    (GUIDE, "with one budget of all it is none, and {delay} seconds.", ALL_10),
    (GUIDE, "With fifty machines it is {refused} and {delay} seconds,", EACH_50),
    (GUIDE, "against none and {delay} seconds:", ALL_50),
    (GUIDE, "polling every 5 seconds takes {requests} requests and {delay} seconds,", FAST),
    (GUIDE, "this collection {requests} requests and {delay} seconds,", MINE),
    (GUIDE, "with the progress told {requests} requests and {delay} seconds:", SHOWN),
    (GUIDE, "{refused} of the requests are refused for jobs of 5 minutes, and an end is noticed after {delay} s", FIVE),
    (GUIDE, "in the mean instead of {delay}.", MY_FIVE),
    (GUIDE, "they take only {requests} requests per job, and an end is noticed after {minutes} minutes", TURNS),
    (GUIDE, "from {least:.2f} to {most:.2f} times:", RATIOS),
    (GUIDE_ZH, "十台机器有 {refused} 的请求被拒绝，平均 {delay} 秒后才发现作业结束", EACH_10),
    (GUIDE_ZH, "共享预算时没有请求被拒绝，平均 {delay} 秒后发现。", ALL_10),
    (GUIDE_ZH, "五十台机器则是 {refused} 和 {delay} 秒，", EACH_50),
    (GUIDE_ZH, "而共享预算时为零和 {delay} 秒：", ALL_50),
    (GUIDE_ZH, "每 5 秒轮询一次需要 {requests} 次请求，{delay} 秒后发现；", FAST),
    (GUIDE_ZH, "本 collection 需要 {requests} 次请求，{delay} 秒后发现；", MINE),
    (GUIDE_ZH, "服务告知进度时需要 {requests} 次请求，{delay} 秒后发现：", SHOWN),
    (GUIDE_ZH, "5 分钟的作业有 {refused} 的请求被拒绝，平均 {delay} 秒后才发现作业结束，", FIVE),
    (GUIDE_ZH, "而本 collection 是 {delay} 秒。", MY_FIVE),
    (GUIDE_ZH, "每个作业只需要 {requests} 次请求，但平均 {minutes} 分钟后才发现作业结束：", TURNS),
    (GUIDE_ZH, "是原来的 {least:.2f} 到 {most:.2f} 倍：", RATIOS),
]


def text_of(name: str) -> str:
    """A document with its lines joined."""
    return re.sub(r"\s+", " ", Path(COLLECTION, name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "template", "measured"), CLAIMS)
def test_a_figure_is_what_was_measured(name: str, template: str, measured: dict[str, Any]) -> None:
    assert template.format(**measured) in text_of(name)


def test_nothing_is_refused_where_the_text_says_so() -> None:
    mine = [cell for name, row in CROWD.items() if name.startswith(OURS) for cell in row.values()]
    turns = list(CROWD["fixed 10 s, one job after the other"].values())
    shared = [row["1,000 jobs"] for name, row in ACCOUNTS.items() if name.endswith("budget of all")]
    assert [cell["share_of_429"] for cell in [*mine, *turns, *shared]] == [0.0] * 11
    assert ACCOUNTS["1 machine, budget of each"]["1,000 jobs"]["share_of_429"] == 0.0


def test_where_another_rule_is_better_in_both() -> None:
    found = [
        (name, column)
        for name, row in ONE_JOB.items()
        for column, cell in row.items()
        if not name.startswith(OURS)
        and all(cell[figure] <= ONE_JOB[OURS][column][figure] for figure in ("requests_per_job", "mean_delay"))
    ]
    # This is the exception that the guide names.
    assert found == [("botocore (EC2)", "20 min")]
