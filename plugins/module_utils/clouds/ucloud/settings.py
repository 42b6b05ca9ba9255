# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be known before anybody can sign in to UCloud."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ...model.errors import InvalidError
from ..source import Source as AnySource


@dataclass(frozen=True)
class Settings:
    """The settings of one source; None where it says nothing. The field names are those of the options."""

    public_key: str | None = None
    private_key: str | None = None
    security_token: str | None = None
    region: str | None = None
    project_id: str | None = None
    endpoint: str | None = None

    def has_credentials(self, subject: str) -> bool:
        """Return whether this source can sign in.

        Raises InvalidError where it holds only half a pair of keys.
        """
        if bool(self.public_key) != bool(self.private_key):
            has, lacks = ("public_key", "private_key") if self.public_key else ("private_key", "public_key")
            raise InvalidError(
                f"The {subject} name a {has} without a {lacks}; give both (public_key and private_key, or "
                "UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY)."
            )
        return bool(self.public_key)


Source = AnySource[Settings]


def source_of(place: str, subject: str, found: t.Mapping[str, tuple[t.Any, str]], lack: str = "no keys") -> Source:
    """Return a source by what was found there: for each setting its value, and where that stands."""
    values = {name: value for name, (value, _origin) in found.items() if value}
    return AnySource(place, subject, Settings(**values), {name: found[name][1] for name in values}, lack)
