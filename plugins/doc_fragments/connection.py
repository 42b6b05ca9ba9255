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
requirements:
  - requests >= 2.25.1
"""
