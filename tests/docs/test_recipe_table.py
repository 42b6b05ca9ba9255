# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each row of the table of recipes is a declaration that waits: for every status, and for an unknown id."""

from __future__ import annotations

import json
import re
import typing as t
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import requests
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import module_of
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.providers import provider_of
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext
from ansible_collections.cloudwait.jobs.tests.docs.examples import GUIDES
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Reply, offline
from ansible_collections.cloudwait.jobs.tests.services.facts import write_at

TABLE = GUIDES.joinpath("guide_recipes.rst").read_text(encoding="utf-8").partition("* - Work\n")[2].partition("\n\n")[0]
ROWS = [re.findall(r"^\s+(?:\* )?- (.+)$", row, re.MULTILINE) for row in re.split(r"\n(?=\s+\* - )", TABLE)[1:]]
LOGIN = {
    "huaweicloud": {"token": "token-of-the-user", "project_id": "p", "region": "cn-north-4"},
    "ucloud": {"public_key": "public-key-of-the-user", "private_key": "private-key-of-the-user"},
}


class Recipe(t.NamedTuple):
    """A row: what its work is called, the options of the task, and the states by status."""

    work: str
    cloud: str
    options: dict[str, t.Any]
    states: dict[str, str]


def recipe(work: str, request: str, places: str, states: str) -> Recipe:
    """The declaration that a row stands for."""
    named = dict(re.findall(r"(\w+(?: \w+)?) ``([^`]+)``", f"{request}, {places}"))
    codes = re.findall(r"``([^`]+)``", places.partition("not found ")[2])
    values = {state: each.split(", ") for state, each in re.findall(r":ansval:`(\w+)`: ([^;]+)", states)}
    shape = {"status": named["status"], "states": values, **({"id": named["id"]} if "id" in named else {})}
    options: dict[str, t.Any] = {"shape": shape, "job_ids": ["7"], **({"not_found_codes": codes} if codes else {})}
    if "action" in named:
        options.update(action=named["action"], ids=named["ids"], params=yaml.safe_load(named["params"]))
    else:
        options["service"], options["path"] = re.findall(r"``([^`]+)``", request)[:2]
        if "query" in named:
            options["query"] = yaml.safe_load(named["query"])
    by_status = {status: state for state, each in values.items() for status in each}
    return Recipe(work, "ucloud" if "action" in named else "huaweicloud", options, by_status)


RECIPES = [recipe(*row) for row in ROWS]
STATUSES = [(each, status) for each in RECIPES for status in each.states]


def run(recipe: Recipe, answer: t.Mapping[str, t.Any], code: int = 200) -> tuple[dict[str, t.Any], list[str]]:
    """The result of one poll, and the URLs and bodies that were sent."""
    sent: list[str] = []

    def server(request: requests.PreparedRequest) -> Reply:
        body = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
        sent.append(unquote(f"{request.url}?{body}" if body else str(request.url)))
        return Reply(json.dumps(answer).encode(), code)

    module = module_of(provider_of(recipe.cloud))
    validated = ArgumentSpecValidator(**module.spec).validate({**LOGIN[recipe.cloud], **recipe.options})
    assert not validated.error_messages, validated.error_messages
    with offline(server) as outside:
        task = module.run(validated.validated_parameters, TaskContext(False, {}, set(), **outside.context()))
    return task.result, sent


def test_every_row_is_read() -> None:
    assert len(RECIPES) == TABLE.count("   * - ") > 10
    assert {each.cloud for each in RECIPES} == {"huaweicloud", "ucloud"}
    assert all(len(each.states) >= 3 for each in RECIPES)


@pytest.mark.parametrize(("recipe", "status"), STATUSES, ids=lambda value: getattr(value, "work", value))
def test_a_status(recipe: Recipe, status: str) -> None:
    shape = recipe.options["shape"]
    answer: dict[str, t.Any] = {"RetCode": 0} if recipe.cloud == "ucloud" else {}
    write_at(answer, shape["status"], int(status) if status.isdigit() else status)
    if "id" in shape:
        write_at(answer, shape["id"], "7")
    result, sent = run(recipe, answer)
    assert result["jobs"][0]["state"] == recipe.states[status], result["msg"]
    assert len(sent) == 1
    if recipe.cloud == "huaweicloud":
        parts = urlsplit(sent[0])
        assert parts.netloc == f"{recipe.options['service']}.cn-north-4.myhuaweicloud.com"
        assert parts.path == recipe.options["path"].format(project_id="p", job_id="7")
        assert parse_qs(parts.query) == ({"job_id": ["7"]} if "query" in recipe.options else {})
    else:
        assert {"BackupId": ["7"], "Zone": ["cn-bj2-02"]}.items() <= parse_qs(urlsplit(sent[0]).query).items()


NOT_FOUND = [(each, code) for each in RECIPES for code in each.options.get("not_found_codes", ())]


@pytest.mark.parametrize(("recipe", "code"), NOT_FOUND, ids=lambda value: getattr(value, "work", value))
def test_an_unknown_id(recipe: Recipe, code: str) -> None:
    result, _sent = run(recipe, {"error_code": code, "error_msg": "There is none."}, 400)
    assert result["jobs"][0]["state"] == "not_found"
