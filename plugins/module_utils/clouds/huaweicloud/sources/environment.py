# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the vendor's SDKs, of Terraform and of OpenStack."""

from __future__ import annotations

import typing as t

from ..settings import Source, source_of

# The variables for each setting: the SDK's, Terraform's, OpenStack's. Those with the same beginning are one source.
VARIABLES = {
    "access_key": ("HUAWEICLOUD_SDK_AK", "HW_ACCESS_KEY", "OS_ACCESS_KEY"),
    "secret_key": ("HUAWEICLOUD_SDK_SK", "HW_SECRET_KEY", "OS_SECRET_KEY"),
    "security_token": ("HUAWEICLOUD_SDK_SECURITY_TOKEN", "HW_SECURITY_TOKEN", "OS_SECURITY_TOKEN"),
    "token": ("HW_AUTH_TOKEN", "OS_TOKEN", "OS_AUTH_TOKEN"),
    "username": ("HW_USER_NAME", "OS_USERNAME"),
    "user_id": ("HW_USER_ID", "OS_USER_ID"),
    "password": ("HW_USER_PASSWORD", "OS_PASSWORD"),
    "user_domain_name": ("HW_DOMAIN_NAME", "OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME"),
    "user_domain_id": ("HW_DOMAIN_ID", "OS_USER_DOMAIN_ID", "OS_DOMAIN_ID"),
    "region": ("HW_REGION_NAME", "OS_REGION_NAME"),
    "project_id": ("HUAWEICLOUD_SDK_PROJECT_ID", "HW_PROJECT_ID", "OS_PROJECT_ID", "OS_TENANT_ID"),
    "project_name": ("HW_PROJECT_NAME", "OS_PROJECT_NAME", "OS_TENANT_NAME"),
    "project_domain_name": ("OS_PROJECT_DOMAIN_NAME",),
    "project_domain_id": ("OS_PROJECT_DOMAIN_ID",),
    "auth_url": ("HW_AUTH_URL", "OS_AUTH_URL"),
    "cloud": ("HW_CLOUD",),
}
PREFIXES = ("HUAWEICLOUD_SDK_", "HW_", "OS_")


def read_environment(prefix: str, environ: t.Mapping[str, str]) -> Source:
    """Return what the variables with this beginning say."""
    found: dict[str, tuple[str, str]] = {}
    for setting, names in VARIABLES.items():
        for name in names:
            if name.startswith(prefix) and environ.get(name):
                found.setdefault(setting, (environ[name], f"{name} in the environment"))
    return source_of(f"{prefix}* in the environment", f"environment variables {prefix}*", found)
