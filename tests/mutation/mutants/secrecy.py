# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nobody may read."""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.tests.mutation.change import never, replace, without
from ansible_collections.cloudwait.jobs.tests.mutation.mutant import (
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
        ("an echo of the token is told", "redact", replace("return _ if _ else _", "return response")),
        (
            "an echo of the token in another spelling is told",
            "redact",
            replace("_every_spelling(A).sub(B, C)", "C.replace(A.encode(), B)"),
        ),
        ("an echo in base64 is told", "redact", replace("_in_base64(_)", "()")),
        ("an echo within a longer text in base64 is told", "_in_base64", replace("range(3)", "range(1)")),
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
        ("Huawei Cloud's answers are told as they are", "Exchange.respond", without("_ = redact(...)")),
    ),
    *mutants(
        f"{HUAWEICLOUD}/auth/password.py",
        f"{NETWORK}/test_huaweicloud_login.py",
        ("a login's answer is told with the password", "Password._log_in", without("_ = redact(...)")),
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
        ("credentials of the environment are not kept secret", "_open", without("_.secrets.update(_)")),
        ("a token is no secret of its task", "SECRETS", without('"token"')),
    ),
    *mutants(
        f"{HUAWEICLOUD}/cloud.py",
        f"{UNIT}/test_argspec.py",
        ("the password is logged", "OPTIONS", replace('"password": _', '"password": {"type": "str", "no_log": False}')),
    ),
    *mutants(
        f"{HUAWEICLOUD}/credentials.py",
        f"{UNIT}/huaweicloud/test_huaweicloud_credentials.py",
        ("the SDK's file of credentials is quoted", "_from_file", replace('_ if _ else ""', 'f", {exc}"')),
    ),
    *mutants(
        f"{UCLOUD}/exchange.py",
        f"{NETWORK}/test_ucloud_client.py",
        ("UCloud's answers are told as they are", "Exchange.respond", replace("redact(A, ...)", "A")),
    ),
    *mutants(
        f"{UCLOUD}/cloud.py",
        f"{UNIT}/test_connect.py",
        ("UCloud's credentials of the environment are not kept secret", "_open", without("_.secrets.update(_)")),
    ),
    *mutants(
        f"{UCLOUD}/cloud.py",
        f"{UNIT}/test_argspec.py",
        (
            "the private key is logged",
            "OPTIONS",
            replace('"private_key": _', '"private_key": {"type": "str", "no_log": False}'),
        ),
    ),
    *mutants(
        f"{UCLOUD}/credentials.py",
        f"{UNIT}/ucloud/test_ucloud_credentials.py",
        ("a file of credentials is quoted", "_read", replace("A.lineno", "A.doc")),
    ),
    *mutants(
        f"{TASK}/module.py",
        f"{UNIT}/test_module.py",
        ("the module's result is not masked", "main", without("_.no_log_values.update(_)")),
    ),
    *mutants(
        f"{CONTROLLER}/in_process.py",
        f"{TESTS}/plugin_utils/test_direct.py",
        ("the action's result is not masked", "InProcessAction._check_and_run", replace("remove_values(A, _)", "A")),
        ("lines of progress are not masked", "InProcessAction._wait.show", replace("remove_values(A, _)", "A")),
    ),
]
