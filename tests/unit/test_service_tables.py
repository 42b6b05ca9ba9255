# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of all services hold: what they say of ids, pace, time and place is so, in both languages."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.filter.job_ids import job_ids
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.names import PROVIDERS
from ansible_collections.cloudwait.jobs.scripts.generator import service_tables
from ansible_collections.cloudwait.jobs.scripts.generator.sources import all_described, described
from ansible_collections.cloudwait.jobs.tests.services import FACTS
from ansible_collections.cloudwait.jobs.tests.services.facts import write_at

PLACES = [(provider, place) for provider in PROVIDERS for place in described(provider).text["ids"]]


@pytest.mark.parametrize(("provider", "place"), PLACES)
def test_ids_are_taken_from_every_place(provider: str, place: str) -> None:
    answer: dict[str, t.Any] = {"RetCode": 0} if FACTS[provider].is_ucloud else {"error_code": None}
    write_at(answer, place, "job-1")
    assert job_ids(answer, field=described(provider).text.get("field")) == ["job-1"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_is_inferred_is_a_status(provider: str) -> None:
    each = described(provider)
    assert set(map(str, each.text.get("inferred", ()))) <= set(map(str, each.service.mapping.states))


def rows(is_chinese: bool) -> dict[str, list[str]]:
    """The cells of each provider's row in a README, without the module."""
    table = service_tables.readme_table(all_described(), is_chinese)
    found = re.findall(r"^\| \[`(\w+)_job_info`\]\(docs/docsite/rst/service_\1\.rst\) \| (.+) \|$", table, re.MULTILINE)
    return {provider: cells.split(" | ") for provider, cells in found}


@pytest.mark.parametrize(
    ("provider", "english", "chinese"),
    [
        # the default pace, nothing documented, an address in each region
        (
            "evs",
            ["Huawei Cloud EVS, disks and snapshots", "`job_id`", "10", "not documented", "by region"],
            ["华为云 EVS（云硬盘）", "`job_id`", "10", "文档未说明", "按区域"],
        ),
        # a documented limit below the default, and a sister cloud
        (
            "rds",
            [
                "Huawei Cloud RDS, relational databases",
                "`job_id`, `jobId`, `workflowId`, `workflow_id`",
                "1 (60 a minute)",
                "a month",
                "by region, T Cloud Public",
            ],
            [
                "华为云 RDS（关系型数据库）",
                "`job_id`, `jobId`, `workflowId`, `workflow_id`",
                "1（每分钟 60 次）",
                "一个月",
                "按区域，T Cloud Public",
            ],
        ),
        # one above it
        (
            "bms",
            [
                "Huawei Cloud BMS, bare metal servers",
                "`job_id`, `jobId`",
                "10 (2,000 a minute)",
                "not documented",
                "by region",
            ],
            ["华为云 BMS（裸金属服务器）", "`job_id`, `jobId`", "10（每分钟 2,000 次）", "文档未说明", "按区域"],
        ),
        # ids that have to be named
        (
            "kps",
            ["Huawei Cloud KPS, key pairs", "`job_ids(field='task_id')`", "10", "not documented", "by region"],
            ["华为云 KPS（密钥对管理服务）", "`job_ids(field='task_id')`", "10", "文档未说明", "按区域"],
        ),
        # one address, without and with a placeholder in it
        (
            "udts",
            ["UCloud UDTS, data transmission", "`Data.TaskId`, `TaskID`", "10", "not documented", "one address"],
            ["UCloud UDTS（数据传输）", "`Data.TaskId`, `TaskID`", "10", "文档未说明", "统一地址"],
        ),
        (
            "geip",
            [
                "Huawei Cloud GEIP, global Elastic IPs",
                "`job_id`, `global_eips[].job_id`",
                "10",
                "not documented",
                "one address",
            ],
            ["华为云 GEIP（全域弹性公网 IP）", "`job_id`, `global_eips[].job_id`", "10", "文档未说明", "统一地址"],
        ),
    ],
)
def test_a_row(provider: str, english: list[str], chinese: list[str]) -> None:
    assert rows(is_chinese=False)[provider] == english
    assert rows(is_chinese=True)[provider] == chinese


@pytest.mark.parametrize("is_chinese", [False, True])
def test_every_service_has_a_row(is_chinese: bool) -> None:
    found = rows(is_chinese)
    assert sorted(found) == sorted(PROVIDERS)
    assert {len(cells) for cells in found.values()} == {5}


def test_every_time_has_chinese_words() -> None:
    retentions = {described(provider).service.retention for provider in PROVIDERS} - {""}
    assert retentions == set(service_tables.CHINESE.periods)
