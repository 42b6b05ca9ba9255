# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The abilities of the modules, in the form of Ansible's action attributes.

Private to this collection: it may change without notice.
"""

from __future__ import annotations


class ModuleDocFragment:
    """The plain fragment for every module, and one section for each action group."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) without changing anything.
    support: full
    details:
      - In check mode the module polls once, does not wait, and does not fail for a job that has not arrived.
  diff_mode:
    description: Returns details on what has changed, or would change, in diff mode.
    support: N/A
    details:
      - The module never changes anything.
  idempotent:
    description: A second run with the same arguments makes no further change.
    support: full
    details:
      - The module never changes anything. A later poll can of course find a job in a later state.
"""

    ACTIONGROUP_HUAWEICLOUD = r"""
options: {}
attributes:
  action_group:
    description: >-
      Use C(group/cloudwait.jobs.huaweicloud) or C(group/cloudwait.jobs.all) in C(module_defaults) to set
      options once for several modules.
    support: full
    membership:
      - cloudwait.jobs.all
      - cloudwait.jobs.huaweicloud
"""

    ACTIONGROUP_UCLOUD = r"""
options: {}
attributes:
  action_group:
    description: >-
      Use C(group/cloudwait.jobs.ucloud) or C(group/cloudwait.jobs.all) in C(module_defaults) to set
      options once for several modules.
    support: full
    membership:
      - cloudwait.jobs.all
      - cloudwait.jobs.ucloud
"""
