# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module does around a wait: check mode, an interrupt, and what Ansible is told."""

from __future__ import annotations

import json
import signal
import sys
import typing as t

import pytest
import requests
from ansible.module_utils import basic
from ansible.module_utils.common.parameters import remove_values
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud import cloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import PollUpdate
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.task import module
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import job_info
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import Interrupted
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Reply, offline, run
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence, run_task, validated

GIVEN = {"endpoint": "https://cloud.example", "token": "token", "project_id": "p", "job_ids": ["a", "b"]}


def running(request: requests.PreparedRequest) -> Reply:
    """A job that never ends."""
    job_id = str(request.url).rpartition("/")[2]
    return Reply(json.dumps({"job_id": job_id, "status": "RUNNING"}).encode())


def test_check_mode_looks_once_and_does_not_fail() -> None:
    options = validated(IMS, until="succeeded", delay=50, **GIVEN)
    finished = run(IMS, options, running, check_mode=True)
    assert (finished.result["polls"], finished.result["timed_out"], finished.seconds < 1) == (2, False, True)
    assert "failed" not in finished.result


def test_without_check_mode_it_waits() -> None:
    options = validated(IMS, until="succeeded", timeout=50, **GIVEN)
    finished = run(IMS, options, running)
    assert (finished.result["failure"]["kind"], finished.result["elapsed"]) == ("timeout", pytest.approx(50, abs=1))
    assert finished.result["unfinished"] == ["a", "b"]


@pytest.mark.parametrize("interrupt", [Interrupted, KeyboardInterrupt])
def test_an_interrupt_keeps_what_is_known(interrupt: type[BaseException]) -> None:
    def observer(updates: t.Sequence[PollUpdate]) -> float:
        if updates[0].elapsed > 20:
            raise interrupt
        return 1.0

    options = validated(IMS, until="succeeded", **GIVEN)
    with offline(running) as outside:
        ended = run_task(IMS, options, observe=lambda _names: observer, **outside.context())
    assert ended.interrupted
    assert [job["state"] for job in ended.result["jobs"]] == ["running", "running"]
    assert (ended.result["failure"]["kind"], ended.result["unfinished"]) == ("timeout", ["a", "b"])
    assert "Interrupted after 2" in ended.result["msg"]


class Done(BaseException):
    """The module has ended; `args` are its result and whether it failed."""


class Module:
    """In place of AnsibleModule: masks as that does."""

    tmpdir = "/nowhere"
    _keep_remote_files = True
    _verbosity = 0

    def __init__(self, params: dict[str, t.Any]) -> None:
        self.params = params
        self.check_mode = False
        self.no_log_values: set[str] = set()
        self.warnings: list[str] = []

    def warn(self, warning: str) -> None:
        self.warnings.append(warning)

    def exit_json(self, **result: t.Any) -> None:
        raise Done(remove_values(result, self.no_log_values), False)

    def fail_json(self, **result: t.Any) -> None:
        raise Done(remove_values(result, self.no_log_values), True)


def ends(params: dict[str, t.Any], reply: Reply, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, t.Any], bool]:
    """The result of CPH's module, and whether it failed."""
    monkeypatch.setattr(module, "AnsibleModule", lambda **_spec: Module(params))
    monkeypatch.setattr(signal, "signal", lambda *_handler: None)
    with offline(lambda _request: reply, users=[module]), pytest.raises(Done) as caught:
        module.main(job_info(CPH, cloud))
    return t.cast("tuple[dict[str, t.Any], bool]", caught.value.args)


def test_the_module_masks_secrets_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that is never sent, and so is not looked for in an answer."""
    monkeypatch.setenv("HW_ACCESS_KEY", "access-of-environment")
    monkeypatch.setenv("HW_SECRET_KEY", "secret-of-environment")
    params = validated(CPH, endpoint="https://cloud.example", project_id="p", job_ids="a")
    reply = Reply(json.dumps({"job_id": "a", "status": 1, "execute_msg": "the secret-of-environment leaks"}).encode())
    result, failed = ends(params, reply, monkeypatch)
    assert (failed, result["jobs"][0]["state"], result["changed"]) == (False, "running", False)
    assert "secret-of-environment" not in json.dumps(result)


def test_nor_does_it_tell_one_that_stands_in_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as an id, in whose place somebody has put it."""
    monkeypatch.setenv("HW_ACCESS_KEY", "access-of-environment")
    monkeypatch.setenv("HW_SECRET_KEY", "secret-of-environment")
    params = validated(CPH, endpoint="https://cloud.example", project_id="p", job_ids="secret-of-environment")
    reply = Reply(json.dumps({"job_id": "secret-of-environment", "status": 1}).encode())
    result, failed = ends(params, reply, monkeypatch)
    assert (failed, result["jobs"][0]["state"], result["summary"]["running"]) == (False, "running", 1)
    assert "secret-of-environment" not in json.dumps(result)


def test_the_module_fails_with_the_whole_result(monkeypatch: pytest.MonkeyPatch) -> None:
    params = validated(CPH, until="succeeded", **{**GIVEN, "job_ids": ["a"]})
    reply = Reply(b'{"job_id": "a", "status": -1, "error_code": "CPS.0005", "error_msg": "It broke."}')
    result, failed = ends(params, reply, monkeypatch)
    assert (failed, result["failure"]["kind"], result["jobs"][0]["state"]) == (True, "job_failed", "failed")


def test_without_requests_the_result_has_its_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HAS_REQUESTS", False)
    result, failed = ends(validated(CPH, until="succeeded", **GIVEN), Reply(b""), monkeypatch)
    assert (failed, result["failure"]["kind"], result["unfinished"], result["jobs"]) == (
        True,
        "invalid",
        ["a", "b"],
        [],
    )
    assert f'`{sys.executable} -m pip install "requests>=' in result["msg"]
    assert is_sentence(result["msg"])


class TestEnds:
    """How the module's own AnsibleModule ends: with a result in which Ansible has nothing to mask."""

    @pytest.fixture
    def ended(self, monkeypatch: pytest.MonkeyPatch) -> t.Callable[..., tuple[dict[str, t.Any], set[str]]]:
        told: list[tuple[dict[str, t.Any], set[str]]] = []
        for name in ("exit_json", "fail_json"):
            monkeypatch.setattr(
                basic.AnsibleModule, name, lambda self, **result: told.append((result, self.no_log_values))
            )

        def end(name: str, secrets: set[t.Any], params: dict[str, t.Any], **result: t.Any) -> t.Any:
            ending = object.__new__(module.AnsibleModule)
            ending.no_log_values = secrets
            ending.params = params
            ending.argument_spec = {}
            getattr(ending, name)(**result)
            return told.pop()

        return end

    @pytest.mark.parametrize("name", ["exit_json", "fail_json"])
    def test_words_stay(self, name: str, ended: t.Callable[..., t.Any]) -> None:
        result = {"msg": "1 job: 1 succeeded.", "jobs": [{"state": "succeeded"}], "summary": {"succeeded": 1}}
        told, left = ended(name, {"e", "succeeded", 1}, {"token": "e", "until": ["succeeded"]}, **result)
        hidden = {"token": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "until": ["succeeded"]}
        assert told == {**result, "invocation": {"module_args": hidden}}
        assert left == set()

    def test_secrets_do_not(self, ended: t.Callable[..., t.Any]) -> None:
        told, _left = ended("fail_json", {"token-of-option"}, {"region": "token-of-option"}, msg="No token-of-option.")
        assert told["msg"] == "No ********."
        assert told["invocation"]["module_args"]["region"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
