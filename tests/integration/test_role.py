# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role `wait`, and the filter and tests that go with it, in playbooks against the embedded cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.cloudwait.jobs.plugins.filter.job_ids import job_ids
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.names import PROVIDERS
from ansible_collections.cloudwait.jobs.plugins.module_utils.task import providers
from ansible_collections.cloudwait.jobs.tests.services import FACTS
from simulator import credentials

if TYPE_CHECKING:
    from simulator.cloud import Cloud

States = dict[float, str]
SOON: States = {0: "running", 0.2: "succeeded"}
NEVER: States = {0: "running"}
ALREADY: States = {0: "succeeded"}
BROKEN: States = {0: "failed"}
CALL_OF_THE_ROLE = "Wait for the jobs"
SUMMARY = "Show how the jobs ended"
VERDICT = "Fail unless everything arrived"


def submit(cloud: Cloud, provider: str, states: States, **more: Any) -> list[str]:
    """Submit jobs and return their ids, taken from the service's answer by the filter."""
    return job_ids(cloud.submit({"provider": provider, "states": states, **more.pop("script", {})}, **more))


def role(jobs: list[dict[str, Any]], **variables: Any) -> dict[str, Any]:
    """The task that calls the role; looks follow each other quickly."""
    return {
        "name": "Role",
        "ansible.builtin.include_role": {"name": "cloudwait.jobs.wait"},
        "vars": {"wait_jobs": jobs, "wait_interval": 0.1, "wait_show_progress": False, **variables},
    }


def everything(cloud: Cloud, states: States) -> list[dict[str, Any]]:
    """A group with a job of every service."""
    return [
        {
            "provider": provider,
            "job_ids": submit(cloud, provider, states),
            "options": dict(FACTS[provider].options),
        }
        for provider in PROVIDERS
    ]


def kept(played: Any) -> Any:
    return played["Keep the result"]["ansible_facts"]["wait_result"]


def looks(cloud: Cloud, provider: str) -> int:
    return len([request for request in cloud.requests if request.service == provider])


def test_jobs_of_all_providers_arrive(cloud: Cloud, play: Any) -> None:
    groups = everything(cloud, SOON)
    groups[0]["job_ids"] += submit(cloud, PROVIDERS[0], SOON, count=2)
    jobs = [(group["provider"], job_id) for group in groups for job_id in group["job_ids"]]
    played = play([role(groups)])
    assert played.code == 0, played.output
    result = kept(played)
    assert [(job["provider"], job["job_id"]) for job in result["jobs"]] == jobs
    assert {job["state"] for job in result["jobs"]} == {"succeeded"}
    assert (result["summary"]["total"], result["summary"]["succeeded"]) == (len(jobs), len(jobs))
    assert (result["unfinished"], result["failed"], result["failures"], result["timed_out"]) == ([], False, [], False)
    assert isinstance(result["elapsed"], float)
    assert played[CALL_OF_THE_ROLE]["changed"] is False
    assert played[SUMMARY]["msg"][-1].endswith(f": {len(jobs)} succeeded.")


def test_each_job_has_a_line_before_the_sentence(cloud: Cloud, play: Any) -> None:
    groups = [
        {"provider": provider, "job_ids": submit(cloud, provider, ALREADY, count=2)} for provider in ("cph", "dws")
    ]
    played = play([role(groups)])
    lines = played[SUMMARY]["msg"]
    assert len(lines) == 5
    assert lines[0].split()[:3] == ["cph", groups[0]["job_ids"][0], "succeeded"]
    assert lines[-1].endswith(": 4 succeeded.")


