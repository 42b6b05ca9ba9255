# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of jobs: what a user may list, and which options reach each module."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.groups import (
    ACTION_GROUPS,
    JobGroup,
    merge_options,
    parse_connections,
    parse_groups,
    validate_group,
)
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence


@pytest.mark.parametrize(
    ("item", "group"),
    [
        ({"provider": "cph", "job_ids": ["j1", "j2"]}, JobGroup("cph", {"job_ids": ["j1", "j2"]})),
        # one id alone, and ids as a command line gives them
        ({"provider": "cph", "job_id": "j1"}, JobGroup("cph", {"job_ids": ["j1"]})),
        ({"provider": "cph", "job_ids": "j1,j2"}, JobGroup("cph", {"job_ids": ["j1", "j2"]})),
        # numbers, for those services whose ids are numbers
        ({"provider": "cph", "job_ids": 4711}, JobGroup("cph", {"job_ids": [4711]})),
        ({"provider": "cph", "job_ids": ["j1", 4711]}, JobGroup("cph", {"job_ids": ["j1", 4711]})),
        # in check mode there may be none
        ({"provider": "cph", "job_ids": []}, JobGroup("cph", {"job_ids": []})),
        ({"provider": "cph", "request_ids": ["r1"]}, JobGroup("cph", {"request_ids": ["r1"]})),
        # what is null is not given
        ({"provider": "cph", "job_ids": None, "request_ids": ["r1"]}, JobGroup("cph", {"request_ids": ["r1"]})),
        # options of the module
        (
            {"provider": "uphone", "job_id": "u1", "options": {"city_id": "cn-bj"}},
            JobGroup("uphone", {"job_ids": ["u1"]}, {"city_id": "cn-bj"}),
        ),
        ({"provider": "ims", "job_id": "i1", "options": None}, JobGroup("ims", {"job_ids": ["i1"]})),
    ],
)
def test_a_group_is_read(item: t.Any, group: JobGroup) -> None:
    assert parse_groups([item]) == [group]


