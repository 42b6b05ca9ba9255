# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One process that waits for jobs again and again, while one answer in five goes wrong: `soak.py` starts it.

Writes a line of JSON after every wait: what was wrong, and what the process uses.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import time
import typing as t
from collections import Counter
from pathlib import Path

import psutil
from ansible.module_utils.common.parameters import remove_values
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.tests.load import weather
from ansible_collections.cloudwait.jobs.tests.load.courses import Promised, submit
from ansible_collections.cloudwait.jobs.tests.load.embedded import Control
from ansible_collections.cloudwait.jobs.tests.load.usage import use_of
from ansible_collections.cloudwait.jobs.tests.load.verdicts import disagreements, unexplained
from ansible_collections.cloudwait.jobs.tests.simulator import credentials
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import run_task, validated

SERVICES: dict[str, Service] = {service.provider: service for service in (CPH, DWS, IMS, UPHONE)}
# Jobs of one wait at most, and the seconds that they take.
MOST = {"cph": 60, "dws": 15, "ims": 15, "uphone": 120}
TAKES = (0.2, 4.0)
OPTIONS = {"interval": 0.2, "max_interval": 1, "max_rate": 50, "timeout": 120}
ROUGH_EVERY = 3
# How often a wait that something ended is taken up again.
RESUMES = 50
LOGINS: dict[str, dict[str, str]] = {
    "keys": {"access_key": credentials.ACCESS_KEY, "secret_key": credentials.SECRET_KEY},
    "temporary keys": {
        "access_key": credentials.TEMPORARY_ACCESS_KEY,
        "secret_key": credentials.TEMPORARY_SECRET_KEY,
        "security_token": credentials.SECURITY_TOKEN,
    },
    "token": {"token": credentials.TOKEN},
    "password": {
        "username": credentials.USER,
        "password": credentials.PASSWORD,
        "user_domain_name": credentials.DOMAIN,
    },
}
UCLOUD = {
    "region": credentials.UCLOUD_REGION,
    "project_id": credentials.UCLOUD_PROJECT_ID,
    "public_key": credentials.UCLOUD_PUBLIC_KEY,
    "private_key": credentials.UCLOUD_PRIVATE_KEY,
}


class Waiter:
    """Waits for one batch of jobs after the other."""

    def __init__(self, cloud: Control, dice: random.Random) -> None:
        self._cloud = cloud
        self._dice = dice
        self._itself = psutil.Process()

    def __call__(self, number: int) -> dict[str, t.Any]:
        """Submit jobs, wait for them, and return what came of it."""
        provider = self._dice.choice(sorted(SERVICES))
        is_rough = number % ROUGH_EVERY == 0
        until = self._dice.choice(["finished", "succeeded"])
        self._cloud.reset()
        work = submit(self._cloud, provider, self._dice.randint(1, MOST[provider]), TAKES, self._dice)
        strikes, ordered = weather.orders(provider, is_rough)
        self._cloud.order(ordered)
        login = self._dice.choice(sorted(LOGINS))
        by_request = provider == "cph" and self._dice.random() < 0.5
        asked = {"request_ids": work.request_ids} if by_request else {"job_ids": list(work.promised)}
        start = time.monotonic()
        attempts = [self._wait(provider, login, until, asked)]
        if is_rough:
            troubles = self._take_up_again(provider, login, until, work.promised, attempts, strikes)
        else:
            troubles = disagreements(attempts[0], work.promised, until, ordered=not by_request)
        sent = self._cloud.requests()
        counted = sum(result["requests"] for result in attempts)
        if counted != len(sent):
            troubles.append(f"{len(sent)} requests came, {counted} were counted")
        hits: Counter[str] = Counter()
        for strike, order in zip(strikes, self._cloud.faults(), strict=True):
            hits[strike.kind] += order["hits"]
        gc.collect()
        use = use_of(self._itself)
        return {
            "wait": f"{number}: {provider}, {login}, {until}, {'rough' if is_rough else 'gentle'}",
            "seconds": time.monotonic() - start,
            "jobs": len(work.promised),
            "attempts": len(attempts),
            "requests": counted,
            "hits": hits,
            "troubles": troubles,
            "objects": len(gc.get_objects()),
            **use._asdict(),
        }

    def _take_up_again(
        self,
        provider: str,
        login: str,
        until: str,
        promised: t.Mapping[str, Promised],
        attempts: list[dict[str, t.Any]],
        strikes: t.Sequence[weather.Strike],
    ) -> list[str]:
        """Wait for the rest until there is none; what is wrong."""
        troubles: list[str] = []
        left = dict(promised)
        # A token that was revoked stays so, and whoever gave it signs in anew.
        login = "password" if login == "token" else login
        for _resume in range(RESUMES):
            result = attempts[-1]
            hit = [strike for strike, order in zip(strikes, self._cloud.faults(), strict=True) if order["hits"]]
            kinds = {"", "job_failed"}.union(*(strike.kinds for strike in hit))
            is_blind = bool(result.get("failed")) and any(job["job_id"] is None for job in result["jobs"])
            if not is_blind:
                troubles += unexplained(result, left, kinds)
            for job in result["jobs"]:
                if job["finished"]:
                    left.pop(job["job_id"], None)
            if troubles or not left:
                return troubles
            if not result.get("failed"):
                return [*troubles, f"{len(left)} jobs were lost: {result['msg']}"]
            attempts.append(self._wait(provider, login, until, {"job_ids": list(left)}))
        return [f"{len(left)} jobs did not end within {RESUMES} waits: {attempts[-1]['msg']}"]

    def _wait(self, provider: str, login: str, until: str, asked: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """One task, with what its callers do with the result."""
        huawei = {
            "region": credentials.REGION,
            "project_id": credentials.PROJECT_ID,
            "auth_url": self._cloud.url,
            **LOGINS[login],
        }
        given = {
            **(UCLOUD if provider == "uphone" else huawei),
            "endpoint": self._cloud.url,
            "until": until,
            "request_timeout": weather.REQUEST_TIMEOUT,
            **OPTIONS,
            **asked,
        }
        secrets: set[str] = set()
        options = validated(SERVICES[provider], **given)
        result = run_task(SERVICES[provider], options, secrets=secrets).result
        return t.cast("dict[str, t.Any]", remove_values(result, secrets))


def main() -> None:
    """Wait until the time is up."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--report", type=Path, required=True)
    options = parser.parse_args()
    start = time.monotonic()
    number = 0
    with options.report.open("w", encoding="utf-8") as report:
        waiter = Waiter(Control(options.url), random.Random(options.seed))
        while time.monotonic() - start < options.seconds:
            number += 1
            line = {**waiter(number), "at": time.monotonic() - start}
            report.write(json.dumps(line) + "\n")
            report.flush()


if __name__ == "__main__":
    main()
