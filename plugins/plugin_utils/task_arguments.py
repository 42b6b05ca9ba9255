# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of a task, in the form in which a module gets them.

Private to this collection: it may change without notice.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ..module_utils.model.errors import InvalidError


def plain_arguments(value: t.Any) -> t.Any:
    """Return a task's arguments as a module gets them, which is by way of JSON: without Ansible's own types."""
    if isinstance(value, Mapping):
        return {str(plain_arguments(key)): plain_arguments(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain_arguments(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    # A subclass may answer str() with another one of itself.
    return str.__str__(value) if isinstance(value, str) else str(value)


def check_environment(values: t.Mapping[str, t.Any]) -> None:
    """Refuse variables that no process can have in its environment; the sentence does not quote their values.

    Raises InvalidError.
    """
    for name, value in values.items():
        if not name or "=" in str(name) or any("\0" in str(text) for text in (name, value)):
            raise InvalidError(
                f"The environment of the task has the variable {str(name)!r:.80}, which cannot be set; a name must be "
                "neither empty nor hold an equals sign, and neither name nor value may hold a NUL character."
            )
