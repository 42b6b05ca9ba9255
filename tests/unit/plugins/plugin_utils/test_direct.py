# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The direct path tells no more than the module does."""

from __future__ import annotations

import json
import types
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.plugin_utils import in_process
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.in_process import InProcessAction, module_of
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Reply, offline


class Action(InProcessAction):
    """IMS's action, without Ansible around it; `lines` are what it shows."""

    def __init__(self, args: dict[str, t.Any], check_mode: bool = False, no_log: bool = False) -> None:
        self.lines: list[str] = []
        self._task = types.SimpleNamespace(  # type: ignore[assignment]
            args=args,
            action=f"cloudwait.jobs.{IMS}",
            check_mode=check_mode,
            no_log=no_log,
            async_val=0,
            module_defaults=[],
        )
        self._display = types.SimpleNamespace(  # type: ignore[assignment]
            verbosity=1, display=lambda line, **_how: self.lines.append(line)
        )


IMS = "ims_job_info"
GIVEN: dict[str, t.Any] = {"endpoint": "https://cloud.example", "project_id": "p", "job_ids": ["a"]}
LEAK = {"job_id": "a", "entities": {"current_task": "the secret-of-environment leaks"}}


def test_the_action_masks_secrets_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the result, and in the lines that it shows meanwhile."""
    monkeypatch.setenv("HW_ACCESS_KEY", "access-of-environment")
    monkeypatch.setenv("HW_SECRET_KEY", "secret-of-environment")
    action = Action({**GIVEN, "until": "succeeded", "timeout": 20})
    with offline(lambda _request: Reply(json.dumps({**LEAK, "status": "RUNNING"}).encode()), users=[in_process]):
        result = action._check_and_run(module_of(IMS), {})
    assert (result["failed"], result["failure"]["kind"]) == (True, "timeout")
    assert any("running" in line for line in action.lines)
    assert "secret-of-environment" not in json.dumps([result, action.lines])


def test_nor_does_it_tell_one_that_stands_in_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as an id, in whose place somebody has put it."""
    monkeypatch.setenv("HW_ACCESS_KEY", "access-of-environment")
    monkeypatch.setenv("HW_SECRET_KEY", "secret-of-environment")
    action = Action({**GIVEN, "job_ids": ["secret-of-environment"], "until": "succeeded", "timeout": 20})
    reply = Reply(b'{"job_id": "secret-of-environment", "status": "RUNNING"}')
    with offline(lambda _request: reply, users=[in_process]):
        result = action._check_and_run(module_of(IMS), {})
    assert (result["failed"], result["failure"]["kind"], len(result["unfinished"])) == (True, "timeout", 1)
    assert any("running" in line for line in action.lines)
    assert "secret-of-environment" not in json.dumps([result, action.lines])


def test_the_action_masks_the_options_that_it_tells() -> None:
    action = Action({**GIVEN, "token": "token-of-option", "user_domain_name": "x token-of-option"})
    with offline(lambda _request: Reply(json.dumps({**LEAK, "status": "SUCCESS"}).encode()), users=[in_process]):
        result = action._check_and_run(module_of(IMS), {})
    assert result["jobs"][0]["state"] == "succeeded"
    assert "token-of-option" not in json.dumps(result)


@pytest.mark.parametrize(
    ("no_log", "show_progress", "shown"), [(False, True, True), (True, True, False), (False, False, False)]
)
def test_what_nobody_may_see_is_not_shown_meanwhile(no_log: bool, show_progress: bool, shown: bool) -> None:
    options = {"token": "token-of-option", "until": "succeeded", "timeout": 20, "show_progress": show_progress}
    action = Action({**GIVEN, **options}, no_log=no_log)
    with offline(lambda _request: Reply(b'{"job_id": "a", "status": "RUNNING"}'), users=[in_process]):
        action._check_and_run(module_of(IMS), {})
    assert bool(action.lines) is shown


# transport, async, become of the play and of the connection, requests: whether the task runs in the worker
PLACES: list[tuple[str, int, bool, object, bool, bool]] = [
    ("local", 0, False, None, True, True),
    ("ansible.builtin.local", 0, False, None, True, True),
    # where the module would run elsewhere, as somebody else, in the background, or say that requests is missing
    ("ssh", 0, False, None, True, False),
    ("elsewhere", 0, False, None, True, False),
    ("local", 60, False, None, True, False),
    ("local", 0, True, None, True, False),
    ("local", 0, False, "sudo", True, False),
    ("local", 0, False, None, False, False),
]


@pytest.mark.parametrize(("transport", "seconds", "become", "plugin", "has_requests", "expected"), PLACES)
def test_where_a_task_runs(
    transport: str,
    seconds: int,
    become: bool,
    plugin: object,
    has_requests: bool,
    expected: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    action = Action(GIVEN)
    action._task.async_val = seconds
    action._connection = types.SimpleNamespace(transport=transport, become=plugin)  # type: ignore[assignment]
    action._play_context = types.SimpleNamespace(become=become)  # type: ignore[assignment]
    monkeypatch.setattr(in_process, "HAS_REQUESTS", has_requests)
    assert action._is_direct() is expected


def test_check_mode_is_handed_on() -> None:
    action = Action({**GIVEN, "token": "token-of-option", "until": ["succeeded"]}, check_mode=True)
    with offline(lambda _request: Reply(b'{"job_id": "a", "status": "RUNNING"}'), users=[in_process]):
        result = action._check_and_run(module_of(IMS), {})
    assert (result.get("failed"), result["polls"]) == (None, 1)


def test_options_that_ansible_rejects_keep_its_words() -> None:
    with offline(lambda _request: Reply(b"{}"), users=[in_process]) as outside:
        result = Action({**GIVEN, "until": "done", "bogus": 1})._check_and_run(module_of(IMS), {})
    assert (result["failed"], outside.connection.exchanges, "failure" in result) == (True, [], False)
    assert "bogus" in result["msg"] or "until" in result["msg"]


@pytest.mark.parametrize("timeout", [float("inf"), float("-inf"), "inf", "-Infinity"])
def test_an_infinite_number_is_refused_before_ansible_stumbles_over_it(timeout: t.Any) -> None:
    with offline(lambda _request: Reply(b"{}"), users=[in_process]) as outside:
        result = Action({**GIVEN, "token": "token-of-option", "timeout": timeout}).run()
    message = "The option timeout must be a whole number, and no infinite one."
    assert (result["failed"], result["msg"], result["jobs"]) == (True, message, [])
    assert result["failure"] == {"kind": "invalid", "code": None, "message": message}
    assert outside.connection.exchanges == []


@pytest.mark.parametrize(("option", "number"), [("delay", 10**400), ("timeout", 10**400), ("max_rate", -(10**400))])
def test_so_is_one_that_no_float_holds(option: str, number: int) -> None:
    with offline(lambda _request: Reply(b"{}"), users=[in_process]) as outside:
        result = Action({**GIVEN, "token": "token-of-option", option: number}).run()
    assert result["msg"] == f"The option {option} is a number of hundreds of digits; use a smaller one."
    assert outside.connection.exchanges == []


def test_an_environment_that_cannot_be_set_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Action, "_compute_environment_string", lambda _self, environ: environ.update({"A=B": "c"}))
    with offline(lambda _request: Reply(b"{}"), users=[in_process]) as outside:
        result = Action({**GIVEN, "token": "token-of-option"})._run_here(module_of(IMS), {})
    assert result["failed"]
    assert "the variable 'A=B', which cannot be set" in result["msg"]
    assert outside.connection.exchanges == []
