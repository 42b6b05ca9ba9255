# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the services of Huawei Cloud and its sister clouds answer (the vendor's page "Regions and Endpoints")."""

from __future__ import annotations

import re

DEFAULT_CLOUD = "myhuaweicloud.com"
EUROPE = "myhuaweicloud.eu"
T_CLOUD_PUBLIC = "otc.t-systems.com"


def service_url(host: str, region: str, cloud: str) -> str:
    """The base URL of a service, for example `https://cph.cn-north-4.myhuaweicloud.com`.

    Regions that exist only in a sister cloud lead there, as long as no other `cloud` was named.
    """
    if cloud == DEFAULT_CLOUD:
        if re.fullmatch(r"eu-west-1\d\d", region, re.ASCII):
            cloud = EUROPE
        elif region in ("eu-de", "eu-nl"):
            cloud = T_CLOUD_PUBLIC
    return f"https://{host}.{region}.{cloud}"
