# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs out of any JSON that there is, made up by chance (the same chance in every run)."""

from __future__ import annotations

import copy
import json
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.errors import error_detail
from ansible_collections.cloudwait.jobs.plugins.module_utils.http.json_body import decode
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.reader import JobReader
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.registry import service_of
from ansible_collections.cloudwait.jobs.tests.services import FACTS, Facts
from ansible_collections.cloudwait.jobs.tests.services.facts import SUCCESSES
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.result_types import check_types
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import places
from hypothesis import given, settings
from hypothesis import strategies as st

SAME_EVERY_TIME = settings(derandomize=True, database=None, max_examples=150, deadline=None)
# Names and words that mean something to one of the services, so that chance meets them.
SAMPLES = [sample.answer for facts in FACTS.values() for sample in facts.samples]
NAMES = sorted({step for answer in SAMPLES for way in places(answer) for step in way if isinstance(step, str)})
WORDS = sorted({value for facts in FACTS.values() for value in facts.words}, key=str)
KEYS = st.sampled_from(NAMES) | st.text()
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-2, 3),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.sampled_from([*WORDS, "9%", "0.5", "2022-11-09T20:25:00", "1667996700", "-1", "1", "\ud800"]),
)
JSON = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


def states_in(facts: Facts, raw: t.Any) -> set[str]:
    """The states that any value in an object stands for."""
    children = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    return {facts.state_of(raw), *(state for child in children for state in states_in(facts, child))}


@settings(SAME_EVERY_TIME, max_examples=600)
@given(facts=st.sampled_from(list(FACTS.values())), raw=JSON)
def test_any_json_gives_a_job(facts: Facts, raw: t.Any) -> None:
    mapping = service_of(facts.provider).mapping
    before = copy.deepcopy(raw)
    job = JobReader(mapping, facts.provider).read(raw)
    check_types(job, mapping.resources)
    assert (job.raw is raw, raw) == (True, before)
    assert job.state.value not in SUCCESSES or job.state.value in states_in(facts, raw)


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
