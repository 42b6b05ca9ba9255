# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of all modules: the one table of wait options, and what Ansible's own validation lets through."""

from __future__ import annotations

import math
import typing as t
from dataclasses import fields

from ..clouds.options import Spec
from ..clouds.texts import check_texts
from ..engine.tracker import WaitOptions
from ..model.errors import InvalidError
from ..model.job import UNTIL, State
from ..model.text import stray_character, trimmed

# Beyond this a number of seconds is a slip of the pen.
A_YEAR = 366 * 24 * 3600


class Bounds(t.NamedTuple):
    """The numbers that an option may have, in `unit`; `above`: more than the lowest."""

    low: int
    high: int
    unit: str = "seconds"
    above: bool = False


# What every module that waits takes. The doc fragment, the options of wait_for_jobs and the role's are made of it too.
# The aliases are for those that are keywords of a task, too, where one indent too few gives them another meaning.
WAIT_OPTIONS: Spec = {
    "until": {"type": "list", "elements": "str", "choices": list(UNTIL), "aliases": ["wait_until"]},
    "until_status": {"type": "list", "elements": "str"},
    "timeout": {"type": "int", "default": 1800, "aliases": ["wait_timeout"]},
    "delay": {"type": "float", "default": 0, "aliases": ["wait_delay"]},
    "interval": {"type": "float", "default": 2},
    "max_interval": {"type": "float", "default": 30},
    "max_rate": {"type": "float", "default": 10},
    "fail_fast": {"type": "bool", "default": False},
    "confirmations": {"type": "int", "default": 1},
    "not_found_grace": {"type": "int", "default": 60},
    "error_grace": {"type": "int", "default": 300},
    "show_progress": {"type": "bool", "default": True},
    "include_raw": {"type": "bool", "default": True},
}
# What only shapes a wait. `show_progress` is not among them: a task that does not wait has nothing to show anyway.
OF_A_WAIT = (
    *("timeout", "delay", "interval", "max_interval", "fail_fast", "confirmations"),
    *("not_found_grace", "error_grace"),
)
BOUNDS = {
    **dict.fromkeys(("timeout", "delay", "not_found_grace", "error_grace"), Bounds(0, A_YEAR)),
    **dict.fromkeys(("interval", "max_interval", "request_timeout"), Bounds(0, A_YEAR, above=True)),
    "max_rate": Bounds(0, 1000, "requests per second", above=True),
    "confirmations": Bounds(1, 1000, "polls"),
}
# The options that name jobs, and no way to reach them.
IDS = ("job_ids", "request_ids")
# Longer than any service's ids.
MAX_ID = 1000
JOB_IDS: Spec = {"job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"]}}
# States that jobs of a listing can be chosen by.
LISTED_STATES = tuple(state for state in State if state not in (State.UNKNOWN, State.NOT_FOUND))


def check_options(options: t.Mapping[str, t.Any], check_mode: bool = False) -> None:
    """Refuse, by name, values that Ansible's own validation lets through.

    In check mode the work that gives the ids may not have been started. Raises InvalidError.
    """
    for name, value in options.items():
        if value == [] and name not in IDS:
            raise InvalidError(f"The option {name} is an empty list; name at least one, or leave the option out.")
        if value == [] and not check_mode:
            raise InvalidError(
                f"The option {name} is an empty list; where there may be nothing to wait for, leave the task out, as "
                "with `when: ids | length > 0`."
            )
    for name in IDS:
        for value in options.get(name) or ():
            _check_id(name, value)
    check_texts({name: value for name, value in options.items() if name not in IDS})
    for name, (low, high, unit, above) in BOUNDS.items():
        # NaN is on neither side of any bound, and so refused by all of them.
        if not (low < options[name] if above else low <= options[name]) or not options[name] <= high:
            numbers = f"above {low}, and at most" if above else f"{low} to"
            raise InvalidError(f"The option {name} must be {numbers} {high} {unit}.")
    if options["interval"] > options["max_interval"]:
        raise InvalidError(
            f"The option interval ({options['interval']:g} seconds) is longer than max_interval "
            f"({options['max_interval']:g} seconds); make it shorter, or raise max_interval."
        )


def _check_id(option: str, value: str) -> None:
    stray = stray_character(value)
    if not trimmed(value):
        what = "a blank id; remove it, or check the expression that it comes from"
    elif not value.strip("."):
        what = f"{value!r:.80}, which is made of dots only and can be no id"
    elif stray:
        what = f"{value!r:.80}, an id with the invisible character {stray}; check where it comes from"
    elif len(value) > MAX_ID:
        what = f"{value!r:.80}, an id of {len(value)} characters; check the expression that it comes from"
    elif option == "request_ids" and "," in value:
        what = f"{value!r:.80}; give several ids as a list, not joined by commas"
    else:
        return
    raise InvalidError(f"The option {option} holds {what}.")


