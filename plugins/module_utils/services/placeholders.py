# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts with placeholders such as `{job_id}`, which str.format fills."""

from __future__ import annotations

import string
import typing as t


def placeholders(texts: t.Iterable[str]) -> set[str]:
    """Return the names of the placeholders in some texts.

    Raises ValueError for a brace that belongs to none, and for a placeholder with more than a name in it.
    """
    names: set[str] = set()
    for text in texts:
        for _literal, name, form, conversion in string.Formatter().parse(text):
            if name is not None:
                if form or conversion:
                    raise ValueError("more than a name")
                names.add(name)
    return names
