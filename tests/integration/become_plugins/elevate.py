# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A way to become somebody else that changes nothing, for machines on which the tests' user may become nobody else."""

from __future__ import annotations

from typing import Any

from ansible.plugins.become import BecomeBase

DOCUMENTATION = """
name: elevate
short_description: Stays who one is
description:
  - Runs the command as the same user, through all that Ansible does to become another one.
options:
  become_user:
    description: Nobody in particular.
    default: root
    vars:
      - name: ansible_become_user
    keyword:
      - name: become_user
  become_exe:
    description: None.
    default: ""
    keyword:
      - name: become_exe
  become_flags:
    description: None.
    default: ""
    keyword:
      - name: become_flags
  become_pass:
    description: None.
    vars:
      - name: ansible_become_password
"""


class BecomeModule(BecomeBase):
    """Only reports success."""

    name = "elevate"

    def build_become_command(self, cmd: Any, shell: Any) -> Any:
        super().build_become_command(cmd, shell)
        return self._build_success_command(cmd, shell) if cmd else cmd