def under_names(spec: Spec, arguments: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return arguments under the names of their options; where one is given under an alias, too, the alias counts."""
    names = {alias: name for name, option in spec.items() for alias in option.get("aliases", ())}
    given = {name: value for name, value in arguments.items() if name not in names}
    return {**given, **{names[alias]: value for alias, value in arguments.items() if alias in names}}


def own_names(arguments: t.Mapping[str, t.Any], defaults: t.Mapping[str, t.Any]) -> set[str]:
    """Return the names of the arguments that a task gives itself, and not the `defaults` of its play."""
    return {name for name, value in arguments.items() if name not in defaults or defaults[name] != value}


def own_first(spec: Spec, arguments: t.Mapping[str, t.Any], defaults: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return a task's arguments without those `defaults` of its play whose option it gives by another name."""
    own = own_names(arguments, defaults)
    given = set(under_names(spec, dict.fromkeys(own)))
    return {
        name: value
        for name, value in arguments.items()
        if name in own or given.isdisjoint(under_names(spec, {name: value}))
    }


def prepared(spec: Spec, arguments: t.Mapping[str, t.Any], numeric_ids: bool = False) -> dict[str, t.Any]:
    """Return a module's arguments with the items of its lists trimmed, for Ansible to validate.

    Raises InvalidError for numbers that Ansible's validation ends in a traceback for, and for ids that YAML has read as
    numbers, unless the service has `numeric_ids`.
    """
    check_numbers(spec, arguments)
    given = dict(arguments)
    for name, option in spec.items():
        for key in (name, *option.get("aliases", ())):
            if key in given and option["type"] == "list" and option.get("elements") == "str":
                if name in IDS and not numeric_ids:
                    _check_texts_of_ids(key, given[key])
                given[key] = _trimmed_items(given[key])
    return given


def _trimmed_items(value: t.Any) -> t.Any:
    """Return a list, or a text that Ansible splits at its commas, with its items trimmed."""
    if isinstance(value, str):
        value = value.split(",")
    return [trimmed(item) if isinstance(item, str) else item for item in value] if isinstance(value, list) else value


def _check_texts_of_ids(name: str, value: t.Any) -> None:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, (int, float)):
            raise InvalidError(
                f"The option {name} holds {item!r:.80}, which YAML does not read as a text; put the id in quotes, as "
                'in "0123".'
            )


def check_numbers(spec: Spec, arguments: t.Mapping[str, t.Any]) -> None:
    """Refuse infinite numbers where whole ones are wanted, and those that no float holds.

    Ansible's own validation, or the first sum, would end in a traceback. Raises InvalidError.
    """
    for name, value in under_names(spec, arguments).items():
        kind = spec[name]["type"] if name in spec else ""
        if kind == "int" and _is_infinite(value):
            raise InvalidError(f"The option {name} must be a whole number, and no infinite one.")
        if kind in ("int", "float") and _is_huge(value):
            raise InvalidError(f"The option {name} is a number of hundreds of digits; use a smaller one.")


def _is_infinite(value: t.Any) -> bool:
    try:
        return math.isinf(float(value))
    except (TypeError, ValueError, OverflowError):
        return False


def _is_huge(value: t.Any) -> bool:
    try:
        return isinstance(value, int) and not math.isfinite(value)
    except OverflowError:
        return True


def without_effect(
    spec: Spec, of_a_wait: t.Sequence[str], arguments: t.Mapping[str, t.Any], defaults: t.Mapping[str, t.Any]
) -> str | None:
    """Return a warning of the options `of_a_wait` that a task names although it does not wait, or None.

    `arguments` are the task's, with the `defaults` of its play in them. A default stands there for tasks that wait, so
    it is no mistake in one that does not.
    """
    names = {name: (name, *option.get("aliases", ())) for name, option in spec.items()}
    given = {name for name, value in arguments.items() if value is not None}
    if given.intersection(names["until"] + names["until_status"]):
        return None
    own = given & own_names(arguments, defaults)
    idle = [name for option in of_a_wait for name in names[option] if name in own]
    if not idle:
        return None
    several = len(idle) > 1
    listed = " and ".join(filter(None, [", ".join(idle[:-1]), idle[-1]]))
    return (
        f"The {'options' if several else 'option'} {listed} {'have' if several else 'has'} no effect, because the task "
        "does not wait without until; to wait, add `until: succeeded` to the module's options."
    )


def wait_options(options: t.Mapping[str, t.Any], is_waiting: bool) -> WaitOptions:
    """Return what the engine is to wait for, and how; what does not wait is a single poll."""
    # A login, a look-up of the project, and a request that is sent again.
    given = {"call_timeout": 4 * options["request_timeout"]}
    if not is_waiting:
        return WaitOptions(**given)
    given.update({field.name: options[field.name] for field in fields(WaitOptions) if field.name in options})
    until: frozenset[State] = frozenset().union(*(UNTIL[name] for name in options["until"] or ()))
    return WaitOptions(**{**given, "until": until, "until_status": frozenset(options["until_status"] or ())})
