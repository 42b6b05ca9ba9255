# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of a job, and the error codes, that a user declares in a task: the options, and what they stand for."""

from __future__ import annotations

import re
import typing as t

from ..model.errors import InvalidError
from ..model.job import FINAL, State
from ..model.times import TimeFormat
from .declaration import ErrorClass, ErrorCodes, JobMapping, Progress, Scale
from .verdict import INTEGER

# The states that a service's own values can stand for.
DECLARED_STATES = (State.PENDING, State.RUNNING, State.SUCCEEDED, State.PARTIALLY_SUCCEEDED, State.FAILED)
TIME_FORMATS = {
    "utc": TimeFormat.UTC,
    "seconds": TimeFormat.SECONDS,
    "milliseconds": TimeFormat.MILLISECONDS,
    "no_zone": TimeFormat.NO_ZONE,
}
SCALES = {"percent": Scale.PERCENT, "fraction": Scale.FRACTION}
OPTIONS: dict[str, dict[str, t.Any]] = {
    "id": {"type": "str"},
    "status": {"type": "list", "elements": "str", "required": True},
    "states": {"type": "dict", "required": True},
    "absent": {"type": "str", "choices": [state.value for state in DECLARED_STATES if state in FINAL]},
    "type": {"type": "str"},
    "progress": {"type": "str"},
    "progress_scale": {"type": "str", "choices": list(SCALES), "default": "percent"},
    "begin_time": {"type": "str"},
    "end_time": {"type": "str"},
    "time_format": {"type": "str", "choices": list(TIME_FORMATS), "default": "utc"},
    "error_code": {"type": "str"},
    "error_message": {"type": "str"},
    "resources": {"type": "dict", "default": {}},
}
CODES: dict[str, dict[str, t.Any]] = {
    "not_found_codes": {"type": "list", "elements": "str"},
    "retry_codes": {"type": "list", "elements": "str"},
}
PATHS = ("id", "type", "progress", "begin_time", "end_time", "error_code", "error_message")
STEP = r"[^.\[\]\s]+(?:\[\])?"
PATH = re.compile(rf"{STEP}(?:\.{STEP})*")


def mapping_of(shape: t.Mapping[str, t.Any]) -> JobMapping:
    """Return the mapping that a validated option `shape` declares. Raises InvalidError for what makes no sense."""
    for name in PATHS:
        check_path(shape[name], f"shape.{name}")
    if not shape["status"]:
        raise InvalidError("The option shape.status is an empty list; name the place of a job's state.")
    for path in shape["status"]:
        check_path(path, "shape.status")
    resources: dict[str, tuple[str, ...]] = {}
    for name, path in (shape["resources"] or {}).items():
        check_path(path, f"shape.resources.{name}")
        resources[str(name)] = (path,)
    return JobMapping(
        job_id=shape["id"] or "",
        status=tuple(shape["status"]),
        states=_states(shape["states"]),
        type=shape["type"] or "",
        progress=Progress(shape["progress"], SCALES[shape["progress_scale"]]) if shape["progress"] else None,
        begin_time=shape["begin_time"] or "",
        end_time=shape["end_time"] or "",
        time_format=TIME_FORMATS[shape["time_format"]],
        error_code=tuple(filter(None, [shape["error_code"]])),
        error_message=tuple(filter(None, [shape["error_message"]])),
        resources=resources,
    )


def check_path(path: t.Any, option: str) -> None:
    """Refuse what names no place in an answer, see model/json_path.py. Raises InvalidError."""
    if path is not None and not (isinstance(path, str) and PATH.fullmatch(path)):
        raise InvalidError(
            f"The option {option} holds {path!r:.80}, which is no path; write it as a.b, or as a[].b for a place in "
            "every item of a list."
        )


def _states(declared: t.Mapping[t.Any, t.Any]) -> dict[t.Any, State]:
    known = [state.value for state in DECLARED_STATES]
    states: dict[t.Any, State] = {}
    for name, values in declared.items():
        if name not in known:
            raise InvalidError(
                f"The option shape.states has {name!r:.80}, which is no state; the states are {', '.join(known)}."
            )
        for value in values if isinstance(values, list) else [values]:
            key = _value(value, name)
            if states.setdefault(key, State(name)) is not State(name):
                raise InvalidError(
                    f"The option shape.states has the value {value!r:.80} under {states[key].value} and under {name}; "
                    "it can stand for one state only."
                )
    if not states:
        raise InvalidError("The option shape.states is empty; name the service's values under the state of each.")
    return states


def _value(value: t.Any, name: str) -> t.Any:
    """Return a value as read_state looks for it: a number and its text are the same."""
    if isinstance(value, bool):
        raise InvalidError(
            f"The option shape.states has {value} under {name}, which YAML makes of words such as NO, ON and yes; put "
            'the value in quotes, as in "NO".'
        )
    if not isinstance(value, (int, str)) or value == "":
        raise InvalidError(
            f"The option shape.states has {value!r:.80} under {name}; a value must be a text or a whole number."
        )
    return int(value) if isinstance(value, str) and INTEGER.fullmatch(value) else value


def codes_of(options: t.Mapping[str, t.Any], spelling: t.Callable[[str], str] = str) -> ErrorCodes:
    """Return the meaning of the codes that a task declares. Raises InvalidError where one has two."""
    codes: dict[t.Any, ErrorClass] = {spelling(code): ErrorClass.NOT_FOUND for code in options["not_found_codes"] or ()}
    for code in map(spelling, options["retry_codes"] or ()):
        if code in codes:
            raise InvalidError(
                f"The code {code:.80} stands in not_found_codes and in retry_codes; it can mean one thing only."
            )
        codes[code] = ErrorClass.TRANSIENT
    return codes
