# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The `main()` of every module: it runs where the task runs."""

from __future__ import annotations

import os
import select
import shutil
import signal
import typing as t

from ansible.module_utils import basic

from ..budget.opening import budgets
from ..engine.group import PollUpdate
from ..engine.wait import Observer
from ..http.client import HAS_REQUESTS, REQUESTS_IMPORT_ERROR
from ..model.errors import InvalidError
from ..model.libraries import missing
from .provider import shown_options
from .run import Interrupted, Module, TaskContext, machine_clock
from .secrecy import told, told_options, told_text

STDOUT = 1
# How often a waiting module sees whether its result is still wanted, in seconds.
READER_CHECK = 2.0


class AnsibleModule(basic.AnsibleModule):
    """Masks results as the direct path does, so that Ansible finds nothing to mask in them."""

    def exit_json(self, **result: t.Any) -> t.NoReturn:
        """End with a result."""
        super().exit_json(**self._told(result))

    def fail_json(self, msg: str, **result: t.Any) -> t.NoReturn:
        """End with the result of a failure."""
        super().fail_json(**self._told({"msg": str(msg), **result}))

    def _told(self, result: dict[str, t.Any]) -> dict[str, t.Any]:
        secrets, self.no_log_values = {str(secret) for secret in self.no_log_values}, set()
        shown = told_options(shown_options(self.argument_spec, self.params), secrets)
        return {**told(result, secrets), "invocation": {"module_args": shown}}


def main(description: Module) -> None:
    """Run a module."""
    module = AnsibleModule(supports_check_mode=True, **description.spec)  # type: ignore[no-untyped-call]
    if description.secrets is not None:
        module.no_log_values = description.secrets(module.params)
    if not HAS_REQUESTS:
        error = InvalidError(missing("requests", "every module of this collection needs it"))
        module.fail_json(**description.refused(error, module.params), exception=REQUESTS_IMPORT_ERROR)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    secrets: set[str] = set()
    context = TaskContext(
        module.check_mode,
        os.environ,
        secrets,
        _observe,
        open_budget=budgets(machine_clock, os.environ),
        verbosity=module._verbosity,  # noqa: SLF001
    )
    task = description.run(module.params, context)
    module.no_log_values.update(secrets)
    if task.interrupted and not getattr(module, "_keep_remote_files", False):
        # Whoever would remove the module's own folder may be gone.
        shutil.rmtree(module.tmpdir, ignore_errors=True)
    for warning in task.warnings:
        module.warn(told_text(warning, module.no_log_values))
    if task.result.get("failed"):
        module.fail_json(**task.result)
    module.exit_json(**task.result)


def _interrupt(_signal: int, _frame: t.Any) -> None:
    raise Interrupted


def _observe(_names: t.Sequence[str]) -> Observer:
    return _watch_reader


def _watch_reader(_updates: t.Sequence[PollUpdate]) -> float:
    """End the wait when nobody reads the result any more: a lost connection, or a controller that was stopped."""
    poll = select.poll()
    poll.register(STDOUT, 0)
    if poll.poll(0):
        raise Interrupted
    return READER_CHECK
