# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the tables: who waits for what, seeded."""

from __future__ import annotations

import itertools
import random
import typing as t

from ansible_collections.cloudwait.jobs.tests.benchmarks import algorithms, field, simulated
from ansible_collections.cloudwait.jobs.tests.benchmarks.draws import COLUMNS, SIGMA, lognormal
from ansible_collections.cloudwait.jobs.tests.benchmarks.figures import Watched

SEED = 20
# Jobs of one column, each waited for by itself.
DRAWS = 1000
CROWD = 1000
# What a service allows one account, in requests per second.
ACCOUNT_LIMIT = 20.0
OURS = "cloudwait.jobs"
PROGRESS = f"{OURS}, progress told"
IN_TURN = "fixed 10 s, one job after the other"
PROPORTIONAL = "a tenth of the elapsed time (1.0.0)"
# Longer than any plan wants to wait: so that the figures show what the bound costs.
LIFTED_MAX_INTERVAL = 600.0
UNCAPPED = f"{OURS}, progress told, max_interval {LIFTED_MAX_INTERVAL:g}"

Row = t.Mapping[str, Watched]


def one_job() -> dict[str, Row]:
    """One job in each wait; by row and column."""
    draws = {column: lognormal(DRAWS, median, SIGMA, SEED) for column, median in COLUMNS.items()}
    rows: dict[str, Row] = {
        algorithm.name: {column: field.watch_one(algorithm, draw, SEED) for column, draw in draws.items()}
        for algorithm in algorithms.ALL
    }
    before = algorithms.Algorithm(PROPORTIONAL, algorithms.proportional(0.1, 30.0), looks_at_once=True)
    rows[PROPORTIONAL] = {column: field.watch_one(before, draw, SEED) for column, draw in draws.items()}
    silent, honest = simulated.Service(), simulated.Service(progress=simulated.honest)
    options: dict[str, tuple[simulated.Service, dict[str, float]]] = {
        OURS: (silent, {}),
        PROGRESS: (honest, {}),
        UNCAPPED: (honest, {"max_interval": LIFTED_MAX_INTERVAL}),
    }
    for name, (service, settings) in options.items():
        rows[name] = {column: simulated.watch_one(draw, service, SEED, **settings) for column, draw in draws.items()}
    return rows


def rivals() -> dict[str, Row]:
    """Plans like ours with other numbers, one job in each wait; by row and column."""
    draws = {column: lognormal(DRAWS, median, SIGMA, SEED) for column, median in COLUMNS.items()}
    rows: dict[str, Row] = {}
    # Not 0.5 up to 30 s, which is ours.
    for growth, cap in itertools.product((0.3, 0.4, 0.45, 0.55, 0.6, 0.7), (15.0, 25.0, 30.0)):
        plan = algorithms.Algorithm(f"{growth:g} up to {cap:g} s", algorithms.rooted(growth, cap), True)
        rows[plan.name] = {column: field.watch_one(plan, draw, SEED) for column, draw in draws.items()}
    return rows


def crowd() -> dict[str, Row]:
    """A thousand jobs on one account; by row and column."""
    draws = {column: lognormal(CROWD, COLUMNS[column], SIGMA, SEED) for column in ("5 min", "1 h")}
    rows: dict[str, Row] = {}
    for algorithm in (algorithms.FIXED_10, algorithms.TERRAFORM, algorithms.SMITHY, algorithms.BOTOCORE):
        rows[algorithm.name] = {
            column: field.watch_many(algorithm, draw, ACCOUNT_LIMIT, SEED) for column, draw in draws.items()
        }
    rows[IN_TURN] = {
        column: field.watch_in_turn(algorithms.FIXED_10, draw, ACCOUNT_LIMIT, SEED) for column, draw in draws.items()
    }
    rows[f"{algorithms.HCLOUD.name}, 25 ids a request"] = {
        column: field.watch_rounds(algorithms.HCLOUD, draw, 25, ACCOUNT_LIMIT, SEED) for column, draw in draws.items()
    }
    for name, service in {
        f"{OURS}, 1 id a request": simulated.Service(per_second=ACCOUNT_LIMIT),
        f"{OURS}, 25 ids a request": simulated.Service(25, 1, ACCOUNT_LIMIT),
        f"{OURS}, 100 ids a request": simulated.Service(100, 1, ACCOUNT_LIMIT),
    }.items():
        rows[name] = {column: simulated.watch(draw, service, random.Random(SEED)) for column, draw in draws.items()}
    return rows
