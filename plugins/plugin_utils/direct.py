# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The direct path: a module's work in the controller's worker process, where that gives the same answer.

Private to this collection: it may change without notice.
"""

from __future__ import annotations

import contextlib
import os
import typing as t

from ansible import constants
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible_collections.cloudwait.jobs.plugins.module_utils.argspec import argument_spec
from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import HAS_REQUESTS
from ansible_collections.cloudwait.jobs.plugins.module_utils.module import run_job_info
from ansible_collections.cloudwait.jobs.plugins.module_utils.wait import nobody
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.progress import Progress, Tone

COLOURS: dict[Tone, str] = {"calm": "COLOR_VERBOSE", "trouble": "COLOR_WARN", "failure": "COLOR_ERROR"}


class JobInfoAction(ActionBase):
    """Runs `run_job_info` here on a local connection, and hands over to the module everywhere else."""

    service: Service

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Return the module's result."""
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
        result: dict[str, t.Any] = action.run(task_vars=task_vars)
        return result

    def _run_here(self, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        spec = argument_spec(self.service)
        validation = ModuleArgumentSpecValidator(
            spec["argument_spec"],
            mutually_exclusive=spec.get("mutually_exclusive"),
            required_one_of=spec.get("required_one_of"),
        ).validate(self._task.args)
        options = validation.validated_parameters
        secrets: set[str] = set(validation._no_log_values)  # noqa: SLF001 - AnsibleModule takes them from there, too
        invocation = {"module_args": options}
        if validation.errors.messages:
            message = validation.errors.msg
            if isinstance(validation.errors[0], UnsupportedError):
                message = f"Unsupported parameters for ({self._task.resolved_action}) module: {message}"
            return self._told({"failed": True, "msg": message, "invocation": invocation}, secrets)

        def show(text: str, tone: Tone) -> None:
            colour = constants.config.get_config_value(COLOURS[tone])
            self._display.display(remove_values(f"{where}{text}", secrets), color=colour, stderr=True)

        where = f"[{task_vars['inventory_hostname']}] " if len(task_vars.get("ansible_play_hosts") or ()) > 1 else ""
        silent = not options["show_progress"] or self._task.no_log
        watch = nobody if silent else Progress(self.service.provider, show, every_look=self._display.verbosity > 0)
        environ: dict[str, str] = {}
        self._compute_environment_string(environ)
        with _environment(environ):
            run = run_job_info(self.service, options, bool(self._task.check_mode), os.environ, secrets, watch)
        result = {**run.result, "invocation": invocation}
        if run.warnings:
            result["warnings"] = list(run.warnings)
        return self._told(result, secrets)

    def _told(self, result: dict[str, t.Any], secrets: t.AbstractSet[str]) -> dict[str, t.Any]:
        """Return a result in which every secret is masked."""
        masked: dict[str, t.Any] = remove_values(result, secrets)
        return masked


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
