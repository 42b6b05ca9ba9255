# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where credentials for UCloud are found: one line per combination of sources."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.ucloud.credentials import find_settings
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence, validated
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.wrong import short

OPTIONS = {"public_key": "pub-option", "private_key": "priv-option"}
ENVIRON = {"UCLOUD_PUBLIC_KEY": "pub-env", "UCLOUD_PRIVATE_KEY": "priv-env"}
# The files as UCloud's command line tool writes them: the second profile is the active one.
CONFIG: list[t.Any] = [
    {
        "profile": "default",
        "active": False,
        "project_id": "org-default",
        "region": "cn-sh2",
        "zone": "cn-sh2-01",
        "base_url": "https://api.ucloud.cn/",
        "timeout_sec": 15,
    },
    {
        "profile": "work",
        "active": True,
        "project_id": "org-work",
        "region": "cn-wlcb",
        "base_url": "https://work.example.com/",
    },
]
CREDENTIAL: list[t.Any] = [
    {"profile": "default", "public_key": "pub-default", "private_key": "priv-default", "cookie": "", "csrf_token": ""},
    {"profile": "work", "public_key": "pub-work", "private_key": "priv-work"},
]
WORK = {
    "public_key": "pub-work",
    "private_key": "priv-work",
    "project_id": "org-work",
    "region": "cn-wlcb",
    "endpoint": "https://work.example.com/",
}
DEFAULT = {
    "public_key": "pub-default",
    "private_key": "priv-default",
    "project_id": "org-default",
    "region": "cn-sh2",
    "endpoint": "https://api.ucloud.cn/",
}
FROM_ENVIRON = {"public_key": "pub-env", "private_key": "priv-env"}


