# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Huawei Cloud's services answer: one line per region."""

from __future__ import annotations

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.endpoints import (
    DEFAULT_CLOUD,
    service_url,
)


@pytest.mark.parametrize(
    ("host", "region", "cloud", "url"),
    [
        ("cph", "cn-north-4", DEFAULT_CLOUD, "https://cph.cn-north-4.myhuaweicloud.com"),
        ("ims", "ap-southeast-3", DEFAULT_CLOUD, "https://ims.ap-southeast-3.myhuaweicloud.com"),
        ("iam", "cn-north-4", DEFAULT_CLOUD, "https://iam.cn-north-4.myhuaweicloud.com"),
        # Huawei Cloud Europe has a domain of its own
        ("dws", "eu-west-101", DEFAULT_CLOUD, "https://dws.eu-west-101.myhuaweicloud.eu"),
        ("iam", "eu-west-109", DEFAULT_CLOUD, "https://iam.eu-west-109.myhuaweicloud.eu"),
        # other European regions have not
        ("dws", "eu-west-0", DEFAULT_CLOUD, "https://dws.eu-west-0.myhuaweicloud.com"),
        ("dws", "eu-west-201", DEFAULT_CLOUD, "https://dws.eu-west-201.myhuaweicloud.com"),
        ("dws", "eu-west-1010", DEFAULT_CLOUD, "https://dws.eu-west-1010.myhuaweicloud.com"),
        ("dws", "xeu-west-101", DEFAULT_CLOUD, "https://dws.xeu-west-101.myhuaweicloud.com"),
        # T Cloud Public
        ("ims", "eu-de", DEFAULT_CLOUD, "https://ims.eu-de.otc.t-systems.com"),
        ("iam", "eu-nl", DEFAULT_CLOUD, "https://iam.eu-nl.otc.t-systems.com"),
        # a cloud that is named is meant, whatever the region
        ("ims", "eu-west-101", "cloud.example.com", "https://ims.eu-west-101.cloud.example.com"),
        ("ims", "eu-de", "myhuaweicloud.eu", "https://ims.eu-de.myhuaweicloud.eu"),
    ],
)
def test_service_url(host: str, region: str, cloud: str, url: str) -> None:
    assert service_url(host, region, cloud) == url
