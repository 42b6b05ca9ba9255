# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Line ends and blanks at the ends of credentials: refused by where they stand, before anything is sent."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence, run_task, validated
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import short

KEYS = {"access_key": "ak-1", "secret_key": "sk-1"}
PASSWORD = {"username": "user-1", "password": "pw-1", "user_domain_name": "domain-1"}
PAIR = {"public_key": "pub-1", "private_key": "priv-1"}
HW = {"HW_ACCESS_KEY": "ak-1", "HW_SECRET_KEY": "sk-1"}
OS = {"OS_USERNAME": "user-1", "OS_PASSWORD": "pw-1", "OS_USER_DOMAIN_NAME": "domain-1"}
UCLOUD = {"UCLOUD_PUBLIC_KEY": "pub-1", "UCLOUD_PRIVATE_KEY": "priv-1"}
SECRETS = ("ak-1", "sk-1", "temporary-1", "token-1", "pw-1", "pub-1", "priv-1")


@pytest.fixture(autouse=True)
def home(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A home directory without any credentials, which is the current one as well."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(service: t.Any, given: dict[str, t.Any], environ: dict[str, str]) -> str:
    """The sentence by which a task ends before its first request."""
    place = {"endpoint": "https://127.0.0.1:1"}
    if service is IMS:
        place.update(auth_url="https://127.0.0.1:1", project_id="p")
    result = run_task(service, validated(service, job_ids=["a"], **{**place, **given}), environ, host="bastion1").result
    assert (result["failed"], result["requests"]) == (True, 0)
    message = str(result["failure"]["message"])
    if result["failure"]["kind"] == "invalid":
        assert is_sentence(message)
        assert [secret for secret in SECRETS if secret in message] == []
    return message


@pytest.mark.parametrize(
    ("service", "given", "environ", "said"),
    [
        # what signs
        (IMS, {**KEYS, "secret_key": "sk-1\r"}, {}, "The option secret_key ends in a carriage return (CR)"),
        (IMS, {**KEYS, "secret_key": "sk-1\n"}, {}, "The option secret_key ends in a line feed (LF)"),
        (IMS, {**KEYS, "secret_key": "sk-1\r\n"}, {}, "The option secret_key ends in a line break (CR LF)"),
        (IMS, {**KEYS, "secret_key": "sk-1 "}, {}, "The option secret_key ends in a blank"),
        (IMS, {**KEYS, "secret_key": "sk-1\t"}, {}, "The option secret_key ends in a tab"),
        (IMS, {**KEYS, "secret_key": "sk-1\u200b"}, {}, "The option secret_key ends in the character U+200B"),
        (IMS, {**KEYS, "secret_key": " sk-1"}, {}, "The option secret_key begins with a blank"),
        (IMS, {}, {**HW, "HW_SECRET_KEY": "sk-1\r"}, "The secret_key (HW_SECRET_KEY in the environment of bastion1"),
        (UPHONE, {**PAIR, "private_key": "priv-1\n"}, {}, "The option private_key ends in a line feed (LF)"),
        (UPHONE, {**PAIR, "private_key": "priv-1 "}, {}, "The option private_key ends in a blank"),
        (UPHONE, {}, {**UCLOUD, "UCLOUD_PRIVATE_KEY": "priv-1\r"}, "(UCLOUD_PRIVATE_KEY in the environment of"),
        # what is sent
        (IMS, {**KEYS, "access_key": "ak-1\r"}, {}, "The option access_key ends in a carriage return (CR)"),
        (IMS, {**KEYS, "security_token": "temporary-1\n"}, {}, "The option security_token ends in a line feed (LF)"),
        (IMS, {"token": "token-1\r\n"}, {}, "The option token ends in a line break (CR LF)"),
        (IMS, {**PASSWORD, "password": "pw-1\r"}, {}, "The option password ends in a carriage return (CR)"),
        (IMS, {**PASSWORD, "password": "pw-1 \n"}, {}, "The option password ends in a line feed (LF)"),
        (IMS, {**PASSWORD, "username": "user-1\r"}, {}, "The option username ends in a carriage return (CR)"),
        (IMS, {**PASSWORD, "username": "user-1 "}, {}, "The option username ends in a blank"),
        (IMS, {**PASSWORD, "user_domain_name": "d-1\r"}, {}, "The option user_domain_name ends in a carriage return"),
        (IMS, {}, {**OS, "OS_PASSWORD": "pw-1\r"}, "The password (OS_PASSWORD in the environment of bastion1) ends in"),
        (IMS, {}, {**OS, "OS_USERNAME": "user-1\r"}, "The username (OS_USERNAME in the environment of bastion1) ends"),
        (IMS, {}, {"OS_USER_ID": "id-1\r", "OS_PASSWORD": "pw-1"}, "The user_id (OS_USER_ID in the environment of"),
        (IMS, {**KEYS, "region": "r-1\r"}, {}, "The option region ends in a carriage return (CR)"),
        (IMS, {**KEYS, "project_id": "p-1\r"}, {}, "The option project_id ends in a carriage return (CR)"),
        (UPHONE, {**PAIR, "public_key": "pub-1\r"}, {}, "The option public_key ends in a carriage return (CR)"),
        (UPHONE, {**PAIR, "project_id": "org-1\r"}, {}, "The option project_id ends in a carriage return (CR)"),
        (UPHONE, {**PAIR, "region": "r-1 "}, {}, "The option region ends in a blank"),
        # a variable that a file with Windows line ends sets to nothing
        (IMS, {}, {**HW, "HW_SECURITY_TOKEN": "\r"}, "(HW_SECURITY_TOKEN in the environment of bastion1) ends in"),
    ],
    ids=short,
)  # fmt: skip
def test_refused(service: t.Any, given: dict[str, t.Any], environ: dict[str, str], said: str) -> None:
    assert said in refusal(service, given, environ)


@pytest.mark.parametrize(
    ("service", "name", "content", "said"),
    [
        pytest.param(
            UPHONE,
            ".ucloud/credential.json",
            json.dumps([{"profile": "a", "public_key": "pub-1", "private_key": "priv-1\r"}]),
            "The private_key (private_key of the profile a in ~/.ucloud/credential.json on bastion1) ends",
            id="UCloud's file",
        ),
        pytest.param(
            IMS,
            ".hcloud/config.json",
            json.dumps({"profiles": [{"name": "default", "accessKeyId": "ak-1", "secretAccessKey": "sk-1\n"}]}),
            "The secret_key (secretAccessKey of the profile default in ~/.hcloud/config.json on bastion1) ends",
            id="KooCLI's file",
        ),
        pytest.param(
            IMS,
            "clouds.yaml",
            "clouds:\n  a:\n    auth:\n      user_id: u\n      password: |\n        pw-1\n",
            "The password (auth.password of the cloud a in {home}/clouds.yaml on bastion1) ends in a line",
            id="OpenStack's file",
        ),
    ],
)
def test_refused_in_a_file(home: pathlib.Path, service: t.Any, name: str, content: str, said: str) -> None:
    (home / name).parent.mkdir(exist_ok=True)
    (home / name).write_text(content)
    assert said.format(home=home) in refusal(service, {}, {})
