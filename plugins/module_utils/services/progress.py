# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The progress of a job, in percent."""

from __future__ import annotations

import math
import re
import typing as t

from ..model.job import FINAL, SubJob
from ..model.json_path import first, values
from .declaration import Progress, Scale

PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,17})?) ?%?", re.ASCII)
FRACTION = re.compile(r"(\d(?:\.\d{1,17})?)", re.ASCII)
NUMBER = re.compile(r"\d{1,15}", re.ASCII)


def read_progress(raw: t.Any, progress: Progress) -> int | None:
    """Return the progress that a job's object tells, or None."""
    if progress.total:
        done, total = (_number(first(raw, (path,))) for path in (progress.path, progress.total))
        return 100 * done // total if done is not None and total and done <= total else None
    found = [_percent(value, progress.scale) for value in values(raw, progress.path)]
    told = [percent for percent in found if percent is not None]
    return math.floor(sum(told) / len(told)) if told and len(told) == len(found) else None


def share_ended(sub_jobs: t.Sequence[SubJob]) -> int | None:
    """Return the share of the sub jobs that have ended, in percent."""
    return 100 * sum(part.state in FINAL for part in sub_jobs) // len(sub_jobs) if sub_jobs else None


def _number(value: t.Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, str)) or not NUMBER.fullmatch(str(value)):
        return None
    return int(value)


def _percent(value: t.Any, scale: Scale) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str):
        match = (PERCENT if scale is Scale.PERCENT else FRACTION).fullmatch(value.strip())
        if match is None:
            return None
        value = match.group(1)
    try:
        number = float(value)
    except OverflowError:
        return None
    percent = number * 100 if scale is Scale.FRACTION else number
    return math.floor(round(percent, 6)) if 0 <= percent <= 100 else None
