# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be told of a task."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.redact import MASK
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.secrecy import (
    HIDDEN,
    secrets_in,
    told,
    told_options,
    told_text,
)
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Reply, run
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import validated

SECRET = "token-of-the-user"
RESULT = {
    "changed": False,
    "msg": "The service does not know every job: a is unknown.",
    "jobs": [{"job_id": "a", "state": "not_found", "finished": False, "progress": 1, "raw": {"e": "succeeded"}}],
    "summary": {"total": 1, "succeeded": 0, "not_found": 1},
    "failure": {"kind": "not_found", "code": None, "message": "The service does not know the job."},
}


@pytest.mark.parametrize(
    "secret", ["know", "e", "1", "a", "not_found", "unknown", "succeeded", "service", "summary", "failure", "changed"]
)
def test_the_words_of_the_collection_stay(secret: str) -> None:
    assert told(RESULT, {secret}) == RESULT
    assert told_text("0:35  cph: 3 of 12 running, not known", {secret}) == "0:35  cph: 3 of 12 running, not known"


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({"msg": f"It is {SECRET}."}, {"msg": f"It is {MASK}."}),
        ({"failure": {"message": SECRET[:-1] + "."}}, {"failure": {"message": f"{MASK}."}}),
        ({"jobs": [{"job_id": SECRET}]}, {"jobs": [{"job_id": MASK}]}),
        pytest.param({"msg": "a\x1b[31m\n b\u202ec."}, {"msg": "a [31m b c."}, id="a message on one line"),
        pytest.param(
            {"raw": {"__ansible_type": 1, "ansible_type": {"__ansible_unsafe": [{"__ansible_vault": "x"}]}}},
            {"raw": {"ansible_type_": 1, "ansible_type": {"ansible_unsafe": [{"ansible_vault": "x"}]}}},
            id="keys of Ansible's own",
        ),
    ],
)
def test_told(result: dict[str, t.Any], expected: dict[str, t.Any]) -> None:
    assert told(result, {SECRET}) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            {"token": SECRET, "region": "eu-de", "password": None},
            {"token": HIDDEN, "region": "eu-de", "password": None},
        ),
        pytest.param(
            {"token": "e", "region": "e"}, {"token": HIDDEN, "region": "e"}, id="a short one is known by its name"
        ),
        ({"region": SECRET, "cloud": f"x {SECRET}"}, {"region": HIDDEN, "cloud": f"x {MASK}"}),
        ({"jobs": [{"options": {"private_key": ["a"]}}]}, {"jobs": [{"options": {"private_key": HIDDEN}}]}),
        pytest.param({"all": "token=e region=x"}, {"all": f"token={MASK} region=x"}, id="a text that is a dictionary"),
        ({"until": ["succeeded"], "timeout": 30}, {"until": ["succeeded"], "timeout": 30}),
    ],
)
def test_options(options: t.Any, expected: t.Any) -> None:
    assert told_options(options, {SECRET, "e", "succeeded"}) == expected


@pytest.mark.parametrize(
    ("options", "secrets"),
    [
        ([[{"provider": "none", "token": "a"}], {}], {"a"}),
        ({"all": "token=a access_key=b region=c"}, {"a", "b"}),
        ({"all": "token", "x": 5, "y": None, "huaweicloud": "region='a", "ucloud": "{token=a"}, set()),
        ([{"options": {"secret_key": {"in": ["b", 7]}, "password": True, "token": ""}}], {"in", "b", "7"}),
    ],
)
def test_secrets_in_options(options: t.Any, secrets: set[str]) -> None:
    assert secrets_in(options) == secrets


@pytest.mark.parametrize("token", ["know", "e", "RUNNING", "status", "job-1", "Failed", "1"])
@pytest.mark.parametrize("until", [{}, {"until": ["succeeded"]}])
def test_a_token_that_is_a_word_changes_no_result(token: str, until: dict[str, t.Any]) -> None:
    """Neither of what the service says, nor of what is made of it."""
    sample = {"job_id": "job-1", "status": "FAIL", "job_type": "know-how", "progress": "", "failed_code": "DWS.0001"}

    def result_with(given: str) -> dict[str, t.Any]:
        options = validated(
            DWS,
            endpoint="https://cloud.example",
            project_id="p",
            token=given,
            job_ids=["job-1"],
            **until,
            timeout=10,
        )
        finished = run(DWS, options, lambda _request: Reply(json.dumps(sample).encode()))
        return told(finished.result, finished.secrets)

    usual = result_with(SECRET)
    one = result_with(token)
    for key in ("summary", "unfinished", "timed_out", "polls", "requests", "changed"):
        assert one[key] == usual[key]
    for key in ("job_id", "state", "finished", "provider"):
        assert one["jobs"][0][key] == usual["jobs"][0][key]
