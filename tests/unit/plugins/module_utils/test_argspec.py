# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input: one line per option and value; the message names the option. Then the input that is good."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.registry import CLOUDS, SENDERS
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.declaration import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import job_info
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.options import (
    OF_A_WAIT,
    check_options,
    own_first,
    prepared,
    wait_options,
    without_effect,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.provider import argument_spec
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.request import request_module
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.run import Module
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence, refusals, validated
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import short

SERVICES: list[Service] = [CPH, IMS, DWS, UPHONE]
BY_NAME = [pytest.param(service, id=service.provider) for service in SERVICES]
REQUEST = request_module("huaweicloud", SENDERS["huaweicloud"])
JOB_INFO = job_info(IMS, CLOUDS["huaweicloud"])
NAN, INFINITE = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("service", "given", "named"),
    [
        # wrong types
        (IMS, {"job_ids": ["a"], "timeout": "soon"}, "timeout"),
        (IMS, {"job_ids": ["a"], "timeout": 1.5}, "timeout"),
        (IMS, {"job_ids": ["a"], "timeout": []}, "timeout"),
        (IMS, {"job_ids": ["a"], "interval": "often"}, "interval"),
        (IMS, {"job_ids": ["a"], "interval": {"seconds": 1}}, "interval"),
        (IMS, {"job_ids": ["a"], "max_interval": []}, "max_interval"),
        (IMS, {"job_ids": ["a"], "max_rate": "10/s"}, "max_rate"),
        (IMS, {"job_ids": ["a"], "delay": "1m"}, "delay"),
        (IMS, {"job_ids": ["a"], "confirmations": 1.5}, "confirmations"),
        (IMS, {"job_ids": ["a"], "not_found_grace": "a while"}, "not_found_grace"),
        (IMS, {"job_ids": ["a"], "error_grace": "a while"}, "error_grace"),
        (IMS, {"job_ids": ["a"], "request_timeout": "x"}, "request_timeout"),
        (IMS, {"job_ids": ["a"], "fail_fast": "perhaps"}, "fail_fast"),
        (IMS, {"job_ids": ["a"], "show_progress": 5}, "show_progress"),
        (IMS, {"job_ids": ["a"], "validate_certs": "perhaps"}, "validate_certs"),
        (IMS, {"job_ids": ["a"], "use_agency": "perhaps"}, "use_agency"),
        (IMS, {"job_ids": {"id": "a"}}, "job_ids"),
        (CPH, {"request_ids": {"id": "a"}}, "request_ids"),
        # states that there are not, and the services' own words
        (IMS, {"job_ids": ["a"], "until": ["done"]}, "until"),
        (IMS, {"job_ids": ["a"], "until": "SUCCESS"}, "until"),
        (IMS, {"job_ids": ["a"], "until": ["succeeded", "Failed"]}, "until"),
        (IMS, {"job_ids": ["a"], "until": ["unknown"]}, "until"),
        (IMS, {"job_ids": ["a"], "until": [""]}, "until"),
        (UPHONE, {"states": ["not_found"]}, "states"),
        (UPHONE, {"states": ["started"]}, "states"),
        (UPHONE, {"product_type": "phone"}, "product_type"),
        # nothing to look for
        (IMS, {}, "job_ids"),
        (DWS, {"until": ["succeeded"]}, "job_ids"),
        (CPH, {}, "job_ids, request_ids"),
        # two ways to name the jobs
        (CPH, {"job_ids": ["a"], "request_ids": ["b"]}, "job_ids|request_ids"),
        (UPHONE, {"job_ids": ["a"], "states": ["running"]}, "job_ids|states"),
        (UPHONE, {"job_ids": ["a"], "job_types": ["INSTALL_APP"]}, "job_ids|job_types"),
    ],
    ids=short,
)
def test_ansible_refuses(service: Service, given: dict[str, t.Any], named: str) -> None:
    assert named in refusals(service, **given)[0]


