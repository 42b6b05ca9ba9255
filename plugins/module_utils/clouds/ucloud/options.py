# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options of the modules for UCloud."""

from __future__ import annotations

from ..options import OPTIONS as OF_EVERY_CLOUD
from ..options import Spec

OPTIONS: Spec = {
    **OF_EVERY_CLOUD,
    "public_key": {"type": "str", "no_log": True},
    "private_key": {"type": "str", "no_log": True},
    "security_token": {"type": "str", "no_log": True},
    "region": {"type": "str"},
    "project_id": {"type": "str"},
    "profile": {"type": "str"},
    "allow_http": {"type": "bool", "default": False},
}
