# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of one id: runs the module of a provider on one id, and prints the functions that were given the id.

python tests/benchmarks/way.py PROVIDER, with the collection's folder in PYTHONPATH: as JSON, in their order, from the
module's arguments to the result's jobs.
"""

from __future__ import annotations

import contextlib
import dataclasses
import http.server
import io
import json
import runpy
import sys
import threading
import types
import typing as t

from ansible.module_utils import basic

JOB = "6837531fd3f54550927b930180a706bf"
ANSWER = {
    "job_id": JOB,
    "begin_time": "2019-04-26T07:00:00Z",
    "end_time": "2019-04-26T07:00:06Z",
    "phone_id": "9b28fbe50ded4060b8149a47e55dba82",
}
SUCCESS = {"cph": 2, "dws": "SUCCESS", "ims": "SUCCESS"}
# How deep an argument is searched for the id.
DEPTH = 5
HAS_VARARGS, HAS_KEYWORDS = 4, 8


class Service(http.server.BaseHTTPRequestHandler):
    """Answers every request with the job."""

    body = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_arguments: t.Any) -> None:
        """Say nothing."""


def holds_id(value: t.Any, depth: int = 0) -> bool:
    """Return whether a value is the id, or has it inside."""
    if depth > DEPTH:
        return False
    if isinstance(value, (str, bytes, bytearray)):
        return JOB in (value if isinstance(value, str) else value.decode(errors="replace"))
    if isinstance(value, dict):
        return any(holds_id(each, depth + 1) for pair in list(value.items()) for each in pair)
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(holds_id(each, depth + 1) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return any(holds_id(getattr(value, field.name), depth + 1) for field in dataclasses.fields(value))
    return False


class Way:
    """Notes functions of the collection's plugins that are given the id, each once, up to the job in the result."""

    def __init__(self) -> None:
        self.functions: list[str] = []
        self._has_arrived = False

    def __call__(self, frame: types.FrameType, event: str, _argument: t.Any) -> None:
        code = frame.f_code
        if event != "call" or self._has_arrived or "/cloudwait/jobs/plugins/" not in code.co_filename:
            return
        name = f"{code.co_filename.partition('/plugins/')[2]} {code.co_qualname}"
        count = code.co_argcount + code.co_kwonlyargcount
        count += bool(code.co_flags & HAS_VARARGS) + bool(code.co_flags & HAS_KEYWORDS)
        given = [frame.f_locals[argument] for argument in code.co_varnames[:count] if argument != "self"]
        self._has_arrived = code.co_qualname == "Job.as_dict"
        if "<" not in code.co_name and name not in self.functions and (self._has_arrived or any(map(holds_id, given))):
            self.functions.append(name)


def main(provider: str) -> None:
    """Run the module, and print its way."""
    Service.body = json.dumps({**ANSWER, "status": SUCCESS[provider]}).encode()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    given = {"job_ids": [JOB], "endpoint": url, "token": "a-token", "project_id": "p"}
    # What Ansible's own wrapper sets before it runs a module.
    vars(basic)["_ANSIBLE_ARGS"] = json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode()
    vars(basic)["_ANSIBLE_PROFILE"] = "legacy"
    way = Way()
    threading.setprofile(way)
    sys.setprofile(way)
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit):
        runpy.run_module(f"ansible_collections.cloudwait.jobs.plugins.modules.{provider}_job_info", run_name="__main__")
    sys.setprofile(None)
    if json.loads(out.getvalue())["jobs"][0]["state"] != "succeeded":
        sys.exit(f"The module did not find the job: {out.getvalue()}")
    print(json.dumps(way.functions))


if __name__ == "__main__":
    main(sys.argv[1])
