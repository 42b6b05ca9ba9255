# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credentials file of the vendor's SDKs (SDK's README, "Profile")."""

from __future__ import annotations

import configparser
import os
import typing as t
from dataclasses import replace

from ....model.errors import InvalidError
from ...files import read_text
from ..settings import Source, source_of

VARIABLE = "HUAWEICLOUD_SDK_CREDENTIALS_FILE"
FILE = "~/.huaweicloud/credentials"
SECTION = "basic"
KEYS = {
    "access_key": "ak",
    "secret_key": "sk",
    "security_token": "security_token",
    "project_id": "project_id",
    "auth_url": "iam_endpoint",
}


def read_sdk_file(environ: t.Mapping[str, str]) -> Source:
    """Return what the file says. Raises InvalidError where it is malformed."""
    path = environ.get(VARIABLE) or FILE
    text = read_text(path, is_named=bool(environ.get(VARIABLE)))
    parser = _parse(path, text or "")
    section = parser[SECTION] if parser.has_section(SECTION) else {}
    found = {
        setting: (section[key].strip(), f"key {key} in {path}") for setting, key in KEYS.items() if section.get(key)
    }
    source = source_of(path, f"credentials in {path}", found)
    return replace(source, lack=_lack(text, parser))


def _lack(text: str | None, parser: configparser.ConfigParser) -> str:
    if text is None:
        return "no such file"
    if not text.strip():
        return "an empty file"
    if parser.has_section(SECTION):
        return f"neither ak nor sk in its section [{SECTION}]"
    others = ", ".join(f"[{name}]" for name in parser.sections()[:5])
    return f"no section [{SECTION}]{f', but {others}' if others else ''}"


def _parse(path: str, text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error as exc:
        lines = [
            str(line) for line, _text in getattr(exc, "errors", None) or [(getattr(exc, "lineno", None), "")] if line
        ]
        where = f", line {', '.join(lines[:3])}" if lines else ""
        raise InvalidError(
            f"The credentials file {os.path.expanduser(path)}{where} is not an INI file with a section [{SECTION}]."
        ) from None
    return parser
