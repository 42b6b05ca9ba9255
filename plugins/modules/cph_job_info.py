#!/usr/bin/python
# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cph_job_info
short_description: Look up Huawei Cloud CPH jobs and wait for them
version_added: 1.0.0
description:
  - Looks up jobs of the Huawei Cloud cloud phone service (CPH), such as resets, restarts, app installations and ADB
    commands, and waits for them if asked to.
  - Exactly one of O(job_ids) and O(request_ids) is required.
options:
  request_ids:
    description:
      - The ids of requests that started jobs. Every job of these requests is looked up.
      - Twenty requests are asked for at a time, so this is the cheapest way to follow hundreds of phones.
      - With O(job_ids) the module does the same as soon as it has learnt which requests the jobs belong to.
      - A request without any job is treated as a job that is not found.
    type: list
    elements: str
seealso:
  - name: CPH API reference
    description: How the service answers questions about its jobs.
    link: https://support.huaweicloud.com/intl/en-us/api-cph/cph_api_0521.html
extends_documentation_fragment:
  - cloudwait.jobs.wait
  - cloudwait.jobs.huaweicloud
  - cloudwait.jobs.connection
  - cloudwait.jobs.attributes
  - cloudwait.jobs.attributes.actiongroup_huaweicloud
author:
  - cloudwait.jobs contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Look once, without waiting
  cloudwait.jobs.cph_job_info:
    job_ids:
      - 6837531fd3f54550927b930180a706bf
  register: reset_jobs

- name: Show what the job is doing
  ansible.builtin.debug:
    msg: "{{ reset_jobs.jobs[0].job_id }} is {{ reset_jobs.jobs[0].state }}."

- name: Wait up to ten minutes until the jobs have succeeded
  cloudwait.jobs.cph_job_info:
    job_ids:
      - 6837531fd3f54550927b930180a706bf
    until: succeeded
    timeout: 600

- name: Wait for every job of a request, however the jobs end
  cloudwait.jobs.cph_job_info:
    request_ids:
      - 2676a3b4f7df49c297c6775989806d32
    until: finished
  register: request_jobs

- name: Name the phones whose job failed
  ansible.builtin.debug:
    msg: "{{ request_jobs.jobs | selectattr('state', 'eq', 'failed') | map(attribute='resources') | list }}"
"""

RETURN = r"""
jobs:
  description: The jobs, in the order of O(job_ids), or as the service lists them for O(request_ids).
  type: list
  elements: dict
  returned: always
  contains:
    job_id:
      description: The id of the job. Null in the entry for a request without any job.
      type: str
      sample: 6837531fd3f54550927b930180a706bf
    provider:
      description: The service that runs the job, always V(cph) here.
      type: str
      sample: cph
    state:
      description:
        - The state of the job, in words that are the same for every service.
        - V(unknown) means that the service gave no state, or one that is not known. It is neither a success nor a
          failure.
        - V(not_found) means that the service does not know the job.
        - One of V(pending), V(running), V(succeeded), V(partially_succeeded), V(failed), V(unknown), V(not_found).
      type: str
      sample: succeeded
    status:
      description: The service's own value for the state, as it came. Null when there was none.
      type: raw
      sample: 2
    finished:
      description: Whether the job has ended, well or badly.
      type: bool
      sample: true
    type:
      description: The type of the job. CPH tells none, so it is null.
      type: str
      sample: null
    progress:
      description: The progress in percent. CPH tells none, so it is null.
      type: int
      sample: null
    begin_time:
      description: When the job began, in UTC.
      type: str
      sample: "2019-04-26T07:00:00Z"
    end_time:
      description: When the job ended. Null while it has not.
      type: str
      sample: "2019-04-26T07:00:06Z"
    duration:
      description: Seconds from RV(jobs[].begin_time) to RV(jobs[].end_time). Null where one of them is not known.
      type: float
      sample: 6.0
    error:
      description: Why the job failed, in the service's words. Null when the service names no error.
      type: dict
      contains:
        code:
          description: The service's error code.
          type: str
        message:
          description: The service's text.
          type: str
    resources:
      description: The phone or the server that the job works on, as C(phone_id) or C(server_id), and the C(request_id).
      type: dict
      sample:
        phone_id: 9b28fbe50ded4060b8149a47e55dba82
        request_id: 2676a3b4f7df49c297c6775989806d32
    tasks:
      description: The parts of the job, each with its own state. This service tells of none, so the list is empty.
      type: list
      elements: dict
      sample: []
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
    - 6837531fd3f54550927b930180a706bf
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

from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud import cloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.cph import CPH
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import job_info
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.module import main

if __name__ == "__main__":
    main(job_info(CPH, cloud))
