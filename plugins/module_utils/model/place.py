# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A place where jobs are looked up."""

from __future__ import annotations

import typing as t


class Place(t.NamedTuple):
    """A place where jobs are looked up; `parts` name the project and the like."""

    region: str | None
    parts: t.Sequence[str]
    url: str

    def __str__(self) -> str:
        """Return the place as a part of a sentence."""
        listed = ", ".join([*([f"region {self.region}"] if self.region else []), *self.parts])
        return f"in {listed}, at {self.url}" if listed else f"at {self.url}"

    @property
    def short(self) -> str:
        """What tells it from another place of the same service: the region, else the host."""
        return self.region or self.url.partition("://")[2].partition("/")[0]
