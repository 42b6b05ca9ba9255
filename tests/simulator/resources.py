# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources without a job: VPC's peerings and UHost's cloud hosts, in the shapes of their references.

A peering is waiting for two seconds, then active; deleted, it is there for two seconds more. A host starts for four
seconds.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .actions import array
from .exchange import Answer, Call
from .store import make_id

if TYPE_CHECKING:
    from .cloud import Cloud
    from .routes import Operation

WAITING, GOING, STARTING = 2.0, 2.0, 4.0
# The samples of the references, which are there from the start.
PEERINGS = ("22b76469-08e3-4937-8c1d-7aad34892be1",)
HOSTS = ("uhost-1kzo3a1rcbuq", "uhost-1kzo3a1rcbur")
HOST_ACTIONS = ("DescribeUHostInstance",)


class Resources:
    """The resources by their ids, each with the job times at which it came into being and was deleted."""

    def __init__(self, now: float, wall: float) -> None:
        self._epoch = wall - now
        self._created = dict.fromkeys((*PEERINGS, *HOSTS), now)
        self._deleted: dict[str, float] = {}
        self.names: dict[str, str] = {}

    def create(self, name: str, now: float) -> str:
        """Return the id of a new resource."""
        identifier = make_id("resource", len(self._created))
        self._created[identifier] = now
        self.names[identifier] = name
        return identifier

    def created(self, identifier: str) -> int:
        """Return the Unix time at which a resource came into being."""
        return int(self._epoch + self._created[identifier])

    def delete(self, identifier: str, now: float) -> None:
        """Begin to delete a resource."""
        self._deleted.setdefault(identifier, now)

    def age(self, identifier: str, now: float) -> float | None:
        """Return how long there has been a resource, in seconds, None where there is none (any more)."""
        gone = self._deleted.get(identifier)
        if identifier not in self._created or (gone is not None and now - gone >= GOING):
            return None
        return now - self._created[identifier]


def peering(cloud: Cloud, call: Call, operation: Operation) -> Answer:
    """Create, list, show or delete peerings."""
    now, resources = cloud.clock.now(), cloud.resources
    if operation.name == "create_peering":
        name = _peering_name(call)
        if name is None:
            return _error(400, "VPC.0002", "The request body is invalid.")
        return Answer(201, {"peering": _shown(cloud, resources.create(name, now), 0.0)})
    if operation.name == "list_peerings":
        named = [key for key, name in resources.names.items() if name == call.parameters.get("name", name)]
        ages = {identifier: resources.age(identifier, now) for identifier in named}
        return Answer(200, {"peerings": [_shown(cloud, key, age) for key, age in ages.items() if age is not None]})
    (identifier,) = operation.job_ids
    age = resources.age(identifier, now)
    if age is None:
        return _error(404, "VPC.0007", f"VPC peering {identifier} could not be found.")
    if operation.name == "delete_peering":
        resources.delete(identifier, now)
        return Answer(204, b"")
    return Answer(200, {"peering": _shown(cloud, identifier, age)})


def _peering_name(call: Call) -> str | None:
    try:
        name = json.loads(call.body)["peering"]["name"]
    except (ValueError, KeyError, TypeError):
        return None
    return name if isinstance(name, str) else None


def _shown(cloud: Cloud, identifier: str, age: float) -> dict[str, Any]:
    status = "PENDING_ACCEPTANCE" if age < WAITING else "ACTIVE"
    return {"id": identifier, "name": cloud.resources.names.get(identifier, "a sample"), "status": status}


def _error(status: int, code: str, message: str) -> Answer:
    return Answer(status, {"error_code": code, "error_msg": message})


def hosts(cloud: Cloud, operation: Operation) -> Answer:
    """Describe the hosts with some ids, as far as there are any."""
    now = cloud.clock.now()
    # Without ids the vendor lists all hosts, and here is none that was not asked for by its id.
    ids = array(operation.parameters, "UHostIds")
    found = {identifier: cloud.resources.age(identifier, now) for identifier in ids}
    shown = [
        {
            "UHostId": identifier,
            "State": "Starting" if age < STARTING else "Running",
            "CreateTime": cloud.resources.created(identifier),
        }
        for identifier, age in found.items()
        if age is not None
    ]
    return Answer(
        200,
        {
            "RetCode": 0,
            "Action": "DescribeUHostInstanceResponse",
            "TotalCount": len(shown),
            "UHostSet": shown,
        },
    )
