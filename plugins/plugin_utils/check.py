# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what a module will be given, before it is: for all groups at once, and for what Ansible stumbles over.

Private to this collection: it may change without notice.
"""

from __future__ import annotations

import math
import typing as t
from collections.abc import Mapping

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.validation import check_type_dict
from ansible_collections.cloudwait.jobs.plugins.module_utils.argspec import argument_spec, check_options
from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.groups import Group, GroupError


def check_arguments(service: Service, group: Group, arguments: Mapping[str, t.Any]) -> None:
    """Refuse arguments that the module of a group's service would refuse. Raises GroupError."""
    spec = argument_spec(service)
    try:
        check_numbers(spec["argument_spec"], arguments)
    except InvalidError as exc:
        raise GroupError(f"{group.name} has options that {group.module} refuses: {exc}") from exc
    # A module gets them by way of JSON, where every name is text.
    validated = ArgumentSpecValidator(**spec).validate({str(name): value for name, value in arguments.items()})
    unsupported = sorted(map(str, validated.unsupported_parameters))
    if unsupported:
        raise GroupError(
            f"{group.name} has the option {unsupported[0]}, which {group.module} does not know; take it out, or see "
            f"`ansible-doc {group.module}` for what it does know."
        )
    if validated.error_messages:
        raise GroupError(f"{group.name} has options that {group.module} refuses: {validated.error_messages[0]}.")
    try:
        check_options(validated.validated_parameters)
    except InvalidError as exc:
        raise GroupError(f"{group.name} has options that {group.module} refuses: {exc}") from exc


def connections_of(given: t.Mapping[str, t.Any], known: t.Sequence[str]) -> dict[str, dict[str, t.Any]]:
    """Return connection options by action group, read from text where Ansible reads a dictionary from one.

    Raises GroupError for a name that is none of the `known` action groups, and for what is no dictionary.
    """
    connections: dict[str, dict[str, t.Any]] = {}
    for name, options in given.items():
        if name not in known:
            raise GroupError(f"The option connections has {name}, which is no action group; use {', '.join(known)}.")
        try:
            connections[name] = check_type_dict({} if options is None else options)
        except TypeError:
            # The reason would quote what may hold a secret.
            raise GroupError(
                f"The option connections has something for {name} that is no dictionary of options; make it one, such "
                "as {region: cn-north-4}."
            ) from None
    return connections


def check_numbers(spec: Mapping[str, Mapping[str, t.Any]], arguments: Mapping[str, t.Any]) -> None:
    """Refuse infinite numbers where whole ones are wanted, and those that no float holds.

    Ansible's own validation, or the first sum, would end in a traceback. Raises InvalidError.
    """
    for name, option in spec.items():
        value = arguments.get(name)
        if option["type"] == "int" and _is_infinite(value):
            raise InvalidError(f"The option {name} must be a whole number, and no infinite one.")
        if option["type"] in ("int", "float") and _is_huge(value):
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


def check_environment(values: t.Mapping[str, t.Any]) -> None:
    """Refuse variables that no process can have in its environment; the sentence does not quote their values.

    Raises InvalidError.
    """
    for name, value in values.items():
        if not name or "=" in str(name) or any("\0" in str(text) for text in (name, value)):
            raise InvalidError(
                f"The environment of the task has the variable {str(name)!r:.80}, which cannot be set; a name must be "
                "neither empty nor hold an equals sign, and neither name nor value may hold a NUL character."
            )
