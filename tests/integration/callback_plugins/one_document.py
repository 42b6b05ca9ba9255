# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A callback whose whole output is one JSON document, as pipelines want it."""

from __future__ import annotations

import json
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: one_document
type: stdout
short_description: Writes one JSON document
description:
  - Writes the results of all tasks as one JSON document when the playbook has ended.
"""


class CallbackModule(CallbackBase):
    """Shows nothing before the end."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "one_document"

    def __init__(self) -> None:
        super().__init__()
        self._results: dict[str, Any] = {}

    def v2_runner_on_ok(self, result: Any) -> None:
        # ansible-core 2.19 gave these attributes public names.
        task = getattr(result, "task", None) or result._task
        self._results[task.get_name()] = getattr(result, "result", None) or result._result

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self.v2_runner_on_ok(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._display.display(json.dumps(self._results, default=str))
