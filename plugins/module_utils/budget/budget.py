# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a budget is, and what goes wrong with one."""

from __future__ import annotations

import typing as t


class BudgetError(Exception):
    """A budget that cannot be used; the message says why, as the end of a sentence. `is_quiet`: told at -v alone."""

    def __init__(self, message: str, is_quiet: bool = False) -> None:
        super().__init__(message)
        self.is_quiet = is_quiet


class Budget(t.Protocol):
    """The turns of one account at one service. Used by several threads."""

    def reserve(self, rate: float, longest: float) -> float | None:
        """Take the next turn at so many requests per second; return the seconds until it comes.

        Returns None, and takes none, where it comes only after `longest` seconds. Raises BudgetError.
        """

    def throttled(self) -> None:
        """Take note that the service refused a request for coming too soon. Raises BudgetError."""


# Opens the budget that an option names (`machine` or a URL) for an account at a service.
OpenBudget = t.Callable[[str, t.Hashable], t.Optional[Budget]]
