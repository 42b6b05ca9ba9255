# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a module under a Python that the rest of the collection cannot be read by.

This file must be read by Python 2.7: ansible-core 2.16 runs modules on it.
"""

import json
import sys

# The states of model/job.py, which Python 2.7 cannot read; a test holds them together.
STATES = ("pending", "running", "succeeded", "partially_succeeded", "failed", "unknown", "not_found")


def refuse():
    # type: () -> None
    """Print the result of a task that failed for its Python, and exit."""
    # ansible-core has left the arguments for its AnsibleModule, which cannot be had without naming all options.
    left = getattr(sys.modules.get("ansible.module_utils.basic"), "_ANSIBLE_ARGS", None)
    arguments = json.loads(left.decode("utf-8"))["ANSIBLE_MODULE_ARGS"] if left else {}
    sys.stdout.write(json.dumps(refusal(arguments)) + "\n")
    sys.exit(1)


def refusal(arguments):
    # type: (dict[str, object]) -> dict[str, object]
    """Return the result of a task with these arguments: what it returns when its options are wrong."""
    message = (
        "The Python interpreter "
        + (sys.executable or "of this host")
        + " has version "
        + ".".join(map(str, sys.version_info[:3]))
        + ", but the modules of cloudwait.jobs need 3.8 or newer; name such an interpreter with the variable "
        + "ansible_python_interpreter."
    )
    result = {"changed": False, "failed": True, "msg": message}  # type: dict[str, object]
    if "jobs" in arguments:
        # It is wait_for_jobs.
        return result
    job_ids = arguments.get("job_ids") or arguments.get("job_id")
    result.update(
        jobs=[],
        summary=dict.fromkeys(("total",) + STATES, 0),  # noqa: RUF005
        unfinished=job_ids if isinstance(job_ids, list) else [],
        timed_out=False,
        elapsed=0.0,
        polls=0,
        requests=0,
        failure={"kind": "invalid", "code": None, "message": message},
    )
    return result
