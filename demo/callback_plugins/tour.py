# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's own output, with one line for a failure where a module of this collection says it in one sentence."""

from __future__ import annotations

from typing import Any

from ansible import constants
from ansible.plugins.callback.default import CallbackModule as Default

DOCUMENTATION = """
name: tour
type: stdout
short_description: Ansible's own output, with short failures
description:
  - Like the callback P(ansible.builtin.default#callback), but shows only the message of a wait that failed.
extends_documentation_fragment:
  - default_callback
  - result_format_callback
"""


class CallbackModule(Default):
    """Shortens what the demo lets fail on purpose; every other failure is shown in full."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "tour"

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Show a failure."""
        # ansible-core 2.19 gave the attribute a public name.
        values = getattr(result, "result", None) or result._result  # noqa: SLF001
        if "failure" in values:
            self._display.display(f"failed: [localhost] => \n    msg: {values['msg']}", color=constants.COLOR_ERROR)
        else:
            super().v2_runner_on_failed(result, ignore_errors)
