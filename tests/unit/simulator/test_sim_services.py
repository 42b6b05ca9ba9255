# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special to CPH, IMS, DWS and UPhone: what they answer while jobs follow their scripts."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, credentials
from ansible_collections.cloudwait.jobs.tests.unit.simulator.asking import Caller, job_target

CPH_JOBS = f"/v1/{credentials.PROJECT_ID}/cloud-phone/jobs"


def submit(cloud: Cloud, script: Any, **options: Any) -> str:
    """Submit one job and return its id."""
    answer = cloud.submit(script, **options)
    return str(answer["jobs"][0]["job_id"] if "jobs" in answer else answer.get("job_id", answer.get("JobId")))


def test_older_cph_sample_has_no_phone(caller: Caller) -> None:
    body = caller.job("cph", "6837531fd3f54550927b930180a706be").body
    assert body["status"] == 2
    assert "phone_id" not in body


@pytest.mark.parametrize("job_id", ["zQKKGIvY", "GQNSsiqb"])
def test_odd_uphone_sample(caller: Caller, job_id: str) -> None:
    body = caller.uphone(job_id)
    assert (body["Jobs"][0]["State"], body["BeginTime"], body["Status"]) == ("GuswRaNJ", "qamMsYcQ", "eBnyYuFP")


def test_samples_are_not_among_all_jobs_of_uphone(caller: Caller) -> None:
    assert caller.uphone() | {"Action": ""} == {"RetCode": 0, "Action": "", "Message": "", "TotalCount": 0, "Jobs": []}


FAILURE = {"code": "X.1", "message": "No."}
# provider, further keys of the script, second, part of what is shown. The run is: pending 0, running 2, end 10.
COURSES: list[tuple[str, dict[str, Any], float, dict[str, Any]]] = [
    ("cph", {}, 0, {"status": 1, "begin_time": None, "end_time": None}),
    ("cph", {}, 2, {"status": 1, "begin_time": "2026-01-02T03:04:07Z", "end_time": None}),
    ("cph", {}, 9.9, {"status": 1, "end_time": None, "error_code": None, "execute_msg": None}),
    (
        "cph",
        {"result": {"execute_msg": "ok"}},
        10,
        {"status": 2, "end_time": "2026-01-02T03:04:15Z", "execute_msg": "ok"},
    ),
    ("cph", {"end": "failed", "error": FAILURE}, 10, {"status": -1, "error_code": "X.1", "error_msg": "No."}),
    ("cph", {"end": "failed", "error": FAILURE}, 9, {"status": 1, "error_code": None, "error_msg": None}),
    ("cph", {"end": 7}, 10, {"status": 7, "end_time": None}),
    ("cph", {"end": "2"}, 10, {"status": "2"}),
    ("cph", {"fields": {"server_id": "s"}}, 0, {"server_id": "s"}),
    ("ims", {}, 0, {"status": "INIT", "begin_time": "", "end_time": "", "entities": {}}),
    ("ims", {"progress": "auto"}, 4, {"status": "RUNNING", "entities": {"process_percent": 0.25}}),
    ("ims", {"progress": {"2": 10, "6": 50}}, 4, {"entities": {"process_percent": 0.3}}),
    ("ims", {"result": {"image_id": "i"}}, 10, {"status": "SUCCESS", "entities": {"image_id": "i"}}),
    ("ims", {}, 10, {"begin_time": "2026-01-02T03:04:07.000Z", "end_time": "2026-01-02T03:04:15.000Z"}),
    ("ims", {"time_style": "old"}, 10, {"begin_time": "02-Jan-2026 03:04:07:000"}),
    ("ims", {"end": "failed", "error": FAILURE}, 10, {"status": "FAIL", "error_code": "X.1", "fail_reason": "No."}),
    (
        "ims",
        {"end": "failed", "error": {"entities": {"error": "E"}}},
        10,
        {"status": "FAIL", "error_code": None, "entities": {"error": "E"}},
    ),
    ("dws", {}, 0, {"status": "INIT", "begin_time": None, "progress": ""}),
    ("dws", {"progress": "auto"}, 4, {"status": "RUNNING", "progress": "25%", "begin_time": "2026-01-02T03:04:07"}),
    ("dws", {"progress": "auto"}, 10, {"status": "SUCCESS", "progress": "100%", "end_time": "2026-01-02T03:04:15"}),
    ("dws", {"end": "failed", "error": FAILURE}, 10, {"status": "FAIL", "failed_code": "X.1", "failed_detail": "No."}),
    ("dws", {"end": "STOP", "error": FAILURE}, 10, {"status": "STOP", "failed_code": "X.1"}),
    ("dws", {"end": None}, 10, {"status": None}),
]


