# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the credentials for Huawei Cloud come from. One source is used whole; two are never mixed."""

from __future__ import annotations

import configparser
import os
import typing as t
from dataclasses import dataclass, fields

from ...model.errors import InvalidError
from .endpoints import DEFAULT_CLOUD

# The variables for each option: the SDK's, Terraform's, OpenStack's. Those with the same beginning are one source.
VARIABLES = {
    "access_key": ("HUAWEICLOUD_SDK_AK", "HW_ACCESS_KEY", "OS_ACCESS_KEY"),
    "secret_key": ("HUAWEICLOUD_SDK_SK", "HW_SECRET_KEY", "OS_SECRET_KEY"),
    "security_token": ("HUAWEICLOUD_SDK_SECURITY_TOKEN", "HW_SECURITY_TOKEN", "OS_SECURITY_TOKEN"),
    "token": ("HW_AUTH_TOKEN", "OS_TOKEN", "OS_AUTH_TOKEN"),
    "username": ("HW_USER_NAME", "OS_USERNAME"),
    "password": ("HW_USER_PASSWORD", "OS_PASSWORD"),
    "user_domain_name": ("HW_DOMAIN_NAME", "OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME"),
    "region": ("HW_REGION_NAME", "OS_REGION_NAME"),
    "project_id": ("HUAWEICLOUD_SDK_PROJECT_ID", "HW_PROJECT_ID", "OS_PROJECT_ID", "OS_TENANT_ID"),
    "project_name": ("HW_PROJECT_NAME", "OS_PROJECT_NAME", "OS_TENANT_NAME"),
    "auth_url": ("HW_AUTH_URL", "OS_AUTH_URL"),
    "cloud": ("HW_CLOUD",),
}
PREFIXES = ("HUAWEICLOUD_SDK_", "HW_", "OS_")
FILE_VARIABLE = "HUAWEICLOUD_SDK_CREDENTIALS_FILE"
FILE = "~/.huaweicloud/credentials"
FILE_SECTION = "basic"
FILE_KEYS = {
    "access_key": "ak",
    "secret_key": "sk",
    "security_token": "security_token",
    "project_id": "project_id",
    "auth_url": "iam_endpoint",
}


@dataclass(frozen=True)
class Settings:
    """The settings of one source; None where it says nothing. The field names are those of the options."""

    access_key: str | None = None
    secret_key: str | None = None
    security_token: str | None = None
    token: str | None = None
    username: str | None = None
    password: str | None = None
    user_domain_name: str | None = None
    region: str | None = None
    project_id: str | None = None
    project_name: str | None = None
    auth_url: str | None = None
    cloud: str | None = None

    def has_credentials(self, source: str) -> bool:
        """Return whether this source can sign in.

        Raises InvalidError where it holds only half a pair of keys.
        """
        if bool(self.access_key) != bool(self.secret_key):
            has, lacks = ("an access key", "the secret key") if self.access_key else ("a secret key", "the access key")
            raise InvalidError(
                f"The {source} name {has} without {lacks}; give both (access_key and secret_key, or HW_ACCESS_KEY and "
                "HW_SECRET_KEY, or HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK)."
            )
        return bool(self.token or self.access_key or (self.username and self.password and self.user_domain_name))


def find_settings(options: t.Mapping[str, t.Any], environ: t.Mapping[str, str]) -> Settings:
    """Return the credentials of the first source that has any, and the other settings in the same order.

    Options go before the environment (the SDK's names, then Terraform's, then OpenStack's), which goes before the
    SDK's credentials file. Raises InvalidError where no source has a whole set of credentials, or one is malformed.
    """
    sources = [("options", _from_options(options))]
    sources += [(f"environment variables {prefix}*", _from_environment(prefix, environ)) for prefix in PREFIXES]
    chosen = None
    if options["use_agency"]:
        chosen = sources[0][1]
    for name, settings in sources:
        if chosen is None and settings.has_credentials(name):
            chosen = settings
    if chosen is None:
        from_file = _from_file(environ)
        sources.append(("credentials file", from_file))
        if from_file.has_credentials(f"credentials in {environ.get(FILE_VARIABLE) or FILE}"):
            chosen = from_file
    if chosen is None:
        for _name, settings in sources:
            _check_domain(settings)
        raise InvalidError(
            "There are no credentials for Huawei Cloud: give the options access_key and secret_key, or token, or "
            "username, password and user_domain_name, or set HW_ACCESS_KEY and HW_SECRET_KEY (or HUAWEICLOUD_SDK_AK "
            "and HUAWEICLOUD_SDK_SK, or OS_USERNAME, OS_PASSWORD and OS_USER_DOMAIN_NAME) in the environment."
        )
    return _complete(chosen, [settings for _name, settings in sources])


