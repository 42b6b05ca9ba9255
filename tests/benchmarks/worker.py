# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One process of `loopback.py`, so that its processor time and its memory are its own.

Takes a task as JSON on standard input: `{"provider": …, "options": {…}}` is waited for by the collection,
`{"requests": [{"pause": …, "method": …, "url": …, "headers": {…}, "body": …}, …]}` is sent again by a bare session.
Answers with JSON: processor seconds without imports, peak memory in MiB, the wall clock at the end, and the result.
"""

from __future__ import annotations

import json
import resource
import runpy
import sys
import time
import typing as t
from pathlib import Path

import requests

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("checkout.py")))["use"]()

from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import CLOUDS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import run_job_info
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.provider import argument_spec, of_service
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext

SERVICES = {service.provider: service for service in (CPH, IMS, UPHONE)}
KIB_PER_MIB = 1024


def wait(provider: str, given: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What a task of the module does, with the module's own defaults."""
    service = SERVICES[provider]
    spec = argument_spec(service)["argument_spec"]
    options = {name: given.get(name, option.get("default")) for name, option in spec.items()}
    result = run_job_info(of_service(service, CLOUDS[service.cloud]), options, TaskContext(False, {}, set())).result
    return {name: result[name] for name in ("msg", "summary", "elapsed", "polls", "requests")}


def send_again(exchanges: t.Sequence[t.Mapping[str, t.Any]]) -> dict[str, t.Any]:
    """The same requests by a bare session, which reads every answer as JSON."""
    with requests.Session() as session:
        for each in exchanges:
            # At the same rhythm: a processor that has just slept is slower.
            time.sleep(each["pause"])
            answer = session.request(
                each["method"], each["url"], headers=each["headers"], data=each["body"].encode() or None, timeout=30
            )
            answer.raise_for_status()
            answer.json()
    return {"requests": len(exchanges)}


def processor_seconds() -> float:
    """Processor time of this process, all threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Do the task."""
    task = json.load(sys.stdin)
    before = processor_seconds()
    result = send_again(task["requests"]) if "requests" in task else wait(task["provider"], task["options"])
    report = {
        "cpu": processor_seconds() - before,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MIB,
        "ended": time.time(),
        "result": result,
    }
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main()
