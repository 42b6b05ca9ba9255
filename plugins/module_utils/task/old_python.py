# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a module under a Python that the rest of the collection cannot be read by.

This file must be read by Python 2.7: ansible-core 2.16 runs modules on it. So it repeats what the modules return for
options that are refused; a test holds them together.
"""

import json
import os
import sys

STATES = ("pending", "running", "succeeded", "partially_succeeded", "failed", "unknown", "not_found")


def refuse(path):
    # type: (str) -> None
    """Print the result of the module in a file, which fails for its Python, and exit."""
    # ansible-core has left the arguments for its AnsibleModule, which cannot be had without naming all options.
    left = getattr(sys.modules.get("ansible.module_utils.basic"), "_ANSIBLE_ARGS", None)
    arguments = json.loads(left.decode("utf-8"))["ANSIBLE_MODULE_ARGS"] if left else {}
    name = os.path.basename(path).split(".")[0]
    sys.stdout.write(json.dumps(refusal(name, arguments)) + "\n")
    raise SystemExit(1)


def refusal(name, arguments):
    # type: (str, dict[str, object]) -> dict[str, object]
    """Return the result of a module, by its name, which fails for its Python."""
    message = (
        "The Python interpreter "
        + (sys.executable or "of this host")
        + " has version "
        + ".".join(map(str, sys.version_info[:3]))
        + ", but the modules of cloudwait.jobs need 3.8 or newer; name such an interpreter with the variable "
        + "ansible_python_interpreter."
    )
    result = {"changed": False, "failed": True, "msg": message}  # type: dict[str, object]
    failure = {"kind": "invalid", "code": None, "message": message}
    if name == "wait_for_jobs":
        return dict(result, failures=[dict(failure, provider=None)], table=[], **_of_jobs({}))
    return dict(result, failure=failure, **(_of_request() if name.endswith("_request") else _of_jobs(arguments)))


def _of_request():
    # type: () -> dict[str, object]
    nothing = dict.fromkeys(("status", "json", "content", "request_id"))  # type: dict[str, object]
    return dict(nothing, headers={}, job_ids=[], refused=[])


def _of_jobs(arguments):
    # type: (dict[str, object]) -> dict[str, object]
    job_ids = arguments.get("job_ids") or arguments.get("job_id")
    return {
        "jobs": [],
        "summary": dict.fromkeys(("total",) + STATES, 0),  # noqa: RUF005
        "unfinished": job_ids if isinstance(job_ids, list) else [],
        "failed_ids": [],
        "timed_out": False,
        "elapsed": 0.0,
        "polls": 0,
        "requests": 0,
        "throttled": 0,
    }