def test_every_outcome_is_collected_before_the_role_fails(cloud: Cloud, play: Any, ucloud: dict[str, Any]) -> None:
    """A job that fails, a login that is refused and a job that arrives; and a rescue that uses what is known."""
    elb = {"code": "DWS.0114", "message": "ELB private IP is not configured."}
    (bad,) = submit(cloud, "dws", BROKEN, script={"error": elb})
    (refused,) = submit(cloud, "uphone", ALREADY)
    (good,) = submit(cloud, "ims", SOON)
    tasks = [
        {
            "name": "Block",
            "block": [
                role(
                    [
                        {"provider": "dws", "job_id": bad},
                        {"provider": "uphone", "job_id": refused},
                        {"provider": "ims", "job_id": good},
                    ],
                    wait_ucloud={**ucloud, "private_key": "wrong"},
                )
            ],
            "rescue": [
                {
                    "name": "Rescue",
                    "ansible.builtin.debug": {
                        "msg": "{{ wait_result.jobs | select('cloudwait.jobs.jobs_failed') | map(attribute='job_id') }}"
                    },
                },
                {"name": "Kinds", "ansible.builtin.debug": {"msg": "{{ wait_result.failures }}"}},
            ],
        }
    ]
    played = play(tasks)
    assert played.code == 0, played.output
    result = kept(played)
    assert result["failed"] is True
    assert [job["state"] for job in result["jobs"]] == ["failed", "unknown", "succeeded"]
    assert (result["unfinished"], result["failed_ids"]) == ([refused], [bad])
    assert [(failure["provider"], failure["kind"]) for failure in result["failures"]] == [
        ("dws", "job_failed"),
        ("uphone", "authentication"),
    ]
    message = played[VERDICT]["msg"]
    assert message == result["msg"]
    assert f"1 of 3 jobs failed: dws job {bad} (DWS.0114: ELB private IP is not configured)" in message
    assert "; uphone: " in message
    assert good not in message
    assert played["Rescue"]["msg"] in ([bad], str([bad]))


def test_one_deadline_holds_for_all_groups(cloud: Cloud, play: Any) -> None:
    """All groups are polled until the same deadline, and what has ended by then has arrived."""
    (endless,) = submit(cloud, "cph", NEVER)
    (ended,) = submit(cloud, "ims", ALREADY)
    (running,) = submit(cloud, "dws", NEVER, script={"progress": {0: 40}})
    played = play(
        [
            role(
                [
                    {"provider": "cph", "job_id": endless},
                    {"provider": "ims", "job_id": ended},
                    {"provider": "dws", "job_id": running},
                ],
                wait_timeout=1,
            )
        ]
    )
    assert played.code == 2, played.output
    result = kept(played)
    assert [job["state"] for job in result["jobs"]] == ["running", "succeeded", "running"]
    # every group is polled from the first second, whatever the others do
    assert looks(cloud, "ims") == 1
    assert min(looks(cloud, "cph"), looks(cloud, "dws")) > 1
    assert result["timed_out"] is True
    assert result["unfinished"] == [endless, running]
    assert [(failure["provider"], failure["kind"]) for failure in result["failures"]] == [
        ("cph", "timeout"),
        ("dws", "timeout"),
    ]
    assert f"still running: cph job {endless}, " in played.failed["msg"]
    assert f"dws job {running} (40 %)" in played.failed["msg"]


def test_fail_fast_ends_the_wait_with_the_first_failure(cloud: Cloud, play: Any) -> None:
    groups = [
        {"provider": "cph", "job_ids": submit(cloud, "cph", BROKEN)},
        {"provider": "ims", "job_ids": submit(cloud, "ims", NEVER)},
    ]
    played = play([role(groups, wait_fail_fast=True)])
    assert played.code == 2, played.output
    # as last seen, if it was seen
    assert [job["finished"] for job in kept(played)["jobs"]] == [True, False]
    assert looks(cloud, "ims") <= 1


