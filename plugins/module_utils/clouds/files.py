# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the vendors' tools: text or JSON, told of by name and line, never by what stands there."""

from __future__ import annotations

import json
import os
import typing as t

from ..http.json_body import decode
from ..model.errors import InvalidError
from ..model.files import read_file


def read_bytes(path: str, is_named: bool) -> bytes | None:
    """Return the content of a file, whose path may begin with ~; None where there is none, unless somebody named it.

    Raises InvalidError where it cannot be read.
    """
    path = os.path.expanduser(path)
    try:
        return read_file(path)
    except (OSError, ValueError) as exc:
        if isinstance(exc, (FileNotFoundError, NotADirectoryError)) and not is_named:
            return None
        reason = exc.strerror if isinstance(exc, OSError) else "it is no name of a file"
        raise InvalidError(f"The file {path} cannot be read ({reason}).") from None


def read_text(path: str, is_named: bool) -> str | None:
    """Return the text of a file, with or without a byte order mark; None where there is none. Raises InvalidError."""
    content, path = read_bytes(path, is_named), os.path.expanduser(path)
    try:
        return None if content is None else content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidError(f"The file {path} is not UTF-8 text; mend it or give the credentials as options.") from None


def read_json(path: str, is_named: bool) -> t.Any:
    """Return the JSON value of a file; None where there is none, or an empty one. Raises InvalidError."""
    content, path = read_bytes(path, is_named), os.path.expanduser(path)
    if content is None or not content.decode("utf-8-sig", "replace").strip():
        return None
    try:
        return decode(content)
    except json.JSONDecodeError as exc:
        raise InvalidError(
            f"The file {path}, line {exc.lineno}, is not JSON; mend it or give the credentials as options."
        ) from None
    except UnicodeDecodeError:
        raise InvalidError(
            f"The file {path} is not JSON in UTF-8; mend it or give the credentials as options."
        ) from None
    except ValueError as exc:
        raise InvalidError(
            f"The file {path} is not JSON that can be read ({exc}); mend it or give the credentials as options."
        ) from None
