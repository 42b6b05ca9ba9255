# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of an action of UCloud that a user writes in a task."""

from __future__ import annotations

import re
import typing as t

from ...model.errors import InvalidError
from ...model.job import State
from ...services import shape
from ...services.declaration import UCloudService
from ..options import Spec

ACTION_OPTIONS: Spec = {
    "action": {"type": "str", "required": True},
    "params": {"type": "dict", "default": {}, "no_log": True},
}
OPTIONS: Spec = {
    **ACTION_OPTIONS,
    "ids": {"type": "str", "required": True},
    "per_call": {"type": "int", "default": 1},
    "jobs": {"type": "str"},
    "shape": {"type": "dict", "required": True, "options": shape.OPTIONS},
    **shape.CODES,
}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*", re.ASCII)
PARAMETER = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*", re.ASCII)
# What names the action and signs the request is the login's.
BARRED = frozenset({"action", "publickey", "signature", "securitytoken"})
# More ids than any action takes.
MAX_PER_CALL = 1000


def check_action(options: t.Mapping[str, t.Any]) -> None:
    """Refuse an action and parameters that no request can have. Raises InvalidError."""
    if not NAME.fullmatch(options["action"]):
        raise InvalidError(
            f"The option action holds {options['action']!r:.80}, which is no name of an action; it must be like "
            "DescribeUPhoneJob."
        )
    for name in options["params"]:
        if str(name).lower() in BARRED:
            raise InvalidError(f"The option params has {name!s:.80}, which the task sets itself; take it out.")
        if not PARAMETER.fullmatch(str(name)):
            raise InvalidError(f"The option params has {name!r:.80}, which is no name of a parameter; correct it.")


def declare(options: t.Mapping[str, t.Any]) -> UCloudService:
    """Return the service that the options of a task declare. Raises InvalidError where they make no sense."""
    check_action(options)
    ids, per_call = options["ids"], options["per_call"]
    if not PARAMETER.fullmatch(ids) or ids.lower() in BARRED:
        raise InvalidError(
            f"The option ids holds {ids!r:.80}, which is no name of a parameter for ids; it must be like TaskId."
        )
    if ids in options["params"]:
        raise InvalidError(f"The parameter {ids:.80} takes the ids and stands in params, too; take it out of params.")
    if not 1 <= per_call <= MAX_PER_CALL:
        raise InvalidError(f"The option per_call must be 1 to {MAX_PER_CALL} ids.")
    shape.check_path(options["jobs"], "jobs")
    declared = options["shape"]
    mapping = shape.mapping_of(declared)
    if not mapping.job_id and (per_call > 1 or "[]" in (options["jobs"] or "")):
        raise InvalidError(
            "An answer that lists several jobs tells them apart by their ids; name their place with shape.id."
        )
    return UCloudService(
        provider=options["action"],
        title=f"UCloud {options['action']}",
        action=options["action"],
        ids=ids,
        jobs=options["jobs"] or "",
        per_call=per_call,
        mapping=mapping,
        params=options["params"],
        missing_is_not_found=True,
        codes=shape.codes_of(options),
        absent=State(declared["absent"]) if declared["absent"] else None,
    )
