# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where credentials for Huawei Cloud are found: one line per combination of sources."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.credentials import find_settings
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence, validated
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import short

# One whole set of credentials per source, told apart by their names.
OPTION_KEYS = {"access_key": "ak-option", "secret_key": "sk-option"}
OPTION_TOKEN = {"token": "token-option"}
OPTION_PASSWORD = {"username": "user-option", "password": "password-option", "user_domain_name": "domain-option"}
SDK = {"HUAWEICLOUD_SDK_AK": "ak-sdk", "HUAWEICLOUD_SDK_SK": "sk-sdk"}
HW = {"HW_ACCESS_KEY": "ak-hw", "HW_SECRET_KEY": "sk-hw"}
HW_PASSWORD = {"HW_USER_NAME": "user-hw", "HW_USER_PASSWORD": "password-hw", "HW_DOMAIN_NAME": "domain-hw"}
OS = {"OS_ACCESS_KEY": "ak-os", "OS_SECRET_KEY": "sk-os"}
OS_PASSWORD = {"OS_USERNAME": "user-os", "OS_PASSWORD": "password-os", "OS_USER_DOMAIN_NAME": "domain-os"}
FILE = "[basic]\nak = ak-file\nsk = sk-file\n"


@pytest.fixture(autouse=True)
def home(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A home directory without any credentials."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(home: pathlib.Path, text: str | bytes) -> pathlib.Path:
    """The SDK's credentials file with this content."""
    path = home / ".huaweicloud" / "credentials"
    path.parent.mkdir()
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def find(given: dict[str, t.Any], environ: dict[str, str]) -> dict[str, str]:
    """What is found, without what is not."""
    settings, _origins = find_settings(validated(IMS, job_ids="a", **given), environ)
    return {name: value for name, value in vars(settings).items() if value is not None}


def refused(given: dict[str, t.Any], environ: dict[str, str]) -> str:
    """The one sentence with which nothing is found."""
    with pytest.raises(InvalidError) as caught:
        find_settings(validated(IMS, job_ids="a", **given), environ, "bastion1")
    assert is_sentence(str(caught.value))
    return str(caught.value)


@pytest.mark.parametrize(
    ("given", "environ", "file", "found"),
    [
        # each source by itself
        (OPTION_KEYS, {}, None, {"access_key": "ak-option", "secret_key": "sk-option"}),
        (OPTION_TOKEN, {}, None, {"token": "token-option"}),
        (OPTION_PASSWORD, {}, None, OPTION_PASSWORD),
        ({}, SDK, None, {"access_key": "ak-sdk", "secret_key": "sk-sdk"}),
        ({}, HW, None, {"access_key": "ak-hw", "secret_key": "sk-hw"}),
        ({}, {"HW_AUTH_TOKEN": "token-hw"}, None, {"token": "token-hw"}),
        ({}, HW_PASSWORD, None, {"username": "user-hw", "password": "password-hw", "user_domain_name": "domain-hw"}),
        ({}, OS, None, {"access_key": "ak-os", "secret_key": "sk-os"}),
        ({}, {"OS_TOKEN": "token-os"}, None, {"token": "token-os"}),
        ({}, {"OS_AUTH_TOKEN": "token-os"}, None, {"token": "token-os"}),
        ({}, OS_PASSWORD, None, {"username": "user-os", "password": "password-os", "user_domain_name": "domain-os"}),
        ({}, {}, FILE, {"access_key": "ak-file", "secret_key": "sk-file"}),
        # the order: options, the SDK's names, Terraform's, OpenStack's, the file
        (OPTION_KEYS, {**SDK, **HW, **OS}, FILE, {"access_key": "ak-option", "secret_key": "sk-option"}),
        (OPTION_TOKEN, {**SDK, **HW, **OS}, FILE, {"token": "token-option"}),
        ({}, {**SDK, **HW, **OS}, FILE, {"access_key": "ak-sdk", "secret_key": "sk-sdk"}),
        ({}, {**HW, **OS}, FILE, {"access_key": "ak-hw", "secret_key": "sk-hw"}),
        ({}, {**OS_PASSWORD, **HW}, FILE, {"access_key": "ak-hw", "secret_key": "sk-hw"}),
        ({}, OS, FILE, {"access_key": "ak-os", "secret_key": "sk-os"}),
        # whichever way to sign in, the earlier source is used whole
        ({}, {"HW_AUTH_TOKEN": "token-hw", **OS}, FILE, {"token": "token-hw"}),
        ({}, {**SDK, **HW_PASSWORD}, None, {"access_key": "ak-sdk", "secret_key": "sk-sdk"}),
        # temporary keys
        ({**OPTION_KEYS, "security_token": "st"}, {}, None, {**OPTION_KEYS, "security_token": "st"}),
        (
            {},
            {**SDK, "HUAWEICLOUD_SDK_SECURITY_TOKEN": "st-sdk"},
            None,
            {"access_key": "ak-sdk", "secret_key": "sk-sdk", "security_token": "st-sdk"},
        ),
        (
            {},
            {},
            FILE + "security_token = st-file\n",
            {"access_key": "ak-file", "secret_key": "sk-file", "security_token": "st-file"},
        ),
        (
            {},
            {**HW, "HW_SECURITY_TOKEN": "st-hw", "OS_SECURITY_TOKEN": "st-os"},
            None,
            {"access_key": "ak-hw", "secret_key": "sk-hw", "security_token": "st-hw"},
        ),
        (
            {},
            {**OS, "OS_SECURITY_TOKEN": "st-os", "HUAWEICLOUD_SDK_SECURITY_TOKEN": "st-sdk"},
            None,
            {"access_key": "ak-os", "secret_key": "sk-os", "security_token": "st-os"},
        ),
        # a security token of another source belongs to other keys
        (OPTION_KEYS, {"HW_SECURITY_TOKEN": "st-hw"}, None, OPTION_KEYS),
        ({}, {**SDK, "HW_SECURITY_TOKEN": "st-hw"}, None, {"access_key": "ak-sdk", "secret_key": "sk-sdk"}),
        # a name without a password is no set; the next source that is whole counts
        ({}, {"HW_USER_NAME": "user-hw", **OS}, None, {"access_key": "ak-os", "secret_key": "sk-os"}),
        ({}, {"OS_PASSWORD": "password-os"}, FILE, {"access_key": "ak-file", "secret_key": "sk-file"}),
        # a variable that is set to nothing is not set
        ({}, {"HUAWEICLOUD_SDK_AK": "", **HW}, None, {"access_key": "ak-hw", "secret_key": "sk-hw"}),
        ({"access_key": "", "secret_key": ""}, HW, None, {"access_key": "ak-hw", "secret_key": "sk-hw"}),
        # a user's id needs no domain
        ({}, {"HW_USER_ID": "id-hw", "HW_USER_PASSWORD": "p"}, None, {"user_id": "id-hw", "password": "p"}),
        ({}, {"OS_USER_ID": "id-os", "OS_PASSWORD": "p"}, None, {"user_id": "id-os", "password": "p"}),
        (
            {},
            {"HW_USER_NAME": "u", "HW_USER_PASSWORD": "p", "HW_DOMAIN_ID": "d"},
            None,
            {"username": "u", "password": "p", "user_domain_id": "d"},
        ),
        # OpenStack's older names, where the newer ones are not set
        (
            {},
            {"OS_TOKEN": "new", "OS_AUTH_TOKEN": "old", "OS_TENANT_ID": "p-old", "OS_PROJECT_ID": "p-new"},
            None,
            {"token": "new", "project_id": "p-new"},
        ),
        (
            {},
            {"OS_TOKEN": "t", "OS_TENANT_ID": "p-old", "OS_TENANT_NAME": "name-old"},
            None,
            {"token": "t", "project_id": "p-old", "project_name": "name-old"},
        ),
        (
            {},
            {"OS_USERNAME": "user-os", "OS_PASSWORD": "password-os", "OS_DOMAIN_NAME": "old"},
            None,
            {"username": "user-os", "password": "password-os", "user_domain_name": "old"},
        ),
    ],
)
def test_source(
    home: pathlib.Path, given: dict[str, t.Any], environ: dict[str, str], file: str | None, found: dict[str, str]
) -> None:
    if file is not None:
        write(home, file)
    assert find(given, environ) == found


TOKEN = {"token": "t"}


@pytest.mark.parametrize(
    ("given", "environ", "name", "value"),
    [
        # where the service is, and which project, need not come from where the credentials come from
        (TOKEN, {"HW_REGION_NAME": "r-hw"}, "region", "r-hw"),
        (TOKEN, {"OS_REGION_NAME": "r-os"}, "region", "r-os"),
        (TOKEN, {"HW_REGION_NAME": "r-hw", "OS_REGION_NAME": "r-os"}, "region", "r-hw"),
        ({**TOKEN, "region": "r"}, {"HW_REGION_NAME": "r-hw"}, "region", "r"),
        (TOKEN, {"HW_AUTH_URL": "https://a", "OS_AUTH_URL": "https://b"}, "auth_url", "https://a"),
        (TOKEN, {"OS_AUTH_URL": "https://b"}, "auth_url", "https://b"),
        ({**TOKEN, "auth_url": "https://c"}, {"HW_AUTH_URL": "https://a"}, "auth_url", "https://c"),
        (TOKEN, {"HUAWEICLOUD_SDK_PROJECT_ID": "p-sdk", "HW_PROJECT_ID": "p-hw"}, "project_id", "p-sdk"),
        (TOKEN, {"HW_PROJECT_ID": "p-hw", "OS_PROJECT_ID": "p-os"}, "project_id", "p-hw"),
        (TOKEN, {"HW_PROJECT_NAME": "n-hw", "OS_PROJECT_NAME": "n-os"}, "project_name", "n-hw"),
        (TOKEN, {"OS_PROJECT_NAME": "n-os", "OS_TENANT_NAME": "n-old"}, "project_name", "n-os"),
        # the source of the credentials goes before the others
        ({}, {**OS, "OS_REGION_NAME": "r-os", "HW_REGION_NAME": "r-hw"}, "region", "r-os"),
        ({}, {**OS, "OS_PROJECT_ID": "p-os", "HUAWEICLOUD_SDK_PROJECT_ID": "p-sdk"}, "project_id", "p-os"),
        # an address of another source than the credentials' own counts only where the options say nothing of the place
        ({**TOKEN, "region": "r"}, {"OS_AUTH_URL": "https://b"}, "auth_url", None),
        ({**TOKEN, "region": "r"}, {"HW_AUTH_URL": "https://a"}, "auth_url", None),
        ({**TOKEN, "endpoint": "https://h"}, {"HW_AUTH_URL": "https://a"}, "auth_url", None),
        ({**TOKEN, "cloud": "c.example.com"}, {"HW_AUTH_URL": "https://a"}, "auth_url", None),
        ({**TOKEN, "region": "r"}, {"HW_CLOUD": "c.example.com"}, "cloud", None),
        ({**TOKEN, "auth_url": "https://c"}, {"HW_CLOUD": "c.example.com"}, "cloud", None),
        ({"use_agency": True, "region": "r"}, {"HW_AUTH_URL": "https://a"}, "auth_url", None),
        ({"region": "r"}, {**SDK, "OS_AUTH_URL": "https://b"}, "auth_url", None),
        ({"region": "r"}, {**HW, "HW_AUTH_URL": "https://a"}, "auth_url", "https://a"),
        ({"region": "r"}, {**HW, "HW_CLOUD": "c.example.com"}, "cloud", "c.example.com"),
        # one spelling, whatever it is written like
        ({**TOKEN, "region": "CN-North-4"}, {}, "region", "cn-north-4"),
        (TOKEN, {"HW_REGION_NAME": "CN-North-4"}, "region", "cn-north-4"),
        ({**TOKEN, "cloud": "OTC.T-Systems.com"}, {}, "cloud", "otc.t-systems.com"),
        ({**TOKEN, "cloud": "MyHuaweiCloud.com"}, {"HW_CLOUD": "c.example.com"}, "cloud", "c.example.com"),
        ({**TOKEN, "region": "R"}, {"HW_REGION_NAME": "r", "HW_PROJECT_ID": "p-hw"}, "project_id", "p-hw"),
        # a cloud other than the default one, by option and by variable
        ({**TOKEN, "cloud": "otc.t-systems.com"}, {"HW_CLOUD": "myhuaweicloud.eu"}, "cloud", "otc.t-systems.com"),
        (TOKEN, {"HW_CLOUD": "myhuaweicloud.eu"}, "cloud", "myhuaweicloud.eu"),
        (TOKEN, {}, "cloud", None),
        # a project that was set up with another region is not meant
        ({**TOKEN, "region": "r"}, {"HW_REGION_NAME": "r-hw", "HW_PROJECT_ID": "p-hw"}, "project_id", None),
        ({**TOKEN, "region": "r"}, {"HW_REGION_NAME": "r-hw", "HW_PROJECT_NAME": "n-hw"}, "project_name", None),
        ({**TOKEN, "region": "r"}, {"HW_REGION_NAME": "r", "HW_PROJECT_ID": "p-hw"}, "project_id", "p-hw"),
        ({**TOKEN, "region": "r"}, {"HUAWEICLOUD_SDK_PROJECT_ID": "p-sdk"}, "project_id", "p-sdk"),
        (
            {**TOKEN, "region": "r"},
            {"HW_REGION_NAME": "r-hw", "HW_PROJECT_ID": "p-hw", "OS_REGION_NAME": "r", "OS_PROJECT_ID": "p-os"},
            "project_id",
            "p-os",
        ),
        ({}, {**HW, "HW_REGION_NAME": "r-hw", "HW_PROJECT_ID": "p-hw"}, "project_id", "p-hw"),
        # a project that the options name goes before a name or an id from elsewhere
        ({**TOKEN, "project_name": "n"}, {"HW_PROJECT_ID": "p-hw"}, "project_id", None),
        ({**TOKEN, "project_name": "n"}, {"HW_PROJECT_ID": "p-hw"}, "project_name", "n"),
        ({**TOKEN, "project_id": "p"}, {"HW_PROJECT_NAME": "n-hw"}, "project_name", None),
        ({**TOKEN, "project_id": "p", "project_name": "n"}, {"HW_PROJECT_ID": "p-hw"}, "project_id", "p"),
        ({**TOKEN, "project_id": "p", "project_name": "n"}, {"HW_PROJECT_NAME": "n-hw"}, "project_name", "n"),
        # names and domains are part of the credentials, not of the place
        ({**TOKEN}, HW_PASSWORD, "username", None),
        ({**TOKEN}, HW_PASSWORD, "user_domain_name", None),
        # a login without its domain is no whole set: the next source has one
        ({}, {"HW_USER_NAME": "u", "HW_USER_PASSWORD": "p", **OS_PASSWORD}, "username", "user-os"),
    ],
    ids=short,
)
def test_place(given: dict[str, t.Any], environ: dict[str, str], name: str, value: str | None) -> None:
    assert find(given, environ).get(name) == value


@pytest.mark.parametrize(
    ("given", "environ", "file", "said"),
    [
        # a login without its domain
        ({"username": "u", "password": "p"}, HW_PASSWORD, None, ["user u", "user_domain_name", "HW_DOMAIN_NAME"]),
        ({}, {"HW_USER_NAME": "u", "HW_USER_PASSWORD": "p"}, None, ["user u", "user_domain_name"]),
        # half a pair of keys is a mistake and not passed over, whatever else there is
        ({"access_key": "ak"}, HW, FILE, ["options", "an access key", "secret_key"]),
        ({"secret_key": "sk"}, HW, FILE, ["options", "a secret key", "access_key"]),
        ({}, {"HUAWEICLOUD_SDK_AK": "ak", **HW}, FILE, ["HUAWEICLOUD_SDK_", "an access key", "HUAWEICLOUD_SDK_SK"]),
        ({}, {"HUAWEICLOUD_SDK_SK": "sk", **HW}, FILE, ["HUAWEICLOUD_SDK_", "a secret key", "HUAWEICLOUD_SDK_AK"]),
        ({}, {"HW_ACCESS_KEY": "ak"}, FILE, ["HW_", "an access key", "HW_SECRET_KEY"]),
        ({}, {"HW_SECRET_KEY": "sk", **OS}, None, ["HW_", "a secret key", "HW_ACCESS_KEY"]),
        ({}, {"OS_ACCESS_KEY": "ak"}, FILE, ["OS_", "an access key"]),
        ({}, {}, "[basic]\nak = ak-file\n", [".huaweicloud/credentials", "an access key", "the secret key"]),
        ({}, {}, "[basic]\nsk = sk-file\nak =\n", [".huaweicloud/credentials", "a secret key", "the access key"]),
        # halves of two sources are no pair
        ({"access_key": "ak"}, {"HW_SECRET_KEY": "sk"}, None, ["options"]),
        ({}, {"HUAWEICLOUD_SDK_AK": "ak", "HW_SECRET_KEY": "sk"}, None, ["HUAWEICLOUD_SDK_"]),
        ({}, {"HW_ACCESS_KEY": "ak", "OS_SECRET_KEY": "sk"}, None, ["HW_"]),
        ({}, {"HW_SECRET_KEY": "sk"}, "[basic]\nak = ak-file\n", ["HW_"]),
        # a name without a password, and the other way round
        ({"username": "u"}, HW, None, ["username", "password"]),
        ({"password": "p"}, HW, None, ["username", "password"]),
        # two ways to sign in
        ({**OPTION_TOKEN, **OPTION_KEYS}, {}, None, ["token and access_key"]),
        ({**OPTION_KEYS, **OPTION_PASSWORD}, {}, None, ["access_key and username"]),
        ({**OPTION_TOKEN, **OPTION_KEYS, **OPTION_PASSWORD}, {}, None, ["token and access_key and username"]),
        ({**OPTION_TOKEN, "use_agency": True}, {}, None, ["token and use_agency"]),
        # nothing: options and variables that would help
        ({}, {}, None, ["access_key", "secret_key", "token", "HW_ACCESS_KEY", "HUAWEICLOUD_SDK_AK", "OS_USERNAME"]),
        ({"region": "r", "project_id": "p"}, {"HW_REGION_NAME": "r"}, None, ["access_key", "HW_ACCESS_KEY"]),
        ({}, {"HW_USER_NAME": "user-hw"}, "", ["access_key", "HW_ACCESS_KEY"]),
        # temporary keys lack the keys
        ({"security_token": "st"}, {}, None, ["access_key", "secret_key"]),
    ],
)
def test_refused(
    home: pathlib.Path, given: dict[str, t.Any], environ: dict[str, str], file: str | None, said: list[str]
) -> None:
    if file is not None:
        write(home, file)
    text = refused(given, environ)
    assert [part for part in said if part not in text] == []
    # no secret appears in it
    for secret in ("ak-", "sk-", "token-option", "password-option"):
        assert secret not in text


@pytest.mark.parametrize(
    ("environ", "file", "said"),
    [
        pytest.param({}, None, "/.huaweicloud/credentials (no such file)", id="no file"),
        pytest.param({}, "", "/.huaweicloud/credentials (an empty file)", id="an empty file"),
        pytest.param({}, "[default]\nak = a\nsk = b\n", "(no section [basic], but [default])", id="another section"),
        pytest.param({}, "[global]\nak = a\nsk = b\n", "(no section [basic], but [global])", id="only [global]"),
        pytest.param({}, "[basic]\naccess_key = a\n", "(neither ak nor sk in its section [basic])", id="other keys"),
        pytest.param({}, None, "the options (no credentials)", id="nothing in the options"),
        pytest.param({}, None, "HUAWEICLOUD_SDK_* in the environment (no credentials)", id="no variables of the SDK"),
        pytest.param({"HW_USER_NAME": "u"}, None, "HW_* in the environment (a user without a password)", id="a user"),
        pytest.param({"OS_PASSWORD": "p"}, None, "OS_* in the environment (a password without a user)", id="no user"),
        pytest.param(
            {"HW_SECURITY_TOKEN": "s"},
            None,
            "HW_* in the environment (a security token without keys)",
            id="a security token",
        ),
        pytest.param(
            {"HW_USER_ID": "u"}, None, "HW_* in the environment (a user without a password)", id="a user's id"
        ),
        pytest.param({}, None, "/.hcloud/config.json (no such file, or an empty one)", id="no file of KooCLI"),
        pytest.param({}, None, "clouds.yaml (no such file in ", id="no clouds.yaml"),
    ],
)
def test_what_each_place_lacks(home: pathlib.Path, environ: dict[str, str], file: str | None, said: str) -> None:
    if file is not None:
        write(home, file)
    assert said in refused({}, environ)


@pytest.mark.parametrize(
    ("given", "environ", "file", "name", "origin"),
    [
        (OPTION_KEYS, {}, None, "secret_key", "option secret_key"),
        ({}, HW, None, "secret_key", "HW_SECRET_KEY in the environment of bastion1"),
        ({}, {"OS_AUTH_TOKEN": "t"}, None, "token", "OS_AUTH_TOKEN in the environment of bastion1"),
        ({}, {}, FILE, "secret_key", "key sk in ~/.huaweicloud/credentials on bastion1"),
        (OPTION_KEYS, {"HW_REGION_NAME": "r"}, None, "region", "HW_REGION_NAME in the environment of bastion1"),
        ({**OPTION_KEYS, "region": "r"}, {"HW_REGION_NAME": "s"}, None, "region", "option region"),
    ],
    ids=short,
)
def test_where_it_stands(
    home: pathlib.Path, given: dict[str, t.Any], environ: dict[str, str], file: str | None, name: str, origin: str
) -> None:
    if file is not None:
        write(home, file)
    _settings, origins = find_settings(validated(IMS, job_ids="a", **given), environ, "bastion1")
    assert origins[name] == origin


def test_agency_needs_no_credentials() -> None:
    assert find({"use_agency": True, "region": "r"}, {}) == {"region": "r"}


def test_agency_asks_no_other_source() -> None:
    # neither a whole pair in the environment, nor half of one, matters to somebody who does not use it
    environ = {**SDK, "HW_ACCESS_KEY": "ak", "HW_PROJECT_ID": "p-hw"}
    assert find({"use_agency": True, "region": "r"}, environ) == {"region": "r", "project_id": "p-hw"}


@pytest.mark.parametrize(
    ("file", "found"),
    [
        ("[basic]\nak=a\nsk=b\n", {"access_key": "a", "secret_key": "b"}),
        ("[basic]\r\nak = a\r\nsk = b\r\n", {"access_key": "a", "secret_key": "b"}),
        ("\ufeff[basic]\nak = a\nsk = b\n", {"access_key": "a", "secret_key": "b"}),
        # comments, other sections, other keys, the other sign
        (
            "# mine\n[global]\ndomain_id = d\nak = g\nsk = g\n[basic]\n; keys\nak: a\nsk: b\nidp_id = i\n",
            {"access_key": "a", "secret_key": "b"},
        ),
        # a secret may hold any character
        ("[basic]\nak = %a%(x)s\nsk = b=b;#/+ü\n", {"access_key": "%a%(x)s", "secret_key": "b=b;#/+ü"}),
        (
            "[basic]\nak = a\nsk = b\nproject_id = p\niam_endpoint = https://iam.example.com\n",
            {"access_key": "a", "secret_key": "b", "project_id": "p", "auth_url": "https://iam.example.com"},
        ),
    ],
)
def test_file(home: pathlib.Path, file: str, found: dict[str, str]) -> None:
    write(home, file)
    assert find({}, {}) == found


@pytest.mark.parametrize(
    ("file", "line"),
    [
        # a line that says nothing
        ("[basic]\nak = ak-file\nsk-file\n", "line 3"),
        ("[basic]\n\n\n= sk-file\n", "line 4"),
        # a section that is not closed
        ("[basic\nak = ak-file\nsk = sk-file\n", "line 1"),
        # keys without a section
        ("ak = ak-file\nsk = sk-file\n", "line 1"),
        # the same twice
        ("[basic]\nak = ak-file\nsk = sk-file\nak = ak-file\n", "line 4"),
        ("[basic]\nak = ak-file\n[basic]\nsk = sk-file\n", "line 3"),
        # several bad lines
        ("[basic]\nak-file\nsk-file\n", "line 2, 3"),
        # something else entirely
        ('{"ak": "ak-file"}\n', "line 1"),
        # not text
        (b"[basic]\nak = ak-file\nsk = sk-file\xff\n", "not UTF-8"),
        ("[basic]\nak = ak-file\nsk = sk-file\n".encode("utf-16"), "not UTF-8"),
    ],
    ids=short,
)
def test_malformed_file(home: pathlib.Path, file: str | bytes, line: str) -> None:
    path = write(home, file)
    text = refused({}, {})
    assert str(path) in text
    assert line in text
    # file and line, never what stands there
    assert "-file" not in text


def test_unreadable_file(home: pathlib.Path) -> None:
    # a directory in its place cannot be read, not even by root
    (home / ".huaweicloud" / "credentials").mkdir(parents=True)
    text = refused({}, {})
    assert f"{home}/.huaweicloud/credentials cannot be read (Is a directory)" in text


@pytest.mark.parametrize("name", ["keys.ini", "~/keys.ini"])
def test_file_of_another_name(home: pathlib.Path, name: str) -> None:
    write(home, FILE)
    (home / "keys.ini").write_text("[basic]\nak = ak-other\nsk = sk-other\n")
    named = name if name.startswith("~") else str(home / name)
    found = find({}, {"HUAWEICLOUD_SDK_CREDENTIALS_FILE": named})
    assert found == {"access_key": "ak-other", "secret_key": "sk-other"}


def test_half_a_pair_in_a_file_of_another_name(home: pathlib.Path) -> None:
    (home / "keys.ini").write_text("[basic]\nak = ak-other\n")
    text = refused({}, {"HUAWEICLOUD_SDK_CREDENTIALS_FILE": str(home / "keys.ini")})
    assert f"The credentials in {home}/keys.ini on bastion1 name an access key without the secret key" in text


def test_missing_file_that_was_named(home: pathlib.Path) -> None:
    # who names a file means it: the usual one is no substitute
    write(home, FILE)
    text = refused({}, {"HUAWEICLOUD_SDK_CREDENTIALS_FILE": str(home / "nowhere.ini")})
    assert f"{home}/nowhere.ini cannot be read (No such file or directory)" in text


def test_a_file_that_is_not_needed_is_not_read(home: pathlib.Path) -> None:
    write(home, "this is no credentials file")
    assert find({}, SDK) == {"access_key": "ak-sdk", "secret_key": "sk-sdk"}


@pytest.mark.parametrize(
    ("gone", "found"),
    [
        pytest.param(0, "sdk", id="the SDK's"),
        pytest.param(1, "koo", id="then KooCLI's"),
        pytest.param(2, "os", id="then OpenStack's"),
    ],
)
def test_the_order_of_files(home: pathlib.Path, gone: int, found: str) -> None:
    files = {
        ".huaweicloud/credentials": "[basic]\nak = sdk\nsk = s\n",
        ".hcloud/config.json": '{"profiles": [{"name": "default", "accessKeyId": "koo", "secretAccessKey": "s"}]}',
        ".config/openstack/clouds.yaml": "clouds: {work: {ak: os, sk: s}}\n",
    }
    for name, text in list(files.items())[gone:]:
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text(text)
    assert find({}, {})["access_key"] == found
