# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs out of any JSON that there is, made up by chance (the same chance in every run)."""

from __future__ import annotations

import copy
import json
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.errors import error_detail
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.json_body import decode
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.job import State
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.reader import JobReader
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.test_parse import (
    BY_NAME,
    check_types,
)
from hypothesis import given, settings
from hypothesis import strategies as st

SAME_EVERY_TIME = settings(derandomize=True, database=None, max_examples=150, deadline=None)
# Names and values that mean something to one of the services, so that chance meets them.
NAMES = (
    "status State Status job_id JobId progress entities process_percent sub_jobs_result results image_id Tasks "
    "UPhoneIds UPhoneId TaskId ErrorMsg Message error_code error_msg error code message fail_reason failed_code "
    "failed_detail begin_time end_time BeginTime EndTime job_type JobType phone_id request_id"
)
KEYS = st.sampled_from(NAMES.split()) | st.text()
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-2, 3),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.sampled_from(
        ["RUNNING", "FAIL", "FAILED", "9%", "0.5", "2022-11-09T20:25:00", "1667996700", "-1", "1", "\ud800"]
    ),
)
JSON = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)
# The words and numbers that mean success, which chance is not given.
SUCCESSES = (2, "2", "SUCCESS", "PARTIAL_SUCCESS")


def says_success(raw: t.Any) -> bool:
    return isinstance(raw, dict) and any(raw.get(name) in SUCCESSES for name in ("status", "State", "Status"))


@pytest.mark.parametrize("service", BY_NAME)
@SAME_EVERY_TIME
@given(raw=JSON)
def test_any_json_gives_a_job(service: Service, raw: t.Any) -> None:
    before = copy.deepcopy(raw)
    job = JobReader(service.mapping, service.provider).read(raw)
    check_types(job)
    assert (job.raw is raw, raw) == (True, before)
    if not says_success(raw):
        assert job.state not in (State.SUCCEEDED, State.PARTIALLY_SUCCEEDED)


@SAME_EVERY_TIME
@given(raw=JSON)
def test_any_json_can_be_searched_for_an_error(raw: t.Any) -> None:
    error = error_detail(raw)
    assert error is None or error.code or error.message


@SAME_EVERY_TIME
@given(raw=JSON)
def test_json_is_read_as_python_reads_it(raw: t.Any) -> None:
    text = json.dumps(raw)
    if "\\ud800" not in text:
        assert decode(text.encode()) == raw


@SAME_EVERY_TIME
@given(body=st.binary() | st.text().map(str.encode) | JSON.map(lambda raw: json.dumps(raw)[:-1].encode()))
def test_bytes_are_json_or_refused(body: bytes) -> None:
    try:
        value = decode(body)
    except ValueError:
        return
    # whatever is let through can be written and printed
    json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
