# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many examples the fuzz tests try, and how many answers they have made up of them.

FUZZ_FACTOR multiplies the number of examples; beyond 1 they are new ones in every run. FUZZ_SHRINK=0 leaves a failing
example as it was found, where it matters only that there is one.
"""

from __future__ import annotations

import collections
import os
import typing as t

from ansible_collections.cloudwait.jobs.tests.fuzz.samples import SERVICES
from hypothesis import HealthCheck, Phase, settings

FACTOR = int(os.environ.get("FUZZ_FACTOR", "1"))
# Hashes of the answers that each service's tasks were given.
ANSWERS: dict[str, set[int]] = collections.defaultdict(set)
# Hashes of the answers to single looks whose tests passed; they need no second one.
PASSED: set[int] = set()
TASKS: collections.Counter[str] = collections.Counter()


def examples(number: int) -> settings:
    """So many examples of a test; the same in every run, unless FUZZ_FACTOR asks for more."""
    return settings(
        max_examples=number * FACTOR,
        derandomize=FACTOR == 1,
        database=None,
        deadline=None,
        print_blob=True,
        phases=[Phase.generate] if os.environ.get("FUZZ_SHRINK") == "0" else list(Phase),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )


def shared(number: int) -> settings:
    """So many examples of a test for each of four services; where there are more services, each gets a share."""
    return examples(max(1, number * 4 // max(4, len(SERVICES))))


def count(name: str, answers: t.Iterable[bytes]) -> None:
    """Count a task and the answers that it was given, each once."""
    TASKS[name] += 1
    ANSWERS[name].update(map(hash, answers))
