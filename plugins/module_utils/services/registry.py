# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services by provider."""

from __future__ import annotations

import importlib
import typing as t

from .declaration import Service

if t.TYPE_CHECKING:
    # Ansible packs for another machine what a module imports, and reads the code to know what that is.
    from ..services import cph, dws, ims, uphone  # noqa: F401

PROVIDERS = ("cph", "dws", "ims", "uphone")


def service_of(provider: str) -> Service:
    """Return the declaration of one of PROVIDERS, which is imported when it is asked for."""
    module = importlib.import_module(f"{__package__}.{provider}")
    service: Service = getattr(module, provider.upper())
    return service
