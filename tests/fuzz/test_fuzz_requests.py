# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that change something, with faults at random moments: none is carried out twice, no job id is lost."""

from __future__ import annotations

import json
import random
import typing as t

import requests
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import SENDERS
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.total_timeout import SENDING
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.request import request_module
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext
from ansible_collections.cloudwait.jobs.tests.fuzz.counting import FACTOR
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Reply, offline

# The same in every run; FUZZ_FACTOR asks for more.
RUNS = 1_500 * FACTOR
UNCLEAR = "may have been carried out"
LOGINS: t.Sequence[dict[str, t.Any]] = (
    {"token": "token-of-the-user", "project_id": "p"},
    {"access_key": "AK-of-the-user", "secret_key": "secret-of-the-user", "project_id": "p"},
    {"username": "u", "password": "a-password", "user_domain_name": "d", "project_id": "p"},
)


class Service:
    """A service that carries requests out, and a network that is bad; `seed` decides what goes wrong."""

    def __init__(self, seed: int, is_ucloud: bool) -> None:
        self._random = random.Random(seed)
        self._is_ucloud = is_ucloud
        self.carried_out = 0
        self.told: list[str] = []  # the ids in answers that arrived whole

    def answer(self, request: requests.PreparedRequest) -> Reply:
        if str(request.url).endswith("/v3/auth/tokens"):
            return self._login()
        if request.method == "GET" or b"DescribeUPhoneJob" in t.cast("bytes", request.body or b""):
            return self._poll(request)
        fault = self._random.choice(
            ("none", "not opened", "cut before", "cut after", "refused", "throttled", "broken before", "broken after")
        )
        if fault == "not opened":
            SENDING.has_begun = False
            raise requests.exceptions.ConnectionError("refused")
        if fault == "cut before":
            raise requests.exceptions.ConnectionError("cut")
        if fault == "refused":
            return self._refusal(401, 171)
        if fault == "throttled":
            return self._refusal(429, 153)
        if fault == "broken before":
            return self._refusal(self._random.choice((500, 502, 503, 504, 408)), 150)
        self.carried_out += 1
        if fault == "cut after":
            raise requests.exceptions.ReadTimeout("cut")
        if fault == "broken after":
            return self._refusal(self._random.choice((500, 502, 503, 504, 408)), 110)
        job_id = f"job-{self.carried_out}"
        self.told.append(job_id)
        return Reply(json.dumps({"RetCode": 0, "JobId": job_id} if self._is_ucloud else {"job_id": job_id}).encode())

    def _login(self) -> Reply:
        if self._random.random() < 0.2:
            raise requests.exceptions.ReadTimeout("the login hangs")
        return Reply(b"{}", 201, {"X-Subject-Token": f"token-{self._random.random()}"})

    def _refusal(self, status: int, code: int) -> Reply:
        if self._is_ucloud and self._random.random() < 0.5:
            return Reply(json.dumps({"RetCode": code, "Message": "no"}).encode())
        date = self._random.choice(("Wed, 09 Nov 2022 12:25:00 GMT", "Wed, 09 Nov 2022 20:25:00 GMT"))
        return Reply(b"{}", status, {"Date": date, "Retry-After": str(self._random.choice((0, 1, 30)))})

    def _poll(self, request: requests.PreparedRequest) -> Reply:
        if self._random.random() < 0.3:
            raise requests.exceptions.ConnectionError("cut")
        if self._is_ucloud:
            return Reply(b'{"RetCode": 0, "Jobs": [{"JobId": "job-1", "State": "SUCCESS"}]}')
        job_id = str(request.url).rpartition("/")[2]
        return Reply(json.dumps({"job_id": job_id, "status": self._random.choice((1, 2, -1))}).encode())


def options_of(cloud: str, chance: random.Random) -> dict[str, t.Any]:
    """The options of a task that changes something."""
    spec = request_module(cloud, SENDERS[cloud]).spec["argument_spec"]
    options = {name: option.get("default") for name, option in spec.items()}
    options |= {"timeout": 600, "until": chance.choice((None, ["finished"])), "region": "r"}
    if cloud == "ucloud":
        return {**options, "action": "InstallApp", "params": {"A": 1}, "public_key": "k", "private_key": "p"}
    login = chance.choice(LOGINS)
    method = chance.choice(("POST", "PUT", "PATCH", "DELETE"))
    return {**options, **login, "service": "cph", "method": method, "path": "/v1/{project_id}/x", "body": {"a": 1}}


def test_nothing_is_carried_out_twice_and_no_id_is_lost() -> None:
    ends: dict[str, int] = {}
    for seed in range(RUNS):
        chance = random.Random(seed)
        cloud = "ucloud" if seed % 4 == 0 else "huaweicloud"
        service = Service(seed, cloud == "ucloud")
        with offline(service.answer) as outside:
            context = TaskContext(False, {}, set(), random=chance.random, **outside.context())
            result = request_module(cloud, SENDERS[cloud]).run(options_of(cloud, chance), context).result
        told = f"seed {seed}: {result['msg']}"
        assert service.carried_out <= 1, told
        assert result["job_ids"] == service.told, told
        # whoever is told that nothing happened, or that something may have, is told the truth
        is_unclear = UNCLEAR in result["msg"]
        assert result["changed"] == (bool(service.told) or is_unclear), told
        assert not service.carried_out or result["changed"], told
        end = "unclear" if is_unclear else "done" if service.told else "nothing"
        ends[end] = ends.get(end, 0) + 1
    # every end has come up often
    assert min(ends[end] for end in ("unclear", "done", "nothing")) > RUNS / 20
