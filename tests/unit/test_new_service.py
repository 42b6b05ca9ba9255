# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service that CONTRIBUTING.md adds as an example: its code, as it stands there, is short and waits for jobs."""

from __future__ import annotations

import http.server
import json
import pathlib
import re
import sys
import textwrap
import threading
import types
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import run_job_info
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.in_process import JobInfoAction
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import validated

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
MODULE = "ansible_collections.cloudwait.jobs.plugins.module_utils.services.lake"
BLOCKS = [
    textwrap.dedent(text)
    for text in re.findall(r"^ *```python\n(.*?)^ *```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
]
DECLARATION, MAIN, ACTION = BLOCKS
TOKEN = "token-of-the-lake"


@pytest.fixture
def lake(monkeypatch: pytest.MonkeyPatch) -> t.Any:
    """The declared service, which the other code can import."""
    module = types.ModuleType(MODULE)
    exec(compile(DECLARATION, "services/lake.py", "exec"), vars(module))
    monkeypatch.setitem(sys.modules, MODULE, module)
    return vars(module)["LAKE"]


class Lake(http.server.BaseHTTPRequestHandler):
    """The service: every job runs at the first look, and has ended at the second."""

    looks: t.ClassVar[dict[str, int]] = {}

    def do_GET(self) -> None:
        path, _question_mark, query = self.path.partition("?")
        job_id = query[len("id=") :]
        if self.headers["X-Auth-Token"] != TOKEN or path != "/v3/project/jobs" or not query.startswith("id="):
            self.answer(400, {"error_code": "LAKE.0001", "error_msg": f"Not a request of ours: {self.path}"})
        elif job_id == "unknown":
            self.answer(404, {"error_code": "LAKE.0011", "error_msg": "No such job."})
        else:
            self.looks[job_id] = self.looks.get(job_id, 0) + 1
            self.answer(200, {"job": self.job(job_id, ended=self.looks[job_id] > 1)})

    def job(self, job_id: str, ended: bool) -> dict[str, t.Any]:
        job = {"id": job_id, "name": "FillLake", "created": "2026-01-02T03:04:05Z", "lake": {"id": "lake-1"}}
        if not ended:
            return {**job, "status": "Running", "progress": "60%"}
        if job_id == "dry":
            return {**job, "status": "Failed", "ended": "2026-01-02T03:05:05Z", "fail_reason": "There is no water."}
        return {**job, "status": "Completed", "progress": "100%", "ended": "2026-01-02T03:04:35Z"}

    def answer(self, status: int, body: t.Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: t.Any) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> t.Iterator[str]:
    """The address of the service, on this machine."""
    Lake.looks.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lake) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def look(service: t.Any, url: str, *job_ids: str, **options: t.Any) -> dict[str, t.Any]:
    """The module's result."""
    connection = {"endpoint": url, "project_id": "project", "token": TOKEN}
    given = validated(service, job_ids=list(job_ids), interval=0.01, max_interval=0.01, **connection, **options)
    return run_job_info(service, given, False, {}, set()).result


def test_a_look(lake: t.Any, url: str) -> None:
    (job,) = look(lake, url, "full")["jobs"]
    assert (job["state"], job["progress"], job["finished"]) == ("running", 60, False)
    assert (job["provider"], job["type"], job["resources"]) == ("lake", "FillLake", {"lake_id": "lake-1"})


def test_a_wait(lake: t.Any, url: str) -> None:
    result = look(lake, url, "full", until=["succeeded"], timeout=60)
    (job,) = result["jobs"]
    assert (job["state"], job["progress"], job["duration"]) == ("succeeded", 100, 30.0)
    assert "failure" not in result
    assert result["polls"] == 2


def test_a_failure(lake: t.Any, url: str) -> None:
    result = look(lake, url, "full", "dry", until=["succeeded"], timeout=60)
    assert [job["state"] for job in result["jobs"]] == ["succeeded", "failed"]
    assert result["failure"] == {"kind": "job_failed", "code": None, "message": "There is no water."}


def test_an_unknown_job(lake: t.Any, url: str) -> None:
    (job,) = look(lake, url, "unknown")["jobs"]
    assert (job["state"], job["error"]) == ("not_found", {"code": "LAKE.0011", "message": "No such job."})
    result = look(lake, url, "unknown", until=["finished"], timeout=60, not_found_grace=0)
    assert result["failure"]["kind"] == "not_found"


def test_the_module(lake: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[t.Any] = []
    monkeypatch.setattr("ansible_collections.cloudwait.jobs.plugins.module_utils.task.module.main_job_info", ran.append)
    exec(compile(MAIN, "modules/lake_job_info.py", "exec"), {"__name__": "__main__"})
    assert ran == [lake]


def test_the_direct_path(lake: t.Any) -> None:
    names: dict[str, t.Any] = {"__name__": "action"}
    exec(compile(ACTION, "action/lake_job_info.py", "exec"), names)
    assert issubclass(names["ActionModule"], JobInfoAction)
    assert names["ActionModule"].service is lake


def test_it_takes_fewer_than_sixty_lines() -> None:
    lines = [line for block in BLOCKS for line in block.splitlines() if line.strip()]
    assert len(lines) < 60
