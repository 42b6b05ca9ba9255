# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts with placeholders such as `{job_id}`. Any other brace stands for itself."""

from __future__ import annotations

import re
import typing as t
from urllib.parse import quote

PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}", re.ASCII)


def placeholders(texts: t.Iterable[str]) -> set[str]:
    """Return the names of the placeholders in some texts."""
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


def fill(text: str, values: t.Mapping[str, str]) -> str:
    """Return a text with its placeholders filled. Raises KeyError for one without a value."""
    return PLACEHOLDER.sub(lambda match: values[match.group(1)], text)


def fill_encoded(text: str, values: t.Mapping[str, str]) -> str:
    """Return a text with its placeholders filled, each value percent-encoded, and so one segment of a path.

    Raises KeyError for one without a value.
    """
    return PLACEHOLDER.sub(lambda match: quote(values[match.group(1)], safe="~"), text)
