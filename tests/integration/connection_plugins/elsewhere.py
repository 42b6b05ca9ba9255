# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another machine, for the tests: it is this one, but Ansible cannot know, so modules run as modules."""

from __future__ import annotations

from ansible.plugins.connection.local import DOCUMENTATION as LOCAL
from ansible.plugins.connection.local import Connection as LocalConnection

DOCUMENTATION = LOCAL.replace("name: local", "name: elsewhere")


class Connection(LocalConnection):
    """The local connection under another name."""

    transport = "elsewhere"
