# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The domain (account) that requests for global services go to."""

from __future__ import annotations

import threading
import typing as t
from dataclasses import dataclass, field

from ...model.errors import InvalidError, ServiceError
from ...model.text import scalar_text
from .exchange import Exchange
from .signing import Request


@dataclass
class Domain:
    """A domain's id: given, told by the login, or looked up, once. Used by several threads.

    `name` chooses among several domains that the login may see; `iam` leads to the identity service.
    """

    known_id: str | None
    name: str | None
    iam: Exchange
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def id(self, deadline: float) -> str:
        """Return the domain's id, by `deadline` on the clock. Raises CloudwaitError where it cannot be had."""
        with self._lock:
            if self.known_id is None:
                with self.iam.account.turn(self.iam.title, deadline):
                    self.known_id = self.iam.login.domain_id(deadline)
            if self.known_id is None:
                self.known_id = self._look_up(deadline)
            return self.known_id

    def _look_up(self, deadline: float) -> str:
        """Look the domain up (IAM and Keystone: GET /v3/auth/domains)."""
        auth_url = self.iam.base_url
        if not auth_url:
            raise InvalidError(
                "The domain cannot be looked up without the address of the identity service: give domain_id, or "
                "region, or auth_url."
            )
        value = self.iam.send(Request("GET", auth_url, "/v3/auth/domains"), {}, deadline)
        domains = value.get("domains") if isinstance(value, dict) else None
        if not isinstance(domains, list):
            raise ServiceError(
                f"The look-up of the domain at {auth_url} gave no list of domains; check auth_url, or give domain_id."
            )
        ids = sorted({domain_id for domain_id in map(self._id_of, domains) if domain_id})
        if len(ids) != 1:
            named = f" named {self.name}" if self.name else ""
            raise InvalidError(
                f"The login may use {len(ids)} domains{named}, and only one can be meant; give the option domain_id."
            )
        return ids[0]

    def _id_of(self, domain: t.Any) -> str | None:
        if not isinstance(domain, dict) or (self.name and domain.get("name") != self.name):
            return None
        return scalar_text(domain.get("id"))
