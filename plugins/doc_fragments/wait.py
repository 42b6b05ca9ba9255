# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which jobs to look at, what to wait for, and how long.

Private to this collection: it may change without notice.
"""

from __future__ import annotations


class ModuleDocFragment:
    """The options of the wait engine, the same for every service."""

    DOCUMENTATION = r"""
options:
  job_ids:
    description:
      - The ids of the jobs.
      - RV(jobs) keeps this order. An id that is given twice is asked for once and returned twice.
      - The filter P(cloudwait.jobs.job_ids#filter) takes the ids out of the answer with which a service accepted
        the work.
    type: list
    elements: str
    aliases:
      - job_id
  until:
    description:
      - Wait until each job has arrived in one of these states.
      - Without this option the task looks once and does not wait. It then reports what it found and does not fail for
        a job that failed or that the service does not know.
      - A job that has ended in any other state can no longer arrive. The task then fails once all other jobs have
        arrived or ended, or at once with O(fail_fast=true).
      - V(started) is a job that is running or has ended, V(finished) one that has ended, whether well or badly.
      - V(succeeded) is a job that has ended well, in all its parts, V(failed) one that has ended badly.
      - V(partially_succeeded) is a job that has ended well in some parts and badly in others, a state of its own. It
        does not count as V(succeeded). Name both to accept both.
    type: list
    elements: str
    choices:
      - started
      - finished
      - succeeded
      - partially_succeeded
      - failed
  timeout:
    description:
      - Seconds that the whole task may take, for all its jobs together. Requests count too.
      - Every job that has not arrived is looked at once more at the deadline. These looks keep to O(max_rate), so a
        task with very many jobs that the service answers one by one ends a little later.
      - V(0) is one look, with the same demands as O(until) makes at any deadline.
      - Has no effect without O(until).
    type: int
    default: 1800
  delay:
    description:
      - Seconds to wait before the first look.
      - Useful for work that never ends sooner.
      - Has no effect without O(until).
    type: float
    default: 0
  interval:
    description:
      - The shortest time between two looks at the same job, in seconds.
      - The time between looks grows with the wait. It is 10% of the time that has passed, never less than O(interval)
        and never more than O(max_interval). It is shorter for a job that is likely to have ended, as its progress
        tells, or the other jobs of the task that have ended.
    type: float
    default: 2
  max_interval:
    description:
      - The longest time between two looks at the same job, in seconds.
      - It becomes longer by itself where O(max_rate) leaves no room for so many jobs.
    type: float
    default: 30
  max_rate:
    description:
      - The number of requests per second that the task sends at most.
      - The services count the requests of the whole account. Lower it when many tasks or hosts wait at the same time.
    type: float
    default: 10
  fail_fast:
    description:
      - Whether to fail as soon as one job can no longer arrive, instead of waiting for the others first.
      - Jobs that have neither arrived nor ended are then in RV(unfinished).
    type: bool
    default: false
  confirmations:
    description:
      - How many looks in a row must agree before a success is believed.
      - Useful where a service is known to report a success too early.
    type: int
    default: 1
  not_found_grace:
    description:
      - Seconds for which a job may be unknown to the service before it counts as not found. They begin with the first
        look.
      - A service can need a moment before it knows a job that it has just accepted.
      - A job that was seen and then disappears gets the same time.
      - Has no effect without O(until), as a single look does not wait.
    type: int
    default: 60
  error_grace:
    description:
      - Seconds in a row without any answer from the service after which the task gives up.
      - Broken connections, HTTP codes such as 429 and 503, and the services' own "try again later" do not end a wait
        before that. Each answer sets the count back to zero.
      - A pause that the service itself asks for does not count.
      - Without O(until) a look is tried three times instead.
    type: int
    default: 300
  show_progress:
    description:
      - Whether to show what the jobs are doing while the task waits.
      - The lines go to standard error, so the output of callbacks on standard output stays as it is.
      - There are none where the task runs on another machine, with C(become) or with C(async).
    type: bool
    default: true
notes:
  - The module never changes anything. It returns the same keys on success and on failure, so nothing that was learnt
    about the other jobs is lost when one of them fails.
"""
