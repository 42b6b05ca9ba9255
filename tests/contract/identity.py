# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Keystone, and an embedded cloud that believes its tokens alone."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests
from ansible_collections.cloudwait.jobs.tests.simulator import credentials
from ansible_collections.cloudwait.jobs.tests.simulator.tokens import Token, Tokens

# Far above what it takes; the start is real work of some seconds.
START_SECONDS = 180
SECONDS = 60
# Keystone's record leaves out what the tests themselves ask.
QUIET = {"X-Quiet": "1"}

FOREIGN_DOMAIN = "Zürich & Söhne"
FOREIGN_DOMAIN_ID = "0f0e0d0c0b0a09080706050403020100"
FOREIGN_PROJECT = "eu west/1 ü"
FOREIGN_PROJECT_ID = "00112233445566778899aabbccddeeff"
FOREIGN_USER = "jürgen"
FOREIGN_PASSWORD = 'Pässwort/€ "quoted" \\'
ADMIN = "admin"
ADMIN_PASSWORD = "Admin-4-the-Tests!"
# Users whose passwords the tests change, or who have no part in the project.
LEAVER = "leaver"
STRANGER = "stranger"

ACCOUNTS = {
    "domains": {credentials.DOMAIN_ID: credentials.DOMAIN, FOREIGN_DOMAIN_ID: FOREIGN_DOMAIN},
    "projects": {
        credentials.PROJECT_ID: (credentials.REGION, credentials.DOMAIN_ID),
        credentials.OTHER_PROJECT_ID: (credentials.OTHER_REGION, credentials.DOMAIN_ID),
        FOREIGN_PROJECT_ID: (FOREIGN_PROJECT, FOREIGN_DOMAIN_ID),
        # a name that two projects have, which Keystone allows in two domains
        credentials.AMBIGUOUS_PROJECT_IDS[0]: (credentials.AMBIGUOUS_PROJECT_NAME, credentials.DOMAIN_ID),
        credentials.AMBIGUOUS_PROJECT_IDS[1]: (credentials.AMBIGUOUS_PROJECT_NAME, FOREIGN_DOMAIN_ID),
    },
    "users": {
        credentials.USER: {
            "password": credentials.PASSWORD,
            "domain": credentials.DOMAIN_ID,
            "roles": {credentials.PROJECT_ID: "member", credentials.OTHER_PROJECT_ID: "member"},
        },
        ADMIN: {
            "password": ADMIN_PASSWORD,
            "domain": credentials.DOMAIN_ID,
            "roles": {credentials.PROJECT_ID: "admin"},
        },
        FOREIGN_USER: {
            "password": FOREIGN_PASSWORD,
            "domain": FOREIGN_DOMAIN_ID,
            "roles": {FOREIGN_PROJECT_ID: "member"},
        },
        LEAVER: {
            "password": credentials.PASSWORD,
            "domain": credentials.DOMAIN_ID,
            "roles": {credentials.PROJECT_ID: "member"},
        },
        STRANGER: {"password": credentials.PASSWORD, "domain": credentials.DOMAIN_ID, "roles": {}},
    },
}


class Keystone:
    """A Keystone in a process of its own, which ends with the ``with`` block or with this process."""

    def __init__(self, folder: Path) -> None:
        self.url = ""
        self._folder = folder
        self._log = folder / "requests.log"
        self._told = 0
        self._up = threading.Event()

    def __enter__(self) -> Self:
        accounts = self._folder / "accounts.json"
        accounts.write_text(json.dumps(ACCOUNTS), encoding="utf-8")
        program = Path(__file__).with_name("keystone_server.py")
        with (self._folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "ignore", str(program), str(self._folder), str(accounts)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                encoding="utf-8",
            )
        threading.Thread(target=self._read_url, daemon=True).start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _traceback: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate(timeout=SECONDS)

    def _read_url(self) -> None:
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        self._up.set()

    def wait_until_up(self) -> None:
        """Return when it answers; raises RuntimeError with the end of its log where it does not start."""
        if not self._up.wait(START_SECONDS) or not self.url:
            log = (self._folder / "server.log").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"Keystone did not start within {START_SECONDS} seconds:\n{log[-4000:]}")

    # The record

    def record(self) -> list[str]:
        """Every request since `forget()`, as "METHOD TARGET STATUS"."""
        return self._lines()[self._told :]

    def forget(self) -> None:
        """Begin the record anew."""
        self._told = len(self._lines())

    def _lines(self) -> list[str]:
        return self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []

    # What a test does behind the back of the code under test

    def log_in(self, user: str, password: str, project_id: str = credentials.PROJECT_ID) -> str:
        """A token of a user of the usual domain, scoped to a project."""
        named = {"name": user, "password": password, "domain": {"id": credentials.DOMAIN_ID}}
        identity = {"methods": ["password"], "password": {"user": named}}
        auth = {"auth": {"identity": identity, "scope": {"project": {"id": project_id}}}}
        return str(self.call("POST", "/v3/auth/tokens", None, auth).headers["X-Subject-Token"])

    def project_of(self, token: str) -> str | None:
        """The project of a token while it is good, None afterwards."""
        answer = self.call("GET", "/v3/auth/tokens", token, headers={"X-Subject-Token": token}, check=False)
        return str(answer.json()["token"]["project"]["id"]) if answer.status_code == 200 else None

    def revoke(self, token: str) -> None:
        self.call("DELETE", "/v3/auth/tokens", token, headers={"X-Subject-Token": token})

    def change_password(self, token: str, old: str, new: str) -> None:
        """Change the password of the user that a token belongs to, which ends all tokens of that user."""
        user = self.call("GET", "/v3/auth/tokens", token, headers={"X-Subject-Token": token}).json()["token"]["user"]
        change = {"user": {"original_password": old, "password": new}}
        self.call("POST", f"/v3/users/{user['id']}/password", token, change)

    def call(
        self,
        method: str,
        path: str,
        token: str | None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> requests.Response:
        """One request that stays out of the record; raises HTTPError for a refusal unless told not to."""
        sent = {**QUIET, **({"X-Auth-Token": token} if token else {}), **(headers or {})}
        answer = requests.request(method, self.url + path, json=body, headers=sent, timeout=SECONDS)
        if check:
            answer.raise_for_status()
        return answer


class KeystoneTokens(Tokens):
    """Tokens for an embedded cloud that asks Keystone about each one, as a service of a real cloud does.

    `events` are called with the token before the request of that number is judged, from 1 on.
    """

    def __init__(self, keystone: Keystone) -> None:
        super().__init__()
        self.events: dict[int, Callable[[str], None]] = {}
        self._keystone = keystone
        self._judged = 0

    def valid(self, value: str, wall: float) -> Token | None:
        self._judged += 1
        if self._judged in self.events:
            self.events[self._judged](value)
        project_id = self._keystone.project_of(value)
        return Token(value, project_id, float("inf")) if project_id else None
