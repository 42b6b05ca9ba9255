# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the refreshes and prefetches of UCloud UCDN have in common: a task of many URLs."""

from __future__ import annotations

from ..model.job import State
from ..model.times import TimeFormat
from .declaration import JobMapping, Progress, SubJobs

# The reference also has "unknow", which stands for no state.
STATES = {
    "wait": State.PENDING,
    "process": State.RUNNING,
    "success": State.SUCCEEDED,
    "failure": State.FAILED,
}

UCDN_TASK = JobMapping(
    job_id="TaskId",
    status=("Status",),
    states=STATES,
    progress=Progress("UrlLists[].Progress"),
    begin_time="CreateTime",
    end_time="UrlLists[].FinishTime",
    time_format=TimeFormat.SECONDS,
    resources={"urls": ("UrlLists[].Url",)},
    lists=("urls",),
    sub_jobs=SubJobs("UrlLists[]", JobMapping(job_id="Url", status=("Status",), states=STATES)),
)
