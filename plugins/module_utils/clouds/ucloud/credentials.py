# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the credentials for UCloud come from. One source is used whole; two are never mixed."""

from __future__ import annotations

import json
import os
import typing as t
from dataclasses import dataclass, fields

from ...model.errors import InvalidError
from ...model.text import scalar_text

ENVIRONMENT = {
    "public_key": "UCLOUD_PUBLIC_KEY",
    "private_key": "UCLOUD_PRIVATE_KEY",
    "region": "UCLOUD_REGION",
    "project_id": "UCLOUD_PROJECT_ID",
    "endpoint": "UCLOUD_API_BASE_URL",
}
PROFILE_VARIABLE = "UCLOUD_PROFILE"
FOLDER = "~/.ucloud"


@dataclass(frozen=True)
class Settings:
    """The settings of one source; None where it says nothing. The field names are those of the options."""

    public_key: str | None = None
    private_key: str | None = None
    security_token: str | None = None
    region: str | None = None
    project_id: str | None = None
    endpoint: str | None = None

    def has_credentials(self, source: str) -> bool:
        """Return whether this source can sign in.

        Raises InvalidError where it holds only half a pair of keys.
        """
        if bool(self.public_key) != bool(self.private_key):
            has, lacks = ("public_key", "private_key") if self.public_key else ("private_key", "public_key")
            raise InvalidError(
                f"The {source} name a {has} without a {lacks}; give both (public_key and private_key, or "
                "UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY)."
            )
        return bool(self.public_key)


def find_settings(options: t.Mapping[str, t.Any], environ: t.Mapping[str, str]) -> Settings:
    """Return the credentials of the first source that has any, and the other settings in the same order.

    Options go before the environment, which goes before the files of the vendor's command line tool; a profile that
    the option names goes before the environment. Raises InvalidError where no source has a pair of keys.
    """
    from_options = Settings(**{field.name: options.get(field.name) or None for field in fields(Settings)})
    from_environment = Settings(**{option: environ.get(name) or None for option, name in ENVIRONMENT.items()})
    profile = options.get("profile")
    chosen = None
    if from_options.has_credentials("options"):
        chosen = from_options
    elif not profile and from_environment.has_credentials("environment variables"):
        chosen = from_environment
    from_files = Settings()
    if chosen is None or profile:
        from_files = _from_files(profile or environ.get(PROFILE_VARIABLE))
    if chosen is None and from_files.has_credentials(f"files in {FOLDER}"):
        chosen = from_files
    if chosen is None:
        raise InvalidError(
            "There are no credentials for UCloud: give the options public_key and private_key, or set "
            "UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY in the environment, or log in with UCloud's command line tool."
        )
    values = {field.name: getattr(chosen, field.name) for field in fields(Settings)}
    for name in ("region", "project_id", "endpoint"):
        ordered = [from_options, chosen, from_environment, from_files]
        values[name] = next((value for value in (getattr(source, name) for source in ordered) if value), None)
    return Settings(**values)


def _from_files(profile: str | None) -> Settings:
    """Read the named profile of the vendor's command line tool, or the active one.

    Raises InvalidError for an unknown profile or a malformed file: by file and line, never by what stands there.
    """
    configs = _read("config.json")
    if profile:
        config = next((entry for entry in configs if entry.get("profile") == profile), None)
    else:
        config = next((entry for entry in configs if entry.get("active") is True), None)
    name = profile or (config.get("profile") if config else None)
    keys = next((entry for entry in _read("credential.json") if entry.get("profile") == name), None)
    if profile and keys is None:
        raise InvalidError(
            f"There is no profile {profile} with keys in {FOLDER}; check the option profile (or UCLOUD_PROFILE), or "
            "give public_key and private_key."
        )
    if keys is None:
        return Settings()
    config = config or {}
    return Settings(
        public_key=scalar_text(keys.get("public_key")),
        private_key=scalar_text(keys.get("private_key")),
        region=scalar_text(config.get("region")),
        project_id=scalar_text(config.get("project_id")),
        endpoint=scalar_text(config.get("base_url")),
    )


def _read(name: str) -> list[dict[str, t.Any]]:
    path = os.path.expanduser(f"{FOLDER}/{name}")
    try:
        with open(path, encoding="utf-8") as file:
            entries = json.load(file)
    except FileNotFoundError:
        return []
    except OSError as exc:
        raise InvalidError(f"The file {path} cannot be read ({exc.strerror}).") from None
    except json.JSONDecodeError as exc:
        raise InvalidError(
            f"The file {path}, line {exc.lineno}, is not JSON; mend it or give the keys as options."
        ) from None
    except (UnicodeDecodeError, RecursionError):
        raise InvalidError(f"The file {path} is not JSON in UTF-8; mend it or give the keys as options.") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InvalidError(f"The file {path} is not a list of profiles; mend it or give the keys as options.")
    return entries
