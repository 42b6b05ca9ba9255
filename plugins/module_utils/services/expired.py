# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a service may not know a job: it tells of its jobs for a time only."""

from __future__ import annotations

from ..model.job import ErrorDetail


def perhaps_expired(error: ErrorDetail | None, retention: str) -> ErrorDetail | None:
    """Return what a service says of a job that it does not know, and that it keeps jobs for `retention` only."""
    if not retention:
        return error
    said = (error.message if error else None) or ""
    text = f"{said.rstrip('.')}; it may have expired" if said else "It may have expired"
    return ErrorDetail(error.code if error else None, f"{text}, as the service keeps jobs for {retention} only.")
