# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendors' clients ask the embedded cloud: it must accept what they send, and they must accept what it says.

Signatures are verified on the way. Where ours asks the same, both must hear the same.
"""

from __future__ import annotations

import socket
from typing import Any

import pytest
from ansible_collections.cloudwait.jobs.tests.contract import ours, vendors
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, credentials, running
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.auth.internal import MetadataAccessor
from huaweicloudsdkcore.exceptions.exceptions import SdkException, ServiceResponseException
from huaweicloudsdkcore.region.region import Region
from ucloud.core.exc import HTTPStatusException, RetCodeException

HUAWEICLOUD = ("cph", "ims", "dws")
# Ids as no service has them, but as somebody may write them.
ODD_IDS = ["a b", "a/b", "../up", "a%2Fb", "50%", "a?b=c#d", "a+b&c=d", "~-._!*'()", "a:b@c;d,e", "日本/☃", "é", "\\"]


def ids_of(answer: dict[str, Any]) -> list[str]:
    return [job["job_id"] for job in answer["jobs"]]


# What they send is accepted


@pytest.mark.parametrize("job_id", ODD_IDS)
@pytest.mark.parametrize("provider", HUAWEICLOUD)
def test_any_id_is_one_segment(cloud: Cloud, provider: str, job_id: str) -> None:
    cloud.submit({"provider": provider, "states": {0: "succeeded"}, "job_id": job_id})
    assert vendors.show(cloud, provider, job_id).job_id == job_id
    [job] = ours.poll(cloud, provider, job_id)["jobs"]
    assert (job["job_id"], job["state"]) == (job_id, "succeeded")
    theirs, own = cloud.requests
    assert theirs.target == own.target
    assert (theirs.status, own.status) == (200, 200)


@pytest.mark.parametrize("job_id", ODD_IDS)
def test_any_id_is_one_parameter(cloud: Cloud, job_id: str) -> None:
    cloud.submit({"provider": "uphone", "states": {0: "succeeded"}, "job_id": job_id})
    assert [job["JobId"] for job in vendors.describe(cloud, job_id)["Jobs"]] == [job_id]
    [job] = ours.poll(cloud, "uphone", job_id)["jobs"]
    assert (job["job_id"], job["state"]) == (job_id, "succeeded")


@pytest.mark.parametrize("provider", HUAWEICLOUD)
def test_a_temporary_pair_signs_in(cloud: Cloud, provider: str) -> None:
    job_id = "j1"
    cloud.submit({"provider": provider, "job_id": job_id})
    pair = vendors.key_pair(
        ak=credentials.TEMPORARY_ACCESS_KEY,
        sk=credentials.TEMPORARY_SECRET_KEY,
        security_token=credentials.SECURITY_TOKEN,
    )
    assert vendors.show(cloud, provider, job_id, pair).job_id == job_id
    own = ours.poll(
        cloud,
        provider,
        job_id,
        access_key=credentials.TEMPORARY_ACCESS_KEY,
        secret_key=credentials.TEMPORARY_SECRET_KEY,
        security_token=credentials.SECURITY_TOKEN,
    )
    assert own["jobs"][0]["state"] == "running"


def test_ucloud_temporary_pair_signs_in(cloud: Cloud) -> None:
    cloud.submit({"provider": "uphone", "job_id": "j1"})
    pair = {
        "public_key": credentials.UCLOUD_TEMPORARY_PUBLIC_KEY,
        "private_key": credentials.UCLOUD_TEMPORARY_PRIVATE_KEY,
    }
    # The SDK's own method knows no security token; any action takes one as a parameter.
    asked = {"JobIds": ["j1"], "SecurityToken": credentials.UCLOUD_SECURITY_TOKEN}
    answer = vendors.ucloud(f"{cloud.url}/", **pair).invoke("DescribeUPhoneJob", asked)
    assert answer["TotalCount"] == 1
    own = ours.poll(cloud, "uphone", "j1", security_token=credentials.UCLOUD_SECURITY_TOKEN, **pair)
    assert own["jobs"][0]["state"] == "running"


@pytest.mark.parametrize(
    ("region", "project_id"),
    [(credentials.REGION, credentials.PROJECT_ID), (credentials.OTHER_REGION, credentials.OTHER_PROJECT_ID)],
)
def test_the_project_is_looked_up_by_the_region(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, region: str, project_id: str
) -> None:
    monkeypatch.setattr(BasicCredentials, "_CACHE", {})
    cloud.submit({"provider": "cph", "job_id": "j1", "project": project_id})
    pair = BasicCredentials(credentials.ACCESS_KEY, credentials.SECRET_KEY).with_iam_endpoint(cloud.url)
    builder = vendors.CLIENTS["cph"].new_builder().with_credentials(pair).with_region(Region(region, cloud.url))
    builder.build()
    assert pair.project_id == project_id
    [job] = ours.poll(cloud, "cph", "j1", region=region, project_id=None)["jobs"]
    assert job["state"] == "running"
    theirs, look_up, look = cloud.requests
    assert theirs.target == look_up.target
    assert f"/{project_id}/" in look.target


@pytest.mark.parametrize(
    ("region", "words"),
    [("nowhere-1", "no project"), (credentials.AMBIGUOUS_PROJECT_NAME, "several projects")],
)
def test_the_project_cannot_be_told_from_the_region(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, region: str, words: str
) -> None:
    monkeypatch.setattr(BasicCredentials, "_CACHE", {})
    pair = BasicCredentials(credentials.ACCESS_KEY, credentials.SECRET_KEY).with_iam_endpoint(cloud.url)
    builder = vendors.CLIENTS["cph"].new_builder().with_credentials(pair).with_region(Region(region, cloud.url))
    with pytest.raises(SdkException):
        builder.build()
    failed = ours.poll(cloud, "cph", "j1", region=region, project_id=None)
    assert failed["failure"]["kind"] == "invalid"
    assert words in failed["msg"]


def test_a_servers_agency_signs_in(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK takes temporary keys from the embedded cloud's metadata address, and they are good."""
    monkeypatch.setattr(MetadataAccessor, "_METADATA_ENDPOINT", cloud.url)
    cloud.submit({"provider": "ims", "job_id": "j1"})
    pair = BasicCredentials(project_id=credentials.PROJECT_ID)
    pair.sts_accessor = MetadataAccessor()
    assert vendors.show(cloud, "ims", "j1", pair).status == "RUNNING"
    assert (pair.ak, pair.security_token) == (credentials.TEMPORARY_ACCESS_KEY, credentials.SECURITY_TOKEN)


