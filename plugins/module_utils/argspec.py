# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument specs that all services share, and what Ansible's own validation lets through."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.job import UNTIL

Spec = t.Dict[str, t.Dict[str, t.Any]]

WAIT: Spec = {
    "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"]},
    "until": {"type": "list", "elements": "str", "choices": list(UNTIL)},
    "timeout": {"type": "int", "default": 1800},
    "delay": {"type": "float", "default": 0},
    "interval": {"type": "float", "default": 2},
    "max_interval": {"type": "float", "default": 30},
    "max_rate": {"type": "float", "default": 10},
    "fail_fast": {"type": "bool", "default": False},
    "confirmations": {"type": "int", "default": 1},
    "not_found_grace": {"type": "int", "default": 60},
    "error_grace": {"type": "int", "default": 300},
    "show_progress": {"type": "bool", "default": True},
}
CONNECTION: Spec = {
    "endpoint": {"type": "str"},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "request_timeout": {"type": "int", "default": 30},
}


# Beyond these a number is a slip of the pen.
A_YEAR = 366 * 24 * 3600
MAX_RATE = 1000
MAX_CONFIRMATIONS = 1000
HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")


def argument_spec(service: Service) -> dict[str, t.Any]:
    """The keyword arguments that describe a service's module to AnsibleModule."""
    return service.cloud.argument_spec(service)


def check_options(options: t.Mapping[str, t.Any]) -> None:
    """Refuse, by name, values that Ansible's own validation lets through.

    Raises InvalidError.
    """
    for name in ("job_ids", "request_ids", "until", "states", "job_types"):
        if options.get(name) is not None and not options[name]:
            raise InvalidError(f"The option {name} is an empty list; name at least one, or leave the option out.")
    for name in ("job_ids", "request_ids"):
        for value in options.get(name) or ():
            _check_id(name, value)
    check_texts(options)
    # NaN is on neither side of any bound, and so refused by all of them.
    for name in ("timeout", "delay", "not_found_grace", "error_grace"):
        if not 0 <= options[name] <= A_YEAR:
            raise InvalidError(f"The option {name} must be 0 to {A_YEAR} seconds.")
    for name in ("interval", "max_interval", "request_timeout"):
        if not 0 < options[name] <= A_YEAR:
            raise InvalidError(f"The option {name} must be above 0, and at most {A_YEAR} seconds.")
    if not 0 < options["max_rate"] <= MAX_RATE:
        raise InvalidError(f"The option max_rate must be above 0, and at most {MAX_RATE} requests per second.")
    if not 1 <= options["confirmations"] <= MAX_CONFIRMATIONS:
        raise InvalidError(f"The option confirmations must be 1 to {MAX_CONFIRMATIONS} looks.")
    if options["interval"] > options["max_interval"]:
        raise InvalidError(
            f"The option interval ({options['interval']:g} seconds) is longer than max_interval "
            f"({options['max_interval']:g} seconds); make it shorter, or raise max_interval."
        )


def check_texts(values: t.Mapping[str, t.Any]) -> None:
    """Refuse, by name, what cannot be sent as text: half of a surrogate pair, or a byte that is not UTF-8.

    Raises InvalidError.
    """
    for name, value in values.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and HALF_A_CHARACTER.search(text):
                raise InvalidError(
                    f"The {name} holds what is no text in UTF-8; check the option {name}, or the environment variable "
                    "or file that it comes from."
                )


def _check_id(option: str, value: str) -> None:
    if not value.strip():
        raise InvalidError(
            f"The option {option} holds a blank id; remove it, or check the expression that it comes from."
        )
    if not value.strip("."):
        raise InvalidError(f"The option {option} holds {value!r:.80}, which is made of dots only and can be no id.")
    if any(ord(char) < 32 or 127 <= ord(char) < 160 or 0xD800 <= ord(char) < 0xE000 for char in value):
        raise InvalidError(
            f"The option {option} holds {value!r:.80}, an id with a control character; check where it comes from."
        )
    if option == "request_ids" and "," in value:
        raise InvalidError(
            f"The option {option} holds {value!r:.80}; give several ids as a list, not joined by commas."
        )
