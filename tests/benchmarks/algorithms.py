# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When other systems look, each written from its own documentation or source, as seconds between looks.

Attempt counts are left out: with them, botocore and others give up a job that merely takes longer.
"""

from __future__ import annotations

import itertools
import math
import random
import typing as t
from dataclasses import dataclass

Pauses = t.Callable[[random.Random], t.Iterator[float]]


@dataclass(frozen=True)
class Algorithm:
    """The pauses between looks at one job, and whether the first look comes before the first pause."""

    name: str
    pauses: Pauses
    looks_at_once: bool


def every(seconds: float) -> Pauses:
    """Always the same pause."""
    return lambda _chance: itertools.repeat(seconds)


def terraform(_chance: random.Random) -> t.Iterator[float]:
    """StateChangeConf of Terraform's plugin SDK: doubled from 0.2 s up to 10 s."""
    pause = 0.2
    while True:
        yield pause
        pause = min(2 * pause, 10.0)


def smithy(chance: random.Random) -> t.Iterator[float]:
    """Waiters of Smithy, and so of the newer AWS SDKs: uniform between 2 s and a bound that doubles up to 120 s."""
    bound = 2.0
    while True:
        yield chance.uniform(2.0, bound)
        bound = min(2 * bound, 120.0)


def google(chance: random.Random) -> t.Iterator[float]:
    """Polling futures of google-api-core: uniform between 0 and a bound that grows by half from 1 s up to 20 s."""
    bound = 1.0
    while True:
        yield chance.uniform(0.0, bound)
        bound = min(1.5 * bound, 20.0)


def proportional(growth: float, cap: float) -> Pauses:
    """A share of the elapsed time, from 2 s up to `cap`, with jitter."""
    return growing(lambda elapsed: growth * elapsed, cap)


def rooted(growth: float, cap: float) -> Pauses:
    """The root of the elapsed time, from 2 s up to `cap`, with jitter: what ours might have been."""
    return growing(lambda elapsed: growth * math.sqrt(elapsed), cap)


def growing(pause_after: t.Callable[[float], float], cap: float) -> Pauses:
    """A pause that depends on the elapsed time, from 2 s up to `cap`, with the jitter of ours."""

    def pauses(chance: random.Random) -> t.Iterator[float]:
        elapsed = 0.0
        while True:
            pause = min(max(pause_after(elapsed) * chance.uniform(0.9, 1.1), 2.0), cap)
            yield pause
            elapsed += pause

    return pauses


FIXED_5 = Algorithm("fixed 5 s", every(5.0), looks_at_once=True)
FIXED_10 = Algorithm("fixed 10 s", every(10.0), looks_at_once=False)
FIXED_30 = Algorithm("fixed 30 s", every(30.0), looks_at_once=False)
TERRAFORM = Algorithm("Terraform", terraform, looks_at_once=True)
SMITHY = Algorithm("Smithy waiter", smithy, looks_at_once=True)
GOOGLE = Algorithm("GCP core", google, looks_at_once=True)
# Most waiters of EC2 look every 15 s.
BOTOCORE = Algorithm("botocore (EC2)", every(15.0), looks_at_once=True)
# ActionClient.WaitFor sleeps half a second before each round.
HCLOUD = Algorithm("hcloud-go", every(0.5), looks_at_once=False)

ALL = (FIXED_5, FIXED_10, FIXED_30, TERRAFORM, SMITHY, GOOGLE, BOTOCORE, HCLOUD)
