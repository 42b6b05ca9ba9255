# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UCloud's client: what it sends, what every RetCode means, and refused keys."""

from __future__ import annotations

import json
import typing as t
from urllib.parse import parse_qsl, quote

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import CloudwaitError
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import State
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, credentials
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.clients import Client
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.raw_server import answer, raw_server

TRANSIENT = ("service", True)
SERVICE = ("service", False)
PERMISSION = ("permission", False)
INVALID = ("invalid", False)
AUTHENTICATION = ("authentication", False)

NO_RET_CODE: list[t.Any] = [
    *({}, [], None, 3, {"RetCode": None}, {"RetCode": True}, {"RetCode": 0.5}, {"RetCode": ""}, {"RetCode": "zero"}),
    *({"RetCode": [0]}, {"RetCode": {}}),
]


def error_for(body: t.Any, status: int = 200, headers: str = "") -> CloudwaitError:
    """What an action raises where the service answers that."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    with raw_server(answer(content, f"{status} X", headers)) as server:
        client = Client(server.url, ManualClock())
        with pytest.raises(CloudwaitError) as caught:
            client.ucloud().call("DescribeUPhoneJob", {}, client.until())
    assert is_sentence(str(caught.value)), str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        *((code, TRANSIENT) for code in (110, 130, 150, 153)),
        *((code, AUTHENTICATION) for code in (170, 171, 172, 174)),
        *((code, PERMISSION) for code in (293, 294, 295, 299)),
        *((code, INVALID) for code in (160, 161, 292)),
        # the services' own, and any other: told, and final
        *((code, SERVICE) for code in (1, 100, 218, 2000, 8039, 64000, -1)),
    ],
)
def test_ret_code(code: int, expected: tuple[str, bool]) -> None:
    error = error_for({"RetCode": code, "Action": "DescribeUPhoneJobResponse", "Message": "Something is wrong."})
    assert (error.kind, error.transient) == expected
    assert error.code == str(code)
    assert f"RetCode {code}, Something is wrong" in str(error)


@pytest.mark.parametrize(
    ("status", "body", "expected", "told"),
    [
        # an error of HTTP may carry a RetCode, which says more
        (403, {"RetCode": 299, "Message": "Refused by IAM."}, PERMISSION, "RetCode 299, Refused by IAM"),
        (401, {"RetCode": 171, "Message": "x"}, AUTHENTICATION, "RetCode 171"),
        (500, {"RetCode": 299, "Message": "x"}, PERMISSION, "RetCode 299"),
        # but where it only says that something is wrong, HTTP says that it may pass
        (503, {"RetCode": 8039, "Message": "x"}, TRANSIENT, "RetCode 8039"),
        (400, {"RetCode": 8039, "Message": "x"}, SERVICE, "RetCode 8039"),
        # success is none beside an error
        (503, {"RetCode": 0, "Jobs": []}, TRANSIENT, "HTTP 503 without a RetCode"),
        (404, {"RetCode": 0, "Jobs": []}, SERVICE, "HTTP 404 without a RetCode; check the option endpoint"),
        # from a gateway, or from somebody else
        (502, b"<html>Bad Gateway</html>", TRANSIENT, "HTTP 502 with a body that is not JSON"),
        (404, b"<html>Not Found</html>", SERVICE, "check the option endpoint"),
        (403, b"", SERVICE, "HTTP 403 without a RetCode"),
        (200, b"<html>Please log in</html>", TRANSIENT, "not JSON"),
        (200, b"", TRANSIENT, "not JSON"),
        # JSON, and yet no answer to an action
        *((200, body, TRANSIENT, "without a RetCode") for body in NO_RET_CODE),
    ],
)
def test_what_else_may_come(status: int, body: t.Any, expected: tuple[str, bool], told: str) -> None:
    error = error_for(body, status)
    assert (error.kind, error.transient) == expected
    assert told in str(error)


@pytest.mark.parametrize("code", [0, "0"])
def test_success(code: object) -> None:
    with raw_server(answer(json.dumps({"RetCode": code, "Jobs": []}).encode())) as server:
        client = Client(server.url, ManualClock())
        assert client.ucloud().call("DescribeUPhoneJob", {}, client.until()) == {"RetCode": code, "Jobs": []}


@pytest.mark.parametrize(
    ("status", "body", "wait"),
    [
        (200, {"RetCode": 153, "Message": "Too frequent."}, 7.0),
        (429, {"RetCode": 153, "Message": "Too frequent."}, 7.0),
        (429, b"", 7.0),
        (503, {"RetCode": 8039}, 7.0),
        (503, b"<html>", 7.0),
        # what does not pass is not waited for
        (400, {"RetCode": 8039}, None),
        (200, {"RetCode": 171}, None),
    ],
)
def test_retry_after(status: int, body: t.Any, wait: float | None) -> None:
    assert error_for(body, status, "Retry-After: 7\r\n").wait == wait


class TestKeys:
    @pytest.mark.parametrize(
        "changes",
        [
            {"private_key": "wrong"},
            {"public_key": "nobody"},
            {
                "public_key": credentials.UCLOUD_TEMPORARY_PUBLIC_KEY,
                "private_key": credentials.UCLOUD_TEMPORARY_PRIVATE_KEY,
                "security_token": "wrong",
            },
        ],
    )
    def test_refused_ones_are_sent_once(self, changes: dict[str, str], client: Client, still_cloud: Cloud) -> None:
        source = client.uphone(**changes)
        ids = [f"job-{number}" for number in range(250)]
        for _wait in range(2):
            outcome = client.wait(source, ids)
            assert outcome.error is not None
            assert outcome.error.kind == "authentication"
            assert is_sentence(str(outcome.error))
            assert "check public_key and private_key" in str(outcome.error)
        assert len(still_cloud.requests) == 1

    def test_refused_in_the_middle_they_have_one_second_try(self, client: Client, still_cloud: Cloud) -> None:
        job_id = still_cloud.submit({"provider": "uphone", "states": {0: "running"}})["JobId"]
        still_cloud.fault("error", service="uphone", skip=3, times=None, code=172, message="No such user.")
        outcome = client.wait(client.uphone(), [job_id])
        assert outcome.error is not None
        assert (outcome.error.kind, outcome.error.code) == ("authentication", "172")
        assert [job.state for job in outcome.jobs] == [State.RUNNING]
        assert len(still_cloud.requests) == 5

    def test_temporary_ones_are_accepted(self, client: Client, still_cloud: Cloud) -> None:
        job_id = still_cloud.submit({"provider": "uphone", "states": {0: "running", 5: "succeeded"}})["JobId"]
        source = client.uphone(
            public_key=credentials.UCLOUD_TEMPORARY_PUBLIC_KEY,
            private_key=credentials.UCLOUD_TEMPORARY_PRIVATE_KEY,
            security_token=credentials.UCLOUD_SECURITY_TOKEN,
        )
        assert [job.state for job in client.wait(source, [job_id]).jobs] == [State.SUCCEEDED]

    @pytest.mark.parametrize("status", [200, 401, 403])
    def test_a_refusal_that_quotes_them_is_told_without_them(
        self, status: int, client: Client, still_cloud: Cloud
    ) -> None:
        source = client.uphone(
            public_key=credentials.UCLOUD_PUBLIC_KEY, security_token="a+security/token=", private_key="wrong"
        )
        still_cloud.fault("echo", service="uphone", times=None, status=status)
        with pytest.raises(CloudwaitError) as caught:
            source.fetch(["a"], client.until())
        form = dict(parse_qsl(still_cloud.requests[-1].body))
        for name in ("Signature", "PublicKey", "SecurityToken"):
            for spelt in (form[name], quote(form[name], safe="")):
                assert spelt not in f"{caught.value} {caught.value.reason}"
        assert caught.value.kind == "authentication"
        assert str(caught.value).count("********") == 3


class TestRequest:
    def sent(self, cloud: Cloud) -> dict[str, str]:
        return dict(parse_qsl(cloud.requests[-1].body, keep_blank_values=True))

    def test_ids_are_numbered_from_zero_and_sent_as_a_form(self, client: Client, still_cloud: Cloud) -> None:
        ids = [f"job/{number} ä&=+" for number in range(12)]
        client.poll(client.uphone(), ids)
        request = still_cloud.requests[-1]
        assert (request.method, request.target) == ("POST", "/")
        assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
        form = self.sent(still_cloud)
        assert [form[f"JobIds.{number}"] for number in range(12)] == ids
        assert form["Action"] == "DescribeUPhoneJob"
        assert (form["Limit"], form["Offset"]) == ("100", "0")
        assert (form["Region"], form["ProjectId"]) == (credentials.UCLOUD_REGION, credentials.UCLOUD_PROJECT_ID)

    def test_what_is_not_set_is_not_sent(self, client: Client, still_cloud: Cloud) -> None:
        client.poll(client.uphone(region=None, project_id=None), ["a"])
        form = self.sent(still_cloud)
        assert not {"Region", "ProjectId", "SecurityToken", "CityId", "ProductType", "State"} & set(form)

    def test_the_private_key_is_never_sent(self, client: Client, still_cloud: Cloud) -> None:
        client.poll(client.uphone(), ["a"])
        assert credentials.UCLOUD_PRIVATE_KEY not in repr(still_cloud.requests[-1])

    def test_one_connection_serves_the_whole_wait(self) -> None:
        with raw_server(answer(b'{"RetCode": 0, "TotalCount": 0, "Jobs": []}')) as server:
            client = Client(server.url, ManualClock())
            client.wait(client.uphone(), ["a"], timeout=60)
        assert server.connections == 1
        assert len(server.requests) > 5
