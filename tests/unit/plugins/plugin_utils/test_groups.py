# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of jobs: what a user may list, and the one result that is made of several."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.groups import (
    Group,
    GroupError,
    Outcome,
    combine,
    describe,
    duration,
    parse,
)


@pytest.mark.parametrize(
    ("item", "group"),
    [
        ({"provider": "cph", "job_ids": ["j1", "j2"]}, Group("cph", {"job_ids": ["j1", "j2"]})),
        # one id alone, and ids as a command line gives them
        ({"provider": "cph", "job_id": "j1"}, Group("cph", {"job_ids": ["j1"]})),
        ({"provider": "cph", "job_ids": "j1, j2"}, Group("cph", {"job_ids": ["j1", "j2"]})),
        ({"provider": "cph", "job_ids": 4711}, Group("cph", {"job_ids": ["4711"]})),
        ({"provider": "cph", "job_ids": ["j1", 4711]}, Group("cph", {"job_ids": ["j1", "4711"]})),
        ({"provider": "cph", "request_ids": ["r1"]}, Group("cph", {"request_ids": ["r1"]})),
        # what is null is not given
        ({"provider": "cph", "job_ids": None, "request_ids": ["r1"]}, Group("cph", {"request_ids": ["r1"]})),
        # options of the module
        (
            {"provider": "uphone", "job_id": "u1", "options": {"city_id": "cn-bj"}},
            Group("uphone", {"job_ids": ["u1"]}, {"city_id": "cn-bj"}),
        ),
        ({"provider": "ims", "job_id": "i1", "options": None}, Group("ims", {"job_ids": ["i1"]})),
    ],
)
def test_a_group_is_read(item: t.Any, group: Group) -> None:
    assert parse([item]) == [group]


def test_the_module_is_found_by_the_name_of_the_provider() -> None:
    assert Group("ecs", {"job_ids": ["e1"]}).module == "cloudwait.jobs.ecs_job_info"


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ([], "There is nothing to wait for, because the list of jobs is empty; name at least one group."),
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
        ([{"provider": "cph", "job_ids": []}], "has an empty list of job_ids; leave the group out when there is"),
        ([{"provider": "cph", "job_ids": {"a": 1}}], "has job_ids that are of type dict; they must be a list of ids."),
        ([{"provider": "cph", "job_ids": True}], "has job_ids that are of type bool; they must be a list of ids."),
        ([{"provider": "cph", "job_ids": ["j1", " "]}], "has ' ' among its job_ids, which is not an id."),
        ([{"provider": "cph", "job_ids": ["j1", None]}], "has None among its job_ids, which is not an id."),
        ([{"provider": "cph", "request_ids": ["r1", False]}], "has False among its request_ids, which is not an id."),
        ([{"provider": "cph", "job_id": ""}], "has '' among its job_id, which is not an id."),
        # a sentence is one line
        ([{"provider": "c\nph\x1b", "job_ids": []}], "Group 1 of the jobs (c ph ) has an empty list of job_ids;"),
        # options
        ([{"provider": "cph", "job_id": "j", "options": ["a"]}], "has options that are of type list; they must be"),
        (
            [{"provider": "cph", "job_id": "j", "options": {"timeout": 5}}],
            "has timeout among its options, which is one for all groups; take it out of the options.",
        ),
        (
            [{"provider": "cph", "job_id": "j", "options": {"job_ids": ["k"]}}],
            "has job_ids among its options, which belongs beside the options; take it out of the options.",
        ),
    ],
)
def test_a_group_that_makes_no_sense_is_refused_in_one_sentence(items: list[t.Any], sentence: str) -> None:
    with pytest.raises(GroupError) as caught:
        parse(items)
    assert sentence in str(caught.value)


def job(provider: str, job_id: str | None, state: str, **more: t.Any) -> dict[str, t.Any]:
    finished = state in ("succeeded", "partially_succeeded", "failed")
    return {"provider": provider, "job_id": job_id, "state": state, "finished": finished, **more}


