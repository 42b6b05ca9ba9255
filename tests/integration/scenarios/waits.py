# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits: for every state and with every option, and what is left to say when jobs or services fail."""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.plugins.module_utils.services.names import PROVIDERS
from ansible_collections.cloudwait.jobs.tests.integration.scenarios import QUICKLY, SELECTED, Group, Job, Scenario
from ansible_collections.cloudwait.jobs.tests.integration.under_test import IS_OF_OTHER_VERSIONS

# until, how the job ends, after how many looks, what the result shows, how many looks that took, whose jobs
ARRIVALS = (
    # arrives with the first look that shows it running
    ("started", "succeeded", 1, "running", 1, SELECTED),
    # whatever has ended has started
    ("started", "failed", 0, "failed", 1, ("ims",)),
    ("finished", "failed", 2, "failed", 3, ("cph", "uphone")),
    ("finished", "partially_succeeded", 1, "partially_succeeded", 2, ("uphone",)),
    ("succeeded", "succeeded", 2, "succeeded", 3, SELECTED if IS_OF_OTHER_VERSIONS else PROVIDERS),
    ("partially_succeeded", "partially_succeeded", 1, "partially_succeeded", 2, ("uphone",)),
    ("failed", "failed", 1, "failed", 2, ("dws",)),
)
BROKE = {"error": {"code": "X.1", "message": "It broke."}}
BROKE_IN_A_TASK = {"tasks": [{"states": {0: "failed"}, "error": {"message": "It broke."}}]}

