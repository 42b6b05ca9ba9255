# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UCloud UDTS: data transmission tasks (API reference "GetUDTSTaskStatus")."""

from __future__ import annotations

from ..model.job import State
from .declaration import JobMapping, Option, Progress, UCloudService

UDTS = UCloudService(
    provider="udts",
    title="UCloud UDTS",
    action="GetUDTSTaskStatus",
    ids="TaskId",
    jobs="Data",
    per_call=1,
    options=(Option("type", "Type", ("transfer", "integration")),),
    mapping=JobMapping(
        # The answer does not name the task.
        job_id="",
        status=("Status",),
        states={
            "Created": State.PENDING,
            "Starting": State.RUNNING,
            "Started": State.RUNNING,
            "Checking": State.RUNNING,
            "Dumping": State.RUNNING,
            "Loading": State.RUNNING,
            "Syncing": State.RUNNING,
            "Synced": State.RUNNING,
            "Stopping": State.RUNNING,
            "RetryPending": State.RUNNING,
            "Done": State.SUCCEEDED,
            "Success": State.SUCCEEDED,
            "Failed": State.FAILED,
            "FailedUnrecoverable": State.FAILED,
            "StoppedUnrecoverable": State.FAILED,
            "Stopped": State.FAILED,
        },
        progress=Progress("Progress.Percentage"),
        error_message=("FailedMessage",),
    ),
)