@pytest.fixture(autouse=True)
def home(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A home directory without any credentials."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def write(home: pathlib.Path, name: str, content: t.Any) -> pathlib.Path:
    """One of the tool's files: as it is where it is text, else as JSON."""
    path = home / ".ucloud" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def find(given: dict[str, t.Any], environ: dict[str, str]) -> dict[str, str]:
    """What is found, without what is not."""
    settings, _origins = find_settings(validated(UPHONE, job_ids="a", **given), environ)
    return {name: value for name, value in vars(settings).items() if value is not None}


def refused(given: dict[str, t.Any], environ: dict[str, str]) -> str:
    """The one sentence with which nothing is found."""
    with pytest.raises(InvalidError) as caught:
        find_settings(validated(UPHONE, job_ids="a", **given), environ, "bastion1")
    assert is_sentence(str(caught.value))
    return str(caught.value)


@pytest.mark.parametrize(
    ("given", "environ", "files", "found"),
    [
        # each source by itself; of the files, the active profile
        (OPTIONS, {}, False, OPTIONS),
        ({}, ENVIRON, False, FROM_ENVIRON),
        ({}, {}, True, WORK),
        # the order: options, environment, files
        (OPTIONS, ENVIRON, True, OPTIONS),
        ({}, ENVIRON, True, FROM_ENVIRON),
        # another profile, by option and by variable
        ({"profile": "default"}, {}, True, DEFAULT),
        ({}, {"UCLOUD_PROFILE": "default"}, True, DEFAULT),
        ({"profile": "work"}, {"UCLOUD_PROFILE": "default"}, True, WORK),
        # the option says that the keys come from the files; the variable only says from which profile
        ({"profile": "default"}, ENVIRON, True, DEFAULT),
        ({}, {**ENVIRON, "UCLOUD_PROFILE": "default"}, True, FROM_ENVIRON),
        # half a pair in the environment does not matter to somebody who names a profile, or has keys
        ({"profile": "work"}, {"UCLOUD_PUBLIC_KEY": "pub-env"}, True, WORK),
        (OPTIONS, {"UCLOUD_PUBLIC_KEY": "pub-env"}, False, OPTIONS),
        # temporary keys
        ({**OPTIONS, "security_token": "st"}, {}, False, {**OPTIONS, "security_token": "st"}),
        # a security token of another source belongs to other keys
        ({"security_token": "st"}, ENVIRON, False, FROM_ENVIRON),
        # a variable that is set to nothing is not set
        ({}, {"UCLOUD_PUBLIC_KEY": "", "UCLOUD_PRIVATE_KEY": "", "UCLOUD_PROFILE": ""}, True, WORK),
        ({"public_key": "", "private_key": ""}, ENVIRON, False, FROM_ENVIRON),
        # where, and for which project: the options, the source of the keys, the environment
        ({**OPTIONS, "region": "r"}, {"UCLOUD_REGION": "r-env"}, True, {**OPTIONS, "region": "r"}),
        (
            OPTIONS,
            {"UCLOUD_REGION": "r-env", "UCLOUD_PROJECT_ID": "org-env", "UCLOUD_API_BASE_URL": "https://env.example.com"},
            True,
            {**OPTIONS, "region": "r-env", "project_id": "org-env", "endpoint": "https://env.example.com"},
        ),
        ({}, {"UCLOUD_REGION": "r-env", "UCLOUD_PROJECT_ID": "org-env"}, True, WORK),
        (
            {"endpoint": "https://option.example.com", "project_id": "org-option"},
            {},
            True,
            {**WORK, "endpoint": "https://option.example.com", "project_id": "org-option"},
        ),
        # the address of the environment counts only where the options say nothing of the place
        ({**OPTIONS, "region": "r"}, {"UCLOUD_API_BASE_URL": "https://e"}, False, {**OPTIONS, "region": "r"}),
        (
            {"region": "r"},
            {**ENVIRON, "UCLOUD_API_BASE_URL": "https://e"},
            True,
            {**FROM_ENVIRON, "region": "r", "endpoint": "https://e"},
        ),
        ({"region": "r"}, {"UCLOUD_API_BASE_URL": "https://e"}, True, {**WORK, "region": "r"}),
        (
            {**OPTIONS, "profile": "work", "region": "r"},
            {"UCLOUD_API_BASE_URL": "https://e"},
            True,
            {**WORK, **OPTIONS, "region": "r"},
        ),
        # a profile that is named beside keys says where, and nothing else
        ({**OPTIONS, "profile": "work"}, {}, True, {**WORK, **OPTIONS}),
        # the place of a profile that is not used does not count
        ({}, {**ENVIRON, "UCLOUD_REGION": "r-env"}, True, {**FROM_ENVIRON, "region": "r-env"}),
    ],
)  # fmt: skip
def test_source(
    home: pathlib.Path, given: dict[str, t.Any], environ: dict[str, str], files: bool, found: dict[str, str]
) -> None:
    if files:
        write(home, "config.json", CONFIG)
        write(home, "credential.json", CREDENTIAL)
    assert find(given, environ) == found


@pytest.mark.parametrize(
    ("given", "environ", "said"),
    [
        # half a pair is a mistake and not passed over, even where the files have a whole one
        ({"public_key": "pub-option"}, ENVIRON, ["The options name a public_key without a private_key"]),
        ({"private_key": "priv-option"}, ENVIRON, ["The options name a private_key without a public_key"]),
        ({}, {"UCLOUD_PUBLIC_KEY": "pub-env"}, ["environment", "a public_key without", "UCLOUD_PRIVATE_KEY"]),
        ({}, {"UCLOUD_PRIVATE_KEY": "priv-env"}, ["environment", "a private_key without", "UCLOUD_PUBLIC_KEY"]),
        # halves of two sources are no pair
        ({"public_key": "pub-option"}, {"UCLOUD_PRIVATE_KEY": "priv-env"}, ["options"]),
        # a profile that there is not, even beside keys
        ({"profile": "home"}, {}, ["profile home", "UCLOUD_PROFILE", "public_key"]),
        ({"profile": "home"}, ENVIRON, ["profile home"]),
        ({**OPTIONS, "profile": "home"}, {}, ["profile home"]),
        ({}, {"UCLOUD_PROFILE": "home"}, ["profile home", "UCLOUD_PROFILE"]),
        # names are not corrected
        ({"profile": "Work"}, {}, ["profile Work"]),
    ],
)
def test_refused(home: pathlib.Path, given: dict[str, t.Any], environ: dict[str, str], said: list[str]) -> None:
    write(home, "config.json", CONFIG)
    write(home, "credential.json", CREDENTIAL)
    text = refused(given, environ)
    assert [part for part in said if part not in text] == []
    # no key appears in it
    assert "pub-" not in text
    assert "priv-" not in text


@pytest.mark.parametrize(
    ("config", "credential"),
    [
        # no files, only one of them, empty ones
        *(
            (None, None),
            (CONFIG, None),
            (None, CREDENTIAL[1:] * 2),
            ([], []),
            (CONFIG, []),
            (b"", b""),
            (b"null", b"null"),
        ),
        # no profile is active
        ([{**entry, "active": False} for entry in CONFIG], CREDENTIAL),
        ([{**entry, "active": None} for entry in CONFIG], CREDENTIAL),
        # the active profile has no keys, or empty ones
        (CONFIG, CREDENTIAL[:1]),
        (CONFIG, [{"profile": "work"}]),
        (CONFIG, [{"profile": "work", "public_key": "", "private_key": ""}]),
        (CONFIG, [{"profile": "work", "public_key": None, "private_key": ["priv-work"]}]),
    ],
    ids=short,
)
def test_nothing(home: pathlib.Path, config: t.Any, credential: t.Any) -> None:
    for name, content in (("config.json", config), ("credential.json", credential)):
        if content is not None:
            write(home, name, content)
    text = refused({"region": "cn-sh2"}, {})
    for way in ("public_key", "private_key", "UCLOUD_PUBLIC_KEY", "UCLOUD_PRIVATE_KEY"):
        assert way in text


@pytest.mark.parametrize(
    ("config", "credential", "said"),
    [
        pytest.param(None, None, "credential.json (no such file, or no profiles in it)", id="no files"),
        pytest.param(b"", b"", "credential.json (no such file, or no profiles in it)", id="empty files"),
        pytest.param(CONFIG, CREDENTIAL[:1], "credential.json (no profile named work)", id="no keys for the profile"),
        pytest.param(CONFIG[:1], CREDENTIAL, "config.json marks no profile as active", id="no active profile"),
        pytest.param(None, CREDENTIAL[1:] * 2, "credential.json (no profile named default)", id="no default profile"),
        pytest.param(CONFIG, [{"profile": "work"}], "credential.json (no keys in its profile work)", id="no keys"),
        pytest.param(None, None, "the options (no keys)", id="nothing in the options"),
        pytest.param(None, None, "UCLOUD_* in the environment (no keys)", id="nothing in the environment"),
    ],
)
def test_what_each_place_lacks(home: pathlib.Path, config: t.Any, credential: t.Any, said: str) -> None:
    for name, content in (("config.json", config), ("credential.json", credential)):
        if content is not None:
            write(home, name, content)
    assert said in refused({}, {})


@pytest.mark.parametrize(
    ("config", "credential", "environ", "found"),
    [
        pytest.param(None, CREDENTIAL[1:], {}, "pub-work", id="the only profile, without a config.json"),
        pytest.param(None, CREDENTIAL, {}, "pub-default", id="the profile default, without a config.json"),
        pytest.param(b"", CREDENTIAL, {}, "pub-default", id="an empty config.json"),
        pytest.param(CONFIG, b"\xef\xbb\xbf" + json.dumps(CREDENTIAL).encode(), {}, "pub-work", id="byte order mark"),
        pytest.param(
            CONFIG, [], {"UCLOUD_SHARED_CREDENTIAL_FILE": "~/.ucloud/shared.json"}, "pub-shared", id="another file"
        ),
        pytest.param(
            CONFIG[:1],
            CREDENTIAL,
            {"UCLOUD_SHARED_CONFIG_FILE": "~/.ucloud/other.json"},
            "pub-work",
            id="another configuration",
        ),
        pytest.param(
            CONFIG,
            [{"profile": "work", "public_key": int("1" * 60), "private_key": "p"}],
            {},
            "1" * 60,
            id="a number for a text",
        ),
        pytest.param(
            CONFIG,
            b'[{"profile": "work", "public_key": ' + b"1" * 5000 + b', "private_key": "p"}]',
            {},
            "1" * 5000,
            id="a number of 5,000 digits",
        ),
    ],
)
def test_what_the_vendors_tools_read(
    home: pathlib.Path, config: t.Any, credential: t.Any, environ: dict[str, str], found: str
) -> None:
    if config is not None:
        write(home, "config.json", config)
    write(home, "credential.json", credential)
    write(home, "shared.json", [{"profile": "work", "public_key": "pub-shared", "private_key": "p"}])
    write(home, "other.json", CONFIG)
    assert find({}, environ)["public_key"] == found


def test_a_missing_file_that_was_named(home: pathlib.Path) -> None:
    write(home, "credential.json", CREDENTIAL)
    path = f"{home}/gone.json"
    assert f"{path} cannot be read (No such file or directory)" in refused({}, {"UCLOUD_SHARED_CREDENTIAL_FILE": path})


def test_half_a_pair_in_a_file(home: pathlib.Path) -> None:
    write(home, "config.json", CONFIG)
    write(home, "credential.json", [{"profile": "work", "public_key": "pub-work"}])
    text = refused({}, {})
    assert "The credentials in ~/.ucloud/credential.json on bastion1 name a public_key" in text
    assert "private_key" in text
    assert "pub-work" not in text


def test_a_profile_needs_no_place(home: pathlib.Path) -> None:
    # keys without a configuration beside them
    write(home, "credential.json", CREDENTIAL)
    assert find({"profile": "work"}, {}) == {"public_key": "pub-work", "private_key": "priv-work"}


@pytest.mark.parametrize("name", ["config.json", "credential.json"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'[\n  {"profile": "work",\n   "public_key": "pub-work"\n', "line 4"),
        (b'[\n  {"profile": "work"},\n  {"public_key": pub-work}\n]', "line 3"),
        (b"public_key=pub-work\n", "line 1"),
        # JSON of another shape
        (b'{"profile": "work", "public_key": "pub-work"}', "not a list of profiles"),
        (b'["pub-work"]', "not a list of profiles"),
        (b'[{"profile": "work"}, null]', "not a list of profiles"),
        (b'[{"profile": NaN}]', "NaN"),
        (b'{"profile": "work", "profile": "work"}', "names a key twice"),
        # not UTF-8, and too deep for any parser
        (b'[{"profile": "pub-work\xff"}]', "not UTF-8 text from byte"),
        (b"[" * 100_000, "not JSON"),
    ],
    ids=short,
)
def test_malformed_file(home: pathlib.Path, name: str, content: bytes, said: str) -> None:
    write(home, "config.json", CONFIG)
    write(home, "credential.json", CREDENTIAL)
    path = write(home, name, content)
    text = refused({}, {})
    assert str(path) in text
    assert said in text
    # file and line, never what stands there
    assert "pub-" not in text


@pytest.mark.parametrize("name", ["config.json", "credential.json"])
def test_unreadable_file(home: pathlib.Path, name: str) -> None:
    # a directory in its place cannot be read, not even by root
    (home / ".ucloud" / name).mkdir(parents=True)
    assert f"{home}/.ucloud/{name} cannot be read (Is a directory)" in refused({}, {})


def test_files_that_are_not_needed_are_not_read(home: pathlib.Path) -> None:
    write(home, "config.json", b"this is no configuration")
    write(home, "credential.json", b"nor are these credentials")
    assert find({}, ENVIRON) == FROM_ENVIRON
    assert find(OPTIONS, {}) == OPTIONS
