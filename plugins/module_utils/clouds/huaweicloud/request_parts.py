# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a request that a user gives: path, query and headers."""

from __future__ import annotations

import re
import string
import typing as t
from urllib.parse import quote, unquote_to_bytes

from ...model.errors import InvalidError
from ...services.placeholders import placeholders

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
# RFC 9110, section 9.2.1: methods that change nothing.
READING = frozenset({"GET", "HEAD", "OPTIONS"})
# RFC 9110, section 5.6.2 and 5.5.
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*", re.ASCII)
# What signs, authenticates or names the scope is the login's, what frames a message is the HTTP client's.
BARRED = frozenset(
    {
        "authorization",
        "x-auth-token",
        "x-security-token",
        "x-subject-token",
        "x-project-id",
        "x-domain-id",
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "cookie",
    }
)
BARRED_BEGINNINGS = ("x-sdk-", "proxy-")


def check_placeholders(texts: t.Iterable[str], known: t.Sequence[str]) -> set[str]:
    """Return the placeholders in path, query and headers. Raises InvalidError for one that is not `known`."""
    listed = ", ".join(f"{{{name}}}" for name in known)
    try:
        names = placeholders(texts)
    except ValueError:
        raise InvalidError(
            f"The path, query or headers of the request have a brace that belongs to no placeholder; the placeholders "
            f"are {listed}."
        ) from None
    unknown = sorted(names - set(known))
    if unknown:
        raise InvalidError(
            f"The path, query or headers of the request have the placeholder {{{unknown[0]:.80}}}, which is not known; "
            f"the placeholders are {listed}."
        )
    return names


def path_of(path: str) -> str:
    """Return a path, whose placeholders are known, in its percent-encoded spelling. Raises InvalidError."""
    if not path.startswith("/"):
        raise InvalidError(f"The option path must begin with a slash, as in /v1/{{project_id}}/..., not {path!r:.80}.")
    for char, what in (("?", "query"), ("#", "fragment")):
        if char in path:
            advice = "give it with the option query" if what == "query" else "leave it out, or write %23"
            raise InvalidError(f"The option path holds a {char}, and so a {what}; {advice}.")
    encoded = ""
    for literal, name, _form, _conversion in string.Formatter().parse(path):
        encoded += "/".join(quote(unquote_to_bytes(segment), safe="~") for segment in literal.split("/"))
        encoded += "" if name is None else f"{{{name}}}"
    if any(segment in (".", "..") for segment in encoded.split("/")):
        raise InvalidError("The option path holds a segment of dots, which would lead elsewhere; write the path whole.")
    return encoded


def query_of(query: t.Mapping[str, t.Any]) -> dict[str, list[str]]:
    """Return the values of each name of a query; null leaves a name out. Raises InvalidError for what is no text."""
    found: dict[str, list[str]] = {}
    for name, value in query.items():
        if value is not None:
            values = value if isinstance(value, list) else [value]
            found[str(name)] = [_text(each, f"query.{name}") for each in values]
    return found


def headers_of(headers: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return a request's own headers; null leaves one out.

    Raises InvalidError for what no header can carry, and for a header that is not the user's to set.
    """
    found: dict[str, str] = {}
    for name, value in headers.items():
        spelling = str(name).strip().lower().replace("_", "-")
        if spelling in BARRED or spelling.startswith(BARRED_BEGINNINGS):
            raise InvalidError(
                f"The option headers has {name!s:.80}, which the task sets itself or never sends; take it out, and use "
                "the options for signing in."
            )
        if not HEADER_NAME.fullmatch(str(name)):
            raise InvalidError(f"The option headers has {name!r:.80}, which is no name of a header; correct it.")
        if any(spelling == each.lower() for each in found):
            raise InvalidError(f"The option headers has {name!s:.80} twice; give it once.")
        if value is not None:
            text = _text(value, f"headers.{name}").strip(" \t")
            if not HEADER_VALUE.fullmatch(text):
                raise InvalidError(
                    f"The option headers.{name!s:.80} holds a line break or another character that no header can "
                    "carry; take it out."
                )
            found[str(name)] = text
    return found


def _text(value: t.Any, option: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise InvalidError(f"The option {option:.80} must be a text or a number, not of type {type(value).__name__}.")
