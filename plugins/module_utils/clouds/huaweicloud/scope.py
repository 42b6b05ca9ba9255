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

    def values(self, names: t.Container[str], deadline: float) -> dict[str, str]:
        """Return the values of the placeholders `project_id` and `domain_id`, of those that are among `names`.

        Raises CloudwaitError where one cannot be had by `deadline` on the clock.
        """
        found: dict[str, str] = {}
        if "project_id" in names:
            found["project_id"] = self.project.id(deadline)
        if "domain_id" in names:
            found["domain_id"] = self.domain.id(deadline)
        return found

    def headers(self, values: t.Mapping[str, str], deadline: float) -> dict[str, str]:
        """Return the header that names the scope of a request with these placeholders (API reference "AK/SK signing").

        A request without any goes to the project that the user chose, if any.
        """
        if "project_id" in values:
            return {"X-Project-Id": values["project_id"]}
        if "domain_id" in values:
            return {"X-Domain-Id": values["domain_id"]}
        return {"X-Project-Id": self.project.id(deadline)} if self.project.is_chosen else {}
