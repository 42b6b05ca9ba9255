# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cloud itself: accounts, jobs, faults and the record of requests, behind an API for tests."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from . import iam, resources, submits, ucloud
from .actions import UCloudService, refuse
from .checks import FROM_ONE, MAPPING, MAPPINGS, NOTHING, NUMBER, Kind, check, either
from .clock import Clock, RealClock
from .cph import Cph
from .credentials import PROJECT_ID
from .exchange import Answer, Call
from .facts import FACTS
from .faults import Faults
from .faults import parse as parse_fault
from .gateway import Gateway, RefusedError
from .ims import Ims
from .ratelimit import RateLimit
from .requestlog import Request, RequestLog
from .routes import Operation, resolve
from .script import Script, ScriptError, library
from .script import parse as parse_script
from .services import HuaweiCloudService, Service
from .store import Job, Store, make_id
from .tokens import Tokens
from .uphone import UPhone

DAY = 24 * 3600.0
SUBMIT: dict[str, Kind] = {
    "count": ("a whole number from 1 to 100000", lambda value: FROM_ONE[1](value) and value <= 100_000),
    "each": MAPPINGS,
    "answer": either(MAPPING, NOTHING),
    "scale": ("a number above 0", lambda value: NUMBER[1](value) and 0 < value < float("inf")),
}
# Services that are more than their facts.
SPECIAL: dict[str, type[Service]] = {"cph": Cph, "ims": Ims, "uphone": UPhone}


