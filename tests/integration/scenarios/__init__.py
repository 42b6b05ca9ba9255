# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How scenarios are told: jobs in the cloud, faults, a task, and what comes of it; each is played once on each path.

Time stands still in the clouds of scenarios, so that both paths see the same: jobs change with the looks at them, by
faults that hit the first ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ansible_collections.cloudwait.jobs.tests.services import FACTS

if TYPE_CHECKING:
    from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played
    from simulator.cloud import Cloud

# Each has something that the others do not have; the rest of the family is like one of them.
SELECTED = ("cph", "dws", "ims", "uphone")


def still_running(provider: str) -> dict[str, Any]:
    """What a look shows of a job that is still running, in the service's own words and in its place."""
    facts = FACTS[provider]
    body = facts.job_object(status=facts.status_for("running", facts.status_for("pending")))
    for step in reversed(facts.job.removesuffix("[]").split(".") if facts.job else []):
        body = {step: body}
    return body


# Looks follow each other quickly, a failed call is soon tried again, and what should not be waited for does not hang.
QUICKLY = {"interval": 0.01, "max_interval": 0.02, "timeout": 60}


@dataclass(frozen=True)
class Job:
    """A job in the cloud: its state after `looks` looks at which it is still running; `more` are keys of its script."""

    job_id: str
    state: str = "succeeded"
    looks: int = 0
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """What a scenario's task gave, with the whole play and the targets of all its requests."""

    name: str
    played: Played
    targets: Sequence[str]

    @property
    def result(self) -> Any:
        """The task's result."""
        return self.played[self.name]


@dataclass(frozen=True)
class Scenario:
    """One task of one provider, or several.

    `options` are those of its module, where the ids of `jobs` are asked for unless `...` stands in their place, and
    `keywords` those of the task. Instead, `tasks` can be written out. `expects` is what the result says, see
    `deviations`, or a judgement. `faults` are orders for the cloud.
    """

    name: str
    provider: str
    jobs: Sequence[Job] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    expects: Mapping[str, Any] | Callable[[Seen], bool] = field(default_factory=dict)
    keywords: Mapping[str, Any] = field(default_factory=dict)
    faults: Sequence[Mapping[str, Any]] = ()
    tasks: Sequence[Mapping[str, Any]] = ()

    def prepare(self, cloud: Cloud) -> None:
        """Submit the jobs and order the faults."""
        for job in self.jobs:
            script = {"provider": self.provider, "states": {0: job.state}, "job_id": job.job_id, **job.more}
            if self.provider == "cph":
                script.setdefault("request_id", f"request-of-{job.job_id}")
            if self.provider == "uphone":
                # Nobody asks for all jobs of this city.
                script.setdefault("city", "cn-somewhere")
            cloud.submit(script)
        for fault in self.faults:
            cloud.fault(**{"service": self.provider, **fault})
        for job in self.jobs:
            if job.looks:
                body = still_running(self.provider)
                cloud.fault("merge", service=self.provider, job_id=job.job_id, times=job.looks, body=body)

    def to_play(self) -> list[Mapping[str, Any]]:
        """The tasks to play."""
        if self.tasks:
            return list(self.tasks)
        asked = [job.job_id for job in self.jobs] or ...
        options = {**FACTS[self.provider].options, "job_ids": asked, **self.options}
        if options.get("until"):
            options = {**QUICKLY, **options}
        module = f"cloudwait.jobs.{self.provider}_job_info"
        given = {name: value for name, value in options.items() if value is not ...}
        return [{"name": self.name, module: given, "ignore_errors": True, **self.keywords}]

    def deviations(self, seen: Seen) -> list[str]:
        """In what this was not as expected."""
        if callable(self.expects):
            return [] if self.expects(seen) else ["the judgement is no"]
        failed = seen.played.status(self.name) in ("failed", "ignored")
        return deviations({**seen.result, "failed": failed}, self.expects)


@dataclass(frozen=True)
class Group:
    """Scenarios that one playbook plays.

    `keywords` are those of Player, `files` lie in the playbook's folder. `silent`: nothing may be asked.
    """

    scenarios: Sequence[Scenario]
    keywords: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    silent: bool = False


def deviations(result: Any, expects: Mapping[str, Any]) -> list[str]:
    """In what a result differs from what is expected.

    `states` are those of the jobs, `kind` is that of the failure (None: the task has not failed), `says` a part of msg,
    or several; any other key is a path such as `jobs.0.error.code`, and "absent" stands for what is not there.
    """
    found = []
    for key, expected in expects.items():
        if key == "says":
            parts = [expected] if isinstance(expected, str) else expected
            found += [f"msg lacks {part!r}: {result.get('msg')!r}" for part in parts if part not in str(result["msg"])]
            continue
        if key == "states":
            value: Any = [job["state"] for job in result["jobs"]]
        elif key == "kind":
            value = result.get("failure", {}).get("kind", "absent") if result["failed"] else None
        else:
            value = result
            for step in key.split("."):
                value = value[int(step)] if isinstance(value, list) else value.get(step, "absent")
        if value != expected:
            found.append(f"{key} is {value!r}, not {expected!r}")
    return found


def comparable(value: Any, url: str) -> Any:
    """What a play gave, without what may differ from one to the next: times, and where the cloud was."""
    text = json.dumps(value, sort_keys=True).replace(url, "URL").replace(url.rpartition("/")[2], "HOST")
    text = re.sub(r'"elapsed": [\d.]+', '"elapsed": "TIME"', text)
    text = re.sub(r'"date": "[^"]*"', '"date": "TIME"', text)
    # a set, in any order
    text = re.sub(r"Valid booleans include: [^\"]*", "Valid booleans", text)
    text = re.sub(r"(after|After) [\d.]+ s\b", r"\1 N s", text)
    # What begins with _ansible is between Ansible and itself.
    return json.loads(text, object_hook=lambda found: {k: v for k, v in found.items() if not k.startswith("_ansible")})


def differences(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """Where two values differ, and how."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        found = [f"{path}: only the direct path has {key}" for key in ours.keys() - theirs.keys()]
        found += [f"{path}: only the module path has {key}" for key in theirs.keys() - ours.keys()]
        for key in ours.keys() & theirs.keys():
            found += differences(ours[key], theirs[key], f"{path}.{key}")
        return sorted(found)
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = enumerate(zip(ours, theirs, strict=True))
        return [text for number, (our, their) in pairs for text in differences(our, their, f"{path}.{number}")]
    same = ours == theirs or str(ours) == str(theirs) == "nan"
    return [] if same and type(ours) is type(theirs) else [f"{path}: {ours!r} is not {theirs!r}"]
