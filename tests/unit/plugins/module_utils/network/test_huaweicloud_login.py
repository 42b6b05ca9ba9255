# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way to sign in to Huawei Cloud: how often, when anew, and what a refusal ends as."""

from __future__ import annotations

import dataclasses
import itertools
import json
import threading
import time
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.account import SECOND_TRY_AFTER
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.auth.login import (
    ASSUMED_LIFETIME,
    RENEW_BEFORE,
    Login,
    renewal,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.signing import Request
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.group import JobQuery
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.source import TargetKind
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.threads import ThreadExecutor
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.tracker import WaitOptions
from ansible_collections.cloudwait.jobs.plugins.module_utils.engine.wait import Wait
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.client import Response
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import CloudwaitError
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import State
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, credentials
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.clients import Client, operations
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.network.raw_server import (
    answer,
    raw_server,
    slowly,
)

LOGINS = ["token", "password", "keys", "temporary_keys", "agency"]
EXPIRED = {"kind": "expired_token", "service": "ims"}


def submit(cloud: Cloud, count: int = 1, seconds: float = 100.0) -> list[str]:
    """Image jobs that run for so long; their ids."""
    answers = [
        cloud.submit({"provider": "ims", "states": {0: "running", seconds: "succeeded"}}) for _job in range(count)
    ]
    return [str(each["job_id"]) for each in answers]


def login_of(client: Client, name: str) -> Login:
    return t.cast(Login, getattr(client, name)())


def project_of(client: Client, login: Login | None = None, **options: t.Any) -> str:
    """The project that the client finds."""
    return client.project(login or client.keys(), project_id=None, **options).id(client.until())


class CountingCondition(threading.Condition):
    """A condition that knows how many threads wait for it."""

    waiting = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.waiting += 1
        return super().wait(timeout)


def refusal_of(client: Client, login: Login | None = None, **options: t.Any) -> CloudwaitError:
    with pytest.raises(CloudwaitError) as caught:
        client.jobs(login=login, **options).fetch(["a"], client.until())
    assert is_sentence(str(caught.value)), str(caught.value)
    return caught.value


class TestEveryLogin:
    @pytest.mark.parametrize("name", LOGINS)
    def test_it_is_accepted_by_every_service(self, name: str, client: Client, still_cloud: Cloud) -> None:
        for service in (CPH, IMS, DWS):
            submitted = still_cloud.submit({"provider": service.provider, "states": {0: "running", 5: "succeeded"}})
            job_id = submitted["jobs"][0]["job_id"] if service is CPH else submitted["job_id"]
            outcome = client.wait(client.jobs(service, login_of(client, name)), [job_id], "succeeded")
            assert [job.state for job in outcome.jobs] == [State.SUCCEEDED]
        assert client.warnings == []

    @pytest.mark.parametrize("name", LOGINS)
    def test_ids_and_projects_are_one_segment_each(self, name: str, client: Client, still_cloud: Cloud) -> None:
        for job_id in ("a/b", "a b", "a%2Fb", "ä?x=1&y", "~a+b", "你好"):
            still_cloud.submit({"provider": "ims", "states": {0: "running"}, "job_id": job_id})
            [job] = client.jobs(login=login_of(client, name)).fetch([job_id], client.until())[job_id]
            assert (job.job_id, job.state) == (job_id, State.RUNNING)

    @pytest.mark.parametrize("name", ["password", "agency"])
    def test_what_it_obtains_is_kept_secret(self, name: str, client: Client, still_cloud: Cloud) -> None:
        client.poll(client.jobs(login=login_of(client, name)), submit(still_cloud))
        obtained = {
            "password": set(still_cloud.tokens.values()) - {credentials.TOKEN},
            "agency": {
                credentials.TEMPORARY_ACCESS_KEY,
                credentials.TEMPORARY_SECRET_KEY,
                credentials.SECURITY_TOKEN,
            },
        }[name]
        assert obtained
        assert client.secrets == obtained

    @pytest.mark.parametrize("name", LOGINS)
    @pytest.mark.parametrize("status", [401, 403])
    def test_a_refusal_that_quotes_the_credentials_is_told_without_them(
        self, name: str, status: int, client: Client, still_cloud: Cloud
    ) -> None:
        still_cloud.fault("echo", service="ims", times=None, status=status)
        error = refusal_of(client, login_of(client, name))
        assert error.kind == "authentication"
        sent = still_cloud.log.select(service="ims")[-1].headers
        secrets = [
            sent.get("X-Auth-Token"),
            sent.get("X-Security-Token"),
            sent.get("Authorization", "=").split("=")[-1],
        ]
        for secret in filter(None, secrets):
            assert secret not in f"{error} {error.reason}"
        assert "********" in str(error)


class TestToken:
    def test_it_is_not_tried_again_once_refused(self, client: Client, still_cloud: Cloud) -> None:
        outcome = client.wait(client.jobs(login=client.token("not-a-token")), ["a", "b", "c"])
        assert outcome.error is not None
        assert outcome.error.kind == "authentication"
        assert "get a new one for the option token" in str(outcome.error)
        assert len(still_cloud.requests) == 1

    def test_in_the_middle_of_a_wait_it_has_a_second_try(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault(**EXPIRED, skip=3)
        outcome = client.wait(client.jobs(), submit(still_cloud), "succeeded")
        assert [job.state for job in outcome.jobs] == [State.SUCCEEDED]
        assert outcome.last_error is not None
        refused, tried = [request.real for request in still_cloud.requests[3:5]]
        assert tried - refused >= SECOND_TRY_AFTER

    def test_and_no_third_one(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault(**EXPIRED, skip=3, times=None)
        outcome = client.wait(client.jobs(), submit(still_cloud))
        assert outcome.error is not None
        assert outcome.error.code == "APIGW.0301"
        # what was known stays known
        assert [job.state for job in outcome.jobs] == [State.RUNNING]
        assert len(still_cloud.requests) == 5


class TestPassword:
    def test_one_login_serves_all_looks(self, client: Client, still_cloud: Cloud) -> None:
        outcome = client.wait(client.jobs(login=client.password()), submit(still_cloud, 5), "succeeded")
        assert len(still_cloud.requests) > 20
        assert operations(still_cloud) == {"iam.create_token": 1, "ims.show_job": outcome.polls}

    def test_its_scope_is_the_project(self, client: Client, still_cloud: Cloud) -> None:
        login = client.password()
        assert project_of(client, login) == credentials.PROJECT_ID
        assert operations(still_cloud) == {"iam.create_token": 1}

    @pytest.mark.parametrize(
        ("settings", "scope"),
        [
            # a project by its id, by its name with the domain of the user (Keystone insists on it), by the region
            ({"project_id": credentials.PROJECT_ID}, {"id": credentials.PROJECT_ID}),
            (
                {"project_name": "eu-west-101"},
                {"name": "eu-west-101", "domain": {"name": credentials.DOMAIN}},
            ),
            ({}, {"name": credentials.REGION, "domain": {"name": credentials.DOMAIN}}),
        ],
    )
    def test_what_it_asks_for(self, settings: dict[str, str], scope: t.Any, client: Client, still_cloud: Cloud) -> None:
        client.password(**settings).project_id(client.until())
        asked = json.loads(still_cloud.requests[0].body)["auth"]
        assert asked["scope"] == {"project": scope}
        assert asked["identity"]["password"]["user"]["domain"] == {"name": credentials.DOMAIN}

    def test_a_token_that_dies_in_the_middle_is_renewed_and_the_look_repeated(
        self, client: Client, still_cloud: Cloud
    ) -> None:
        still_cloud.fault("revoke_tokens", service="ims", skip=4)
        outcome = client.wait(client.jobs(login=client.password()), submit(still_cloud), "succeeded")
        assert [job.state for job in outcome.jobs] == [State.SUCCEEDED]
        # one new login; the look that was refused was made again at once, and is no failed call
        assert operations(still_cloud)["iam.create_token"] == 2
        assert outcome.last_error is None
        refused = [number for number, request in enumerate(still_cloud.requests) if request.status == 401]
        assert len(refused) == 1
        after = still_cloud.requests[refused[0] + 1 : refused[0] + 3]
        assert [request.operation for request in after] == ["create_token", "show_job"]
        assert still_cloud.requests[refused[0]].real + 1 > after[1].real

    def test_workers_that_are_refused_with_the_same_token_log_in_once(self, client: Client, still_cloud: Cloud) -> None:
        login = client.password()
        sent = [login.headers(Request("GET", client.url, "/"), {}, client.until()) for _worker in range(3)]
        renewed = []
        for each in sent:
            assert login.is_worth_repeating(each, Response(401, {}, b""))
            renewed.append(login.headers(Request("GET", client.url, "/"), {}, client.until()))
        assert operations(still_cloud) == {"iam.create_token": 2}
        assert renewed[0] == renewed[1] == renewed[2] != sent[0]

    def test_that_may_happen_more_than_once(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault("revoke_tokens", service="ims", every=5, times=3)
        outcome = client.wait(client.jobs(login=client.password()), submit(still_cloud), "succeeded")
        assert [job.state for job in outcome.jobs] == [State.SUCCEEDED]
        assert operations(still_cloud)["iam.create_token"] == 4

    def test_a_second_refusal_in_a_row_ends_the_wait(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault(**EXPIRED, skip=2, times=None)
        outcome = client.wait(client.jobs(login=client.password()), submit(still_cloud, 2))
        assert outcome.error is not None
        assert outcome.error.kind == "authentication"
        assert "check that auth_url and endpoint belong to the same cloud" in str(outcome.error)
        assert [job.state for job in outcome.jobs] == [State.RUNNING, State.RUNNING]
        assert operations(still_cloud) == {"iam.create_token": 2, "ims.show_job": 4}

    @pytest.mark.parametrize(
        "body",
        [
            # a 401 without a code, with a code that no table knows, with IAM's int
            b"",
            b'{"error": {"code": "IMG.0777", "message": "Unauthorized"}}',
            b'{"error": {"code": 401, "message": "Unauthorized"}}',
        ],
    )
    def test_any_401_leads_to_a_new_login(self, body: bytes, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault("status", service="ims", status=401, text=body.decode(), skip=1)
        outcome = client.wait(client.jobs(login=client.password()), submit(still_cloud), "succeeded")
        assert [job.state for job in outcome.jobs] == [State.SUCCEEDED]
        assert operations(still_cloud)["iam.create_token"] == 2

    def test_but_not_one_that_says_that_the_job_is_not_found(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault("error", service="dws", status=401, code="DWS.0047")
        outcome = client.poll(client.jobs(DWS, client.password()), ["a"])
        assert [job.state for job in outcome.jobs] == [State.NOT_FOUND]
        assert operations(still_cloud) == {"iam.create_token": 1, "dws.show_job": 1}

    @pytest.mark.parametrize(
        ("lifetime", "logins"),
        [
            # a day is longer than the wait
            (86400.0, 1),
            # renewed five minutes before its end, so at 300 and 600 s
            (600.0, 3),
            # a short life is renewed at its half, so with the first look behind every 100 s
            (200.0, 8),
        ],
    )
    def test_a_token_near_its_end_is_renewed_beforehand(
        self, lifetime: float, logins: int, client: Client, still_cloud: Cloud
    ) -> None:
        still_cloud.token_lifetime = lifetime
        source = client.jobs(login=client.password())
        outcome = client.wait(source, submit(still_cloud, seconds=820), "succeeded", max_interval=5, interval=5)
        assert [job.state for job in outcome.jobs] == [State.SUCCEEDED]
        assert operations(still_cloud)["iam.create_token"] == logins
        assert {request.status for request in still_cloud.requests} == {200, 201}

    def test_a_clock_of_our_own_that_is_wrong_does_not_matter(self, client: Client, still_cloud: Cloud) -> None:
        client.skew = 40 * 3600.0
        outcome = client.wait(client.jobs(login=client.password()), submit(still_cloud), "succeeded")
        assert [job.state for job in outcome.jobs] == [State.SUCCEEDED]
        assert operations(still_cloud)["iam.create_token"] == 1
        assert client.warnings == []

    def test_wrong_ones_are_sent_once(self, client: Client, still_cloud: Cloud) -> None:
        outcome = client.wait(client.jobs(login=client.password(password="wrong-password")), ["a", "b", "c"])
        assert outcome.error is not None
        assert outcome.error.kind == "authentication"
        assert is_sentence(str(outcome.error))
        assert "The login of waiter" in str(outcome.error)
        assert "check username, password and user_domain_name" in str(outcome.error)
        assert "wrong-password" not in str(outcome.error)
        assert operations(still_cloud) == {"iam.create_token": 1}

    def test_a_login_refused_in_the_middle_is_not_repeated_either(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault("revoke_tokens", service="ims", skip=2)
        still_cloud.fault("error", service="iam", skip=1, code="x", status=401, message="The password has changed.")
        outcome = client.wait(client.jobs(login=client.password()), submit(still_cloud, 3))
        assert outcome.error is not None
        assert outcome.error.kind == "authentication"
        assert "The password has changed" in str(outcome.error)
        assert operations(still_cloud)["iam.create_token"] == 2

    @pytest.mark.parametrize(
        ("fault", "told"),
        [
            ({"kind": "status", "status": 503}, "HTTP 503"),
            ({"kind": "throttle", "limit": 200, "time": "1 minute"}, "HTTP 429"),
            ({"kind": "reset"}, "Connection reset"),
            ({"kind": "html", "status": 502}, "HTTP 502"),
        ],
    )
    def test_a_login_that_fails_for_a_while_is_tried_again(
        self, fault: dict[str, t.Any], told: str, client: Client, still_cloud: Cloud
    ) -> None:
        still_cloud.fault(**fault, service="iam", times=3)
        outcome = client.wait(client.jobs(login=client.password()), submit(still_cloud), "succeeded")
        assert [job.state for job in outcome.jobs] == [State.SUCCEEDED]
        assert told in str(outcome.last_error)
        assert is_sentence(str(outcome.last_error))

    def test_the_identity_service_is_left_alone_as_long_as_it_asks(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault("status", service="iam", status=503, retry_after=40)
        client.wait(client.jobs(login=client.password()), submit(still_cloud), "succeeded")
        first, second = [request.real for request in still_cloud.log.select(operation="create_token")]
        assert second - first >= 40

    @pytest.mark.parametrize(
        ("fault", "kind", "told"),
        [
            ({"kind": "status", "status": 403}, "permission", "may not do that"),
            ({"kind": "status", "status": 400}, "invalid", "check auth_url, user_domain_name"),
            ({"kind": "status", "status": 404}, "invalid", "check auth_url"),
            ({"kind": "json", "body": {}}, "service", "without a token; check the option auth_url"),
            ({"kind": "text", "status": 201, "text": "{}"}, "service", "without a token; check the option auth_url"),
            ({"kind": "redirect", "location": "https://other.example.com/"}, "transport", "redirects to other.example"),
        ],
    )
    def test_what_else_a_login_may_end_as(
        self, fault: dict[str, t.Any], kind: str, told: str, client: Client, still_cloud: Cloud
    ) -> None:
        still_cloud.fault(**fault, service="iam", times=None)
        error = refusal_of(client, client.password())
        assert (error.kind, error.transient) == (kind, False)
        assert told in str(error)

    def test_a_login_that_quotes_the_password_is_told_without_it(self, client: Client, still_cloud: Cloud) -> None:
        password = "pass/word+with=signs"
        for spelt in (password, "pass%2Fword%2Bwith%3Dsigns", "cGFzcy93b3JkK3dpdGg9c2lnbnM="):
            still_cloud.fault("error", service="iam", code="x", status=401, message=f"No user with {spelt}.")
            error = refusal_of(client, client.password(password=password))
            assert "No user with ********" in str(error)


@pytest.mark.parametrize(
    ("lifetime", "date", "seconds"),
    [
        # a day: five minutes before its end
        (86400, None, 86400 - RENEW_BEFORE),
        # less than ten minutes: at its half
        (600, None, 300),
        (10, None, 5),
        # the server's own clock counts where it tells it: here it is an hour behind ours
        (600, -3600, 3600 + 600 - RENEW_BEFORE),
        # not told, or ended before it began: it was good enough to be given out
        (None, None, ASSUMED_LIFETIME - RENEW_BEFORE),
        (0, None, ASSUMED_LIFETIME - RENEW_BEFORE),
        (-86400, None, ASSUMED_LIFETIME - RENEW_BEFORE),
    ],
)
def test_renewal(lifetime: int | None, date: int | None, seconds: float) -> None:
    now = 1_800_000_000
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(now + lifetime)) if lifetime is not None else None
    headers = {"date": time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(now + date))} if date is not None else {}
    assert renewal(stamp, Response(201, headers, b""), now) == seconds


@pytest.mark.parametrize("expires_at", ["tomorrow", "", 17, True, ["2026-01-01T00:00:00Z"], {}])
def test_renewal_of_what_cannot_be_read(expires_at: object) -> None:
    assert renewal(expires_at, Response(201, {}, b""), 0.0) == ASSUMED_LIFETIME - RENEW_BEFORE


class TestKeys:
    def test_refused_ones_are_sent_once(self, client: Client, still_cloud: Cloud) -> None:
        outcome = client.wait(client.jobs(login=client.keys(secret_key="wrong")), ["a", "b", "c"])
        assert outcome.error is not None
        assert (outcome.error.kind, outcome.error.code) == ("authentication", "APIGW.0301")
        assert "check access_key and secret_key" in str(outcome.error)
        assert len(still_cloud.requests) == 1

    def test_also_by_several_workers(self, client: Client, still_cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
        """The engine as it runs in a task: four calls at once, each on a thread of its own."""
        login = client.keys(secret_key="wrong")
        source = client.jobs(login=login)
        turns = client.accounts[id(login)]._change = CountingCondition()
        send = client.http.send
        sent: list[t.Any] = []

        def send_once_all_others_wait(*request: t.Any) -> Response:
            sent.append(request)
            while turns.waiting < source.max_in_flight - 1 and len(sent) == 1:
                time.sleep(0.001)
            return send(*request)

        monkeypatch.setattr(client.http, "send", send_once_all_others_wait)
        query = JobQuery(
            source, TargetKind.JOBS, [f"job-{number}" for number in range(20)], WaitOptions(frozenset(State))
        )
        executor = ThreadExecutor(time.monotonic)
        (outcome,) = Wait([query], 1800, executor, time.monotonic, lambda: 0.5).run()
        assert source.max_in_flight == 4
        assert outcome.error is not None
        assert outcome.error.kind == "authentication"
        assert len(sent) == len(still_cloud.requests) == 1

    def test_also_where_the_project_is_looked_up_first(self, client: Client, still_cloud: Cloud) -> None:
        source = client.jobs(login=client.keys(secret_key="wrong"), project_id=None)
        outcome = client.wait(source, [f"job-{number}" for number in range(20)])
        assert outcome.error is not None
        assert outcome.error.kind == "authentication"
        assert operations(still_cloud) == {"iam.list_projects": 1}

    def test_refused_in_the_middle_they_have_one_second_try(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault("error", service="ims", skip=3, times=None, code="APIGW.0301", status=401)
        outcome = client.wait(client.jobs(login=client.keys()), submit(still_cloud, 2))
        assert outcome.error is not None
        assert outcome.error.kind == "authentication"
        assert len(still_cloud.requests) == 5

    @pytest.mark.parametrize(("minutes", "survives"), [(10, False), (13, False), (16, True)])
    def test_another_one_only_after_a_quarter_of_an_hour(
        self, minutes: int, survives: bool, client: Client, still_cloud: Cloud
    ) -> None:
        """And a key is refused once more meanwhile, which is far from the five that lock it."""
        # a poll a minute
        for skip in (1, 2 + minutes):
            still_cloud.fault("error", service="ims", code="APIGW.0301", status=401, skip=skip)
        job_id = still_cloud.submit({"provider": "ims", "states": {0: "running", 1500: "succeeded"}})["job_id"]
        login = client.keys()
        outcome = client.wait(client.jobs(login=login), [job_id], "succeeded", interval=60, max_interval=60)
        assert (outcome.error is None) == survives

    def test_a_locked_key_is_told_in_the_services_words(self, client: Client, still_cloud: Cloud) -> None:
        for _failure in range(5):
            refusal_of(Client(client.url, client.clock), client.keys(secret_key="wrong"))
        error = refusal_of(client, client.keys())
        assert "AK access failed to reach the limit,forbidden" in str(error)

    @pytest.mark.parametrize("skew", [-86400.0, -3600.0, -901.0, 901.0, 3600.0, 86400.0 * 365])
    def test_a_wrong_clock_is_corrected_once_with_a_warning(
        self, skew: float, client: Client, still_cloud: Cloud
    ) -> None:
        client.skew = skew
        outcome = client.wait(client.jobs(login=client.keys()), submit(still_cloud, 3), "succeeded")
        assert {job.state for job in outcome.jobs} == {State.SUCCEEDED}
        assert [request.status for request in still_cloud.requests].count(401) == 1
        (warning,) = client.warnings
        assert is_sentence(warning)
        told = int(next(word for word in warning.split() if word.isdigit()))
        assert told == pytest.approx(abs(skew), abs=1)
        assert ("behind" if skew < 0 else "ahead of") in warning

    @pytest.mark.parametrize("skew", [-899.0, -61.0, 61.0, 899.0])
    def test_a_clock_that_the_service_accepts_is_left_as_it_is(
        self, skew: float, client: Client, still_cloud: Cloud
    ) -> None:
        client.skew = skew
        client.poll(client.jobs(login=client.keys()), submit(still_cloud))
        assert (client.warnings, len(still_cloud.requests)) == ([], 1)

    def test_a_wrong_key_under_a_wrong_clock_is_sent_twice_at_most(self, client: Client, still_cloud: Cloud) -> None:
        client.skew = 3600.0
        outcome = client.wait(client.jobs(login=client.keys(secret_key="wrong")), ["a", "b", "c"])
        assert outcome.error is not None
        assert outcome.error.kind == "authentication"
        assert len(still_cloud.requests) == 2

    def test_a_machine_whose_clock_is_set_right_meanwhile(self, client: Client, still_cloud: Cloud) -> None:
        client.skew = -7200.0
        source = client.jobs(login=client.keys())
        job_ids = submit(still_cloud)
        client.poll(source, job_ids)
        client.skew = 0.0
        outcome = client.wait(source, job_ids, "succeeded")
        assert [job.state for job in outcome.jobs] == [State.SUCCEEDED]
        assert len(client.warnings) == 1
        assert [request.status for request in still_cloud.requests].count(401) == 1

    def test_a_request_that_was_signed_before_another_worker_corrected_the_clock(
        self, client: Client, still_cloud: Cloud
    ) -> None:
        login = client.keys()
        client.skew = 3600.0
        sent = [login.headers(Request("GET", client.url, "/"), {}, client.until()) for _worker in range(2)]
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(client.clock.wall()))
        refused = Response(401, {"date": date}, b"")
        assert [login.is_worth_repeating(each, refused) for each in sent] == [True, True]
        assert len(client.warnings) == 1
        # signed with the right time, the reason is another
        again = login.headers(Request("GET", client.url, "/"), {}, client.until())
        assert not login.is_worth_repeating(again, refused)
        # and a service whose time jumps is not followed
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(client.clock.wall() + 7200))
        assert not login.is_worth_repeating(again, Response(401, {"date": date}, b""))

    @pytest.mark.parametrize("headers", [{}, {"date": "soon"}])
    def test_without_a_date_nothing_is_corrected(self, headers: dict[str, str], client: Client) -> None:
        login = client.keys()
        sent = login.headers(Request("GET", client.url, "/"), {}, client.until())
        assert not login.is_worth_repeating(sent, Response(401, headers, b""))


class TestAgency:
    def test_one_fetch_serves_all_looks(self, client: Client, still_cloud: Cloud) -> None:
        outcome = client.wait(client.jobs(login=client.agency()), submit(still_cloud, 5), "succeeded")
        assert operations(still_cloud) == {"metadata.securitykey": 1, "ims.show_job": outcome.polls}

    def test_nothing_is_told_to_whoever_gives_the_keys(self, client: Client, still_cloud: Cloud) -> None:
        client.wait(client.jobs(login=client.agency()), submit(still_cloud, 1), "succeeded")
        (asked,) = still_cloud.log.select(service="metadata")
        assert (asked.method, asked.target, asked.body) == ("GET", "/openstack/latest/securitykey", "")
        assert {name.lower() for name in asked.headers} == {"host", "user-agent", "accept-encoding"}

    def test_keys_near_their_end_are_fetched_again(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.token_lifetime = 600.0
        source = client.jobs(login=client.agency())
        client.wait(source, submit(still_cloud, seconds=820), "succeeded", max_interval=5, interval=5)
        assert operations(still_cloud)["metadata.securitykey"] == 3

    def test_a_wrong_clock_is_corrected_once_for_all_keys(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.token_lifetime = 600.0
        client.skew = 3600.0
        source = client.jobs(login=client.agency())
        outcome = client.wait(source, submit(still_cloud, seconds=820), "succeeded", max_interval=5, interval=5)
        assert [job.state for job in outcome.jobs] == [State.SUCCEEDED]
        assert len(client.warnings) == 1
        assert operations(still_cloud)["metadata.securitykey"] == 3

    @pytest.mark.parametrize(
        "fault",
        [
            {"kind": "status", "status": 404},
            {"kind": "not_json"},
            {"kind": "json", "body": {}},
            {"kind": "json", "body": {"credential": {"access": "a", "secret": "b", "securitytoken": ""}}},
            {"kind": "json", "body": {"credential": None}},
            # longer than any token of the vendor's
            {"kind": "json", "body": {"credential": {"access": "a", "secret": "b", "securitytoken": "t" * 16_385}}},
        ],
    )
    def test_an_answer_without_keys_ends_it(self, fault: dict[str, t.Any], client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault(**fault, service="metadata", times=None)
        error = refusal_of(client, client.agency())
        assert (error.kind, error.transient) == ("invalid", False)
        assert "use_agency needs a server of Huawei Cloud with an agency" in str(error)

    def test_a_token_that_is_far_too_long_is_none(self, client: Client) -> None:
        with raw_server(answer(b"{}", "201 Created", f"X-Subject-Token: {'t' * 16_385}\r\n")) as server:
            client.url = server.url
            error = refusal_of(client, client.password())
        assert (error.kind, error.transient) == ("service", False)
        assert "was answered with a token of more than 16 KiB; check the option auth_url" in str(error)

    def test_no_answer_ends_it_at_once(self, still_cloud: Cloud, clock: ManualClock) -> None:
        client = Client("http://127.0.0.1:1", clock)
        error = refusal_of(client, client.agency())
        assert (error.kind, error.transient) == ("transport", False)
        assert "it exists only on servers of Huawei Cloud" in str(error)

    def test_a_metadata_address_that_hangs_is_given_few_seconds(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.auth.agency.AGENCY_TIMEOUT", 0.2
        )
        with raw_server(slowly(b"HTTP/1.1 200 OK\r\n", b"X")) as server:
            client.url = server.url
            error = refusal_of(client, client.agency())
        assert "within 0.2 seconds" in str(error)

    def test_once_it_answered_a_failure_may_pass(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.token_lifetime = 600.0
        still_cloud.fault("reset", service="metadata", skip=1, times=2)
        source = client.jobs(login=client.agency())
        outcome = client.wait(source, submit(still_cloud, seconds=400), "succeeded", max_interval=5, interval=5)
        assert [job.state for job in outcome.jobs] == [State.SUCCEEDED]
        assert "The metadata address" in str(outcome.last_error)

    def test_its_keys_are_fetched_anew_after_a_refusal(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault(**EXPIRED, skip=2)
        outcome = client.wait(client.jobs(login=client.agency()), submit(still_cloud), "succeeded")
        assert ([job.state for job in outcome.jobs], outcome.last_error) == ([State.SUCCEEDED], None)
        assert operations(still_cloud)["metadata.securitykey"] == 2

    def test_and_not_again_when_those_are_refused_too(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault(**EXPIRED, times=None)
        outcome = client.wait(client.jobs(login=client.agency()), ["a", "b", "c"])
        assert outcome.error is not None
        assert "check that the agency of this cloud server may query these jobs" in str(outcome.error)
        assert operations(still_cloud) == {"metadata.securitykey": 2, "ims.show_job": 2}


class TestProject:
    @pytest.mark.parametrize("name", ["token", "keys", "temporary_keys", "agency"])
    def test_it_is_looked_up_once(self, name: str, client: Client, still_cloud: Cloud) -> None:
        source = client.jobs(login=login_of(client, name), project_id=None)
        outcome = client.wait(source, submit(still_cloud, 5), "succeeded")
        assert {job.state for job in outcome.jobs} == {State.SUCCEEDED}
        assert operations(still_cloud)["iam.list_projects"] == 1
        (request,) = still_cloud.log.select(operation="list_projects")
        assert request.target == f"/v3/projects?name={credentials.REGION}"

    def test_several_threads_look_it_up_once(self, client: Client, still_cloud: Cloud) -> None:
        source = client.jobs(login=client.keys(), project_id=None)
        threads = [threading.Thread(target=source.fetch, args=(["a"], client.until())) for _each in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert operations(still_cloud) == {"iam.list_projects": 1, "ims.show_job": 4}

    def test_it_is_not_where_it_is_given(self, client: Client, still_cloud: Cloud) -> None:
        client.poll(client.jobs(login=client.keys()), submit(still_cloud))
        assert operations(still_cloud) == {"ims.show_job": 1}

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("nowhere-1", "There is no project named nowhere-1; check region or project_name, or give project_id."),
            (
                credentials.AMBIGUOUS_PROJECT_NAME,
                (
                    f"There are several projects named ambiguous-1 ({', '.join(credentials.AMBIGUOUS_PROJECT_IDS)}); "
                    "check region or project_name, or give project_id."
                ),
            ),
        ],
    )
    def test_none_or_several_is_an_error(self, name: str, told: str, client: Client) -> None:
        error = refusal_of(client, client.keys(), project_id=None, project_name=name)
        assert (error.kind, str(error)) == ("invalid", told)

    @pytest.mark.parametrize(
        ("body", "found"),
        [
            # the same project twice is one; others without an id do not count
            ({"projects": [{"id": "p", "name": "x"}, {"id": "p", "name": "x"}]}, "p"),
            ({"projects": [{"id": "p"}, {"id": ""}, {"id": None}, {}, None, 3]}, "p"),
            ({"projects": [{"id": 17}]}, "17"),
        ],
    )
    def test_what_a_list_may_hold(self, body: t.Any, found: str, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault("json", service="iam", body=body)
        assert project_of(client) == found

    @pytest.mark.parametrize(
        ("fault", "kind", "transient", "told"),
        [
            # an answer that is no list says nothing about the project
            ({"kind": "json", "body": {}}, "service", False, "gave no list of projects; check auth_url"),
            ({"kind": "json", "body": {"projects": None}}, "service", False, "gave no list of projects"),
            ({"kind": "not_json"}, "service", True, "gave an answer that is not JSON"),
            ({"kind": "status", "status": 404}, "invalid", False, "The look-up of the project cn-north-4"),
            ({"kind": "status", "status": 503, "retry_after": 3}, "service", True, "HTTP 503"),
            ({"kind": "status", "status": 403, "body": {}}, "permission", False, "HTTP 403"),
        ],
    )
    def test_what_else_a_look_up_may_end_as(
        self, fault: dict[str, t.Any], kind: str, transient: bool, told: str, client: Client, still_cloud: Cloud
    ) -> None:
        still_cloud.fault(**fault, service="iam")
        error = refusal_of(client, client.keys(), project_id=None)
        assert (error.kind, error.transient) == (kind, transient)
        assert told in str(error)
        assert error.wait == fault.get("retry_after")

    def test_a_look_up_that_fails_for_a_while_is_tried_again(self, client: Client, still_cloud: Cloud) -> None:
        still_cloud.fault("status", service="iam", status=503, times=2)
        source = client.jobs(login=client.keys(), project_id=None)
        outcome = client.wait(source, submit(still_cloud), "succeeded")
        assert [job.state for job in outcome.jobs] == [State.SUCCEEDED]
        assert operations(still_cloud)["iam.list_projects"] == 3

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"project_name": None}, "give one of the options project_id, project_name and region"),
            ({}, "give project_id, or region, or auth_url"),
        ],
    )
    def test_what_it_cannot_do_without(self, changes: dict[str, t.Any], told: str, client: Client) -> None:
        project = client.project(client.keys(), project_id=None, **changes)
        if not changes:
            project.iam = dataclasses.replace(project.iam, base_url="")
        with pytest.raises(CloudwaitError) as caught:
            project.id(client.until())
        assert is_sentence(str(caught.value))
        assert (caught.value.kind, told in str(caught.value)) == ("invalid", True)

    def test_a_name_is_one_value_of_the_query(self) -> None:
        with raw_server(answer(b'{"projects": [{"id": "p"}]}')) as server:
            client = Client(server.url, ManualClock())
            assert project_of(client, client.token(), project_name="a&name=b/ü ~") == "p"
        assert server.requests[0].split(b" ")[1] == b"/v3/projects?name=a%26name%3Db%2F%C3%BC%20~"


def test_logins_are_none_of_each_others_business(client: Client, still_cloud: Cloud) -> None:
    """Each login signs its own requests, and nothing of another's."""
    expected = {
        "token": {"X-Auth-Token"},
        "password": {"X-Auth-Token"},
        "keys": {"Authorization", "X-Sdk-Date", "X-Project-Id"},
        "temporary_keys": {"Authorization", "X-Sdk-Date", "X-Project-Id", "X-Security-Token"},
        "agency": {"Authorization", "X-Sdk-Date", "X-Project-Id", "X-Security-Token"},
    }
    signing = set(itertools.chain.from_iterable(expected.values()))
    for name, headers in expected.items():
        client.jobs(login=login_of(client, name)).fetch(["a"], client.until())
        assert signing & set(still_cloud.requests[-1].headers) == headers