@pytest.mark.parametrize(("provider", "more", "second", "expected"), COURSES)
def test_course_of_a_job(
    cloud: Cloud, clock: ManualClock, caller: Caller, provider: str, more: dict[str, Any], second: float, expected: Any
) -> None:
    script = {**more, "provider": provider}
    script["states"] = {0: "pending", 2: "running", 10: script.pop("end", "succeeded")}
    job_id = submit(cloud, script)
    clock.advance(second)
    answer = caller.job(provider, job_id)
    assert answer.status == 200
    assert {key: answer.body[key] for key in expected} == expected


def test_ims_sub_jobs_hold_the_image_ids(cloud: Cloud, clock: ManualClock, caller: Caller) -> None:
    job_id = submit(cloud, "image-import-ova")
    clock.advance(5)
    first, second = caller.job("ims", job_id).body["entities"]["sub_jobs_result"]
    assert (first["status"], second["status"]) == ("SUCCESS", "RUNNING")
    assert set(first["entities"]) == {"image_id"}
    assert second["entities"] == {}
    clock.advance(3)
    body = caller.job("ims", job_id).body
    assert body["status"] == "SUCCESS"
    assert "image_id" not in body["entities"]


def test_newer_path_of_ims_takes_the_project_from_the_token(cloud: Cloud, caller: Caller) -> None:
    job_id = submit(cloud, "ims-runs", project=credentials.PROJECT_ID)
    assert caller.get(f"/v1/cloudimages/job/{job_id}").body["status"] == "RUNNING"


UNKNOWN = [
    ("cph", 400, "CPS.0011"),
    ("ims", 404, "IMG.0404"),
    ("dws", 404, "DWS.3027"),
]


def code_of(body: dict[str, Any]) -> str:
    """Return the error code of a service's refusal."""
    return str(body["error"]["code"] if "error" in body else body["error_code"])


@pytest.mark.parametrize(("provider", "status", "code"), UNKNOWN)
@pytest.mark.parametrize(
    ("second", "change", "found"),
    [
        (0, {"appears_after": 5}, False),
        (4.9, {"appears_after": 5}, False),
        (5, {"appears_after": 5}, True),
        (4.9, {"vanishes_after": 5}, True),
        (5, {"vanishes_after": 5}, False),
        (0, {"project": credentials.OTHER_PROJECT_ID}, False),
        (0, {"project": credentials.PROJECT_ID}, True),
    ],
)
def test_unknown_jobs(
    cloud: Cloud,
    clock: ManualClock,
    caller: Caller,
    provider: str,
    status: int,
    code: str,
    second: float,
    change: dict[str, Any],
    found: bool,
) -> None:
    job_id = submit(cloud, {"provider": provider, **change})
    clock.advance(second)
    answer = caller.job(provider, job_id)
    assert (answer.status == 200) is found
    if not found:
        assert (answer.status, code_of(answer.body)) == (status, code)


def test_a_script_words_its_own_not_found(cloud: Cloud, caller: Caller) -> None:
    refusal = {"status": 401, "body": {"errCode": "DWS.0047", "externalMessage": "No."}}
    job_id = submit(cloud, {"provider": "dws", "appears_after": 9, "not_found": refusal})
    answer = caller.job("dws", job_id)
    assert (answer.status, answer.body) == (401, refusal["body"])


def test_raw_and_answers_replace_what_is_shown_until_null(cloud: Cloud, clock: ManualClock, caller: Caller) -> None:
    script = {"provider": "ims", "raw": {2: {"odd": 1}, 4: None}, "answers": {6: {"status": 503, "body": []}, 8: None}}
    job_id = submit(cloud, script)
    seen = []
    for _step in range(5):
        answer = caller.job("ims", job_id)
        seen.append((answer.status, answer.body if answer.status != 200 or "odd" in answer.body else "honest"))
        clock.advance(2)
    assert seen == [(200, "honest"), (200, {"odd": 1}), (200, "honest"), (503, []), (200, "honest")]


@pytest.mark.parametrize("job_id", ["a%20b", "a%2Fb", "a%3Fb", "%C3%A9", "a%25b"])
def test_ids_are_decoded_once(cloud: Cloud, caller: Caller, job_id: str) -> None:
    plain = {"a%20b": "a b", "a%2Fb": "a/b", "a%3Fb": "a?b", "%C3%A9": "é", "a%25b": "a%b"}[job_id]
    submit(cloud, {"provider": "dws", "job_id": plain})
    assert caller.job("dws", job_id).body["job_id"] == plain


