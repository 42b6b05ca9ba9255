# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the facts of a service from its file, and says by name what is missing or wrong in it."""

from __future__ import annotations

import string
import typing as t
from pathlib import Path

import yaml

from .facts import (
    CODE,
    DIGITS,
    FINAL,
    MESSAGE,
    NUMBERS,
    STATES,
    Code,
    Facts,
    Fields,
    Request,
    Sample,
    Sdk,
    read_request,
    values_at,
)

FOLDER = Path(__file__).parent
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# The keys of a file, with the types of their values; the others may be missing.
NEEDED: dict[str, t.Any] = {
    "provider": str,
    "request": str,
    "fields": dict,
    "states": dict,
    "error": dict,
    "samples": list,
}
OPTIONAL: dict[str, t.Any] = {
    "headers": dict,
    "options": dict,
    "hosts": dict,
    "verdict": list,
    "absent": bool,
    "job": str,
    "type": str,
    "time": str,
    "zone": str,
    "progress": (str, int, float),
    "codes": dict,
    "sdk": dict,
}
ERROR_CLASSES = ("not_found", "transient", "authentication", "permission", "invalid", "service")
# What every service's request may have; a value for any other placeholder stands under `options`.
PLACEHOLDERS = {"region", "project_id", "job_id", "day_before"}
# Fields that no part of a job tells.
SINGLE = ("id", "status", "type")
# Fields that need another key, which tells how they are written.
TOLD_BY = {"type": ("type",), "time": ("begin", "end"), "progress": ("progress",)}
# What a sample's job may say: the keys of one of a result's `jobs`.
RESULT = {
    *("job_id", "state", "status", "finished", "type", "progress", "begin_time", "end_time", "duration", "error"),
    *("resources", "tasks"),
}


class FactsError(ValueError):
    """A file of facts that is incomplete or wrong; the message is a sentence that names the file and the place."""


def load_all(folder: Path = FOLDER) -> dict[str, Facts]:
    """Return the facts of every service by provider. Raises FactsError."""
    return {path.stem: load(path) for path in sorted(folder.glob("*.yml"))}


