# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`huaweicloud_job_info` with a shape, judged by Azure's public test server for long-running operations.

The server has 81 operations in its swagger file, in which it says how each ends.
"""

from __future__ import annotations

import socket
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudwait.jobs.tests.contract.long_running import (
    Operation,
    UnreachableError,
    install,
    operations,
    polled,
    running,
    wait,
)

# Operations that end well and tell it by the HTTP status alone, or by an answer without a state: no shape expresses it.
BY_STATUS = {
    "PUT /lro/put/200/succeeded/nostate",
    "PUT /lro/put/202/retry/200",
    "PUT /lro/putnonresource/202/200",
    "DELETE /lro/delete/202/retry/200",
    "DELETE /lro/delete/202/noretry/204",
    "DELETE /lro/delete/noheader",
    "POST /lro/post/payload/200",
    "POST /lro/post/202/noretry/204",
    "POST /lro/customheader/post/202/retry/200",
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[Operation, dict[str, Any] | None]:
    """The result of a wait for each operation, None for those that are not polled by URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    found: dict[Operation, dict[str, Any] | None] = {}
    try:
        package = install(Path(sys.prefix) / "npm")
        with running(package, port, tmp_path_factory.mktemp("coverage")) as url:
            for operation in operations(package):
                session, path = polled(url, operation)
                found[operation] = wait(url, session, path) if path is not None else None
    except UnreachableError as exc:
        warnings.warn(f"Azure's test server was not asked: {exc}", stacklevel=1)
        pytest.skip(f"Azure's test server cannot be had: {exc}")
    return found


def end_of(operation: Operation) -> str:
    """How the server says that an operation ends: failed, in an error, or well."""
    path = operation.path
    if path.rpartition("/")[2] in ("failed", "canceled") or "/failed/" in path or "/canceled/" in path:
        return "failed"
    return "error" if path.startswith(("/lro/nonretryerror/", "/lro/error/")) else "well"


def polled_that(end: str, results: dict[Operation, dict[str, Any] | None]) -> dict[str, dict[str, Any]]:
    """The results for the operations that are polled, and end so."""
    return {
        f"{operation.method} {operation.path}": result
        for operation, result in results.items()
        if result is not None and end_of(operation) == end
    }


def test_every_operation_was_asked_for(results: dict[Operation, dict[str, Any] | None]) -> None:
    assert len(results) == 81
    assert {end: len(polled_that(end, results)) for end in ("well", "failed", "error")} == {
        "well": 40,
        "failed": 10,
        "error": 21,
    }


def test_what_failed_or_was_cancelled_is_a_failed_job(results: dict[Operation, dict[str, Any] | None]) -> None:
    kinds = {name: result["failure"]["kind"] for name, result in polled_that("failed", results).items()}
    assert set(kinds.values()) == {"job_failed"}, kinds


def test_an_error_is_no_success(results: dict[Operation, dict[str, Any] | None]) -> None:
    errors = polled_that("error", results)
    assert [name for name, result in errors.items() if not result.get("failed")] == []
    assert {result["jobs"][0]["state"] for result in errors.values()} == {"unknown", "not_found"}


def test_what_ends_well_succeeds_where_it_tells_its_state(results: dict[Operation, dict[str, Any] | None]) -> None:
    well = polled_that("well", results)
    assert {name for name, result in well.items() if result.get("failed")} == BY_STATUS
    # what cannot be told is not guessed at
    assert {well[name]["jobs"][0]["state"] for name in BY_STATUS} <= {"unknown", "not_found"}