# Lists


def test_jobs_of_a_request_are_listed(cloud: Cloud, clock: ManualClock) -> None:
    answer = cloud.submit("phone-reset", count=3, scale=[1, 2, 3])
    clock.advance(6)
    theirs = vendors.list_jobs(cloud, request_id=answer["request_id"])
    assert [job.job_id for job in theirs.jobs] == ids_of(answer)
    own = ours.poll(cloud, "cph", request_ids=[answer["request_id"]])["jobs"]
    read = [(job.job_id, job.status, job.phone_id, job.begin_time, job.end_time, job.error_code) for job in theirs.jobs]
    assert read == [
        (
            job["job_id"],
            job["status"],
            job["resources"]["phone_id"],
            job["begin_time"],
            job["end_time"],
            job["error"],
        )
        for job in own
    ]
    assert [job["state"] for job in own] == ["succeeded", "running", "running"]


@pytest.mark.parametrize("count", [2, 20])
def test_jobs_of_several_requests_are_listed(cloud: Cloud, count: int) -> None:
    answers = [cloud.submit("phone-reset", count=2) for _request in range(count)]
    request_ids = [answer["request_id"] for answer in answers]
    # request_ids goes before request_id
    theirs = vendors.list_jobs(cloud, request_ids=",".join(request_ids), request_id="nonsense")
    expected = [job_id for answer in answers for job_id in ids_of(answer)]
    assert [job.job_id for job in theirs.jobs] == expected
    own = ours.poll(cloud, "cph", request_ids=request_ids)
    assert [job["job_id"] for job in own["jobs"]] == expected
    assert own["summary"]["running"] == 2 * count


