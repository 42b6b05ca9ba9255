#!/usr/bin/python
# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: dws_job_info
short_description: Look up Huawei Cloud DWS jobs and wait for them
version_added: 1.0.0
description:
  - Looks up jobs of the Huawei Cloud data warehouse service (DWS), such as starting, stopping, restoring and shrinking
    clusters, and waits for them if asked to.
options:
  job_ids:
    required: true
seealso:
  - name: DWS API reference
    description: How the service answers questions about its jobs.
    link: https://support.huaweicloud.com/api-dws/ListJobDetails.html
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
  cloudwait.jobs.dws_job_info:
    job_ids:
      - 2c9080e88459fa44018459fbeb600001
  register: cluster_job

- name: Show how far the job is
  ansible.builtin.debug:
    msg: "{{ cluster_job.jobs[0].type }} is {{ cluster_job.jobs[0].state }}, {{ cluster_job.jobs[0].progress }}%."

- name: Wait up to two hours until the job has ended, however it ends
  cloudwait.jobs.dws_job_info:
    job_ids:
      - 2c9080e88459fa44018459fbeb600001
    until: finished
    timeout: 7200
  register: cluster_job

- name: Say why the job failed
  ansible.builtin.debug:
    msg: "{{ cluster_job.jobs[0].error.code }}: {{ cluster_job.jobs[0].error.message }}"
  when: cluster_job.jobs[0].state == "failed"
"""

RETURN = r"""
jobs:
  description: The jobs, in the order of O(job_ids).
  type: list
  elements: dict
  returned: always
  contains:
    job_id:
      description: The id of the job.
      type: str
      sample: 2c9080e88459fa44018459fbeb600001
    provider:
      description: The service that runs the job, always V(dws) here.
      type: str
      sample: dws
    state:
      description:
        - The state of the job, in words that are the same for every service.
        - V(unknown) means that the service gave no state, or one that is not known. It is neither a success nor a
          failure.
        - V(not_found) means that the service does not know the job.
        - One of V(pending), V(running), V(succeeded), V(partially_succeeded), V(failed), V(unknown), V(not_found).
      type: str
      sample: failed
    status:
      description: The service's own value for the state, as it came. Null when there was none.
      type: raw
      sample: FAIL
    finished:
      description: Whether the job has ended, well or badly.
      type: bool
      sample: true
    type:
      description: The name of the job, as the service gives it.
      type: str
      sample: ecfClusterElbCreateJob
    progress:
      description: The progress in percent. Null when the service tells none.
      type: int
      sample: 9
    begin_time:
      description: When the job began. DWS does not say in which time zone, so there is no C(Z) at the end.
      type: str
      sample: "2022-11-09T20:25:00"
    end_time:
      description: When the job ended. Null while it has not.
      type: str
      sample: "2022-11-09T20:30:00"
    duration:
      description: Seconds from RV(jobs[].begin_time) to RV(jobs[].end_time). Null where one of them is not known.
      type: float
      sample: 300.0
    error:
      description: Why the job failed, in the service's words. Null when the service names no error.
      type: dict
      contains:
        code:
          description: The service's error code.
          type: str
          sample: CreateELBTask-fail:DWS.0114
        message:
          description: The service's text.
          type: str
          sample: "DWS.0114:ELB private IP is not configured."
    resources:
      description: The ids of what the job works on. DWS tells none, so it is empty.
      type: dict
      sample:
        {}
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
    - 2c9080e88459fa44018459fbeb600001
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
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.dws import DWS
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.job_info import job_info
from ansible_collections.cloudwait.jobs.plugins.module_utils.task.module import main

if __name__ == "__main__":
    main(job_info(DWS, cloud))
