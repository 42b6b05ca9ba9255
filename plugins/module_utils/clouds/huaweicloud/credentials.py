# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the credentials for Huawei Cloud come from. One source is used whole; two are never mixed."""

from __future__ import annotations

import typing as t
from dataclasses import fields

from ...model.errors import InvalidError
from ...model.host import HOST
from ..source import Found, places
from .endpoints import DEFAULT_CLOUD
from .settings import Settings, Source, source_of
from .sources.clouds_yaml import read_clouds_yaml
from .sources.environment import PREFIXES, read_environment
from .sources.koocli import read_koocli
from .sources.sdk_file import read_sdk_file

# The files of the vendors' tools, each of which is read only where nothing before it has credentials.
FILES = (read_sdk_file, read_koocli, read_clouds_yaml)
# Options that say where the service is, beside the cloud, which has a default.
PLACE = ("region", "endpoint", "auth_url")
# Settings that may stand elsewhere than the credentials.
SHARED = ("region", "auth_url", "cloud", "project_id", "project_name")
ADDRESSES = ("auth_url", "cloud")


def find_settings(options: t.Mapping[str, t.Any], environ: t.Mapping[str, str], host: str = HOST) -> Found:
    """Return the credentials of the first source that has any, and the other settings in the same order.

    Options go before the environment (the SDK's names, then Terraform's, then OpenStack's), which goes before the
    files: the SDK's, KooCLI's, and OpenStack's. `host` is where environment and files are. Raises InvalidError where no
    source has a whole set of credentials, or one is malformed.
    """
    sources = [_from_options(options), *(read_environment(prefix, environ).on(host) for prefix in PREFIXES)]
    chosen = sources[0] if options["use_agency"] else None
    for source in sources:
        if chosen is None and source.settings.has_credentials(source.subject):
            chosen = source
    for read in FILES:
        if chosen is None:
            sources.append(read(environ).on(host))
            if sources[-1].settings.has_credentials(sources[-1].subject):
                chosen = sources[-1]
    if chosen is None:
        for source in sources:
            _check_domain(source.settings)
        raise InvalidError(
            f"There are no credentials for Huawei Cloud on {host}, where the task runs: give the options access_key "
            "and secret_key, or token, or username, password and user_domain_name, or set HW_ACCESS_KEY and "
            "HW_SECRET_KEY (or HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or OS_USERNAME, OS_PASSWORD and "
            f"OS_USER_DOMAIN_NAME) in the environment; {places(sources)}."
        )
    return _complete(chosen, sources, any(options.get(name) for name in PLACE))


def _complete(chosen: Source, sources: t.Sequence[Source], options_say_where: bool) -> Found:
    """Take region, project and addresses from the options, else from where the credentials are, else in order.

    Where the options say anything of the place, no address comes from a source that is not the credentials' own.
    """
    options = sources[0].settings
    values = {field.name: getattr(chosen.settings, field.name) for field in fields(Settings)}
    origins = dict(chosen.origins)
    ordered = [sources[0], chosen, *sources[1:]]
    for name in SHARED:
        if name == "project_id":
            # A project lives in one region: one that was set up for another region is not meant.
            ordered = [each for each in ordered if each.settings.region in (None, values["region"])]
        is_bound = name in ADDRESSES and (options_say_where or bool(options.cloud))
        for source in [sources[0], chosen] if is_bound else ordered:
            values[name] = getattr(source.settings, name)
            if values[name]:
                origins[name] = source.origins[name]
                break
    # A project that the options name goes before an id or a name from elsewhere.
    if options.project_name and not options.project_id:
        values["project_id"] = None
    if options.project_id and not options.project_name:
        values["project_name"] = None
    return Found(Settings(**values), origins)


def _from_options(options: t.Mapping[str, t.Any]) -> Source:
    given = {
        field.name: (options[field.name], f"option {field.name}")
        for field in fields(Settings)
        if options.get(field.name)
    }
    source = source_of("the options", "options", given)
    if source.settings.cloud == DEFAULT_CLOUD:
        # The option's default is no choice of the user's.
        del given["cloud"]
        source = source_of("the options", "options", given)
    settings = source.settings
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
    return source


def _check_domain(settings: Settings) -> None:
    if settings.username and settings.password and not settings.has_domain:
        raise InvalidError(
            f"The user {settings.username:.80} belongs to a domain (the account's name) that is not known: give the "
            "option user_domain_name (or HW_DOMAIN_NAME or OS_USER_DOMAIN_NAME in the environment)."
        )
