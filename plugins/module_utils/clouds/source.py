# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A place where settings were looked for, and what it says."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field, replace

# The name of a setting, and the environment, the file or the part of a file in which it stands.
NAME_AND_PLACE = re.compile(r"(.+?)( (?:in|of) .+)?", re.DOTALL)

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

    def on(self, host: str) -> Source[Settings]:
        """Return this source with the name of the host that it was found on."""
        origins = {name: _on(origin, host) for name, origin in self.origins.items()}
        return replace(self, subject=_on(self.subject, host), origins=origins)


def _on(text: str, host: str) -> str:
    """Return where something stands, with the host; what the task says stands on none."""
    if text.startswith("option"):
        return text
    is_environment = text.endswith(" in the environment") or text.startswith("environment variables")
    return f"{text} {'of' if is_environment else 'on'} {host}"


class Found(t.NamedTuple):
    """The settings of a task, as the cloud's own type, and where each of them stands."""

    settings: t.Any
    origins: t.Mapping[str, str]


def came_from(origins: t.Mapping[str, str], names: t.Iterable[str], host: str) -> str:
    """Return where the credentials with these names stand, such as `A and B in the environment of bastion1`."""
    by_place: dict[str, list[str]] = {}
    for origin in dict.fromkeys(origins[name] for name in names if name in origins):
        found = NAME_AND_PLACE.fullmatch(origin)
        name, place = found.groups() if found else (origin, None)
        by_place.setdefault(place or f" of the task on {host}", []).append(name)
    return " and ".join(f"{' and '.join(listed)}{place}" for place, listed in by_place.items())


def places(sources: t.Iterable[Source[t.Any]]) -> str:
    """Return every place that was looked at, and what each lacks, as the end of a sentence."""
    return "these places were looked at: " + "; ".join(f"{source.place} ({source.lack})" for source in sources)
