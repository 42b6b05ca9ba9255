# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for groups of jobs, each with its provider's module, until one deadline. The role `wait` is built on it."""

from __future__ import annotations

import time
import typing as t

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.module_utils.common.validation import check_type_list
from ansible.plugins.action import ActionBase
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.action_groups import action_groups, groups_of, providers
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.check import check_arguments, check_numbers, connections_of
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.groups import Group, GroupError, Outcome, combine, parse
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.one_deadline import look_at_all

COLLECTION = "cloudwait.jobs"

# Handed to the modules as they are; what is not given is left to the modules' own defaults.
WAIT_OPTIONS: dict[str, dict[str, t.Any]] = {
    "until": {"type": "list", "elements": "str", "default": ["succeeded"]},
    "delay": {"type": "float"},
    "interval": {"type": "float"},
    "max_interval": {"type": "float"},
    "max_rate": {"type": "float"},
    "fail_fast": {"type": "bool"},
    "confirmations": {"type": "int"},
    "not_found_grace": {"type": "int"},
    "error_grace": {"type": "int"},
    "show_progress": {"type": "bool"},
}
ARGUMENT_SPEC: dict[str, dict[str, t.Any]] = {
    "jobs": {"type": "list", "elements": "dict", "required": True},
    "timeout": {"type": "int", "default": 1800},
    "connections": {"type": "dict", "default": {}, "no_log": True},
    **WAIT_OPTIONS,
}


class ActionModule(ActionBase):
    """Runs the modules one after the other and makes one result of theirs."""

    _supports_check_mode = True

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Return the result in the shape of a module's, with all groups' jobs."""
        super().run(tmp, task_vars)
        try:
            check_numbers(ARGUMENT_SPEC, self._task.args)
            _validated, options = self.validate_argument_spec(argument_spec=ARGUMENT_SPEC)
            groups = self._groups(options)
            options["connections"] = connections_of(options["connections"], action_groups())
            arguments = {group.name: self._arguments(group, options) for group in groups}
            for group in groups:
                service = self._shared_loader_obj.action_loader.get(group.module, class_only=True).service
                check_arguments(service, group, {**arguments[group.name], "timeout": options["timeout"]})
        except (GroupError, InvalidError) as exc:
            return {"failed": True, "msg": str(exc)}

        warnings: list[t.Any] = []

        def look(group: Group, seconds: int) -> Outcome:
            given = {**arguments[group.name], "timeout": seconds}
            result = self._run_module(group.module, given, task_vars or {})
            warnings.extend(result.get("warnings") or [])
            return Outcome(group, check_type_list(given["until"]), result)

        outcomes, elapsed = look_at_all(groups, options["timeout"], bool(options["fail_fast"]), look, time.monotonic)
        result = combine(outcomes, elapsed)
        return {**result, "warnings": warnings} if warnings else result

    def _groups(self, options: dict[str, t.Any]) -> list[Group]:
        """Return the groups to look at. Raises GroupError for anything that makes no sense."""
        groups = parse(options["jobs"])
        for group in groups:
            if not self._shared_loader_obj.action_loader.has_plugin(group.module):
                raise GroupError(
                    f"There is no provider {group.provider}, because {COLLECTION} has no module {group.module}; "
                    f"the providers are {', '.join(providers())}."
                )
        return groups

    def _arguments(self, group: Group, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Return a module's arguments: module_defaults, connection, wait options, the group's own, later ones first."""
        action_groups = groups_of(group.module.rpartition(".")[2])
        defaults: dict[str, t.Any] = {}
        for entry in self._task.module_defaults or []:
            defaults.update(entry)
        arguments: dict[str, t.Any] = {}
        for name in [*(f"group/{COLLECTION}.{action_group}" for action_group in action_groups), group.module]:
            arguments.update(self._templar.template(defaults.get(name) or {}))
        for action_group in action_groups:
            arguments.update(options["connections"].get(action_group) or {})
        arguments.update({name: options[name] for name in WAIT_OPTIONS if options[name] is not None})
        arguments.update({name: value for name, value in group.options.items() if value is not None})
        arguments.update(group.ids)
        return arguments

    def _run_module(self, module: str, arguments: dict[str, t.Any], task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        """Run a module as a task of its own would; every failure but a lost connection is a result."""
        task = self._task.copy()
        task.action = module
        task.args = arguments
        action = self._shared_loader_obj.action_loader.get(
            module,
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        try:
            result: dict[str, t.Any] = action.run(task_vars=task_vars)
        except AnsibleConnectionFailure:
            raise
        except AnsibleError as exc:
            return {"msg": str(exc), **(getattr(exc, "result", None) or {}), "failed": True}
        return result