# ListJobs


def test_cph_list_pages_in_order(cloud: Cloud, caller: Caller) -> None:
    answer = cloud.submit("cph-runs", count=5)
    target = f"{CPH_JOBS}?request_id={answer['request_id']}"
    whole = [job["job_id"] for job in caller.get(target).body["jobs"]]
    assert whole == [job["job_id"] for job in answer["jobs"]]
    pages = [caller.get(f"{target}&limit=2&offset={offset}").body["jobs"] for offset in (0, 2, 4, 6)]
    assert [job["job_id"] for page in pages for job in page] == whole
    assert pages[3] == []


def test_cph_list_has_100_jobs_a_page_and_the_references_fields(cloud: Cloud, caller: Caller) -> None:
    request_id = cloud.submit("cph-runs", count=101)["request_id"]
    body = caller.get(f"{CPH_JOBS}?request_id={request_id}").body
    assert len(body["jobs"]) == 100
    assert set(body) == {"request_id", "jobs"}
    assert "request_id" not in body["jobs"][0]


def test_cph_list_of_several_requests(cloud: Cloud, caller: Caller) -> None:
    one, two = (cloud.submit("cph-runs")["request_id"] for _submit in range(2))
    jobs = caller.get(f"{CPH_JOBS}?request_id={one}&request_ids={two}").body["jobs"]
    assert len(jobs) == 1
    assert jobs == caller.get(f"{CPH_JOBS}?request_id={two}").body["jobs"]
    assert len(caller.get(f"{CPH_JOBS}?request_ids={one},{two},nobody").body["jobs"]) == 2


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("request_id=nobody", "CPS.0050"),
        ("", "CPS.0049"),
        ("request_ids=" + ",".join(map(str, range(21))), "CPS.0049"),
        ("request_ids=" + ",".join(map(str, range(20))), "CPS.0050"),
        ("request_id=x&limit=0", "CPS.0002"),
        ("request_id=x&limit=101", "CPS.0002"),
        ("request_id=x&limit=many", "CPS.0002"),
        ("request_id=x&offset=-1", "CPS.0002"),
    ],
)
def test_cph_list_refuses(caller: Caller, query: str, code: str) -> None:
    answer = caller.get(f"{CPH_JOBS}?{query}")
    assert (answer.status, answer.body["error_code"]) == (400, code)
    assert set(answer.body) == {"request_id", "error_code", "error_msg"}


# UPhone


def test_uphone_tasks_follow_scripts_of_their_own(cloud: Cloud, clock: ManualClock, caller: Caller) -> None:
    job_id = submit(cloud, "uphone-install-partly")
    seen = []
    for step in (0, 1, 3, 2):
        clock.advance(step)
        job = caller.uphone(job_id)["Jobs"][0]
        seen.append((job["State"], [task["State"] for task in job["Tasks"]]))
    assert seen == [
        ("PENDING", []),
        ("RUNNING", ["RUNNING", "RUNNING"]),
        ("RUNNING", ["SUCCESS", "RUNNING"]),
        ("PARTIAL_SUCCESS", ["SUCCESS", "FAILED"]),
    ]
    assert job["Tasks"][1]["ErrorMsg"] == "INSTALL_FAILED_INSUFFICIENT_STORAGE"
    assert (job["CreateTime"], job["BeginTime"], job["EndTime"]) == (1767323045, 1767323046, 1767323051)
    assert [task["UPhoneId"] for task in job["Tasks"]] == job["UPhoneIds"]


def test_uphone_leaves_out_what_waits_unseen(cloud: Cloud, clock: ManualClock, caller: Caller) -> None:
    job_id = submit(cloud, "uphone-waits-unseen")
    assert caller.uphone(job_id) | {"Action": ""} == {
        "RetCode": 0,
        "Action": "",
        "Message": "",
        "TotalCount": 0,
        "Jobs": [],
    }
    clock.advance(4)
    assert caller.uphone(job_id, "nobody")["TotalCount"] == 1


def test_uphone_pages(cloud: Cloud, caller: Caller) -> None:
    job_ids = cloud.submit("uphone-runs", count=150)["JobIds"]

    def page(**parameters: int) -> list[str]:
        body = caller.uphone(**parameters)
        assert body["TotalCount"] == 150
        return [job["JobId"] for job in body["Jobs"]]

    assert page() == job_ids[:20]
    assert page(Limit=100) == job_ids[:100]
    assert page(Limit=100, Offset=100) == job_ids[100:]
    assert page(Offset=150) == []
    # Named ids are paged as well, twenty at a time unless Limit says more, and never twice.
    body = caller.uphone(*job_ids[:30], job_ids[0])
    assert (body["TotalCount"], len(body["Jobs"])) == (30, 20)