def _complete(chosen: Settings, sources: t.Sequence[Settings]) -> Settings:
    """Take region, project and addresses from the options, else from where the credentials are, else in order."""
    values = {field.name: getattr(chosen, field.name) for field in fields(Settings)}
    ordered = [sources[0], chosen, *sources[1:]]
    for name in ("region", "auth_url", "cloud", "project_id", "project_name"):
        if name == "project_id":
            # A project lives in one region: one that was set up for another region is not meant.
            ordered = [source for source in ordered if not source.region or source.region == values["region"]]
        values[name] = next((value for value in (getattr(source, name) for source in ordered) if value), None)
    # A project that the options name goes before an id or a name from elsewhere.
    if sources[0].project_name and not sources[0].project_id:
        values["project_id"] = None
    if sources[0].project_id and not sources[0].project_name:
        values["project_name"] = None
    return Settings(**values)


def _from_options(options: t.Mapping[str, t.Any]) -> Settings:
    given = {field.name: options.get(field.name) or None for field in fields(Settings)}
    if given["cloud"] == DEFAULT_CLOUD:
        # The option's default is no choice of the user's.
        given["cloud"] = None
    settings = Settings(**given)
    ways = [
        ("token", settings.token),
        ("access_key", settings.access_key),
        ("username", settings.username),
        ("use_agency", options["use_agency"]),
    ]
    named = [name for name, value in ways if value]
    if len(named) > 1:
        raise InvalidError(f"The options {' and '.join(named)} are different ways to sign in; give only one of them.")
    if bool(settings.username) != bool(settings.password):
        raise InvalidError("The options username and password go together; give both, and user_domain_name.")
    _check_domain(settings)
    return settings


def _check_domain(settings: Settings) -> None:
    if settings.username and settings.password and not settings.user_domain_name:
        raise InvalidError(
            f"The user {settings.username} belongs to a domain (the account's name) that is not known: give the option "
            "user_domain_name (or HW_DOMAIN_NAME or OS_USER_DOMAIN_NAME in the environment)."
        )


def _from_environment(prefix: str, environ: t.Mapping[str, str]) -> Settings:
    found: dict[str, str] = {}
    for option, names in VARIABLES.items():
        for name in names:
            if name.startswith(prefix) and environ.get(name):
                found.setdefault(option, environ[name])
    return Settings(**found)


def _from_file(environ: t.Mapping[str, str]) -> Settings:
    """Read the vendor SDK's credentials file. Errors name the file and the line, never what stands there."""
    named = environ.get(FILE_VARIABLE)
    path = os.path.expanduser(named or FILE)
    if not named and not os.path.exists(path):
        return Settings()
    parser = configparser.ConfigParser(interpolation=None)
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
    except OSError as exc:
        raise InvalidError(f"The credentials file {path} cannot be read ({exc.strerror}).") from None
    except configparser.Error as exc:
        lines = [
            str(line) for line, _text in getattr(exc, "errors", None) or [(getattr(exc, "lineno", None), "")] if line
        ]
        where = f", line {', '.join(lines[:3])}" if lines else ""
        raise InvalidError(
            f"The credentials file {path}{where} is not an INI file with a section [{FILE_SECTION}]."
        ) from None
    except UnicodeDecodeError:
        raise InvalidError(f"The credentials file {path} is not UTF-8 text.") from None
    if not parser.has_section(FILE_SECTION):
        return Settings()
    section = parser[FILE_SECTION]
    return Settings(**{option: section.get(key, "").strip() or None for option, key in FILE_KEYS.items()})
