# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a service's own values to the state of a job, and never a verdict that they do not hold."""

from __future__ import annotations

import re
import typing as t

from ..model.job import FINAL, State, SubJob
from ..model.json_path import only, values
from .declaration import JobMapping, Paths

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,8})", re.ASCII)


def read_state(status: t.Any, states: t.Mapping[t.Any, State]) -> State:
    """Return the state that a service's own value stands for; unknown where the table has no such value."""
    if isinstance(status, bool) or not isinstance(status, (int, str)):
        return State.UNKNOWN
    if isinstance(status, str) and status not in states and INTEGER.fullmatch(status):
        status = int(status)
    return states.get(status, State.UNKNOWN)


def read_status(raw: t.Any, mapping: JobMapping) -> t.Any:
    """Return the service's own value for the state of a job."""
    if mapping.falls_through:
        for path in mapping.status:
            status = only(raw, (path,))
            if read_state(status, mapping.states) is not State.UNKNOWN:
                return status
    return only(raw, mapping.status)


def verdict(mapping: JobMapping, raw: t.Any, status: t.Any, sub_jobs: t.Sequence[SubJob]) -> State:
    """Return the state of a job with this status and these parts."""
    state = read_state(status, mapping.states)
    if sub_jobs and status in mapping.folded:
        state = _fold([part.state for part in sub_jobs])
    if state is State.SUCCEEDED and mapping.partial_if and _is_partial(raw, mapping.partial_if):
        return State.PARTIALLY_SUCCEEDED
    return state


def _fold(states: t.Sequence[State]) -> State:
    """Return the state of all parts of a job that has ended; parts that have not leave it unknown."""
    if not all(state in FINAL for state in states):
        return State.UNKNOWN
    if all(state is states[0] for state in states):
        return states[0]
    return State.PARTIALLY_SUCCEEDED


def _is_partial(raw: t.Any, paths: Paths) -> bool:
    """Return whether one of these places counts something, or lists it."""
    found = [value for path in paths for value in values(raw, path)]
    return any(
        (isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0)
        or (isinstance(value, str) and INTEGER.fullmatch(value) is not None and int(value) > 0)
        or (isinstance(value, list) and len(value) > 0)
        for value in found
    )
