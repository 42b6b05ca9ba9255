# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the vendors' references say of each service, one file for each; README.md beside this file describes them."""

from __future__ import annotations

from .facts import Facts
from .loading import FOLDER, load_all

__all__ = ["FACTS", "RECIPES", "Facts"]

FACTS = load_all()
# Queries that have no module, and a recipe in the guide.
RECIPES = load_all(FOLDER / "recipes")
