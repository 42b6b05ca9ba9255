# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts of the services, from beside this package."""

from __future__ import annotations

from collections import ChainMap
from typing import TYPE_CHECKING

if TYPE_CHECKING or "." in str(__package__):
    from ..services import FACTS as SERVICES
    from ..services import RECIPES, Facts
    from ..services.facts import ABSENT, Code, Request, read_request
else:
    # Run by its path, this package is `simulator`, and no other package is around it.
    from services import FACTS as SERVICES
    from services import RECIPES, Facts
    from services.facts import ABSENT, Code, Request, read_request

# Those of the recipes, too.
FACTS: ChainMap[str, Facts] = ChainMap(SERVICES, RECIPES)

__all__ = ["ABSENT", "FACTS", "Code", "Facts", "Request", "read_request"]