def test_a_group_has_options_of_its_own(cloud: Cloud, play: Any) -> None:
    """Another `until` for one group, and an option that only its module has."""
    groups = [
        {"provider": "ims", "job_ids": submit(cloud, "ims", NEVER), "options": {"until": "started"}},
        {
            "provider": "uphone",
            "job_ids": submit(cloud, "uphone", SOON),
            "options": {"city_id": credentials.UCLOUD_CITY_ID},
        },
    ]
    played = play([role(groups, wait_until="finished")])
    assert played.code == 0, played.output
    assert [job["state"] for job in kept(played)["jobs"]] == ["running", "succeeded"]
    (asked,) = [request for request in cloud.requests if request.service == "uphone"]
    assert f"CityId={credentials.UCLOUD_CITY_ID}" in asked.body


def test_many_jobs_are_counted_in_the_summary(cloud: Cloud, play: Any) -> None:
    answer = cloud.submit({"provider": "cph", "states": ALREADY}, count=25)
    played = play([role([{"provider": "cph", "request_ids": [answer["request_id"]]}])])
    assert played.code == 0, played.output
    assert played[SUMMARY]["msg"][0] == "cph  25 jobs  25 succeeded"


def test_check_mode_looks_once_and_does_not_fail(cloud: Cloud, play: Any) -> None:
    (endless,) = submit(cloud, "cph", NEVER)
    (bad,) = submit(cloud, "dws", BROKEN)
    played = play([role([{"provider": "cph", "job_id": endless}, {"provider": "dws", "job_id": bad}])], check=True)
    assert played.code == 0, played.output
    result = kept(played)
    assert [job["state"] for job in result["jobs"]] == ["running", "failed"]
    assert (result["failed"], result["unfinished"]) == (False, [endless])
    assert (looks(cloud, "cph"), looks(cloud, "dws")) == (1, 1)


def test_connection_options_reach_their_providers_and_stay_secret(
    cloud: Cloud, play: Any, huaweicloud: dict[str, Any], ucloud: dict[str, Any]
) -> None:
    groups = everything(cloud, ALREADY)
    bad = {"provider": "cph", "job_ids": submit(cloud, "cph", BROKEN)}
    wait = role([*groups, bad], wait_huaweicloud="{{ mine }}", wait_ucloud="{{ other }}")
    # Without the defaults that other tests have, and as loud as can be.
    played = play([wait], {"mine": huaweicloud, "other": ucloud}, module_defaults={}, arguments=["-vvvv"])
    assert played.code == 2, played.output
    assert kept(played)["summary"]["succeeded"] == len(PROVIDERS)
    for secret in (
        credentials.ACCESS_KEY,
        credentials.SECRET_KEY,
        credentials.UCLOUD_PUBLIC_KEY,
        credentials.UCLOUD_PRIVATE_KEY,
    ):
        assert secret not in played.output
        assert secret not in str(played.tasks)


