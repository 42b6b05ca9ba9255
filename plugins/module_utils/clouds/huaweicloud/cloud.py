# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud as a whole: the way from options to a source of jobs."""

from __future__ import annotations

import datetime as dt
import functools
import typing as t

from ...engine.source import Source, TargetKind
from ...http.urls import check_url
from ...model.errors import InvalidError
from ...services.declaration import ErrorClass, ErrorCodes, HuaweiCloudService, words_of
from ..account import Account
from ..connection import Connection
from ..source import came_from
from ..texts import check_ends, check_headers, check_texts
from .auth import clock, keys, password, token
from .auth.login import AuthContext, Login
from .credentials import find_settings
from .domain import Domain
from .endpoints import DEFAULT_CLOUD, service_url
from .errors import OF_A_QUERY, login_error, service_error
from .exchange import Exchange
from .job_source import JobSource
from .project import Project
from .scope import Scope
from .settings import Settings

SECRETS = ("access_key", "secret_key", "security_token", "token", "password")
# Names in the answers of the identity service.
IN_IAM = frozenset(("projects", "domains", "id", "name"))
IAM = "Identity and Access Management (IAM)"
# What is sent, or signs what is sent; addresses are looked at by themselves.
SENT = (
    *SECRETS,
    *("username", "user_id", "user_domain_name", "user_domain_id"),
    *("project_id", "project_name", "project_domain_name", "project_domain_id", "region"),
)
A_DAY = 24 * 3600.0
# What goes into a header of a request.
IN_HEADERS = ("access_key", "security_token", "token", "project_id")
# Who signs in: groups with the same values share an account.
CREDENTIALS = (*SECRETS, "username", "user_id", "user_domain_name", "user_domain_id")


class Peer(t.NamedTuple):
    """A service that requests go to: its names, its error codes, the words of its answers, what to do about errors."""

    provider: str
    title: str
    host: str
    codes: ErrorCodes
    words: t.AbstractSet[str] = frozenset()
    advice: t.Mapping[ErrorClass, str] = OF_A_QUERY
    hosts: t.Mapping[str, str] = {}
    containers: t.Mapping[str, str] = {}


