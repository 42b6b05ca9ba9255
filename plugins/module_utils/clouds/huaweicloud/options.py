# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options of the modules for Huawei Cloud."""

from __future__ import annotations

from ..options import OPTIONS as OF_EVERY_CLOUD
from ..options import Spec
from .endpoints import DEFAULT_CLOUD

OPTIONS: Spec = {
    **OF_EVERY_CLOUD,
    "region": {"type": "str"},
    "project_id": {"type": "str"},
    "project_name": {"type": "str"},
    "access_key": {"type": "str", "no_log": True},
    "secret_key": {"type": "str", "no_log": True},
    "security_token": {"type": "str", "no_log": True},
    "token": {"type": "str", "no_log": True},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "user_domain_name": {"type": "str"},
    "auth_url": {"type": "str"},
    "cloud": {"type": "str", "default": DEFAULT_CLOUD},
    "use_agency": {"type": "bool", "default": False},
}
