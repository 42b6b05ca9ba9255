# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read out of OpenStack's clouds.yaml: one line per content of the file, and per place where it lies."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds import yaml_file
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud import credentials
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud.sources import clouds_yaml
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence, validated

PASSWORD = """
clouds:
  work:
    region_name: EU-DE
    auth:
      auth_url: https://iam.example.com/v3
      username: user-os
      password: 0123
      project_name: name-os
      user_domain_name: domain-os
      project_domain_id: default
  other:
    auth: {token: token-os}
    auth_type: v3token
"""
USER = {
    "username": "user-os",
    "password": "0123",
    "user_domain_name": "domain-os",
    "project_name": "name-os",
    "project_domain_id": "default",
    "region": "eu-de",
    "auth_url": "https://iam.example.com/v3",
}
WORK = {"OS_CLOUD": "work"}


@pytest.fixture(autouse=True)
def home(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A home directory without any credentials, beside the current and the system's one."""
    for name in ("home", "here", "etc"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(clouds_yaml, "SYSTEM_FOLDER", str(tmp_path / "etc"))
    return tmp_path


def write(home: pathlib.Path, name: str, text: str | bytes) -> None:
    """A file at one of the places."""
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def find(environ: dict[str, str], **given: t.Any) -> dict[str, str]:
    """What is found, without what is not."""
    settings, _origins = credentials.find_settings(validated(IMS, job_ids="a", **given), environ)
    return {name: value for name, value in vars(settings).items() if value is not None}


def refused(environ: dict[str, str]) -> str:
    """The one sentence with which nothing is found."""
    with pytest.raises(InvalidError) as caught:
        find(environ)
    assert is_sentence(str(caught.value))
    assert "secret" not in str(caught.value).replace("secret_key", "").replace("secret key", "")
    return str(caught.value)


def cloud(**said: t.Any) -> str:
    """A file with one cloud."""
    lines = ["clouds:", "  work:", *(f"    {name}: {value}" for name, value in said.items())]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "environ", "found"),
    [
        pytest.param(PASSWORD, WORK, USER, id="a password"),
        pytest.param(PASSWORD, {"OS_CLOUD": "other"}, {"token": "token-os"}, id="a token"),
        pytest.param("\ufeff" + PASSWORD, WORK, USER, id="a byte order mark"),
        pytest.param(PASSWORD.replace("\n", "\r\n"), WORK, USER, id="Windows line ends"),
        pytest.param(cloud(auth="{token: t}"), {}, {"token": "t"}, id="the only cloud, without OS_CLOUD"),
        pytest.param(
            cloud(ak="a", sk="s", profile="otc", region_name="eu-nl"),
            WORK,
            {"access_key": "a", "secret_key": "s", "region": "eu-nl"},
            id="keys as Open Telekom Cloud writes them",
        ),
        pytest.param(
            cloud(auth="{ak: a, sk: s, security_token: st, project_id: p}"),
            WORK,
            {"access_key": "a", "secret_key": "s", "security_token": "st", "project_id": "p"},
            id="keys under auth",
        ),
        pytest.param(
            cloud(access_key="a", secret_key="s"), WORK, {"access_key": "a", "secret_key": "s"}, id="keys, long names"
        ),
        pytest.param(
            cloud(auth="{user_id: u, password: p, project_id: pid}", regions="[{name: eu-de}, eu-nl]"),
            WORK,
            {"user_id": "u", "password": "p", "project_id": "pid", "region": "eu-de"},
            id="a user's id needs no domain; the first region",
        ),
        pytest.param(
            cloud(
                auth="{user_id: u, password: p, auth_url: 'https://iam.{region_name}.c.example.com'}", region_name="r"
            ),
            WORK,
            {"user_id": "u", "password": "p", "region": "r", "auth_url": "https://iam.r.c.example.com"},
            id="the region within the address",
        ),
        pytest.param(
            "base: &b {password: p, user_domain_id: d}\nclouds: {work: {auth: {<<: *b, username: 2e3}}}",
            WORK,
            {"username": "2e3", "password": "p", "user_domain_id": "d"},
            id="a merge key",
        ),
        pytest.param(
            cloud(auth="{token: t, tenant_name: n}", auth_type="token"),
            WORK,
            {"token": "t", "project_name": "n"},
            id="an old name",
        ),
    ],
)
def test_found(home: pathlib.Path, text: str, environ: dict[str, str], found: dict[str, str]) -> None:
    write(home, "here/clouds.yaml", text)
    assert find(environ) == found


