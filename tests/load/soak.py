# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for hours, so to say: `make soak`, 20 minutes long unless told otherwise. Exits with 1 where it found anything.

One process waits for jobs again and again, while playbooks do the same beside it, one after the other. One answer in
five goes wrong. Nothing may be lost, nothing may be told that is not true, and nothing may grow between the first and
the last third of the time: no thread, no open file, no socket, no memory.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
import typing as t
from collections import Counter
from pathlib import Path

import psutil
from ansible_collections.cloudwait.jobs.tests.load import weather
from ansible_collections.cloudwait.jobs.tests.load.courses import PROVIDERS, submit
from ansible_collections.cloudwait.jobs.tests.load.embedded import Embedded, end_on_sigterm
from ansible_collections.cloudwait.jobs.tests.load.playing import Playing, player
from ansible_collections.cloudwait.jobs.tests.load.usage import Watch, has_grown, thirds
from ansible_collections.cloudwait.jobs.tests.load.verdicts import disagreements
from ansible_collections.cloudwait.jobs.tests.simulator.faults import KINDS

MINUTES = 20.0
ROWS = 10
JOBS = 10
# Every playbook waits for jobs of each service, by one request after the other, and once where a module runs elsewhere.
PATHS = ("local", "local", "local", "elsewhere")
OPTIONS = {"until": "finished", "interval": 0.2, "max_interval": 1, "max_rate": 50}
# What the last third may have more than the first, by name: a share of the first, and a fixed part.
SLACK = {
    "memory": (0.05, 2.0),
    "threads": (0.0, 1.0),
    "files": (0.0, 1.0),
    "sockets": (0.0, 1.0),
    "objects": (0.02, 500.0),
    "on disk": (0.0, 0.5),
}
# In less time, or with fewer values, a growth is the warming up, or chance.
LONG_ENOUGH, ENOUGH = 300.0, 15
# What the last wait may take beyond the time, and how much of what is wrong is told.
END_SECONDS = 300
TOLD = 50

Line = dict[str, t.Any]


def playbook(number: int, cloud: Embedded, folder: Path, dice: random.Random) -> Line:
    """Play one playbook, and return what came of it."""
    cloud.reset()
    works, tasks = {}, []
    for turn, provider in enumerate(dice.sample(PROVIDERS, len(PROVIDERS))):
        works[provider] = submit(cloud, provider, JOBS, (1.0, 4.0 * (turn + 1)), dice)
        cloud.order([{**order, "service": provider} for order in weather.orders(provider, rough=False)[1]])
        asked = {"job_ids": list(works[provider].promised), "request_timeout": weather.REQUEST_TIMEOUT, **OPTIONS}
        place = {"vars": {"ansible_connection": PATHS[turn]}}
        tasks.append({"name": provider, f"cloudwait.jobs.{provider}_job_info": asked, **place})
    by = player(folder, cloud)
    start = time.monotonic()
    with Watch() as watch:
        played = Playing(by, by.write(tasks), watch).end()
    troubles = [f"it ended with {played.code}: {played.stdout[-2000:]}"] if played.code else []
    given = {task["task"]: task["result"] for task in played.tasks}
    for provider, work in works.items():
        result = given.get(provider)
        found = disagreements(result, work.promised, "finished") if result else ["no result"]
        troubles += [f"{provider}: {trouble}" for trouble in found]
    left = [process.info["cmdline"] for process in psutil.process_iter(["cmdline"]) if _is_of(process, folder)]
    troubles += [f"a process is left: {' '.join(command)[:200]}" for command in left]
    hits: Counter[str] = Counter()
    for order in cloud.faults():
        hits[order["kind"]] += order["hits"]
    return {
        "wait": f"playbook {number}",
        "seconds": time.monotonic() - start,
        "jobs": JOBS * len(works),
        "requests": len(cloud.requests()),
        "hits": hits,
        "troubles": troubles,
        "on disk": sum(path.is_file() for path in folder.rglob("*")),
        **watch.peak._asdict(),
    }


def _is_of(process: psutil.Process, folder: Path) -> bool:
    return any(str(folder) in argument for argument in process.info["cmdline"] or ())


