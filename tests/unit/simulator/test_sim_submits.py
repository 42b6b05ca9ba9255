# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services' own requests that start jobs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from ansible_collections.cloudwait.jobs.plugins.filter.job_ids import job_ids
from ansible_collections.cloudwait.jobs.tests.services import FACTS
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, credentials
from ansible_collections.cloudwait.jobs.tests.simulator.exchange import Answer, Call
from ansible_collections.cloudwait.jobs.tests.simulator.starts import STARTS
from ansible_collections.cloudwait.jobs.tests.simulator.submits import UPHONE_ACTIONS, WORKS
from ansible_collections.cloudwait.jobs.tests.unit.simulator.asking import Caller, sign_ucloud
from multidict import CIMultiDict

PROJECT = credentials.PROJECT_ID
PHONES = f"/v1/{PROJECT}/cloud-phone/phones"
# service, target, body, script, jobs
REST: list[tuple[str, str, Any, str, int]] = [
    ("cph", f"{PHONES}/batch-reset", {"phones": [{"phone_id": "p1"}, {"phone_id": "p2"}]}, "phone-reset", 2),
    ("cph", f"{PHONES}/batch-restart", {"phones": [{"phone_id": "p1"}]}, "phone-restart", 1),
    (
        "cph",
        f"{PHONES}/commands",
        {"command": "install", "content": "-r obs://b/a.apk", "phone_ids": ["p1", "p2", "p3"]},
        "phone-install",
        3,
    ),
    (
        "cph",
        f"{PHONES}/commands",
        {"command": "shell", "content": "ls -l /system", "server_ids": ["s1"]},
        "phone-command",
        1,
    ),
    ("ims", "/v2/cloudimages/action", {"name": "n", "instance_id": "i"}, "image-from-server", 1),
    (
        "ims",
        "/v2/cloudimages/action",
        {"name": "n", "image_url": "b:f.qcow2", "min_disk": 40, "os_version": "Debian"},
        "image-import",
        1,
    ),
    ("ims", "/v1/cloudimages/i/file", {"bucket_url": "b:f.qcow2", "file_format": "qcow2"}, "image-export", 1),
    ("ims", "/v1/cloudimages/i/copy", {"name": "n"}, "image-copy", 1),
    ("dws", f"/v1/{PROJECT}/clusters/c/start", None, "cluster-start", 1),
    ("dws", f"/v1/{PROJECT}/clusters/c/stop", None, "cluster-stop", 1),
    ("dws", f"/v1.0/{PROJECT}/clusters/c/cns/batch-create", {"num": 1}, "cluster-add-node", 1),
    ("dws", f"/v2/{PROJECT}/clusters/c/elbs/e", None, "cluster-elb-fails", 1),
    ("ecs", f"/v1.1/{PROJECT}/cloudservers", {"server": {"name": "n"}}, "server-create", 1),
    ("evs", f"/v2.1/{PROJECT}/cloudvolumes", {"volume": {"size": 10}}, "volume-create", 1),
    ("rds", f"/v3/{PROJECT}/instances/i/action", {"restart": {}}, "instance-restart", 1),
    ("cce", f"/api/v3/projects/{PROJECT}/clusters/c/nodes", {"kind": "Node", "spec": {}}, "node-create", 1),
]
# action, parameters, script
ACTIONS: list[tuple[str, dict[str, str], str]] = [
    ("InstallUPhoneAppVersion", {"AppVersionId": "a", "UPhoneIds.0": "u0", "UPhoneIds.1": "u1"}, "uphone-install"),
    ("RunAsyncCommand", {"Content": "id", "UPhoneIds.0": "u0"}, "uphone-command"),
    ("SetUPhoneGPS", {"UPhoneGPSs.0.UPhoneId": "u0", "UPhoneGPSs.0.Enabled": "true"}, "uphone-gps"),
    ("ImportFile", {"FileName": "f", "URL": "https://example.com/f", "UPhoneIds.0": "u0"}, "uphone-upload"),
]


