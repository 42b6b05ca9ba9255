# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendor's own client for each service, as its facts name it, asks the embedded cloud: both read the same job."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.cloudwait.jobs.plugins.filter.job_ids import job_ids
from ansible_collections.cloudwait.jobs.tests.contract import ours, vendors
from ansible_collections.cloudwait.jobs.tests.services import FACTS, Facts
from ansible_collections.cloudwait.jobs.tests.services.facts import ABSENT, Sample
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, ManualClock
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException

INSTALLED = [facts for facts in FACTS.values() if vendors.is_installed(facts)]
EVERY = [pytest.param(facts, id=facts.provider) for facts in INSTALLED]
SAMPLES = [
    pytest.param(facts, sample, id=f"{facts.provider} | {sample.name}")
    for facts in INSTALLED
    for sample in facts.samples
]


def theirs(cloud: Cloud, facts: Facts, job_id: str) -> tuple[Any, list[Any]] | None:
    """The id, and what tells the status, as the vendor's client reads them; None where it reads of no job."""
    jobs = facts.jobs_in(vendors.query(cloud, facts, job_id))
    if not jobs:
        return None
    places = [facts.fields.id, facts.fields.status, *facts.verdict]
    read = [facts.value_in(jobs[0], place) if place else ABSENT for place in places]
    named, *verdict = (None if value is ABSENT else value for value in read)
    return None if facts.absent and not named and not any(verdict) else (named, verdict)


def agree(cloud: Cloud, facts: Facts, job_id: str) -> dict[str, Any]:
    """Ask both for a job that is there, and fail unless they agree. Returns ours."""
    read = theirs(cloud, facts, job_id)
    job: dict[str, Any]
    [job] = ours.poll(cloud, facts.provider, job_id)["jobs"]
    assert read is not None
    # Ours shows the status as it came, where an SDK may have made a number of a text.
    assert str(job["status"]) in map(str, read[1])
    assert str(read[0] if facts.fields.id else job_id) == job["job_id"]
    assert [request.target for request in cloud.requests[-2:-1]] == [cloud.requests[-1].target]
    return job


@pytest.mark.parametrize(("facts", "sample"), SAMPLES)
def test_samples(cloud: Cloud, facts: Facts, sample: Sample) -> None:
    cloud.submit({"provider": facts.provider, "job_id": sample.job_id, "raw": {0: sample.raw}})
    assert agree(cloud, facts, sample.job_id)["state"] == sample.job["state"]


# MRS's client makes numbers of texts, and the embedded cloud leaves those empty that a job does not have yet.
@pytest.mark.parametrize("name", ["succeeds", "fails", "strange-status", "missing-status"])
@pytest.mark.parametrize("facts", [param for param in EVERY if param.id != "mrs"])
def test_courses(cloud: Cloud, clock: ManualClock, facts: Facts, name: str) -> None:
    (job_id,) = job_ids(cloud.submit(f"{facts.provider}-{name}"))
    states = []
    for _second in range(7):
        states.append(agree(cloud, facts, job_id)["state"])
        clock.advance(1)
    assert states[-1] == ("failed" if name == "fails" and "failed" in facts.states else "succeeded")
    assert ("unknown" in states) is name.endswith("status")


@pytest.mark.parametrize("facts", EVERY)
def test_an_unknown_job(cloud: Cloud, facts: Facts) -> None:
    (job_id,) = job_ids(cloud.submit(f"{facts.provider}-appears-late"))
    [job] = ours.poll(cloud, facts.provider, job_id)["jobs"]
    if facts.absent:
        assert (theirs(cloud, facts, job_id), job["state"]) == (None, "not_found")
    elif facts.is_ucloud and "[]" in facts.job:
        assert theirs(cloud, facts, job_id) is None
        assert (job["state"], job["error"]) == ("unknown", None)
    elif not facts.is_ucloud:
        with pytest.raises(ServiceResponseException) as refusal:
            theirs(cloud, facts, job_id)
        assert job["state"] == "not_found"
        # Of a spelling that the SDK cannot read it tells the HTTP code.
        assert refusal.value.error_code in (job["error"]["code"], str(refusal.value.status_code))
