# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what a module will be given, before the first group's wait begins rather than when it is over.

Private to this collection: it may change without notice.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudwait.jobs.plugins.module_utils.argspec import argument_spec, check_options
from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.groups import Group, GroupError


def check_arguments(service: Service, group: Group, arguments: Mapping[str, t.Any]) -> None:
    """Refuse arguments that the module of a group's service would refuse. Raises GroupError."""
    validated = ArgumentSpecValidator(**argument_spec(service)).validate(dict(arguments))
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
