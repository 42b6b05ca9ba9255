# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UCloud as a whole: the way from options to a source of jobs."""

from __future__ import annotations

import typing as t

from ...engine.source import Source, TargetKind
from ...http.urls import check_url
from ...services.declaration import ErrorCodes, UCloudService, words_of
from ..connection import Connection
from ..source import came_from
from ..texts import check_ends, check_texts
from .action_source import ActionSource
from .credentials import find_settings
from .exchange import Exchange

DEFAULT_ENDPOINT = "https://api.ucloud.cn"
KEYS = ("public_key", "private_key", "security_token")


def open_source(
    service: UCloudService,
    kind: TargetKind,
    options: t.Mapping[str, t.Any],
    environ: t.Mapping[str, str],
    connection: Connection,
) -> Source:
    """Return a source that is asked for jobs by keys of one kind; nothing is sent yet.

    Raises InvalidError where options, environment or files do not say who signs in, or where to.
    """
    exchange = open_exchange(
        service.provider, service.title, service.codes, words_of(service), options, environ, connection
    )
    return ActionSource(service, exchange, options)


def open_exchange(
    provider: str,
    title: str,
    codes: ErrorCodes,
    words: t.AbstractSet[str],
    options: t.Mapping[str, t.Any],
    environ: t.Mapping[str, str],
    connection: Connection,
) -> Exchange:
    """Return what sends signed actions; nothing is sent yet.

    Raises InvalidError where options, environment or files do not say who signs in, or where to.
    """
    settings, origins = find_settings(options, environ, connection.host)
    check_texts(vars(settings), origins)
    check_ends({name: value for name, value in vars(settings).items() if name != "endpoint"}, origins, ())
    credentials = tuple(getattr(settings, name) for name in KEYS)
    connection.secrets.update(filter(None, credentials))
    # Plain http is for those who named the address themselves, and said so.
    allow_http = bool(options["allow_http"] and options["endpoint"])
    url = check_url(settings.endpoint or DEFAULT_ENDPOINT, "endpoint", allow_http)
    account = connection.account(credentials)
    rate_limiter = connection.rate_limiter(account, provider, url, options)
    http_client = connection.http_client(options)
    return Exchange(
        title,
        codes,
        url,
        settings,
        account,
        http_client,
        rate_limiter,
        connection.kept,
        connection.now,
        connection.secrets,
        words,
        came_from(origins, KEYS, connection.host),
    )
