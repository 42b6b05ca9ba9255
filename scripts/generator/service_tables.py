# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of all services: in README.md and README.zh-CN.md, and in the guide."""

from __future__ import annotations

import typing as t

from .service_pages import LABEL
from .sources import Described


class Words(t.NamedTuple):
    """The words of a language. `periods` has those for how long jobs are kept, by the declaration's."""

    headings: t.Sequence[str]
    limit: str
    regional: str
    global_: str
    comma: str
    undocumented: str
    periods: t.Mapping[str, str]


ENGLISH = Words(
    headings=("Jobs", "Ids in the answer", "Requests a second", "Kept for", "Regions and clouds"),
    limit="{} ({:,} a minute)",
    regional="by region",
    global_="one address",
    comma=", ",
    undocumented="not documented",
    periods={},
)
CHINESE = Words(
    headings=("作业", "响应中的作业 ID", "每秒请求数", "保留时间", "区域与云"),
    limit="{}（每分钟 {:,} 次）",
    regional="按区域",
    global_="统一地址",
    comma="，",
    undocumented="文档未说明",
    periods={"a month": "一个月", "30 days": "30 天", "a day": "一天", "perhaps a day": "可能只有一天"},
)


def readme_table(all_described: t.Sequence[Described], is_chinese: bool = False) -> str:
    """Return the table of all services for one of the two READMEs."""
    words = CHINESE if is_chinese else ENGLISH
    headings = ["模块" if is_chinese else "Module", *words.headings]
    rows = []
    for each in all_described:
        jobs = each.text["zh"] if is_chinese else f"{each.text['name']}, {each.text['jobs']}"
        module = f"[`{each.module}`](docs/docsite/rst/service_{each.provider}.rst)"
        rows.append([module, jobs, *_cells(each, words, "`{}`")])
    lines = [f"| {' | '.join(row)} |\n" for row in [headings, *rows]]
    return "".join([lines[0], "|---" * len(headings) + "|\n", *lines[1:]])


def guide_table(all_described: t.Sequence[Described]) -> str:
    """Return the table of all services for the guide."""
    rows = [["Service and module", *ENGLISH.headings]]
    for each in all_described:
        page = f":ref:`{each.text['name']} <{LABEL}.service_{each.provider}>`"
        service = f"{page}, :ansplugin:`cloudwait.jobs.{each.module}#module`"
        rows.append([service, each.text["jobs"], *_cells(each, ENGLISH, "``{}``")])
    head = ".. list-table::\n   :header-rows: 1\n   :widths: 26 20 24 10 10 10\n\n"
    return head + "".join("   * - " + "\n     - ".join(row) + "\n" for row in rows)


def _cells(described: Described, words: Words, code: str) -> list[str]:
    """Return what the table says of a service beside its name and its jobs; `code` frames what a program reads."""
    service, rate = described.service, f"{described.spec['max_rate']['default']:g}"
    retention = words.periods.get(service.retention, service.retention)
    field = described.text.get("field")
    places = [f"job_ids(field='{field}')"] if field else described.text["ids"]
    where = [words.regional if described.is_regional else words.global_, *described.text.get("clouds", ())]
    return [
        ", ".join(code.format(place) for place in places),
        words.limit.format(rate, round(60 * service.max_rate)) if service.max_rate else rate,
        retention or words.undocumented,
        words.comma.join(where),
    ]