@pytest.mark.parametrize(
    ("files", "environ", "token"),
    [
        pytest.param(["here/clouds.yaml", "home/.config/openstack/clouds.yaml"], {}, "0", id="the current directory"),
        pytest.param(["home/.config/openstack/clouds.yaml", "etc/clouds.yaml"], {}, "0", id="the user's"),
        pytest.param(["etc/clouds.yaml"], {}, "0", id="the system's"),
        pytest.param(["here/clouds.yml"], {}, "0", id="the other ending"),
        pytest.param(["xdg/openstack/clouds.yaml", "etc/clouds.yaml"], {"XDG_CONFIG_HOME": "xdg"}, "0", id="XDG"),
        pytest.param(["mine.yaml", "here/clouds.yaml"], {"OS_CLIENT_CONFIG_FILE": "mine.yaml"}, "0", id="a named one"),
        pytest.param(["here/clouds.yaml"], {"OS_CLIENT_CONFIG_FILE": "gone.yaml"}, "0", id="a named one that is gone"),
    ],
)
def test_the_first_place_counts(home: pathlib.Path, files: list[str], environ: dict[str, str], token: str) -> None:
    for number, name in enumerate(files):
        write(home, name, cloud(auth=f"{{token: '{number}'}}"))
    paths = {name: str(home / value) for name, value in environ.items()}
    assert find({**WORK, **paths}) == {"token": token}


@pytest.mark.parametrize("place", ["here/secure.yaml", "home/.config/openstack/secure.yml", "etc/secure.json", "mine"])
def test_secure_yaml_goes_before(home: pathlib.Path, place: str) -> None:
    write(home, "etc/clouds.yaml", cloud(auth="{user_id: u, password: old}", region_name="r"))
    write(home, place, '{"clouds": {"work": {"auth": {"password": "new"}}}}')
    environ = {**WORK, "OS_CLIENT_SECURE_FILE": str(home / "mine")}
    assert find(environ) == {"user_id": "u", "password": "new", "region": "r"}


@pytest.mark.parametrize(
    ("text", "environ", "said"),
    [
        pytest.param("", WORK, "no cloud named work; it has none", id="an empty file"),
        pytest.param(PASSWORD, {}, "OS_CLOUD names none of its clouds; it has work, other", id="without OS_CLOUD"),
        pytest.param(PASSWORD, {"OS_CLOUD": "gone"}, "no cloud named gone", id="no such cloud"),
        pytest.param(
            cloud(auth="{username: u}"), WORK, "a user without a password in its cloud work", id="no password"
        ),
        pytest.param(cloud(auth="{password: ~}"), WORK, "no credentials in its cloud work", id="null"),
        pytest.param(cloud(ak="a"), WORK, "an access key without the secret key", id="half a pair"),
        *(
            pytest.param(cloud(auth_type=name, auth="{username: u}"), WORK, f"by auth_type {name},", id=name)
            for name in ("v3oidcpassword", "v3oidcaccesstoken", "v3applicationcredential", "v3websso", "none")
        ),
        pytest.param("clouds: [secret\n", WORK, "line 2, is not YAML that can be read", id="no YAML"),
        pytest.param("clouds: {a: !!python/object:x.y {}}", WORK, "line 1, is not YAML", id="an object"),
        pytest.param("clouds: {a: !!timestamp secret}", WORK, "is not YAML", id="no date"),
        pytest.param("[" * 100_000, WORK, "is not YAML", id="too deep"),
        pytest.param("clouds: secret", WORK, "has no clouds by name", id="another shape"),
        pytest.param("- secret", WORK, "has no clouds by name", id="a list"),
        pytest.param(b"clouds: {a: \xff}", WORK, "is not UTF-8 text", id="not UTF-8"),
        pytest.param(
            "a: &a {x: 1}\n" + "".join(f"b{n}: &b{n} {{<<: [{'*a, ' * 30}]}}\n" for n in range(9)),
            WORK,
            "is not YAML that can be read",
            id="aliases without an end",
        ),
    ],
)
def test_refused(home: pathlib.Path, text: str | bytes, environ: dict[str, str], said: str) -> None:
    write(home, "here/clouds.yaml", text)
    sentence = refused(environ)
    assert said in sentence
    assert f"{home}/here/clouds.yaml" in sentence


def test_every_place_is_named_where_there_is_none(home: pathlib.Path) -> None:
    text = refused(WORK)
    assert f"clouds.yaml (no such file in the current directory, ~/.config/openstack or {home}/etc)" in text


def test_a_machine_without_yaml_says_so(home: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_file, "HAS_YAML", False)
    write(home, "here/clouds.yaml", PASSWORD)
    assert "clouds.yaml (it takes the Python library PyYAML, which this machine lacks)" in refused(WORK)
    # JSON takes no library
    write(home, "here/clouds.json", '{"clouds": {"work": {"auth": {"token": "t"}}}}')
    (home / "here" / "clouds.yaml").unlink()
    assert find(WORK) == {"token": "t"}
