# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How jobs are looked up, with how many requests, and what answers that nobody asked for do: nothing."""

from __future__ import annotations

import json
import re
import typing as t
from collections import Counter

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.batch_source import LIST_TRIES
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import LISTING, TargetKind
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import CloudwaitError
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import Job, State
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.clients import Client, operations
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.raw_server import answer, raw_server

RUNS_100 = {0: "running", 100: "succeeded"}


def submit_phones(cloud: Cloud, count: int = 1, requests: int = 1, **script: t.Any) -> list[str]:
    """CPH jobs, so many in each of so many requests; their ids."""
    ids = []
    for _request in range(requests):
        submitted = cloud.submit({"provider": "cph", "states": RUNS_100, **script}, count=count)
        ids += [str(job["job_id"]) for job in submitted["jobs"]]
    return ids


def request_ids(cloud: Cloud) -> list[str]:
    """The requests of all CPH jobs that were submitted by a test."""
    return list(dict.fromkeys(job.request_id for job in cloud.store if job.request_id and not job.script.preset))


def states(jobs: t.Iterable[Job]) -> dict[str, int]:
    return dict(Counter(job.state.value for job in jobs))


class TestOneByOne:
    @pytest.mark.parametrize(
        ("service", "body"),
        [
            (CPH, {"job_id": "other", "status": 2}),
            (IMS, {"job_id": "other", "status": "SUCCESS"}),
            (DWS, {"job_id": "other", "status": "SUCCESS"}),
            (DWS, {"job_id": 17, "status": "SUCCESS"}),
        ],
    )
    def test_an_answer_for_another_job_is_none(self, service: t.Any, body: t.Any) -> None:
        with raw_server(answer(json.dumps(body).encode())) as server:
            client = Client(server.url, ManualClock())
            with pytest.raises(CloudwaitError) as caught:
                client.jobs(service).fetch(["a"], client.until())
        assert is_sentence(str(caught.value))
        assert caught.value.transient
        assert "another job than a" in str(caught.value)

    def test_it_is_asked_for_again(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault("json", service="ims", body={"job_id": "other", "status": "SUCCESS"}, times=3)
        job_id = still_cloud.submit({"provider": "ims", "states": {0: "running", 50: "failed"}})["job_id"]
        outcome = client.wait(client.jobs(), [job_id])
        assert states(outcome.jobs) == {"failed": 1}

    @pytest.mark.parametrize(
        "text", ['{"job_id": "a", "status": "SUCCESS", "status": "FAIL"}', '{"a": 1e400}', "[" * 99]
    )
    def test_an_answer_of_nonsense_gives_no_verdict(self, text: str, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault("text", service="ims", text=text, times=None)
        outcome = client.wait(client.jobs(), ["a"], timeout=20)
        assert states(outcome.jobs) == {"unknown": 1}
        assert outcome.timed_out


class TestByRequests:
    """CPH jobs by their ids: the answers tell their requests, and these are asked for together."""

    @pytest.mark.parametrize(
        ("jobs", "requests", "first", "later"),
        [
            # issue: a thousand jobs of ten requests
            (100, 10, {"cph.show_job": 10, "cph.list_jobs": 10}, 10),
            # one request of several pages
            (1000, 1, {"cph.show_job": 2, "cph.list_jobs": 12}, 10),
            (250, 4, {"cph.show_job": 8, "cph.list_jobs": 16}, 10),
            # many small requests
            (3, 100, {"cph.show_job": 100, "cph.list_jobs": 100}, 5),
            # a job in each request: it is tried ever more seldom whether one has more
            (1, 40, {"cph.show_job": 40, "cph.list_jobs": 5}, 2),
            # where nothing can be saved nothing is tried
            (1, 1, {"cph.show_job": 1}, 1),
            (2, 1, {"cph.show_job": 2}, 1),
            (3, 1, {"cph.show_job": 1, "cph.list_jobs": 1}, 1),
        ],
    )
    def test_requests_for_a_sweep(
        self, jobs: int, requests: int, first: dict[str, int], later: int, client: Client, still_cloud: Cloud
    ) -> None:
        ids = submit_phones(still_cloud, jobs, requests)
        source = client.cph_jobs()
        assert states(client.poll(source, ids).jobs) == {"running": len(ids)}
        assert operations(still_cloud) == first
        before = client.http.requests
        assert states(client.poll(source, ids).jobs) == {"running": len(ids)}
        assert client.http.requests - before == later

    def test_jobs_that_are_not_waited_for_do_not_matter(self, client: Client, still_cloud: Cloud) -> None:
        ids = submit_phones(still_cloud, 90, 2)
        asked = ids[5:10] + ids[100:103]
        outcome = client.wait(client.cph_jobs(), asked, "succeeded")
        assert [job.job_id for job in outcome.jobs] == asked
        assert states(outcome.jobs) == {"succeeded": 8}

    def test_the_wait_as_a_whole(self, client: Client, still_cloud: Cloud) -> None:
        ids = submit_phones(still_cloud, 100, 10)
        outcome = client.wait(client.cph_jobs(), ids, "succeeded", max_interval=10)
        assert states(outcome.jobs) == {"succeeded": 1000}
        assert [job.job_id for job in outcome.jobs] == ids
        # every list tells of a hundred jobs, and only the first of each request was asked for by itself
        assert operations(still_cloud) == {"cph.show_job": 10, "cph.list_jobs": outcome.polls // 100}

    def test_a_list_that_names_no_request_is_good_enough(self, client: Client, still_cloud: Cloud) -> None:
        """As the vendor's model of the list, and the embedded cloud, have it; the other kind works, too."""
        ids = submit_phones(still_cloud, 50, 3)
        still_cloud.fault("merge", operation="list_jobs", times=None, body={"jobs": {"request_id": "named"}})
        outcome = client.poll(client.cph_jobs(), ids)
        assert states(outcome.jobs) == {"running": 150}

    def test_a_job_that_the_list_leaves_out_is_asked_for_by_itself(self, client: Client, still_cloud: Cloud) -> None:
        ids = submit_phones(still_cloud, 5)
        source = client.cph_jobs()
        client.poll(source, ids)
        still_cloud.fault("json", operation="list_jobs", body={"jobs": [{"job_id": ids[0], "status": 2}]}, times=None)
        outcome = client.poll(source, ids)
        assert [job.state for job in outcome.jobs] == [State.SUCCEEDED] + [State.RUNNING] * 4

    @pytest.mark.parametrize(
        "body",
        [
            # other jobs; ten thousand of them; no jobs; jobs without an id, and nothing that is a job
            {"jobs": [{"job_id": "other", "status": 2}]},
            {"jobs": [{"job_id": f"other-{number}", "status": 2} for number in range(10_000)]},
            {"jobs": []},
            {"jobs": None},
            {"jobs": [{"status": 2}, {"job_id": None, "status": 2}, None, 3, "x", []]},
        ],
    )
    def test_answers_that_nobody_asked_for(self, body: t.Any, client: Client, still_cloud: Cloud) -> None:
        ids = submit_phones(still_cloud, 4)
        still_cloud.fault("json", operation="list_jobs", body=body, times=None)
        outcome = client.wait(client.cph_jobs(), ids, "succeeded")
        assert [job.job_id for job in outcome.jobs] == ids
        assert states(outcome.jobs) == {"succeeded": 4}

    def test_an_answer_that_contradicts_itself_has_ended_nothing(self, client: Client, still_cloud: Cloud) -> None:
        ids = submit_phones(still_cloud, 3)
        source = client.cph_jobs()
        client.poll(source, ids)
        twice = [{"job_id": ids[0], "status": status} for status in (2, 1)]
        others = [{"job_id": job_id, "status": 1} for job_id in ids[1:]]
        still_cloud.fault("json", operation="list_jobs", body={"jobs": [*twice, *others]})
        assert states(client.poll(source, ids).jobs) == {"running": 3}

    @pytest.mark.parametrize(
        ("fault", "lists"),
        [
            # not allowed, not there, not as documented: the list is not asked for again
            ({"kind": "error", "code": "CPS.0001", "status": 403}, 1),
            ({"kind": "error", "code": "APIGW.0101", "status": 404}, 1),
            ({"kind": "error", "code": "CPS.0049", "status": 400}, 1),
            # one that fails now is tried with further jobs, but not for ever
            ({"kind": "html", "status": 502}, LIST_TRIES),
            ({"kind": "json", "body": {"jobs": "none"}}, LIST_TRIES),
            ({"kind": "json", "body": 3}, LIST_TRIES),
            # a request that the list does not know is not asked for with the next job
            ({"kind": "error", "code": "CPS.0050"}, 1),
        ],
    )
    def test_a_list_that_does_not_work_costs_nothing_but_speed(
        self, fault: dict[str, t.Any], lists: int, client: Client, still_cloud: Cloud
    ) -> None:
        ids = submit_phones(still_cloud, 10)
        still_cloud.fault(**fault, operation="list_jobs", times=None)
        source = client.cph_jobs()
        outcome = client.poll(source, ids)
        assert states(outcome.jobs) == {"running": 10}
        assert outcome.error is None
        assert operations(still_cloud) == {"cph.show_job": 10, "cph.list_jobs": lists}
        # and so does the rest of the wait
        outcome = client.wait(source, ids, "succeeded")
        assert states(outcome.jobs) == {"succeeded": 10}
        if fault.get("status") in (400, 403, 404):
            assert operations(still_cloud)["cph.list_jobs"] == 1

    def test_a_list_that_works_again_is_used_again(self, client: Client, still_cloud: Cloud) -> None:
        ids = submit_phones(still_cloud, 50)
        source = client.cph_jobs()
        client.poll(source, ids)
        still_cloud.fault("html", operation="list_jobs", times=LIST_TRIES)
        assert states(client.wait(source, ids, "succeeded").jobs) == {"succeeded": 50}
        assert operations(still_cloud)["cph.show_job"] == 1 + 50

    def test_requests_of_which_one_is_gone_are_asked_for_one_by_one(self, client: Client, still_cloud: Cloud) -> None:
        ids = submit_phones(still_cloud, 30, 3)
        source = client.cph_jobs()
        client.poll(source, ids)
        still_cloud.fault("error", operation="list_jobs", code="CPS.0050")
        before = operations(still_cloud)
        assert states(client.poll(source, ids).jobs) == {"running": 90}
        after = operations(still_cloud)
        assert (after["cph.list_jobs"] - before["cph.list_jobs"], after["cph.show_job"]) == (4, before["cph.show_job"])

    def test_refused_credentials_end_the_wait_here_too(self, client: Client, still_cloud: Cloud) -> None:
        ids = submit_phones(still_cloud, 10)
        still_cloud.fault("expired_token", operation="list_jobs", skip=1, times=None)
        outcome = client.wait(client.cph_jobs(), ids)
        assert outcome.error is not None
        assert outcome.error.kind == "authentication"
        assert states(outcome.jobs) == {"running": 10}

    def test_a_job_that_vanishes_is_not_found(self, client: Client, still_cloud: Cloud) -> None:
        ids = submit_phones(still_cloud, 4) + submit_phones(still_cloud, 1, vanishes_after=20)
        outcome = client.wait(client.cph_jobs(), ids, "succeeded")
        assert states(outcome.jobs) == {"succeeded": 4, "not_found": 1}
        assert outcome.missing == [ids[4]]


def offsets(cloud: Cloud) -> list[int]:
    """Where the pages began that were asked for."""
    return [int(re.findall(r"offset=(\d+)", request.target)[0]) for request in cloud.requests]


class TestRequestIds:
    """CPH jobs by the requests that started them."""

    def test_every_job_of_every_request(self, client: Client, still_cloud: Cloud) -> None:
        ids = submit_phones(still_cloud, 3, 4)
        outcome = client.wait(client.requests(), request_ids(still_cloud), "succeeded", kind=TargetKind.REQUESTS)
        assert [job.job_id for job in outcome.jobs] == ids
        assert states(outcome.jobs) == {"succeeded": 12}

    @pytest.mark.parametrize(("jobs", "pages"), [(1, 1), (99, 1), (100, 2), (101, 2), (250, 3)])
    def test_pages(self, jobs: int, pages: int, client: Client, still_cloud: Cloud) -> None:
        """Several of them are read until two readings agree."""
        ids = submit_phones(still_cloud, jobs)
        source = client.requests()
        once = [100 * page for page in range(pages)]
        outcome = client.poll(source, request_ids(still_cloud), TargetKind.REQUESTS)
        assert [job.job_id for job in outcome.jobs] == ids
        assert offsets(still_cloud) == (2 * once if pages > 1 else once)
        assert all("limit=100" in request.target for request in still_cloud.requests)
        # the next poll agrees with the last one
        client.poll(source, request_ids(still_cloud), TargetKind.REQUESTS)
        assert offsets(still_cloud) == (3 * once if pages > 1 else 2 * once)

    def test_a_job_that_a_shifting_page_hides_is_found(self, client: Client) -> None:
        first, second = ([f"j{number}" for number in range(start, start + 100)] for start in (0, 100))
        # between the pages a job went, and the one behind it moved to the page that had been read
        readings = [first, second[1:50], first[1:] + second[:1], second[1:50], first[1:] + second[:1], second[1:50]]
        replies = [
            answer(json.dumps({"jobs": [{"job_id": job_id, "status": 1} for job_id in page]}).encode())
            for page in readings
        ]
        with raw_server(*replies) as server:
            client.url = server.url
            outcome = client.poll(client.requests(), ["r"], TargetKind.REQUESTS)
        assert "j100" in [job.job_id for job in outcome.jobs]

    def test_behind_a_last_full_page_there_may_be_an_error(self, client: Client, still_cloud: Cloud) -> None:
        submit_phones(still_cloud, 100)
        still_cloud.fault("error", operation="list_jobs", code="CPS.0050", skip=1)
        outcome = client.poll(client.requests(), request_ids(still_cloud), TargetKind.REQUESTS)
        assert states(outcome.jobs) == {"running": 100}

    def test_a_service_that_does_not_turn_pages_is_not_asked_for_ever(self, client: Client, still_cloud: Cloud) -> None:
        page = {"jobs": [{"job_id": f"job-{number}", "status": 1} for number in range(100)]}
        still_cloud.fault("json", operation="list_jobs", body=page, times=None)
        outcome = client.poll(client.requests(), ["r"], TargetKind.REQUESTS)
        assert states(outcome.jobs) == {"running": 100}
        assert len(still_cloud.requests) == 4

    def test_more_jobs_than_pages_is_an_error(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            "ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.request_source.MAX_PAGES", 2
        )
        with raw_server(
            *(
                answer(
                    json.dumps({"jobs": [{"job_id": f"{page}-{each}", "status": 1} for each in range(100)]}).encode()
                )
                for page in range(3)
            )
        ) as server:
            client.url = server.url
            outcome = client.poll(client.requests(), ["r"], TargetKind.REQUESTS)
        assert outcome.error is not None
        assert outcome.error.kind == "invalid"
        assert str(outcome.error) == "The requests have more than 200 jobs; ask for fewer at once."

    def test_a_list_that_names_no_request_is_learnt_from_each(self, client: Client, still_cloud: Cloud) -> None:
        """As the vendor's model of the list, and the embedded cloud, have it."""
        ids = submit_phones(still_cloud, 2, 45)
        source = client.requests()
        for requests in (45, 45 + 3, 45 + 3 + 3):
            outcome = client.poll(source, request_ids(still_cloud), TargetKind.REQUESTS)
            assert [job.job_id for job in outcome.jobs] == ids
            assert len(still_cloud.requests) == requests

    def test_a_job_that_turns_up_later_in_such_a_list_is_found(self, client: Client, still_cloud: Cloud) -> None:
        ids = submit_phones(still_cloud, 2, 5)
        source = client.requests()
        client.poll(source, request_ids(still_cloud), TargetKind.REQUESTS)
        late = submit_phones(still_cloud, 1, request_id=request_ids(still_cloud)[3])
        outcome = client.poll(source, request_ids(still_cloud), TargetKind.REQUESTS)
        assert {job.job_id for job in outcome.jobs} == {*ids, *late}

    def test_a_request_without_jobs_in_such_a_list_is_noticed(self, client: Client, still_cloud: Cloud) -> None:
        submit_phones(still_cloud, 2, 5)
        source = client.requests()
        for _poll in range(3):
            outcome = client.poll(source, [*request_ids(still_cloud), "nothing"], TargetKind.REQUESTS)
            assert (states(outcome.jobs), outcome.missing) == ({"running": 10, "not_found": 1}, ["nothing"])

    def test_a_list_that_names_what_nobody_asked_for_proves_nothing(self, client: Client) -> None:
        """The gateway's own request id, for example."""

        def listed(*names: str) -> bytes:
            jobs = [{"job_id": f"{name}-1", "request_id": "of-the-gateway", "status": 2} for name in names]
            return answer(json.dumps({"jobs": jobs}).encode())

        with raw_server(listed("r1"), listed("r2"), listed("r1", "r2")) as server:
            client.url = server.url
            source = client.requests()
            for _poll in range(2):
                outcome = client.poll(source, ["r1", "r2"], TargetKind.REQUESTS)
                assert [job.job_id for job in outcome.jobs] == ["r1-1", "r2-1"]

    def test_a_list_that_names_them_is_asked_for_twenty_at_once(self, client: Client) -> None:
        replies = []
        # the first one alone shows that it does
        for first, last in ((0, 1), (1, 21), (21, 41), (41, 45)):
            names = [f"r{number}" for number in range(first, last)]
            jobs = [{"job_id": f"{name}-{each}", "request_id": name, "status": 2} for name in names for each in (1, 2)]
            # what belongs to no request that was asked for does not count
            if len(names) > 1:
                jobs.append({"job_id": "other", "request_id": "other", "status": -1})
            replies.append(answer(json.dumps({"jobs": jobs}).encode()))
        with raw_server(*replies) as server:
            client.url = server.url
            outcome = client.poll(client.requests(), [f"r{number}" for number in range(45)], TargetKind.REQUESTS)
        assert len(server.requests) == 4
        assert b"request_ids=r1%2Cr2%2C" in server.requests[1]
        assert [job.job_id for job in outcome.jobs] == [f"r{number}-{each}" for number in range(45) for each in (1, 2)]

    def test_a_request_without_jobs_is_not_found(self, client: Client, still_cloud: Cloud) -> None:
        outcome = client.poll(client.requests(), ["nothing"], TargetKind.REQUESTS)
        assert (states(outcome.jobs), outcome.missing) == ({"not_found": 1}, ["nothing"])
        assert outcome.jobs[0].error is not None
        assert outcome.jobs[0].error.code == "CPS.0050"

    def test_one_without_jobs_does_not_hide_the_others(self, client: Client, still_cloud: Cloud) -> None:
        submit_phones(still_cloud, 2)
        keys = ["nothing", *request_ids(still_cloud)]
        still_cloud.fault("error", operation="list_jobs", code="CPS.0050", job_id="nothing", times=None)
        outcome = client.poll(client.requests(), keys, TargetKind.REQUESTS)
        assert states(outcome.jobs) == {"not_found": 1, "running": 2}

    def test_jobs_that_appear_later_belong_to_it(self, client: Client, still_cloud: Cloud) -> None:
        submit_phones(still_cloud, 1, request_id="r")
        submit_phones(still_cloud, 1, request_id="r", appears_after=20)
        outcome = client.wait(client.requests(), ["r"], "succeeded", kind=TargetKind.REQUESTS)
        assert states(outcome.jobs) == {"succeeded": 2}


class TestUPhone:
    def submit(self, cloud: Cloud, count: int, **script: t.Any) -> list[str]:
        submitted = cloud.submit({"provider": "uphone", "states": RUNS_100, **script}, count=count)
        return [str(job_id) for job_id in submitted.get("JobIds") or [submitted["JobId"]]]

    @pytest.mark.parametrize(("jobs", "requests"), [(1, 1), (11, 1), (100, 1), (101, 2), (1000, 10)])
    def test_a_hundred_ids_to_a_request(self, jobs: int, requests: int, client: Client, still_cloud: Cloud) -> None:
        ids = self.submit(still_cloud, jobs)
        outcome = client.poll(client.uphone(), ids)
        assert [job.job_id for job in outcome.jobs] == ids
        assert states(outcome.jobs) == {"running": jobs}
        assert client.http.requests == requests

    def test_all_that_match_page_by_page(self, client: Client, still_cloud: Cloud) -> None:
        ids = self.submit(still_cloud, 250)
        outcome = client.poll(client.uphone(["running"]), [LISTING], TargetKind.LISTING)
        assert set(ids) <= {job.job_id for job in outcome.jobs}
        assert states(outcome.jobs).keys() == {"running"}
        assert client.http.requests == 6  # until two readings agree

    def test_several_states_are_chosen_here(self, client: Client, still_cloud: Cloud) -> None:
        failed = self.submit(still_cloud, 2, states={0: "failed"})
        running = self.submit(still_cloud, 3)
        done = self.submit(still_cloud, 4, states={0: "succeeded"})
        outcome = client.poll(client.uphone(["running", "failed"]), [LISTING], TargetKind.LISTING)
        found = {job.job_id for job in outcome.jobs}
        assert {*failed, *running} <= found
        assert not found & set(done)
        assert "State=" not in still_cloud.requests[-1].body

    def test_a_job_without_an_id_is_not_left_out_as_if_it_were_done(self, client: Client, still_cloud: Cloud) -> None:
        jobs = [{"State": "RUNNING"}, {"JobId": "a", "State": "SUCCESS"}]
        still_cloud.fault("json", service="uphone", body={"RetCode": 0, "Jobs": jobs, "TotalCount": 2}, times=None)
        outcome = client.poll(client.uphone(), [LISTING], TargetKind.LISTING)
        assert outcome.error is not None
        assert (outcome.error.kind, "listed a job without an id" in str(outcome.error)) == ("service", True)
        assert outcome.jobs == []

    @pytest.mark.parametrize(
        "body",
        [
            # other jobs, none, nothing that is a job, ten thousand extra ones
            {"RetCode": 0, "Jobs": [{"JobId": "other", "State": "SUCCESS"}], "TotalCount": 1},
            {"RetCode": 0, "Jobs": []},
            {"RetCode": 0, "Jobs": None},
            {"RetCode": 0},
            {"RetCode": "0", "Jobs": [None, 3, "x", [], {}, {"State": "SUCCESS"}]},
            {
                "RetCode": 0,
                "Jobs": [{"JobId": f"other-{each}", "State": "SUCCESS"} for each in range(10_000)],
                "TotalCount": 10_000,
            },
        ],
    )
    def test_answers_that_nobody_asked_for(self, body: t.Any, client: Client, still_cloud: Cloud) -> None:
        (job_id,) = self.submit(still_cloud, 1)
        still_cloud.fault("json", service="uphone", body=body, times=3)
        outcome = client.wait(client.uphone(), [job_id], "succeeded", not_found_grace=300)
        assert [(job.job_id, job.state) for job in outcome.jobs] == [(job_id, State.SUCCEEDED)]
        assert client.http.requests < 300

    def test_the_answer_of_older_versions_is_the_job(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault("json", service="uphone", body={"RetCode": 0, "JobId": "a", "State": "SUCCESS"})
        outcome = client.poll(client.uphone(), ["a"])
        assert [(job.job_id, job.state) for job in outcome.jobs] == [("a", State.SUCCEEDED)]

    def test_extra_jobs_and_doubles_do_not_confuse_the_result(self, client: Client, still_cloud: Cloud) -> None:
        ids = self.submit(still_cloud, 2)
        jobs = [
            *({"JobId": f"other-{each}", "State": "FAILED"} for each in range(50)),
            {"JobId": ids[0], "State": "SUCCESS"},
            {"JobId": ids[1], "State": "SUCCESS"},
            {"JobId": ids[1], "State": "RUNNING"},
        ]
        still_cloud.fault("json", service="uphone", body={"RetCode": 0, "Jobs": jobs, "TotalCount": 53})
        outcome = client.poll(client.uphone(), ids)
        assert [(job.job_id, job.state) for job in outcome.jobs] == [
            (ids[0], State.SUCCEEDED),
            # said to have ended, and said to run: it has not ended
            (ids[1], State.RUNNING),
        ]