WAITS = Group(
    [
        *(
            Scenario(
                f"{provider}: {until}, of a job that ends as {state}",
                provider,
                [Job(f"{provider}-{until}-{state}", state, looks)],
                {"until": until},
                {"states": [shown], "kind": None, "polls": polls, "jobs.0.finished": shown != "running"},
            )
            for until, state, looks, shown, polls, providers in ARRIVALS
            for provider in providers
        ),
        Scenario(
            "what failed, and what the services said left out",
            "ims",
            [Job("q1", "failed"), Job("q2")],
            {"until": "succeeded", "include_raw": False, "job_ids": ["q2", "q1"]},
            {"kind": "job_failed", "failed_ids": ["q1"], "jobs.0.raw": "absent", "jobs.1.raw": "absent"},
        ),
        Scenario(
            "one of several states",
            "uphone",
            [Job("s1", "partially_succeeded"), Job("s2")],
            {"until": ["succeeded", "partially_succeeded"]},
            {"states": ["partially_succeeded", "succeeded"], "kind": None, "unfinished": []},
        ),
        # A job that cannot arrive
        *(
            Scenario(
                f"{provider}: a job that fails instead",
                provider,
                [Job("fails", "failed", 1, BROKE_IN_A_TASK if provider == "uphone" else BROKE)],
                {"until": "succeeded"},
                {
                    "states": ["failed"],
                    "kind": "job_failed",
                    "failure.code": None if provider == "uphone" else "X.1",
                    "unfinished": [],
                    "timed_out": False,
                    "says": f"Job fails failed: {'' if provider == 'uphone' else 'X.1: '}",
                },
            )
            for provider in SELECTED
        ),
        Scenario(
            "some fail, the others are waited for, and the result is whole",
            "ims",
            [Job("m1", "failed"), Job("m2", looks=3), Job("m3", looks=1)],
            {"until": "succeeded"},
            {
                "states": ["failed", "succeeded", "succeeded"],
                "kind": "job_failed",
                "summary.failed": 1,
                "summary.succeeded": 2,
                "polls": 7,
                "says": ["1 of 3 jobs failed: m1", "; 2 succeeded."],
            },
        ),
        Scenario(
            "fail_fast does not wait for the others",
            "uphone",
            [Job("f1", "failed"), Job("f2", "running")],
            {"until": "succeeded", "fail_fast": True},
            {"states": ["failed", "running"], "kind": "job_failed", "unfinished": ["f2"]},
        ),
        Scenario(
            "a success that has to be seen three times",
            "cph",
            [Job("c1")],
            {"until": "succeeded", "confirmations": 3},
            {"states": ["succeeded"], "kind": None, "polls": 3},
        ),
        # The deadline
        Scenario(
            "no time at all is one look",
            "ims",
            [Job("z1", "running")],
            {"until": "succeeded", "timeout": 0},
            {
                "states": ["running"],
                "kind": "timeout",
                "timed_out": True,
                "polls": 1,
                "unfinished": ["z1"],
                "says": ["Timed out after 0 s; still running: z1. To keep waiting, pass `unfinished`"],
            },
        ),
        Scenario(
            "what has arrived by then has arrived",
            "uphone",
            [Job("z2"), Job("z3", "running")],
            {"until": "succeeded", "timeout": 0},
            {"states": ["succeeded", "running"], "kind": "timeout", "unfinished": ["z3"], "polls": 2, "requests": 1},
        ),
        # Jobs that nobody knows
        *(
            Scenario(
                f"{provider}: a job that nobody knows, after the grace",
                provider,
                options={"job_ids": ["ghost"], "until": "succeeded", "not_found_grace": 0},
                expects={"states": ["not_found"], "kind": "not_found", "says": "Job ghost was not found"},
            )
            for provider in ("dws", "uphone")
        ),
        Scenario(
            "a job that appears within the grace",
            "cph",
            [Job("late")],
            {"until": "succeeded"},
            {"states": ["succeeded"], "kind": None},
            faults=[{"kind": "error", "job_id": "late", "code": "CPS.0011", "status": 400, "times": 2}],
        ),
        # Jobs that are not named one by one
        Scenario(
            "all jobs of a request",
            "cph",
            [Job("q1", more={"request_id": "q"})],
            {"job_ids": ..., "request_ids": "q", "until": "succeeded"},
            {"states": ["succeeded"], "kind": None, "polls": 3},
            faults=[
                {"kind": "merge", "operation": "list_jobs", "job_id": "q", "times": 2, "body": {"jobs": {"status": 1}}}
            ],
        ),
        Scenario(
            "the jobs that the first look found",
            "uphone",
            [Job("l1", "running", more={"city": "cn-l"}), Job("l2", "failed", more={"city": "cn-l"})],
            {"job_ids": ..., "city_id": "cn-l", "until": "finished"},
            lambda seen: {job["state"] for job in seen.result["jobs"]} == {"failed", "succeeded"},
            # The list shows l1 running, all looks at it alone show it ended.
            faults=[{"kind": "merge", "job_id": "l1", "times": None, "body": {"Jobs": {"State": "SUCCESS"}}}],
        ),
        # Services that fail
        Scenario(
            "an unknown status is no verdict, and a warning",
            "ims",
            [Job("w1")],
            {"until": "succeeded"},
            lambda seen: (
                seen.result["jobs"][0]["state"] == "succeeded"
                and "Job w1 reports the status 'PONDERING'" in seen.played.stderr
            ),
            faults=[{"kind": "merge", "job_id": "w1", "times": 2, "body": {"status": "PONDERING"}}],
        ),
        Scenario(
            "a service that is away for a moment",
            "dws",
            [Job("a1")],
            {"until": "succeeded"},
            {"states": ["succeeded"], "kind": None, "polls": 1, "requests": 4},
            faults=[{"kind": kind, "job_id": "a1"} for kind in ("html", "reset", "cut")],
        ),
        Scenario(
            "a service that stays away",
            "ims",
            [Job("a2", "running")],
            {"until": "succeeded", "error_grace": 0},
            {"kind": "service", "states": ["running"], "unfinished": ["a2"]},
            faults=[{"kind": "html", "job_id": "a2", "skip": 1, "times": None}],
        ),
        Scenario(
            "a single look is tried three times",
            "ims",
            options={"job_ids": ["a3"], **QUICKLY},
            expects={"kind": "service", "requests": 3, "states": ["unknown"], "says": "not JSON"},
            faults=[{"kind": "not_json", "job_id": "a3", "times": None}],
        ),
        Scenario(
            "one refused job does not lose the others",
            "cph",
            [Job("o1"), Job("o2")],
            {"job_ids": ["o1", "bad", "o2"], "until": "succeeded"},
            {
                "states": ["succeeded", "unknown", "succeeded"],
                "kind": "invalid",
                "failure.code": "CPS.0002",
                "unfinished": ["bad"],
            },
            faults=[{"kind": "error", "job_id": "bad", "code": "CPS.0002", "status": 400, "times": None}],
        ),
        Scenario(
            "an account that may not ask",
            "cph",
            options={"job_ids": ["x"], "until": "succeeded"},
            expects={"kind": "permission", "failure.code": "CPS.0007", "unfinished": ["x"]},
            faults=[{"kind": "error", "job_id": "x", "code": "CPS.0007", "status": 400, "times": None}],
        ),
        Scenario(
            "a redirect is not followed",
            "dws",
            options={"job_ids": ["y"], "until": "succeeded"},
            expects={"kind": "transport", "says": "redirects to example.com"},
            faults=[{"kind": "redirect", "job_id": "y", "location": "https://example.com/", "times": None}],
        ),
        Scenario(
            "what a refusal quotes of the credentials is masked",
            "ims",
            options={"job_ids": ["quoted"], "until": "succeeded"},
            expects=lambda seen: "********" in seen.result["msg"],
            faults=[{"kind": "echo", "job_id": "quoted", "times": None}],
        ),
        Scenario(
            "a login that the service forgets is made again",
            "ims",
            [Job("login")],
            {
                "until": "succeeded",
                "access_key": None,
                "secret_key": None,
                "username": "waiter",
                "password": "Wait-4-the-Jobs!",
                "user_domain_name": "cloudwait-domain",
            },
            {
                "states": ["succeeded"],
                "requests": 4,
                "invocation.module_args.password": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER",
            },
            faults=[{"kind": "revoke_tokens", "job_id": "login"}],
        ),
        Scenario(
            "a refused login",
            "ims",
            options={
                "job_ids": ["login"],
                "until": "succeeded",
                "access_key": None,
                "secret_key": None,
                "username": "waiter",
                "password": "something else",
                "user_domain_name": "cloudwait-domain",
            },
            expects={"kind": "authentication", "requests": 1, "unfinished": ["login"], "states": ["unknown"]},
        ),
        Scenario(
            "a refused signature",
            "uphone",
            options={"job_ids": ["login"], "until": "succeeded", "private_key": "something else"},
            expects={"kind": "authentication", "requests": 1, "failure.code": "171"},
        ),
    ]
)

CHECK_MODE = Group(
    [
        Scenario(
            "check mode looks once and does not wait",
            "ims",
            [Job("k1", "running"), Job("k2", "failed")],
            {"until": "succeeded", "delay": 60},
            {"states": ["running", "failed"], "kind": None, "polls": 2, "unfinished": ["k1"], "changed": False},
        ),
        Scenario(
            "a task can be kept out of it",
            "ims",
            [Job("k3", looks=1)],
            {"until": "succeeded"},
            {"states": ["succeeded"], "polls": 2},
            {"check_mode": False},
        ),
        Scenario(
            "check mode refuses nonsense, too",
            "ims",
            options={"job_ids": [" "], "until": "succeeded"},
            expects={"kind": "invalid"},
        ),
    ],
    {"check": True},
)
