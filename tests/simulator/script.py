# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts: what a job does over time, as README.md beside this file describes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .checks import ANYTHING, FLAG, MAPPING, MAPPINGS, NOTHING, NUMBER, SECONDS, TEXT, TEXTS, check, either
from .facts import FACTS
from .timeline import Timeline

FOLDER = Path(__file__).parent / "scripts"
# Its scripts are those of every service, by the names of the services and their own.
EVERY = "every_service.yml"
FINAL = ("succeeded", "partially_succeeded", "failed")
WORDS = ("pending", "running", *FINAL)
ABSENT = "absent"  # the state whose field the answer leaves out
STRANGE = "strange"  # the state whose value no reference has
KINDS = {
    "provider": TEXT,
    "description": TEXT,
    "job_id": TEXT,
    "aliases": TEXTS,
    "request_id": TEXT,
    "preset": FLAG,
    "listed": FLAG,
    "type": TEXT,
    "states": MAPPING,
    "progress": either(TEXT, MAPPING),
    "tasks": MAPPINGS,
    "error": MAPPING,
    "result": MAPPING,
    "fields": MAPPING,
    "appears_after": SECONDS,
    "vanishes_after": SECONDS,
    "not_found": MAPPING,
    "raw": MAPPING,
    "answers": MAPPING,
    "time_style": TEXT,
    "project": TEXT,
    "region": TEXT,
    "city": TEXT,
    "product": TEXT,
}


class ScriptError(ValueError):
    """A script that cannot be played; the message is a full sentence."""


@dataclass(frozen=True)
class Script:
    """A job's course. All times are seconds since the submit."""

    name: str
    provider: str
    source: Mapping[str, Any]
    states: Timeline
    job_id: str | None = None
    aliases: tuple[str, ...] = ()
    request_id: str | None = None
    preset: bool = False
    listed: bool = True
    type: str | None = None
    progress: Timeline | None = None
    tasks: tuple[Script, ...] = ()
    error: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    appears_after: float = 0.0
    vanishes_after: float = float("inf")
    not_found: Mapping[str, Any] | None = None
    raw: Timeline | None = None
    answers: Timeline | None = None
    time_style: str | None = None
    project: str | None = None
    region: str | None = None
    city: str | None = None
    product: str | None = None

    def changed(self, changes: Mapping[str, Any]) -> Script:
        """Return the script with some of its keys changed; raises ScriptError."""
        return parse(self.name, {**self.source, **changes}, self.provider) if changes else self

    def word(self, second: float, words: Mapping[Any, str]) -> str:
        """Return the state at that second as one of WORDS; what the service does not know counts as running."""
        state = self.states.at(second, "pending")
        return state if state in WORDS else words.get(_hashable(state), "running")

    def first(self, wanted: tuple[str, ...], words: Mapping[Any, str]) -> float | None:
        """Return the second at which the job first is in one of the wanted states, None when it never is."""
        for second in self.states.seconds:
            if self.word(second, words) in wanted:
                return second
        return None


def _hashable(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, type(None))) else repr(value)


def parse(name: str, data: Any, provider: str | None = None) -> Script:
    """Return the script that ``data`` (a mapping as YAML or JSON gives it) describes.

    Raises ScriptError with a sentence that names the script and the key.
    """
    if not isinstance(data, Mapping):
        raise ScriptError(f"The script {name} must be a mapping of keys such as states, it is {type(data).__name__}.")
    values = dict(data)
    provider = values.pop("provider", provider)
    if provider not in FACTS:
        raise ScriptError(f"The script {name} needs a provider, one of {', '.join(FACTS)}; it names {provider!r}.")
    try:
        check(f"the script {name}", values, KINDS)
        values["states"] = Timeline("states", values.get("states", {0: "running"}), ANYTHING)
        if "progress" in values:
            values["progress"] = _progress(values["progress"], values["states"])
        if "raw" in values:
            values["raw"] = Timeline("raw", values["raw"], ANYTHING)
        if "answers" in values:
            values["answers"] = Timeline("answers", values["answers"], either(MAPPING, NOTHING))
    except ValueError as error:
        raise ScriptError(f"The script {name} cannot be read: {error}") from error
    values.pop("description", None)
    values["aliases"] = tuple(values.get("aliases", ()))
    values["tasks"] = tuple(
        parse(f"{name}, task {number}", task, provider) for number, task in enumerate(values.get("tasks", ()), 1)
    )
    return Script(name=name, provider=provider, source=data, **values)


def _progress(points: Any, states: Timeline) -> Timeline:
    if points != "auto":
        return Timeline("progress", points if isinstance(points, Mapping) else {0: points}, NUMBER)
    course = zip(states.seconds, states.values, strict=True)
    begin = next((second for second, state in course if str(state).lower() == "running"), 0.0)
    return Timeline("progress", {begin: 0, max(states.seconds[-1], begin + 1): 100}, NUMBER)


def load(path: Path) -> Iterator[Script]:
    """Yield the scripts of a YAML file, a mapping from name to script.

    Raises ScriptError, and OSError for an unreadable file.
    """
    for name, script in _read(path).items():
        yield parse(str(name), script)


def _read(path: Path) -> Mapping[Any, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ScriptError(f"{path} is not YAML: {error}.") from error
    if not isinstance(data, Mapping):
        raise ScriptError(f"{path} must be a mapping from script names to scripts.")
    return data


@cache
def library() -> Mapping[str, Script]:
    """Return the scripts that come with the cloud, by name."""
    every = [
        parse(f"{provider}-{name}", script, provider)
        for name, script in _read(FOLDER / EVERY).items()
        for provider in FACTS
    ]
    own = [script for path in sorted(FOLDER.glob("*.yml")) if path.name != EVERY for script in load(path)]
    return {script.name: script for script in [*every, *samples(), *own]}


def samples() -> list[Script]:
    """Return the samples of the services' facts as jobs that are there from the start; of one id, the first."""
    found: dict[tuple[str, str], Script] = {}
    for provider, facts in FACTS.items():
        for number, sample in enumerate(facts.samples, 1):
            source = {
                "preset": True,
                "listed": False,
                "job_id": sample.job_id,
                "states": {0: sample.job["state"]},
                "raw": {0: sample.raw},
                **{name: sample.raw[name] for name in ("request_id",) if sample.raw.get(name)},
            }
            name = f"sample-{provider}" if number == 1 else f"sample-{provider}-{number}"
            found.setdefault((provider, sample.job_id), parse(name, source, provider))
    return list(found.values())