def post(caller: Caller, target: str, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
    sent = {"X-Auth-Token": credentials.TOKEN} if headers is None else headers
    content = b"" if body is None else json.dumps(body).encode()
    return caller.send(Call("POST", target, CIMultiDict(sent), content))


def act(caller: Caller, action: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    form = urlencode(sign_ucloud({"Action": action, **parameters})).encode()
    return dict(caller.send(Call("POST", "/", {}, form)).body)


def scripts(cloud: Cloud) -> list[str]:
    return [job.script.name for job in cloud.store if not job.script.preset]


@pytest.mark.parametrize(("service", "target", "body", "script", "count"), REST)
def test_rest(
    caller: Caller, cloud: Cloud, clock: ManualClock, service: str, target: str, body: Any, script: str, count: int
) -> None:
    answer = post(caller, target, body)
    assert answer.status == 200
    ids = job_ids(answer.body)
    assert len(set(ids)) == count
    assert scripts(cloud) == [script] * count
    clock.advance(20)
    for job_id in ids:
        (job,) = FACTS[service].jobs_in(caller.job(service, job_id).body)
        status = FACTS[service].value_in(job, FACTS[service].fields.status)
        assert FACTS[service].state_of(status) in ("succeeded", "failed")


def test_every_request_is_tested() -> None:
    assert len({target for _service, target, *_rest in REST}) == len(
        {key for key in (*WORKS, *STARTS) if key[0] != "uphone"}
    )
    assert {action for action, *_rest in ACTIONS} == set(UPHONE_ACTIONS)


def test_the_answer_to_a_batch_names_the_phones(caller: Caller) -> None:
    answer = post(caller, f"{PHONES}/batch-reset", {"phones": [{"phone_id": "p1"}, {"phone_id": "p2"}]}).body
    assert [item["phone_id"] for item in answer["jobs"]] == ["p1", "p2"]
    job = caller.job("cph", answer["jobs"][1]["job_id"]).body
    assert (job["phone_id"], job["request_id"]) == ("p2", answer["request_id"])


def test_a_batch_refuses_phones_that_nobody_knows(caller: Caller) -> None:
    body = {"phones": [{"phone_id": "p1"}, {"phone_id": "no-such-phone"}]}
    answer = post(caller, f"{PHONES}/batch-reset", body).body
    assert [(item["phone_id"], item["error_code"]) for item in answer["jobs"]] == [
        ("p1", None),
        ("no-such-phone", "CPS.0005"),
    ]
    assert post(caller, f"{PHONES}/batch-reset", {"phones": body["phones"][1:]}).status == 400


@pytest.mark.parametrize(
    ("phones", "state"),
    [(["u0", "u1"], "SUCCESS"), (["u0", "full-u1"], "PARTIAL_SUCCESS"), (["full-u0"], "FAILED")],
)
def test_an_app_needs_room(caller: Caller, clock: ManualClock, phones: list[str], state: str) -> None:
    named = {f"UPhoneIds.{number}": identifier for number, identifier in enumerate(phones)}
    answer = act(caller, "InstallUPhoneAppVersion", {"AppVersionId": "a", **named})
    clock.advance(20)
    (job,) = caller.uphone(answer["JobId"])["Jobs"]
    assert job["State"] == state


def test_the_answer_of_dws_holds_an_empty_error(caller: Caller) -> None:
    answer = post(caller, f"/v1/{PROJECT}/clusters/c/start", None).body
    assert sorted(answer) == ["error_code", "error_msg", "job_id"]
    assert answer["error_code"] is None


@pytest.mark.parametrize(("action", "parameters", "script"), ACTIONS)
def test_actions(caller: Caller, cloud: Cloud, clock: ManualClock, action: str, parameters: Any, script: str) -> None:
    answer = act(caller, action, parameters)
    assert (answer["RetCode"], answer["Action"]) == (0, f"{action}Response")
    assert scripts(cloud) == [script]
    clock.advance(20)
    (job,) = caller.uphone(answer["JobId"])["Jobs"]
    assert job["State"] == "SUCCESS"
    assert job["UPhoneIds"] == [task["UPhoneId"] for task in job["Tasks"]]
    assert job["UPhoneIds"] == [value for name, value in parameters.items() if "UPhoneId" in name]


WRONG: list[tuple[str, Any, str]] = [
    (f"{PHONES}/batch-reset", {}, "CPS.0002: Parameter: phones is invalid."),
    (f"{PHONES}/batch-reset", {"phones": ["p1"]}, "CPS.0002: Parameter: phones is invalid."),
    (f"{PHONES}/batch-restart", [], "CPS.0002: Parameter: body is invalid."),
    (f"{PHONES}/commands", {"command": "sing", "content": "x"}, "CPS.0002: Parameter: command is invalid."),
    (f"{PHONES}/commands", {"command": "shell", "phone_ids": ["p"]}, "CPS.0002: Parameter: content is invalid."),
    (f"{PHONES}/commands", {"command": "shell", "content": "x"}, "CPS.0002: Parameter: server_ids is invalid."),
    ("/v2/cloudimages/action", {"name": "n"}, "IMG.0001: The request message format is invalid."),
    ("/v2/cloudimages/action", {"name": "n", "image_url": "b:f"}, "IMG.0001: The request message format is invalid."),
    (
        "/v1/cloudimages/i/file",
        {"bucket_url": "b:f", "file_format": "zvhd2"},
        "IMG.0001: The request message format is invalid.",
    ),
    (f"/v1.0/{PROJECT}/clusters/c/cns/batch-create", {"num": True}, "DWS.0001: The parameter num is invalid."),
    (f"/v1.1/{PROJECT}/cloudservers", {"servers": {}}, "Common.0018: The request has no server."),
    (f"/v2.1/{PROJECT}/cloudvolumes", {"volume": []}, "Common.0018: The request has no volume."),
    (f"/v3/{PROJECT}/instances/i/action", {}, "DBS.200001: The request has no restart."),
    (f"/api/v3/projects/{PROJECT}/clusters/c/nodes", [], "CCE.01400001: The request has no body."),
]


@pytest.mark.parametrize(("target", "body", "said"), WRONG)
def test_what_is_wrong_is_refused(caller: Caller, cloud: Cloud, target: str, body: Any, said: str) -> None:
    answer = post(caller, target, body)
    assert answer.status == 400
    error = answer.body.get("error") or answer.body
    code, message = (
        next(error[name] for name in names if name in error)
        for names in (("error_code", "code", "errorCode"), ("error_msg", "message", "errorMessage"))
    )
    assert f"{code}: {message}" == said
    assert scripts(cloud) == []


def test_a_body_that_is_not_json_is_refused(caller: Caller) -> None:
    headers = CIMultiDict({"X-Auth-Token": credentials.TOKEN})
    answer = caller.send(Call("POST", "/v2/cloudimages/action", headers, b"{"))
    assert (answer.status, answer.body["error"]["code"]) == (400, "IMG.0001")


@pytest.mark.parametrize("parameters", [{"AppVersionId": "a"}, {"UPhoneIds.0": "u0"}])
def test_an_action_without_its_parameters_is_refused(caller: Caller, cloud: Cloud, parameters: dict[str, str]) -> None:
    answer = act(caller, "InstallUPhoneAppVersion", parameters)
    assert (answer["RetCode"], answer["Action"]) == (220, "InstallUPhoneAppVersionResponse")
    assert scripts(cloud) == []


@pytest.mark.parametrize(("_service", "target", "body", "_script", "_count"), REST)
def test_nobody_starts_jobs_without_a_token(
    caller: Caller, cloud: Cloud, _service: str, target: str, body: Any, _script: str, _count: int
) -> None:
    assert post(caller, target, body, {}).status == 401
    assert post(caller, target, body, {"X-Auth-Token": "wrong"}).status == 401
    assert scripts(cloud) == []


def test_nobody_starts_jobs_in_a_project_of_others(caller: Caller, cloud: Cloud) -> None:
    target = f"/v1/{credentials.OTHER_PROJECT_ID}/cloud-phone/phones/batch-reset"
    assert post(caller, target, {"phones": [{"phone_id": "p1"}]}).body["error_code"] == "CPS.0001"
    assert scripts(cloud) == []


@pytest.mark.parametrize(("action", "parameters", "_script"), ACTIONS)
def test_nobody_acts_without_a_signature(
    caller: Caller, cloud: Cloud, action: str, parameters: Any, _script: str
) -> None:
    sent = sign_ucloud({"Action": action, **parameters})
    for changed, code in ((sent | {"Signature": "0" * 40}, 171), (sent | {"PublicKey": "x"}, 172)):
        answer = caller.send(Call("POST", "/", {}, urlencode(changed).encode())).body
        assert (answer["RetCode"], answer["Action"]) == (code, f"{action}Response")
    assert scripts(cloud) == []