@pytest.mark.parametrize(
    ("service", "given", "named"),
    [
        # empty lists
        (IMS, {"job_ids": []}, "job_ids"),
        (UPHONE, {"job_ids": []}, "job_ids"),
        (CPH, {"request_ids": []}, "request_ids"),
        (IMS, {"job_ids": ["a"], "until": []}, "until"),
        (UPHONE, {"states": []}, "states"),
        (UPHONE, {"job_types": []}, "job_types"),
        # text that comes to nothing is an empty id
        (IMS, {"job_ids": ""}, "job_ids"),
        (IMS, {"job_ids": "a,,b"}, "job_ids"),
        # negative
        *((IMS, {"job_ids": ["a"], name: -1}, name) for name in ("timeout", "delay", "interval", "max_interval")),
        *((IMS, {"job_ids": ["a"], name: -1}, name) for name in ("max_rate", "confirmations", "request_timeout")),
        *((IMS, {"job_ids": ["a"], name: -1}, name) for name in ("not_found_grace", "error_grace")),
        (IMS, {"job_ids": ["a"], "delay": -0.001}, "delay"),
        # nothing at all, where something is needed
        *((IMS, {"job_ids": ["a"], name: 0}, name) for name in ("interval", "max_interval", "max_rate")),
        *((IMS, {"job_ids": ["a"], name: 0}, name) for name in ("confirmations", "request_timeout")),
        # not a number, as YAML's .nan and as text
        *((IMS, {"job_ids": ["a"], name: NAN}, name) for name in ("delay", "interval", "max_interval", "max_rate")),
        *((IMS, {"job_ids": ["a"], name: "nan"}, name) for name in ("delay", "interval", "max_interval", "max_rate")),
        # without an end
        *((IMS, {"job_ids": ["a"], name: INFINITE}, name) for name in ("delay", "interval", "max_interval")),
        *((IMS, {"job_ids": ["a"], name: "-inf"}, name) for name in ("delay", "interval", "max_interval", "max_rate")),
        (IMS, {"job_ids": ["a"], "max_rate": "inf"}, "max_rate"),
        # larger than any float
        *((IMS, {"job_ids": ["a"], name: 10**400}, name) for name in ("timeout", "not_found_grace", "error_grace")),
        (IMS, {"job_ids": ["a"], "request_timeout": 10**400}, "request_timeout"),
        # longer than the system's timers: 317 years
        *((IMS, {"job_ids": ["a"], name: 10**10}, name) for name in ("timeout", "delay", "max_interval")),
        (IMS, {"job_ids": ["a"], "request_timeout": 10**10}, "request_timeout"),
        # the two intervals contradict each other: both are named
        (IMS, {"job_ids": ["a"], "interval": 31}, "interval"),
        (IMS, {"job_ids": ["a"], "interval": 31}, "max_interval"),
        (IMS, {"job_ids": ["a"], "max_interval": 1}, "interval"),
        (IMS, {"job_ids": ["a"], "interval": 5.5, "max_interval": 5.4}, "max_interval"),
    ],
    ids=short,
)
def test_refused(service: Service, given: dict[str, t.Any], named: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_options(validated(service, **given))
    assert f" {named} " in str(caught.value)
    assert is_sentence(str(caught.value))
    assert len(str(caught.value)) < 300


def test_a_null_is_refused() -> None:
    """By Ansible itself, or as the empty text that it makes of a null."""
    refused = refusals(IMS, job_ids=[None])
    if not refused:
        with pytest.raises(InvalidError) as caught:
            check_options(validated(IMS, job_ids=[None]))
        refused = [str(caught.value)]
    assert "job_ids" in refused[0]


@pytest.mark.parametrize(
    "job_id",
    [
        # blank, in whatever way
        *("", " ", "\t", "\n", " \n ", "\u00a0", "\u2003", "\u3000"),
        # dots only would lead up the path
        *(".", "..", "...", "." * 999),
        # control characters: end of line, NUL, escape, delete, and those beyond ASCII
        *("a\r\nX-Header: 1", "a\tb", "a\x00b", "\x1b[31m", "a\x7fb", "a\x80b", "a\x85b", "a\x9fb"),
        # half a character
        *("a\ud800b", "\udfff"),
        # blanks and format characters that nobody sees
        *("a\u00a0b", "a\u200bb", "a\ufeffb", "a\u202eb", "a\u00adb", "a\u2028b", "a\u3000b"),
        # longer than any
        "a" * 1001,
    ],
    ids=short,
)
@pytest.mark.parametrize(
    ("service", "option"),
    [(CPH, "job_ids"), (CPH, "request_ids"), (IMS, "job_ids"), (DWS, "job_ids"), (UPHONE, "job_ids")],
    ids=short,
)
def test_refused_id(service: Service, option: str, job_id: str) -> None:
    # also as one of many
    options = validated(service, **{option: ["good", job_id, "good too"]})
    with pytest.raises(InvalidError) as caught:
        check_options(options)
    assert option in str(caught.value)
    assert is_sentence(str(caught.value))


@pytest.mark.parametrize(
    "job_id",
    [
        "6837531fd3f54550927b930180a706bf",
        # whatever else an id may hold is percent-encoded later
        *("a/b", "../secret", "/", "a b", "50%", "%2e%2e", "a?b=c", "a#b", "a&b", "a;b", "a\\b", "a:b@c", "~"),
        *(
            "-",
            "+",
            ".a",
            "a.",
            "..a",
            ". .",
            "手机",
            "é",
            "😀",
            "'",
            '"',
            "<>",
            "{job_id}",
            "{{ x }}",
            "${x}",
            "0",
            "a" * 999,
        ),
    ],
    ids=short,
)
@pytest.mark.parametrize("service", BY_NAME)
def test_id(service: Service, job_id: str) -> None:
    options = validated(service, job_ids=[job_id])
    check_options(options)
    assert options["job_ids"] == [job_id]


# What stands around a word in files, mails and published answers.
AROUND = (
    " ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\u00a0",
    "\ufeff",
    "\u200b",
    "\u2060",
    "\u00ad",
    "\u3000",
    " \u200b\n",
)


@pytest.mark.parametrize("around", AROUND, ids=ascii)
@pytest.mark.parametrize(
    ("service", "option", "words"),
    [
        *((service, "job_ids", ["a", "b"]) for service in (CPH, IMS, DWS, UPHONE)),
        (CPH, "job_id", ["a", "b"]),
        (CPH, "request_ids", ["a", "b"]),
        (UPHONE, "states", ["pending", "partially_succeeded"]),
        (UPHONE, "job_types", ["SET_UPHONE_GPS", "INSTALL_APP"]),
        (IMS, "until", ["succeeded", "failed"]),
    ],
    ids=short,
)
def test_items_of_lists_are_trimmed(service: Service, option: str, words: list[str], around: str) -> None:
    ids = {} if option in ("job_ids", "job_id", "request_ids", "states", "job_types") else {"job_ids": ["x"]}
    for given in ([f"{around}{word}{around}" for word in words], f"{around},{around}".join(words) + around):
        options = validated(service, **ids, **{option: given})
        assert options["job_ids" if option == "job_id" else option] == words


@pytest.mark.parametrize(
    ("stray", "named"),
    [("\u00a0", "U+00A0"), ("\u200b", "U+200B"), ("\ufeff", "U+FEFF"), ("\t", "U+0009"), ("\U000e0020", "U+E0020")],
)
def test_what_nobody_sees_inside_an_id_is_named(stray: str, named: str) -> None:
    with pytest.raises(InvalidError, match=f"an id with the invisible character {re.escape(named)};"):
        check_options(validated(CPH, job_ids=[f"a{stray}b"]))


@pytest.mark.parametrize("value", [83, 90, 1.5, True, [83], ["a", 83]], ids=short)
@pytest.mark.parametrize("option", ["job_ids", "job_id", "request_ids"])
def test_ids_that_yaml_has_read_as_numbers_are_refused(option: str, value: t.Any) -> None:
    """Who writes 0123 or 1:30 gets 83 or 90."""
    with pytest.raises(InvalidError, match=f"The option {option} holds .* put the id in quotes"):
        validated(CPH, **{option: value})


def test_ids_that_are_numbers_may_be_given_as_such() -> None:
    spec = argument_spec(CPH)["argument_spec"]
    assert prepared(spec, {"job_ids": [83]}, numeric_ids=True) == {"job_ids": [83]}


@pytest.mark.parametrize("option", ["job_ids", "request_ids"])
def test_no_ids_are_for_check_mode(option: str) -> None:
    options = validated(CPH, **{option: []})
    check_options(options, check_mode=True)
    with pytest.raises(InvalidError, match=r"leave the task out, as with `when: ids \| length > 0`"):
        check_options(options)


@pytest.mark.parametrize("value", ["a,b", ",", "a,"])
def test_request_ids_are_no_text_with_commas(value: str) -> None:
    # the service would take it for several
    with pytest.raises(InvalidError, match="request_ids"):
        check_options(validated(CPH, request_ids=[value]))


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        # one id, a number, and an id per comma, as Ansible reads lists
        ({"job_ids": "a"}, "job_ids", ["a"]),
        ({"job_id": "a"}, "job_ids", ["a"]),
        ({"job_ids": "a,b"}, "job_ids", ["a", "b"]),
        # order and repetitions are kept
        ({"job_ids": ["b", "a", "b"]}, "job_ids", ["b", "a", "b"]),
        # nothing is waited for unless it is said
        ({"job_ids": "a"}, "until", None),
        ({"job_ids": "a", "until": "succeeded"}, "until", ["succeeded"]),
        ({"job_ids": "a", "until": ["finished", "finished"]}, "until", ["finished", "finished"]),
        # by the other names, which are no keywords of a task
        ({"job_ids": "a", "wait_until": "finished, failed"}, "until", ["finished", "failed"]),
        ({"job_ids": "a", "wait_timeout": "60"}, "timeout", 60),
        ({"job_ids": "a", "wait_delay": 1.5}, "delay", 1.5),
        # one look
        ({"job_ids": "a", "timeout": 0}, "timeout", 0),
        ({"job_ids": "a", "timeout": "60"}, "timeout", 60),
        ({"job_ids": "a", "not_found_grace": 0}, "not_found_grace", 0),
        ({"job_ids": "a", "error_grace": 0}, "error_grace", 0),
        ({"job_ids": "a", "delay": 0}, "delay", 0),
        # as often as can be
        ({"job_ids": "a", "interval": 0.001, "max_interval": 0.001, "max_rate": 1000}, "interval", 0.001),
        ({"job_ids": "a", "interval": "2.5"}, "interval", 2.5),
        ({"job_ids": "a", "max_rate": 0.01}, "max_rate", 0.01),
        # a year
        ({"job_ids": "a", "timeout": 365 * 86400}, "timeout", 365 * 86400),
    ],
    ids=short,
)
@pytest.mark.parametrize("service", BY_NAME)
def test_good_options(service: Service, given: dict[str, t.Any], name: str, value: t.Any) -> None:
    options = validated(service, **given)
    check_options(options)
    assert options[name] == value


