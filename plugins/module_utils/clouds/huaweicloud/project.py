# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The project that requests go to."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from ...model.errors import InvalidError, ServiceError
from ...model.json_path import values
from ...model.text import scalar_text
from .exchange import Exchange
from .signing import Request


@dataclass
class Project:
    """A project's id: given, told by the login, or looked up by its name, once. Used by several threads.

    `is_chosen`: the user named it; `iam` leads to the identity service, whose address is empty where it is not known.
    """

    known_id: str | None
    name: str | None
    iam: Exchange
    is_chosen: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def id(self, deadline: float) -> str:
        """Return the project's id, by `deadline` on the clock. Raises CloudwaitError where it cannot be had."""
        with self._lock:
            if self.known_id is None:
                with self.iam.account.turn(self.iam.title, deadline):
                    self.known_id = self.iam.login.project_id(deadline)
            if self.known_id is None:
                self.known_id = self._look_up(deadline)
            if not self.known_id.strip("."):
                # In a path it would be a step upwards.
                raise InvalidError(
                    f"The project's id is {self.known_id!r}, which is made of dots only and can be no id; check the "
                    "option project_id, or the environment variable or file that it comes from."
                )
            return self.known_id

    def _look_up(self, deadline: float) -> str:
        """Look the project up (IAM and Keystone: GET /v3/projects)."""
        name, auth_url = self.name, self.iam.base_url
        if not name:
            raise InvalidError(
                "The project is not known: give one of the options project_id, project_name and region (or set "
                "HW_PROJECT_ID, HW_REGION_NAME or OS_REGION_NAME in the environment)."
            )
        if not auth_url:
            raise InvalidError(
                "The project cannot be looked up without the address of the identity service: give project_id, or "
                "region, or auth_url."
            )
        value = self.iam.send(Request("GET", auth_url, "/v3/projects", [("name", name)]), {}, deadline)
        if not isinstance(value, dict) or not isinstance(value.get("projects"), list):
            raise ServiceError(
                f"The look-up of the project {name:.80} at {auth_url} gave no list of projects; check auth_url, or "
                "give project_id."
            )
        found = [scalar_text(project_id) for project_id in values(value, "projects[].id")]
        ids = sorted({project_id for project_id in found if project_id})
        if len(ids) != 1:
            raise InvalidError(
                f"There {'are several projects' if ids else 'is no project'} named {name:.80}"
                f"{' (' + ', '.join(ids[:5]) + ')' if ids else ''}; check region or project_name, or give project_id."
            )
        return ids[0]