class Cloud:
    """An embedded cloud.

    clock: where its time comes from (default: real time, job time ``speed`` times as fast). base_path: serve
    everything below this path. rate: requests per second before it answers 429. token_lifetime: seconds. skew: seconds
    by which the server's clock is ahead. seed: what faults by chance depend on (default: on nothing).
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        speed: float = 1.0,
        base_path: str = "",
        rate: int | None = None,
        token_lifetime: float = DAY,
        skew: float = 0.0,
        seed: int | None = None,
    ) -> None:
        self.clock: Clock = RealClock(speed) if clock is None else clock
        self.base_path = "/" + base_path.strip("/") if base_path.strip("/") else ""
        self._options = (rate, token_lifetime, skew)
        self._random = random.Random(seed)
        self.services = {
            name: SPECIAL.get(name, UCloudService if facts.is_ucloud else HuaweiCloudService)(facts)
            for name, facts in FACTS.items()
        }
        self.scripts: dict[str, Script] = dict(library())
        self.url = ""
        self._lock = threading.RLock()
        self._answers = 0
        self.store: Store
        self.log: RequestLog
        self.faults: Faults
        self.tokens: Tokens
        self.gateway: Gateway
        self.resources: resources.Resources
        self.limit: RateLimit
        self.reset()

    def reset(self) -> None:
        """Forget jobs, faults, requests, tokens and key locks; the sample jobs of the API references come back."""
        with self._lock:
            rate, self.token_lifetime, self.skew = self._options
            self.limit = RateLimit(rate)
            self.store = Store()
            self.log = RequestLog()
            self.faults = Faults(self._random.random)
            self.tokens = Tokens()
            self.gateway = Gateway()
            self.resources = resources.Resources(self.clock.now(), self.clock.wall())
            for script in self.scripts.values():
                if script.preset:
                    self._submit(script, 1, [1.0], [{}])

    # For tests

    @property
    def requests(self) -> list[Request]:
        """Every request so far, oldest first, those to the control API excepted."""
        return self.log.select()

    def submit(
        self,
        script: str | Mapping[str, Any],
        /,
        *,
        provider: str | None = None,
        count: int = 1,
        scale: float | Sequence[float] = 1.0,
        each: Sequence[Mapping[str, Any]] | None = None,
        rejected: int | Sequence[Mapping[str, Any]] = 0,
        answer: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> Any:
        """Submit ``count`` jobs and return the service's own answer to a submit.

        script: the name of one of ``scripts``, or a script itself. scale: stretches its times, one number or one a job.
        each: fields of the single jobs, one mapping a job. rejected: CPH items without a job, a number or the items.
        answer: further keys of the answer. changes: keys of the script that are changed for this submit.
        Raises ScriptError, and ValueError for a count, scale, each, rejected or answer that is none.
        """
        chosen = self._script(script, provider, changes)
        if chosen.tasks and not self.services[chosen.provider].has_tasks:
            raise ScriptError(f"The script {chosen.name} has tasks, which jobs of {chosen.provider} do not have.")
        scales: list[Any] = list(scale) if isinstance(scale, (list, tuple)) else [scale]
        fields = [{}] if each is None else each
        if not isinstance(rejected, int):
            check("a submit", {"rejected": rejected}, {"rejected": MAPPINGS})
        check("a submit", {"count": count, "each": fields, "answer": answer}, SUBMIT)
        for value in scales:
            check("a submit", {"scale": value}, SUBMIT)
        numbers = {count, len(scales), len(fields)} - {1}
        if len(numbers) > 1 or 0 in numbers:
            raise ScriptError("count, and the number of values of scale and of each, must agree where they are not 1.")
        count = numbers.pop() if numbers else 1
        if isinstance(rejected, int):
            rejected = [{"phone_id": make_id("rejected", number), **submits.NO_PHONE} for number in range(rejected)]
        with self._lock:
            jobs = self._submit(chosen, count, scales, fields)
        shown = self.services[chosen.provider].submit_answer(jobs, rejected)
        return {**shown, **answer} if answer and isinstance(shown, dict) else shown

    def fault(self, kind: str, **options: Any) -> None:
        """Order a fault: matching keys (service, operation, job_id, skip, times, every) and the kind's own.

        Raises FaultError.
        """
        self.faults.add(parse_fault({"kind": kind, **options}))

    def revoke_tokens(self) -> None:
        """Make every token invalid."""
        self.tokens.revoke()

    def set_rate(self, rate: int | None) -> None:
        """Limit the requests per second, or lift the limit."""
        self.limit = RateLimit(rate)

    # For the server

    def wall(self) -> float:
        """Return the Unix time that this server believes in."""
        return self.clock.wall() + self.skew

    def new_request_id(self) -> str:
        """Return an id for an answer."""
        self._answers += 1
        return make_id("answer", self._answers)

    def throttled(self, limit: int, period: str) -> Answer:
        """Return the gateway's answer to a caller who asks too often."""
        text = f"The throttling threshold has been reached: policy user over ratelimit,limit:{limit},time:{period}"
        return self.gateway.error(self, 429, "0308", text)

    def operation(self, call: Call) -> Operation | None:
        """Return what a request asks for, None for what no service has."""
        return resolve(call, self.base_path, self.store.number_of)

    def answer(self, call: Call, operation: Operation | None) -> Answer:
        """Answer a request honestly."""
        answer = self._answer(call, operation)
        if operation is None or not (operation.is_action or operation.service == "metadata"):
            answer.headers.setdefault("X-Request-Id", self.new_request_id())
        return answer

    def _answer(self, call: Call, operation: Operation | None) -> Answer:
        if operation is None:
            text = "The API does not exist or has not been published in the environment"
            return self.gateway.error(self, 404, "0101", text)
        if operation.service == "metadata":
            return iam.security_key(self)
        if operation.is_action:
            return self._act(call, operation)
        if not self.limit.passes(self.clock.real()):
            return self.throttled(self.limit.limit or 0, "1 second")
        if operation.name == "create_token":
            return iam.create_token(self, call)
        try:
            caller = self.gateway.authenticate(self, call)
        except RefusedError as refused:
            if operation.service == "iam" and "X-Auth-Token" in call.headers:
                return iam.IamError(401, "The request you have made requires authentication.").answer()
            return refused.answer
        if operation.service == "iam":
            return iam.list_projects(call)
        if operation.service == "vpc":
            return resources.peering(self, call, operation)
        if operation.project is None:
            # A signature without X-Project-Id is for the main project of the gateway's region.
            main = PROJECT_ID if PROJECT_ID in caller.allowed else None
            operation = replace(operation, project=caller.project or main)
        service = self.services[operation.service]
        by_domain = "{domain_id}" in service.facts.request.path
        if operation.project not in caller.allowed and isinstance(service, HuaweiCloudService) and not by_domain:
            return service.forbidden(self)
        return self._serve(call, operation)

    def _serve(self, call: Call, operation: Operation) -> Answer:
        if operation.service == "uhost":
            return resources.hosts(self, operation)
        if operation.work:
            return submits.answer(self, call, operation)
        return self.services[operation.service].answer(self, call, operation)

    def _act(self, call: Call, operation: Operation) -> Answer:
        if not self.limit.passes(self.clock.real()):
            return refuse(153, "Request is too frequent", operation.parameters.get("Action", ""))
        refusal = ucloud.check(operation.parameters)
        return refusal or self._serve(call, operation)

    # Submitting

    def _script(self, script: str | Mapping[str, Any], provider: str | None, changes: Mapping[str, Any]) -> Script:
        if isinstance(script, Mapping):
            return parse_script("of this submit", {**script, **changes}, provider)
        chosen = self.scripts.get(script)
        if chosen is None:
            raise ScriptError(f"There is no script {script!r}; there are {', '.join(sorted(self.scripts))}.")
        if provider not in (None, chosen.provider):
            raise ScriptError(f"The script {script} is one of {chosen.provider}, not of {provider}.")
        return chosen.changed(changes)

    def _submit(
        self,
        script: Script,
        count: int,
        scales: Sequence[float],
        fields: Sequence[Mapping[str, Any]],
    ) -> list[Job]:
        jobs = []
        service = self.services[script.provider]
        request_id = script.request_id
        for index in range(count):
            number = self.store.next_number()
            request_id = request_id or service.new_request_id(number)
            job = Job(
                job_id=script.job_id if script.job_id and count == 1 else service.new_job_id(number),
                script=script,
                number=number,
                submitted=self.clock.now(),
                epoch=self.clock.wall(),
                scale=scales[index % len(scales)],
                request_id=request_id,
                fields=fields[index % len(fields)],
            )
            self.store.add(job)
            jobs.append(job)
        return jobs