# what the role is given, and what it says
NONSENSE: list[tuple[Any, dict[str, Any], str]] = [
    # found by this collection
    (
        [{"provider": "obs", "job_id": "j1"}],
        {},
        (
            "There is no provider obs, because cloudwait.jobs has no module cloudwait.jobs.obs_job_info; the providers "
            f"are {', '.join(providers.PROVIDERS)}."
        ),
    ),
    (
        [{"provider": "cph", "job_id": "j1"}, {"provider": "cph", "job_id": "j1", "request_ids": ["r1"]}],
        {},
        (
            "Group 2 of the jobs (cph) needs exactly one of job_ids, job_id and request_ids, but has both job_id and "
            "request_ids."
        ),
    ),
    ([{"provider": "cph"}], {}, "Group 1 of the jobs (cph) needs exactly one of job_ids"),
    ([], {}, "There is nothing to wait for, because the list of jobs is empty; name at least one group, or"),
    # found by what the module would say, but before the wait for the groups in front of it
    (
        [{"provider": "cph", "job_id": "j1"}, {"provider": "ims", "request_ids": ["r1"]}],
        {},
        "Group 2 of the jobs (ims) has the option request_ids, which cloudwait.jobs.ims_job_info does not know;",
    ),
    (
        [{"provider": "cph", "job_id": "j1"}, {"provider": "dws", "job_id": "j1", "options": {"colour": "red"}}],
        {},
        "Group 2 of the jobs (dws) has the option colour, which cloudwait.jobs.dws_job_info does not know;",
    ),
    (
        [{"provider": "cph", "job_id": "j1", "options": {7: "red"}}],
        {},
        "Group 1 of the jobs (cph) has the option 7, which cloudwait.jobs.cph_job_info does not know;",
    ),
    (
        [{"provider": "cph", "job_id": "j1", "options": {"until": "arrived"}}],
        {},
        "Group 1 of the jobs (cph) has options that cloudwait.jobs.cph_job_info refuses: value of until must be",
    ),
    (
        [{"provider": "cph", "job_id": ".."}],
        {},
        "Group 1 of the jobs (cph) has options that cloudwait.jobs.cph_job_info refuses: The option job_ids holds",
    ),
    (
        [{"provider": "cph", "job_id": "j1"}],
        {"wait_timeout": -1},
        "cloudwait.jobs.cph_job_info refuses: The option timeout ",
    ),
    # as -e name=value gives it
    (
        [{"provider": "cph", "job_id": "j1"}],
        {"wait_huaweicloud": '{% raw %}{"colour": "red"}{% endraw %}'},
        "Group 1 of the jobs (cph) has the option colour, which cloudwait.jobs.cph_job_info does not know;",
    ),
    ([{"provider": "cph", "job_id": "j1", "colour": "red"}], {}, "(cph) has the unknown key colour; the keys are"),
    ([{"job_id": "j1"}], {}, "Group 1 of the jobs names no provider"),
    (
        [{"provider": "cph", "job_id": "j1"}],
        {"wait_until": "arrived"},
        "refuses: value of until must be one or more of",
    ),
    # found by Ansible, in its own words
    ("j1", {}, "jobs"),
    ([{"provider": "cph", "job_id": "j1"}], {"wait_timeout": "soon"}, "timeout"),
]


def test_what_makes_no_sense_is_refused_before_any_request(cloud: Cloud, play: Any) -> None:
    tasks = [
        {
            "name": "Try",
            "block": [role(jobs, **variables)],
            "rescue": [
                {
                    "name": f"Case {case}",
                    "ansible.builtin.debug": {
                        "msg": {"told": "{{ ansible_failed_result.msg }}", "result": "{{ wait_result }}"}
                    },
                }
            ],
        }
        for case, (jobs, variables, _sentence) in enumerate(NONSENSE)
    ]
    played = play(tasks)
    assert played.code == 0, played.output
    for case, (_jobs, _variables, sentence) in enumerate(NONSENSE):
        told, result = played[f"Case {case}"]["msg"]["told"], played[f"Case {case}"]["msg"]["result"]
        assert sentence in told
        # the result tells of this run
        assert (result["msg"], result["jobs"], result["failed"]) == (told, [], True)
    assert cloud.requests == []


