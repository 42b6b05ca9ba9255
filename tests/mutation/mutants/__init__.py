# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Behaviours that matter, each with a small change to the code that breaks it.

A mutant must be a program that runs: one that fails to import, or that never ends, proves nothing.
"""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.tests.mutation.mutants.clouds import CLOUD_MUTANTS
from ansible_collections.cloudwait.jobs.tests.mutation.mutants.reading import READING
from ansible_collections.cloudwait.jobs.tests.mutation.mutants.secrecy import SECRECY
from ansible_collections.cloudwait.jobs.tests.mutation.mutants.tasks import TASKS
from ansible_collections.cloudwait.jobs.tests.mutation.mutants.transport import TRANSPORT
from ansible_collections.cloudwait.jobs.tests.mutation.mutants.waiting import WAITING

MUTANTS = [*READING, *WAITING, *TRANSPORT, *CLOUD_MUTANTS, *SECRECY, *TASKS]
