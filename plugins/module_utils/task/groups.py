# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The groups of jobs that a user of wait_for_jobs lists, each with the options of its provider's module."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.validation import check_type_dict

from ..clouds.registry import CLOUDS
from ..model.errors import InvalidError
from ..model.text import trimmed
from ..services.declaration import Service
from .options import WAIT_OPTIONS, check_options, prepared, under_names
from .provider import Provider
from .providers import PROVIDERS, provider_of

COLLECTION = "cloudwait.jobs"
ACTION_GROUPS = ("all", *CLOUDS)
IDS = ("job_ids", "job_id", "request_ids")
KEYS = ("provider", *IDS, "options")
# Belongs to all groups together, or to the group itself, so no group can have its own.
NOT_IN_OPTIONS = {
    **dict.fromkeys(("timeout", *WAIT_OPTIONS["timeout"]["aliases"]), "is one for all groups"),
    **dict.fromkeys(IDS, "belongs beside the options"),
}


@dataclass(frozen=True)
class JobGroup:
    """Jobs of one provider. `ids` holds the module's option for the ids, and `options` its other options.

    `name` is what a sentence calls the group.
    """

    provider_name: str
    ids: Mapping[str, list[t.Any]]
    options: Mapping[str, t.Any] = field(default_factory=dict)
    name: str = field(default="", compare=False)

    @property
    def module(self) -> str:
        """The name of the module that looks up these jobs."""
        return f"{COLLECTION}.{self.provider_name}_job_info"

    @property
    def provider(self) -> Provider:
        """The provider of the jobs."""
        return provider_of(self.provider_name)


class ValidGroup(t.NamedTuple):
    """A group whose options its module takes, with the declaration of its service."""

    group: JobGroup
    options: Mapping[str, t.Any]
    service: Service


def parse_groups(items: t.Sequence[t.Any]) -> list[JobGroup]:
    """Return the groups that a user has listed. Raises InvalidError for the first one that makes no sense."""
    if not items:
        raise InvalidError(
            "There is nothing to wait for, because the list of jobs is empty; name at least one group, or leave the "
            "task out, as with `when: jobs | length > 0`."
        )
    groups = [_parse_group(item, f"Group {number}") for number, item in enumerate(items, 1)]
    for group in groups:
        if group.provider_name not in PROVIDERS:
            raise InvalidError(
                f"There is no provider {group.provider_name}, because {COLLECTION} has no module {group.module}; the "
                f"providers are {', '.join(PROVIDERS)}."
            )
    return groups


def _parse_group(item: t.Any, name: str) -> JobGroup:
    if not isinstance(item, Mapping):
        raise InvalidError(f"{name} of the jobs must be a dictionary with a provider and job_ids, not {_kind(item)}.")
    provider = item.get("provider")
    if not isinstance(provider, str) or not provider.strip():
        raise InvalidError(f"{name} of the jobs names no provider; add one, such as `provider: cph`.")
    name = f"{name} of the jobs ({provider})"
    unknown = sorted(str(key) for key in item if key not in KEYS)
    if unknown:
        raise InvalidError(f"{name} has the unknown key {unknown[0]}; the keys are {', '.join(KEYS)}.")
    given = [key for key in IDS if item.get(key) is not None]
    if len(given) != 1:
        found = f"both {given[0]} and {given[1]}" if given else "none of them"
        raise InvalidError(f"{name} needs exactly one of {', '.join(IDS[:-1])} and {IDS[-1]}, but has {found}.")
    options = item.get("options")
    if options is not None and not isinstance(options, Mapping):
        raise InvalidError(f"{name} has options that are {_kind(options)}; they must be a dictionary.")
    for key, why in NOT_IN_OPTIONS.items():
        if key in (options or {}):
            raise InvalidError(f"{name} has {key} among its options, which {why}; take it out of the options.")
    option = "request_ids" if given[0] == "request_ids" else "job_ids"
    return JobGroup(provider, {option: _ids(item[given[0]], given[0], name)}, dict(options or {}), name)


