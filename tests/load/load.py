# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many hosts, many playbooks, many jobs: `make load`, minutes long. Exits with 1 where anything was lost.

Every scenario plays real playbooks against an embedded cloud in a process of its own. Figures are printed: seconds,
requests, processor seconds, and the peak of what one process of a playbook uses.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.cloudwait.jobs.tests.integration.conftest import Played
from ansible_collections.cloudwait.jobs.tests.load.courses import PROVIDERS, Promised, Work, submit
from ansible_collections.cloudwait.jobs.tests.load.embedded import Embedded, end_on_sigterm
from ansible_collections.cloudwait.jobs.tests.load.pace import too_fast
from ansible_collections.cloudwait.jobs.tests.load.playing import Playing, player
from ansible_collections.cloudwait.jobs.tests.load.usage import Use, Watch
from ansible_collections.cloudwait.jobs.tests.load.verdicts import disagreements
from ansible_collections.cloudwait.jobs.tests.services import FACTS

MAX_RATE = 10.0
HOSTS, FORKS, JOBS_EACH = 50, 25, 3
PLAYBOOKS, JOBS_OF_PROVIDER = 10, 5
MANY = 5000
# A service that is asked for one job at a time gets a rate at which a round takes less than half a minute.
FAST = 200.0
# What a gateway lets pass beyond the rate of a task. Nothing of a single task may be refused.
MARGIN = 1.5
# What one gateway lets pass of all tasks together, which know nothing of each other.
SHARED_RATE = 60
# Bounds of one process of a playbook: threads and sockets do not grow with the jobs.
THREADS, SOCKETS = 16, 16


class Report(t.NamedTuple):
    """What came of a scenario: how many jobs, how many seconds, what is wrong, and what it took."""

    jobs: int
    seconds: float
    troubles: list[str]
    watch: Watch
    requests: list[dict[str, t.Any]]


def fifty_hosts(cloud: Embedded, folder: Path, dice: random.Random) -> Report:
    """Hosts that wait for jobs of every service in one play, on one account."""
    cloud.limit(SHARED_RATE)
    names = [f"host{number:02}" for number in range(HOSTS)]
    works: dict[tuple[str, str], Work] = {}
    tasks = []
    jobs_of: dict[str, dict[str, list[str]]] = {name: {} for name in names}
    for provider in PROVIDERS:
        for name in names:
            works[name, provider] = submit(cloud, provider, JOBS_EACH, (5, 25), dice)
            jobs_of[name][provider] = list(works[name, provider].promised)
        asked = {"job_ids": f"{{{{ jobs_of[inventory_hostname].{provider} }}}}", "until": "finished"}
        tasks.append({"name": provider, f"cloudwait.jobs.{provider}_job_info": asked})
    by = player(folder, cloud)
    playbook = by.write(tasks, {"jobs_of": jobs_of}, hosts=names)
    start = time.monotonic()
    with Watch() as watch:
        played = Playing(by, playbook, watch, ["--forks", str(FORKS)]).end()
    seconds = time.monotonic() - start
    found = failures([played])
    given = {(task["host"], task["task"]): task["result"] for task in played.tasks}
    sent = cloud.requests()
    for (name, provider), work in works.items():
        result = given.get((name, provider))
        found += told(f"{name}, {provider}", result, work.promised)
        found += pace_kept(f"{name}, {provider}", sent, work, MAX_RATE)
    return Report(len(works) * JOBS_EACH, seconds, [*found, *accounted(sent, given.values())], watch, sent)


def ten_playbooks(cloud: Embedded, folder: Path, dice: random.Random) -> Report:
    """Playbooks side by side that wait for jobs of every service with the role, on one account."""
    cloud.limit(SHARED_RATE)
    all_works = []
    playing = []
    start = time.monotonic()
    with Watch() as watch:
        for number in range(PLAYBOOKS):
            works = {provider: submit(cloud, provider, JOBS_OF_PROVIDER, (5, 25), dice) for provider in PROVIDERS}
            by = player(folder / str(number), cloud)
            role = {
                "wait_jobs": [{"provider": name, "job_ids": list(work.promised)} for name, work in works.items()],
                "wait_until": "finished",
                "wait_huaweicloud": "{{ huaweicloud }}",
                "wait_ucloud": "{{ ucloud }}",
            }
            tasks = [{"name": "Wait", "ansible.builtin.include_role": {"name": "cloudwait.jobs.wait"}, "vars": role}]
            playing.append(Playing(by, by.write(tasks), watch))
            all_works.append({job_id: it for work in works.values() for job_id, it in work.promised.items()})
        played = [each.end() for each in playing]
    seconds = time.monotonic() - start
    found = failures(played)
    results = [each["Wait for the jobs"] for each in played]
    for number, (promised, result) in enumerate(zip(all_works, results, strict=True)):
        found += told(f"playbook {number}", result, promised)
    sent = cloud.requests()
    return Report(sum(map(len, all_works)), seconds, [*found, *accounted(sent, ())], watch, sent)


