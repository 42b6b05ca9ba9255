# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services' own requests that start jobs: each checks what its reference requires, then submits a script.

Named as in the references: CPH's ResetCloudPhone, RestartCloudPhone, InstallApk, UninstallApk, PushFile and
RunShellCommand; IMS's CreateImage, ExportImage and CopyImageInRegion; DWS's StartCluster, StopCluster,
BatchCreateClusterCn and AssociateElb; UPhone's actions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .actions import refuse
from .exchange import Answer, Call
from .starts import STARTS

if TYPE_CHECKING:
    from .cloud import Cloud
    from .routes import Operation

Body = Mapping[str, Any]
# The name of a script, and the other arguments of Cloud.submit.
Submit = tuple[str, dict[str, Any]]


class InvalidError(Exception):
    """A parameter is missing or wrong; the message is its name."""


def text(body: Body, name: str) -> str:
    """Return a parameter that must be a text; raises InvalidError."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidError(name)
    return value


def texts(values: Any, name: str) -> list[str]:
    """Return a parameter that must be a list of texts with at least one entry; raises InvalidError."""
    if not isinstance(values, list) or not values or not all(isinstance(value, str) and value for value in values):
        raise InvalidError(name)
    return values


def number(body: Body, name: str) -> int:
    """Return a parameter that must be a whole number above 0; raises InvalidError."""
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidError(name)
    return value


# CPH: a job for each phone

# Phones of one batch take their time, each its own.
PACE = (1.0, 0.6, 0.8, 0.5, 0.9, 0.7)
# The services know no phone whose id begins so, and this one has no room for an app.
UNKNOWN, FULL = "no-such-", "full-"
NO_PHONE = {"error_code": "CPS.0005", "error_msg": "Phone is not found."}


def phones(script: str) -> Callable[[Body], Submit]:
    """Return what reads a batch of ``phones``, each with its ``phone_id``."""

    def read(body: Body) -> Submit:
        items = body.get("phones")
        ids = texts([item.get("phone_id") if isinstance(item, dict) else None for item in items or ()], "phones")
        known = [phone_id for phone_id in ids if not phone_id.startswith(UNKNOWN)]
        if not known:
            raise InvalidError("phones")
        scale = [PACE[number % len(PACE)] for number in range(len(known))]
        rejected = [{"phone_id": phone_id, **NO_PHONE} for phone_id in ids if phone_id not in known]
        return script, {"each": [{"phone_id": phone_id} for phone_id in known], "scale": scale, "rejected": rejected}

    return read


COMMANDS = {
    "install": "phone-install",
    "install-multiple": "phone-install",
    "uninstall": "phone-command",
    "push": "phone-command",
    "shell": "phone-command",
}


def command(body: Body) -> Submit:
    """Read an ADB command for phones or for servers; where both are named, the phones count."""
    name = text(body, "command")
    text(body, "content")
    if name not in COMMANDS:
        raise InvalidError("command")
    kind = "phone_ids" if "phone_ids" in body else "server_ids"
    return COMMANDS[name], {"each": [{kind[:-1]: identifier} for identifier in texts(body.get(kind), kind)]}


# IMS: one job


def create_image(body: Body) -> Submit:
    """Read the creation of an image, of a server or of a file in a bucket."""
    text(body, "name")
    if "instance_id" in body:
        text(body, "instance_id")
        return "image-from-server", {}
    text(body, "image_url")
    number(body, "min_disk")
    return "image-import", {}


def export_image(body: Body) -> Submit:
    """Read an export to a bucket."""
    text(body, "bucket_url")
    if text(body, "file_format") not in ("qcow2", "vhd", "zvhd", "vmdk"):
        raise InvalidError("file_format")
    return "image-export", {}


def copy_image(body: Body) -> Submit:
    """Read a copy within the region."""
    text(body, "name")
    return "image-copy", {}


# DWS: one job


def add_coordinators(body: Body) -> Submit:
    """Read how many coordinator nodes are wanted."""
    number(body, "num")
    return "cluster-add-node", {}


def cluster(script: str, **answer: Any) -> Callable[[Body], Submit]:
    """Return what reads a request without a body."""
    return lambda _body: (script, {"answer": answer})


# UPhone: one job with a task for each phone


def uphones(script: str, *required: str, phone_id: str = "UPhoneIds.{}") -> Callable[[Body], Submit]:
    """Return what reads an action for several phones, with its further required parameters."""

    def read(body: Body) -> Submit:
        for name in required:
            text(body, name)
        ids = [body[name] for name in map(phone_id.format, range(len(body))) if name in body]
        tasks: list[dict[str, Any]] = [
            {"states": {1: "running", 3: "succeeded"}, "fields": {"UPhoneId": identifier}}
            for identifier in texts(ids, phone_id.partition(".")[0])
        ]
        if "AppVersionId" not in required:
            return script, {"tasks": tasks}
        full = [task for task in tasks if task["fields"]["UPhoneId"].startswith(FULL)]
        for task in full:
            task.update(states={1: "running", 4: "failed"}, error={"message": "INSTALL_FAILED_INSUFFICIENT_STORAGE"})
        ends = "failed" if full == tasks else "partially_succeeded"
        more = {"states": {0: "pending", 1: "running", 5: ends}} if full else {}
        return script, {"tasks": tasks, "fields": {"AppVersionId": body["AppVersionId"]}, **more}

    return read


UPHONE_ACTIONS = {
    "ImportFile": uphones("uphone-upload", "FileName", "URL"),
    "InstallUPhoneAppVersion": uphones("uphone-install", "AppVersionId"),
    "RunAsyncCommand": uphones("uphone-command", "Content"),
    "SetUPhoneGPS": uphones("uphone-gps", phone_id="UPhoneGPSs.{}.UPhoneId"),
}
WORKS: dict[tuple[str, str], Callable[[Body], Submit]] = {
    ("cph", "batch-reset"): phones("phone-reset"),
    ("cph", "batch-restart"): phones("phone-restart"),
    ("cph", "commands"): command,
    ("ims", "action"): create_image,
    ("ims", "file"): export_image,
    ("ims", "copy"): copy_image,
    ("dws", "start"): cluster("cluster-start", error_code=None, error_msg=None),
    ("dws", "stop"): cluster("cluster-stop", error_code=None, error_msg=None),
    ("dws", "cns"): add_coordinators,
    ("dws", "elbs"): cluster("cluster-elb-fails"),
    **{("uphone", action): read for action, read in UPHONE_ACTIONS.items()},
}


def answer(cloud: Cloud, call: Call, operation: Operation) -> Answer:
    """Start the jobs that a request asks for, and answer as the service does, or refuse what is wrong with it."""
    start = STARTS.get((operation.service, operation.work))
    try:
        body = read_body(call, operation)
        if start is not None:
            if start.refusal(body):
                raise InvalidError(start.refusal(body))
            return Answer(200, start.shown(cloud.submit(start.script)["job_id"]))
        script, options = WORKS[operation.service, operation.work](body)
    except InvalidError as error:
        return invalid(cloud, operation, str(error))
    return Answer(200, cloud.submit(script, **options))


def read_body(call: Call, operation: Operation) -> Body:
    """Return the parameters of a request; raises InvalidError for a body that holds none."""
    if operation.service == "uphone":
        return operation.parameters
    try:
        body = json.loads(call.body or b"{}")
    except ValueError:
        raise InvalidError("body") from None
    if not isinstance(body, dict):
        raise InvalidError("body")
    return body


def invalid(cloud: Cloud, operation: Operation, name: str) -> Answer:
    """Return a service's refusal of a parameter."""
    if operation.service == "uphone":
        return refuse(220, f"Missing params [{name}]", operation.work)
    service = cloud.services[operation.service]
    if (operation.service, operation.work) in STARTS:
        code = next(each.code for each in service.facts.codes if each.error_class == "invalid")
        return service.error(cloud, code, f"The request has no {name}.", 400)
    code, message = {
        "cph": ("CPS.0002", f"Parameter: {name} is invalid."),
        "ims": ("IMG.0001", "The request message format is invalid."),
        "dws": ("DWS.0001", f"The parameter {name} is invalid."),
    }[operation.service]
    return service.error(cloud, code, message, 400)
