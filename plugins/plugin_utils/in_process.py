# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The direct path: a module's work in the controller's worker process, where that gives the same answer.

Private to this collection: it may change without notice.
"""

from __future__ import annotations

import contextlib
import os
import signal
import typing as t

from ansible import constants
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.color import stringc

from ..module_utils.budget.opening import budgets
from ..module_utils.clouds.registry import SENDERS
from ..module_utils.engine.wait import Observer
from ..module_utils.http.client import HAS_REQUESTS
from ..module_utils.model.errors import InvalidError
from ..module_utils.task import job_info
from ..module_utils.task.groups import COLLECTION, JobGroup
from ..module_utils.task.options import own_first, prepared, without_effect
from ..module_utils.task.provider import shown_options
from ..module_utils.task.providers import provider_of
from ..module_utils.task.request import request_module
from ..module_utils.task.run import Interrupted, Module, TaskContext, TaskResult, machine_clock
from ..module_utils.task.secrecy import told, told_options, told_text
from ..module_utils.task.wait_for_jobs import WAIT_FOR_JOBS, with_defaults
from . import stderr
from .progress_lines import ProgressLines, Tone
from .signals import Interruption, bound_to_parent, stop_children, stop_wait
from .task_arguments import check_environment, plain_arguments

COLOURS: dict[Tone, str] = {"calm": "COLOR_VERBOSE", "trouble": "COLOR_WARN", "failure": "COLOR_ERROR"}
SEVERAL = "wait_for_jobs"
REQUEST, JOB_INFO = "_request", "_job_info"


def module_of(name: str) -> Module:
    """Return the module with this name, without its collection."""
    if name == SEVERAL:
        return WAIT_FOR_JOBS
    if name.endswith(REQUEST):
        return request_module(cloud_of(name), SENDERS[cloud_of(name)])
    return job_info.module_of(provider_of(name[: -len(JOB_INFO)]))


def cloud_of(name: str) -> str:
    """Return the name of the cloud whose requests, or jobs, a module is for."""
    return name[: -len(REQUEST)] if name.endswith(REQUEST) else provider_of(name[: -len(JOB_INFO)]).cloud_name


class InProcessAction(ActionBase):
    """Runs a module here on a local connection, and hands over to it everywhere else."""

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Return the module's result."""
        name = self._task.action.rpartition(".")[2]
        module = module_of(name)
        defaults = self._defaults_of(f"{COLLECTION}.{name}", [] if name == SEVERAL else ["all", cloud_of(name)])
        arguments = own_first(module.spec["argument_spec"], self._task.args, defaults)
        try:
            self._task.args = prepared(module.spec["argument_spec"], arguments, module.numeric_ids)
        except InvalidError as exc:
            return module.refused(exc, {})
        if name == SEVERAL:
            self._task.args = with_defaults(plain_arguments(self._task.args), self._defaults_of_group)
        with bound_to_parent():
            if not self._is_direct():
                result = self._run_module(task_vars or {})
            else:
                result = super().run(tmp, task_vars)
                result.update(self._run_here(module, task_vars or {}))
        if module.of_a_wait:
            self._warn_of_no_effect(module, defaults, result)
        return result

    def _warn_of_no_effect(self, module: Module, defaults: dict[str, t.Any], result: dict[str, t.Any]) -> None:
        """Warn of options that only a wait heeds, where the task itself names them and does not wait."""
        text = without_effect(module.spec["argument_spec"], module.of_a_wait, self._task.args, defaults)
        if text is None:
            return
        if self._task.async_val:
            # The result of the module takes the place of this one.
            self._display.warning(text)
        else:
            result["warnings"] = [*result.get("warnings", []), text]

    def _defaults_of_group(self, group: JobGroup) -> dict[str, t.Any]:
        return self._defaults_of(group.module, ["all", group.provider.cloud_name])

    def _defaults_of(self, module: str, action_groups: t.Sequence[str]) -> dict[str, t.Any]:
        """Return what `module_defaults` say for a module in some action groups, the nearer name last."""
        given: dict[str, t.Any] = {}
        for entry in self._task.module_defaults or []:
            given.update(entry)
        defaults: dict[str, t.Any] = {}
        for name in (*(f"group/{COLLECTION}.{each}" for each in action_groups), module):
            if given.get(name):
                defaults.update(self._templar.template(given[name]))
        return defaults

    def _is_direct(self) -> bool:
        """Return whether the worker process is where the module would run, as the user it would run as."""
        return (
            HAS_REQUESTS
            and self._connection.transport in ("local", "ansible.builtin.local")
            and not self._task.async_val
            and not self._play_context.become
            and self._connection.become is None
        )

    def _run_module(self, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        action = self._shared_loader_obj.action_loader.get(
            "ansible.legacy.normal",
            task=self._task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        interruption = Interruption(stop_children)
        result: dict[str, t.Any] = {}
        try:
            with contextlib.suppress(Interrupted), interruption:
                result = action.run(task_vars=task_vars)
        finally:
            if interruption.signal is not None:
                shown = boolean(self._task.args.get("show_progress", True), strict=False) and not self._task.no_log
                if shown and "jobs" in result:
                    self._show(self._where(task_vars) + result["msg"], "trouble", interruption)
                interruption.deliver()
        return result

    def _run_here(self, module: Module, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        environ: dict[str, t.Any] = {}
        self._compute_environment_string(environ)
        try:
            check_environment(environ)
        except InvalidError as exc:
            return module.refused(exc, {})
        with _environment(environ):
            return self._check_and_run(module, task_vars)

    def _check_and_run(self, module: Module, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        validation = ArgumentSpecValidator(**module.spec).validate(plain_arguments(self._task.args))
        options = validation.validated_parameters
        # What AnsibleModule takes from there, too; it has no public names.
        secrets = {str(secret) for secret in validation._no_log_values}  # noqa: SLF001
        warnings = [
            f"Both option {both['option']} and its alias {both['alias']} are set."
            for both in validation._warnings  # noqa: SLF001
        ]
        result: dict[str, t.Any] = {}
        if validation.errors.messages:
            message = validation.errors.msg
            if isinstance(validation.errors[0], UnsupportedError):
                message = f"Unsupported parameters for ({self._task.action}) module: {message}"
            result.update(failed=True, msg=message)
        else:
            if module.secrets is not None:
                secrets = module.secrets(options)
            task = self._wait(module, options, secrets, self._where(task_vars))
            result.update(task.result)
            warnings.extend(task.warnings)
        if warnings:
            result["warnings"] = [told_text(warning, secrets) for warning in warnings]
        result = told(result, secrets)
        if _tells_invocation(task_vars):
            result["invocation"] = {
                "module_args": told_options(shown_options(module.spec["argument_spec"], options), secrets)
            }
        return result

    def _wait(self, module: Module, options: dict[str, t.Any], secrets: set[str], where: str) -> TaskResult:
        interruption = Interruption(stop_wait)
        lines: list[ProgressLines] = []

        def show(text: str, tone: Tone) -> None:
            self._show(told_text(where + text, secrets), tone, interruption)

        def observe(names: t.Sequence[str]) -> Observer:
            lines.append(ProgressLines(names, show, every_poll=self._display.verbosity > 0))
            return lines[-1]

        task = None
        with contextlib.suppress(Interrupted), interruption:
            is_quiet = options["show_progress"] is False or self._task.no_log
            context = TaskContext(
                bool(self._task.check_mode),
                os.environ,
                secrets,
                None if is_quiet else observe,
                open_budget=budgets(machine_clock, os.environ),
                verbosity=self._display.verbosity,
            )
            task = module.run(options, context)
        if interruption.signal is not None:
            if task is not None:
                for each in lines:
                    each.stopped(task.result["elapsed"])
            interruption.deliver()
        if task is None:
            raise Interrupted
        return task

    def _where(self, task_vars: dict[str, t.Any]) -> str:
        """Return what a line begins with: the host, where several of them wait."""
        return f"[{task_vars['inventory_hostname']}] " if len(task_vars.get("ansible_play_hosts") or ()) > 1 else ""

    def _show(self, line: str, tone: Tone, interruption: Interruption) -> None:
        colour = constants.config.get_config_value(COLOURS[tone])
        if interruption.signal in (None, signal.SIGALRM):
            self._display.display(line, color=colour, stderr=True)
        else:
            # The main process has stopped listening.
            stderr.write(stringc(line, colour))


def _tells_invocation(task_vars: dict[str, t.Any]) -> bool:
    """Return whether results hold the arguments: always before ansible-core 2.21, as configured since."""
    try:
        return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
    except AnsibleError:
        return True


@contextlib.contextmanager
def _environment(values: t.Mapping[str, t.Any]) -> t.Iterator[None]:
    """Set the task's `environment` for a while, as the module's process would have it."""
    before = dict(os.environ)
    try:
        os.environ.update({str(name): str(value) for name, value in values.items()})
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
