# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets in the content of requests, and of declared waits, come out nowhere, however the task ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.declared import IMS, UHOSTS
from ansible_collections.cloudwait.jobs.tests.integration.scenarios.plays import PATHS
from ansible_collections.cloudwait.jobs.tests.integration.test_leaks import secrets_file
from ansible_collections.cloudwait.jobs.tests.integration.told import ARGUMENTS, in_full, leaks, left_behind, texts

if TYPE_CHECKING:
    from ansible_collections.cloudwait.jobs.tests.integration.conftest import Player
    from simulator.cloud import Cloud

MASK = "********"
SECRETS = {
    "password": "the-Pass/of+a=server-1",
    "key": "-----BEGIN PRIVATE KEY-----\nMIIBsecretOf+AKey/2==\n-----END PRIVATE KEY-----",
    "token": "MIIa-token/of+the-content=3",
    "header": "the-secret.of-a-header-4",
    "text": "the-pass_in~a-text-5",
    "form": "the-pass-in-a-form-6",
    "list": "the-pass-in-a-list-7",
    "wait": "the-key-of-the-wait-8",
    "params": "the-pass/of+UCloud=9",
}
S = {name: f"{{{{ secrets.{name} }}}}" for name in SECRETS}
SUBMIT: dict[str, Any] = {"service": "ims", "method": "POST", "path": "/v2/cloudimages/action"}
BODY: dict[str, Any] = {
    "name": "golden",
    "instance_id": "i1",
    "server": {"adminPass": S["password"], "os": {"PRIVATE-KEY": S["key"]}, "passwords": [S["list"], "", 5]},
}
EVERYWHERE = {
    **SUBMIT,
    "body": BODY,
    "query": {"access_token": S["token"], "page": 1},
    "headers": {"X-Client-Secret": S["header"]},
}
ACTION = {"action": "RunAsyncCommand", "params": {"UPhoneIds": ["u1"], "Content": "id", "Password": S["params"]}}
WRONG = {**ACTION, "params": {"Password": S["params"]}}
LOOK = {"query": {"token": S["token"]}, "headers": {"X-Secret": S["header"]}}
# module, options, what a service answers to it, whether the task fails
CASES: dict[str, tuple[str, dict[str, Any], dict[str, Any] | None, bool]] = {
    "accepted": ("huaweicloud_request", EVERYWHERE, None, False),
    "accepted, and waited for": ("huaweicloud_request", {**EVERYWHERE, "until": ["started"]}, None, False),
    "a text": (
        "huaweicloud_request",
        {**SUBMIT, "body": '{"name": "a", "instance_id": "b", "admin_pass": "' + S["text"] + '"} '},
        None,
        False,
    ),
    "a form": ("huaweicloud_request", {**SUBMIT, "body": "user=a&user_passwd=" + S["form"]}, None, True),
    "the answer repeats it": (
        "huaweicloud_request",
        EVERYWHERE,
        {"kind": "merge", "body": {"sent": "ALL", "more": {"adminPass": "ONE"}}},
        False,
    ),
    "an error repeats it": (
        "huaweicloud_request",
        EVERYWHERE,
        {"kind": "status", "status": 400, "body": {"error_code": "X.1", "error_msg": "I was sent ALL."}},
        True,
    ),
    "a text repeats it": ("huaweicloud_request", EVERYWHERE, {"kind": "text", "text": "I was sent ALL."}, False),
    "a header repeats it": (
        "huaweicloud_request",
        EVERYWHERE,
        {"kind": "json", "body": {}, "headers": {"X-Sent": "PLAIN"}},
        False,
    ),
    "cut off": ("huaweicloud_request", EVERYWHERE, {"kind": "reset"}, True),
    "redirected": ("huaweicloud_request", EVERYWHERE, {"kind": "redirect", "location": "https://x/?a=PLAIN"}, True),
    "refused by us": ("huaweicloud_request", {**EVERYWHERE, "path": "no-slash"}, None, True),
    "a header that cannot be": (
        "huaweicloud_request",
        {**EVERYWHERE, "headers": {"X-Secret": S["header"] + "\n"}},
        None,
        True,
    ),
    "refused by Ansible": ("huaweicloud_request", {**EVERYWHERE, "status_code": "none", "colour": 1}, None, True),
    "no such provider": ("huaweicloud_request", {**EVERYWHERE, "service": "vpc", "until": "started"}, None, True),
    "a number without end": ("huaweicloud_request", {**EVERYWHERE, "timeout": 10**400}, None, True),
    "options of the wait": (
        "huaweicloud_request",
        {**EVERYWHERE, "until": "started", "wait_options": {"secret_key": S["wait"]}},
        None,
        True,
    ),
    "unknown options of the wait": (
        "huaweicloud_request",
        {**EVERYWHERE, "until": "started", "wait_options": {"some_token": S["wait"]}},
        None,
        True,
    ),
    "an action": ("ucloud_request", ACTION, None, False),
    "a refused action": ("ucloud_request", WRONG, None, True),
    "an action whose answer repeats it": (
        "ucloud_request",
        ACTION,
        {"kind": "merge", "body": {"Message": "ALL"}},
        False,
    ),
    "a declared wait": ("huaweicloud_job_info", {**IMS, **LOOK, "job_ids": ["known"]}, None, False),
    "a declared wait in which it is repeated": (
        "huaweicloud_job_info",
        {**IMS, **LOOK, "job_ids": ["known"]},
        {"kind": "merge", "body": {"fail_reason": "ALL", "status": "FAIL"}, "operation": "show_job", "job_id": "known"},
        False,
    ),
    "a declared wait that is refused": (
        "huaweicloud_job_info",
        {**IMS, **LOOK, "job_ids": ["known"], "path": "/"},
        None,
        True,
    ),
    "declared hosts": (
        "ucloud_job_info",
        {**UHOSTS, "params": {"Password": S["params"]}, "job_ids": ["u"]},
        None,
        False,
    ),
    "a group": (
        "wait_for_jobs",
        {"jobs": [{"provider": "huaweicloud", "job_id": "known", "options": {**IMS, **LOOK}}], "until": "finished"},
        None,
        False,
    ),
    "a group that is refused": (
        "wait_for_jobs",
        {"jobs": [{"provider": "huaweicloud", "job_id": "known", "options": {**IMS, **LOOK, "colour": 1}}]},
        None,
        True,
    ),
}
# These are sent, or refused, in check mode as they are without it.
ALWAYS = ("huaweicloud_job_info", "ucloud_job_info", "wait_for_jobs")