def open_source(
    service: HuaweiCloudService,
    kind: TargetKind,
    options: t.Mapping[str, t.Any],
    environ: t.Mapping[str, str],
    connection: Connection,
) -> Source:
    """Return a source that is asked for jobs by keys of one kind; nothing is sent yet.

    Raises InvalidError where options, environment or files do not say who signs in, or where to.
    """
    peer = Peer(
        service.provider,
        service.title,
        service.host,
        # With HTTP 401, too, they refuse no login.
        {**dict.fromkeys(service.containers, ErrorClass.INVALID), **service.codes},
        words_of(service),
        hosts=service.hosts,
        containers=service.containers,
    )
    exchange, scope = open_exchange(peer, options, environ, connection)
    day_before = dt.datetime.fromtimestamp(connection.now() - A_DAY, dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    filled = {"day_before": day_before, **{option.name: options[option.name] for option in service.options}}
    if service.batch_query is None:
        return JobSource(service, exchange, scope, filled)
    # Few services, and few tasks, need what is imported within functions here.
    from .batch_source import JobSourceByRequest
    from .request_source import RequestSource

    requests = RequestSource(service, service.batch_query, exchange, scope.project)
    if kind is TargetKind.REQUESTS:
        return requests
    return JobSourceByRequest(JobSource(service, exchange, scope), requests)


def open_exchange(
    peer: Peer, options: t.Mapping[str, t.Any], environ: t.Mapping[str, str], connection: Connection
) -> tuple[Exchange, Scope]:
    """Return what sends signed requests to a service, and their scope; nothing is sent yet.

    Raises InvalidError where options, environment or files do not say who signs in, or where to.
    """
    settings, origins = find_settings(options, environ, connection.host)
    check_texts(vars(settings), origins)
    connection.secrets.update(filter(None, (getattr(settings, name) for name in SECRETS)))
    check_ends({name: getattr(settings, name) for name in SENT}, origins, may_end_in_blanks=("password",))
    check_headers({name: getattr(settings, name) for name in IN_HEADERS}, origins)
    base_url, auth_url = _addresses(peer, options["endpoint"], settings)
    http_client = connection.http_client(options)
    account = connection.account((*(getattr(settings, name) for name in CREDENTIALS), options["use_agency"]))
    origin = came_from(origins, CREDENTIALS, connection.host)
    if options["use_agency"]:
        origin = f"the agency of {connection.host}"
    login, scope = _sign_in(settings, auth_url, options, account, connection, origin)
    exchange = Exchange(
        peer.title,
        peer.codes,
        functools.partial(
            service_error,
            peer.title,
            peer.codes,
            connection.now,
            advice=peer.advice,
            containers=peer.containers,
        ),
        base_url,
        login,
        account,
        http_client,
        connection.rate_limiter(account, peer.provider, base_url, options),
        connection.kept,
        connection.secrets,
        peer.words,
        settings.region,
        origin,
    )
    return exchange, scope


def _addresses(peer: Peer, endpoint: str | None, settings: Settings) -> tuple[str, str]:
    """Return the base URLs of the service and of the identity service; the latter may be unknown, and so empty."""
    cloud = settings.cloud or DEFAULT_CLOUD
    if endpoint:
        base_url = check_url(endpoint, "endpoint")
    elif settings.region:
        base_url = service_url(peer.host, settings.region, cloud, peer.hosts)
    else:
        raise InvalidError(
            f"The address of {peer.title} is not known: give the option region (or HW_REGION_NAME or "
            "OS_REGION_NAME in the environment) or endpoint."
        )
    auth_url = settings.auth_url or (service_url("iam", settings.region, cloud) if settings.region else "")
    if auth_url:
        auth_url = check_url(auth_url, "auth_url")
    return base_url, auth_url[: -len("/v3")] if auth_url.endswith("/v3") else auth_url


def _sign_in(
    settings: Settings,
    auth_url: str,
    options: t.Mapping[str, t.Any],
    account: Account,
    connection: Connection,
    origin: str,
) -> tuple[Login, Scope]:
    """Return the login and its scope, the same ones for all groups of a task that have both in common.

    `origin` tells where the credentials came from.
    """
    http_client = connection.http_client(options)
    project_name = settings.project_name or settings.region
    # The identity service counts its requests apart.
    rate_limiter = connection.rate_limiter(account, IAM, auth_url, options)

    def sign_in() -> tuple[Login, Scope]:
        context = AuthContext(
            functools.partial(http_client.send, rate_limiter),
            connection.clock,
            connection.now,
            connection.secrets.add,
            connection.warnings.append,
            connection.secrets,
            origin,
        )
        login = _login(settings, auth_url, context, options["use_agency"])

        def iam(look_up: str) -> Exchange:
            what = f"The look-up of {look_up} at {auth_url}"
            error_of = functools.partial(login_error, what, connection.now, origin=origin)
            return Exchange(
                IAM,
                {},
                error_of,
                auth_url,
                login,
                account,
                http_client,
                rate_limiter,
                connection.kept,
                connection.secrets,
                IN_IAM,
                settings.region,
                origin,
            )

        is_chosen = bool(settings.project_id or settings.project_name)
        project = Project(settings.project_id, project_name, iam(f"the project {project_name}"), is_chosen)
        return login, Scope(project, Domain(domain_id, settings.user_domain_name, iam("the domain")))

    domain_id = options.get("domain_id") or settings.user_domain_id
    key = ("login and scope", account, http_client, auth_url, settings.project_id, project_name, domain_id)
    return connection.share(key, sign_in)


def _login(settings: Settings, auth_url: str, context: AuthContext, use_agency: bool) -> Login:
    """Return the way to sign in. Raises InvalidError where its address or project is not known."""
    if use_agency:
        from .auth import agency

        return agency.AgencyKeys(context)
    if settings.token:
        return token.GivenToken(settings.token)
    if settings.access_key:
        return keys.AccessKeys(settings, clock.ServiceClock(context))
    if not auth_url:
        raise InvalidError(
            "The address to log in at is not known: give the option auth_url (or HW_AUTH_URL or OS_AUTH_URL in the "
            "environment) or region (or HW_REGION_NAME or OS_REGION_NAME)."
        )
    if not (settings.project_id or settings.project_name or settings.region):
        raise InvalidError(
            "The project to log in to is not known: give one of the options project_id, project_name and region (or "
            "HW_PROJECT_ID, HW_REGION_NAME or OS_REGION_NAME in the environment)."
        )
    return password.Password(settings, auth_url, context)
