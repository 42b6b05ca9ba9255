# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud as a whole: its connection options, and the way from options to a source of jobs."""

from __future__ import annotations

import functools
import re
import typing as t

from ...engine.source import Source, TargetKind
from ...http.urls import check_url
from ...model.errors import InvalidError
from ...services.declaration import HuaweiCloudService, words_of
from ..account import Account
from ..connection import OPTIONS as COMMON_OPTIONS
from ..connection import Connection, Spec, check_texts
from .auth import agency, clock, keys, password, token
from .auth.login import AuthContext, Login
from .batch_source import JobSourceByRequest
from .credentials import Settings, find_settings
from .endpoints import DEFAULT_CLOUD, service_url
from .errors import login_error, service_error
from .exchange import Exchange
from .job_source import JobSource
from .project import Project
from .request_source import RequestSource

OPTIONS: Spec = {
    **COMMON_OPTIONS,
    "region": {"type": "str"},
    "project_id": {"type": "str"},
    "project_name": {"type": "str"},
    "access_key": {"type": "str", "no_log": True},
    "secret_key": {"type": "str", "no_log": True},
    "security_token": {"type": "str", "no_log": True},
    "token": {"type": "str", "no_log": True},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "user_domain_name": {"type": "str"},
    "auth_url": {"type": "str"},
    "cloud": {"type": "str", "default": DEFAULT_CLOUD},
    "use_agency": {"type": "bool", "default": False},
}
SECRETS = ("access_key", "secret_key", "security_token", "token", "password")
# Names in the answers of the identity service.
IN_IAM = frozenset(("projects", "id", "name"))
IAM = "Identity and Access Management (IAM)"
# What goes into a header of a request.
IN_HEADERS = ("access_key", "security_token", "token", "project_id")
HEADER = re.compile(r"[\x21-\x7e]*", re.ASCII)
# Who signs in: groups with the same values share an account.
CREDENTIALS = (*SECRETS, "username", "user_domain_name")


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
    settings = find_settings(options, environ)
    check_texts(vars(settings))
    connection.secrets.update(filter(None, (getattr(settings, name) for name in SECRETS)))
    for name in IN_HEADERS:
        if not HEADER.fullmatch(getattr(settings, name) or ""):
            raise InvalidError(
                f"The {name} holds a space, a control character or a letter beyond ASCII, which can be in none; check "
                f"the option {name}, or the environment variable or file that it comes from."
            )
    base_url, auth_url = _addresses(service, options["endpoint"], settings)
    http_client = connection.http_client(options)
    account = connection.account((*(getattr(settings, name) for name in CREDENTIALS), options["use_agency"]))
    login, project = _sign_in(settings, auth_url, options, account, connection)
    exchange = Exchange(
        service.title,
        service.codes,
        functools.partial(service_error, service.title, service.codes, connection.now),
        base_url,
        login,
        account,
        http_client,
        connection.rate_limiter(account, service.provider, options["max_rate"]),
        connection.kept,
        connection.secrets,
        words_of(service),
    )
    if service.batch_query is None:
        return JobSource(service, exchange, project)
    requests = RequestSource(service, service.batch_query, exchange, project)
    if kind is TargetKind.REQUESTS:
        return requests
    return JobSourceByRequest(JobSource(service, exchange, project), requests)


def _addresses(service: HuaweiCloudService, endpoint: str | None, settings: Settings) -> tuple[str, str]:
    """Return the base URLs of the service and of the identity service; the latter may be unknown, and so empty."""
    cloud = settings.cloud or DEFAULT_CLOUD
    if endpoint:
        base_url = check_url(endpoint, "endpoint")
    elif settings.region:
        base_url = service_url(service.host, settings.region, cloud)
    else:
        raise InvalidError(
            f"The address of {service.title} is not known: give the option region (or HW_REGION_NAME in the "
            "environment) or endpoint."
        )
    auth_url = settings.auth_url or (service_url("iam", settings.region, cloud) if settings.region else "")
    if auth_url:
        auth_url = check_url(auth_url, "auth_url")
    return base_url, auth_url[: -len("/v3")] if auth_url.endswith("/v3") else auth_url


def _sign_in(
    settings: Settings, auth_url: str, options: t.Mapping[str, t.Any], account: Account, connection: Connection
) -> tuple[Login, Project]:
    """Return the login and the project, the same ones for all groups of a task that have both in common."""
    http_client = connection.http_client(options)
    project_name = settings.project_name or settings.region
    # The identity service counts its requests apart.
    rate_limiter = connection.rate_limiter(account, IAM, options["max_rate"])

    def sign_in() -> tuple[Login, Project]:
        context = AuthContext(
            functools.partial(http_client.send, rate_limiter),
            connection.clock,
            connection.now,
            connection.secrets.add,
            connection.warnings.append,
            connection.secrets,
        )
        login = _login(settings, auth_url, context, options["use_agency"])
        look_up = f"The look-up of the project {project_name} at {auth_url}"
        error_of = functools.partial(login_error, look_up, connection.now)
        iam = Exchange(
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
        )
        return login, Project(settings.project_id, project_name, iam)

    key = ("login and project", account, http_client, auth_url, settings.project_id, project_name)
    return connection.share(key, sign_in)


def _login(settings: Settings, auth_url: str, context: AuthContext, use_agency: bool) -> Login:
    """Return the way to sign in. Raises InvalidError where its address or project is not known."""
    if use_agency:
        return agency.AgencyKeys(context)
    if settings.token:
        return token.GivenToken(settings.token)
    if settings.access_key:
        return keys.AccessKeys(settings, clock.ServiceClock(context))
    if not auth_url:
        raise InvalidError(
            "The address to log in at is not known: give the option auth_url (or HW_AUTH_URL or OS_AUTH_URL in the "
            "environment) or region."
        )
    if not (settings.project_id or settings.project_name or settings.region):
        raise InvalidError(
            "The project to log in to is not known: give one of the options project_id, project_name and region (or "
            "HW_PROJECT_ID or HW_REGION_NAME in the environment)."
        )
    return password.Password(settings, auth_url, context)
