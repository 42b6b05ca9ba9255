# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nobody may read."""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.tests.mutation.change import always, never, replace, without
from ansible_collections.cloudwait.jobs.tests.mutation.mutant import (
    CLOUDS,
    CONTROLLER,
    HTTP,
    HUAWEICLOUD,
    NETWORK,
    TASK,
    TESTS,
    UCLOUD,
    UNIT,
    mutants,
)

SECRECY = [
    *mutants(
        f"{HTTP}/redact.py",
        f"{UNIT}/test_mask.py",
        ("an echo of the token is told", "redact", always("_ == whole")),
        ("an echo in another spelling is told", "_Search._masked", replace("unescape(A)", "A")),
        ("an echo in base64 is told", "_Search._is_found_in", replace("decoded(A)", "()")),
        ("an echo whose end is cut off is told", "_Search.redacted", replace("A if B else C", "C")),
        ("a letter is masked everywhere", "_stands_alone", replace("return A and B", "return True")),
        ("a secret in a key is told", "_redacted", replace("_redacted(key, A, B)", "key")),
        ("a text is searched without end", "_Search._masked", never("A or B")),
    ),
    *mutants(
        f"{HTTP}/spellings.py",
        f"{UNIT}/test_mask.py",
        ("an echo within a longer text in base64 is told", "_decoded", replace("range(4)", "range(1)")),
        ("bytes are taken for letters", "_meaning", replace("A.decode()", 'A.decode("latin-1")')),
    ),
    *mutants(
        f"{HTTP}/urls.py",
        f"{NETWORK}/test_hostile_answers.py",
        ("the host of a redirect may be a secret", "host_of", replace("A and not any(B)", "A")),
    ),
    *mutants(
        f"{HTTP}/failures.py",
        f"{NETWORK}/test_http_exchange.py",
        ("a header that cannot be sent is quoted", "failure_of", never("isinstance(_, (_, UnicodeError))")),
    ),
    *mutants(
        f"{HTTP}/urls.py",
        f"{UNIT}/test_http.py",
        (
            "an address with a password is quoted",
            "check_url",
            replace("if not A or B:\n    raise InvalidError(C)", "if not A or B:\n    raise InvalidError(C + url)"),
        ),
    ),
    *mutants(
        f"{HUAWEICLOUD}/exchange.py",
        f"{NETWORK}/test_huaweicloud_login.py",
        ("Huawei Cloud's answers are told as they are", "Exchange.respond", replace("redact(A, ...)", "A")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/auth/password.py",
        f"{NETWORK}/test_huaweicloud_login.py",
        ("a login's answer is told with the password", "Password._log_in", replace("redact(A, ...)", "A")),
        ("an obtained token is not kept secret", "Password._log_in", without("_.learn(_)")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/auth/agency.py",
        f"{NETWORK}/test_huaweicloud_login.py",
        ("temporary keys are not kept secret", "AgencyKeys._fetch", without("_.learn(_)")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/cloud.py",
        f"{UNIT}/test_connect.py",
        ("credentials of the environment are not kept secret", "open_exchange", without("_.secrets.update(_)")),
        ("a token is no secret of its task", "SECRETS", without('"token"')),
    ),
    *mutants(
        f"{HUAWEICLOUD}/options.py",
        f"{UNIT}/test_argspec.py",
        ("the password is logged", "OPTIONS", replace('"password": _', '"password": {"type": "str", "no_log": False}')),
    ),
    *mutants(
        f"{HUAWEICLOUD}/sources/sdk_file.py",
        f"{UNIT}/huaweicloud/test_huaweicloud_credentials.py",
        ("the SDK's file of credentials is quoted", "_parse", replace('_ if _ else ""', 'f", {exc}"')),
    ),
    *mutants(
        f"{UCLOUD}/exchange.py",
        f"{NETWORK}/test_ucloud_client.py",
        ("UCloud's answers are told as they are", "Exchange._read", replace("redact(A, ...)", "A")),
    ),
    *mutants(
        f"{UCLOUD}/cloud.py",
        f"{UNIT}/test_connect.py",
        (
            "UCloud's credentials of the environment are not kept secret",
            "open_exchange",
            without("_.secrets.update(_)"),
        ),
    ),
    *mutants(
        f"{UCLOUD}/options.py",
        f"{UNIT}/test_argspec.py",
        (
            "the private key is logged",
            "OPTIONS",
            replace('"private_key": _', '"private_key": {"type": "str", "no_log": False}'),
        ),
    ),
    *mutants(
        f"{CLOUDS}/files.py",
        f"{UNIT}/ucloud/test_ucloud_credentials.py",
        ("a file of credentials is quoted", "read_json", replace("A.lineno", "A.doc")),
    ),
    *mutants(
        f"{TASK}/module.py",
        f"{UNIT}/test_module.py",
        ("the module's result is not masked", "main", without("_.no_log_values.update(_)")),
        ("Ansible masks the words of the collection", "AnsibleModule._told", replace("set()", "self.no_log_values")),
    ),
    *mutants(
        f"{TASK}/secrecy.py",
        f"{UNIT}/test_secrecy.py",
        ("a word of a sentence is masked", "_strong", replace("A and not B", "A")),
        ("a secret option is told", "told_options", replace("HIDDEN if A else B", "B")),
        ("a key that is Ansible's own stays", "_free_key", never("A or B")),
    ),
    *mutants(
        f"{CONTROLLER}/in_process.py",
        f"{TESTS}/plugin_utils/test_direct.py",
        ("the action's result is not masked", "InProcessAction._check_and_run", replace("told(A, _)", "A")),
        ("lines of progress are not masked", "InProcessAction._wait.show", replace("told_text(A, _)", "A")),
    ),
]