@dataclass(frozen=True)
class Many:
    """Thousands of jobs in one task."""

    provider: str
    by_request: bool = False
    max_rate: float = MAX_RATE

    def __call__(self, cloud: Embedded, folder: Path, dice: random.Random) -> Report:
        """Wait for them."""
        cloud.limit(int(self.max_rate * MARGIN))
        work = submit(cloud, self.provider, MANY, (10, 40), dice)
        by = player(folder, cloud)
        asked = {"request_ids": work.request_ids} if self.by_request else {"job_ids": list(work.promised)}
        options = {**asked, "until": "finished", "max_rate": self.max_rate}
        start = time.monotonic()
        with Watch() as watch:
            playbook = by.write([{"name": "Wait", f"cloudwait.jobs.{self.provider}_job_info": options}])
            played = Playing(by, playbook, watch).end()
        seconds = time.monotonic() - start
        found = failures([played])
        result = played["Wait"] if not found else None
        found += told("the task", result, work.promised, ordered=not self.by_request)
        sent = cloud.requests()
        found += [f"{request['status']} for a request" for request in sent if request["status"] != 200]
        found += pace_kept("the task", sent, work, self.max_rate)
        return Report(MANY, seconds, [*found, *accounted(sent, [result] if result else [])], watch, sent)


SCENARIOS: dict[str, t.Callable[[Embedded, Path, random.Random], Report]] = {
    f"{HOSTS} hosts in one play, forks {FORKS}": fifty_hosts,
    f"{PLAYBOOKS} playbooks at once": ten_playbooks,
    f"{MANY:,} UPhone jobs in one task": Many("uphone"),
    f"{MANY:,} CPH jobs in one task, by request": Many("cph", by_request=True),
    f"{MANY:,} CPH jobs in one task, by id": Many("cph"),
    f"{MANY:,} IMS jobs in one task": Many("ims", max_rate=FAST),
    f"{MANY:,} DWS jobs in one task": Many("dws", max_rate=FAST),
}


def failures(played: t.Sequence[Played]) -> list[str]:
    """The playbooks that did not end well."""
    return [f"a playbook ended with {each.code}: {each.stdout[-2000:]}" for each in played if each.code]


def told(who: str, result: t.Any, promised: t.Mapping[str, Promised], ordered: bool = True) -> list[str]:
    """What a result tells otherwise than was promised."""
    if not isinstance(result, dict) or "jobs" not in result:
        return [f"{who}: no result"]
    return [f"{who}: {trouble}" for trouble in disagreements(result, promised, "finished", ordered)]


def pace_kept(who: str, sent: t.Sequence[t.Mapping[str, t.Any]], work: Work, max_rate: float) -> list[str]:
    """Whether the task that waited for these jobs kept to its rate."""
    ids = {*work.promised, *work.request_ids}
    times = [request["real"] for request in sent if not ids.isdisjoint(request["job_ids"])]
    return [f"{who}: more than {max_rate:g} requests within a second"] if too_fast(times, max_rate) else []


def accounted(sent: t.Sequence[t.Mapping[str, t.Any]], results: t.Iterable[t.Mapping[str, t.Any]]) -> list[str]:
    """Requests that nobody expected, or that results do not count; 429 is what the shared limit answers."""
    strange = {(each["service"], each["operation"], each["status"]) for each in sent} - {
        *((service, operation, status) for service, operation in EXPECTED for status in (200, 429)),
    }
    found = [f"unexpected requests: {sorted(strange)}"] if strange else []
    counted = sum(result["requests"] for result in results)
    if counted and counted != len(sent):
        found.append(f"{len(sent)} requests came, {counted} were counted")
    return found


EXPECTED = [
    ("cph", "list_jobs"),
    *((provider, "describe_job" if FACTS[provider].is_ucloud else "show_job") for provider in PROVIDERS),
]


def show(name: str, report: Report) -> int:
    """Print the figures; the number of troubles."""
    watch, peak = report.watch, report.watch.peak
    troubles = [*report.troubles, *beyond(peak)]
    refused = sum(each["status"] == 429 for each in report.requests)
    print(f"\n{name}: {'FAILED' if troubles else 'nothing lost'}")
    for label, value in {
        "jobs": f"{report.jobs:,}",
        "seconds": f"{report.seconds:.1f}",
        "requests": f"{len(report.requests):,} ({refused:,} answered with 429)",
        "processor seconds": f"{watch.cpu:.1f}",
        "processes at once": f"{watch.processes}",
        "peak memory of one process": f"{peak.memory:.0f} MiB",
        "peak memory of all, shared pages counted for each": f"{watch.all_memory:.0f} MiB",
        "peak threads, open files and sockets of one process": f"{peak.threads}, {peak.files}, {peak.sockets}",
    }.items():
        print(f"  {label:55}{value}")
    for trouble in troubles[:10]:
        print(f"  WRONG: {trouble}")
    sys.stdout.flush()
    return len(troubles)


def beyond(peak: Use) -> list[str]:
    """The bounds that were passed."""
    bounds = {"threads": (peak.threads, THREADS), "sockets": (peak.sockets, SOCKETS)}
    return [f"{used} {name} in one process, above {most}" for name, (used, most) in bounds.items() if used > most]


def main() -> int:
    """Play the scenarios; 1 where anything was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("words", nargs="*", help="play the scenarios whose names hold these words alone")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the jobs' durations")
    options = parser.parse_args()
    end_on_sigterm()
    print(f"seed {options.seed}")
    troubles = 0
    for number, (name, scenario) in enumerate(SCENARIOS.items()):
        if not all(word.lower() in name.lower() for word in options.words):
            continue
        with tempfile.TemporaryDirectory() as folder, Embedded() as cloud:
            dice = random.Random(options.seed + number)
            troubles += show(name, scenario(cloud, Path(folder), dice))
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
