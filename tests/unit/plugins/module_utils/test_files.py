# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are read: regular ones of a decent size, and nothing that would keep a task waiting."""

from __future__ import annotations

import os
import pathlib
import typing as t

import pytest
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.huaweicloud import credentials as huaweicloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.clouds.ucloud import credentials as ucloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.model.files import MAX_FILE, read_file
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.ims import IMS
from ansible_collections.cloudwait.jobs.plugins.module_utils.services.uphone import UPHONE
from ansible_collections.cloudwait.jobs.tests.unit.plugins.module_utils.given import is_sentence, validated


@pytest.mark.parametrize("size", [0, 1, MAX_FILE])
def test_a_regular_file_is_read_whole(tmp_path: pathlib.Path, size: int) -> None:
    (tmp_path / "file").write_bytes(b"x" * size)
    (tmp_path / "link").symlink_to("file")
    assert read_file(str(tmp_path / "link")) == b"x" * size


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(lambda path: path.write_bytes(b"x" * (MAX_FILE + 1)), "it is larger than 1 MiB", id="too large"),
        pytest.param(os.mkfifo, "it is no regular file", id="a pipe"),
        pytest.param(lambda path: path.symlink_to("/dev/zero"), "it is no regular file", id="a device"),
        pytest.param(lambda path: path.symlink_to("/dev/null"), "it is no regular file", id="an empty device"),
        pytest.param(os.mkdir, "Is a directory", id="a directory"),
        pytest.param(lambda _path: None, "No such file or directory", id="nothing"),
    ],
)
def test_anything_else_is_refused(
    tmp_path: pathlib.Path, make: t.Callable[[pathlib.Path], object], reason: str
) -> None:
    make(tmp_path / "file")
    with pytest.raises(OSError, match=reason):
        read_file(str(tmp_path / "file"))


def test_no_name_of_a_file_is_refused() -> None:
    with pytest.raises(ValueError, match="null"):
        read_file("a\0b")


@pytest.mark.parametrize(
    ("service", "name", "environ"),
    [
        (IMS, ".huaweicloud/credentials", {}),
        (IMS, "sdk", {"HUAWEICLOUD_SDK_CREDENTIALS_FILE": "sdk"}),
        (IMS, ".hcloud/config.json", {}),
        (IMS, "koocli", {"HW_SHARED_CONFIG_FILE": "koocli"}),
        (IMS, "clouds.yaml", {}),
        (IMS, ".config/openstack/clouds.json", {}),
        (IMS, "openstack", {"OS_CLIENT_CONFIG_FILE": "openstack"}),
        (UPHONE, ".ucloud/config.json", {}),
        (UPHONE, ".ucloud/credential.json", {}),
        (UPHONE, "shared", {"UCLOUD_SHARED_CREDENTIAL_FILE": "shared"}),
        (UPHONE, "shared", {"UCLOUD_SHARED_CONFIG_FILE": "shared"}),
    ],
)
def test_no_file_of_credentials_keeps_a_task_waiting(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, service: t.Any, name: str, environ: dict[str, str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(tmp_path / name)
    find = {"huaweicloud": huaweicloud.find_settings, "ucloud": ucloud.find_settings}[service.cloud]
    with pytest.raises(InvalidError) as caught:
        find(validated(service, job_ids="a"), {key: str(tmp_path / value) for key, value in environ.items()})
    assert f"The file {tmp_path}/{name} cannot be read (it is no regular file)" in str(caught.value)
    assert is_sentence(str(caught.value))