# What is refused before it is sent, beside everything in check mode.
UNSENT = [
    name for name, case in CASES.items() if case[3] and case[2] is None and name not in ("a form", "a refused action")
]


def told_by(order: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """An order with the secrets of a task in the places of words."""
    written = json.dumps(options)
    every = " and ".join(secret for name, secret in SECRETS.items() if S[name] in written)
    text = json.dumps(order).replace("ALL", json.dumps(every)[1:-1]).replace("ONE", SECRETS["password"])
    return dict(json.loads(text.replace("PLAIN", SECRETS["password"])))


@pytest.mark.parametrize("check", [False, True], ids=["", "check mode"])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_secret_of_the_content_comes_out(path: str, check: bool, cloud: Cloud, play: Player) -> None:
    cloud.submit({"provider": "ims", "job_id": "known", "states": {0: "succeeded"}})
    tasks = []
    for name, (module, options, order, _fails) in CASES.items():
        is_action = module.startswith("ucloud")
        service = "uphone" if is_action else "ims"
        if order is not None and (module in ALWAYS or not check):
            cloud.fault(**{"operation": "submit", "service": service, "times": 1, **told_by(order, options)})
        elif module.endswith("_request") and not check and name not in UNSENT:
            cloud.fault("merge", operation="submit", service=service, times=1, body={})
        tasks.append({"name": name, f"cloudwait.jobs.{module}": options, "ignore_errors": True})
    played = play(
        tasks,
        connection=path,
        check=check,
        environment=in_full(play.folder),
        arguments=[*ARGUMENTS, secrets_file(play, secrets=SECRETS)],
    )
    assert played.code == 0, played.output
    told = texts(play.folder, played)
    assert leaks(told, [], by_module=path != "local", given=list(SECRETS.values())) == {}
    assert left_behind(told, by_module=path != "local") == []
    if not check:
        ended = {name: played.status(name) == "ignored" for name in CASES}
        assert ended == {name: fails for name, (_module, _options, _order, fails) in CASES.items()}
    shown = played["accepted"]["invocation"]["module_args"]
    assert shown["body"]["server"] == {"adminPass": MASK, "os": {"PRIVATE-KEY": MASK}, "passwords": [MASK, "", MASK]}
    assert (shown["query"], shown["headers"]) == ({"access_token": MASK, "page": 1}, {"X-Client-Secret": MASK})
    assert shown["body"]["name"] == "golden"


def test_the_service_got_what_nobody_saw(cloud: Cloud, play: Player) -> None:
    """A test of masks alone would pass where the secrets are lost on the way."""
    arguments = [secrets_file(play, secrets=SECRETS)]
    played = play([{"name": "Submit", "cloudwait.jobs.huaweicloud_request": EVERYWHERE}], arguments=arguments)
    assert played["Submit"]["status"] == 200, played.output
    (request,) = cloud.requests
    sent = json.loads(request.body)["server"]
    assert (sent["adminPass"], sent["os"]["PRIVATE-KEY"]) == (SECRETS["password"], SECRETS["key"])
    assert request.headers["X-Client-Secret"] == SECRETS["header"]