def outcome(provider: str, *jobs: dict[str, t.Any], until: str = "succeeded", **result: t.Any) -> Outcome:
    ids = [one["job_id"] for one in jobs]
    unfinished = [one["job_id"] for one in jobs if not one["finished"]]
    return Outcome(Group(provider, {"job_ids": ids}), [until], {"jobs": list(jobs), "unfinished": unfinished, **result})


ELB = {"code": "DWS.0114", "message": "ELB private IP is not configured."}
ARRIVED = outcome("cph", job("cph", "j1", "succeeded", duration=6.0), job("cph", "j2", "succeeded", duration=75.0))
BROKEN = outcome(
    "dws",
    job("dws", "d1", "failed", error=ELB),
    job("dws", "d2", "succeeded"),
    failed=True,
    failure={"kind": "job_failed", **ELB},
)
LATE = outcome(
    "ims",
    job("ims", "i1", "running", progress=45),
    job("ims", "i2", "unknown"),
    failed=True,
    timed_out=True,
    failure={"kind": "timeout", "code": None, "message": "The time is over."},
)
REFUSED = outcome(
    "uphone",
    job("uphone", "u1", "unknown"),
    failed=True,
    failure={"kind": "authentication", "code": "171", "message": "UCloud refused the signature."},
)
# Ansible's own refusal of an option: no jobs and no failure
REJECTED = Outcome(
    Group("ims", {"job_ids": ["i8", "i9"]}), ["succeeded"], {"failed": True, "msg": "Unsupported parameters: colour."}
)


@pytest.mark.parametrize(
    ("outcomes", "msg"),
    [
        ([ARRIVED], "2 jobs after 42 s: 2 succeeded."),
        ([outcome("cph", job("cph", "j1", "succeeded"))], "1 job after 42 s: 1 succeeded."),
        (
            [outcome("cph", job("cph", "j1", "failed"), job("cph", "j2", "partially_succeeded"), until="finished")],
            "2 jobs after 42 s: 1 partially succeeded, 1 failed.",
        ),
        ([outcome("uphone")], "0 jobs after 42 s: nothing was found."),
        # one sentence names what did not arrive, and why
        (
            [ARRIVED, BROKEN, LATE],
            (
                "Not everything arrived after 42 s: dws job d1 failed (DWS.0114: ELB private IP is not configured); "
                "ims: The time is over; ims job i1 is still running (45%); ims job i2 is in an unknown state."
            ),
        ),
        # a group that could not be looked at: in the words of its failure
        ([REFUSED], "Not everything arrived after 42 s: uphone: UCloud refused the signature."),
        ([REJECTED], "Not everything arrived after 42 s: ims: Unsupported parameters: colour."),
        # a job that ended well where a failure was waited for
        (
            [
                outcome(
                    "cph",
                    job("cph", "j1", "succeeded"),
                    until="failed",
                    failed=True,
                    failure={"kind": "job_failed", "message": "?"},
                )
            ],
            "Not everything arrived after 42 s: cph job j1 succeeded.",
        ),
        (
            [
                outcome(
                    "cph",
                    job("cph", "j1", "not_found"),
                    job("cph", None, "not_found", resources={"request_id": "r1"}),
                    job("cph", None, "not_found", resources={"request_id": "r2"}),
                    failed=True,
                    failure={"kind": "not_found", "message": "Gone."},
                )
            ],
            (
                "Not everything arrived after 42 s: cph job j1 is not known to the service; cph request r1 is not "
                "known to the service; cph request r2 is not known to the service."
            ),
        ),
        # many jobs are not all named
        (
            [
                outcome(
                    "cph",
                    *(job("cph", f"j{n}", "pending") for n in range(8)),
                    failed=True,
                    failure={"kind": "timeout", "code": None, "message": "Over."},
                )
            ],
            "cph job j3 is still pending; and 4 more.",
        ),
    ],
)
def test_the_message_is_one_sentence(outcomes: list[Outcome], msg: str) -> None:
    assert combine(outcomes, 42.0)["msg"].endswith(msg)


