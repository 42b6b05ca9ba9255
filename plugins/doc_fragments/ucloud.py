# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options to reach UCloud and to sign in.

Private to this collection: it may change without notice.
"""

from __future__ import annotations


class ModuleDocFragment:
    """The UCloud connection options."""

    DOCUMENTATION = r"""
options:
  public_key:
    description:
      - The public API key. Requests are signed with it and O(private_key).
      - When no option names any credentials, they come from the environment or from the files of UCloud's command line
        tool. The first source that holds a complete pair is used as a whole, see
        R(the guide to signing in,ansible_collections.cloudwait.jobs.docsite.guide_signing_in).
      - The environment variable is E(UCLOUD_PUBLIC_KEY).
    type: str
  private_key:
    description:
      - The private API key that belongs to O(public_key).
      - The environment variable is E(UCLOUD_PRIVATE_KEY).
    type: str
  security_token:
    description:
      - The security token that belongs to temporary keys.
    type: str
  region:
    description:
      - The region, for example V(cn-wlcb).
      - Taken from E(UCLOUD_REGION) or the profile when not set.
    type: str
  project_id:
    description:
      - The id of the project, for example V(org-abc123).
      - Taken from E(UCLOUD_PROJECT_ID) or the profile when not set. Without any, UCloud uses the account's default
        project.
    type: str
  profile:
    description:
      - The profile to read from C(~/.ucloud/config.json) and C(~/.ucloud/credential.json), or from the files that
        E(UCLOUD_SHARED_CONFIG_FILE) and E(UCLOUD_SHARED_CREDENTIAL_FILE) name.
      - When it is set, the keys come from there and not from the environment.
      - Taken from E(UCLOUD_PROFILE) when not set. Without any, it is the profile that is marked as active, or
        without a C(config.json) the only one, or the one that is named V(default).
    type: str
  endpoint:
    description:
      - The address of the API. Without this option, the source of the keys names it, or the profile that O(profile)
        names. E(UCLOUD_API_BASE_URL) counts for other keys only when neither O(region) nor O(profile) is set.
      - V(https://api.ucloud.cn/) is used when none of them does.
      - It must begin with V(https://). Plain V(http://) is accepted for this machine, and elsewhere only with
        O(allow_http=true).
    type: str
  allow_http:
    description:
      - Whether O(endpoint) may be a plain V(http://) address that is not on this machine. UCloud has such an address
        inside its own network.
      - The private key is never sent, but everybody on the network path can read the requests and the answers.
      - It counts only for an address that is given as O(endpoint).
    type: bool
    default: false
seealso:
  - name: Guide to signing in
    description: >-
      Every way to sign in, and the order in which credentials are searched. A file of the installed collection.
    link: docs/docsite/rst/guide_signing_in.rst
  - name: Guide to waiting
    description: States, deadlines, partial results, and many jobs at once. A file of the installed collection.
    link: docs/docsite/rst/guide_waiting.rst
  - name: Guide to the services
    description: What the jobs of each service are, and where their ids come from. A file of the installed collection.
    link: docs/docsite/rst/guide_services.rst
"""
