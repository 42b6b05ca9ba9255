# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of UCloud's command line tool, which its SDK and its Terraform provider read as well."""

from __future__ import annotations

import os
import typing as t

from ...model.errors import InvalidError
from ...model.text import display_text, scalar_text
from ..files import read_json
from .settings import Source, source_of

PROFILE_VARIABLE = "UCLOUD_PROFILE"
CONFIG_VARIABLE = "UCLOUD_SHARED_CONFIG_FILE"
CREDENTIAL_VARIABLE = "UCLOUD_SHARED_CREDENTIAL_FILE"
FOLDER = "~/.ucloud"
# The profile of somebody who never named one.
DEFAULT_PROFILE = "default"
KEYS = {"public_key": "public_key", "private_key": "private_key"}
PLACE = {"region": "region", "project_id": "project_id", "endpoint": "base_url"}


def read_cli_files(profile: str | None, environ: t.Mapping[str, str]) -> Source:
    """Return what the named profile says, or the active one; without a config.json the only one, or that named default.

    Raises InvalidError for an unknown profile or a malformed file: by file and line, never by what stands there.
    """
    config_path = environ.get(CONFIG_VARIABLE) or f"{FOLDER}/config.json"
    path = environ.get(CREDENTIAL_VARIABLE) or f"{FOLDER}/credential.json"
    configs = _profiles(config_path, bool(environ.get(CONFIG_VARIABLE)))
    credentials = _profiles(path, bool(environ.get(CREDENTIAL_VARIABLE)))
    active = next((scalar_text(each.get("profile")) for each in configs or () if each.get("active") is True), None)
    only = scalar_text(credentials[0].get("profile")) if credentials and len(credentials) == 1 else None
    name = profile or active or (None if configs else only or DEFAULT_PROFILE)
    keys = next((each for each in credentials or () if each.get("profile") == name), None)
    if keys is None and profile:
        raise InvalidError(
            f"There is no profile {profile:.80} with keys in {path}; check the option profile (or UCLOUD_PROFILE), or "
            "give public_key and private_key."
        )
    if keys is None:
        lack = "no such file, or no profiles in it"
        if credentials:
            lack = f"no profile named {display_text(name)}" if name else f"{config_path} marks no profile as active"
        return source_of(path, f"credentials in {path}", {}, lack)
    config = next((each for each in configs or () if each.get("profile") == name), {})
    found = {
        setting: (scalar_text(holder.get(key)), f"{key} of the profile {display_text(name)} in {where}")
        for holder, names, where in ((keys, KEYS, path), (config, PLACE, config_path))
        for setting, key in names.items()
    }
    lack = f"no keys in its profile {display_text(name)}"
    return source_of(path, f"credentials in {path}", found, lack)


def _profiles(path: str, is_named: bool) -> list[dict[str, t.Any]] | None:
    """Return the profiles of a file; None where there is no file, or an empty one."""
    entries = read_json(path, is_named)
    if entries is None:
        return None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InvalidError(
            f"The file {os.path.expanduser(path)} is not a list of profiles; mend it or give the "
            "credentials as options."
        )
    return entries
