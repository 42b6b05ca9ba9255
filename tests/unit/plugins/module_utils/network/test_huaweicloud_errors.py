# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every error of Huawei Cloud means: its kind, whether it may pass, how long to leave the service alone."""

from __future__ import annotations

import email.utils
import itertools
import json
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.signing import Request
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import CloudwaitError
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import State
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import HuaweiCloudService
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.clients import Client, operations
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.raw_server import answer, raw_server


def cps(code: str) -> dict[str, t.Any]:
    return {"request_id": "r", "error_code": code, "error_msg": "Something is wrong."}


def img(code: str) -> dict[str, t.Any]:
    return {"error": {"message": "Something is wrong.", "code": code}}


def error_for(
    status: int, body: t.Any, service: HuaweiCloudService = IMS, headers: str = "", client: Client | None = None
) -> CloudwaitError:
    """What a look at a job raises where the service answers that."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    with raw_server(answer(content, f"{status} X", headers)) as server:
        client = client or Client(server.url, ManualClock())
        client.url = server.url
        with pytest.raises(CloudwaitError) as caught:
            client.exchange(service).send(Request("GET", client.url, "/x"), {}, client.until())
    assert is_sentence(str(caught.value)), str(caught.value)
    return caught.value


TRANSIENT = ("service", True)
SERVICE = ("service", False)
NOT_FOUND = ("not_found", False)
PERMISSION = ("permission", False)
INVALID = ("invalid", False)
AUTHENTICATION = ("authentication", False)

CPS_CODES = {
    **dict.fromkeys(("CPS.0011", "CPS.0050"), NOT_FOUND),
    **dict.fromkeys(("CPS.0003", "CPS.0042", "CPS.0054"), TRANSIENT),
    **dict.fromkeys(("CPS.0001", "CPS.0006", "CPS.0007", "CPS.0008", "CPS.0053", "CPS.0195", "CPS.1028"), PERMISSION),
    **dict.fromkeys(("CPS.0002", "CPS.0046", "CPS.0048", "CPS.0049", "CPS.0161"), INVALID),
    # a code that the table does not know is told by its HTTP code
    "CPS.0999": INVALID,
    # without the dot
    "CPS0011": NOT_FOUND,
    "CPS0003": TRANSIENT,
    "CPS0001": PERMISSION,
    "CPS0005": INVALID,
}


@pytest.mark.parametrize(("code", "expected"), CPS_CODES.items())
def test_cph(code: str, expected: tuple[str, bool]) -> None:
    error = error_for(400, cps(code), CPH)
    assert (error.kind, error.transient) == expected
    assert (error.code, error.reason) == (code, "Something is wrong.")
    assert f"HTTP 400, {code}: Something is wrong" in str(error)


@pytest.mark.parametrize(
    ("service", "status", "body", "expected"),
    [
        # IMS: the task query's own exception may pass, whatever the HTTP code
        (IMS, 400, img("IMG.0023"), TRANSIENT),
        (IMS, 500, img("IMG.0023"), TRANSIENT),
        (IMS, 400, img("IMG.0024"), INVALID),
        (IMS, 403, img("IMG.0101"), PERMISSION),
        # DWS says "not found" in several ways
        (DWS, 401, {"error_code": "DWS.0047", "error_msg": "x"}, NOT_FOUND),
        (DWS, 404, {"error_code": "DWS.0047", "error_msg": "x"}, NOT_FOUND),
        (DWS, 403, {"errCode": "DWS.0015", "externalMessage": "x"}, NOT_FOUND),
        (DWS, 404, {"errCode": "DWS.3027", "externalMessage": "x"}, NOT_FOUND),
        (DWS, 400, {"error_code": "DWS.10101", "error_msg": "x"}, NOT_FOUND),
        (DWS, 401, {"error_code": "DWS0047", "error_msg": "x"}, NOT_FOUND),
        (DWS, 400, {"error_code": "DWS.0001", "error_msg": "x"}, INVALID),
        (DWS, 500, {"error_code": "DWS.9999", "error_msg": "x"}, TRANSIENT),
        # a code of another service says nothing
        (IMS, 400, cps("CPS.0011"), INVALID),
    ],
)
def test_ims_and_dws(service: HuaweiCloudService, status: int, body: t.Any, expected: tuple[str, bool]) -> None:
    error = error_for(status, body, service)
    assert (error.kind, error.transient) == expected


@pytest.mark.parametrize("prefix", ["APIGW", "APIG"])
@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        # no such API: an address is wrong, and not a job
        (404, "0101", SERVICE),
        (404, "0103", SERVICE),
        # a request that it does not like, or a service behind it that does not answer
        *((status, "0201", INVALID) for status in (400, 413, 414, 494)),
        *((status, "0201", TRANSIENT) for status in (502, 504)),
        *((401, code, AUTHENTICATION) for code in ("0301", "0303", "0305", "0307")),
        *((403, code, PERMISSION) for code in ("0302", "0304", "0306", "0310", "0401", "0402", "0404", "0801", "0802")),
        (429, "0308", TRANSIENT),
        *((500, code, TRANSIENT) for code in ("0601", "0602", "0603")),
        (502, "0610", TRANSIENT),
        (503, "0613", TRANSIENT),
        # a code says more than the HTTP code that comes with it
        (403, "0301", AUTHENTICATION),
        (401, "0302", PERMISSION),
        (403, "0308", TRANSIENT),
        (400, "0601", TRANSIENT),
    ],
)
def test_gateway(prefix: str, status: int, code: str, expected: tuple[str, bool]) -> None:
    error = error_for(status, {"error_code": f"{prefix}.{code}", "error_msg": "Something is wrong.", "request_id": "r"})
    assert (error.kind, error.transient) == expected
    assert error.code == f"{prefix}.{code}"


@pytest.mark.parametrize(
    ("status", "body", "advice"),
    [
        (501, {"error_code": "DWS.0777", "error_msg": "x"}, "look the code up in its reference"),
        (501, b"", "check region, cloud and endpoint"),
    ],
)
def test_an_error_that_nobody_knows_says_where_to_look(status: int, body: t.Any, advice: str) -> None:
    assert str(error_for(status, body)).endswith(f"; {advice}.")


def test_an_address_without_the_api_ends_the_wait_for_all_jobs() -> None:
    error = error_for(404, {"error_code": "APIGW.0101", "error_msg": "The API does not exist."})
    assert not error.about_job
    assert "check region, cloud and endpoint" in str(error)


@pytest.mark.parametrize("body", [b"", b"{}", b"<html><h1>Bad</h1></html>", b"[1]", b'{"message": 1.5}', b"\xff"])
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((status, INVALID) for status in (400, 402, 405, 409, 418)),
        (401, AUTHENTICATION),
        (403, PERMISSION),
        (404, NOT_FOUND),
        *((status, TRANSIENT) for status in (408, 429, 500, 502, 503, 504)),
        *((status, SERVICE) for status in (501, 505, 511)),
    ],
)
def test_without_a_code(body: bytes, status: int, expected: tuple[str, bool]) -> None:
    error = error_for(status, body)
    assert (error.kind, error.transient, error.code) == (*expected, None)
    assert f"HTTP {status}" in str(error)


@pytest.mark.parametrize(
    "body",
    [
        {"error_code": "CPS.0011", "error_msg": "No such job."},
        {"error": {"code": "CPS.0011", "message": "No such job.", "title": "Not Found"}},
        {"errCode": "CPS.0011", "externalMessage": "No such job."},
        {"code": "CPS.0011", "message": "No such job."},
        {"errorCode": "CPS.0011", "errorMsg": "No such job."},
        # both DWS shapes in one body
        {
            "error_code": "CPS.0011",
            "error_msg": "No such job.",
            "errCode": "CPS.0011",
            "externalMessage": "No such job.",
        },
    ],
)
def test_the_shapes_of_an_error(body: t.Any) -> None:
    error = error_for(400, body, CPH)
    assert (error.kind, error.code, error.reason) == ("not_found", "CPS.0011", "No such job.")


@pytest.mark.parametrize("body", [b"<html>Please log in</html>", b"{", b"\xff\xfe", b"NaN"])
def test_an_answer_that_is_not_json_may_be_better_the_next_time(body: bytes) -> None:
    error = error_for(200, body)
    assert (error.kind, error.transient) == TRANSIENT
    assert "not JSON" in str(error)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_an_answer_without_a_body_is_none(status: int) -> None:
    error = error_for(status, b"")
    assert (error.kind, error.transient) == TRANSIENT
    assert f"answers HTTP {status} without a body" in str(error)


@pytest.mark.parametrize("status", [200, 201, 202, 203, 299])
def test_any_2xx_is_an_answer(status: int) -> None:
    job = {"job_id": "a", "status": "SUCCESS"}
    with raw_server(answer(json.dumps(job).encode(), f"{status} X")) as server:
        client = Client(server.url, ManualClock())
        [found] = client.jobs(IMS).fetch(["a"], client.until())["a"]
    assert found.state is State.SUCCEEDED


class TestErrorWith200:
    """An error that comes with HTTP 200."""

    def look(self, service: HuaweiCloudService, body: t.Any) -> State | str:
        with raw_server(answer(json.dumps(body).encode())) as server:
            client = Client(server.url, ManualClock())
            try:
                [job] = client.jobs(service).fetch(["a"], client.until())["a"]
            except CloudwaitError as exc:
                return exc.kind
        assert job.job_id == "a"
        return job.state

    @pytest.mark.parametrize(
        ("service", "body", "expected"),
        [
            (CPH, cps("CPS.0011"), State.NOT_FOUND),
            (CPH, cps("CPS.0001"), "permission"),
            (CPH, cps("CPS.0003"), "service"),
            (IMS, img("IMG.0404"), "service"),
            (IMS, cps("APIGW.0301"), "authentication"),
            # an object that names the job is the job, whatever else it lacks: no verdict
            (CPH, {"job_id": "a", "error_code": "CPS.0011", "error_msg": "x"}, State.UNKNOWN),
            (CPH, {"job_id": "a", "status": None, "error_code": "CPS.0011"}, State.UNKNOWN),
            # a status counts more than an error beside it
            (CPH, {"status": 1, "error_code": "CPS.0011"}, State.RUNNING),
            # what is documented as success, or as no error, is none
            (DWS, {"error_code": "DWS.0000", "error_msg": "success"}, State.UNKNOWN),
            (IMS, {"error_code": None, "fail_reason": None}, State.UNKNOWN),
            (IMS, {"error_code": "", "message": "x"}, State.UNKNOWN),
            # nothing that could be read
            (CPH, {}, State.UNKNOWN),
            (CPH, [], State.UNKNOWN),
            (CPH, None, State.UNKNOWN),
        ],
    )
    def test_it_is_told_apart_from_a_job(self, service: HuaweiCloudService, body: t.Any, expected: State | str) -> None:
        assert self.look(service, body) == expected


class TestWait:
    """How long the service wants to be left alone."""

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            ("Retry-After: 7\r\n", 7.0),
            ("Retry-After: 0\r\n", 0.0),
            # a date counts by the service's own clock
            ("Retry-After: Wed, 21 Oct 2026 07:28:30 GMT\r\nDate: Wed, 21 Oct 2026 07:28:00 GMT\r\n", 30.0),
            ("Retry-After: Wed, 21 Oct 2026 07:27:30 GMT\r\nDate: Wed, 21 Oct 2026 07:28:00 GMT\r\n", 0.0),
            # a day at most
            ("Retry-After: 999999999\r\n", 86400.0),
            # nothing that can be read
            ("Retry-After: soon\r\n", None),
            ("Retry-After: -5\r\n", None),
            ("", None),
        ],
    )
    @pytest.mark.parametrize("status", [429, 503])
    def test_retry_after(self, status: int, headers: str, seconds: float | None) -> None:
        assert error_for(status, b"", headers=headers).wait == seconds

    def test_a_date_without_the_services_own_counts_by_ours(self) -> None:
        clock = ManualClock()
        client = Client("", clock)
        later = email.utils.formatdate(int(clock.wall()) + 20, usegmt=True)
        wait = error_for(429, b"", headers=f"Retry-After: {later}\r\n", client=client).wait
        assert wait == pytest.approx(20, abs=1)

    def test_it_means_nothing_with_an_error_that_does_not_pass(self) -> None:
        assert error_for(400, cps("CPS.0002"), CPH, headers="Retry-After: 7\r\n").wait is None

    @pytest.mark.parametrize(
        ("text", "headers", "wait", "pace"),
        [
            # one request in 1.5 s, the words of the reference
            ("policy user over ratelimit,limit:200,time:5 minute", "", 1.5, 1.5),
            ("policy user over ratelimit,limit:10,time:1 second", "", 0.1, 0.1),
            ("Policy User Over Ratelimit,LIMIT:60,TIME:1 HOUR", "", 60.0, 60.0),
            ("limit:100,time:1 day", "", 864.0, 864.0),
            # both are said: the longer one counts, and the pace is kept anyway
            ("limit:200,time:5 minute", "Retry-After: 9\r\n", 9.0, 1.5),
            ("limit:200,time:5 minute", "Retry-After: 0\r\n", 1.5, 1.5),
            # nothing that can be read
            ("limit:0,time:1 minute", "", None, 0.1),
            ("the limit is reached", "", None, 0.1),
        ],
    )
    def test_a_throttle_states_the_pace(self, text: str, headers: str, wait: float | None, pace: float) -> None:
        client = Client("", ManualClock())
        body = {"error_code": "APIGW.0308", "error_msg": f"The throttling threshold has been reached: {text}"}
        assert error_for(429, body, headers=headers, client=client).wait == (pytest.approx(wait) if wait else wait)
        # The pace is what lies between two later requests, whatever the burst before.
        client.clock.advance(10000)
        starts = []
        for _request in range(10):
            client.rate_limiter.acquire()
            starts.append(client.clock.real())
        assert (starts[-1] - starts[0]) / 9 == pytest.approx(pace, abs=pace / 3)

    def test_the_wait_goes_on_at_that_pace(self, client: Client, still_cloud: Cloud) -> None:
        answers = [
            still_cloud.submit({"provider": "ims", "states": {0: "running", 40: "succeeded"}}) for _job in range(10)
        ]
        still_cloud.fault("throttle", skip=3, limit=200, time="5 minute")
        outcome = client.wait(client.jobs(), [each["job_id"] for each in answers], "succeeded")
        assert {job.state for job in outcome.jobs} == {State.SUCCEEDED}
        times = [request.real for request in still_cloud.requests]
        assert min(after - before for before, after in itertools.pairwise(times[3:])) >= 1.5 - 1e-6
        assert len(operations(still_cloud)) == 1
