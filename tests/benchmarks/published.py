# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures that were set before the engine was written, to trust the simulation by and to be measured against.

One job: requests, mean delay, 95th percentile of the delay. A thousand jobs: requests per job, share of 429, mean
delay. Delays in seconds. Columns: jobs of 20 s, 1 min, 5 min, 20 min and 1 h; of 5 min and 1 h. None: no
figure was set.
"""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.tests.benchmarks.rows import OURS, PROGRESS, PROPORTIONAL

NONE = (None, None, None)
ONE_JOB = {
    "fixed 5 s": ((6, 2.5, 4.8), (15, 2.5, None), (73, 2.5, 4.8), NONE, (865, 2.5, 4.8)),
    "fixed 10 s": ((3, 4.9, 9.5), (8, 4.9, None), (36, 5.0, 9.5), (146, 5.0, None), (432, 5.0, 9.5)),
    "fixed 30 s": ((1, 14.6, 27), NONE, (13, 15.1, 29), (49, 15, None), (144, 15.1, 29)),
    "Terraform": ((9, 4.8, 9.5), NONE, (42, 5.0, 9.5), NONE, (438, 5.0, 9.5)),
    "Smithy waiter": ((6, 12.9, 46), NONE, (12, 39.8, 93), NONE, (77, 40.1, 93)),
    "GCP core": ((9, 5.6, 15), NONE, (43, 6.7, 16), NONE, (439, 6.7, 16)),
    # The plan of 1.0.0, which the present one is to beat.
    PROPORTIONAL: ((12, 1.4, None), (23, 3.6, None), (41, 12.4, 27), (78, 14.9, None), (174, 15.0, 29)),
}
CROWD = {
    "fixed 10 s": ((47, 0.69, 103), (518, 0.67, 921)),
    "Terraform": ((52, 0.72, 103), (523, 0.67, 928)),
    "Smithy waiter": ((12, 0.42, 40), (76, 0.07, 39)),
    "hcloud-go, 25 ids a request": ((35, 0.58, 59), (432, 0.55, 652)),
}
# What the engine must not be worse than. With progress told and jobs of 1 h, 62 requests are fewer than looks every
# max_interval would be (a job takes 4,310 s in the mean, so 144): that figure is for a plan without this bound.
MARKS_ONE_JOB = {
    OURS: ((12, 1.2, None), (26, 2.1, None), (66, 4.4, None), (139, 9.0, None), (263, 14, None)),
    PROGRESS: ((10, 1.0, 2.0), NONE, (29, 2.2, 11), NONE, (168, 6.4, 17)),
}
MARKS_CROWD = {
    f"{OURS}, 1 id a request": ((6.6, 0.0, 31), (75, 0.0, 27)),
    f"{OURS}, 25 ids a request": ((1.4, 0.0, 12), (7.2, 0.0, 15)),
    f"{OURS}, 100 ids a request": ((0.4, 0.0, 11.5), (2.5, 0.0, 14)),
}
