# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be known before anybody can sign in to Huawei Cloud."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ...model.errors import InvalidError
from ..source import Source as AnySource

# Parts of host names, for which upper and lower case are the same; a signature is made of one spelling.
PARTS_OF_HOSTS = ("region", "cloud")


@dataclass(frozen=True)
class Settings:
    """The settings of one source; None where it says nothing. Those that are options have the options' names."""

    access_key: str | None = None
    secret_key: str | None = None
    security_token: str | None = None
    token: str | None = None
    username: str | None = None
    user_id: str | None = None
    password: str | None = None
    user_domain_name: str | None = None
    user_domain_id: str | None = None
    region: str | None = None
    project_id: str | None = None
    project_name: str | None = None
    project_domain_name: str | None = None
    project_domain_id: str | None = None
    auth_url: str | None = None
    cloud: str | None = None

    @property
    def user(self) -> str | None:
        """The user's id, or else the name."""
        return self.user_id or self.username

    @property
    def has_domain(self) -> bool:
        """True where the user is known beyond doubt: an id needs no domain."""
        return bool(self.user_id or self.user_domain_name or self.user_domain_id)

    def has_credentials(self, subject: str) -> bool:
        """Return whether this source can sign in.

        Raises InvalidError where it holds only half a pair of keys.
        """
        if bool(self.access_key) != bool(self.secret_key):
            has, lacks = ("an access key", "the secret key") if self.access_key else ("a secret key", "the access key")
            raise InvalidError(
                f"The {subject} name {has} without {lacks}; give both (access_key and secret_key, or HW_ACCESS_KEY and "
                "HW_SECRET_KEY, or HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK)."
            )
        return bool(self.token or self.access_key or (self.user and self.password and self.has_domain))

    @property
    def lack(self) -> str:
        """What is missing, in a few words, where nobody can sign in by these settings."""
        if self.user and not self.password:
            return "a user without a password"
        if self.password and not self.user:
            return "a password without a user"
        if self.password:
            return "a user without the domain"
        if self.security_token:
            return "a security token without keys"
        return "no credentials"


Source = AnySource[Settings]


def source_of(place: str, subject: str, found: t.Mapping[str, tuple[str, str]]) -> Source:
    """Return a source by what was found there: for each setting its value, and where that stands."""
    values = {
        name: value.lower() if name in PARTS_OF_HOSTS and value.isascii() else value
        for name, (value, _origin) in found.items()
        if value
    }
    settings = Settings(**values)
    return AnySource(place, subject, settings, {name: found[name][1] for name in values}, settings.lack)
