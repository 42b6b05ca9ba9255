# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A caller with good credentials, for the tests of the embedded cloud."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ansible_collections.cloudwait.jobs.tests.services import FACTS
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock, credentials
from ansible_collections.cloudwait.jobs.tests.simulator.exchange import Answer, Call
from ansible_collections.cloudwait.jobs.tests.simulator.signing import (
    DATE_FORMAT,
    canonical_request,
    huawei_signature,
    ucloud_signature,
)
from multidict import CIMultiDict

HOST = "127.0.0.1:8080"


class Caller:
    """Asks a cloud without a network, as a client with good credentials unless told otherwise."""

    def __init__(self, cloud: Cloud, clock: ManualClock) -> None:
        self.cloud, self.clock = cloud, clock

    def send(self, call: Call) -> Answer:
        """Return the answer, its body as JSON reads it."""
        answer = self.cloud.answer(call, self.cloud.operation(call))
        answer.body = json.loads(answer.content() or b"null")
        return answer

    def get(self, target: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask with the default token, or with these headers instead."""
        sent = CIMultiDict({"X-Auth-Token": credentials.TOKEN} if headers is None else headers)
        return self.send(Call("GET", target, sent))

    def job(self, provider: str, job_id: str) -> Answer:
        """Ask for one job as the service's reference says."""
        facts = FACTS[provider]
        if not facts.is_ucloud:
            return self.get(job_target(provider, job_id))
        signed = sign_ucloud(facts.request.filled(region="", project_id="", job_id=job_id).query)
        return self.send(Call("POST", "/", {}, urlencode(signed).encode()))

    def uphone(self, *job_ids: str, **parameters: object) -> dict[str, Any]:
        """Ask UPhone for jobs, signed, and return the body."""
        named = {f"JobIds.{number}": job_id for number, job_id in enumerate(job_ids)}
        sent = {name.replace("_", "."): str(value) for name, value in parameters.items()}
        signed = sign_ucloud({"Action": "DescribeUPhoneJob", **named, **sent})
        return dict(self.send(Call("POST", "/", {}, urlencode(signed).encode())).body)

    def signed(
        self,
        target: str,
        *,
        access_key: str = "",
        secret_key: str = "",
        off: float = 0.0,
        signed_names: list[str] | None = None,
        method: str = "GET",
        body: bytes = b"",
        **headers: str,
    ) -> Call:
        """Return a request signed by SDK-HMAC-SHA256, at a time that is ``off`` by that many seconds."""
        date = time.strftime(DATE_FORMAT, time.gmtime(self.clock.wall() + off))
        sent = CIMultiDict({"Host": HOST, "X-Sdk-Date": date})
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        call = Call(method, target, sent, body)
        names = sorted(name.lower() for name in sent) if signed_names is None else signed_names
        signature = huawei_signature(
            secret_key or credentials.SECRET_KEY, date, canonical_request(call, [n for n in names if n in sent])
        )
        key = access_key or credentials.ACCESS_KEY
        sent["Authorization"] = f"SDK-HMAC-SHA256 Access={key}, SignedHeaders={';'.join(names)}, Signature={signature}"
        return call


DAY_BEFORE = "2026-01-31T12:00:00"


def job_target(provider: str, job_id: str, project: str = "") -> str:
    """Return path and query of a job's query; the id is sent as it is."""
    facts = FACTS[provider]
    request = facts.request
    values = {
        "project_id": project or credentials.PROJECT_ID,
        "job_id": job_id,
        "day_before": DAY_BEFORE,
        **facts.options,
    }
    query = "&".join(f"{name}={value.format_map(values)}" for name, value in request.query.items())
    return request.path.format_map(values) + (f"?{query}" if query else "")


def sign_ucloud(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters with key and signature."""
    sent = {"PublicKey": credentials.UCLOUD_PUBLIC_KEY, **parameters}
    return {**sent, "Signature": ucloud_signature(credentials.UCLOUD_PRIVATE_KEY, sent)}
