# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Theirs: the vendors' SDKs as clients of an embedded cloud."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from typing import Any

from ansible_collections.cloudwait.jobs.tests.services import Facts
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud, credentials
from huaweicloudsdkcce.v3 import CceClient
from huaweicloudsdkcore.auth.credentials import BasicCredentials, GlobalCredentials
from huaweicloudsdkcph.v1 import CphClient
from huaweicloudsdkcph.v1.model import ListJobsRequest, ShowJobRequest
from huaweicloudsdkdws.v2 import DwsClient
from huaweicloudsdkdws.v2.model import ListJobDetailsRequest
from huaweicloudsdkecs.v2 import EcsClient
from huaweicloudsdkevs.v2 import EvsClient
from huaweicloudsdkims.v2 import ImsClient
from huaweicloudsdkims.v2.model import ShowJobRequest as ShowImageJobRequest
from huaweicloudsdkrds.v3 import RdsClient
from ucloud.client import Client as UCloudClient

CLIENTS = {
    "cce": CceClient,
    "cph": CphClient,
    "dws": DwsClient,
    "ecs": EcsClient,
    "evs": EvsClient,
    "ims": ImsClient,
    "rds": RdsClient,
}


def key_pair(**changes: str) -> Any:
    """The SDK's credentials: the embedded cloud's permanent pair, but for changes."""
    given = {
        "ak": credentials.ACCESS_KEY,
        "sk": credentials.SECRET_KEY,
        "project_id": credentials.PROJECT_ID,
        **changes,
    }
    token = given.pop("security_token", None)
    basic = BasicCredentials(**given)
    return basic.with_security_token(token) if token else basic


def client(cloud: Cloud, provider: str, pair: Any = None) -> Any:
    """The vendor's client for a service of Huawei Cloud."""
    return CLIENTS[provider].new_builder().with_credentials(pair or key_pair()).with_endpoint(cloud.url).build()


def show(cloud: Cloud, provider: str, job_id: str, pair: Any = None) -> Any:
    """What the vendor's client says of one job: its own response object.

    Raises the SDK's ServiceResponseException.
    """
    sdk = client(cloud, provider, pair)
    if provider == "cph":
        return sdk.show_job(ShowJobRequest(job_id=job_id))
    if provider == "ims":
        return sdk.show_job(ShowImageJobRequest(job_id=job_id))
    return sdk.list_job_details(ListJobDetailsRequest(job_id=job_id))


def list_jobs(cloud: Cloud, **query: Any) -> Any:
    """What the vendor's client says of the jobs of requests (CPH)."""
    return client(cloud, "cph").list_jobs(ListJobsRequest(**query))


def is_installed(facts: Facts) -> bool:
    """Whether the vendor's own client for a service is there.

    Those of CFW and FunctionGraph are not installed. CFW's cannot read the numbers that its times are in the vendor's
    own sample, and what FunctionGraph's asks for depends on the day.
    """
    return facts.sdk is not None and importlib.util.find_spec(facts.sdk.module.partition(".")[0]) is not None


def query(cloud: Cloud, facts: Facts, job_id: str) -> Any:
    """What the vendor's own client for any service says of one job, as JSON.

    Raises the SDK's own exceptions.
    """
    sdk = facts.sdk
    assert sdk is not None
    arguments = filled(sdk.arguments, {"job_id": job_id, **facts.options})
    if facts.is_ucloud:
        return getattr(getattr(ucloud_client(f"{cloud.url}/"), sdk.client)(), sdk.method)(arguments)
    module = importlib.import_module(sdk.module)
    builder = getattr(module, sdk.client).new_builder().with_credentials(pair_for(facts)).with_endpoint(cloud.url)
    return getattr(builder.build(), sdk.method)(getattr(module, sdk.request)(**arguments)).to_json_object()


def pair_for(facts: Facts) -> Any:
    """The SDK's credentials for what the path of a service's query names: a project, or a domain."""
    if "{domain_id}" not in facts.request.path:
        return key_pair()
    return GlobalCredentials(credentials.ACCESS_KEY, credentials.SECRET_KEY, facts.options["domain_id"])


def filled(value: Any, values: Mapping[str, str]) -> Any:
    """The arguments of a method, with their placeholders filled."""
    if isinstance(value, dict):
        return {name: filled(inner, values) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, values) for inner in value]
    return value.format_map(values) if isinstance(value, str) else value


def ucloud(url: str, **changes: Any) -> Any:
    """The vendor's UPhone client."""
    return ucloud_client(url, **changes).uphone()


def ucloud_client(url: str, **changes: Any) -> Any:
    """The vendor's client for all services."""
    config = {
        "region": credentials.UCLOUD_REGION,
        "project_id": credentials.UCLOUD_PROJECT_ID,
        "public_key": credentials.UCLOUD_PUBLIC_KEY,
        "private_key": credentials.UCLOUD_PRIVATE_KEY,
        "base_url": url,
        **changes,
    }
    return UCloudClient(config)


def describe(cloud: Cloud, *job_ids: str, **query: Any) -> dict[str, Any]:
    """What the vendor's client says of UPhone jobs: its own dict, types checked.

    Raises the SDK's RetCodeException and ValidationException.
    """
    asked = {"JobIds": list(job_ids), **query} if job_ids else query
    answer: dict[str, Any] = ucloud(f"{cloud.url}/").describe_u_phone_job(asked)
    return answer
