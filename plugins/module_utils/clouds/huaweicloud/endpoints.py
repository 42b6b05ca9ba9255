# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the services of Huawei Cloud and its sister clouds answer (the vendor's page "Regions and Endpoints")."""

from __future__ import annotations

import re
import typing as t

from ...model.errors import InvalidError

DEFAULT_CLOUD = "myhuaweicloud.com"
EUROPE = "myhuaweicloud.eu"
T_CLOUD_PUBLIC = "otc.t-systems.com"
LABEL = r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?"
REGION = re.compile(LABEL, re.ASCII | re.IGNORECASE)
CLOUD = re.compile(rf"{LABEL}(?:\.{LABEL})+", re.ASCII | re.IGNORECASE)


def service_url(host: str, region: str, cloud: str, hosts: t.Mapping[str, str] | None = None) -> str:
    """Return the base URL of a service, for example `https://cph.cn-north-4.myhuaweicloud.com`.

    `host` is the label before region and cloud, or a whole host with placeholders for them; `hosts` has it for single
    regions and clouds. Regions that exist only in a sister cloud lead there, as long as no other `cloud` was named.
    Raises InvalidError where region or cloud would lead to another host than they seem to.
    """
    for option, name, pattern, example in (
        ("region", region, REGION, "cn-north-4"),
        ("cloud", cloud, CLOUD, DEFAULT_CLOUD),
    ):
        if not pattern.fullmatch(name):
            raise InvalidError(
                f"The option {option} holds {name!r:.80}, which is no part of a host name; it must be like {example}."
            )
    if cloud == DEFAULT_CLOUD:
        if re.fullmatch(r"eu-west-1\d\d", region, re.ASCII):
            cloud = EUROPE
        elif region in ("eu-de", "eu-nl"):
            cloud = T_CLOUD_PUBLIC
    host = (hosts or {}).get(region) or (hosts or {}).get(cloud) or host
    whole = host if "." in host else f"{host}.{{region}}.{{cloud}}"
    return f"https://{whole.format_map({'region': region, 'cloud': cloud})}"
