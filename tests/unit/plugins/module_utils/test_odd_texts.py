# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that no request, no path or no line can hold: refused by name, before anything is sent."""

from __future__ import annotations

import typing as t
from urllib.parse import unquote, urlsplit

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import Outcome
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import TargetKind
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import CloudwaitError, InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import ErrorDetail, Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.text import single_line
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.messages import sentence
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.result import GroupResult
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Reply, run
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence, run_task, validated
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.simulated import World, job, wait_in

TOKEN = {"token": "token", "project_id": "p"}
KEYS = {"public_key": "public", "private_key": "private"}
# A byte that is not UTF-8, as Python reads it from the environment.
BYTE = "a\udcffb"


@pytest.mark.parametrize(
    ("service", "given", "environ", "named"),
    [
        # options
        (UPHONE, {**KEYS, "city_id": BYTE}, {}, "city_id"),
        (UPHONE, {**KEYS, "job_ids": None, "job_types": ["x", BYTE]}, {}, "job_types"),
        (UPHONE, {**KEYS, "profile": BYTE}, {}, "profile"),
        (UPHONE, {**KEYS, "private_key": BYTE}, {}, "private_key"),
        (IMS, {**TOKEN, "token": BYTE}, {}, "token"),
        (IMS, {**TOKEN, "project_id": BYTE}, {}, "project_id"),
        (CPH, {**TOKEN, "project_id": None, "project_name": BYTE}, {}, "project_name"),
        # the environment
        (UPHONE, {}, {"UCLOUD_PUBLIC_KEY": "public", "UCLOUD_PRIVATE_KEY": BYTE}, "private_key"),
        (UPHONE, KEYS, {"UCLOUD_PROJECT_ID": BYTE}, "project_id"),
        (CPH, {"project_id": "p"}, {"HW_ACCESS_KEY": "access", "HW_SECRET_KEY": BYTE}, "secret_key"),
        (CPH, {"token": "token"}, {"HW_REGION_NAME": BYTE}, "region"),
        # the profile is quoted in the sentence
        (UPHONE, {}, {"UCLOUD_PROFILE": BYTE}, "profile a\\udcffb"),
        (UPHONE, {"profile": "two\nlines"}, {}, "profile two lines"),
        # no path of a file
        (IMS, {**TOKEN, "ca_path": "a\0b"}, {}, "ca_path"),
        # a whole file
        (IMS, {**TOKEN, "token": "t" * 16_385}, {}, "token is longer than 16 KiB"),
        (CPH, {"project_id": "p"}, {"HW_ACCESS_KEY": "access", "HW_SECRET_KEY": "s" * 16_385}, "is longer than 16 KiB"),
        (UPHONE, {**KEYS, "security_token": "s" * 16_385}, {}, "security_token is longer than 16 KiB"),
        # a step upwards in the path of every request
        (IMS, {**TOKEN, "endpoint": "https://127.0.0.1:1/a/../.."}, {}, "endpoint has . or .. in the path"),
        (IMS, {**TOKEN, "auth_url": "https://127.0.0.1:1/a/%2e%2e/v3"}, {}, "auth_url has . or .. in the path"),
        (
            IMS,
            {"region": "cn-north-4"},
            {"HW_AUTH_TOKEN": "t", "HW_AUTH_URL": "https://127.0.0.1:1/../v3"},
            "auth_url has . or .. in the path",
        ),
        (IMS, {**TOKEN, "project_id": ".."}, {}, "project"),
        (IMS, {**TOKEN, "project_id": "."}, {}, "project"),
        (CPH, {"token": "token"}, {"HW_PROJECT_ID": ".."}, "project"),
    ],
)
def test_refused(
    service: Service,
    given: dict[str, t.Any],
    environ: dict[str, str],
    named: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: t.Any,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    given = {"job_ids": ["a"], "endpoint": "https://127.0.0.1:1", **given}
    options = validated(service, **{name: value for name, value in given.items() if value is not None})
    result = run_task(service, options, environ).result
    assert (result["failed"], result["failure"]["kind"], result["requests"]) == (True, "invalid", 0)
    assert named in result["failure"]["message"]
    assert is_sentence(result["failure"]["message"])


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("One line.", "One line."),
        ("Two\r\nlines.", "Two lines."),
        ("Red \x1b[31mletters\x9b.", "Red [31mletters ."),
        ("A\u2028separator\x85.", "A separator ."),
        ("Not \u202ereverse\u202c\u2066d.", "Not reverse d."),
        ("Half a \ud83d.", "Half a \\ud83d."),
        ("Ünïcödé \U0001f600.", "Ünïcödé \U0001f600."),
    ],
)
def test_an_error_is_one_line(message: str, line: str) -> None:
    for error in (CloudwaitError(message), InvalidError(message)):
        assert (str(error), error.as_failure().message) == (line, line)


def told(outcome: Outcome) -> str:
    return sentence(GroupResult("sim", [], ["succeeded"], 5, outcome))


@pytest.mark.parametrize(
    ("job_id", "name"),
    [
        # a listing takes what the service calls its jobs
        ("two\nlines", "two lines"),
        ("\x1b[2Jclean", "[2Jclean"),
        ("a\u2028b", "a b"),
        ("x" * 5000, "x" * 199 + "…"),
    ],
)
def test_what_a_service_calls_its_jobs_stays_on_the_line(job_id: str, name: str) -> None:
    outcome = wait_in(
        World({"": [(0, [job(job_id, "unknown")])], job_id: [(0, job(job_id, "unknown"))]}),
        [""],
        kind=TargetKind.LISTING,
        timeout=5,
    )
    assert f"; in an unknown state: {name}. " in told(outcome)
    assert outcome.warnings[0].startswith(f"Job {single_line(name, 100)} reports the status 'RAW'")


def test_a_request_stays_on_the_line() -> None:
    gone = Job(None, "sim", State.NOT_FOUND, error=ErrorDetail("X.1", "No such request."))
    outcome = wait_in(World({"r" * 5000: [(0, gone)]}), ["r" * 5000], kind=TargetKind.REQUESTS, not_found_grace=0)
    assert len(told(outcome)) < 500


@pytest.mark.parametrize("project", ["a/b", "../x", "a?b#c", "%2F", "a;b=c"])
def test_a_project_is_one_segment_of_the_path(project: str) -> None:
    options = validated(IMS, job_ids="a", endpoint="https://cloud.example/base", token="token", project_id=project)
    finished = run(IMS, options, lambda _request: Reply(b"{}"))
    paths = {urlsplit(str(exchange.request.url)).path for exchange in finished.exchanges}
    assert {unquote(path) for path in paths} <= {f"/base/v1/{project}/jobs/a"}
    assert all(path.count("/") == 5 for path in paths)