def test_jobs_are_listed_page_by_page(cloud: Cloud) -> None:
    answer = cloud.submit("phone-reset", count=205)
    request_id = answer["request_id"]
    pages = [vendors.list_jobs(cloud, request_id=request_id, limit=100, offset=at).jobs for at in (0, 100, 200)]
    assert [len(page) for page in pages] == [100, 100, 5]
    assert len(vendors.list_jobs(cloud, request_id=request_id).jobs) == 100
    expected = ids_of(answer)
    assert [job.job_id for page in pages for job in page] == expected
    own = ours.poll(cloud, "cph", request_ids=[request_id])
    assert [job["job_id"] for job in own["jobs"]] == expected
    # A list of several pages counts when two readings agree.
    assert own["requests"] == 2 * 3


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"request_id": "unknown"}, "CPS.0050"),
        ({}, "CPS.0049"),
        ({"request_ids": ",".join(f"r{number}" for number in range(21))}, "CPS.0049"),
        ({"request_id": "unknown", "limit": 101}, "CPS.0002"),
        ({"request_id": "unknown", "limit": 0}, "CPS.0002"),
        ({"request_id": "unknown", "offset": -1}, "CPS.0002"),
    ],
)
def test_a_list_is_refused(cloud: Cloud, query: dict[str, Any], code: str) -> None:
    with pytest.raises(ServiceResponseException) as refusal:
        vendors.list_jobs(cloud, **query)
    assert (refusal.value.status_code, refusal.value.error_code) == (400, code)


@pytest.mark.parametrize("count", [1, 11, 100, 130])
def test_many_uphone_jobs_are_described(cloud: Cloud, count: int) -> None:
    answer = cloud.submit("uphone-runs", count=count)
    job_ids = answer.get("JobIds") or [answer["JobId"]]
    first = vendors.describe(cloud, *job_ids[:100], Limit=100)
    rest = vendors.describe(cloud, *job_ids[100:], Limit=100) if count > 100 else {"Jobs": [], "TotalCount": 0}
    assert first["TotalCount"] + rest["TotalCount"] == count
    assert [job["JobId"] for job in first["Jobs"] + rest["Jobs"]] == job_ids
    assert [job["job_id"] for job in ours.poll(cloud, "uphone", *job_ids)["jobs"]] == job_ids


@pytest.mark.parametrize(
    ("theirs", "own", "names"),
    [
        ({}, {}, ["a", "b", "c", "d"]),
        ({"State": "SUCCESS"}, {"states": ["succeeded"]}, ["c", "d"]),
        ({"State": "RUNNING"}, {"states": ["running"]}, ["b"]),
        ({"State": "PENDING"}, {"states": ["pending"]}, ["a"]),
        ({"Types": ["INSTALL_APP"]}, {"job_types": ["INSTALL_APP"]}, ["b", "c"]),
        ({"Types": ["INSTALL_APP", "UPLOAD_FILE"]}, {"job_types": ["INSTALL_APP", "UPLOAD_FILE"]}, ["b", "c", "d"]),
        (
            {"State": "SUCCESS", "Types": ["INSTALL_APP"]},
            {"states": ["succeeded"], "job_types": ["INSTALL_APP"]},
            ["c"],
        ),
        ({"CityId": "cn-beijing"}, {"city_id": "cn-beijing"}, ["a", "b", "d"]),
        ({"ProductType": "uphone"}, {"product_type": "uphone"}, ["a", "b", "c"]),
    ],
)
def test_uphone_jobs_are_filtered(cloud: Cloud, theirs: dict[str, Any], own: dict[str, Any], names: list[str]) -> None:
    for name, state, job_type, more in (
        ("a", "pending", "RUN_ASYNC_COMMAND", {}),
        ("b", "running", "INSTALL_APP", {}),
        ("c", "succeeded", "INSTALL_APP", {"city": "cn-shanghai"}),
        ("d", "succeeded", "UPLOAD_FILE", {"product": "uphone-server"}),
    ):
        cloud.submit({"provider": "uphone", "job_id": name, "states": {0: state}, "type": job_type, **more})
    answer = vendors.describe(cloud, **theirs)
    assert [job["JobId"] for job in answer["Jobs"]] == names
    assert answer["TotalCount"] == len(names)
    assert [job["job_id"] for job in ours.poll(cloud, "uphone", **own)["jobs"]] == names


def test_uphone_jobs_are_described_page_by_page(cloud: Cloud) -> None:
    job_ids = cloud.submit("uphone-runs", count=130)["JobIds"]
    pages = [vendors.describe(cloud, Limit=50, Offset=at)["Jobs"] for at in (0, 50, 100)]
    assert [job["JobId"] for page in pages for job in page] == job_ids
    assert len(vendors.describe(cloud)["Jobs"]) == 20
    own = ours.poll(cloud, "uphone")
    assert [job["job_id"] for job in own["jobs"]] == job_ids
    assert own["requests"] == 2 * 2


