# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read out of KooCLI's configuration: one line per content of the file."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.credentials import find_settings
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence, validated

# As KooCLI writes a profile.
PROFILE: dict[str, t.Any] = {
    "name": "default",
    "mode": "AKSK",
    "accessKeyId": "ak-koo",
    "secretAccessKey": "sk-koo",
    "securityToken": "",
    "xAuthToken": "",
    "expiresAt": "",
    "region": "cn-north-1",
    "projectId": "p-koo",
    "domainId": "d-koo",
    "readTimeout": 10,
    "connectTimeout": 5,
    "retryCount": 0,
}
CONFIG: dict[str, t.Any] = {"language": "en", "authEncrypt": "false", "current": "default", "profiles": [PROFILE]}
KEYS = {"access_key": "ak-koo", "secret_key": "sk-koo", "region": "cn-north-1", "project_id": "p-koo"}
TOKEN = {**PROFILE, "name": "other", "mode": "token", "xAuthToken": "token-koo", "projectId": ""}


@pytest.fixture(autouse=True)
def home(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A home directory without any credentials, which is the current one as well."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(home: pathlib.Path, config: t.Any, name: str = ".hcloud/config.json") -> pathlib.Path:
    """The configuration: as it is where it is text, else as JSON."""
    path = home / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(config if isinstance(config, bytes) else json.dumps(config).encode())
    return path


def find(environ: dict[str, str], **given: t.Any) -> dict[str, str]:
    """What is found, without what is not."""
    settings, _origins = find_settings(validated(IMS, job_ids="a", **given), environ)
    return {name: value for name, value in vars(settings).items() if value is not None}


def refused(environ: dict[str, str]) -> str:
    """The one sentence with which nothing is found."""
    with pytest.raises(InvalidError) as caught:
        find(environ)
    assert is_sentence(str(caught.value))
    assert "-koo" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("config", "environ", "found"),
    [
        pytest.param(CONFIG, {}, KEYS, id="access keys in plain text"),
        pytest.param({**CONFIG, "authEncrypt": False}, {}, KEYS, id="the flag as a boolean"),
        pytest.param({"current": "default", "profiles": [PROFILE]}, {}, KEYS, id="a file written for Terraform"),
        pytest.param({"profiles": [PROFILE]}, {}, KEYS, id="no current profile: default"),
        pytest.param({**CONFIG, "profiles": [{**PROFILE, "mode": "aksk"}]}, {}, KEYS, id="the mode in small letters"),
        pytest.param({**CONFIG, "profiles": [{**PROFILE, "mode": ""}]}, {}, KEYS, id="no mode"),
        pytest.param(
            {**CONFIG, "profiles": [{**PROFILE, "securityToken": "st-koo"}]},
            {},
            {**KEYS, "security_token": "st-koo"},
            id="temporary keys",
        ),
        pytest.param(
            {**CONFIG, "current": "other", "profiles": [PROFILE, TOKEN]},
            {},
            {"token": "token-koo", "region": "cn-north-1"},
            id="the current profile, a token",
        ),
        pytest.param(
            {**CONFIG, "profiles": [PROFILE, TOKEN]},
            {"HW_PROFILE": "other"},
            {"token": "token-koo", "region": "cn-north-1"},
            id="the profile that Terraform's variable names",
        ),
        pytest.param(b"\xef\xbb\xbf" + json.dumps(CONFIG).encode(), {}, KEYS, id="a byte order mark"),
        pytest.param({**CONFIG, "crypter": "c", "nonce": "n"}, {}, KEYS, id="what encryption has left behind"),
        pytest.param(
            {**CONFIG, "profiles": [{**PROFILE, "projectId": 10**50}]},
            {},
            {**KEYS, "project_id": str(10**50)},
            id="a number for a text",
        ),
    ],
)
def test_found(home: pathlib.Path, config: t.Any, environ: dict[str, str], found: dict[str, str]) -> None:
    write(home, config)
    assert find(environ) == found


@pytest.mark.parametrize(
    ("config", "environ", "said"),
    [
        pytest.param(b"", {}, "config.json (no such file, or an empty one)", id="an empty file"),
        pytest.param({**CONFIG, "authEncrypt": "true"}, {}, "its profile default are encrypted", id="encrypted"),
        pytest.param({**CONFIG, "authEncrypt": True}, {}, "--cli-auth-encrypt=false", id="encrypted, and the way out"),
        pytest.param(
            {"crypter": "c", "nonce": "n", "current": "default", "profiles": [PROFILE]},
            {},
            "are encrypted",
            id="encrypted by an old version",
        ),
        pytest.param(
            {**CONFIG, "authEncrypt": "true", "current": "other", "profiles": [TOKEN]},
            {},
            "its profile other are encrypted",
            id="an encrypted token",
        ),
        pytest.param({**CONFIG, "current": "gone"}, {}, "no profile named gone", id="no such profile"),
        pytest.param(CONFIG, {"HW_PROFILE": "gone"}, "no profile named gone", id="no such profile by the variable"),
        pytest.param(
            {**CONFIG, "profiles": [{**PROFILE, "mode": "ecsAgency"}]},
            {},
            "the profile default is of the mode ecsAgency, not AKSK or token",
            id="another mode",
        ),
        pytest.param(
            {**CONFIG, "profiles": [{"name": "default", "mode": "AKSK"}]},
            {},
            "no keys in its profile default",
            id="a profile without keys",
        ),
        pytest.param(
            {**CONFIG, "profiles": [{**PROFILE, "mode": "token"}]},
            {},
            "no token in its profile default",
            id="a profile without a token",
        ),
        pytest.param(
            {**CONFIG, "profiles": [{**PROFILE, "secretAccessKey": ""}]},
            {},
            "an access key without the secret key",
            id="half a pair",
        ),
        pytest.param(b"{", {}, "line 1, is not JSON", id="no JSON"),
        pytest.param(b'{"profiles": ["sk-koo"]}', {}, "is no configuration of KooCLI", id="no profiles"),
        pytest.param(b"[]", {}, "is no configuration of KooCLI", id="JSON of another shape"),
    ],
)
def test_refused(home: pathlib.Path, config: t.Any, environ: dict[str, str], said: str) -> None:
    write(home, config)
    text = refused(environ)
    assert said in text
    assert "/.hcloud/config.json" in text


def test_the_file_that_the_variable_names(home: pathlib.Path) -> None:
    path = write(home, CONFIG, "koo.json")
    assert find({"HW_SHARED_CONFIG_FILE": str(path)}) == KEYS
    assert "gone.json cannot be read (No such file" in refused({"HW_SHARED_CONFIG_FILE": str(home / "gone.json")})


def test_it_comes_after_the_environment_and_the_file_of_the_sdk(home: pathlib.Path) -> None:
    write(home, CONFIG)
    (home / ".huaweicloud").mkdir()
    (home / ".huaweicloud" / "credentials").write_text("[basic]\nak = ak-sdk\nsk = sk-sdk\n")
    assert find({"HW_AUTH_TOKEN": "t"}) == {"token": "t"}
    assert find({}) == {"access_key": "ak-sdk", "secret_key": "sk-sdk"}
