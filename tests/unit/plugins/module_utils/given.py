# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options as a task gives them, through Ansible's own validation."""

from __future__ import annotations

import re
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import Service


def validated(service: Service, **given: t.Any) -> dict[str, t.Any]:
    """The options with their defaults, or an AssertionError with what Ansible says against them."""
    validator = ArgumentSpecValidator(**service.cloud.argument_spec(service))
    result = validator.validate(given)
    assert not result.error_messages, result.error_messages
    return t.cast("dict[str, t.Any]", result.validated_parameters)


def refusals(service: Service, **given: t.Any) -> list[str]:
    """What Ansible's own validation says against the options."""
    validator = ArgumentSpecValidator(**service.cloud.argument_spec(service))
    return list(validator.validate(given).error_messages)


def is_sentence(text: str) -> bool:
    """Whether a message is printable text in one line, that begins and ends as a sentence does."""
    return text.isprintable() and bool(re.match(r"[A-Z0-9]", text)) and text.endswith(".") and "  " not in text
