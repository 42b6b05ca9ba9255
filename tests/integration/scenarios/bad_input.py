# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that make no sense: each is refused in one sentence that names it, before any request is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.cloudwait.jobs.tests.integration.scenarios import Group, Scenario

Says = str | Sequence[str]
NO_KEYS = {"access_key": None, "secret_key": None}
NO_UCLOUD_KEYS = {"public_key": None, "private_key": None}

# What Ansible itself refuses, in its own words: provider, options, what it says
BY_ANSIBLE: list[tuple[str, Mapping[str, Any], Says]] = [
    ("ims", {"timeout": "soon"}, ["argument 'timeout' is of type", "unable to convert to int"]),
    ("dws", {"fail_fast": "perhaps"}, ["argument 'fail_fast' is of type", "unable to convert to bool"]),
    ("cph", {"job_ids": {"a": "b"}}, ["argument 'job_ids' is of type", "unable to convert to list"]),
    ("cph", {"until": "arrived"}, "value of until must be one or more of: started, finished, succeeded"),
    ("uphone", {"product_type": "tablet"}, "value of product_type must be one of: uphone, uphone-server, got: tablet"),
    ("uphone", {"states": ["failed"]}, "parameters are mutually exclusive: job_ids|states"),
    ("cph", {"request_ids": ["r"]}, "parameters are mutually exclusive: job_ids|request_ids"),
    ("cph", {"job_ids": ...}, "one of the following is required: job_ids, request_ids"),
    ("ims", {"job_ids": ...}, "missing required arguments: job_ids"),
    ("ims", {"colour": "red"}, "Unsupported parameters for (cloudwait.jobs.ims_job_info) module: colour."),
]

# What these modules refuse
BY_US: list[tuple[str, Mapping[str, Any], Says]] = [
    # lists without anything
    ("ims", {"job_ids": []}, "The option job_ids is an empty list"),
    ("cph", {"job_ids": ..., "request_ids": []}, "The option request_ids is an empty list"),
    ("ims", {"until": []}, "The option until is an empty list"),
    # ids that can be none
    ("ims", {"job_ids": [""]}, "The option job_ids holds a blank id"),
    ("dws", {"job_ids": [".."]}, "The option job_ids holds '..', which is made of dots only"),
    ("ims", {"job_ids": ["a\nb"]}, "The option job_ids holds 'a\\nb', an id with the invisible character U+000A"),
    ("uphone", {"job_ids": ["a\x00"]}, "The option job_ids holds 'a\\x00', an id with the invisible character U+0000"),
    ("ims", {"job_ids": [17]}, "The option job_ids holds 17, which YAML does not read as a text"),
    ("cph", {"job_ids": ..., "request_ids": [1.5]}, "The option request_ids holds 1.5, which YAML does not read as"),
    ("cph", {"job_ids": ..., "request_ids": ["a,b", "c"]}, "The option request_ids holds 'a,b'; give several ids"),
    # numbers out of range
    ("ims", {"timeout": -1}, "The option timeout must be 0 to"),
    ("ims", {"delay": "nan"}, "The option delay must be 0 to"),
    ("ims", {"interval": 0}, "The option interval must be above 0"),
    ("ims", {"confirmations": 0}, "The option confirmations must be 1"),
    ("ims", {"interval": 60}, "The option interval (60 seconds) is longer than max_interval"),
    # ansible-core would stumble over it
    ("ims", {"timeout": float("inf")}, "The option timeout must be a whole number, and no infinite one."),
    ("dws", {"confirmations": "inf"}, "The option confirmations must be a whole number, and no infinite one."),
    ("cph", {"delay": 10**400}, "The option delay is a number of hundreds of digits; use a smaller one."),
    ("uphone", {"timeout": -(10**400)}, "The option timeout is a number of hundreds of digits; use a smaller one."),
    # addresses
    ("ims", {"endpoint": "cloud.example.com"}, "The option endpoint must be a URL of scheme, host, port and path"),
    (
        "dws",
        {"endpoint": "https://u:p@example.com"},
        "The option endpoint must be a URL of scheme, host, port and path",
    ),
    ("ims", {"endpoint": "http://example.com"}, ["The option endpoint names example.com over plain http", "use https"]),
    ("cph", {"ca_path": "/nowhere/ca.pem"}, "The option ca_path names /nowhere/ca.pem, which cannot be read"),
    # credentials that are missing, by halves, or of several kinds
    ("cph", NO_KEYS, ["There are no credentials for Huawei Cloud", "access_key and secret_key"]),
    ("ims", {"secret_key": None}, ["options name an access key without the secret key", "secret_key"]),
    ("ims", {"token": "t" * 20}, "The options token and access_key are different ways to sign in"),
    ("ims", {**NO_KEYS, "username": "u"}, "The options username and password go together"),
    ("ims", {**NO_KEYS, "username": "u", "password": "p" * 9}, ["belongs to a domain", "user_domain_name"]),
    ("ims", {"endpoint": None, "region": None}, ["is not known", "region", "endpoint"]),
    ("uphone", NO_UCLOUD_KEYS, ["There are no credentials for UCloud", "public_key and private_key"]),
    ("uphone", {**NO_UCLOUD_KEYS, "profile": "other"}, "There is no profile other with keys in ~/.ucloud"),
]


def refusals(
    by: str, cases: Sequence[tuple[str, Mapping[str, Any], Says]], expects: Mapping[str, Any]
) -> list[Scenario]:
    """A scenario per case, named after the options that are wrong."""
    return [
        Scenario(
            f"{by} {number}: {provider}: {', '.join(options)}",
            provider,
            options={"job_ids": ["a"], **options},
            expects={"failed": True, "says": says, **expects},
        )
        for number, (provider, options, says) in enumerate(cases)
    ]


BAD_INPUT = Group(
    [
        *refusals("Ansible", BY_ANSIBLE, {"failure": "absent", "jobs": "absent"}),
        *refusals(
            "refused", BY_US, {"kind": "invalid", "failure.code": None, "jobs": [], "requests": 0, "timed_out": False}
        ),
    ],
    silent=True,
)
