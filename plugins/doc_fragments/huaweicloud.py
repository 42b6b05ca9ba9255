# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options to reach Huawei Cloud, and clouds that speak its protocol, and to sign in.

Private to this collection: it may change without notice.
"""

from __future__ import annotations


class ModuleDocFragment:
    """The Huawei Cloud connection options."""

    DOCUMENTATION = r"""
options:
  region:
    description:
      - The region, for example V(cn-north-4) or V(eu-west-101).
      - Needed unless O(endpoint) is given. The addresses of the service and of the identity service (IAM) are built
        from it.
      - Taken from E(HW_REGION_NAME) or E(OS_REGION_NAME) when not set.
    type: str
  project_id:
    description:
      - The id of the project that the jobs belong to.
      - When it is not known, it is what a login with O(password) returns, or it is looked up by O(project_name) or
        O(region).
      - Taken from E(HUAWEICLOUD_SDK_PROJECT_ID), E(HW_PROJECT_ID), E(OS_PROJECT_ID) or E(OS_TENANT_ID) when not set.
    type: str
  project_name:
    description:
      - The name of the project. Needed only when it is not the region's own project and O(project_id) is not known.
      - Taken from E(HW_PROJECT_NAME), E(OS_PROJECT_NAME) or E(OS_TENANT_NAME) when not set.
    type: str
  access_key:
    description:
      - The access key id (AK). Requests are signed with it and O(secret_key).
      - Keys, O(token), O(username) and O(use_agency) are different ways to sign in. Set only one of them.
      - When no option names any credentials, they come from the environment, or else from the files of Huawei Cloud's
        SDKs, of KooCLI, and of OpenStack (C(clouds.yaml)), in this order. The first source that holds a complete set is
        used as a whole, see
        R(the guide to signing in,ansible_collections.cloudwait.jobs.docsite.guide_signing_in).
      - The environment variables are E(HUAWEICLOUD_SDK_AK), E(HW_ACCESS_KEY) and E(OS_ACCESS_KEY).
    type: str
  secret_key:
    description:
      - The secret access key (SK) that belongs to O(access_key).
      - The environment variables are E(HUAWEICLOUD_SDK_SK), E(HW_SECRET_KEY) and E(OS_SECRET_KEY).
    type: str
  security_token:
    description:
      - The security token that belongs to temporary keys.
      - The environment variables are E(HUAWEICLOUD_SDK_SECURITY_TOKEN), E(HW_SECURITY_TOKEN) and
        E(OS_SECURITY_TOKEN).
    type: str
  token:
    description:
      - A token that IAM has given out. It must be scoped to the project.
      - A token lives for 24 hours at most and is not renewed. Use keys or a password for a wait that may outlive it.
      - The environment variables are E(HW_AUTH_TOKEN), E(OS_TOKEN) and E(OS_AUTH_TOKEN).
    type: str
  username:
    description:
      - The name of an IAM user. The task logs in once, and again when its token is about to expire.
      - The environment variables are E(HW_USER_NAME) and E(OS_USERNAME), or the user's id in E(HW_USER_ID) or
        E(OS_USER_ID).
    type: str
  password:
    description:
      - The password of O(username).
      - The environment variables are E(HW_USER_PASSWORD) and E(OS_PASSWORD).
    type: str
  user_domain_name:
    description:
      - The name of the account (domain) that O(username) belongs to.
      - The environment variables are E(HW_DOMAIN_NAME), E(OS_USER_DOMAIN_NAME) and E(OS_DOMAIN_NAME), or the domain's
        id in E(HW_DOMAIN_ID), E(OS_USER_DOMAIN_ID) or E(OS_DOMAIN_ID).
    type: str
  use_agency:
    description:
      - Whether to sign in with the temporary keys of the agency that is assigned to the cloud server on which the
        task runs. They come from the metadata address 169.254.169.254.
      - It is never done unless asked for here.
    type: bool
    default: false
  auth_url:
    description:
      - The address of IAM, with or without C(/v3) at its end.
      - By default it is V(https://iam.{region}.{cloud}), with the values of O(region) and O(cloud).
      - Taken from where the credentials come from when not set. E(HW_AUTH_URL) and E(OS_AUTH_URL) count for other
        credentials only when none of O(region), O(endpoint) and O(cloud) is set.
    type: str
  cloud:
    description:
      - The domain under which the cloud's services have their names.
      - The regions of Huawei Cloud Europe, V(eu-west-1xx), and of T Cloud Public, V(eu-de) and V(eu-nl), have domains
        of their own that are known without this option.
      - Taken from where the credentials come from when not set. E(HW_CLOUD) counts for other credentials only when none
        of O(region), O(endpoint) and O(auth_url) is set.
    type: str
    default: myhuaweicloud.com
  endpoint:
    description:
      - The address of the service, when it is not V(https://{service}.{region}.{cloud}). It may have a port and a base
        path.
      - It must begin with V(https://). Plain V(http://) is accepted only for this machine, for example
        V(http://127.0.0.1:8080).
    type: str
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