def test_the_module_is_found_by_the_name_of_the_provider() -> None:
    assert JobGroup("ecs", {"job_ids": ["e1"]}).module == "cloudwait.jobs.ecs_job_info"


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        (
            [],
            "There is nothing to wait for, because the list of jobs is empty; name at least one group, or leave the",
        ),
        (["j1"], "Group 1 of the jobs must be a dictionary with a provider and job_ids, not of type str."),
        ([{"job_ids": ["j1"]}], "Group 1 of the jobs names no provider; add one, such as `provider: cph`."),
        ([{"provider": "", "job_ids": ["j1"]}], "Group 1 of the jobs names no provider; add one, such as"),
        ([{"provider": ["cph"], "job_ids": ["j1"]}], "Group 1 of the jobs names no provider"),
        # the group at fault is named by its number and provider
        (
            [{"provider": "cph", "job_id": "j1"}, {"provider": "ims", "jobs": ["i1"]}],
            (
                "Group 2 of the jobs (ims) has the unknown key jobs; the keys are provider, job_ids, job_id, "
                "request_ids, options."
            ),
        ),
        (
            [{"provider": "cph"}],
            "Group 1 of the jobs (cph) needs exactly one of job_ids, job_id and request_ids, but has none of them.",
        ),
        (
            [{"provider": "cph", "job_ids": ["j1"], "request_ids": ["r1"]}],
            "needs exactly one of job_ids, job_id and request_ids, but has both job_ids and request_ids.",
        ),
        ([{"provider": "cph", "job_ids": ["j1"], "job_id": "j2"}], "but has both job_ids and job_id."),
        # ids
        ([{"provider": "cph", "job_ids": {"a": 1}}], "has job_ids of type dict; give a list of ids instead."),
        ([{"provider": "cph", "job_ids": True}], "has job_ids of type bool; give a list of ids instead."),
        ([{"provider": "cph", "job_ids": ["j1", " "]}], "has ' ' among its job_ids, which is not an id."),
        ([{"provider": "cph", "job_ids": ["j1", None]}], "has None among its job_ids, which is not an id."),
        ([{"provider": "cph", "request_ids": ["r1", False]}], "has False among its request_ids, which is not an id."),
        ([{"provider": "cph", "job_id": ""}], "has '' among its job_id, which is not an id."),
        # a sentence is one line
        ([{"provider": "c\nph\x1b", "job_ids": {}}], "Group 1 of the jobs (c ph ) has job_ids of type dict;"),
        # options
        ([{"provider": "cph", "job_id": "j", "options": ["a"]}], "has options that are of type list; they must be"),
        (
            [{"provider": "cph", "job_id": "j", "options": {"timeout": 5}}],
            "has timeout among its options, which is one for all groups; take it out of the options.",
        ),
        (
            [{"provider": "cph", "job_id": "j", "options": {"wait_timeout": 5}}],
            "has wait_timeout among its options, which is one for all groups; take it out of the options.",
        ),
        (
            [{"provider": "cph", "job_id": "j", "options": {"job_ids": ["k"]}}],
            "has job_ids among its options, which belongs beside the options; take it out of the options.",
        ),
    ],
)
def test_a_group_that_makes_no_sense_is_refused_in_one_sentence(items: list[t.Any], sentence: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_groups(items)
    assert sentence in str(caught.value)


# what is given for a group, and what its modules get
GOOD: list[tuple[t.Any, dict[str, t.Any]]] = [
    ({"region": "r", "validate_certs": False}, {"region": "r", "validate_certs": False}),
    ({}, {}),
    (None, {}),
    # as -e name=value gives it
    ('{"region": "r", "request_timeout": 5}', {"region": "r", "request_timeout": 5}),
    ("region=r cloud=c", {"region": "r", "cloud": "c"}),
]


@pytest.mark.parametrize(("given", "expected"), GOOD)
@pytest.mark.parametrize("name", ACTION_GROUPS)
def test_options_of_a_group_are_a_dictionary_or_its_text(name: str, given: t.Any, expected: dict[str, t.Any]) -> None:
    assert parse_connections({name: given}) == {name: expected}


# what is given, and what is said
BAD: list[tuple[dict[str, t.Any], str]] = [
    ({"huawei": {"region": "r"}}, "has huawei, which is no action group; use all, huaweicloud, ucloud."),
    ({"ucloud": "the-secret"}, "has something for ucloud that is no dictionary of options"),
    ({"ucloud": ["the-secret"]}, "has something for ucloud that is no dictionary of options"),
    ({"ucloud": 7}, "has something for ucloud that is no dictionary of options"),
]


@pytest.mark.parametrize(("given", "told"), BAD)
def test_anything_else_is_refused_by_its_name(given: dict[str, t.Any], told: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_connections(given)
    assert told in str(caught.value)
    assert is_sentence(str(caught.value))
    assert "the-secret" not in str(caught.value)


CPH = JobGroup("cph", {"job_ids": ["j1"]}, {"region": "of-group", "interval": None}, "Group 1 of the jobs (cph)")
DEFAULTS = {"region": "of-play", "cloud": "of-play", "timeout": 5, "job_ids": ["other"]}


@pytest.mark.parametrize(
    ("connections", "shared", "merged"),
    [
        # what is nearer to the group goes before the rest; the group's own ids and the deadline stay
        ({}, {}, {"region": "of-group", "cloud": "of-play"}),
        ({"all": {"cloud": "of-all"}}, {}, {"region": "of-group", "cloud": "of-all"}),
        (
            {"all": {"cloud": "of-all"}, "huaweicloud": {"cloud": "of-cloud"}},
            {"max_interval": 5, "delay": None},
            {"region": "of-group", "cloud": "of-cloud", "max_interval": 5},
        ),
        # another cloud's connection is not meant
        ({"ucloud": {"cloud": "of-ucloud"}}, {}, {"region": "of-group", "cloud": "of-play"}),
        # a null of the group undoes what all groups share
        ({}, {"interval": 7}, {"region": "of-group", "cloud": "of-play"}),
        # an alias is the same option
        ({"all": {"wait_delay": 3}}, {"delay": 5}, {"region": "of-group", "cloud": "of-play", "delay": 5}),
    ],
)
def test_options_by_their_nearness(connections: t.Any, shared: t.Any, merged: dict[str, t.Any]) -> None:
    assert merge_options(CPH, connections, shared, DEFAULTS) == merged


def test_a_group_may_name_its_options_by_their_aliases() -> None:
    group = JobGroup("cph", {"job_ids": ["j1"]}, {"wait_until": "finished", "wait_delay": None})
    defaults = {"wait_timeout": 5, "until": "failed"}
    assert merge_options(group, {}, {"until": ["succeeded"], "delay": 5.0}, defaults) == {"until": "finished"}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"colour": "red"}, "has the option colour, which cloudwait.jobs.cph_job_info does not know; take it out, or"),
        ({"interval": 0}, "has options that cloudwait.jobs.cph_job_info refuses: The option interval must be above 0"),
        ({"until": ["done"]}, "has options that cloudwait.jobs.cph_job_info refuses: value of until must be one or"),
        ({"timeout": float("inf")}, "refuses: The option timeout must be a whole number, and no infinite one."),
        ({"wait_timeout": "inf"}, "refuses: The option timeout must be a whole number, and no infinite one."),
        ({"request_ids": ["r1"]}, "refuses: parameters are mutually exclusive: job_ids|request_ids."),
        ({1: 2}, "has the option 1, which cloudwait.jobs.cph_job_info does not know"),
    ],
)
def test_options_that_the_module_refuses(options: dict[t.Any, t.Any], told: str) -> None:
    with pytest.raises(InvalidError) as caught:
        validate_group(CPH, options)
    assert str(caught.value).startswith("Group 1 of the jobs (cph) ")
    assert told in str(caught.value)


@pytest.mark.parametrize("option", ["job_ids", "request_ids"])
def test_an_empty_list_is_for_check_mode_only(option: str) -> None:
    group = JobGroup("cph", {option: []}, {}, "Group 1 of the jobs (cph)")
    with pytest.raises(InvalidError) as caught:
        validate_group(group, {})
    assert f"has an empty list of {option}; where there may be nothing to wait for, leave the task" in str(caught.value)
    assert validate_group(group, {}, check_mode=True).options[option] == []


def test_validated_options_are_those_of_the_module() -> None:
    options = validate_group(CPH, {"interval": "3", "until": "finished"}).options
    assert (options["job_ids"], options["interval"], options["until"]) == (["j1"], 3.0, ["finished"])
    assert options["not_found_grace"] == 60
