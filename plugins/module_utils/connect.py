# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to the source of the jobs."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import Http
from ansible_collections.cloudwait.jobs.plugins.module_utils.pace import Pace
from ansible_collections.cloudwait.jobs.plugins.module_utils.sources import Source


class Tools(t.NamedTuple):
    """What one task has for talking to a service.

    `secrets` is filled with what must not be told, `warnings` with what the user should know.
    """

    http: Http
    pace: Pace
    secrets: set[str]
    warnings: list[str]


def open_tools(options: t.Mapping[str, t.Any], secrets: set[str]) -> Tools:
    """A session at the agreed pace.

    Raises InvalidError where ca_path names nothing.
    """
    pace = Pace(options["max_rate"], time.monotonic, time.sleep)
    http = Http(
        pace,
        time.monotonic,
        request_timeout=options["request_timeout"],
        validate_certs=options["validate_certs"],
        ca_path=options["ca_path"] or None,
    )
    return Tools(http, pace, secrets, [])


def connect(service: Service, options: t.Mapping[str, t.Any], environ: t.Mapping[str, str], tools: Tools) -> Source:
    """The source of a service's jobs; nothing is sent yet.

    Raises InvalidError where options, environment or files do not say who signs in, or where to.
    """
    source: Source = service.cloud.connect(service, options, environ, tools)
    return source
