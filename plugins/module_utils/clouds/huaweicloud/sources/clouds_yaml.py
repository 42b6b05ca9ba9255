# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenStack's clouds.yaml (openstacksdk's guide "Configuring OpenStack SDK Applications").

As openstacksdk does: the first file of each kind counts, what stands in secure.yaml goes before what stands in
clouds.yaml, and OS_CLOUD names the cloud, unless there is only one. Access keys stand in it as the tools for Open
Telekom Cloud write them.
"""

from __future__ import annotations

import os
import typing as t
from dataclasses import replace

from ....model.errors import InvalidError
from ....model.text import display_text, scalar_text
from ...files import read_json, read_text
from ..settings import Settings, Source, source_of

CLOUD_VARIABLE = "OS_CLOUD"
# The variable that names another file, for each of the two.
FILES = {"clouds": "OS_CLIENT_CONFIG_FILE", "secure": "OS_CLIENT_SECURE_FILE"}
SUFFIXES = (".yaml", ".yml", ".json")
SYSTEM_FOLDER = "/etc/openstack"
# The names of each setting, most of which stand under `auth`.
KEYS = {
    "access_key": ("ak", "access_key"),
    "secret_key": ("sk", "secret_key"),
    "security_token": ("security_token",),
    "token": ("token",),
    "username": ("username", "user_name"),
    "user_id": ("user_id",),
    "password": ("password",),
    "user_domain_name": ("user_domain_name", "domain_name"),
    "user_domain_id": ("user_domain_id", "domain_id"),
    "project_id": ("project_id", "tenant_id"),
    "project_name": ("project_name", "tenant_name"),
    "project_domain_name": ("project_domain_name",),
    "project_domain_id": ("project_domain_id",),
    "auth_url": ("auth_url",),
}
AUTH_TYPES = ("password", "v3password", "token", "v3token")
TOO_DEEP = 8


def read_clouds_yaml(environ: t.Mapping[str, str]) -> Source:
    """Return what the cloud that OS_CLOUD names says, or the only one.

    Raises InvalidError where a file is malformed, or the cloud signs in by a way that there is not here.
    """
    own_folder = os.path.join(environ.get("XDG_CONFIG_HOME") or "~/.config", "openstack")
    folders = [os.curdir, own_folder, SYSTEM_FOLDER]
    path, secure = (_first(environ, kind, folders) for kind in FILES)
    nothing = Source(path or "clouds.yaml", f"credentials in {path or 'clouds.yaml'}", Settings())
    if path is None:
        return replace(nothing, lack=f"no such file in the current directory, {own_folder} or {SYSTEM_FOLDER}")
    # Most people have no such file, and need not wait for the parser.
    from ...yaml_file import HAS_YAML

    if not HAS_YAML and not all(each.endswith(".json") for each in (path, secure or path)):
        return replace(nothing, lack="it takes the Python library PyYAML, which this machine lacks")
    clouds = _clouds(path)
    if secure is not None:
        clouds = _merged(clouds, _clouds(secure))
    name = environ.get(CLOUD_VARIABLE) or (next(iter(clouds)) if len(clouds) == 1 else None)
    if name is None or not isinstance(clouds.get(name), dict):
        known = ", ".join(str(display_text(each)) for each in list(clouds)[:5]) or "none"
        wanted = f"no cloud named {display_text(name)}" if name else f"{CLOUD_VARIABLE} names none of its clouds"
        return replace(nothing, lack=f"{wanted}; it has {known}")
    return _read_cloud(nothing, path, name, clouds[name])


def _read_cloud(nothing: Source, path: str, name: str, cloud: t.Mapping[str, t.Any]) -> Source:
    where = f"of the cloud {display_text(name)} in {path}"
    auth = cloud.get("auth") if isinstance(cloud.get("auth"), dict) else {}
    found: dict[str, tuple[str, str]] = {}
    for setting, keys in KEYS.items():
        for prefix, holder in (("auth.", auth), ("", cloud)):
            for key in keys:
                value = scalar_text((holder or {}).get(key))
                if value:
                    found.setdefault(setting, (value, f"{prefix}{key} {where}"))
    region = _region(cloud)
    if region:
        found["region"] = (region, f"region_name {where}")
    if "auth_url" in found:
        url, origin = found["auth_url"]
        for placeholder in ("%(region_name)s", "{region_name}"):
            url = url.replace(placeholder, region or "")
        found["auth_url"] = (url, origin)
    auth_type = scalar_text(cloud.get("auth_type")) or "password"
    if auth_type not in AUTH_TYPES and not ("access_key" in found and "secret_key" in found):
        raise InvalidError(
            f"The cloud {display_text(name)} in {path} signs in by auth_type {display_text(auth_type)}, which there is "
            "not here; give a token or access keys, or name a cloud with a password by OS_CLOUD."
        )
    source = source_of(path, nothing.subject, found)
    return replace(source, lack=f"{source.lack} in its cloud {display_text(name)}")


def _region(cloud: t.Mapping[str, t.Any]) -> str | None:
    """Return the cloud's region, or the first of its regions."""
    regions = cloud.get("regions")
    first = regions[0] if isinstance(regions, list) and regions else None
    if isinstance(first, dict):
        first = first.get("name")
    return scalar_text(cloud.get("region_name")) or scalar_text(first)


def _first(environ: t.Mapping[str, str], kind: str, folders: t.Sequence[str]) -> str | None:
    """Return the first file of a kind that there is."""
    named = environ.get(FILES[kind])
    paths = [named] if named else []
    paths += [os.path.join(folder, kind + suffix) for folder in folders for suffix in SUFFIXES]
    found = next((path for path in map(os.path.expanduser, paths) if os.path.exists(path)), None)
    return None if found is None else os.path.abspath(found)


def _clouds(path: str) -> dict[str, t.Any]:
    """Return the clouds of a file by name."""
    from ...yaml_file import parse_yaml

    is_json = path.endswith(".json")
    value = read_json(path, is_named=True) if is_json else parse_yaml(path, read_text(path, is_named=True) or "")
    clouds = value.get("clouds") if isinstance(value, dict) else None
    if value is not None and not (isinstance(value, dict) and isinstance(clouds or {}, dict)):
        raise InvalidError(f"The file {path} has no clouds by name; mend it or give the credentials as options.")
    return {str(name): cloud for name, cloud in (clouds or {}).items()}


def _merged(old: t.Any, new: t.Any, depth: int = 0) -> t.Any:
    """Return a value of clouds.yaml with what secure.yaml adds to it, or puts in its place."""
    if not isinstance(old, dict) or not isinstance(new, dict) or depth > TOO_DEEP:
        return new
    both = {name: _merged(old[name], value, depth + 1) for name, value in new.items() if name in old}
    return {**old, **new, **both}
