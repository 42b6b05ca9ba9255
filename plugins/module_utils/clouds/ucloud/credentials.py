# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the credentials for UCloud come from. One source is used whole; two are never mixed."""

from __future__ import annotations

import typing as t
from dataclasses import fields

from ...model.errors import InvalidError
from ...model.host import HOST
from ..source import Found, places
from .cli_files import PROFILE_VARIABLE, read_cli_files
from .settings import Settings, Source, source_of

ENVIRONMENT = {
    "public_key": "UCLOUD_PUBLIC_KEY",
    "private_key": "UCLOUD_PRIVATE_KEY",
    "region": "UCLOUD_REGION",
    "project_id": "UCLOUD_PROJECT_ID",
    "endpoint": "UCLOUD_API_BASE_URL",
}
# Settings that may stand elsewhere than the keys.
SHARED = ("region", "project_id", "endpoint")


def find_settings(options: t.Mapping[str, t.Any], environ: t.Mapping[str, str], host: str = HOST) -> Found:
    """Return the credentials of the first source that has any, and the other settings in the same order.

    Options go before the environment, which goes before the files of the vendor's command line tool; a profile that
    the option names goes before the environment. `host` is where environment and files are. Raises InvalidError where
    no source has a pair of keys.
    """
    from_options = source_of(
        "the options",
        "options",
        {field.name: (options.get(field.name), f"option {field.name}") for field in fields(Settings)},
    )
    from_environment = source_of(
        "UCLOUD_* in the environment",
        "environment variables",
        {setting: (environ.get(name), f"{name} in the environment") for setting, name in ENVIRONMENT.items()},
    ).on(host)
    profile = options.get("profile")
    chosen = None
    if from_options.settings.has_credentials("options"):
        chosen = from_options
    elif not profile and from_environment.settings.has_credentials(from_environment.subject):
        chosen = from_environment
    sources = [from_options, from_environment]
    if chosen is None or profile:
        sources.append(read_cli_files(profile or environ.get(PROFILE_VARIABLE), environ).on(host))
        if chosen is None and sources[-1].settings.has_credentials(sources[-1].subject):
            chosen = sources[-1]
    if chosen is None:
        raise InvalidError(
            f"There are no credentials for UCloud on {host}, where the task runs: give the options public_key and "
            "private_key, or set UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY in the environment, or log in with UCloud's "
            f"command line tool; {places(sources)}."
        )
    says_where = bool(from_options.settings.region or from_options.settings.endpoint or profile)
    return _complete(chosen, sources, sources[2:] if profile else [], says_where)


def _complete(chosen: Source, sources: t.Sequence[Source], named: t.Sequence[Source], options_say_where: bool) -> Found:
    """Take region, project and address from the options, else from where the keys are, else in order.

    Where the options say anything of the place, the address comes from nothing else than them, the profile that they
    name, and the source of the keys.
    """
    values = {field.name: getattr(chosen.settings, field.name) for field in fields(Settings)}
    origins = dict(chosen.origins)
    for name in SHARED:
        is_bound = name == "endpoint" and options_say_where
        for source in [sources[0], chosen, *(named if is_bound else sources[1:])]:
            values[name] = getattr(source.settings, name)
            if values[name]:
                origins[name] = source.origins[name]
                break
    return Found(Settings(**values), origins)