def load(path: Path) -> Facts:
    """Return the facts that a file holds. Raises FactsError."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), LOADER)
    except yaml.YAMLError as error:
        raise FactsError(f"{path.name} is not YAML: {error}.") from None
    try:
        facts = _read(data)
        _check(facts.provider == path.stem, "provider", f"must be the name of the file, it is {facts.provider}")
    except FactsError as error:
        raise FactsError(f"{path.name}: {error}") from None
    return facts


def _check(fine: t.Any, where: str, what: str) -> None:
    if not fine:
        raise FactsError(f"{where} {what}.")


def _mapping(value: t.Any, where: str, needed: t.Mapping[str, t.Any], optional: t.Mapping[str, t.Any]) -> None:
    """Check the keys of a mapping, and the types of their values."""
    _check(isinstance(value, dict), where, "must be a mapping")
    missing, unknown = sorted(set(needed) - set(value)), sorted(set(value) - {*needed, *optional}, key=str)
    _check(not missing, where, f"lacks {', '.join(missing)}")
    _check(not unknown, where, f"has keys that mean nothing: {', '.join(map(str, unknown))}")
    for name, wanted in {**needed, **optional}.items():
        if name in value and wanted is not object:
            right = isinstance(value[name], wanted) and (wanted is bool or not isinstance(value[name], bool))
            _check(right, f"{where}.{name}", f"has the wrong type, {type(value[name]).__name__}")


def _read(data: t.Any) -> Facts:
    _mapping(data, "the file", NEEDED, OPTIONAL)
    job = data.get("job", "")
    _check("[]" not in job[:-2], "job", "may be a list at its end alone")
    fields = _fields(data)
    states = _states(data["states"])
    told = {str(value) for value in values_in(data["error"])}
    for word, what in ((CODE, "code"), (MESSAGE, "message")):
        _check(word in told, "error", f"must hold {word} in the place of a {what}")
    return Facts(
        provider=data["provider"],
        request=_request(data),
        options=data.get("options", {}),
        hosts=data.get("hosts", {}),
        job=job,
        fields=fields,
        verdict=data.get("verdict", []),
        absent=data.get("absent", False),
        type=data.get("type"),
        time=_time(data.get("time", "")),
        zone=data.get("zone", ""),
        progress=data.get("progress"),
        states=states,
        error=data["error"],
        codes=_codes(data.get("codes", {})),
        samples=_samples(data["samples"], job, fields),
        sdk=_sdk(data["sdk"]) if "sdk" in data else None,
    )


def values_in(value: t.Any) -> list[t.Any]:
    """Return every value within a JSON value that holds no others."""
    if isinstance(value, (dict, list)):
        return [inner for item in (value.values() if isinstance(value, dict) else value) for inner in values_in(item)]
    return [value]


def _request(data: t.Mapping[str, t.Any]) -> Request:
    headers, options = data.get("headers", {}), data.get("options", {})
    request = read_request(data["request"], headers)
    _check(request.method in ("GET", "POST") and request.host and request.path, "request", "must be METHOD URL")
    fields = [named for part in request.parts for _text, named, *_format in string.Formatter().parse(part)]
    named = {name for name in fields if name}
    _check("job_id" in named, "request", "must name {job_id}")
    _check(named - PLACEHOLDERS == set(options), "options", f"must have the values of {sorted(named - PLACEHOLDERS)}")
    return request


def _fields(data: t.Mapping[str, t.Any]) -> Fields:
    names = dict.fromkeys(Fields.__dataclass_fields__, str)
    _mapping(data["fields"], "fields", {"status": str}, names)
    for name, path in data["fields"].items():
        _check(path and ("[]" not in path or name not in SINGLE), f"fields.{name}", "must be a path to one value")
    for key, told in TOLD_BY.items():
        needs = any(name in data["fields"] for name in told)
        _check(needs or key not in data, key, f"tells how a field is written that is none of fields: {', '.join(told)}")
        _check(not needs or key in data, key, f"must tell how fields.{told[0]} is written")
    return Fields(**data["fields"])


def _time(text: str) -> str:
    right = not text or text in NUMBERS or text in DIGITS or "%S" in text
    _check(right, "time", f"must be a pattern of strftime, or one of {', '.join([*NUMBERS, *DIGITS])}")
    return text


def _states(data: t.Mapping[str, t.Any]) -> dict[str, list[t.Any]]:
    _mapping(data, "states", {}, dict.fromkeys(STATES, list))
    seen: list[tuple[type, t.Any]] = []
    for state, values in data.items():
        for value in values:
            _check(type(value) in (int, str), f"states.{state}", f"has {value!r}, which is neither a text nor a number")
            _check((type(value), value) not in seen, f"states.{state}", f"has {value!r}, which stands there twice")
            seen.append((type(value), value))
    _check("succeeded" in data, "states", "lacks succeeded")
    return dict(data)


def _codes(data: t.Mapping[str, t.Any]) -> list[Code]:
    _mapping(data, "codes", {}, dict.fromkeys(ERROR_CLASSES, dict))
    found = [
        Code(code, status, error_class)
        for error_class, codes in data.items()
        for code, statuses in codes.items()
        for status in (statuses if isinstance(statuses, list) else [statuses])
    ]
    for each in found:
        _check(_is_number(each.http), f"codes.{each.error_class}", f"needs an HTTP code for {each.code}")
    pairs = [(each.code, each.http) for each in found]
    twice = sorted({str(pair[0]) for pair in pairs if pairs.count(pair) > 1})
    _check(not twice, "codes", f"has the same code with the same HTTP code twice: {', '.join(twice)}")
    return found


def _is_number(value: t.Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _samples(data: t.Any, job: str, fields: Fields) -> list[Sample]:
    _check(data, "samples", "must have at least one")
    samples = []
    for number, each in enumerate(data, 1):
        where = f"samples[{number}]"
        _mapping(each, where, {"name": str, "answer": dict, "job": dict}, {})
        _mapping(each["job"], f"{where}.job", {"state": str}, dict.fromkeys(RESULT, object))
        _check(each["job"]["state"] in (*STATES, "unknown"), f"{where}.job.state", "is no state")
        odd = [inner for inner in values_in(each) if not isinstance(inner, (str, int, float, type(None)))]
        _check(not odd, where, f"has {odd[:1]}, which is no JSON; a time needs quotes")
        found = values_at(each["answer"], job)
        _check(len(found) == 1, f"{where}.answer", f"must have one job at {job or 'its top'}, it has {len(found)}")
        ids = values_at(found[0], fields.id) if fields.id else []
        _check(ids or not fields.id, f"{where}.answer", f"has no id at {fields.id}")
        samples.append(
            Sample(each["name"], each["answer"], each["job"], str(ids[0] if ids else f"job-{number}"), found[0])
        )
    names = [sample.name for sample in samples]
    _check(len(set(names)) == len(names), "samples", "must have names that differ")
    _check(any(sample.job["state"] in FINAL for sample in samples), "samples", "must have one of a job that has ended")
    return samples


def _sdk(data: t.Any) -> Sdk:
    texts = {"module": str, "client": str, "method": str}
    _mapping(data, "sdk", {**texts, "arguments": dict}, {"request": str})
    return Sdk(**data)
