# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single looks: what a job's result holds, whose jobs are looked at, and that everything comes through as it is."""

from __future__ import annotations

from typing import Any

from ansible_collections.cloudwait.jobs.tests.integration.scenarios import SELECTED, Group, Job, Scenario

# Text that a template engine would love to run.
TEMPLATE = "{{ lookup('pipe', 'echo has run') }}{% raw %}"
STRUCTURE: dict[str, Any] = {
    "big": 2**70,
    "small": 1e-7,
    "none": None,
    "yes": True,
    "text": "日本 \u2028 \x07 é",
    "list": [[], {}, ""],
}


def uphone(job_id: str, state: str, city: str, **more: Any) -> Job:
    """A job that only this city's jobs are listed with."""
    return Job(job_id, state, more={"city": city, **more})


LOOKS = Group(
    [
        # The samples of the API references
        Scenario(
            "CPH's sample",
            "cph",
            options={"job_ids": ["6837531fd3f54550927b930180a706bf"]},
            expects={
                "states": ["succeeded"],
                "kind": None,
                "changed": False,
                "jobs.0.status": 2,
                "jobs.0.resources.phone_id": "9b28fbe50ded4060b8149a47e55dba82",
                "jobs.0.begin_time": "2019-04-26T07:00:00Z",
                "jobs.0.duration": 6.0,
                "jobs.0.raw.error_msg": None,
                "unfinished": [],
                "timed_out": False,
                "polls": 1,
                "requests": 1,
                "summary.total": 1,
                "says": "1 job: 1 succeeded.",
            },
        ),
        Scenario(
            "IMS's sample",
            "ims",
            options={"job_ids": ["ff8080814dbd65d7014dbe0d84db0013"]},
            expects={
                "states": ["succeeded"],
                "jobs.0.type": "createImageByInstance",
                "jobs.0.resources.image_id": "e9e91bff-14b6-4a0b-8377-4ed0813e3360",
                "jobs.0.begin_time": "2015-06-04T18:11:06.586Z",
                "jobs.0.end_time": None,
            },
        ),
        Scenario(
            "DWS's sample: a look at a failed job does not fail",
            "dws",
            options={"job_ids": ["2c9080e88459fa44018459fbeb600001"]},
            expects={
                "states": ["failed"],
                "kind": None,
                "jobs.0.progress": 9,
                "jobs.0.begin_time": "2022-11-09T20:25:00",
                "jobs.0.error.code": "CreateELBTask-fail:DWS.0114",
            },
        ),
        Scenario(
            "UPhone: a job with tasks",
            "uphone",
            [
                Job(
                    "parts",
                    "partially_succeeded",
                    more={
                        "type": "INSTALL_APP",
                        "tasks": [
                            {"states": {0: "succeeded"}},
                            {"states": {0: "failed"}, "error": {"message": "No space left."}},
                        ],
                    },
                )
            ],
            expects={
                "states": ["partially_succeeded"],
                "jobs.0.type": "INSTALL_APP",
                "jobs.0.progress": 100,
                "jobs.0.tasks.1.state": "failed",
                "jobs.0.tasks.1.error.message": "No space left.",
            },
        ),
        # Which jobs
        Scenario(
            "several, in the order asked, one of them twice",
            "ims",
            [Job("b"), Job("a", "running"), Job("c", "failed")],
            {"job_ids": ["c", "a", "b", "a"]},
            {
                "states": ["failed", "running", "succeeded", "running"],
                "kind": None,
                "unfinished": ["a"],
                "polls": 3,
                "requests": 3,
                "summary.total": 3,
            },
        ),
        Scenario(
            "one, by the option's other name",
            "dws",
            [Job("alone")],
            {"job_ids": ..., "job_id": "alone"},
            {"states": ["succeeded"]},
        ),
        Scenario(
            "the option under both names: a warning",
            "dws",
            [Job("both")],
            {"job_ids": ["both"], "job_id": "both"},
            lambda seen: "Both option job_ids and its alias job_id are set." in seen.played.stderr,
        ),
        Scenario("a list with commas", "ims", [Job("d"), Job("e")], {"job_ids": "d,e"}, {"states": ["succeeded"] * 2}),
        Scenario("a number in quotes", "ims", [Job("17")], {"job_ids": ["17"]}, {"jobs.0.job_id": "17"}),
        *(
            Scenario(
                f"{provider}: one that nobody knows",
                provider,
                options={"job_ids": ["nobody"]},
                expects={
                    "states": ["unknown" if provider == "uphone" else "not_found"],
                    "kind": None,
                    "unfinished": ["nobody"],
                },
            )
            for provider in SELECTED
        ),
        Scenario(
            "whatever an id holds, it is one segment of the path",
            "ims",
            options={"job_ids": ["../../v3/x?y=%41 ü/"]},
            expects=lambda seen: any(
                target.endswith("/jobs/..%2F..%2Fv3%2Fx%3Fy%3D%2541%20%C3%BC%2F") for target in seen.targets
            ),
        ),
        Scenario(
            "all of two requests",
            "cph",
            [Job("p1", "running", more={"request_id": "r1"}), Job("p2", "failed", more={"request_id": "r2"})],
            {"job_ids": ..., "request_ids": ["r2", "r1"]},
            {"states": ["failed", "running"], "jobs.0.job_id": "p2", "unfinished": ["p1"]},
        ),
        Scenario(
            "those of a request without any",
            "cph",
            options={"request_ids": ["r0"]},
            expects={"states": ["not_found"], "jobs.0.job_id": None, "kind": None},
        ),
        Scenario(
            "all of a city in one state, filtered by the service",
            "uphone",
            [uphone("u1", "failed", "cn-x"), uphone("u2", "succeeded", "cn-x")],
            {"job_ids": ..., "city_id": "cn-x", "states": ["failed"]},
            {"states": ["failed"], "jobs.0.job_id": "u1"},
        ),
        Scenario(
            "all of a city in two states, filtered here",
            "uphone",
            [uphone("u3", "running", "cn-y"), uphone("u4", "succeeded", "cn-y"), uphone("u5", "failed", "cn-y")],
            {"job_ids": ..., "city_id": "cn-y", "states": ["failed", "running"]},
            lambda seen: {job["job_id"] for job in seen.result["jobs"]} == {"u3", "u5"},
        ),
        Scenario(
            "all of a type and a product",
            "uphone",
            [
                uphone("u6", "succeeded", "cn-z", type="REBOOT", product="uphone"),
                uphone("u7", "succeeded", "cn-z", type="RESET", product="uphone"),
            ],
            {"job_ids": ..., "city_id": "cn-z", "job_types": ["REBOOT"], "product_type": "uphone"},
            {"states": ["succeeded"], "jobs.0.job_id": "u6"},
        ),
        Scenario(
            "none that matches",
            "uphone",
            options={"city_id": "cn-nowhere", "until": "succeeded"},
            expects={"jobs": [], "kind": None, "says": "No job matches.", "summary.total": 0},
        ),
        # Nothing is changed on the way
        Scenario(
            "what looks like a template stays text",
            "ims",
            [
                Job(
                    "t1",
                    "failed",
                    more={"error": {"code": "IMG.1", "message": TEMPLATE}, "fields": {"x": {TEMPLATE: TEMPLATE}}},
                )
            ],
            expects={"jobs.0.error.message": TEMPLATE, "jobs.0.raw.x": {TEMPLATE: TEMPLATE}},
        ),
        Scenario(
            "also where the result is used",
            "ims",
            expects=lambda seen: (
                seen.played["a look at an odd id"]["unfinished"] == ["{{ 6 * 7 }}"] and "42" not in seen.result["msg"]
            ),
            tasks=[
                {
                    "name": "a look at an odd id",
                    "cloudwait.jobs.ims_job_info": {"job_ids": "{{ looks_like_a_template }}"},
                    "register": "looked",
                },
                {
                    "name": "also where the result is used",
                    "ansible.builtin.debug": {"msg": "{{ looked.msg }} {{ looked.unfinished }} {{ looked.jobs }}"},
                },
            ],
        ),
        Scenario(
            "numbers, texts and structures stay as they are",
            "dws",
            [Job("odd", more={"fields": STRUCTURE})],
            expects={f"jobs.0.raw.{name}": value for name, value in STRUCTURE.items()},
        ),
        Scenario(
            "but for what no text and no float can hold",
            "dws",
            options={"job_ids": ["odder"]},
            faults=[{"kind": "text", "job_id": "odder", "text": '{"status": "SUCCESS", "a": "\\ud800", "b": 1e400}'}],
            expects={"states": ["succeeded"], "jobs.0.raw.a": "?", "jobs.0.raw.b": "1e400"},
        ),
    ],
    {"variables": {"looks_like_a_template": "{% raw %}{{ 6 * 7 }}{% endraw %}"}},
)
