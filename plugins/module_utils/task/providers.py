# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The providers by their names."""

from __future__ import annotations

from ..clouds.registry import CLOUDS, DECLARATIONS
from ..services.names import PROVIDERS as SERVICES
from ..services.registry import service_of
from .provider import Provider, of_cloud, of_service

PROVIDERS = (*SERVICES, *CLOUDS)


def provider_of(name: str) -> Provider:
    """Return one of PROVIDERS."""
    if name in CLOUDS:
        return of_cloud(name, CLOUDS[name], DECLARATIONS[name])
    service = service_of(name)
    return of_service(service, CLOUDS[service.cloud])
