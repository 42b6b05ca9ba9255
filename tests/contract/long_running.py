# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure's public test server for long-running operations, with a real session for its cookies."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import module_of
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.providers import provider_of
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import TaskContext
from ansible_collections.cloudwait.jobs.tests.fuzz.offline import Reply, offline

PACKAGE = "@microsoft.azure/autorest.testserver"
VERSION = "3.3.51"
ACCEPTED = 202
# Every request of some operations must carry it.
HEADERS = {"x-ms-client-request-id": "9C4D50EE-2D56-4CD3-8152-34347DC9F2B0"}
# The words of the swagger file, in the spellings that occur.
SHAPE = {
    "status": ["status", "properties.provisioningState"],
    "states": {
        "running": ["Accepted", "Creating", "Updating", "Deleting", "Created", "InProgress"],
        "succeeded": ["Succeeded", "succeeded"],
        "failed": ["Failed", "Canceled"],
    },
    "error_code": "error.code",
    "error_message": "error.message",
}


class UnreachableError(Exception):
    """The test server cannot be had here; the message says why."""


@dataclass(frozen=True)
class Operation:
    """A long-running operation of the swagger file, such as PUT /lro/put/200/succeeded."""

    method: str
    path: str


def install(folder: Path) -> Path:
    """Install the test server below a folder, unless it is there; return its package. Raises UnreachableError."""
    package = folder / "node_modules" / PACKAGE
    npm = shutil.which("npm")
    if not (package / "swagger" / "lro.json").is_file():
        if npm is None or shutil.which("node") is None:
            raise UnreachableError("node and npm are not installed")
        command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder)]
        try:
            done = subprocess.run([*command, f"{PACKAGE}@{VERSION}"], capture_output=True, timeout=180, check=False)
        except subprocess.TimeoutExpired:
            raise UnreachableError("npm does not end") from None
        if done.returncode:
            raise UnreachableError(f"npm ended with {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}")
    return package


def operations(package: Path) -> list[Operation]:
    """Return the operations of the swagger file."""
    swagger = json.loads((package / "swagger" / "lro.json").read_text(encoding="utf-8-sig"))
    return [Operation(method.upper(), path) for path, methods in swagger["paths"].items() for method in methods]


@contextlib.contextmanager
def running(package: Path, port: int, folder: Path) -> Iterator[str]:
    """Run the test server; yields its URL."""
    command = ["node", str(package / "dist" / "cli" / "cli.js"), "run", "--port", str(port)]
    command += ["--coverageDirectory", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            lines = iter(server.stdout.readline, "")
            if not any(f"Started server on port {port}" in line for line in lines):
                raise UnreachableError("the test server does not start")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


def polled(url: str, operation: Operation) -> tuple[requests.Session, str | None]:
    """Start an operation; return the session whose cookies tell how far it is, and the path to poll, if there is one.

    What has succeeded at once is not polled.
    """
    session = requests.Session()
    headers = {**HEADERS, "Content-Type": "application/json"}
    for _again in range(3):
        answer = session.request(operation.method, url + operation.path, headers=headers, data="{}", timeout=10)
        if answer.status_code < 500:
            break
    if '"provisioningState": "Succeeded"' in answer.text:
        return session, None
    target = urlsplit(target_of(answer))
    if target.path and target.netloc in ("", urlsplit(url).netloc, f"localhost:{urlsplit(url).port}"):
        return session, target.path
    if answer.ok and operation.method in ("PUT", "PATCH") and not answer.headers.get("Location"):
        return session, operation.path
    return session, None


def target_of(answer: requests.Response) -> str:
    """Return the URL that an answer says to poll, the operation's own first."""
    return answer.headers.get("Azure-AsyncOperation") or answer.headers.get("Location", "")


def wait(url: str, session: requests.Session, path: str) -> dict[str, Any]:
    """Return the result of a task that waits for what is polled at a path, on simulated time.

    The session stands for the service: it keeps its cookies, and goes on to where an answer with 202 says.
    """
    moved = {"to": ""}
    first, _slash, rest = path.lstrip("/").partition("/")
    module = module_of(provider_of("huaweicloud"))
    options = {name: option.get("default") for name, option in module.spec["argument_spec"].items()}
    shape = {name: option.get("default") for name, option in options_of_shape(module.spec).items()}
    options |= {"service": "lro", "region": "r", "token": "a-token", "until": ["succeeded"], "headers": HEADERS}
    options |= {"job_ids": [first], "path": f"/{{job_id}}/{rest}", "shape": {**shape, **SHAPE}}

    def forward(request: requests.PreparedRequest) -> Reply:
        sent = {name: value for name, value in request.headers.items() if name.startswith("x-ms-")}
        asked = moved["to"] or urlsplit(str(request.url)).path
        answer = session.get(url + asked, headers=sent, allow_redirects=False, timeout=10)
        if answer.status_code == ACCEPTED:
            moved["to"] = urlsplit(target_of(answer)).path
        return Reply(answer.content, answer.status_code, {"Retry-After": answer.headers.get("Retry-After", "")})

    with offline(forward) as outside:
        return module.run(options, TaskContext(False, {}, set(), **outside.context())).result


def options_of_shape(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the options below `shape`."""
    shape: dict[str, Any] = spec["argument_spec"]["shape"]["options"]
    return shape
