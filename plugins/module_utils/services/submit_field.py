# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ids in a submit answer whose place is named: a key wherever it stands, or a path to it."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ..model.errors import InvalidError
from .submit_answer import Finding, ids_of, item_name, no_id, read_answer, refusal_in, spelling, without_id


def read_field(answer: Mapping[str, t.Any], name: str, finding: Finding, field: str) -> None:
    """Note what a submit answer tells of jobs whose ids are in `field`, such as `task_id` or `metadata.uid`.

    A list on the way is gone through, with or without `[]`. Raises InvalidError where no such field has an id.
    """
    steps = [spelling(step.replace("[]", "")) for step in field.split(".")]
    if len(steps) == 1:
        read_answer(answer, name, finding, field.replace("[]", ""))
        return
    refusal = refusal_in(answer, name, is_submit=False)
    if refusal is None and not _read(answer, steps, name, finding):
        refusal = refusal_in(answer, name)
        if refusal is None:
            raise InvalidError(no_id(answer, name, field))
    if refusal:
        finding.refuse(refusal)


def _read(value: Mapping[str, t.Any], steps: t.Sequence[str], name: str, finding: Finding) -> bool:
    """Take the ids at the end of a path. Return whether anything was there."""
    step, *rest = steps
    contents = [content for key, content in value.items() if spelling(key) == step and content]
    if not rest:
        if contents:
            finding.accept(ids_of(contents, name))
        return bool(contents)
    found = False
    for content in contents:
        if isinstance(content, Mapping):
            found = _read(content, rest, name, finding) or found
        elif isinstance(content, (list, tuple)):
            found = _read_items(content, rest, name, finding) or found
    return found


def _read_items(items: t.Sequence[t.Any], steps: t.Sequence[str], name: str, finding: Finding) -> bool:
    """Take the ids of a batch, in which each item has one, or was refused."""
    for index, item in enumerate(items):
        label = item_name(item, index, name)
        refusal = refusal_in(item, label, is_submit=False)
        if refusal:
            finding.refuse(refusal)
        elif not (isinstance(item, Mapping) and _read(item, steps, label, finding)):
            raise InvalidError(without_id(label))
    return bool(items)
