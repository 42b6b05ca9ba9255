# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API below ``/_control/``: what tests and playbooks order the cloud to do. No credentials needed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .clock import ManualClock
from .credentials import overview
from .exchange import Answer, Call
from .faults import FaultError
from .faults import parse as parse_fault
from .scripts import ScriptError

if TYPE_CHECKING:
    from .cloud import Cloud

Action = Callable[["Cloud", Call, Any], Any]


def submit(cloud: Cloud, call: Call, data: Any) -> Any:
    if not isinstance(data, dict) or "script" not in data:
        raise ScriptError("A submit needs a script: the name of one, or a script itself.")
    return cloud.submit(**data)


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
    after = int(call.parameters.get("after", 0))
    return [request.as_dict() for request in cloud.log.select(**chosen) if request.number > after]


def clear_requests(cloud: Cloud, call: Call, data: Any) -> Any:
    cloud.log = type(cloud.log)()
    return cloud.log.counts()


def revoke(cloud: Cloud, call: Call, data: Any) -> Any:
    cloud.tokens.revoke((data or {}).get("token"))
    return {"valid": cloud.tokens.values()}


def settings(cloud: Cloud, call: Call, data: Any) -> Any:
    data = data or {}
    unknown = set(data) - {"skew", "rate", "token_lifetime"}
    if unknown:
        raise ValueError(f"The settings are skew, rate and token_lifetime; {', '.join(sorted(unknown))} is none.")
    if "skew" in data:
        cloud.skew = float(data["skew"])
    if "token_lifetime" in data:
        cloud.token_lifetime = float(data["token_lifetime"])
    if "rate" in data:
        cloud.set_rate(None if data["rate"] is None else int(data["rate"]))
    return {"skew": cloud.skew, "rate": cloud.limit.limit, "token_lifetime": cloud.token_lifetime}


def advance(cloud: Cloud, call: Call, data: Any) -> Any:
    if not isinstance(cloud.clock, ManualClock):
        raise ValueError("Only a cloud with a manual clock can be moved on.")
    cloud.clock.advance(float((data or {})["seconds"]))
    return {"now": cloud.clock.now()}


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
        return Answer(200, action(cloud, call, json.loads(call.body) if call.body else None))
    except (FaultError, ScriptError, ValueError, TypeError, KeyError, AttributeError) as error:
        return Answer(400, {"error": str(error)})