# What it refuses


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ({"sk": "wrong"}, "verify aksk signature fail"),
        ({"ak": "UNKNOWN"}, "ak not exist"),
        ({"security_token": "of-another-pair"}, "security token is wrong"),
        (
            {"ak": credentials.TEMPORARY_ACCESS_KEY, "sk": credentials.TEMPORARY_SECRET_KEY},
            "security token is wrong",
        ),
    ],
)
@pytest.mark.parametrize("provider", HUAWEICLOUD)
def test_a_wrong_pair_is_refused(cloud: Cloud, provider: str, pair: dict[str, str], words: str) -> None:
    cloud.submit({"provider": provider, "job_id": "j1"})
    with pytest.raises(ServiceResponseException, match=words) as refusal:
        vendors.show(cloud, provider, "j1", vendors.key_pair(**pair))
    assert (refusal.value.status_code, refusal.value.error_code) == (401, "APIGW.0301")
    names = {"ak": "access_key", "sk": "secret_key", "security_token": "security_token"}
    wrong = {names[name]: value for name, value in pair.items()}
    # However many jobs are asked for, and however long they are waited for, the pair is shown once.
    own = ours.poll(cloud, provider, *(f"j{number}" for number in range(9)), until=["succeeded"], **wrong)
    assert own["failure"]["kind"] == "authentication"
    assert own["failure"]["code"] == refusal.value.error_code
    assert words in own["failure"]["message"]
    assert [request.status for request in cloud.requests] == [401, 401]


def test_a_key_is_locked_after_five_refusals(cloud: Cloud, clock: ManualClock) -> None:
    cloud.submit({"provider": "cph", "job_id": "j1"})
    wrong = vendors.key_pair(sk="wrong")
    for _refusal in range(5):
        with pytest.raises(ServiceResponseException, match="verify aksk signature fail"):
            vendors.show(cloud, "cph", "j1", wrong)
    with pytest.raises(ServiceResponseException, match="AK access failed to reach the limit,forbidden"):
        vendors.show(cloud, "cph", "j1")
    clock.advance(5 * 60)
    assert vendors.show(cloud, "cph", "j1").status == 1


def test_a_wrong_clock_is_refused(cloud: Cloud) -> None:
    cloud.submit({"provider": "cph", "job_id": "j1"})
    cloud.skew = 3600
    with pytest.raises(ServiceResponseException, match="signature expired"):
        vendors.show(cloud, "cph", "j1")
    # The SDK goes by its own clock, ours corrects it once.
    own = ours.poll(cloud, "cph", "j1")
    assert own["jobs"][0]["state"] == "running"
    assert own["requests"] == 2


@pytest.mark.parametrize(
    ("provider", "fault", "kind"),
    [
        # the service's own codes, in its own shape
        ("cph", {"code": "CPS.0011", "status": 400}, "not_found"),
        ("cph", {"code": "CPS.0001", "status": 400}, "permission"),
        ("cph", {"code": "CPS.0195", "status": 400}, "permission"),
        ("cph", {"code": "CPS.0002", "status": 400}, "invalid"),
        ("cph", {"code": "CPS0002", "status": 400}, "invalid"),
        ("cph", {"code": "CPS.0003", "status": 400}, "service"),
        ("cph", {"code": "CPS.0054", "status": 400}, "service"),
        ("cph", {"code": "CPS.9999", "status": 501}, "service"),
        ("ims", {"code": "IMG.0024", "status": 400}, "invalid"),
        ("ims", {"code": "IMG.0023", "status": 500}, "service"),
        ("ims", {"code": "IMG.0404", "status": 404}, "not_found"),
        ("ims", {"code": "IMG.0030", "status": 403}, "permission"),
        ("dws", {"code": "DWS.0001", "status": 400}, "invalid"),
        ("dws", {"code": "DWS.0047", "status": 401}, "not_found"),
        ("dws", {"code": "DWS.0015", "status": 403}, "not_found"),
        ("dws", {"code": "DWS.3027", "status": 404}, "not_found"),
        ("dws", {"code": "DWS.10101", "status": 400}, "not_found"),
        ("dws", {"code": "DWS.9999", "status": 500}, "service"),
    ],
)
def test_a_service_refuses(cloud: Cloud, provider: str, fault: dict[str, Any], kind: str) -> None:
    cloud.fault("error", message="Refused on order", times=None, **fault)
    with pytest.raises(ServiceResponseException) as refusal:
        vendors.show(cloud, provider, "j1")
    said = (refusal.value.status_code, refusal.value.error_code, refusal.value.error_msg)
    assert said == (fault["status"], fault["code"], "Refused on order")
    assert_ours_hears(ours.poll(cloud, provider, "j1"), kind, fault["code"], "Refused on order")


