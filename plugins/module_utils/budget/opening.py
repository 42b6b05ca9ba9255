# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The budget that an option names."""

from __future__ import annotations

import time
import typing as t
from urllib.parse import unquote, urlsplit

from ..model.errors import InvalidError
from ..model.libraries import missing
from .budget import Budget, OpenBudget
from .machine import MachineBudget, default_folder

MACHINE, TASK = "machine", "task"
BUDGET_VARIABLE = "CLOUDWAIT_BUDGET"
SCHEMES = ("redis://", "rediss://", "unix://")


def check_budget(name: str) -> None:
    """Refuse what names no budget. Raises InvalidError."""
    if name in (MACHINE, TASK):
        return
    if not name.startswith(SCHEMES):
        raise InvalidError(
            "The option budget (or CLOUDWAIT_BUDGET in the environment) must be machine, task, or a URL such as "
            "redis://HOST:PORT/DB, rediss://HOST:PORT/DB or unix://PATH."
        )
    # Importing redis takes as long as everything else together, so only who names a URL does.
    from .server import HAS_REDIS

    if not HAS_REDIS:
        raise InvalidError(missing("redis", "budget needs it"))


def secrets_in(name: str) -> set[str]:
    """Return what nobody may see of a budget's name: the password in a URL, as it stands there and decoded."""
    try:
        password = urlsplit(name).password
    except ValueError:
        return set()
    return {password, unquote(password)} if password else set()


def budgets(clock: t.Callable[[], float], environ: t.Mapping[str, str]) -> OpenBudget:
    """Return what opens budgets on this machine; the one of a task alone is None."""

    def open_budget(name: str, account: t.Hashable) -> Budget | None:
        if name == TASK:
            return None
        if name == MACHINE:
            return MachineBudget(default_folder(environ), account, clock, time.sleep)
        from .server import ServerBudget

        return ServerBudget(name, account)

    return open_budget
