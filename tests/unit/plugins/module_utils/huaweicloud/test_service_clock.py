# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service's clock may say without harm to a signature."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.auth.clock import ServiceClock
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.auth.keys import AccessKeys
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.auth.login import AuthContext
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.settings import Settings
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.signing import Request
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.client import Response

REQUEST = Request("GET", "https://h", "/")
NOW = 1_700_000_000.0


def send(*_arguments: t.Any) -> Response:
    """No request is sent."""
    raise AssertionError


@pytest.mark.parametrize(
    ("date", "signed"),
    [
        pytest.param("Tue, 14 Nov 2023 23:13:20 GMT", "20231114T231320Z", id="an hour ahead"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 GMT", "30000101T000000Z", id="the end of the calendar"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 -1200", "30000101T000000Z", id="beyond the end of the calendar"),
        pytest.param("soon", "20231114T221320Z", id="no date"),
    ],
)
def test_any_date_can_be_signed_with(date: str, signed: str) -> None:
    context = AuthContext(send, lambda: 0.0, lambda: NOW, lambda _secret: None, lambda _warning: None)
    keys = AccessKeys(Settings(access_key="a", secret_key="s"), ServiceClock(context))
    first = keys.headers(REQUEST, {}, 1.0)
    keys.is_worth_repeating(first, Response(401, {"date": date}, b""))
    assert keys.headers(REQUEST, {}, 1.0)["X-Sdk-Date"] == signed
