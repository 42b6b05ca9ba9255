# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be told of a task: the same, whichever way it runs.

Ansible's own masking replaces a secret wherever its letters occur, also in the states of jobs and in the keys of a
result. Here the words of the collection stay. What a service said has been masked where it came in.
"""

from __future__ import annotations

import re
import typing as t

from ansible.module_utils.common.validation import check_type_dict

from ..clouds.connection_options import CONNECTION_OPTIONS
from ..http.redact import SHORTEST, redact
from ..http.secret_names import is_secret_name
from ..model.job import UNTIL, State
from ..model.text import single_line
from ..services.names import PROVIDERS

SECRET_OPTIONS = frozenset(
    name for spec in CONNECTION_OPTIONS.values() for name, option in spec.items() if option.get("no_log")
)
# What Ansible says in place of a secret option.
HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
WORDS = frozenset({*(state.value for state in State), *UNTIL, *CONNECTION_OPTIONS, *PROVIDERS})
# A word of a language may well be one of a sentence.
WORD = re.compile(r"[A-Za-z_]{1,24}", re.ASCII)
# Ansible takes a dictionary with such a key for a value of its own, and ends in a traceback.
RESERVED = "__ansible_"


def told(result: t.Mapping[str, t.Any], secrets: t.Iterable[str]) -> dict[str, t.Any]:
    """Return a result without secrets, its message on one line, and without keys that are Ansible's own."""
    masked: dict[str, t.Any] = redact(_without_reserved_keys(dict(result)), _strong(secrets), WORDS)
    if isinstance(masked.get("msg"), str):
        masked["msg"] = single_line(masked["msg"])
    return masked


def told_text(text: str, secrets: t.Iterable[str]) -> str:
    """Return a line, or a warning, without secrets."""
    return redact(text, _strong(secrets))


def told_options(options: t.Any, secrets: t.AbstractSet[str]) -> t.Any:
    """Return options without secrets: those that are secret by their name, and the rest where it repeats one."""
    if isinstance(options, t.Mapping):
        return {
            redact(_free_key(name, options), _strong(secrets)): HIDDEN
            if name in SECRET_OPTIONS and value not in (None, "")
            else told_options(value, secrets)
            for name, value in options.items()
        }
    if isinstance(options, (list, tuple)):
        return [told_options(item, secrets) for item in options]
    if not isinstance(options, str) or options in WORDS:
        return options
    if options in secrets and len(options) >= SHORTEST:
        return HIDDEN
    # As in `token=abc`, which Ansible reads as a dictionary.
    return redact(options, secrets if "=" in options else [text for text in secrets if len(text) >= SHORTEST])


def secrets_in(options: t.Any) -> set[str]:
    """Return the values of secret options, at any depth of options that may make no sense otherwise."""
    if isinstance(options, str) and "=" in options:
        try:
            options = check_type_dict(options)
        except TypeError:
            return set()
    if isinstance(options, t.Mapping):
        hidden = (set(_leaves(value)) for name, value in options.items() if _is_secret(name))
        return set().union(*hidden, *map(secrets_in, options.values()))
    return set().union(*map(secrets_in, options)) if isinstance(options, (list, tuple)) else set()


def _is_secret(name: t.Any) -> bool:
    return name in SECRET_OPTIONS or is_secret_name(name)


def _leaves(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, t.Mapping):
        value = [*value, *value.values()]
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item)
    elif value not in (None, "") and not isinstance(value, bool):
        yield str(value)


def _strong(secrets: t.Iterable[str]) -> list[str]:
    """Return the secrets that are no part of a sentence by chance."""
    return [secret for secret in secrets if len(secret) >= SHORTEST and not WORD.fullmatch(secret)]


def _without_reserved_keys(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {_free_key(key, value): _without_reserved_keys(item) for key, item in value.items()}
    return [_without_reserved_keys(item) for item in value] if isinstance(value, (list, tuple)) else value


def _free_key(key: t.Any, keys: t.Container[t.Any]) -> t.Any:
    """Return a key that Ansible does not take for its own, and that no other entry has."""
    if not isinstance(key, str) or not key.startswith(RESERVED):
        return key
    free = key.lstrip("_")
    while free in keys:
        free += "_"
    return free
