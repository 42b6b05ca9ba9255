# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options that mean the same for every cloud.

Private to this collection: it may change without notice.
"""

from __future__ import annotations


class ModuleDocFragment:
    """Certificates, request timeout, and the one requirement."""

    DOCUMENTATION = r"""
options:
  validate_certs:
    description:
      - Whether to check the service's TLS certificate.
      - Set it to V(false) only for a test service with a certificate of its own making. Anybody on the network path
        can then read the credentials.
    type: bool
    default: true
  ca_path:
    description:
      - A file with the certificates of the authorities to trust, in PEM format, or a directory of such files that
        C(openssl rehash) has prepared.
      - Needed only for a service whose certificate no public authority has signed.
      - Without it the first of E(REQUESTS_CA_BUNDLE), E(CURL_CA_BUNDLE), and E(SSL_CERT_FILE) together with
        E(SSL_CERT_DIR) counts.
    type: path
  request_timeout:
    description:
      - Seconds to wait for the service during one request.
      - A request that takes longer counts as a call without an answer and is tried again, see O(error_grace).
    type: int
    default: 30
  budget:
    description:
      - Who shares the number of requests per second that O(max_rate) allows, since a service counts the requests of an
        account and not of a task.
      - V(machine) shares it among all tasks of this user on the machine where the task runs, forks and other playbooks
        included. They agree through small files in a folder that only this user can read.
      - V(task) keeps it for this task alone.
      - A URL such as V(redis://HOST:PORT/DB), V(rediss://HOST:PORT/DB) or V(unix://PATH) shares it among all machines
        that use the same Redis or Valkey. It needs the Python package C(redis) where the task runs.
      - Where the budget cannot be used, the task paces itself alone, and warns.
      - Taken from E(CLOUDWAIT_BUDGET) when not set, and V(machine) when that is not set either.
    type: str
requirements:
  - requests >= 2.25.1
"""
