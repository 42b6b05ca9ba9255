# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The direct path of the module ims_job_info."""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.plugin_utils.direct import JobInfoAction


class ActionModule(JobInfoAction):
    """Looks up IMS jobs in the worker process where it can."""

    service = IMS
