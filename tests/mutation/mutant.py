# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a mutant is, and where code and tests are."""

from __future__ import annotations

import typing as t


class Mutant(t.NamedTuple):
    """A broken behaviour: in `file`, `old` becomes `new`; `tests` are arguments of pytest."""

    behaviour: str
    file: str
    old: str
    new: str
    tests: str


UTILS = "plugins/module_utils"
HUAWEI = f"{UTILS}/clouds/huaweicloud"
UNIT = "tests/unit/plugins/module_utils"
NETWORK = f"{UNIT}/network"

PARSE = f"{UNIT}/test_parse.py"
ANSWERS = f"{UNIT}/test_answers.py"
WAIT = f"{UNIT}/test_wait.py"
SCHEDULE = f"{UNIT}/test_schedule.py"
PACE = f"{UNIT}/test_pace.py"
HTTP = f"{UNIT}/test_http.py"
EXCHANGE = f"{NETWORK}/test_http_exchange.py"
ERRORS = f"{NETWORK}/test_huaweicloud_errors.py"
LOGIN = f"{NETWORK}/test_huaweicloud_login.py"
SOURCES = f"{NETWORK}/test_sources.py"
UCLOUD = f"{NETWORK}/test_ucloud_client.py"
CONNECT = f"{UNIT}/test_connect.py"
ARGSPEC = f"{UNIT}/test_argspec.py"
REPORT = f"{UNIT}/test_report.py"
ODD = f"{UNIT}/test_odd_texts.py"
BOUNDS = f"{UNIT}/test_bounds.py"
