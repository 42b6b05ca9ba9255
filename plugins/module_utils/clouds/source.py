# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A place where settings were looked for, and what it says."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

Settings = t.TypeVar("Settings")


@dataclass(frozen=True)
class Source(t.Generic[Settings]):
    """A place where settings were looked for.

    `place` names it, `subject` begins a sentence about it. `origins` names, for each setting that it has, where
    exactly the setting stands. `lack` says in a few words why it can sign nobody in, where it cannot.
    """

    place: str
    subject: str
    settings: Settings
    origins: t.Mapping[str, str] = field(default_factory=dict)
    lack: str = ""


class Found(t.NamedTuple):
    """The settings of a task, as the cloud's own type, and where each of them stands."""

    settings: t.Any
    origins: t.Mapping[str, str]


def places(sources: t.Iterable[Source[t.Any]]) -> str:
    """Return every place that was looked at, and what each lacks, as the end of a sentence."""
    return "these places were looked at: " + "; ".join(f"{source.place} ({source.lack})" for source in sources)
