# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serves a Keystone on loopback: keystone_server.py FOLDER ACCOUNTS.json

Everything that it keeps is below FOLDER. The first line on standard output is its URL; each request is written to
FOLDER/requests.log as "METHOD TARGET STATUS" before it is answered, those with the header X-Quiet excepted. It ends
when its standard input does, and so never outlives the tests.

ACCOUNTS.json: {"domains": {id: name}, "projects": {id: [name, domain id]}, "users": {name: {"password", "domain",
"roles": {project id: role}}}}.
"""

from __future__ import annotations

import json
import os
import socketserver
import sys
import threading
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from keystone.common import fernet_utils
from keystone.common.provider_api import ProviderAPIs
from keystone.common.sql import upgrades
from keystone.server.wsgi import initialize_public_application

CONFIG = """
[DEFAULT]
use_stderr = true
[database]
connection = sqlite:///{folder}/keystone.db
[fernet_tokens]
key_repository = {folder}/keys
[fernet_receipts]
key_repository = {folder}/keys
[token]
expiration = 3600
[identity]
password_hash_rounds = 4
"""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Server(WSGIServer):
    """One request at a time, and no look-up of this machine's name."""

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]
        self.setup_environ()


class Handler(WSGIRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """The record of requests is kept before the answer, not here."""


def recorded(application: Application, log: Path) -> Application:
    """The application, also below /identity as many clouds have it, with its record of requests."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
        target = f"{environ['REQUEST_METHOD']} {path}{'?' if query else ''}{query}"
        if path.startswith("/identity/"):
            environ["SCRIPT_NAME"], environ["PATH_INFO"] = "/identity", path.removeprefix("/identity")

        def start(status: str, *rest: Any) -> Any:
            if "HTTP_X_QUIET" not in environ:
                with log.open("a", encoding="utf-8") as stream:
                    stream.write(f"{target} {status[:3]}\n")
            return start_response(status, *rest)

        return application(environ, start)

    return answer


def application(folder: Path) -> Application:
    """A Keystone with an empty database."""
    config = folder / "keystone.conf"
    config.write_text(CONFIG.format(folder=folder), encoding="utf-8")
    os.environ["OS_KEYSTONE_CONFIG_FILES"] = str(config)
    keys = fernet_utils.FernetUtils(str(folder / "keys"), 3, "fernet_tokens")
    keys.create_key_directory()
    keys.initialize_key_repository()
    made: Application = initialize_public_application()
    upgrades.offline_sync_database_to_version()
    return made


def create(accounts: dict[str, Any]) -> None:
    """Create domains, projects, users and their roles."""
    for domain_id, name in accounts["domains"].items():
        ProviderAPIs.resource_api.create_domain(domain_id, {"id": domain_id, "name": name, "enabled": True})
    for project_id, (name, domain_id) in accounts["projects"].items():
        project = {"id": project_id, "name": name, "domain_id": domain_id, "enabled": True}
        ProviderAPIs.resource_api.create_project(project_id, project)
    roles = {}
    for name, user in accounts["users"].items():
        new = {"name": name, "password": user["password"], "domain_id": user["domain"], "enabled": True}
        user_id = ProviderAPIs.identity_api.create_user(new)["id"]
        for project_id, role in user["roles"].items():
            if role not in roles:
                roles[role] = uuid.uuid4().hex
                ProviderAPIs.role_api.create_role(roles[role], {"id": roles[role], "name": role})
            ProviderAPIs.assignment_api.add_role_to_user_and_project(user_id, project_id, roles[role])


def end_with_standard_input() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    folder, accounts = Path(sys.argv[1]), Path(sys.argv[2])
    # Keystone reads the command line, too.
    del sys.argv[1:]
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    keystone = application(folder)
    create(json.loads(accounts.read_text(encoding="utf-8")))
    server = Server(("127.0.0.1", 0), Handler)
    server.set_app(recorded(keystone, folder / "requests.log"))
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
