# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UCloud's front door: action, user, signature, project."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from .actions import refuse
from .credentials import UCLOUD_KEY_PAIRS, UCLOUD_PROJECT_ID
from .exchange import Answer
from .resources import HOST_ACTIONS
from .routes import QUERIES
from .signing import ucloud_signature
from .submits import UPHONE_ACTIONS


def check(parameters: Mapping[str, str]) -> Answer | None:
    """Return the refusal of a call, None for one that may pass."""
    action = parameters.get("Action")
    if not action:
        return refuse(160, "Missing Action", "")
    if action not in (*QUERIES, *UPHONE_ACTIONS, *HOST_ACTIONS):
        return refuse(161, f"Action [{action}] not found", action)
    if not parameters.get("Signature"):
        return refuse(170, "Missing signature", action)
    pair = UCLOUD_KEY_PAIRS.get(parameters.get("PublicKey", ""))
    if pair is None:
        return refuse(172, "User not found", action)
    private_key, security_token = pair
    if not hmac.compare_digest(ucloud_signature(private_key, parameters), parameters["Signature"].lower()):
        return refuse(171, "Signature VerifyAC Error", action)
    if parameters.get("SecurityToken") != security_token:
        return refuse(174, "Token not found", action)
    if parameters.get("ProjectId", UCLOUD_PROJECT_ID) != UCLOUD_PROJECT_ID:
        return refuse(292, "Project not found", action)
    return None