def table(title: str, lines: t.Sequence[Line], seconds: float) -> None:
    """Print how it went over time: sums of what was done, medians of what was in use."""
    print(f"\n{title}")
    names = [name for name in SLACK if lines and name in lines[0]]
    print(
        f"{'minutes':>12}{'waits':>8}{'jobs':>9}{'requests':>10}{'faults':>8}"
        + "".join(f"{name:>10}" for name in names)
    )
    for row in range(ROWS):
        begin, end = seconds * row / ROWS, seconds * (row + 1) / ROWS
        mine = [line for line in lines if begin <= line["at"] < end or (row == ROWS - 1 and line["at"] >= end)]
        if not mine:
            continue
        done = [sum(line[name] for line in mine) for name in ("jobs", "requests")]
        faults = sum(sum(line["hits"].values()) for line in mine)
        used = [statistics.median(line[name] for line in mine) for name in names]
        print(
            f"{begin / 60:5.1f} - {end / 60:4.1f}{len(mine):8}{done[0]:9,}{done[1]:10,}{faults:8,}"
            + "".join(f"{value:10,.1f}" for value in used)
        )


def judge(title: str, lines: t.Sequence[Line], seconds: float) -> list[str]:
    """What is wrong with so many waits."""
    found = [f"{line['wait']}: {trouble}" for line in lines for trouble in line["troubles"]]
    if not lines:
        return [f"{title}: nothing was waited for"]
    if seconds < LONG_ENOUGH or len(lines) < ENOUGH:
        print(f"  {title}: too few to tell whether anything grows")
        return found
    for name, (share, fixed) in SLACK.items():
        if name not in lines[0]:
            continue
        values = [float(line[name]) for line in lines]
        first, last = thirds(values)
        has = has_grown(values, share * first + fixed)
        print(f"  {title}, {name}: {first:,.1f} in the first third, {last:,.1f} in the last{', GROWN' if has else ''}")
        if has:
            found.append(f"{title}: {name} grew from {first:,.1f} to {last:,.1f}")
    return found


def run(seconds: float, seed: int) -> tuple[list[Line], list[Line], list[str]]:
    """Wait for so long; what came of every wait, of every playbook, and what went wrong beside them."""
    start = time.monotonic()
    plays: list[Line] = []
    with (
        tempfile.TemporaryDirectory() as temporary,
        Embedded("--seed", str(seed)) as first,
        Embedded("--seed", str(seed + 1)) as second,
    ):
        report = Path(temporary, "waits.jsonl")
        command = [sys.executable, "-m", "ansible_collections.cloudwait.jobs.tests.load.waits", "--url", first.url]
        command += ["--seed", str(seed), "--seconds", str(seconds), "--report", str(report)]
        waits = subprocess.Popen(command)
        try:
            dice = random.Random(seed + 1)
            while time.monotonic() - start < seconds:
                line = playbook(len(plays) + 1, second, Path(temporary, "playbooks"), dice)
                plays.append({**line, "at": time.monotonic() - start})
                told = "; ".join(line["troubles"]) or "nothing lost"
                print(f"{plays[-1]['at'] / 60:5.1f} minutes: {line['wait']}, {told}", flush=True)
            code = waits.wait(END_SECONDS)
        finally:
            waits.kill()
        lines = [json.loads(text) for text in report.read_text(encoding="utf-8").splitlines()]
    return lines, plays, [f"the process that waits ended with {code}"] if code else []


def main() -> int:
    """Wait, and tell; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    end_on_sigterm()
    seconds = options.minutes * 60
    print(f"seed {options.seed}, {options.minutes:g} minutes", flush=True)
    waits, plays, troubles = run(seconds, options.seed)
    table("One process that waits again and again (memory in MiB)", waits, seconds)
    table("Playbooks, the largest of their processes each (memory in MiB)", plays, seconds)
    print("\nMedians")
    troubles += [*judge("waits", waits, seconds), *judge("playbooks", plays, seconds)]
    both = [*waits, *plays]
    hits = sum((Counter(line["hits"]) for line in both), Counter[str]())
    requests = sum(line["requests"] for line in both)
    print(f"\n{hits.total():,} of {requests:,} answers went wrong ({hits.total() / max(1, requests):.0%}):")
    print("  " + ", ".join(f"{kind} {count:,}" for kind, count in hits.most_common()))
    unseen = sorted(set(KINDS) - set(+hits))
    if unseen:
        print(f"  not in this run: {', '.join(unseen)}")
    print(f"\n{sum(line['jobs'] for line in both):,} jobs in {len(waits):,} waits and {len(plays):,} playbooks")
    resumed = sum(line["attempts"] - 1 for line in waits)
    print(f"{resumed:,} times a fault that may do so ended a wait, and the rest was waited for anew")
    for trouble in troubles[:TOLD]:
        print(f"WRONG: {trouble}")
    print(f"{len(troubles)} things are wrong." if troubles else "Nothing was lost, and nothing was made up.")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
