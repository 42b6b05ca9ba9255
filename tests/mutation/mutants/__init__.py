# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Behaviours that matter, each with a small change to the code that breaks it, and the quickest tests that must notice.

The old text must occur exactly once in its file. A mutant must be a program that runs: one that fails to import, or
that never ends, proves nothing.
"""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.tests.mutation.mutants.around import AROUND
from ansible_collections.cloudwait.jobs.tests.mutation.mutants.asking import REQUESTS
from ansible_collections.cloudwait.jobs.tests.mutation.mutants.facts import FACTS
from ansible_collections.cloudwait.jobs.tests.mutation.mutants.secrecy import SECRETS
from ansible_collections.cloudwait.jobs.tests.mutation.mutants.signing_in import SIGNING_IN
from ansible_collections.cloudwait.jobs.tests.mutation.mutants.transport import TRANSPORT
from ansible_collections.cloudwait.jobs.tests.mutation.mutants.verdicts import VERDICTS
from ansible_collections.cloudwait.jobs.tests.mutation.mutants.waiting import WAITING

MUTANTS = [*VERDICTS, *FACTS, *WAITING, *TRANSPORT, *REQUESTS, *SIGNING_IN, *SECRETS, *AROUND]
