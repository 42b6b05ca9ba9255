#!/usr/bin/python
# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wait_for_jobs
short_description: Wait for jobs of several providers until one deadline
version_added: 1.0.0
description:
  - Waits for groups of jobs, each of one provider, one group after the other and all of them until one deadline.
  - Each group is looked at with its provider's module, so everything that the modules do, and how they sign in, holds
    here as well.
  - Every group is looked at, whatever became of the groups before it. A group whose turn comes at the deadline still
    gets one look.
  - The role P(cloudwait.jobs.wait#role) is built on this action, and prints a summary.
options:
  jobs:
    description:
      - The groups of jobs.
      - Each has a C(provider), named as in the name of its module, so V(cph) stands for
        M(cloudwait.jobs.cph_job_info). Each has exactly one of C(job_ids), C(job_id) and C(request_ids), and may have
        C(options), a dictionary of other options of the module for this group only.
    type: list
    elements: dict
    required: true
  until:
    description:
      - Wait until each job has arrived in one of these states, which are those of the modules.
    type: list
    elements: str
    default:
      - succeeded
  timeout:
    description:
      - Seconds that the whole task may take, for all groups together.
      - V(0) is one look at each group.
    type: int
    default: 1800
  delay:
    description:
      - Seconds to wait before the first look at each group.
      - The module's own default holds where this, or any other option without a default here, is not set.
    type: float
  interval:
    description:
      - The shortest time between two looks at the same job, in seconds.
    type: float
  max_interval:
    description:
      - The longest time between two looks at the same job, in seconds.
    type: float
  max_rate:
    description:
      - The number of requests per second that the task sends at most.
    type: float
  fail_fast:
    description:
      - Whether to end the wait as soon as one job can no longer arrive. The groups that are left get one look each.
    type: bool
  confirmations:
    description:
      - How many looks in a row must agree before a success is believed.
    type: int
  not_found_grace:
    description:
      - Seconds for which a job may be unknown to its service before it counts as not found.
    type: int
  error_grace:
    description:
      - Seconds in a row without any answer from a service after which its group is given up.
    type: int
  show_progress:
    description:
      - Whether to show what the jobs are doing while the task waits.
    type: bool
  connections:
    description:
      - Connection options by action group. Those under C(huaweicloud) go to each module in the action group
        C(cloudwait.jobs.huaweicloud), and so on.
      - They go before C(module_defaults), which work for the modules as usual.
    type: dict
    default: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) without changing anything.
    support: full
    details:
      - In check mode each group gets one look, and the task does not fail for a job that has not arrived.
  diff_mode:
    description: Returns details on what has changed, or would change, in diff mode.
    support: N/A
    details:
      - The task never changes anything.
  idempotent:
    description: A second run with the same arguments makes no further change.
    support: full
    details:
      - The task never changes anything.
seealso:
  - module: cloudwait.jobs.cph_job_info
  - module: cloudwait.jobs.dws_job_info
  - module: cloudwait.jobs.ims_job_info
  - module: cloudwait.jobs.uphone_job_info
author:
  - cloudwait.jobs contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Wait up to an hour for phones and an image
  cloudwait.jobs.wait_for_jobs:
    jobs:
      - provider: cph
        request_ids:
          - 2676a3b4f7df49c297c6775989806d32
      - provider: ims
        job_ids:
          - ff8080814dbd65d7014dbe0d84db0013
    until: finished
    timeout: 3600
  register: night_work
"""

RETURN = r"""
jobs:
  description: The jobs of all groups, in their order, as the modules return them.
  type: list
  elements: dict
  returned: when the options were right
summary:
  description: The number of jobs in C(total), and the number of jobs in each state. A job counts once.
  type: dict
  returned: when the options were right
  sample:
    total: 3
    pending: 0
    running: 1
    succeeded: 2
    partially_succeeded: 0
    failed: 0
    unknown: 0
    not_found: 0
unfinished:
  description: The ids of the jobs that have neither arrived nor ended.
  type: list
  elements: str
  returned: when the options were right
timed_out:
  description: Whether the time was over for any group.
  type: bool
  returned: when the options were right
elapsed:
  description: Seconds that the task took.
  type: float
  returned: when the options were right
failures:
  description: Why groups failed, one entry for each group that did, empty otherwise.
  type: list
  elements: dict
  returned: when the options were right
  contains:
    provider:
      description: The provider of the group.
      type: str
      sample: dws
    kind:
      description: The kind of failure, as in the modules' C(failure).
      type: str
      sample: job_failed
    code:
      description: The service's error code. Null when there is none.
      type: str
      sample: DWS.0114
    message:
      description: What went wrong, with the service's own text where there is one.
      type: str
      sample: ELB private IP is not configured.
table:
  description: The jobs as lines of text, one for each job, or one for each provider when there are more than 20 jobs.
  type: list
  elements: str
  returned: when the options were right
  sample:
    - cph  6837531fd3f54550927b930180a706bf  succeeded  6.0 s
"""

from ansible_collections.cloudwait.jobs.plugins.module_utils.task.module import main
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.wait_for_jobs import WAIT_FOR_JOBS

if __name__ == "__main__":
    main(WAIT_FOR_JOBS)
