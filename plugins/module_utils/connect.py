# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to the source of the jobs: session, login, client."""

from __future__ import annotations

import time
import typing as t
from dataclasses import dataclass, field

from ansible_collections.cloudwait.jobs.plugins.module_utils.declare import ActionService, Service
from ansible_collections.cloudwait.jobs.plugins.module_utils.errors import InvalidError
from ansible_collections.cloudwait.jobs.plugins.module_utils.http import Http, check_url
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud import credentials as huaweicloud_credentials
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.client import HuaweiCloud
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.endpoints import DEFAULT_CLOUD, service_url
from ansible_collections.cloudwait.jobs.plugins.module_utils.huaweicloud.login import (
    AgencyKeys,
    Environment,
    GivenToken,
    Keys,
    Login,
    Password,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.pace import Pace
from ansible_collections.cloudwait.jobs.plugins.module_utils.sources import (
    ActionSource,
    JobSource,
    JobSourceByRequest,
    RequestSource,
    Source,
)
from ansible_collections.cloudwait.jobs.plugins.module_utils.ucloud import credentials as ucloud_credentials
from ansible_collections.cloudwait.jobs.plugins.module_utils.ucloud.client import DEFAULT_ENDPOINT, UCloud


@dataclass
class Connection:
    """One task's way to a service. `warnings` grow while it is used."""

    http: Http
    source: Source
    warnings: list[str] = field(default_factory=list)


def connect(
    service: Service | ActionService,
    options: t.Mapping[str, t.Any],
    environ: t.Mapping[str, str],
    secrets: set[str],
) -> Connection:
    """The way to a service; nothing is sent yet. `secrets` is filled with what must not be told.

    Raises InvalidError where options, environment or files do not say who signs in, or where to.
    """
    pace = Pace(options["max_rate"], time.monotonic, time.sleep)
    http = Http(
        pace,
        time.monotonic,
        request_timeout=options["request_timeout"],
        validate_certs=options["validate_certs"],
        ca_path=options["ca_path"],
    )
    if isinstance(service, ActionService):
        return _ucloud(service, options, environ, secrets, http)
    return _huaweicloud(service, options, environ, secrets, http, pace)


def _huaweicloud(
    service: Service,
    options: t.Mapping[str, t.Any],
    environ: t.Mapping[str, str],
    secrets: set[str],
    http: Http,
    pace: Pace,
) -> Connection:
    settings = huaweicloud_credentials.find_settings(options, environ)
    warnings: list[str] = []
    secrets.update(
        secret
        for secret in (
            settings.access_key,
            settings.secret_key,
            settings.security_token,
            settings.token,
            settings.password,
        )
        if secret
    )
    environment = Environment(http, time.monotonic, time.time, secrets.add, warnings.append)
    cloud = settings.cloud or DEFAULT_CLOUD
    base_url = options["endpoint"]
    if base_url:
        base_url = check_url(base_url, "endpoint")
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
        auth_url = auth_url[: -len("/v3")] if auth_url.endswith("/v3") else auth_url
    client = HuaweiCloud(
        http,
        _login(settings, auth_url, environment, use_agency=options["use_agency"]),
        title=service.title,
        base_url=base_url,
        auth_url=auth_url,
        project_id=settings.project_id,
        project_name=settings.project_name or settings.region,
        now=time.time,
        slow_down=pace.slow_down,
    )
    source: Source = JobSource(service, client)
    if service.request_list is not None:
        requests = RequestSource(service, service.request_list, client)
        source = requests if options.get("request_ids") else JobSourceByRequest(JobSource(service, client), requests)
    return Connection(http, source, warnings)


def _login(
    settings: huaweicloud_credentials.Settings, auth_url: str, environment: Environment, use_agency: bool
) -> Login:
    if use_agency:
        return AgencyKeys(environment)
    if settings.token:
        return GivenToken(settings.token)
    if settings.access_key:
        return Keys(settings, environment)
    if not auth_url:
        raise InvalidError(
            "The address to log in at is not known: give the option auth_url (or HW_AUTH_URL or OS_AUTH_URL in the "
            "environment) or region."
        )
    if not settings.user_domain_name:
        raise InvalidError(
            f"The user {settings.username} belongs to a domain (the account's name) that is not known: give the option "
            "user_domain_name (or HW_DOMAIN_NAME or OS_USER_DOMAIN_NAME in the environment)."
        )
    if not (settings.project_id or settings.project_name or settings.region):
        raise InvalidError(
            "The project to log in to is not known: give one of the options project_id, project_name and region (or "
            "HW_PROJECT_ID or HW_REGION_NAME in the environment)."
        )
    return Password(settings, auth_url, environment)


def _ucloud(
    service: ActionService,
    options: t.Mapping[str, t.Any],
    environ: t.Mapping[str, str],
    secrets: set[str],
    http: Http,
) -> Connection:
    settings = ucloud_credentials.find_settings(options, environ)
    secrets.update(secret for secret in (settings.public_key, settings.private_key, settings.security_token) if secret)
    # Plain http is for those who named the address themselves, and said so.
    allow_http = bool(options["allow_http"] and options["endpoint"])
    url = check_url(settings.endpoint or DEFAULT_ENDPOINT, "endpoint", allow_http)
    client = UCloud(http, settings, title=service.title, url=url, now=time.time)
    params = {"CityId": options["city_id"], "ProductType": options["product_type"]}
    source = ActionSource(service, client, params, options["states"] or (), options["job_types"] or ())
    return Connection(http, source)