def _ids(value: t.Any, key: str, name: str) -> list[t.Any]:
    """Return ids as a list, with a text split at its commas, as Ansible does for a list option."""
    if isinstance(value, str):
        value = value.split(",")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        value = [value]
    if not isinstance(value, (list, tuple)):
        raise InvalidError(f"{name} has {key} {_kind(value)}; give a list of ids instead.")
    for each in value:
        if not isinstance(each, (str, int, float)) or isinstance(each, bool) or not trimmed(str(each)):
            raise InvalidError(f"{name} has {each!r:.80} among its {key}, which is not an id.")
    return list(value)


def _kind(value: t.Any) -> str:
    return "nothing" if value is None else f"of type {type(value).__name__}"


def parse_connections(given: Mapping[str, t.Any]) -> dict[str, dict[str, t.Any]]:
    """Return connection options by action group, read from text where Ansible reads a dictionary from one.

    Raises InvalidError for a name that is no action group, and for what is no dictionary.
    """
    connections: dict[str, dict[str, t.Any]] = {}
    for name, options in given.items():
        if name not in ACTION_GROUPS:
            raise InvalidError(
                f"The option connections has {name}, which is no action group; use {', '.join(ACTION_GROUPS)}."
            )
        try:
            connections[name] = check_type_dict({} if options is None else options)
        except TypeError:
            # The reason would quote what may hold a secret.
            raise InvalidError(
                f"The option connections has something for {name} that is no dictionary of options; make it one, such "
                "as {region: cn-north-4}."
            ) from None
    return connections


def merge_options(
    group: JobGroup,
    connections: Mapping[str, Mapping[str, t.Any]],
    shared: Mapping[str, t.Any],
    defaults: Mapping[str, t.Any],
) -> dict[str, t.Any]:
    """Return the options of a group's module, ids left out; what is nearer to the group goes before the rest.

    `defaults` are those of the play, `connections` go to the group's action groups, `shared` to all groups.
    """
    spec = group.provider.spec["argument_spec"]
    merged = under_names(spec, {name: value for name, value in defaults.items() if name not in NOT_IN_OPTIONS})
    for action_group in ("all", group.provider.cloud_name):
        merged.update(under_names(spec, connections.get(action_group) or {}))
    merged.update({name: value for name, value in shared.items() if value is not None})
    merged.update(under_names(spec, group.options))
    # A null in the group's own options undoes what all groups share.
    return {name: value for name, value in merged.items() if value is not None}


def validate_group(group: JobGroup, options: Mapping[str, t.Any], check_mode: bool = False) -> ValidGroup:
    """Return a group with the validated options of its module, its ids and the defaults.

    Raises InvalidError for options that the module would refuse.
    """
    if [] in group.ids.values() and not check_mode:
        raise InvalidError(
            f"{group.name} has an empty list of {' and '.join(group.ids)}; where there may be nothing to wait for, "
            "leave the task out, as with `when: ids | length > 0`, or this group."
        )
    spec = group.provider.spec
    # A module gets them by way of JSON, where every name is text.
    given = {**{str(name): value for name, value in options.items()}, **group.ids}
    known = {alias for name, option in spec["argument_spec"].items() for alias in (name, *option.get("aliases", ()))}
    unsupported = sorted(set(given) - known)
    if unsupported:
        raise InvalidError(
            f"{group.name} has the option {unsupported[0]}, which {group.module} does not know; take it out, or see "
            f"`ansible-doc {group.module}` for what it does know."
        )
    try:
        given = prepared(spec["argument_spec"], given, group.provider.numeric_ids)
        validated = ArgumentSpecValidator(**spec).validate(given)
        if validated.error_messages:
            raise InvalidError(f"{validated.error_messages[0]}.")
        parameters: dict[str, t.Any] = validated.validated_parameters
        check_options(parameters, check_mode)
        return ValidGroup(group, parameters, group.provider.declare(parameters))
    except InvalidError as exc:
        raise InvalidError(f"{group.name} has options that {group.module} refuses: {exc}") from exc
