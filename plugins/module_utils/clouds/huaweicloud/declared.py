# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of a service of Huawei Cloud that a user writes in a task."""

from __future__ import annotations

import re
import typing as t
from urllib.parse import urlsplit

from ...http.urls import check_url
from ...model.errors import InvalidError
from ...model.job import ErrorDetail, State
from ...services import shape
from ...services.declaration import HuaweiCloudService
from ..options import Spec
from .errors import service_code
from .request_parts import check_placeholders, headers_of, path_of, query_of

PLACEHOLDERS = ("project_id", "domain_id", "job_id")
# The options that say which service is meant, of a request as of a query.
SERVICE_OPTIONS: Spec = {
    "service": {"type": "str"},
    "path": {"type": "str", "required": True},
    "query": {"type": "dict", "default": {}, "no_log": True},
    "headers": {"type": "dict", "default": {}, "no_log": True},
    "domain_id": {"type": "str"},
}
OPTIONS: Spec = {
    **SERVICE_OPTIONS,
    "shape": {"type": "dict", "required": True, "options": {"job": {"type": "str"}, **shape.OPTIONS}},
    **shape.CODES,
}
SERVICE = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*", re.ASCII)


def declare(options: t.Mapping[str, t.Any]) -> HuaweiCloudService:
    """Return the service that the options of a task declare. Raises InvalidError where they make no sense."""
    declared = options["shape"]
    query, headers = query_of(options["query"]), headers_of(options["headers"])
    texts = [options["path"], *(text for values in query.values() for text in values), *headers.values()]
    if "job_id" not in check_placeholders(texts, PLACEHOLDERS):
        raise InvalidError(
            "The request does not say which job is meant; put {job_id} into the option path, query or headers."
        )
    shape.check_path(declared["job"], "shape.job")
    mapping = shape.mapping_of(declared)
    if "[]" in (declared["job"] or "") and not mapping.job_id:
        raise InvalidError(
            "The option shape.job leads to a list, in which a job is found by its id; name its place with shape.id."
        )
    return HuaweiCloudService(
        provider=options["service"] or "huaweicloud",
        title=title_of(options),
        host=options["service"] or "",
        path=path_of(options["path"]),
        mapping=mapping,
        codes=shape.codes_of(options, lambda code: service_code(ErrorDetail(code, None))),
        query=query,
        job=declared["job"] or "",
        headers=headers,
        missing_is_not_found=True,
        absent=State(declared["absent"]) if declared["absent"] else None,
    )


def title_of(options: t.Mapping[str, t.Any]) -> str:
    """Return what messages call the service that `service` or `endpoint` names.

    Raises InvalidError where neither does, or one cannot.
    """
    service = options["service"]
    if service:
        if not SERVICE.fullmatch(service):
            raise InvalidError(
                f"The option service holds {service!r:.80}, which is no part of a host name; it must be like ecs."
            )
        return f"Huawei Cloud {service.upper()}"
    if not options["endpoint"]:
        raise InvalidError(
            "The address of the service is not known: give the option service, such as ecs, or the option endpoint."
        )
    return f"Huawei Cloud at {urlsplit(check_url(options['endpoint'], 'endpoint')).netloc}"