@pytest.mark.parametrize("parameters", [{"Limit": 0}, {"Limit": 101}, {"Limit": "x"}, {"Offset": -1}])
def test_uphone_refuses_pages(caller: Caller, parameters: dict[str, object]) -> None:
    assert caller.uphone(**parameters)["RetCode"] == 230


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({}, "abcd"),
        ({"State": "SUCCESS"}, "a"),
        ({"State": "RUNNING"}, "bcd"),
        ({"Types_0": "INSTALL_APP"}, "a"),
        ({"JobTypes_0": "INSTALL_APP", "JobTypes_1": "UPLOAD_FILE"}, "ab"),
        ({"Region": "cn-bj2"}, "abd"),
        ({"CityId": "cn-beijing"}, "abc"),
        ({"ProductType": "uphone"}, "abcd"),
        ({"ProductType": "uphone", "State": "FAILED"}, ""),
    ],
)
def test_uphone_filters(cloud: Cloud, caller: Caller, parameters: dict[str, object], found: str) -> None:
    made: dict[str, dict[str, Any]] = {
        "a": {"type": "INSTALL_APP", "states": {0: "succeeded"}, "region": "cn-bj2"},
        "b": {"type": "UPLOAD_FILE", "city": "cn-beijing"},
        "c": {"region": "cn-sh2"},
        "d": {"city": "cn-shanghai"},
    }
    for name, more in made.items():
        submit(cloud, {"provider": "uphone", "job_id": name, **more})
    assert [job["JobId"] for job in caller.uphone(**parameters)["Jobs"]] == list(found)


def test_uphone_product_type_has_a_default(cloud: Cloud, caller: Caller) -> None:
    job_id = submit(cloud, "uphone-runs", product="uphone")
    assert caller.uphone(job_id)["TotalCount"] == 0
    assert caller.uphone(job_id, ProductType="uphone")["TotalCount"] == 1


# What a submit answers


def test_cph_submit(cloud: Cloud) -> None:
    answer = cloud.submit("phone-reset", each=[{"phone_id": "p1"}, {"phone_id": "p2"}], rejected=1)
    assert set(answer) == {"request_id", "jobs"}
    assert [item.get("phone_id") for item in answer["jobs"]][:2] == ["p1", "p2"]
    assert [item["error_code"] for item in answer["jobs"]] == [None, None, "CPS.0005"]
    assert "job_id" not in answer["jobs"][2]


def test_cph_submit_of_a_server(cloud: Cloud) -> None:
    (item,) = cloud.submit("phone-server-restart")["jobs"]
    assert set(item) == {"server_id", "job_id", "error_code", "error_msg"}


@pytest.mark.parametrize("script", ["ims-runs", "dws-runs"])
def test_ims_and_dws_submit(cloud: Cloud, script: str) -> None:
    assert set(cloud.submit(script)) == {"job_id"}
    assert set(cloud.submit(script, answer={"cluster": {"id": "c"}})) == {"job_id", "cluster"}
    assert [set(answer) for answer in cloud.submit(script, count=2)] == [{"job_id"}, {"job_id"}]


def test_uphone_submit(cloud: Cloud) -> None:
    answer = cloud.submit("uphone-install")
    assert (answer["RetCode"], answer["Action"]) == (0, "InstallUPhoneAppVersionResponse")
    assert "JobIds" not in answer
    assert len(cloud.submit("uphone-install", count=3)["JobIds"]) == 3


def test_scale_stretches_single_jobs(cloud: Cloud, clock: ManualClock, caller: Caller) -> None:
    jobs = cloud.submit("phone-reset", scale=[0.5, 1, 2])["jobs"]
    clock.advance(6)
    bodies = [caller.job("cph", job["job_id"]).body for job in jobs]
    assert [body["status"] for body in bodies] == [2, 2, 1]
    assert bodies[0]["end_time"] == "2026-01-02T03:04:08Z"


def test_reset_brings_the_samples_back_and_nothing_else(cloud: Cloud, caller: Caller) -> None:
    job_id = submit(cloud, "ims-runs")
    cloud.reset()
    assert caller.job("ims", job_id).status == 404
    assert caller.get(job_target("ims", "ff8080814dbd65d7014dbe0d84db0013")).status == 200
