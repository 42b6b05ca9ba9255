# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UCloud's request signature (API reference "Signature Algorithm")."""

from __future__ import annotations

import hashlib
import typing as t


def flatten(params: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return parameters as they are sent: lists as `Name.0`, `Name.1`, objects as `Name.Key`, all values as text.

    Booleans are in lower case; null leaves a parameter out.
    """
    flat: dict[str, str] = {}
    for name, value in params.items():
        if isinstance(value, (list, tuple)):
            flat.update(flatten({f"{name}.{index}": item for index, item in enumerate(value)}))
        elif isinstance(value, dict):
            flat.update(flatten({f"{name}.{key}": item for key, item in value.items()}))
        elif value is not None:
            flat[name] = _text(value)
    return flat


def _text(value: t.Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def sign(params: t.Mapping[str, str], private_key: str) -> str:
    """Return the `Signature` of flat parameters: SHA-1 over names and values, sorted by name, and the private key."""
    text = "".join(f"{name}{params[name]}" for name in sorted(params) if name != "Signature")
    # SHA-1 is the vendor's choice.
    return hashlib.sha1((text + private_key).encode()).hexdigest()  # noqa: S324
