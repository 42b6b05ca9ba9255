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
from collections.abc import Mapping

from ansible import constants
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.color import stringc
from ansible_collections.cloudwait.jobs.plugins.module_utils.argspec import argument_spec
from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import HAS_REQUESTS
from ansible_collections.cloudwait.jobs.plugins.module_utils.module import Interrupted, Run, run_job_info
from ansible_collections.cloudwait.jobs.plugins.module_utils.wait import nobody
from ansible_collections.cloudwait.jobs.plugins.plugin_utils import terminal
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.check import check_environment, check_numbers
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.interruption import (
    Interruption,
    bound_to_parent,
    stop_children,
    stop_wait,
)
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.progress import Progress, Tone

COLOURS: dict[Tone, str] = {"calm": "COLOR_VERBOSE", "trouble": "COLOR_WARN", "failure": "COLOR_ERROR"}


class JobInfoAction(ActionBase):
    """Runs `run_job_info` here on a local connection, and hands over to the module everywhere else."""

    service: Service

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Return the module's result."""
        try:
            check_numbers(argument_spec(self.service)["argument_spec"], self._task.args)
        except InvalidError as exc:
            return {"failed": True, "msg": str(exc)}
        with bound_to_parent():
            if not self._is_direct():
                return self._run_module(task_vars or {})
            result: dict[str, t.Any] = super().run(tmp, task_vars)
            result.update(self._run_here(task_vars or {}))
            return result

    def _is_direct(self) -> bool:
        """Whether the worker process is where the module would run, as the user it would run as."""
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

    def _run_here(self, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        environ: dict[str, t.Any] = {}
        self._compute_environment_string(environ)
        try:
            check_environment(environ)
        except InvalidError as exc:
            return {"failed": True, "msg": str(exc)}
        with _environment(environ):
            return self._check_and_run(task_vars)

    def _check_and_run(self, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        validation = ArgumentSpecValidator(**argument_spec(self.service)).validate(plain(self._task.args))
        options = validation.validated_parameters
        # What AnsibleModule takes from there, too; it has no public names.
        secrets: set[str] = set(validation._no_log_values)  # noqa: SLF001
        warnings = [
            f"Both option {both['option']} and its alias {both['alias']} are set."
            for both in validation._warnings  # noqa: SLF001
        ]
        result: dict[str, t.Any] = {"invocation": {"module_args": options}} if _tells_invocation(task_vars) else {}
        if validation.errors.messages:
            message = validation.errors.msg
            if isinstance(validation.errors[0], UnsupportedError):
                message = f"Unsupported parameters for ({self._task.action}) module: {message}"
            result.update(failed=True, msg=message)
        else:
            run = self._wait(options, secrets, self._where(task_vars))
            result.update(run.result)
            warnings.extend(run.warnings)
        if warnings:
            result["warnings"] = warnings
        masked: dict[str, t.Any] = remove_values(result, secrets)
        return masked

    def _wait(self, options: dict[str, t.Any], secrets: set[str], where: str) -> Run:
        interruption = Interruption(stop_wait)

        def show(text: str, tone: Tone) -> None:
            self._show(remove_values(where + text, secrets), tone, interruption)

        progress = None
        if options["show_progress"] and not self._task.no_log:
            progress = Progress(self.service.provider, show, every_look=self._display.verbosity > 0)
        run = None
        with contextlib.suppress(Interrupted), interruption:
            check_mode = bool(self._task.check_mode)
            run = run_job_info(self.service, options, check_mode, os.environ, secrets, progress or nobody)
        if interruption.signal is not None:
            if run is not None and progress is not None:
                progress.stopped(run.result["elapsed"])
            interruption.deliver()
        if run is None:
            raise Interrupted
        return run

    def _where(self, task_vars: dict[str, t.Any]) -> str:
        """What a line begins with: the host, where several of them wait."""
        return f"[{task_vars['inventory_hostname']}] " if len(task_vars.get("ansible_play_hosts") or ()) > 1 else ""

    def _show(self, line: str, tone: Tone, interruption: Interruption) -> None:
        colour = constants.config.get_config_value(COLOURS[tone])
        if interruption.signal in (None, signal.SIGALRM):
            self._display.display(line, color=colour, stderr=True)
        else:
            # The main process has stopped listening.
            terminal.write(stringc(line, colour))


def plain(value: t.Any) -> t.Any:
    """A task's arguments as a module gets them, which is by way of JSON: without Ansible's own types."""
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    # A subclass may answer str() with another one of itself.
    return str.__str__(value) if isinstance(value, str) else str(value)


def _tells_invocation(task_vars: dict[str, t.Any]) -> bool:
    """Whether results hold the arguments: always before ansible-core 2.21, as configured since."""
    try:
        return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
    except AnsibleError:
        return True


@contextlib.contextmanager
def _environment(values: t.Mapping[str, t.Any]) -> t.Iterator[None]:
    """Set the task's `environment` for a while, as the module's process would have it."""
    before = dict(os.environ)
    os.environ.update({str(name): str(value) for name, value in values.items()})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
