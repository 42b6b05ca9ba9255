# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UCloud UCDN: refresh tasks (API reference "DescribeNewUcdnRefreshCacheTask")."""

from __future__ import annotations

from .declaration import Option, UCloudService
from .ucdn import UCDN_TASK

UCDN_REFRESH = UCloudService(
    provider="ucdn_refresh",
    title="UCloud UCDN",
    action="DescribeNewUcdnRefreshCacheTask",
    ids="TaskId",
    jobs="TaskList",
    per_call=100,
    options=(Option("is_dcdn", "IsDcdn", kind="bool"),),
    mapping=UCDN_TASK,
    missing_is_not_found=True,
    retention="a day",
)