@pytest.mark.parametrize("provider", HUAWEICLOUD)
@pytest.mark.parametrize(
    ("body", "status", "code", "kind"),
    [
        # the gateway, under both of its names
        ({"error_code": "APIGW.0302", "error_msg": "No", "request_id": "r"}, 403, "APIGW.0302", "permission"),
        ({"error_code": "APIG.0302", "error_msg": "No", "request_id": "r"}, 403, "APIG.0302", "permission"),
        ({"error_code": "APIGW.0101", "error_msg": "No", "request_id": "r"}, 404, "APIGW.0101", "service"),
        ({"error_code": "APIGW.0301", "error_msg": "No", "request_id": "r"}, 401, "APIGW.0301", "authentication"),
        ({"error_code": "APIGW.0201", "error_msg": "No", "request_id": "r"}, 504, "APIGW.0201", "service"),
        ({"error_code": "APIGW.0610", "error_msg": "No", "request_id": "r"}, 502, "APIGW.0610", "service"),
        # every other spelling of an error that the SDK reads
        ({"error": {"code": "X.1", "message": "No"}}, 400, "X.1", "invalid"),
        ({"code": "X.2", "message": "No"}, 400, "X.2", "invalid"),
        ({"errorCode": "X.3", "errorMsg": "No"}, 403, "X.3", "permission"),
        ({"errCode": "X.4", "error_code": "X.4", "externalMessage": "No", "error_msg": "No"}, 404, "X.4", "not_found"),
    ],
)
def test_a_gateway_refuses(
    cloud: Cloud, provider: str, body: dict[str, Any], status: int, code: str, kind: str
) -> None:
    cloud.fault("status", status=status, body=body, times=None)
    with pytest.raises(ServiceResponseException) as refusal:
        vendors.show(cloud, provider, "j1")
    assert (refusal.value.status_code, refusal.value.error_code, refusal.value.error_msg) == (status, code, "No")
    assert_ours_hears(ours.poll(cloud, provider, "j1"), kind, code, "No")


def assert_ours_hears(result: dict[str, Any], kind: str, code: str, message: str) -> None:
    """Ours tells the same error: of the job where there is none, of the task otherwise."""
    if kind == "not_found":
        [job] = result["jobs"]
        assert (job["state"], job["error"]) == ("not_found", {"code": code, "message": message})
        assert "failure" not in result
    else:
        assert (result["failure"]["kind"], result["failure"]["code"]) == (kind, code)
        assert message in result["msg"]


@pytest.mark.parametrize("provider", HUAWEICLOUD)
def test_a_gateway_throttles(cloud: Cloud, provider: str) -> None:
    cloud.submit({"provider": provider, "job_id": "j1"})
    cloud.set_rate(1)
    vendors.show(cloud, provider, "j1")
    # The SDK keeps the gateway's code to itself.
    with pytest.raises(ServiceResponseException, match="too many 429 error responses"):
        vendors.show(cloud, provider, "j1")
    own = ours.poll(cloud, provider, "j1")
    assert (own["failure"]["kind"], own["failure"]["code"]) == ("service", "APIGW.0308")


@pytest.mark.parametrize("provider", HUAWEICLOUD)
def test_a_gateway_answers_html(cloud: Cloud, provider: str) -> None:
    cloud.fault("html", status=502, times=None)
    with pytest.raises(ServiceResponseException, match="502 Bad Gateway") as refusal:
        vendors.show(cloud, provider, "j1")
    assert refusal.value.status_code == 502
    own = ours.poll(cloud, provider, "j1")
    assert (own["failure"]["kind"], own["requests"]) == ("service", 3)


