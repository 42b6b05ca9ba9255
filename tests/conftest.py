# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all tests share: nothing of the user's takes part, neither proxies nor certificates nor logins."""

from __future__ import annotations

import os

TAKEN_AWAY = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC")

for _name in list(os.environ):
    if _name in TAKEN_AWAY or _name.lower().endswith("_proxy"):
        del os.environ[_name]