@pytest.mark.parametrize(
    ("service", "given"),
    [
        (CPH, {"request_ids": ["a", "b"], "until": "finished"}),
        (UPHONE, {}),
        (UPHONE, {"states": ["pending", "running"], "job_types": "INSTALL_APP", "city_id": "c"}),
        # a city and a product narrow down named jobs as well
        (UPHONE, {"job_ids": ["a"], "city_id": "c", "product_type": "uphone-server"}),
    ],
    ids=short,
)
def test_other_ways_to_name_jobs(service: Service, given: dict[str, t.Any]) -> None:
    check_options(validated(service, **given))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("timeout", 1800), ("delay", 0), ("interval", 2), ("max_interval", 30), ("max_rate", 10)),
        *(("fail_fast", False), ("confirmations", 1), ("error_grace", 300), ("show_progress", True)),
        *(("validate_certs", True), ("ca_path", None), ("request_timeout", 30), ("endpoint", None)),
    ],
)
@pytest.mark.parametrize("service", BY_NAME)
def test_default(service: Service, name: str, value: t.Any) -> None:
    assert validated(service, job_ids="a")[name] == value


@pytest.mark.parametrize(("service", "grace"), [(CPH, 60), (IMS, 60), (DWS, 60), (UPHONE, 300)], ids=short)
def test_grace_for_unknown_jobs(service: Service, grace: int) -> None:
    # UPhone leaves jobs that wait out of its answers
    assert validated(service, job_ids="a")["not_found_grace"] == grace


