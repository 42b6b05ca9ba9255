# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages say where: where a job was looked up, on which host a task ran, and where its credentials came from."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.source import came_from
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Reply, offline
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence, run_task, validated

KEYS = {"access_key": "ak-of-option", "secret_key": "sk-of-option"}
PAIR = {"public_key": "pub-of-option", "private_key": "priv-of-option"}
HW = {"HW_ACCESS_KEY": "ak-of-hw", "HW_SECRET_KEY": "sk-of-hw"}
HALF = {"HW_ACCESS_KEY": "ak-of-hw"}
PASSWORD = {"username": "user", "password": "pw-of-option", "user_domain_name": "account"}
SECRETS = ("-of-option", "-of-hw", "-of-file")
NO_JOB = Reply(b'{"code": "IMG.0027", "message": "No such job."}', 404)
REFUSED = Reply(b'{"error_code": "APIGW.0301", "error_msg": "Incorrect IAM authentication information"}', 401)
REFUSED_BY_UCLOUD = Reply(b'{"RetCode": 171}')
NONE = Reply(b'{"RetCode": 0, "Jobs": [], "jobs": [], "count": 0}')
HERE = {"region": "r", "project_id": "p"}
ELSEWHERE = {"endpoint": "https://e.example", "project_id": "p"}
PROJECTS = Reply(b'{"projects": [{"id": "p-found"}]}')


def message(
    service: Service, given: dict[str, t.Any], environ: dict[str, str], *replies: Reply, key: str = "job_ids"
) -> str:
    """What a task says that waits on bastion1, where the last reply is repeated."""
    left = list(replies)
    options = validated(service, until="succeeded", not_found_grace=0, **{key: ["a"]}, **given)
    with offline(lambda _request: left.pop(0) if len(left) > 1 else left[0]) as outside:
        result = run_task(service, options, environ, host="bastion1", **outside.context()).result
    assert is_sentence(result["msg"])
    assert not [secret for secret in SECRETS if secret in json.dumps(result)]
    return str(result["msg"])


@pytest.fixture(autouse=True)
def _no_files(tmp_path: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("service", "given", "replies", "key", "said"),
    [
        # the project as it was given, or as it was found by the region
        (IMS, {**KEYS, **HERE}, [NO_JOB], "job_ids", "Job a was not found in region r, project p, at https://ims.r."),
        (IMS, {**KEYS, "region": "r"}, [PROJECTS, NO_JOB], "job_ids", "in region r, project p-found, at https://ims"),
        # an address alone
        (IMS, {**KEYS, **ELSEWHERE}, [NO_JOB], "job_ids", "was not found in project p, at https://e.example: IMG."),
        # jobs of a request
        (
            CPH,
            {**KEYS, **HERE},
            [NONE],
            "request_ids",
            "No job of request a was found in region r, project p, at https://",
        ),
        (UPHONE, {**PAIR, **HERE}, [NONE], "job_ids", "Job a was not found in region r, project p, at https://api.u"),
        (UPHONE, PAIR, [NONE], "job_ids", "Job a was not found at https://api.ucloud.cn."),
    ],
    ids=str,
)
def test_where_a_job_is_not_found(
    service: Service, given: dict[str, t.Any], replies: list[Reply], key: str, said: str
) -> None:
    assert said in message(service, given, {}, *replies, key=key)


@pytest.mark.parametrize(
    ("service", "given", "environ", "reply", "said"),
    [
        (IMS, KEYS, {}, REFUSED, "which came from option access_key and option secret_key of the task on bastion1;"),
        (IMS, {}, HW, REFUSED, "which came from HW_ACCESS_KEY and HW_SECRET_KEY in the environment of bastion1;"),
        (IMS, {"token": "token-of-option"}, {}, REFUSED, "which came from option token of the task on bastion1;"),
        (IMS, PASSWORD, {}, REFUSED, "came from option password and option username and option user_domain_name of"),
        (UPHONE, PAIR, {}, REFUSED_BY_UCLOUD, "they came from option public_key and option private_key of the task on"),
        # none
        (IMS, {}, {}, REFUSED, "There are no credentials for Huawei Cloud on bastion1, where the task runs: give"),
        (UPHONE, {}, {}, REFUSED, "There are no credentials for UCloud on bastion1, where the task runs: give"),
        # half of them
        (IMS, {}, HALF, REFUSED, "The environment variables HW_* of bastion1 name an access key without"),
    ],
    ids=str,
)
def test_where_credentials_came_from(
    service: Service, given: dict[str, t.Any], environ: dict[str, str], reply: Reply, said: str
) -> None:
    text = message(service, {"region": "r", **given}, environ, reply)
    assert said in text
    # nothing was answered, so there is nothing to go on with
    assert "unfinished" not in text


@pytest.mark.parametrize(
    ("origins", "told"),
    [
        (("A in the environment of h", "B in the environment of h"), "A and B in the environment of h"),
        (("option a",), "option a of the task on h"),
        (("key ak in ~/f on h", "key sk in ~/f on h"), "key ak and key sk in ~/f on h"),
        (
            ("ak of the profile p in ~/f on h", "sk of the profile p in ~/f on h"),
            "ak and sk of the profile p in ~/f on h",
        ),
        (("option a", "B in the environment of h"), "option a of the task on h and B in the environment of h"),
        ((), ""),
    ],
)
def test_what_stands_together_is_told_together(origins: tuple[str, ...], told: str) -> None:
    named = dict(zip("abc", origins))
    assert came_from(named, ("x", *named), "h") == told