def test_one_result_is_made_of_all_groups() -> None:
    result = combine([ARRIVED, BROKEN, LATE, REFUSED, REJECTED], 42.1234)
    assert [one["job_id"] for one in result["jobs"]] == ["j1", "j2", "d1", "d2", "i1", "i2", "u1"]
    assert result["summary"] == {
        "total": 7,
        "pending": 0,
        "running": 1,
        "succeeded": 3,
        "partially_succeeded": 0,
        "failed": 1,
        "unknown": 2,
        "not_found": 0,
    }
    # What could not be looked at has not arrived either.
    assert result["unfinished"] == ["i1", "i2", "u1", "i8", "i9"]
    assert (result["failed"], result["changed"], result["timed_out"], result["elapsed"]) == (True, False, True, 42.123)
    assert result["failures"] == [
        {"provider": "dws", "kind": "job_failed", **ELB},
        {"provider": "ims", "kind": "timeout", "code": None, "message": "The time is over."},
        {"provider": "uphone", "kind": "authentication", "code": "171", "message": "UCloud refused the signature."},
        {"provider": "ims", "kind": "invalid", "code": None, "message": "Unsupported parameters: colour."},
    ]


def test_a_result_without_failures() -> None:
    result = combine([ARRIVED], 1.0)
    assert (result["failed"], result["failures"], result["unfinished"]) == (False, [], [])


def test_a_job_in_two_groups_counts_once_with_its_last_state() -> None:
    again = outcome("cph", job("cph", "j1", "running"))
    result = combine([again, ARRIVED], 1.0)
    assert (result["summary"]["total"], result["summary"]["succeeded"], len(result["jobs"])) == (2, 2, 3)
    # The same id at another provider is another job.
    assert combine([ARRIVED, outcome("dws", job("dws", "j1", "succeeded"))], 1.0)["summary"]["total"] == 3


def test_few_jobs_are_shown_one_by_one() -> None:
    assert combine([ARRIVED, BROKEN, LATE], 1.0)["table"] == [
        "cph  j1  succeeded  6.0 s",
        "cph  j2  succeeded  1 min 15 s",
        "dws  d1  failed     DWS.0114: ELB private IP is not configured.",
        "dws  d2  succeeded",
        "ims  i1  running    45%",
        "ims  i2  unknown",
    ]


def test_an_id_of_the_services_stays_on_its_line() -> None:
    result = combine([outcome("cph", job("cph", "j\n1\x1b[31m", "failed"), failed=True)], 1.0)
    assert result["table"] == ["cph  j 1 [31m  failed"]
    assert "j 1 [31m failed" in describe(result["jobs"][0])
    assert result["jobs"][0]["job_id"] == "j\n1\x1b[31m"


def test_many_jobs_are_counted() -> None:
    many = outcome("cph", *(job("cph", f"j{n}", "failed" if n % 7 == 0 else "succeeded") for n in range(30)))
    assert combine([many, LATE], 1.0)["table"] == [
        "cph  30 jobs  25 succeeded, 5 failed",
        "ims  2 jobs   1 running, 1 unknown",
    ]


def test_no_jobs_make_no_table() -> None:
    assert combine([REJECTED], 1.0)["table"] == []


def test_long_errors_are_cut() -> None:
    noisy = outcome("cph", job("cph", "j1", "failed", error={"code": "E", "message": "a\nb " + "x" * 500}))
    (line,) = combine([noisy], 1.0)["table"]
    assert "E: a b xxx" in line
    assert len(line) < 200


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0 s"), (4.25, "4.2 s"), (10, "10 s"), (59.4, "59 s"), (750, "12 min 30 s"), (7500, "2 h 5 min")],
)
def test_times_are_written_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text