@pytest.mark.parametrize(
    ("given", "defaults", "left"),
    [
        # the task's own goes first, under whichever name either of them stands
        ({"timeout": 60, "wait_timeout": 90}, {"wait_timeout": 90}, {"timeout": 60}),
        ({"timeout": 60, "wait_timeout": 90}, {"timeout": 60}, {"wait_timeout": 90}),
        ({"job_id": "a", "job_ids": ["b"]}, {"job_ids": ["b"]}, {"job_id": "a"}),
        # two of the task's own are Ansible's to warn of
        ({"timeout": 60, "wait_timeout": 90}, {}, {"timeout": 60, "wait_timeout": 90}),
        # what the play alone says stays
        ({"wait_timeout": 90, "delay": 5}, {"wait_timeout": 90}, {"wait_timeout": 90, "delay": 5}),
        ({"timeout": 60, "wait_timeout": 90}, {"timeout": 60, "wait_timeout": 90}, {"timeout": 60, "wait_timeout": 90}),
    ],
    ids=short,
)
def test_the_task_goes_before_its_play(given: t.Any, defaults: t.Any, left: t.Any) -> None:
    assert own_first(JOB_INFO.spec["argument_spec"], given, defaults) == left


@pytest.mark.parametrize(
    ("module", "given", "defaults", "named"),
    [
        # what only a wait heeds, without a wait
        (JOB_INFO, {"timeout": 60}, {}, "option timeout has"),
        (JOB_INFO, {"fail_fast": True, "timeout": 60, "delay": 0}, {}, "options timeout, delay and fail_fast have"),
        *((JOB_INFO, {name: 1}, {}, f"option {name} has") for name in OF_A_WAIT),
        # what a single poll heeds, too, and what says nothing of a wait
        (JOB_INFO, {"max_rate": 5, "request_timeout": 5, "budget": "task", "show_progress": False}, {}, None),
        (JOB_INFO, {}, {}, None),
        # a null names nothing, whichever option it is for
        (JOB_INFO, {"timeout": None}, {}, None),
        (JOB_INFO, {"timeout": 60, "until": None}, {}, "option timeout has"),
        # with a wait, whichever option asks for it
        (JOB_INFO, {"timeout": 60, "until": "succeeded"}, {}, None),
        (JOB_INFO, {"timeout": 60, "until_status": ["SYNCED"]}, {}, None),
        (JOB_INFO, {"wait_timeout": 60, "wait_until": "succeeded"}, {}, None),
        (JOB_INFO, {"wait_timeout": 60, "delay": 5}, {}, "options wait_timeout and delay have"),
        # a default of the play, for tasks that wait; its own value in spite of one
        (JOB_INFO, {"timeout": 60}, {"timeout": 60}, None),
        (JOB_INFO, {"timeout": 60}, {"timeout": 90}, "option timeout has"),
        (JOB_INFO, {"timeout": 60, "delay": 5}, {"timeout": 60}, "option delay has"),
        # a request of which nothing is waited for
        (REQUEST, {"timeout": 60}, {}, "option timeout has"),
        (REQUEST, {"wait_options": {"city_id": "c"}, "provider": "cph"}, {}, "options provider and wait_options have"),
        (REQUEST, {"provider": "cph", "until": "succeeded"}, {}, None),
    ],
    ids=short,
)
def test_an_option_without_effect(module: Module, given: t.Any, defaults: t.Any, named: str | None) -> None:
    warning = without_effect(module.spec["argument_spec"], module.of_a_wait, given, defaults)
    assert (warning is None) if named is None else (warning or "").startswith(f"The {named} no effect, because ")
    assert warning is None or is_sentence(warning)


def test_nothing_that_shapes_a_wait_shapes_a_single_poll() -> None:
    shaped = {**validated(IMS, job_ids="a"), **dict.fromkeys(OF_A_WAIT, 5)}
    assert wait_options(shaped, is_waiting=False) == wait_options(validated(IMS, job_ids="a"), is_waiting=False)


@pytest.mark.parametrize("name", ["access_key", "secret_key", "security_token", "token", "password"])
@pytest.mark.parametrize("service", [CPH, IMS, DWS], ids=lambda service: service.provider)
def test_secrets_of_huawei_cloud(service: Service, name: str) -> None:
    assert argument_spec(service)["argument_spec"][name]["no_log"] is True


@pytest.mark.parametrize("name", ["public_key", "private_key", "security_token"])
def test_secrets_of_ucloud(name: str) -> None:
    assert argument_spec(UPHONE)["argument_spec"][name]["no_log"] is True
