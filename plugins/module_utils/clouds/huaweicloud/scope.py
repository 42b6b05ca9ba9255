# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The project, or the domain, that a request goes to."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .domain import Domain
from .project import Project


@dataclass(frozen=True)
class Scope:
    """The project and the domain of a login, each found out when a request first names it."""

    project: Project
    domain: Domain

    def words(self, names: t.Container[str]) -> list[str]:
        """Return the project and the domain that `find` has found for these names, in words."""
        has_project = "project_id" in names or self.project.is_chosen
        known = [("project", self.project.known_id if has_project else None)]
        known.append(("domain", self.domain.known_id if "domain_id" in names else None))
        return [f"{kind} {known_id}" for kind, known_id in known if known_id]

    def find(self, names: t.Container[str], deadline: float) -> tuple[dict[str, str], dict[str, str]]:
        """Return the values of the placeholders `project_id` and `domain_id`, of those that are among `names`.

        And the header that names the scope of a request with them (API reference "AK/SK signing"); a request without
        any goes to the project that the user chose, if any. Raises CloudwaitError where one cannot be had by `deadline`
        on the clock.
        """
        values: dict[str, str] = {}
        if "domain_id" in names:
            values["domain_id"] = self.domain.id(deadline)
        if "project_id" in names:
            values["project_id"] = self.project.id(deadline)
            return values, {"X-Project-Id": values["project_id"]}
        if "domain_id" in names:
            return values, {"X-Domain-Id": values["domain_id"]}
        return values, {"X-Project-Id": self.project.id(deadline)} if self.project.is_chosen else {}
