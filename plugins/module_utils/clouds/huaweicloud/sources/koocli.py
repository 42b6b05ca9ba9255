# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of KooCLI, the vendor's command line tool, which its Terraform provider reads as well.

A profile has a name, a mode (AKSK, token, ecsAgency, SSO, ...) and accessKeyId, secretAccessKey, securityToken,
xAuthToken, region, projectId. KooCLI encrypts the secrets: always before version 5.2.7, which wrote no `authEncrypt`,
and since then unless `authEncrypt` is false (KooCLI's user guide, "Storing authentication information in plaintext").
"""

from __future__ import annotations

import os
import typing as t
from dataclasses import replace

from ....model.errors import InvalidError
from ....model.text import display_text, scalar_text
from ...files import read_json
from ..settings import Settings, Source, source_of

FILE_VARIABLE = "HW_SHARED_CONFIG_FILE"
PROFILE_VARIABLE = "HW_PROFILE"
FILE = "~/.hcloud/config.json"
DEFAULT_PROFILE = "default"
PLACE = {"region": "region", "project_id": "projectId"}
MODES = {
    "AKSK": {"access_key": "accessKeyId", "secret_key": "secretAccessKey", "security_token": "securityToken"},
    "TOKEN": {"token": "xAuthToken"},
}


def read_koocli(environ: t.Mapping[str, str]) -> Source:
    """Return what the current profile says. Raises InvalidError where the file is malformed."""
    path = environ.get(FILE_VARIABLE) or FILE
    config = read_json(path, is_named=bool(environ.get(FILE_VARIABLE)))
    nothing = Source(path, f"credentials in {path}", Settings())
    if config is None:
        return replace(nothing, lack="no such file, or an empty one")
    profiles = config.get("profiles") if isinstance(config, dict) else None
    if not isinstance(profiles, list) or not all(isinstance(profile, dict) for profile in profiles):
        raise InvalidError(
            f"The file {os.path.expanduser(path)} is no configuration of KooCLI; mend it or give the "
            "credentials as options."
        )
    name = environ.get(PROFILE_VARIABLE) or scalar_text(config.get("current")) or DEFAULT_PROFILE
    profile = next((each for each in profiles if each.get("name") == name), None)
    if profile is None:
        return replace(nothing, lack=f"no profile named {display_text(name)}")
    named = scalar_text(profile.get("mode")) or "AKSK"
    mode = named.upper()
    if mode not in MODES:
        return replace(
            nothing, lack=f"the profile {display_text(name)} is of the mode {display_text(named)}, not AKSK or token"
        )
    found = {
        setting: (scalar_text(profile.get(key)) or "", f"{key} of the profile {display_text(name)} in {path}")
        for setting, key in {**PLACE, **MODES[mode]}.items()
    }
    if _is_encrypted(config) and any(found[setting][0] for setting in MODES[mode]):
        return replace(
            nothing,
            lack=f"the secrets of its profile {display_text(name)} are encrypted, which "
            "hcloud configure set --cli-auth-encrypt=false undoes",
        )
    source = source_of(path, nothing.subject, found)
    return replace(source, lack=f"no {'token' if mode == 'TOKEN' else 'keys'} in its profile {display_text(name)}")


def _is_encrypted(config: t.Mapping[str, t.Any]) -> bool:
    said = config.get("authEncrypt")
    return bool(config.get("crypter")) if said in (None, "") else str(said).lower() != "false"