@pytest.mark.parametrize(
    ("jobs", "variables", "environment"),
    [
        pytest.param([{"provider": "obs", "job_id": "j1"}], {}, {}, id="the module refuses"),
        pytest.param(None, {}, {}, id="no jobs at all"),
        pytest.param("{{ nothing_of_the_kind }}", {}, {}, id="an undefined variable"),
        pytest.param([{"provider": "ims", "job_id": "j1"}], {"wait_timeout": "soon"}, {}, id="Ansible refuses"),
        pytest.param([{"provider": "ims", "job_id": "j1"}], {"wait_until": "sometime"}, {}, id="not a state"),
        pytest.param([{"provider": "ims", "job_id": "j1"}], {"wait_huaweicloud": "x"}, {}, id="no dictionary"),
    ],
)
def test_an_earlier_result_is_not_taken_for_this_one(
    cloud: Cloud, play: Any, jobs: Any, variables: dict[str, Any], environment: dict[str, str]
) -> None:
    second = role(jobs, **variables)
    if jobs is None:
        del second["vars"]["wait_jobs"]
    tasks = [
        role([{"provider": "ims", "job_ids": submit(cloud, "ims", ALREADY)}]),
        {"name": "Try", "block": [second], "rescue": [{"name": "Go on", "ansible.builtin.debug": {"msg": "on"}}]},
        {
            "name": "Verdict",
            "ansible.builtin.debug": {
                "msg": {
                    "succeeded": "{{ wait_result is cloudwait.jobs.jobs_succeeded }}",
                    "failed": "{{ wait_result.failed }}",
                    "jobs": "{{ wait_result.jobs }}",
                    "msg": "{{ wait_result.msg }}",
                }
            },
        },
    ]
    played = play(tasks, environment=environment)
    assert played.code == 0, played.output
    verdict = played["Verdict"]["msg"]
    assert (verdict["succeeded"], verdict["failed"], verdict["jobs"]) == (False, True, [])
    assert verdict["msg"]


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(
            {"ansible.builtin.import_role": {"name": "cloudwait.jobs.wait"}, "run_once": True}, id="import_role"
        ),
        pytest.param(
            {"ansible.builtin.include_role": {"name": "cloudwait.jobs.wait", "apply": {"run_once": True}}},
            id="include_role with apply",
        ),
    ],
)
def test_run_once_sets_the_result_on_every_host(cloud: Cloud, play: Any, call: dict[str, Any]) -> None:
    variables = role([{"provider": "ims", "job_ids": submit(cloud, "ims", ALREADY)}])["vars"]
    tasks = [
        {"name": "Role", **call, "vars": variables},
        {"name": "Result", "ansible.builtin.debug": {"msg": "{{ wait_result.summary }}"}},
    ]
    played = play(tasks, hosts=["one", "two"])
    assert played.code == 0, played.output
    results = {task["host"]: task["result"]["msg"] for task in played.tasks if task["task"] == "Result"}
    assert {host: summary["succeeded"] for host, summary in results.items()} == {"one": 1, "two": 1}
    assert looks(cloud, "ims") == 1


def test_the_filter_and_the_tests_work_in_playbooks(cloud: Cloud, play: Any) -> None:
    """`until:`, `failed_when:` and `assert` with results, and a submit that the service refused in part."""
    script = {"provider": "cph", "states": {0: "running", 1: "failed"}}
    tasks = [
        {
            "name": "Submit",
            "ansible.builtin.uri": {
                "url": "{{ cloud_url }}/_control/jobs",
                "method": "POST",
                "body_format": "json",
                "body": {"script": "{{ script }}", "rejected": "{{ item }}"},
            },
            "loop": [0, 1],
            "register": "submitted",
        },
        {
            "name": "Refused",
            "ansible.builtin.debug": {"msg": "{{ submitted | cloudwait.jobs.job_ids }}"},
            "ignore_errors": True,
        },
        {
            "name": "Look again and again",
            "cloudwait.jobs.cph_job_info": {"job_ids": "{{ submitted | cloudwait.jobs.job_ids(skip_refused=true) }}"},
            "register": "looked",
            "until": "looked is cloudwait.jobs.jobs_finished",
            "retries": 60,
            "delay": 1,
            "failed_when": "looked is cloudwait.jobs.jobs_failed",
            "ignore_errors": True,
        },
        {
            "name": "Assert",
            "ansible.builtin.assert": {
                "that": [
                    "looked is cloudwait.jobs.jobs_finished",
                    "looked is cloudwait.jobs.jobs_failed",
                    "looked is not cloudwait.jobs.jobs_succeeded",
                ]
            },
        },
    ]
    played = play(tasks, {"script": script})
    assert played.code == 0, played.output
    assert played.status("Refused") == "ignored"
    assert "The service refused 1 of 3 items at submit: phone_id " in played["Refused"]["msg"]
    assert "(CPS.0005: Phone is not found.)" in played["Refused"]["msg"]
    assert len(played["Look again and again"]["jobs"]) == 2
    assert played.status("Look again and again") == "ignored"
    assert played.status("Assert") == "ok"
