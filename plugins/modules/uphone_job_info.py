#!/usr/bin/python
# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: uphone_job_info
short_description: Look up UCloud UPhone jobs and wait for them
version_added: 1.0.0
description:
  - Looks up jobs of the UCloud cloud phone service (UPhone), such as app installations, commands, file uploads and GPS
    settings, and waits for them if asked to.
  - Jobs are named by O(job_ids), or found by O(states), O(job_types) and O(city_id).
options:
  job_ids:
    description:
      - The ids of the jobs. RV(jobs) keeps this order. An id that is given twice is asked for once and returned twice.
      - Cannot be used together with O(states) and O(job_types).
      - Without ids, all jobs are looked up that match O(city_id), O(states), O(job_types) and O(product_type).
      - With O(until), the task then waits for the jobs that its first look finds. When it finds none, the result is
        empty and the task does not wait.
      - The filter P(cloudwait.jobs.job_ids#filter) takes the ids out of the answer with which the service accepted the
        work.
  city_id:
    description:
      - The id of the city in which the cloud phones are, for example V(cn-shanghai).
    type: str
  states:
    description:
      - Only jobs that are in one of these states when the task looks first.
    type: list
    elements: str
    choices:
      - pending
      - running
      - succeeded
      - partially_succeeded
      - failed
  job_types:
    description:
      - Only jobs of these types, named as the service does, for example V(INSTALL_APP) or V(RUN_ASYNC_COMMAND).
    type: list
    elements: str
  product_type:
    description:
      - Whether the jobs belong to single cloud phones, V(uphone), or to cloud phone servers, V(uphone-server).
      - When not set, the service decides. Its reference gives V(uphone-server) as the default.
    type: str
    choices:
      - uphone
      - uphone-server
  not_found_grace:
    description:
      - Seconds for which a job may be missing from the answer before it counts as not found. They begin with the first
        look. Until then its state is V(unknown).
      - UPhone leaves out jobs that are still waiting for their turn, so a missing job need not be a wrong id. Make it
        longer for a busy account.
      - A job that was seen and then disappears gets the same time.
      - Has no effect without O(until), as a single look does not wait.
    default: 300
seealso:
  - name: UPhone API reference
    description: How the service answers questions about its jobs.
    link: https://docs.ucloud.cn/api/uphone-api/describe_u_phone_job
extends_documentation_fragment:
  - cloudwait.jobs.wait
  - cloudwait.jobs.ucloud
  - cloudwait.jobs.connection
  - cloudwait.jobs.attributes
  - cloudwait.jobs.attributes.actiongroup_ucloud
author:
  - cloudwait.jobs contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Look once, without waiting
  cloudwait.jobs.uphone_job_info:
    city_id: cn-shanghai
    job_ids:
      - uphonejob-sample
  register: install_job

- name: Show what the job is doing
  ansible.builtin.debug:
    msg: "{{ install_job.jobs[0].job_id }} is {{ install_job.jobs[0].state }}."

- name: Wait until the app is installed, and accept that some phones refuse it
  cloudwait.jobs.uphone_job_info:
    city_id: cn-shanghai
    job_ids:
      - uphonejob-sample
    until:
      - succeeded
      - partially_succeeded
    timeout: 900
  register: install_job

- name: Name the phones that refused the app
  ansible.builtin.debug:
    msg: "{{ install_job.jobs[0].tasks | selectattr('state', 'eq', 'failed') | map(attribute='resources') | list }}"

- name: Wait until nothing that is being installed in the city is left
  cloudwait.jobs.uphone_job_info:
    city_id: cn-shanghai
    job_types:
      - INSTALL_APP
    states:
      - pending
      - running
    until: finished
"""

RETURN = r"""
jobs:
  description: The jobs, in the order of O(job_ids), or as the service lists them.
  type: list
  elements: dict
  returned: always
  contains:
    job_id:
      description: The id of the job.
      type: str
      sample: uphonejob-sample
    provider:
      description: The service that runs the job, always V(uphone) here.
      type: str
      sample: uphone
    state:
      description:
        - The state of the job, in words that are the same for every service.
        - V(unknown) means that the service gave no state, or one that is not known. It is neither a success nor a
          failure.
        - V(not_found) means that the service does not know the job.
        - One of V(pending), V(running), V(succeeded), V(partially_succeeded), V(failed), V(unknown), V(not_found).
      type: str
      sample: partially_succeeded
    status:
      description: The service's own value for the state, as it came. Null when there was none.
      type: raw
      sample: PARTIAL_SUCCESS
    finished:
      description: Whether the job has ended, well or badly.
      type: bool
      sample: true
    type:
      description: The type of the job, as the service names it.
      type: str
      sample: INSTALL_APP
    progress:
      description: The share of the tasks that have ended, well or badly, in percent. Null while there are no tasks.
      type: int
      sample: 100
    begin_time:
      description: When the job began, in UTC.
      type: str
      sample: "2022-11-09T12:25:00Z"
    end_time:
      description: When the job ended. Null while it has not.
      type: str
      sample: "2022-11-09T12:30:00Z"
    duration:
      description: Seconds from RV(jobs[].begin_time) to RV(jobs[].end_time). Null where one of them is not known.
      type: float
      sample: 300.0
    error:
      description: Why the job failed, in the service's words. Null when the service names no error.
      type: dict
      contains:
        code:
          description: The service's error code. UPhone has none for jobs, so it is null.
          type: str
          sample: null
        message:
          description: The texts of the tasks that failed, of three at most.
          type: str
          sample: 'task-sample-1: INSTALL_FAILED_INSUFFICIENT_STORAGE'
    resources:
      description: The cloud phones of the job as C(uphone_ids), and C(app_version_id) when the job is about an app.
      type: dict
      sample:
        uphone_ids:
          - uphone-sample-1
          - uphone-sample-2
        app_version_id: appv-sample
    tasks:
      description: The tasks of the job, one for each cloud phone. Empty while the job is pending.
      type: list
      elements: dict
      contains:
        id:
          description: The id of the part.
          type: str
          sample: task-sample-1
        state:
          description: The state of the part, with the same words as RV(jobs[].state).
          type: str
          sample: failed
        error:
          description: Why the part failed, with C(code) and C(message) as in RV(jobs[].error). Null when it did not.
          type: dict
        resources:
          description: The ids of what the part worked on, by name.
          type: dict
          sample:
            uphone_id: uphone-sample-1
    raw:
      description: What the service said about the job, untouched. Null when it said nothing.
      type: dict
summary:
  description: The number of jobs in C(total), and the number of jobs in each state. A job counts once.
  type: dict
  returned: always
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
  description:
    - The ids of the jobs that have neither arrived nor ended, ready for O(job_ids) of the next task.
    - Without O(until), the ids of the jobs that have not ended.
  type: list
  elements: str
  returned: always
  sample:
    - uphonejob-sample
timed_out:
  description: Whether the task ended because its time was over.
  type: bool
  returned: always
  sample: false
elapsed:
  description: Seconds that the task took.
  type: float
  returned: always
  sample: 42.5
polls:
  description: The number of looks at jobs. An answer that tells about three jobs is three looks.
  type: int
  returned: always
  sample: 9
requests:
  description: The number of HTTP requests, with logins and repeated requests.
  type: int
  returned: always
  sample: 10
failure:
  description: Why the task failed. RV(ignore:msg) says the same in one sentence.
  type: dict
  returned: on failure
  contains:
    kind:
      description:
        - The kind of failure, for use in conditions.
        - V(job_failed), a job ended in a state that was not asked for.
        - V(timeout), the time was over.
        - V(not_found), the service does not know a job.
        - V(authentication), the service refused the credentials.
        - V(permission), the account may not do this, or is restricted.
        - V(service), the service reported any other error.
        - V(transport), the service could not be reached or gave no usable answer.
        - V(invalid), the options or the request were wrong.
      type: str
      sample: timeout
    code:
      description: The service's error code. Null when there is none.
      type: str
      sample: null
    message:
      description: What went wrong, with the service's own text where there is one.
      type: str
"""

from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.ucloud import cloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import job_info
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.module import main

if __name__ == "__main__":
    main(job_info(UPHONE, cloud))
