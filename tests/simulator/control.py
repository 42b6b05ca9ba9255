# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API below ``/_control/``: what tests and playbooks order the cloud to do. No credentials needed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .checks import FROM_ONE, MAPPING, NOTHING, NUMBER, SECONDS, TEXT, Kind, check, either
from .clock import ManualClock
from .credentials import overview
from .exchange import Answer, Call
from .faults import parse as parse_fault
from .script import ScriptError

if TYPE_CHECKING:
    from .cloud import Cloud

Action = Callable[["Cloud", Call, Any], Any]


def submit(cloud: Cloud, call: Call, data: Any) -> Any:
    if not isinstance(data, dict) or "script" not in data:
        raise ScriptError("A submit needs a script: the name of one, or a script itself.")
    return cloud.submit(data.pop("script"), **data)


def list_jobs(cloud: Cloud, call: Call, data: Any) -> Any:
    now = cloud.clock.now()
    return [
        {
            "job_id": job.job_id,
            "provider": job.script.provider,
            "script": job.script.name,
            "request_id": job.request_id,
            "state": cloud.services[job.script.provider].word(job, now),
            "second": round(job.second(now), 3),
            "visible": job.visible(now),
        }
        for job in cloud.store
    ]


def order_faults(cloud: Cloud, call: Call, data: Any) -> Any:
    faults = [parse_fault(item) for item in (data if isinstance(data, list) else [data])]
    for fault in faults:
        cloud.faults.add(fault)
    return cloud.faults.orders()


def clear_faults(cloud: Cloud, call: Call, data: Any) -> Any:
    cloud.faults.clear()
    return []


def list_requests(cloud: Cloud, call: Call, data: Any) -> Any:
    chosen = {key: call.parameters[key] for key in ("service", "operation", "job_id") if key in call.parameters}
    after = call.parameters.get("after", "0")
    if not after.isdecimal():
        raise ValueError(f"after must be the number of a request, it is {after!r}.")
    return [request.as_dict() for request in cloud.log.select(**chosen) if request.number > int(after)]


def clear_requests(cloud: Cloud, call: Call, data: Any) -> Any:
    cloud.log = type(cloud.log)()
    return cloud.log.counts()


def revoke(cloud: Cloud, call: Call, data: Any) -> Any:
    options = of_kinds(data, {"token": TEXT})
    cloud.tokens.revoke(options.get("token"))
    return {"valid": cloud.tokens.values()}


def settings(cloud: Cloud, call: Call, data: Any) -> Any:
    options = of_kinds(data, {"skew": NUMBER, "rate": either(FROM_ONE, NOTHING), "token_lifetime": NUMBER})
    cloud.skew = options.get("skew", cloud.skew)
    cloud.token_lifetime = options.get("token_lifetime", cloud.token_lifetime)
    if "rate" in options:
        cloud.set_rate(options["rate"])
    return {"skew": cloud.skew, "rate": cloud.limit.limit, "token_lifetime": cloud.token_lifetime}


def advance(cloud: Cloud, call: Call, data: Any) -> Any:
    if not isinstance(cloud.clock, ManualClock):
        raise ValueError("Only a cloud with a manual clock can be moved on.")
    cloud.clock.advance(of_kinds({"seconds": None, **(data or {})}, {"seconds": SECONDS})["seconds"])
    return {"now": cloud.clock.now()}


def of_kinds(data: Any, kinds: Mapping[str, Kind]) -> Mapping[str, Any]:
    """Return the options of a call, none for an empty body; raises ValueError with a sentence."""
    if data is None:
        return {}
    check("the control API", {"body": data}, {"body": MAPPING})
    check("this call", data, kinds)
    return dict(data)


def reset(cloud: Cloud, call: Call, data: Any) -> Any:
    cloud.reset()
    return {}


def start_page(cloud: Cloud, call: Call, data: Any) -> Any:
    return {
        "calls": [f"{method} {cloud.url}/_control/{name}" for method, name in ACTIONS],
        "credentials": overview().splitlines(),
    }


ACTIONS: dict[tuple[str, str], Action] = {
    ("GET", ""): start_page,
    ("POST", "jobs"): submit,
    ("GET", "jobs"): list_jobs,
    ("GET", "scripts"): lambda cloud, call, data: {s.name: s.provider for s in cloud.scripts.values()},
    ("POST", "faults"): order_faults,
    ("GET", "faults"): lambda cloud, call, data: cloud.faults.orders(),
    ("DELETE", "faults"): clear_faults,
    ("GET", "requests"): list_requests,
    ("DELETE", "requests"): clear_requests,
    ("GET", "counts"): lambda cloud, call, data: {
        **cloud.log.counts(),
        "logins": cloud.tokens.issued,
        "throttled": cloud.limit.refused,
    },
    ("POST", "tokens/revoke"): revoke,
    ("GET", "settings"): settings,
    ("POST", "settings"): settings,
    ("POST", "clock"): advance,
    ("POST", "reset"): reset,
}


def answer(cloud: Cloud, call: Call, name: str) -> Answer:
    """Carry out a call of the control API; what is wrong with it comes back as ``{"error": sentence}`` with a 400."""
    action = ACTIONS.get((call.method, name))
    if action is None:
        return Answer(404, {"error": f"The control API has no {call.method} {name}; GET _control/ lists what it has."})
    try:
        data = json.loads(call.body) if call.body else None
    except ValueError:
        return Answer(400, {"error": "The body of a call to the control API must be JSON."})
    try:
        return Answer(200, action(cloud, call, data))
    except ValueError as error:
        return Answer(400, {"error": str(error)})
