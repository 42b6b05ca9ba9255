# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not be told."""

from __future__ import annotations

from ansible_collections.cloudwait.jobs.tests.mutation.mutant import (
    ARGSPEC,
    CONNECT,
    EXCHANGE,
    HTTP,
    HUAWEI,
    LOGIN,
    UCLOUD,
    UNIT,
    UTILS,
    Mutant,
)

SECRETS = [
    Mutant(
        "an echo of the token is told",
        f"{UTILS}/http/redact.py",
        "return response if body is response.body else response._replace(body=body)",
        "return response",
        f"{UNIT}/test_mask.py",
    ),
    Mutant(
        "an echo of the token in another spelling is told",
        f"{UTILS}/http/redact.py",
        "body = _every_spelling(core).sub(MASK.encode(), body)",
        "body = body.replace(core.encode(), MASK.encode())",
        f"{UNIT}/test_mask.py",
    ),
    Mutant(
        "Huawei Cloud's answers are told as they are",
        f"{HUAWEI}/client.py",
        "return redact(response, [sent[name] for name in SECRET_HEADERS if name in sent]), sent",
        "return response, sent",
        f"{LOGIN} -k EveryLogin",
    ),
    Mutant(
        "a login's answer is told with the password",
        f"{HUAWEI}/login.py",
        "        response = redact(response, [str(self._settings.password)])\n",
        "",
        f"{LOGIN} -k TestPassword",
    ),
    Mutant(
        "UCloud's answers are told as they are",
        f"{UTILS}/clouds/ucloud/client.py",
        "response, [secret for secret in (form",
        "response, [secret for secret in () and (form",
        f"{UCLOUD} -k TestKeys",
    ),
    Mutant(
        "an obtained token is not kept secret",
        f"{HUAWEI}/login.py",
        "        environment.learn(token)\n",
        "",
        f"{LOGIN} -k EveryLogin",
    ),
    Mutant(
        "temporary keys are not kept secret",
        f"{HUAWEI}/login.py",
        "            environment.learn(text)\n",
        "            pass\n",
        f"{LOGIN} -k EveryLogin",
    ),
    Mutant(
        "credentials of the environment are not kept secret",
        f"{HUAWEI}/cloud.py",
        "    tools.secrets.update(filter(None, (getattr(settings, name) for name in SECRETS)))\n",
        "",
        CONNECT,
    ),
    Mutant(
        "UCloud's credentials of the environment are not kept secret",
        f"{UTILS}/clouds/ucloud/cloud.py",
        "    tools.secrets.update(filter(None, (settings.public_key, settings.private_key, "
        "settings.security_token)))\n",
        "",
        CONNECT,
    ),
    Mutant(
        "the password is logged",
        f"{HUAWEI}/cloud.py",
        '"password": {"type": "str", "no_log": True}',
        '"password": {"type": "str", "no_log": False}',
        f"{ARGSPEC} tests/unit/test_guard.py",
    ),
    Mutant(
        "the private key is logged",
        f"{UTILS}/clouds/ucloud/cloud.py",
        '"private_key": {"type": "str", "no_log": True}',
        '"private_key": {"type": "str", "no_log": False}',
        f"{ARGSPEC} tests/unit/test_guard.py",
    ),
    Mutant(
        "a header that cannot be sent is quoted",
        f"{UTILS}/http/failures.py",
        "if isinstance(exc, (requests.exceptions.InvalidHeader, UnicodeError)):",
        "if False:",
        f"{EXCHANGE} -k TestHeaders",
    ),
    Mutant(
        "the module's result is not masked",
        f"{UTILS}/task/module.py",
        "    module.no_log_values.update(secrets)\n",
        "",
        f"{UNIT}/test_module.py",
    ),
    Mutant(
        "the action's result is not masked",
        "plugins/plugin_utils/in_process.py",
        "masked: dict[str, t.Any] = remove_values(result, secrets)",
        "masked: dict[str, t.Any] = result",
        "tests/unit/plugins/plugin_utils/test_direct.py",
    ),
    Mutant(
        "a file of credentials is quoted",
        f"{UTILS}/clouds/ucloud/credentials.py",
        'f"The file {path}, line {exc.lineno}, is not JSON; mend it or give the keys as options."',
        'f"The file {path}, line {exc.lineno}, is not JSON ({exc.doc}); mend it or give the keys as options."',
        f"{UNIT}/ucloud/test_ucloud_credentials.py",
    ),
    Mutant(
        "the SDK's file of credentials is quoted",
        f"{HUAWEI}/credentials.py",
        'where = f", line {\', \'.join(lines[:3])}" if lines else ""',
        'where = f", {exc}"',
        f"{UNIT}/huaweicloud/test_huaweicloud_credentials.py",
    ),
    Mutant(
        "an echo in base64 is told",
        f"{UTILS}/http/redact.py",
        "                if coded in body:\n",
        "                if False:\n",
        f"{UNIT}/test_mask.py",
    ),
    Mutant(
        "an address with a password is quoted",
        f"{UTILS}/http/urls.py",
        'f"The option {option} must be a URL of scheme, host, port and path, such as',
        'f"The option {option} ({url}) must be a URL of scheme, host, port and path, such as',
        f"{HTTP} {CONNECT} tests/fuzz/test_fuzz_options.py",
    ),
    Mutant(
        "lines of progress are not masked",
        "plugins/plugin_utils/in_process.py",
        "self._show(remove_values(where + text, secrets), tone, interruption)",
        "self._show(where + text, tone, interruption)",
        "tests/unit/plugins/plugin_utils/test_direct.py",
    ),
    Mutant(
        "a token is no secret of its task",
        f"{HUAWEI}/cloud.py",
        'SECRETS = ("access_key", "secret_key", "security_token", "token", "password")',
        'SECRETS = ("access_key", "secret_key", "security_token", "password")',
        CONNECT,
    ),
    Mutant(
        "an echo within a longer text in base64 is told",
        f"{UTILS}/http/redact.py",
        "    for before in range(3):\n",
        "    for before in range(1):\n",
        f"{UNIT}/test_mask.py",
    ),
]