@pytest.mark.parametrize(
    ("provider", "status", "code"),
    [("cph", 400, "CPS.0001"), ("ims", 403, "APIGW.0302"), ("dws", 403, "APIGW.0302")],
)
def test_another_project_is_refused(cloud: Cloud, provider: str, status: int, code: str) -> None:
    project_id = "0" * 32
    with pytest.raises(ServiceResponseException) as refusal:
        vendors.show(cloud, provider, "j1", vendors.key_pair(project_id=project_id))
    assert (refusal.value.status_code, refusal.value.error_code) == (status, code)
    own = ours.poll(cloud, provider, "j1", project_id=project_id)
    assert (own["failure"]["kind"], own["failure"]["code"]) == ("permission", code)


@pytest.mark.parametrize(
    ("changes", "code", "kind"),
    [
        ({"private_key": "wrong"}, 171, "authentication"),
        ({"public_key": "unknown"}, 172, "authentication"),
        (
            {
                "public_key": credentials.UCLOUD_TEMPORARY_PUBLIC_KEY,
                "private_key": credentials.UCLOUD_TEMPORARY_PRIVATE_KEY,
            },
            174,
            "authentication",
        ),
        ({"project_id": "org-other"}, 292, "invalid"),
    ],
)
def test_a_wrong_ucloud_pair_is_refused(cloud: Cloud, changes: dict[str, str], code: int, kind: str) -> None:
    with pytest.raises(RetCodeException) as refusal:
        vendors.ucloud(f"{cloud.url}/", **changes).describe_u_phone_job({"JobIds": ["j1"]})
    assert refusal.value.code == code
    own = ours.poll(cloud, "uphone", "j1", **changes)
    assert (own["failure"]["kind"], own["failure"]["code"], own["requests"]) == (kind, str(code), 1)
    assert refusal.value.message in own["msg"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *((code, "service") for code in (110, 130, 150, 153, 230, 2000, 58204)),
        *((code, "invalid") for code in (160, 161, 292)),
        *((code, "authentication") for code in (170, 171, 172, 174)),
        *((code, "permission") for code in (293, 294, 295, 299)),
    ],
)
def test_ucloud_refuses(cloud: Cloud, code: int, kind: str) -> None:
    cloud.fault("error", code=code, message="Refused on order", times=None)
    with pytest.raises(RetCodeException) as refusal:
        vendors.describe(cloud, "j1")
    assert (refusal.value.code, refusal.value.message) == (code, "Refused on order")
    assert_ours_hears(ours.poll(cloud, "uphone", "j1"), kind, str(code), "Refused on order")


def test_ucloud_gateway_answers_html(cloud: Cloud) -> None:
    cloud.fault("html", status=502, times=None)
    with pytest.raises(HTTPStatusException) as refusal:
        vendors.describe(cloud, "j1")
    assert refusal.value.status_code == 502
    own = ours.poll(cloud, "uphone", "j1")
    assert (own["failure"]["kind"], own["requests"]) == ("service", 3)


# Addresses


@pytest.mark.parametrize("provider", [*HUAWEICLOUD, "uphone"])
@pytest.mark.parametrize("base_path", ["/gateway", "/gate%20way/%CE%B2~c", "/a//b"])
def test_a_base_path_is_sent_and_signed(clock: ManualClock, provider: str, base_path: str) -> None:
    """The vendors' clients drop a base path of Huawei Cloud's services; the signature covers it."""
    with running(Cloud(clock=clock, base_path=base_path)) as cloud:
        cloud.submit({"provider": provider, "job_id": "j1"})
        own = ours.poll(cloud, provider, "j1")
    assert [job["state"] for job in own["jobs"]] == ["running"], own["msg"]
    assert cloud.requests[-1].target.startswith(f"{base_path}/")


@pytest.mark.parametrize("provider", HUAWEICLOUD)
@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8080",
        "127.0.0.1:8080",
        "[::1]:8080",
        # what is sent is in small letters, and without the port that goes without saying
        "LocalHost:8080",
        "localhost:80",
    ],
)
def test_the_host_is_signed_as_it_is_sent(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, provider: str, host: str
) -> None:
    cloud.submit({"provider": provider, "job_id": "j1"})
    port = int(cloud.url.rpartition(":")[2])
    found = [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))]
    # Every name and every port lead to the embedded cloud.
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_name, **_options: found)
    own = ours.poll(cloud, provider, "j1", endpoint=f"http://{host}")
    assert [job["state"] for job in own["jobs"]] == ["running"], own["msg"]
